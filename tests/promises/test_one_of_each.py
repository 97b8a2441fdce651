"""A count of one has its noun in the singular: on every screen, in every document and sentence."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

import pytest
from tests.conftest import Program
from tests.promises.test_line_breaks import READ

NOUNS = (
    *("accounts", "actions", "amounts", "answers", "backups", "calls", "cases", "changes"),
    *("commands", "contacts", "contracts", "contradictions", "criteria", "customers", "days"),
    *("deals", "decisions", "demos", "documents", "emails", "entries", "families", "fields"),
    *("flaws", "gaps", "groups", "hours", "inputs", "interactions", "invoices", "items"),
    *("leads", "lines", "links", "logs", "matches", "meetings", "members", "messages"),
    *("minutes", "months", "notes", "objectives", "orders", "others", "outcomes", "owners"),
    *("pages", "pairs", "people", "periods", "persons", "points", "products", "promises"),
    *("prospects", "purchases", "pushes", "quarters", "quotes", "reasons", "records", "renewals"),
    *("reviews", "rows", "sales", "segments", "sellers", "settings", "sources", "stages"),
    *("stores", "surveys", "tags", "tasks", "tickets", "times", "touches", "values"),
    *("visits", "weeks", "wins", "words", "years"),
)

ONE_OF_MANY = re.compile(
    rf"(?<![\w.,:/'+-])1 (?:[a-z]+(?:-[a-z]+)? )?(?:{'|'.join(NOUNS)})\b(?! (?:and|of))"
)


def test_what_is_looked_for_is_found() -> None:
    for said in ("1 deals", "of 1 customers", "(1 open deals)", "with 1 two-way touches"):
        assert ONE_OF_MANY.search(said)
    for said in ("1 deal", "21 deals", "1.1 days", "Q1 deals", "1 of 4 deals", "1,1 deals"):
        assert not ONE_OF_MANY.search(said), said


def one_of_each(run: Program) -> Iterator[str]:
    """Make a book with one of everything, past and to come; yield what each command said."""
    for words in (
        "account add Acme --tier key --source web --tag expo --status customer --website acme.sg",
        "contact add Mei --account Acme --role champion --influence high --stance supporter",
        "product add Seats --price 10SGD",
        "deal add Acme Open --amount 5kSGD --close 2026-11-23 --opened 2026-11-21 --type new",
        "deal add Acme Won --amount 5kSGD --stage won --opened 2026-10-01 --closed 2026-10-02",
        "deal add Acme Lost --amount 5kSGD --stage lost --opened 2026-10-01 --closed 2026-10-02",
        "deal item Open --add Seats --quantity 1",
        "deal contact Open Mei",
        "deal edit Open --close 2026-11-25",
        "deal quote Open --tax 9",
        "quote send Q-2026-0001",
        "purchase add Acme 12kSGD --product Seats --on 2025-11-23 --recurring yearly",
        "purchase add Acme 100SGD --on 2026-11-21",
        "log call Acme Talked --with Mei --at 2026-11-21",
        "log email Acme Asked --in --at 2026-11-20",
        "log ticket Acme Broken --at 2026-11-21",
        "log survey Acme NPS --nps 9 --at 2026-11-21",
        "task add Acme Ours --due 2026-11-21",
        "task add Acme Theirs --due 2026-11-21 --owed-by them",
        "task add Acme Soon --due 2026-11-23",
        "account plan Acme --objective Grow::2026-11-21",
        "review run Acme --summary Fine --next-review 2026-11-23",
        "account list --save Keys --tier key",
        "campaign add Push Mei",
        "campaign log Push Mei email Sent --at 2026-11-21",
        "deal edit Won --campaign Push",
        "playbook add --example onboarding",
        "config set quota.currency SGD",
        "config set quota.total 100k",
        "account snooze Acme 2026-11-24",
        "undo",
    ):
        made = run(*words.split())
        assert made.code == 0, (words, made.err)
        yield made.err


@pytest.fixture
def names(run: Program) -> dict[str, str]:
    said = list(one_of_each(run))
    assert [one for one in said if ONE_OF_MANY.search(one)] == []

    def first(*words: str) -> str:
        return run(*words, "-f", "ids").out.split()[0]

    return {
        "quote": "Q-2026-0001",
        **{"account": "Acme", "contact": "Mei", "deal": "Open", "product": "Seats"},
        "campaign": "Push",
        "log": first("log", "list"),
        "purchase": first("purchase", "list"),
        "review": first("review", "list"),
    }


def found_in(said: str) -> list[str]:
    return [line.strip() for line in said.splitlines() if ONE_OF_MANY.search(line)]


def test_no_screen_says_one_deals(run: Program, names: dict[str, str]) -> None:
    found: list[tuple[str, str]] = []
    for name, calls in READ.items():
        for call in calls:
            words = [*name.split(), *(word.format(**names) for word in call)]
            for columns in ("80", "200"):
                made = run(*words, "-f", "table", env={"COLUMNS": columns})
                said = found_in(f"{made.out}\n{made.err}")
                found += [(" ".join(words), line) for line in said]
            written = run(*words, "--html", "-")
            if written.code == 0:
                plain = html.unescape(re.sub(r"<style.*?</style>|<[^>]*>", " ", written.out))
                found += [(" ".join(words), line) for line in found_in(plain)]
    assert found == []


def test_no_document_of_text_says_one_deals(run: Program, names: dict[str, str]) -> None:
    assert names
    for words in (("report", "week", "-f", "md"), ("deal", "quote", "Open"), ("today", "-f", "md")):
        made = run(*words)
        assert found_in(f"{made.out}\n{made.err}") == []
