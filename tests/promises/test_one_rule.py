"""One rule everywhere: a value that one way in refuses, no other accepts.

Each case is an invalid value of a kind. It is passed to a command, to `--set`, to the form of
`edit`, to an import of a new record and to one that changes a record: each gives the same message,
and the book is unchanged. A command without the field refuses it (exit 2).
tests/domain/test_rules.py tests the rules.
"""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.commands import do
from tests.conftest import Program, Result
from tests.filling import filled_once

from acctcli.model import KINDS

NEW = {
    "account": {"name": "Cobaltine"},
    "contact": {"name": "Raj Nair", "account": "Acme"},
    "log": {"account": "Acme", "kind": "call", "at": "2026-11-20 10:00", "summary": "new"},
    "task": {"account": "Acme", "text": "new"},
    "deal": {"account": "Acme", "title": "new", "currency": "SGD"},
    "purchase": {"account": "Acme", "amount": "100", "currency": "SGD"},
    "product": {"name": "New", "currency": "SGD"},
    "review": {"account": "Acme", "held_on": "2026-11-20"},
}
"""The values that a new record of a kind needs."""

ADD = {
    "account": ("account", "add", "name"),
    "contact": ("contact", "add", "name"),
    "log": ("log", "add", "account", "summary"),
    "task": ("task", "add", "account", "text"),
    "deal": ("deal", "add", "account", "title"),
    "purchase": ("purchase", "add", "account", "amount"),
    "product": ("product", "add", "name"),
    "review": ("review", "run", "account"),
}
"""The command that adds a record of a kind, and the fields that are its arguments."""

STANDING = {
    "account": "acme",
    "contact": "mei",
    "task": "standing task",
    "deal": "standing deal",
    "product": "standing product",
}
"""The name of the existing record; others are named by id."""


class Case(NamedTuple):
    """An invalid value: `given` beside existing values; `says` is the message everywhere.

    `new` and `old` say whether it is invalid for a new record and for an existing one.
    """

    kind: str
    given: dict[str, str]
    says: str
    new: bool = True
    old: bool = True


CASES = [
    Case("account", {"cadence_days": "0"}, "the least is 1"),
    Case("account", {"cadence_days": "36501"}, "36501 is too large. The most is 36500"),
    Case("product", {"notice_days": "99999999999"}, "is too large. The most is 36500"),
    Case("purchase", {"notice_days": "99999999999"}, "is too large. The most is 36500"),
    Case("account", {"snoozed_until": "2026-11-22"}, "is not later than today"),
    Case("account", {"name": "a-0003", "city": "Lyon"}, 'cannot be called "a-0003"'),
    Case("account", {"aliases": "A-0003"}, 'cannot be called "A-0003"'),
    Case("account", {"status": "boss"}, 'unknown status "boss"'),
    Case("contact", {"since": "2026-11-23"}, "since Mon 23 Nov 2026 is in the future"),
    Case("contact", {"emails": "mei@"}, "mei@"),
    Case("contact", {"reports_to": "mei"}, "cannot be above itself", new=False),
    Case("log", {"kind": "call", "score": "9"}, "only a survey has one, and this is a call"),
    Case("log", {"kind": "survey", "score": "99"}, "score 99 is neither 0 to 10"),
    Case("log", {"kind": "email", "resolved_at": "2026-11-20"}, "only a ticket is resolved"),
    Case("log", {"at": "2026-11-23 09:00"}, "at Mon 23 Nov 2026 09:00 is in the future"),
    Case(
        "log",
        {"kind": "ticket", "at": "2026-11-20 09:00", "resolved_at": "2026-11-19 09:00"},
        "is before the ticket came",
    ),
    Case("log", {"kind": "ticket", "resolved_at": "2026-11-23"}, "is in the future"),
    Case("task", {"snoozed_until": "2026-11-21"}, "is not later than today"),
    Case("task", {"done_at": "2027-05-01"}, "is in the future"),
    Case("task", {"every": "0d"}, "0d"),
    Case("deal", {"amount": "-5"}, "amount cannot be below zero"),
    Case("deal", {"opened_on": "2026-11-23"}, "opened on Mon 23 Nov 2026 is in the future"),
    Case("deal", {"closed_on": "2026-11-20"}, "is still open"),
    Case("deal", {"stage": "won", "closed_on": "2026-11-23"}, "is in the future"),
    Case("deal", {"category": "closed"}, "category closed does not go with stage"),
    Case("deal", {"stage": "lost"}, "lost reason is missing", new=False),
    Case("deal", {"probability": "101"}, "101 is not between 0 and 100"),
    Case("purchase", {"purchased_on": "2026-11-23"}, "is in the future"),
    Case("purchase", {"starts_on": "2026-11-02", "ends_on": "2026-11-01"}, "before it starts"),
    Case("product", {"price": "-5"}, "price cannot be below zero"),
    Case("review", {"held_on": "2026-11-23"}, "held on Mon 23 Nov 2026 is in the future"),
    Case("review", {"next_review": "2026-11-20"}, "is not after the review itself"),
    Case("review", {"account": "Beta"}, "a review stays with its account", new=False),
]


