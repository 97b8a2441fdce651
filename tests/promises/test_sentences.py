"""What a command says it did, it did: typed again, it does not say so again.

`acct undo` undoes the last command that changed something. Somebody who reads "Snoozed Quote" for a
task that was snoozed already, and types it, undoes something else. So each command that writes is
typed twice here. If the second one left no trace, it says that there was nothing to do, or fails;
if it left one, it may say what it did.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests import books
from tests.cli.test_contact import person
from tests.commands import do
from tests.conftest import Program
from tests.filling import filled_once
from tests.promises.test_hostile_text import COMMANDS
from tests.promises.test_line_breaks import ONLY_WRITE
from tests.store.sync import clashing

NOTHING = re.compile(r"Nothing to (change|import|start)|already|(is|was) left as it was|is sound")
"""How a command says that everything was as requested already."""

SENT, DRAFT = "Q-2026-0001", "Q-2026-0002"

TWICE: dict[str, tuple[tuple[str, ...], ...]] = {
    "account add": (("Beta",),),
    "account edit": (("GreenTech", "--tier", "key"), ("GreenTech", "Kan", "--tier", "key")),
    "account tag": (("GreenTech", "--add", "x"), ("GreenTech", "--remove", "expo")),
    "contact tag": (("Mei Tan", "--add", "x"),),
    "deal tag": (("Rollout", "--add", "x"), ("Rollout", "Starter", "--add", "x")),
    "account archive": (("GreenTech",), ("GreenTech", "Kan"), ("Old", "--undo")),
    "account qualify": (("Kan", "--as", "customer", "--anyway"),),
    "account merge": (("GreenTech", "Kan", "--yes"),),
    "account handover": (("GreenTech", "--to", "Ben"), ("GreenTech", "Kan", "--to", "Ben")),
    "account delete": (("GreenTech", "--yes"),),
    "contact add": (("Ana Lim", "--account", "GreenTech"),),
    "contact edit": (("Mei Tan", "--title", "CEO"), ("Mei Tan", "--add-email", "b@x.com")),
    "contact move": (("Mei Tan", "--to", "Kan"),),
    "contact link": (
        ("Mei Tan", "--account", "Kan"),
        ("Mei Tan", "--account", "Kan", "--to", "2026-01-01"),
    ),
    "contact unlink": (("Raj Nair", "--account", "Kan"),),
    "contact merge": (("Mei Tan", "Raj Nair", "--yes"),),
    "contact delete": (("Mei Tan", "--yes"),),
    "log edit": (("{log}", "--outcome", "fine"),),
    "log delete": (("{log}", "--yes"),),
    "task done": (("Quote",),),
    "task snooze": (("Quote", "fri"), ("Quote", "Sign", "fri")),
    "account snooze": (("GreenTech", "fri"), ("GreenTech", "Kan", "fri")),
    "task reopen": (("Finished",),),
    "task edit": (("Quote", "--due", "fri"),),
    "task delete": (("Quote", "--yes"),),
    "deal add": (("GreenTech", "Third"),),
    "deal edit": (("Rollout", "--amount", "5k"), ("Rollout", "Starter", "--owner", "Kim")),
    "deal move": (("Rollout", "negotiation"), ("Rollout", "Starter", "negotiation")),
    "deal win": (("Rollout",), ("Rollout", "Starter")),
    "deal lose": (("Rollout", "--reason", "Price"),),
    "deal reopen": (("Gone",),),
    "deal item": (("Rollout", "--add", "Support"), ("Rollout", "--sum")),
    "deal contact": (
        ("Rollout", "Mei Tan"),
        ("Rollout", "Mei Tan", "--role", "legal"),
        ("Rollout", "Raj Nair", "--remove"),
    ),
    "deal delete": (("Rollout", "--yes"),),
    "quote edit": ((DRAFT, "--title", "Other"),),
    "quote line": ((DRAFT, "1", "--tax", "9"), (DRAFT, "all", "--recurring", "yearly")),
    "quote send": ((DRAFT,),),
    "quote accept": ((SENT,),),
    "quote decline": ((SENT, "--reason", "Price"),),
    "quote delete": ((DRAFT, "--yes"),),
    "campaign add": (("Autumn push", "GreenTech", "Mei Tan"),),
    "campaign edit": (("Push", "--source", "web"),),
    "campaign member": (
        ("Push", "Kan", "Mei Tan"),
        ("Push", "GreenTech", "--state", "replied"),
        ("Push", "GreenTech", "--remove"),
    ),
    "campaign delete": (("Push", "--yes"),),
    "purchase edit": (("{purchase}", "--quantity", "3"),),
    "purchase renew": (("{contract}",),),
    "purchase reconcile": (("{bank}", "--yes"),),
    "purchase delete": (("{purchase}", "--yes"),),
    "product add": (("Training",),),
    "product edit": (("Support", "--family", "x"),),
    "product delete": (("Unused", "--yes"),),
    "playbook add": (("--example", "renewal"),),
    "playbook run": (("onboarding", "Kan"), ("--due",)),
    "playbook stop": (("onboarding", "GreenTech", "--yes"),),
    "review edit": (("{review}", "--summary", "new"),),
    "review delete": (("{review}", "--yes"),),
    "account plan": (
        ("GreenTech", "--goal", "Grow"),
        ("GreenTech", "--met", "Aim"),
        ("GreenTech", "--drop", "Aim"),
    ),
    "account list": (("--tier", "key", "--save", "Keys"),),
    "account segments": (("--delete", "Mine"),),
    "contact segments": (("--delete", "Mine"),),
    "deal segments": (("--delete", "Mine"),),
    "import": (("{file}", "--as", "account"),),
    "undo": ((),),
    "sync take": (("{conflict}",),),
    "db check": (("--fix",),),
}
"""Each command that changes existing records, and how it is typed twice."""

NEW_EACH_TIME = {
    *(f"log {kind}" for kind in ("call", "email", "meeting", "demo", "proposal", "social", "add")),
    *(
        "log note",
        "log ticket",
        "log survey",
        "task add",
        "purchase add",
        "review run",
        "deal quote",
        "campaign log",
    ),
}
"""Commands that add one more each time: two calls on a day are two calls."""

CONFLICT = "00000000-0000-5000-8000-00000000aaaa"
"""The id of a conflict: Kan's city."""

