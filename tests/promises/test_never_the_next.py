"""Commands that destroy need a whole name: typed a second time, they find nothing else.

The commands are read from the command tree. A new one with `--yes`, or with another word of those
below, fails here until it has a case.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from tests import books
from tests.commands import do
from tests.conftest import Program

from acctcli.main import root

VERBS = {"delete", "erase", "merge", "unlink", "restore", "remove", "forget", "drop"}
"""Words of commands or options that remove something."""

FLAGS = {"--yes", "--erase", "--forget", "--drop"}


def destroying() -> Iterator[str]:
    """Yield every command (with the option if it is one) that removes something."""
    for path, command in root().every():
        flags = [flag for param in command.params for flag in param.opts if flag[:2] == "--"]
        own = [f for f in flags if f in FLAGS - {"--yes"} or f[2:].split("-")[0] in VERBS]
        if "--yes" in flags or path.split()[-1] in VERBS:
            yield path
        yield from (f"{path} {flag}" for flag in own)


class Case(NamedTuple):
    """What is typed twice, and a part of the name, which finds nothing from the start."""

    typed: tuple[str, ...]
    part: tuple[str, ...] = ()
    setup: tuple[tuple[str, ...], ...] = ()
    again: int = 3  # 0 where the record is still there: then nothing changes


ACCOUNTS = (
    ("account", "add", "Zed", "--website", "zed.example", "--tag", "expo", "--tag", "expo 2026"),
    ("account", "add", "Acme"),
    ("account", "add", "Acme Labs"),
)
PEOPLE = (
    *ACCOUNTS,
    ("contact", "add", "Mike Ross", "--account", "Zed", "--email", "mike@zed.example"),
    ("contact", "add", "Mike Rossi", "--account", "Zed", "--email", "mike@zed.example.com"),
)
LINKED = (
    *PEOPLE,
    ("contact", "link", "Mike Ross", "--account", "Acme"),
    ("contact", "link", "Mike Rossi", "--account", "Acme"),
    ("contact", "link", "Mike Ross", "--account", "Acme Labs"),
)
MET = (
    *PEOPLE,
    ("log", "call", "Zed", "Spoke of prices", "--with", "Mike Ross; Mike Rossi"),
)
DEALS = (
    *PEOPLE,
    ("deal", "add", "Zed", "Rollout", "--stage", "proposal"),
    ("deal", "add", "Zed", "Rollout second phase", "--stage", "proposal"),
    ("deal", "contact", "Rollout", "Mike Ross"),
    ("deal", "contact", "Rollout", "Mike Rossi"),
)
PRODUCTS = (
    *DEALS,
    ("product", "add", "Suite"),
    ("product", "add", "Suite Plus"),
    ("deal", "item", "Rollout", "--add", "Suite"),
    ("deal", "item", "Rollout", "--add", "Suite Plus"),
    ("product", "add", "Box"),
    ("product", "add", "Box Large"),
)

PLAYED = (
    *ACCOUNTS,
    ("playbook", "add", "--example", "onboarding"),
    ("playbook", "run", "onboarding", "Acme"),
    ("playbook", "run", "onboarding", "Acme Labs"),
)
QUOTES = (
    *DEALS,
    ("deal", "edit", "Rollout", "Rollout second phase", "--amount", "SGD 5"),
    ("deal", "quote", "Rollout"),
    ("deal", "quote", "Rollout second phase"),
    ("quote", "line", "Q-2026-0001", "--add", "Suite", "--unit-price", "5"),
    ("quote", "line", "Q-2026-0001", "--add", "Suite Plus", "--unit-price", "5"),
)

IN_CAMPAIGNS = (
    *PEOPLE,
    ("campaign", "add", "Push", "Mike Ross", "Mike Rossi"),
    ("campaign", "add", "Push again", "Acme"),
)

CASES = {
    "campaign delete": Case(("Push", "--yes"), ("Pus", "--yes"), IN_CAMPAIGNS),
    "campaign member --remove": Case(
        ("Push", "Mike Ross", "--remove"), ("Push", "Mike", "--remove"), IN_CAMPAIGNS
    ),
    "playbook stop": Case(
        ("onboarding", "Acme", "--yes"), ("onboarding", "Acm", "--yes"), PLAYED
    ),
    "account delete": Case(("Acme", "--yes"), ("Acm", "--yes"), ACCOUNTS),
    "account merge": Case(("Zed", "Acme", "--yes"), ("Zed", "Acm", "--yes"), ACCOUNTS),
    "account tag --remove": Case(("Zed", "--remove", "expo"), ("Zed", "--remove", "exp"), ACCOUNTS),
    "account edit --remove-tag": Case(
        ("Zed", "--remove-tag", "expo"), ("Zed", "--remove-tag", "exp"), ACCOUNTS
    ),
    "account segments --delete": Case(
        ("--delete", "Quiet"),
        ("--delete", "Qui"),
        (
            *ACCOUNTS,
            ("account", "list", "--tag", "expo", "--save", "Quiet"),
            ("account", "list", "--tag", "expo", "--save", "Quiet ones"),
        ),
    ),
    "contact segments --delete": Case(
        ("--delete", "Quiet"),
        ("--delete", "Qui"),
        (
            *PEOPLE,
            ("contact", "list", "--account", "Zed", "--save", "Quiet"),
            ("contact", "list", "--account", "Zed", "--save", "Quiet ones"),
        ),
    ),
    "deal segments --delete": Case(
        ("--delete", "Quiet"),
        ("--delete", "Qui"),
        (
            *DEALS,
            ("deal", "list", "--stage", "proposal", "--save", "Quiet"),
            ("deal", "list", "--stage", "proposal", "--save", "Quiet ones"),
        ),
    ),
    "account plan --drop": Case(
        ("Zed", "--drop", "Pilot signed"),
        ("Zed", "--drop", "Pilot"),
        (
            *ACCOUNTS,
            ("account", "plan", "Zed", "--objective", "Pilot signed"),
            ("account", "plan", "Zed", "--objective", "Pilot signed off by the board"),
        ),
        again=0,
    ),
    "contact edit --remove-email": Case(
        ("Mike Ross", "--remove-email", "mike@zed.example"),
        ("Mike Ross", "--remove-email", "mike@zed.ex"),
        (*PEOPLE, ("contact", "edit", "Mike Ross", "--add-email", "mike@zed.example.org")),
    ),
    "contact edit --remove-phone": Case(
        ("Mike Ross", "--remove-phone", "+6561234567"),
        ("Mike Ross", "--remove-phone", "+6561234569"),
        (*PEOPLE, ("contact", "edit", "Mike Ross", "--phone", "+6561234567; +6561234568")),
    ),
    "contact delete": Case(("Mike Ross", "--yes"), ("Mike", "--yes"), PEOPLE),
    "contact delete --erase": Case(
        ("Mike Ross", "--erase", "--yes"), ("Mike R", "--erase", "--yes"), PEOPLE
    ),
    "contact merge": Case(
        ("mike@zed.example.com", "Mike Ross", "--yes"),
        ("mike@zed.example.com", "Mike", "--yes"),
        (*PEOPLE, ("contact", "add", "Mike Rosso", "--account", "Zed")),
    ),
    "contact unlink": Case(
        ("Mike Ross", "--account", "Acme"), ("Mike Ross", "--account", "Acm"), LINKED
    ),
    "contact unlink --forget": Case(
        ("Mike Ross", "--account", "Acme", "--forget"),
        ("Mike Ros", "--account", "Acme", "--forget"),
        LINKED,
    ),
    "log edit --remove-contact": Case(
        ("ID log 1", "--remove-contact", "Mike Ross"), ("ID log 1", "--remove-contact", "Mike"), MET
    ),
    "log edit --remove-with": Case(
        ("ID log 1", "--remove-with", "Mike Ross"), ("ID log 1", "--remove-with", "Mike"), MET
    ),
    "log delete": Case(("ID log 1", "--yes"), ("Spoke", "--yes"), (
        *ACCOUNTS,
        ("log", "call", "Acme", "Spoke of prices"),
        ("log", "call", "Acme", "Spoke of prices again"),
    )),
    "task delete": Case(("Send quote", "--yes"), ("Send", "--yes"), (
        *ACCOUNTS,
        ("task", "add", "Acme", "Send quote"),
        ("task", "add", "Acme", "Send quote to Mei"),
    )),
    "deal delete": Case(("Rollout", "--yes"), ("Roll", "--yes"), DEALS),
    "deal contact --remove": Case(
        ("Rollout", "Mike Ross", "--remove"), ("Rollout", "Mike", "--remove"), DEALS
    ),
    "deal item --remove": Case(
        ("Rollout", "--remove", "Suite"), ("Rollout", "--remove", "Sui"), PRODUCTS
    ),
    "quote delete": Case(("Q-2026-0001", "--yes"), ("Q-2026", "--yes"), QUOTES),
    "quote line --remove": Case(
        ("Q-2026-0001", "Suite", "--remove"), ("Q-2026-0001", "Sui", "--remove"), QUOTES
    ),
    "purchase delete": Case(("ID purchase 1", "--yes"), ("Acme", "--yes"), (
        *ACCOUNTS,
        ("purchase", "add", "Acme", "SGD 10"),
        ("purchase", "add", "Acme", "SGD 20"),
    )),
    "product delete": Case(("Box", "--yes"), ("Bo", "--yes"), PRODUCTS),
    "review delete": Case(("ID review 1", "--yes"), ("Acme", "--yes"), (
        *ACCOUNTS,
        ("review", "run", "Acme", "--summary", "Fine"),
        ("review", "run", "Acme", "--summary", "Fine again"),
    )),
    "import --delete-preset": Case(
        ("--delete-preset", "crm"),
        ("--delete-preset", "cr"),
        (("import", "FILE", "--as", "account", "--save-preset", "crm"),
         ("import", "FILE", "--as", "account", "--save-preset", "crm two")),
    ),
}  # fmt: skip
"""How each is called. `ID kind n` is the id of the n-th record of that kind."""

_IN_LISTS = (
    ("account", "Zed", ACCOUNTS, "other-website", "zed.example.org", "zed.ex"),
    ("account", "Zed", ACCOUNTS, "other-phone", "+6561234567", "+6561234569"),
    ("account", "Zed", ACCOUNTS, "alias", "Zeta", "Zet"),
    ("account", "Zed", ACCOUNTS, "link", "Plan https://z.example/1", "https://z.example/1"),
    ("contact", "Mike Ross", PEOPLE, "alias", "Mick", "Mic"),
    ("contact", "Mike Ross", PEOPLE, "profile", "x.com/mike", "x.com/mik"),
    ("contact", "Mike Ross", PEOPLE, "tag", "golf", "gol"),
    ("deal", "Rollout", DEALS, "tag", "big", "bi"),
    ("deal", "Rollout", DEALS, "link", "Plan https://z.example/1", "https://z.example/1"),
)
CASES |= {
    f"{kind} edit --remove-{word}": Case(
        (name, f"--remove-{word}", item),
        (name, f"--remove-{word}", part),
        (*setup, (kind, "edit", name, f"--{word}", item)),
    )
    for kind, name, setup, word, item, part in _IN_LISTS
}

CASES |= {
    f"{kind} tag --remove": Case(
        (name, "--remove", item),
        (name, "--remove", part),
        (*setup, (kind, "tag", name, "--add", item)),
    )
    for kind, name, setup, word, item, part in _IN_LISTS
    if word == "tag"
}

APART = {"db restore", "purchase reconcile", "sync hand-over", "sync leave", "sync member"}
APART |= {"sync new-key"}
"""Tested below: what it destroys is the book, and it names what to restore.