def label(case: Case) -> str:
    return f"{case.kind} {' '.join(f'{n}={v}' for n, v in case.given.items())}"


@pytest.fixture
@filled_once
def standing(run: Program) -> None:
    """Make a book with one record of each kind."""
    do(
        run,
        ("account", "add", "Acme"),
        ("account", "add", "Beta"),
        ("contact", "add", "Mei Tan", "--account", "acme"),
        ("log", "add", "--kind", "call", "acme", "standing log", "--at", "2026-11-20 09:00"),
        ("task", "add", "acme", "standing task", "--every", "1m", "--due", "2026-12-01"),
        ("deal", "add", "acme", "standing deal", "--amount", "100", "--currency", "SGD"),
        ("purchase", "add", "acme", "100", "--currency", "SGD"),
        ("product", "add", "standing product", "--price", "10", "--currency", "SGD"),
        ("review", "run", "acme", "--on", "2026-11-20", "--summary", "standing review"),
    )


def dump(run: Program) -> dict[str, object]:
    return {kind: run(kind, "list", "-f", "json").json() for kind in NEW}


def options(kind: str, given: dict[str, str]) -> list[str]:
    fields = KINDS[kind].fields
    return [word for name, typed in given.items() for word in (fields[name].options[0], typed)]


def sets(given: dict[str, str]) -> list[str]:
    return [word for name, typed in given.items() for word in ("--set", f"{name}={typed}")]


def csv_of(row: dict[str, str]) -> str:
    written = io.StringIO()
    writer = csv.DictWriter(written, row)
    writer.writeheader()
    writer.writerow(row)
    return written.getvalue()


def editor_that_types(tmp_path: Path, given: dict[str, str]) -> dict[str, str]:
    """Return an editor in which somebody replaces the form's values by these."""
    script = tmp_path / "editor.py"
    script.write_text(
        "import re, sys\nfrom pathlib import Path\n"
        "path = Path(sys.argv[-1])\nform = path.read_text('utf-8')\n"
        f"for name, typed in {given!r}.items():\n"
        "    line = f'{name} = {typed!r}'\n"
        "    form, found = re.subn(rf'(?m)^{name} = .*$', lambda _: line, form)\n"
        "    if not found: form += line + '\\n'\n"
        "path.write_text(form, 'utf-8')\n",
        encoding="utf-8",
    )
    return {"EDITOR": f'"{sys.executable}" "{script}"'}


def doors_for_new(run: Program, case: Case) -> Iterator[tuple[str, Result]]:
    """Yield the ways to add a record, each tried with the invalid value."""
    noun, verb, *arguments = ADD[case.kind]
    row = {**NEW[case.kind], **case.given}
    named = [row[name] for name in arguments]
    rest = {name: typed for name, typed in row.items() if name not in arguments}
    yield "options", run(noun, verb, *named, *options(case.kind, rest))
    if not set(case.given) & set(arguments):
        good = {name: typed for name, typed in rest.items() if name not in case.given}
        bad = {name: typed for name, typed in rest.items() if name in case.given}
        if case.kind == "log":  # the kind of a log is a required option
            good |= {"kind": bad.pop("kind", NEW["log"]["kind"])}
        yield "--set", run(noun, verb, *named, *options(case.kind, good), *sets(bad))
    yield "import", run("import", "-", "--as", case.kind, input=csv_of(row))


def doors_for_old(run: Program, case: Case, tmp_path: Path) -> Iterator[tuple[str, Result]]:
    """Yield the ways to change a record, each tried with the invalid value."""
    (there,) = (
        row
        for row in run(case.kind, "list", "-f", "json").json()
        if case.kind != "account" or row["name"] == "Acme"
    )
    name = STANDING.get(case.kind, there["id"])
    yield "options", run(case.kind, "edit", name, *options(case.kind, case.given))
    yield "--set", run(case.kind, "edit", name, *sets(case.given))
    editor = editor_that_types(tmp_path, case.given)
    yield "form", run(case.kind, "edit", name, env=editor)
    row = {"id": there["id"], **case.given}
    yield "import", run("import", "-", "--as", case.kind, input=csv_of(row))