NO_RECORDS = {
    *(
        "export",
        "campaign export",
        "completion",
        "demo",
        "config path",
        "config get",
        "config set",
        "config unset",
    ),
    *("config edit", "db path", "db init", "db shell", "db tables", "db schema", "help"),
    "mcp",
    *("sync init", "sync join", "sync now", "sync dismiss", "sync hand-over", "sync compact"),
    "sync new-key",
    *("sync leave", "sync member", "sync hub-sql", "sync status"),
}
"""Commands that change no record."""


@pytest.fixture
@filled_once
def filled(run: Program) -> dict[str, str]:
    """Make a small book with something of everything; return the ids of what has no name."""
    do(
        run,
        ("account", "add", "GreenTech", "--tag", "expo", "--status", "lead"),
        ("account", "add", "Kan", "--status", "lead"),
        ("account", "add", "Old"),
        ("account", "archive", "Old"),
        ("contact", "add", "Mei Tan", "--account", "GreenTech", "--email", "a@x.com"),
        ("contact", "add", "Raj Nair", "--account", "GreenTech"),
        ("contact", "link", "Raj Nair", "--account", "Kan", "--from", "2026-01-01"),
        ("product", "add", "Support", "--price", "SGD 100"),
        ("product", "add", "Unused"),
        ("deal", "add", "GreenTech", "Rollout", "--amount", "SGD 1k"),
        ("deal", "add", "GreenTech", "Starter", "--amount", "SGD 2k"),
        ("deal", "add", "GreenTech", "Gone"),
        ("deal", "lose", "Gone", "--reason", "Price"),
        ("deal", "item", "Rollout", "--add", "Support"),
        ("deal", "contact", "Rollout", "Raj Nair", "--role", "coach"),
        ("deal", "quote", "Rollout", "--tax", "5"),
        ("quote", "send", SENT),
        ("deal", "quote", "Starter"),
        ("campaign", "add", "Push", "GreenTech"),
        ("log", "call", "GreenTech", "Spoke"),
        ("task", "add", "GreenTech", "Quote"),
        ("task", "add", "GreenTech", "Sign"),
        ("task", "add", "GreenTech", "Finished"),
        ("task", "done", "Finished"),
        ("purchase", "add", "GreenTech", "SGD 10"),
        ("purchase", "add", "GreenTech", "SGD 20", "--recurring", "yearly"),
        ("review", "run", "GreenTech", "--summary", "Fine"),
        ("account", "plan", "GreenTech", "--need", "Speed", "--objective", "Aim"),
        ("account", "list", "--tier", "key", "--save", "Mine"),
        ("contact", "list", "--where", "name ~ e", "--save", "Mine"),
        ("deal", "list", "--open", "--save", "Mine"),
        ("playbook", "add", "--example", "onboarding"),
        ("playbook", "run", "onboarding", "GreenTech"),
    )
    listed = {
        "log": ("log", "list", "--where", "kind != proposal"),
        "review": ("review", "list"),
        "purchase": ("purchase", "list", "--where", "ends_on is empty"),
        "contract": ("purchase", "list", "--where", "ends_on > today"),
    }
    return {name: run(*words, "-f", "ids").out.strip() for name, words in listed.items()}


@pytest.fixture
def full(filled: dict[str, str], book: Path, tmp_path: Path) -> dict[str, str]:
    """Return what stands for the names in braces below: ids, and files to read."""
    file = tmp_path / "more.csv"
    file.write_text("name,city\nGreenTech,Oslo\nKan,Rome\n", encoding="utf-8")
    bank = tmp_path / "bank.csv"
    bank.write_text("Date,Amount,Currency,Description\n2026-11-22,10,SGD,GreenTech\n", "utf-8")
    clashing.clash(
        *(book, CONFLICT, "account", clashing.id_of(book, "account", "Kan")),
        *({"city": None}, {"city": "Oslo"}),
    )
    return {"file": str(file), "bank": str(bank), "conflict": CONFLICT, **filled}


