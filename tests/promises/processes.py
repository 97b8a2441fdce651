"""Running the program in processes of its own, to be killed, starved or raced."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

LONG = bool(os.environ.get("ACCTCLI_LONG_TESTS"))
"""Set it to run the kill and race tests at the sizes that docs name; CI runs fewer points."""

ADDING = """
import os, sys
parent = os.getppid()
from acctcli.main import run
book, first, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
for number in range(first, first + count):
    if os.getppid() != parent:  # whoever counts them was killed
        break
    words = ["account", "add", f"Account {number}", "--tag", "x", "-f", "ids"]
    status = run([*(["--db", book] if book else []), *words])
    if status:
        sys.exit(status)
"""
"""Adds accounts one by one, each by a whole command line, and prints the id of each.

It ends with the process that started it: a test asks for more than it will ever wait for.
"""


class Ended(NamedTuple):
    """How a process ended, what it printed, and its errors."""

    status: int
    printed: list[str]
    said: str


def adding(book: Path | str, first: int, count: int) -> list[str]:
    """The command line of a process that adds accounts to a book."""
    return [sys.executable, "-c", ADDING, str(book), str(first), str(count)]


def ended(command: list[str], timeout: float = 60) -> Ended:
    """Run a process to its end."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False)
    return Ended(done.returncode, done.stdout.split(), done.stderr)


def under_strace(
    calls: str, inject: str, command: list[str], *, on: Path | None = None
) -> list[str]:
    """Return the command with injections into some of its system calls, to those `on` a file."""
    program = shutil.which("strace") or "strace"
    # Not every machine has every call: those with ? may be unknown.
    named = ",".join(f"?{call}" for call in calls.split(","))
    traced = ["-e", f"trace={named}", *(["-e", f"inject={named}:{inject}"] if inject else [])]
    if inject.startswith("error="):
        traced.append("--seccomp-bpf")  # much faster, but it does not deliver signals
    if on is not None:
        traced += ["-P", str(on)]
    return [program, "-f", "-qq", "-o", os.devnull, *traced, *command]


@functools.cache
def why_no_strace() -> str:
    """Return why system calls cannot be manipulated here, or ""."""
    if sys.platform != "linux" or shutil.which("strace") is None:
        return "strace is missing"
    tried = ended(under_strace("pwrite64", "", [sys.executable, "-c", "print('ran')"]))
    return "" if tried.printed == ["ran"] else f"strace may not trace here: {tried.said.strip()}"


needs_strace = pytest.mark.skipif(bool(why_no_strace()), reason=why_no_strace() or "-")


def why_no_dropping() -> str:
    """Return why permissions cannot be tested here, or "": root is refused nothing."""
    if os.name != "posix":
        return "file modes are POSIX's"
    if os.geteuid() != 0:
        return ""
    tried = subprocess.run([*unprivileged(), "true"], capture_output=True, check=False)
    return "" if tried.returncode == 0 else "root cannot give up its privileges here"


def unprivileged() -> list[str]:
    """Return the start of a command line for which file modes count, even if we are root."""
    if os.geteuid() != 0:
        return []
    setpriv = shutil.which("setpriv") or "setpriv"
    return [setpriv, "--bounding-set", "-dac_override,-dac_read_search,-fowner"]