A statement names no record; `test_purchase_reconcile` runs the same one twice. What `sync` needs
is a second machine: cli/test_sync_moving.py, test_sync.py and test_sync_hub.py.
"""


def test_every_command_that_destroys_is_driven_here() -> None:
    assert {*CASES, *APART} == set(destroying())


@pytest.fixture
def made(run: Program, tmp_path: Path, request: pytest.FixtureRequest) -> Case:
    """Return a book with what the case needs in it."""
    case: Case = request.getfixturevalue("case")
    file = tmp_path / "accounts.csv"
    file.write_text("name,tier\nAcme,key\n")
    for words in case.setup:
        do(run, tuple(str(file) if word == "FILE" else word for word in words))
    return case


def filled(run: Program, words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words of a case with the ids of records filled in."""
    found = []
    for word in words:
        if word.startswith("ID "):
            _, kind, place = word.split()
            ids = run(kind, "list", "--sort", "created_at,id", "-f", "ids").out.split()
            word = ids[int(place) - 1]
        found.append(word)
    return tuple(found)


@pytest.mark.parametrize(("command", "case"), CASES.items(), ids=CASES)
def test_the_same_command_again_finds_nothing(
    run: Program, book: Path, command: str, case: Case, made: Case
) -> None:
    words = (*command.split()[:2], *filled(run, case.typed))
    if command.startswith("import"):
        words = ("import", *case.typed)
    first = run(*words)
    assert first.code == 0, first.err
    between = kept(book)
    again = run(*words)
    assert again.code == case.again, again.err
    assert kept(book) == between