def commands(book: Path) -> int:
    return int(books.value(book, "SELECT count(*) FROM command"))


def test_every_command_is_here() -> None:
    reading = {"account list", "account plan", "account segments", "deal item", "deal contact"}
    reading |= {"quote line", "campaign member"}
    reading |= {"contact segments", "deal segments"}
    assert set(TWICE) - reading - {"import", "db check"} == (
        (ONLY_WRITE & set(COMMANDS)) - NEW_EACH_TIME - NO_RECORDS
    )


@pytest.mark.parametrize(
    ("name", "words"), [(name, words) for name, calls in TWICE.items() for words in calls]
)
def test_what_is_typed_again_does_not_say_so_again(
    run: Program, full: dict[str, str], book: Path, name: str, words: tuple[str, ...]
) -> None:
    typed = (*name.split(), *(word.format(**full) for word in words))
    before = commands(book)
    first = run(*typed)
    assert first.code == 0, first.err
    if commands(book) > before:
        assert not NOTHING.search(first.err.splitlines()[-1]), first.err
    again_from = commands(book)
    second = run(*typed)
    if commands(book) == again_from:
        assert second.code in (3, 4) or NOTHING.search(second.err), second.err


# Sentences about several records


def test_an_edit_says_what_changed_of_which(run: Program, full: dict[str, str]) -> None:
    run("account", "edit", "Kan", "--tier", "key")
    words = ("--tier", "key", "--industry", "energy")
    said = run("account", "edit", "GreenTech", "Kan", *words).err
    assert said == "Changed tier, industry of GreenTech and industry of Kan.\n"


def test_a_deal_that_was_lost_already_is_not_lost_again(run: Program, full: dict[str, str]) -> None:
    said = run("deal", "lose", "Gone", "Rollout", "--reason", "Budget").err
    assert said == (
        f"acct: {SENT} is still unanswered. To answer it: acct quote decline {SENT}\n"
        'Lost "Rollout", 1,000 SGD, from prospecting on its first day: Budget. '
        "Changed lost reason of Gone.\n"
    )


def test_links_and_moves_name_their_days_and_places(run: Program, full: dict[str, str]) -> None:
    words = ("--from", "2020-01-01", "--to", "2021-12-31")
    said = run("contact", "link", "Mei Tan", "--account", "Kan", *words).err
    assert said == "Linked Mei Tan to Kan from 1 Jan 2020 until 31 Dec 2021.\n"
    said = run("contact", "unlink", "Raj Nair", "--account", "Kan", "--on", "2026-11-20").err
    assert said == "Ended the link of Raj Nair to Kan on Fri 20 Nov.\n"
    run("contact", "edit", "Raj Nair", "--account", "Old")
    said = run("contact", "move", "Mei Tan", "Raj Nair", "--to", "Kan").err
    assert said == (
        "Mei Tan, Raj Nair are now at Kan; Mei Tan at GreenTech and Raj Nair at Old until today.\n"
    )
    assert person(run, "Raj Nair")["account"] == "Kan"


def test_a_close_date_that_has_passed_is_told(run: Program, full: dict[str, str]) -> None:
    said = run("deal", "add", "Kan", "Late", "--close", "2026-11-01").err
    assert said.endswith('"Late", closes Sun 1 Nov, which is in the past.\n')


def test_people_who_stay_when_their_account_goes_are_told(
    run: Program, full: dict[str, str]
) -> None:
    said = run("account", "delete", "GreenTech", "--yes").err
    assert "Raj Nair stays, at another account." in said
    assert person(run, "Raj Nair")["account"] == "Kan"


def test_an_undo_says_what_it_takes_back_and_no_more(run: Program, full: dict[str, str]) -> None:
    run("account", "add", "Kan Ltd", "--duplicate")
    assert "Similar account" in run("account", "add", "Kan Inc", "--duplicate").err
    assert run("undo").err == "Undid: Added account A-0005 Kan Inc (1 record).\n"
    run("task", "add", "Kan", "Undid the keys")
    run("task", "done", "Undid the keys")
    said = run("undo", "--dry-run").err
    assert said == "Would undo: Done: Undid the keys (1 record).\n"


def test_a_purchase_is_not_called_by_the_name_of_its_product(
    run: Program, full: dict[str, str]
) -> None:
    said = run("purchase", "delete", full["purchase"], "--yes").err
    assert said.startswith("Deleted the purchase of GreenTech, 2026-11-22.")


def test_one_is_singular(run: Program, full: dict[str, str], tmp_path: Path) -> None:
    run("account", "add", "Kim Lee", "--kind", "individual", "--employees", "1")
    for words in (("account", "show"), ("review", "brief")):
        page = run(*words, "Kim Lee", "-f", "table").out
        assert "1 person" in page
        assert "1 people" not in page
    run("account", "edit", "Kim Lee", "--cadence", "1")
    assert "every 1 days" not in run("today", "--all", "-f", "table").out
