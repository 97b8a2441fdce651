"""A restore is not typing: an export may hold moments after the clock that wrote it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from tests.conftest import Program

AHEAD, HERE = "2026-11-24 12:05", "2026-11-22 12:00"

COMMANDS = (
    ("account", "add", "Acme", "--status", "customer"),
    ("account", "add", "Other"),
    ("contact", "add", "Mei", "--account", "acme", "--since", "2026-11-24"),
    ("contact", "link", "mei", "--account", "other"),
    ("contact", "unlink", "mei", "--account", "other"),
    ("log", "call", "acme", "Spoke", "--with", "mei"),
    ("log", "ticket", "acme", "Broken", "--resolved-at", "now"),
    ("task", "add", "acme", "Do", "--due", "fri"),
    ("task", "done", "Do"),
    ("task", "add", "acme", "Call again", "--due", "2026-11-24", "--every", "1d"),
    ("deal", "add", "acme", "Won one", "--amount", "5 SGD"),
    ("deal", "win", "Won one"),
    ("deal", "add", "acme", "Lost one", "--amount", "5 SGD"),
    ("deal", "lose", "Lost one", "--reason", "price"),
    ("deal", "add", "acme", "Open", "--amount", "5 SGD", "--close", "2026-12-01"),
    ("deal", "edit", "Open", "--amount", "7 SGD"),
    ("product", "add", "Gold", "--price", "5 SGD"),
    ("deal", "item", "Open", "--add", "gold"),
    ("deal", "contact", "Open", "mei"),
    ("purchase", "add", "acme", "5 SGD"),
    ("review", "run", "acme", "--summary", "Fine"),
    ("account", "plan", "acme", "--objective", "Pilot::fri"),
    ("account", "plan", "acme", "--met", "Pilot"),
    ("account", "archive", "other"),
)


@pytest.fixture
def theirs(run: Program, tmp_path: Path) -> Path:
    """Return a book in which everything happened by a clock two days ahead."""
    path = tmp_path / "theirs.db"
    for words in (("db", "init"), *COMMANDS):
        done = run("--db", path, *words, env={"ACCTCLI_TODAY": AHEAD})
        assert done.code == 0, (words, done.err)
    return path


@pytest.mark.parametrize("format", ["csv", "json", "jsonl"])
def test_an_export_from_a_clock_ahead_is_taken_whole(
    format: str, run: Program, theirs: Path, tmp_path: Path
) -> None:
    first, second, new = tmp_path / "first", tmp_path / "second", tmp_path / "new.db"
    assert run("--db", theirs, "export", "--all", first, "-f", format).code == 0
    here = {"ACCTCLI_TODAY": HERE}
    assert run("--db", new, "db", "init").code == 0
    done = run("--db", new, "import", first, env=here)
    assert done.code == 0, done.err
    assert run("--db", new, "export", "--all", second, "-f", format, env=here).code == 0
    files = {file.name: file.read_bytes() for file in first.iterdir()}
    assert {file.name: file.read_bytes() for file in second.iterdir()} == files
    done = run("--db", theirs, "import", first, env=here)
    assert (done.code, "Nothing to import" in done.err) == (0, True), done.err


@pytest.mark.parametrize(
    ("kind", "column"),
    [
        ("log", "at"),
        ("purchase", "purchased_on"),
        ("review", "held_on"),
        ("contact", "since"),
        ("deal", "opened_on"),
    ],
)
def test_a_record_that_was_changed_by_a_clock_ahead_is_changed_here(
    kind: str, column: str, run: Program, theirs: Path, tmp_path: Path
) -> None:
    file = tmp_path / f"{kind}s.csv"
    assert run("--db", theirs, "export", "--as", kind, "--output", file).code == 0
    lines = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
    here = {"ACCTCLI_TODAY": HERE}
    ahead = "2026-11-24T12:04:00Z" if column == "at" else "2026-11-23"
    later = "2026-11-24T12:06:00Z" if column == "at" else "2026-11-26"

    def brought(value: str, *, columns: int = 0, **cells: str) -> int:
        names = list(lines[0]) if not columns else ["id", column]
        with file.open("w", newline="", encoding="utf-8") as out:
            writer = csv.DictWriter(out, names, extrasaction="ignore")
            writer.writeheader()
            writer.writerow({**lines[0], column: value, **cells})
        return run("--db", theirs, "import", file, "--as", kind, "--duplicate", env=here).code

    # Later than the record itself was written is in the future, as is what somebody typed.
    assert brought(later) == 4
    assert brought(ahead, columns=2) == 4
    assert brought(ahead, updated_at="2026-11-22T11:00:00Z") == 4
    assert brought(ahead) == 0


def test_what_is_typed_or_comes_from_elsewhere_stays_refused(
    run: Program, theirs: Path, tmp_path: Path
) -> None:
    here = {"ACCTCLI_TODAY": HERE}
    for words in (
        ("log", "call", "acme", "Later", "--at", "2026-11-22 12:05"),
        ("purchase", "add", "acme", "5 SGD", "--on", "2026-11-23"),
        ("review", "run", "acme", "--on", "2026-11-23"),
        ("contact", "edit", "mei", "--since", "2026-11-23"),
    ):
        done = run("--db", theirs, *words, env=here)
        assert done.code in (2, 4), (words, done)
    file = tmp_path / "logs.csv"
    file.write_text("account,kind,at,summary\nAcme,call,2026-11-22T12:05:00Z,Later\n")
    done = run("--db", theirs, "import", file, env=here)
    assert (done.code, "is in the future" in done.err) == (4, True)