@pytest.mark.usefixtures("standing")
@pytest.mark.parametrize("case", [c for c in CASES if c.new], ids=label)
def test_a_new_record_is_refused_at_every_door(run: Program, case: Case) -> None:
    before = dump(run)
    check(doors_for_new(run, case), case)
    assert dump(run) == before


@pytest.mark.usefixtures("standing")
@pytest.mark.parametrize("case", [c for c in CASES if c.old], ids=label)
def test_a_change_is_refused_at_every_door(run: Program, case: Case, tmp_path: Path) -> None:
    before = dump(run)
    check(doors_for_old(run, case, tmp_path), case)
    assert dump(run) == before


def check(doors: Iterator[tuple[str, Result]], case: Case) -> None:
    said = dict(doors)
    for door, done in said.items():
        assert done.code in (2, 4), (door, done)
        offered = "unknown option" not in done.err and "to set." not in done.err
        if offered and "form has an unknown field" not in done.err:
            assert case.says in done.err, (door, done.err)
    assert case.says in said["import"].err, said["import"]


@pytest.mark.usefixtures("standing")
def test_a_series_goes_on_whichever_door_its_task_is_closed_by(run: Program) -> None:
    (task,) = run("task", "list", "-f", "json").json()
    row = {"id": task["id"], "done_at": "2026-11-21 10:00"}
    done = run("import", "-", "--as", "task", input=csv_of(row))
    assert done.code == 0, done.err
    (following,) = run("task", "list", "-f", "json").json()
    assert following["id"] != task["id"]
    assert (following["due"], following["every"]) == ("2027-01-01", "1m")
    assert run("undo").code == 0
    assert run("task", "list", "-f", "json").json() == [task]


@pytest.mark.usefixtures("standing")
@pytest.mark.parametrize("edit", [(), ("--due", "2027-02-03"), ("--every", "2m")])
def test_a_series_that_comes_along_with_its_next_task_is_not_doubled(
    run: Program, edit: tuple[str, ...]
) -> None:
    """The export of a machine where the task is done has its successor too."""
    assert run("task", "done", "standing task").code == 0
    if edit:
        assert run("task", "edit", "standing task", *edit).code == 0
    exported = run("export", "--as", "task").out
    there = run("task", "list", "--all", "-f", "json").json()
    for _ in range(2 if edit else 1):
        assert run("undo").code == 0
    done = run("import", "-", "--as", "task", input=exported)
    assert done.code == 0, done.err
    here = run("task", "list", "--all", "-f", "json").json()
    assert [t["id"] for t in here] == [t["id"] for t in there]


def test_a_merge_takes_over_what_was_right_when_it_was_typed(run: Program) -> None:
    do(
        run,
        ("account", "add", "Acme"),
        ("account", "add", "Zed", "--snoozed-until", "2026-11-25"),
    )
    later = {"ACCTCLI_TODAY": "2026-11-30"}
    merged = run("account", "merge", "Zed", "Acme", "--yes", env=later)
    assert merged.code == 0, merged.err


def test_an_export_comes_back_under_an_earlier_clock(run: Program, tmp_path: Path) -> None:
    """Another machine's clock or zone may be ahead: a restore is not typing."""
    do(
        run,
        ("account", "add", "Acme"),
        ("log", "call", "acme", "ahead", "--at", "2026-11-22 09:00"),
        ("task", "add", "acme", "ahead"),
        ("task", "done", "ahead"),
        ("deal", "add", "acme", "ahead", "--amount", "5", "--currency", "SGD"),
        ("deal", "win", "ahead"),
        ("purchase", "add", "acme", "5", "--currency", "SGD"),
        ("review", "run", "acme", "--summary", "ahead"),
    )
    folder, behind = tmp_path / "ahead", ("--db", tmp_path / "behind.db")
    assert run("export", "--all", folder).code == 0
    earlier = {"ACCTCLI_TODAY": "2026-11-21"}
    done = run(*behind, "import", folder, "--create", env=earlier)
    assert done.code == 0, done.err
    for kind in NEW:
        here = run(kind, "list", "-f", "json").json()
        assert run(*behind, kind, "list", "-f", "json").json() == here


def test_only_one_place_opens_a_transaction_for_commands() -> None:
    """The rules come with the transaction: one opened elsewhere would have none.

    What other machines changed went through their rules, and is taken as it is.
    """
    source = Path(sys.modules["acctcli"].__path__[0])
    found = {
        str(path.relative_to(source))
        for path in source.rglob("*.py")
        if "journal.writing(" in path.read_text("utf-8")
    }
    assert found == {"book/context.py", "store/sync/rounds.py"}, json.dumps(sorted(found))
