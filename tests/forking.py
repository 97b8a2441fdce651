"""The program in processes that can be killed, without the time of a start.

One process imports everything once. For each run it forks a child, which takes some milliseconds
instead of a fifth of a second. `Forks` talks to it in lines of JSON; several runs of one call are
started together.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

from tests.conftest import Result

WARMING = (
    ("db", "init"),
    ("sync", "init", "shared"),
    ("account", "add", "Acme"),
    ("account", "edit", "Acme", "--city", "Oslo"),
    ("sync", "now", "-f", "json"),
    ("log", "note", "Acme", "Hello"),
    ("export", "--all", "export"),
)
"""What the first process does once, so that its children find every module loaded."""


class Job(NamedTuple):
    """Command lines that one process runs one after another, and when to kill it.

    `kill_after` is in seconds from the start of the process; None lets it end.
    """

    lines: Sequence[Sequence[str | Path]]
    env: Mapping[str, str]
    kill_after: float | None = None


class Ran(NamedTuple):
    """How the process of a job ended: the worst status of its lines; below 0 if it was killed."""

    code: int
    out: str
    err: str
    killed: bool


class Forks:
    """The process that forks; use it as a context."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.forking"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env={**os.environ, "TZ": "UTC"},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(timeout=30)

    def run(self, *jobs: Job) -> list[Ran]:
        """Start the jobs together, wait until all have ended, and return how."""
        asked = [
            {"lines": [[str(w) for w in line] for line in job.lines], "env": dict(job.env),
             "kill_after": job.kill_after}
            for job in jobs
        ]  # fmt: skip
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, f"the forking process ended with {self._process.poll()}"
        return [Ran(**one) for one in json.loads(answer)]

    def __call__(
        self, *words: str | Path, input: str | bytes = b"", env: Mapping[str, str] | None = None
    ) -> Result:
        """Run one command line, as the fixture `run` does."""
        assert not input, "a forked run has no input"
        [ran] = self.run(Job([words], env or {}))
        return Result(ran.code, ran.out, ran.err)


def serve() -> None:
    """Read calls from stdin, one line each, until it ends; answer each with a line."""
    from acctcli.main import run

    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "shared").mkdir()
        before = dict(os.environ)
        os.environ.update(
            HOME=folder, ACCTCLI_DB=f"{folder}/book.db", ACCTCLI_CONFIG=f"{folder}/config.toml"
        )
        with (
            contextlib.chdir(folder),
            Path(os.devnull).open("w") as nothing,
            contextlib.redirect_stdout(nothing),
            contextlib.redirect_stderr(nothing),
        ):
            for words in WARMING:
                run(list(words))
        os.environ.clear()
        os.environ.update(before)
    for line in sys.stdin:
        sys.stdout.write(json.dumps(_together(json.loads(line), run)) + "\n")
        sys.stdout.flush()


def _together(jobs: list[dict[str, Any]], main: Any) -> list[dict[str, Any]]:
    with contextlib.ExitStack() as opened:
        files = [
            tuple(opened.enter_context(tempfile.TemporaryFile()) for _ in range(2)) for _ in jobs
        ]
        return _ended(jobs, files, main)


def _ended(jobs: list[dict[str, Any]], files: list[Any], main: Any) -> list[dict[str, Any]]:
    started = [
        (_fork(job, out.fileno(), err.fileno(), main), time.monotonic())
        for job, (out, err) in zip(jobs, files, strict=True)
    ]
    killed = set[int]()
    times = sorted(
        (begun + job["kill_after"], pid)
        for job, (pid, begun) in zip(jobs, started, strict=True)
        if job["kill_after"] is not None
    )
    ended: dict[int, int] = {}
    for moment, pid in times:
        time.sleep(max(0.0, moment - time.monotonic()))
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            ended[pid] = status
        else:
            os.kill(pid, signal.SIGKILL)
            killed.add(pid)
    answers = []
    for (pid, _), (out, err) in zip(started, files, strict=True):
        status = ended[pid] if pid in ended else os.waitpid(pid, 0)[1]
        answers.append(
            {
                "code": os.waitstatus_to_exitcode(status),
                "out": _content(out),
                "err": _content(err),
                "killed": pid in killed,
            }
        )
    return answers


def _content(file: Any) -> str:
    file.seek(0)
    found: bytes = file.read()
    return found.decode("utf-8", "replace")


def _fork(job: dict[str, Any], out: int, err: int, main: Any) -> int:
    pid = os.fork()
    if pid:
        return pid
    code = 99
    try:
        nothing = os.open(os.devnull, os.O_RDONLY)
        for own, given in enumerate((nothing, out, err)):
            os.dup2(given, own)
        sys.stdin = io.TextIOWrapper(io.FileIO(0, closefd=False), encoding="utf-8")
        os.environ.update(job["env"])
        code = max(main(line) for line in job["lines"])
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)
    return 0


if __name__ == "__main__":
    serve()
