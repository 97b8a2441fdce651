"""Hooks: the user's own programs, which see what a command changes and may refuse it.

Only `config.toml` names them, so that no book can bring code with it. A pre-hook runs inside the
write transaction, after all rows are written and before the commit: it sees exactly what would be
saved, and nobody else can change the book meanwhile. Other programs can read the book until the
hook ends but not write to it, so its time is limited. A post-hook runs after the commit.
"""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import signal
import subprocess
import tempfile
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple, TypedDict

from acctcli import paths, text
from acctcli.errors import Conflict
from acctcli.frozen import Frozen

if TYPE_CHECKING:
    from acctcli.store.happened import ChangeJson

MOST_SAID = 2_000
"""How many bytes of a hook's stderr are kept; the rest is read and discarded."""

MOST_CHANGES = 1_000
"""The most changed rows that a hook is given; `count` always has their number."""

_LAST_WORDS = 0.5  # seconds to go on reading a hook's stderr after it has ended


class HappeningJson(TypedDict):
    """What a hook reads on stdin: the command, its sentence, and the rows that it changes.

    `number` is the command's number in the history. `changes` has the first `MOST_CHANGES` of
    `count` rows.
    """

    hook: str
    command: str
    typed: str
    book: str
    today: str
    who: str
    number: int
    says: str
    count: int
    changes: Sequence[ChangeJson]


class HookCall(NamedTuple):
    """One run of a hook: its name and command line, its time limit, and what it is given.

    `today` is the day of the command, if it is not that of the machine.
    """

    hook: str
    command: str
    seconds: int
    happening: HappeningJson
    today: str | None


class Ended(Frozen):
    """How a hook ended: what it said, and what went wrong ("" if nothing did)."""

    said: str
    wrong: str


def check(call: HookCall) -> str:
    """Run a pre-hook and return its message.

    Raises `Conflict` if it refuses, fails or exceeds its time limit.
    """
    ended = _run(call)
    if ended.wrong:
        # A hook that exits with a status refuses; its own words are the reason.
        reason = ended.said or ended.wrong
        raise Conflict(f"{call.hook}: {reason.rstrip('.')}. Nothing was changed")
    return ended.said


def tell(call: HookCall) -> str:
    """Run a post-hook and return its message, with what went wrong: the command is done already."""
    ended = _run(call)
    failed = f"the hook failed ({ended.wrong}), but the command is done" if ended.wrong else ""
    return ". ".join(filter(None, (failed, ended.said.rstrip("."))))


def _run(call: HookCall) -> Ended:
    argv = shlex.split(call.command)
    if argv[0].startswith("~"):
        argv[0] = str(paths.typed(argv[0]))
    with tempfile.TemporaryFile() as stdin:
        stdin.write(
            json.dumps({**call.happening, "hook": call.hook}, ensure_ascii=False).encode(
                "utf-8", "backslashreplace"
            )
        )
        stdin.seek(0)
        try:
            process = subprocess.Popen(
                argv,
                stdin=stdin,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                cwd=paths.config_file().absolute().parent,
                env=_environment(call),
                # A group of its own, so that all of it can be ended.
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or error
            return Ended("", f"{text.quoted(argv[0])} cannot be run: {why}")
    return _ended(process, call.seconds)


def _environment(call: HookCall) -> dict[str, str]:
    """Return the environment of a hook: its `acct` uses the same book and runs no hooks."""
    return {
        **os.environ,
        "ACCTCLI_HOOK": call.hook,
        "ACCTCLI_HOOK_BOOK": call.happening["book"],
        "ACCTCLI_NO_HOOKS": "1",
        "ACCTCLI_DB": call.happening["book"],
        **({"ACCTCLI_TODAY": call.today} if call.today else {}),
    }


def _ended(process: subprocess.Popen[bytes], seconds: int) -> Ended:
    """Wait up to `seconds` for a hook, then stop it; return how it ended."""
    kept = bytearray()
    assert process.stderr is not None
    reader = threading.Thread(target=_read, args=(process.stderr, kept), daemon=True)
    reader.start()
    wrong = ""
    try:
        status = process.wait(seconds)
        if status < 0:
            wrong = f"it was ended by signal {-status}"
        elif status > 0:
            wrong = f"it ended with status {status}"
    except subprocess.TimeoutExpired:
        wrong = f"it took longer than {text.plural(seconds, 'second')} (hooks.seconds)"
        _end_group(process)
    except BaseException:  # Ctrl-C: it is in a group of its own and heard nothing
        _end_group(process)
        raise
    # What it leaves running may hold the pipe for as long as it likes.
    reader.join(_LAST_WORDS)
    said = text.safe(" ".join(bytes(kept).decode("utf-8", "replace").split()))
    return Ended(text.clip(said, 300), wrong)


def _read(stream: IO[bytes], kept: bytearray) -> None:
    with contextlib.suppress(OSError, ValueError), stream:
        while part := os.read(stream.fileno(), 65_536):
            kept.extend(part[: max(0, MOST_SAID - len(kept))])


def _end_group(process: subprocess.Popen[bytes]) -> None:
    """Kill a hook and every process that it started."""
    with contextlib.suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()


def is_known(root: Any, hook: str) -> bool:
    """Whether there is a command of this name: `pre-deal-win`, `post-import`."""
    words = hook.partition("-")[2]
    for name in root.list_commands(None):
        if words == name:
            return not hasattr(root.get_command(None, name), "list_commands")
        if words.startswith(f"{name}-"):
            group = root.get_command(None, name)
            listed = getattr(group, "list_commands", lambda ctx: ())(None)
            return words.removeprefix(f"{name}-") in listed
    return False


def of(hooks: Mapping[str, str], when: str, command: str) -> tuple[str, str] | None:
    """Return the name and the command line of the hook of a command; None if it has none."""
    name = f"{when}-{command.replace(' ', '-')}"
    return (name, hooks[name]) if name in hooks else None


def forbids(book: Path) -> str:
    """Return which pre-hook this process runs for, if the book waits for its end; else ""."""
    hook = os.environ.get("ACCTCLI_HOOK", "")
    its_book = os.environ.get("ACCTCLI_HOOK_BOOK", "")
    return hook if hook.startswith("pre-") and its_book == str(book.absolute()) else ""
