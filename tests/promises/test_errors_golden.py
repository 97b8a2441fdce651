"""Promise 15: every error, as a person meets it: shell sessions in tests/golden/errors.

    $ acct account show grentech       what is typed; echo 'x' | and NAME=value may stand before
    > text                             what comes to stdout
    ! acct: no account "grentech" ...  what comes to stderr
    = 3                                the exit code

Every file starts with the book that `_book.txt` makes, in a folder of its own. After a change
that is meant: ACCTCLI_GOLDEN=write pytest tests/promises/test_errors_golden.py, and read the diff.
"""

from __future__ import annotations

import os
import random
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.conftest import Program, Result

from acctcli import ids

GOLDEN = Path(__file__).parents[1] / "golden" / "errors"
SESSIONS = sorted(path for path in GOLDEN.glob("*.txt") if not path.name.startswith("_"))
WRITE = os.environ.get("ACCTCLI_GOLDEN") == "write"  # every test runs without such variables
LONG_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
SHELL = re.compile(r"(?:echo (?P<input>'[^']*'|\"[^\"]*\") \| )?(?P<rest>.*)")


@pytest.fixture
def place(tmp_path: Path, run: Program, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a working folder, a book with the same ids each time, and a few files."""
    monkeypatch.setattr(ids, "random_bytes", random.Random(7).randbytes)
    place = tmp_path / "place"
    place.mkdir()
    monkeypatch.chdir(place)
    for line in (GOLDEN / "_book.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("$ "):
            done = typed(line[2:], run)
            assert done.code == 0, (line, done.err)
    return place


def typed(line: str, run: Program) -> Result:
    """Run a command line as a shell would."""
    parts = SHELL.fullmatch(line)
    assert parts
    words = shlex.split(parts["rest"])
    env = dict(word.split("=", 1) for word in words[: words.index("acct")])
    given = "".join(shlex.split(parts["input"] or "''")) + "\n" * bool(parts["input"])
    return run(*words[words.index("acct") + 1 :], input=given, env=env)


def transcript(session: str, run: Program, place: Path) -> Iterator[str]:
    """Yield the session again, with the program's current output."""
    for line in session.splitlines():
        if line.startswith("$ file "):
            name, _, content = line.removeprefix("$ file ").partition(" ")
            Path(name).write_text(content.encode().decode("unicode_escape"), encoding="utf-8")
            yield line
        elif line.startswith("$ "):
            done = typed(line[2:], run)
            yield line
            for mark, said in ((">", done.out), ("!", done.err)):
                shown = said.replace(str(place), "/place").replace(str(place.parent), "")
                shown = LONG_ID.sub("<id>", shown)  # it begins with the time of day
                yield from (f"{mark} {one}".rstrip() for one in shown.splitlines())
            yield f"= {done.code}"
        elif not line.startswith((">", "!", "=")):
            yield line


@pytest.mark.parametrize("path", SESSIONS, ids=lambda path: path.stem)
def test_the_session_goes_as_written(path: Path, place: Path, run: Program) -> None:
    written = path.read_text(encoding="utf-8")
    now = "\n".join(transcript(written, run, place)) + "\n"
    if WRITE:
        path.write_text(now, encoding="utf-8")
    assert now == written


ERRORS = [
    (path.stem, line, end)
    for path in SESSIONS
    for line, end in re.findall(
        r"^\$ (.*acct.*)\n((?:[>!].*\n)*= [1-9]\d*)$", path.read_text(encoding="utf-8"), re.M
    )
]


def test_every_error_is_beside_the_data_and_on_one_line() -> None:
    for stem, line, end in ERRORS:
        if stem in SEVERAL_LINES:
            continue
        (said,) = [one for one in end.splitlines() if not one.startswith("=")]
        assert said.startswith(("! acct: ", '! {"error": {"code": ')), line
    assert len(ERRORS) > 200


SEVERAL_LINES = {"where", "help"}
"""A mistake in --where has a caret under its place; a group without a command shows its help."""


def test_every_exit_code_of_the_contract_is_met() -> None:
    codes = {end.rpartition("= ")[2] for _, _, end in ERRORS}
    # 5 and 6 take a second process or a sick disk: test_many, test_files.
    assert codes >= {"2", "3", "4", "6"}