@pytest.mark.parametrize(("command", "case"), CASES.items(), ids=CASES)
def test_a_part_of_the_name_is_not_enough(
    run: Program, book: Path, command: str, case: Case, made: Case
) -> None:
    words = (*command.split()[:2], *filled(run, case.part))
    if command.startswith("import"):
        words = ("import", *case.part)
    before = kept(book)
    refused = run(*words)
    assert refused.code == 3, refused.err
    assert kept(book) == before


def kept(book: Path) -> object:
    """Return everything that a book holds, import presets too."""
    return books.dump(book), books.value(book, "SELECT group_concat(name) FROM preset")


def test_a_book_is_restored_from_the_same_backup_again(run: Program, book: Path) -> None:
    do(run, ("account", "add", "Acme"), ("db", "backup"))
    backed_up = kept(book)
    do(run, ("account", "add", "Beta"), ("db", "restore", "latest", "--yes"))
    assert kept(book) == backed_up
    # The backup that the restore made is the newest now, and is not meant.
    do(run, ("db", "restore", "latest", "--yes"))
    assert kept(book) == backed_up


def test_a_backup_to_restore_is_named_in_full(run: Program, book: Path, tmp_path: Path) -> None:
    do(run, ("account", "add", "Acme"), ("db", "backup"), ("account", "add", "Beta"))
    name = Path(run("db", "restore", "-f", "json").json()[0]["path"]).name
    before = kept(book)
    for part in ("manual", name[:8], name[1:]):
        refused = run("db", "restore", part, "--yes")
        assert (refused.code, kept(book)) == (3, before)
        assert f"Did you mean {name}" in refused.err
    assert run("db", "restore", name[:8], "--to", tmp_path / "copy.db").code == 0
    for whole in (name.partition("-")[0], name.removesuffix(".db"), name):
        do(run, ("db", "restore", whole, "--yes"))
        assert kept(book) != before


def test_the_name_of_what_was_merged_deletes_nobody(run: Program) -> None:
    for name in ("Acme Corp", "ACME GmbH"):
        assert run("account", "add", name).code == 0
    assert run("account", "merge", "Acme Corp", "ACME GmbH", "--yes").code == 0
    assert run("account", "show", "acme gmbh", "-f", "json").json()["name"] == "Acme Corp"
    done = run("account", "delete", "ACME GmbH", "--yes")
    assert (done.code, "Acme Corp" in done.err) == (3, True)
    assert len(run("account", "list", "-f", "ids").out.split()) == 1
