from __future__ import annotations

import json
import os
import shlex
import stat
import sys
import tempfile
import tomllib
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.books import configure
from tests.commands import Words, do
from tests.conftest import Program, Result
from tests.filling import filled_once
from tests.store import making

from acctcli import ids, model
from acctcli.configfile import from_document
from acctcli.errors import AcctError
from acctcli.model import KINDS
from acctcli.store import kinds, merge, records
from acctcli.store.journal import writing
from acctcli.values.fields import Reading, read_field, read_list
from acctcli.values.typed_moments import read_clock

DEMO = Path(str(files("acctcli.demo")))
FILES = {f"{kind.plural}.csv" for kind in KINDS.values()}


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture
@filled_once
def accounts(run: Program) -> None:
    run("account", "add", "GreenTech Ltd", "--tier", "key", "--revenue", "12.50 SGD")
    run("account", "add", "=Konex", "--tag", "a", "--tag", "b")


# One kind


@pytest.mark.usefixtures("accounts")
def test_a_dash_is_stdout_and_never_a_file(
    run: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.chdir(empty)
    done = run("export", "--as", "account", "--output", "-")
    assert (done.code, done.err) == (0, "")
    assert done.out == run("export", "--as", "account").out
    refused = run("export", "--all", "-")
    assert (refused.code, list(empty.iterdir())) == (2, [])
    assert "Name a folder, or NAME.db" in refused.err


@pytest.mark.usefixtures("accounts")
def test_one_kind_goes_to_stdout_as_csv(run: Program) -> None:
    done = run("export", "--as", "account")
    assert (done.code, done.err) == (0, "")
    header, konex, greentech = done.out.split("\r\n")[:3]
    assert header.startswith("id,number,name,kind,status,tier,parent,parent_id,owner")
    assert ",A-0001,GreenTech Ltd,company,prospect,key,,," in greentech
    assert ",12.50,SGD," in greentech
    assert (",=Konex," in konex, ",a; b," in konex) == (True, True)
    assert done.out == run("account", "list", "-f", "csv").out


@pytest.mark.usefixtures("accounts")
def test_other_formats_and_filters(run: Program) -> None:
    (account,) = run("export", "--as", "accounts", "-w", "tier = key", "-f", "json").json()
    assert (account["name"], account["annual_revenue"]) == ("GreenTech Ltd", 12.5)
    lines = run("export", "--as", "account", "-f", "jsonl").out.splitlines()
    assert [json.loads(line)["name"] for line in lines] == ["=Konex", "GreenTech Ltd"]
    run("deal", "add", "greentech", "Rollout", "--amount", "10k", "--currency", "SGD")
    (deal,) = run("export", "--as", "deal", "-w", "account = green", "-f", "json").json()
    assert deal["title"] == "Rollout"  # names are found as lists find them
    assert "no account" in run("export", "--as", "deal", "-w", "account = nobody").err
    safe = run("export", "--as", "account", "--excel-safe").out
    assert (safe[0], ",'=Konex," in safe) == ("\ufeff", True)


@pytest.mark.usefixtures("accounts")
def test_a_file_is_private_and_never_written_over_unasked(run: Program, tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    done = run("export", "--as", "account", "--output", target)
    assert (done.code, done.out) == (0, "")
    assert done.err == f"Wrote 2 accounts to {target}.\n"
    assert len(json.loads(target.read_text())) == 2
    if os.name == "posix":
        assert mode(target) == 0o600
    again = run("export", "--as", "task", "-o", target)
    assert (again.code, "--force" in again.err) == (4, True)
    assert len(json.loads(target.read_text())) == 2
    assert run("export", "--as", "task", "-o", target, "--force", "-f", "csv").code == 0
    assert target.read_text().startswith("id,account")
    assert [path.name for path in tmp_path.iterdir() if "out" in path.name] == ["out.json"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "choose what to export: --as account, contact,"),
        (("--as", "lead"), '--as "lead" is not a kind'),
        (("--as", "account", "-f", "ids"), "Write csv, json, jsonl or xlsx"),
        (("--as", "account", "-f", "hledger"), "--format hledger writes purchases"),
        (("--all", "x", "-f", "beancount"), "--format beancount writes purchases"),
        (("-f", "hledger", "--excel-safe"), "--excel-safe goes with --format csv"),
        (("-f", "hledger", "-o", "x.xlsx"), "--format hledger and x.xlsx disagree"),
        (("--as", "account", "-f", "json", "--excel-safe"), "--excel-safe goes with --format csv"),
        (("--all", "x", "--as", "account"), "--all writes everything"),
        (
            ("--as", "account", "-w", "teir = key"),
            'no account field "teir". Did you mean tier?',
        ),
    ],
)
@pytest.mark.usefixtures("accounts")
def test_mistakes_in_options(run: Program, words: tuple[str, ...], message: str) -> None:
    done = run("export", *words)
    assert (done.code, done.out) == (2, "")
    assert message in done.err


def test_purchases_are_a_journal_of_the_program_that_the_name_says(
    run: Program, tmp_path: Path
) -> None:
    run("account", "add", "Acme")
    run("purchase", "add", "acme", "EUR 100", "--payment", "cash", "--on", "2026-10-01")
    run("purchase", "add", "acme", "EUR 50", "--on", "2026-10-02")
    target = tmp_path / "sales.bean"
    done = run("export", "-o", target, "-w", "payment = cash")
    assert (done.code, done.err) == (0, f"Wrote 1 purchase to {target}.\n")
    assert "open Assets:Cash" in target.read_text()
    done = run("export", "--format", "hledger", "--as", "purchase")
    assert done.out.count("Income:Sales") == 3  # it is declared, and in two entries
    assert "acct: 1 purchase says neither cash nor credit and debits" in done.err


# Everything


def test_everything_is_a_private_folder(run: Program, tmp_path: Path) -> None:
    assert run("import", DEMO).code == 0
    folder = tmp_path / "new" / "backup"
    done = run("export", "--all", folder)
    assert (done.code, done.out) == (0, "")
    assert done.err.startswith(
        "Wrote 28 accounts, 78 contacts, 332 interactions, 64 tasks, 64 deals, "
    )
    assert set(contents(folder)) == FILES
    if os.name == "posix":
        assert mode(folder) == 0o700
        assert {mode(path) for path in folder.iterdir()} == {0o600}


@pytest.mark.usefixtures("accounts")
def test_everything_is_not_written_over_unasked(run: Program, tmp_path: Path) -> None:
    (tmp_path / "tasks.csv").write_text("mine")
    refused = run("export", "--all", tmp_path)
    assert (refused.code, "has tasks.csv already" in refused.err) == (4, True)
    assert not (tmp_path / "accounts.csv").exists()
    assert run("export", "--all", tmp_path, "--force").code == 0
    assert (tmp_path / "tasks.csv").read_text().startswith("id,")
    (tmp_path / "file").touch()
    assert run("export", "--all", tmp_path / "file" / "x").code == 6


def copied(
    run: Callable[..., Result], folder: Path, *words: str
) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """Return everything, and everything of a new book that imported it."""
    first, second, new = (folder / name for name in ("first", "second", "new.db"))
    assert run("export", "--all", first, *words).code == 0
    done = run("--db", new, "import", first, "--create")
    assert done.code == 0, done.err
    done = run("--db", new, "export", "--all", second, *words)
    assert done.code == 0, done.err
    return contents(first), contents(second)


@pytest.mark.parametrize(
    "words", [(), ("--excel-safe",), ("-f", "json"), ("-f", "jsonl")], ids=["csv", "x", "j", "jl"]
)
def test_a_book_through_files_into_a_new_one_is_the_same(
    run: Program, book: Path, tmp_path: Path, words: tuple[str, ...]
) -> None:
    for command in (
        ("import", DEMO),
        ("product", "add", "GTX", "--price", "SGD 4821.50"),
        ("deal", "item", "Fab 2 platform", "--add", "GTX", "--quantity", "2.5", "--discount", "10"),
        ("contact", "move", "Mei Tan", "--to", "Orchidea Mutual Bank", "--title", "CFO"),
        ("account", "archive", "Quillarra Insurance Group"),
        ("account", "list", "--where", 'name ~ "bank"', "--sort", "-name", "--save", "=Banks"),
    ):
        done = run(*command)
        assert done.code == 0, done.err
    with making.writing(book) as tx:
        for kind in kinds.DISTINCT:
            one, other = (row[0] for row in tx.con.execute(f"SELECT id FROM {kind} LIMIT 2"))
            merge.say_distinct(tx, kind, one, other)
    before, after = copied(run, tmp_path, *words)
    assert before == after
    suffix = words[1] if words[1:] else "csv"
    parts = {"items": b"GTX", "affiliations": b"Mei Tan", "deal_changes": b"won"}
    parts |= {"segments": b"Banks", "distinct_accounts": b"A", "distinct_contacts": b"M"}
    assert all(text in before[f"{part}.{suffix}"] for part, text in parts.items())


def test_who_is_not_the_same_is_known_where_ids_are_others(
    run: Program, book: Path, tmp_path: Path
) -> None:
    """The same two are found by name, in either order: one pair, and not two."""
    other = tmp_path / "other.db"
    assert run("--db", other, "db", "init").code == 0
    for name in ("Acme", "Acme Corp"):
        assert run("account", "add", name).code == 0
    for name in ("Acme Corp", "Acme"):
        assert run("--db", other, "account", "add", name).code == 0
    for path in (book, other):
        with making.writing(path) as tx:
            one, two = (id for (id,) in tx.con.execute("SELECT id FROM account"))
            merge.say_distinct(tx, "account", one, two)
    assert run("export", "--all", tmp_path / "out").code == 0
    done = run("--db", other, "import", tmp_path / "out")
    assert done.code == 0, done.err
    with making.writing(other) as tx:
        assert tx.con.execute("SELECT count(*) FROM distinct_account").fetchone() == (1,)


def test_a_book_brought_into_itself_stays_as_it_is(run: Program, tmp_path: Path) -> None:
    assert run("import", DEMO).code == 0
    run("account", "add", "GreenTech Ltd")  # two of one name
    assert run("export", "--all", tmp_path / "out").code == 0
    again = run("import", tmp_path / "out", "-f", "json")
    assert again.code == 0, again.err
    assert [again.json()[name] for name in ("new", "changed", "refused")] == [0, 0, 0]


def test_an_export_finds_the_same_accounts_in_another_book(run: Program, tmp_path: Path) -> None:
    run("account", "add", "Acme", "--website", "acme.com")
    run("contact", "add", "Mei", "--account", "Acme")
    assert run("export", "--all", tmp_path / "out").code == 0
    other = {"ACCTCLI_DB": str(tmp_path / "other.db")}
    assert run("db", "init", env=other).code == 0
    for name in ("Condax", "Acme Corp"):
        run("account", "add", name, env=other)
    run("account", "edit", "Acme Corp", "--website", "acme.com", env=other)
    done = run("import", tmp_path / "out", env=other)
    assert done.code == 0, done.err
    assert "1 account: 1 changed; 1 contact: 1 new." in done.err
    names = run("account", "list", "--columns", "number,name", "--sort", "number", env=other).out
    assert names.splitlines() == ["A-0001\tCondax", "A-0002\tAcme"]
    (person,) = run("contact", "list", "-f", "json", env=other).json()
    assert person["account"] == "Acme"


def test_a_record_that_was_deleted_comes_back_from_an_export(run: Program, tmp_path: Path) -> None:
    assert run("import", DEMO).code == 0
    assert run("export", "--all", tmp_path / "out").code == 0
    assert run("account", "delete", "GreenTech Ltd", "--yes").code == 0
    assert run("import", tmp_path / "out").code == 0
    assert run("export", "--all", tmp_path / "again").code == 0
    before, after = contents(tmp_path / "out"), contents(tmp_path / "again")
    # Rows that only referred to it changed twice; everything it owned is as it was.
    same = FILES - {"accounts.csv", "tasks.csv", "purchases.csv", "logs.csv"}
    assert {name for name in same if before[name] != after[name]} == set()


# Any text

CONFIG = """
[fields.account]
note = { type = "text" }
score = { type = "number" }
vip = { type = "flag" }
[fields.deal]
since = { type = "date" }
grade = { type = "choice", choices = ["a; b", "c"] }
"""
READING = Reading(read_clock("2026-11-22"), from_document(tomllib.loads(CONFIG)))

ODD = (
    *("'=1", "=1+1", "''=1", "007", "1E5", "TRUE", "3-4", "-", "null", "'", 'x"y', "a,b", "a; b"),
    *("é", "e\u0301", "[red]", "\ufeffx", "\x1b[31m", "\u202e", "\r", "a\r\nb", "  two\n\n l "),
)
TEXTS = st.sampled_from(ODD) | st.text(max_size=12)

# Everything but texts, from a book in which every kind refers to all kinds that it can.
A, B, PRODUCT, MEI, RAJ, DEAL, LOG, REVIEW = (ids.new_id() for _ in range(8))
DEAL_OF_A = {"deal": DEAL, "account": A}
BOOK: tuple[tuple[str, dict[str, Any]], ...] = (
    ("account", {"id": A, "name": "A", "parent": B, "annual_revenue": 1050, "currency": "KWD"}),
    (
        "account",
        {"id": B, "name": "B", "score": 1e-05, "vip": 1, "archived_at": "2026-01-01T00:00:00Z"},
    ),
    ("product", {"id": PRODUCT, "name": "P", "price": 5, "currency": "JPY", "active": 0}),
    ("contact", {"id": MEI, "name": "M", "account": A, "reports_to": RAJ, "primary": 1}),
    ("contact", {"id": RAJ, "name": "R", "phones": ("+6561234567;ext=12", "+4722334455")}),
    ("affiliation", {"contact": MEI, "account": B, "role": "coach", "to_on": "2026-01-31"}),
    (
        "deal",
        {"id": DEAL, "account": A, "title": "D", "stage": "won", "probability": 100}
        | {"category": "closed", "amount": 12345678901, "currency": "SGD", "product": PRODUCT}
        | {"opened_on": "2026-01-01", "closed_on": "2026-02-01", "close_date": "2026-03-01"}
        | {"grade": "a; b", "since": "2026-01-05"},
    ),
    (
        "item",
        {**DEAL_OF_A, "product": PRODUCT, "quantity": 2.5, "unit_price": 5, "currency": "SGD"},
    ),
    ("deal_contact", {**DEAL_OF_A, "contact": RAJ, "role": "legal"}),
    (
        "deal_change",
        {**DEAL_OF_A, "changed_on": "2026-02-01", "field": "stage", "old": "lead", "new": "won"},
    ),
    (
        "log",
        {"id": LOG, **DEAL_OF_A, "kind": "email", "at": "2026-11-20T23:59:59Z", "summary": "L"}
        | {"contacts": (RAJ, MEI), "duration": 90},
    ),
    ("review", {"id": REVIEW, "account": B, "held_on": "2026-11-01", "health": 0, "rating": "red"}),
    (
        "task",
        {**DEAL_OF_A, "text": "T", "contact": MEI, "log": LOG, "review": REVIEW}
        | {"every": "FREQ=MONTHLY;BYDAY=-1FR", "done_at": "2026-11-20T10:00:00Z"},
    ),
    ("task", {"text": "T", "deal": DEAL}),
    ("plan", {"account": A}),
    ("objective", {"account": A, "text": "O", "state": "met", "closed_on": "2026-11-01"}),
    ("objective", {"account": A, "text": "O", "due": "2026-12-31"}),
    (
        "purchase",
        {**DEAL_OF_A, "product": PRODUCT, "amount": 0, "currency": "SGD", "quantity": 0.1}
        | {"purchased_on": "2026-02-01", "reconciled": 1},
    ),
)


def with_texts(draw: st.DrawFn, kind: str, values: dict[str, Any]) -> dict[str, Any]:
    """Return the record with any texts in all fields of text, read as if they had been typed."""
    found = dict(values)
    for name, field in READING.config.fields(kind).items():
        if field.type not in (model.TEXT, model.LONG) or field.fixed or kind == "deal_change":
            continue
        # A text that is refused on the command line is not in a book.
        with suppress(AcctError):
            if field.many:
                read = read_list(field, draw(st.lists(TEXTS, max_size=3)), READING)
            else:
                read = read_field(field, draw(TEXTS), READING)
            found[name] = found.get(name) if read is None else read
    return found


@st.composite
def books(draw: st.DrawFn) -> list[tuple[str, dict[str, Any]]]:
    return [(kind, with_texts(draw, kind, values)) for kind, values in BOOK]


@pytest.mark.slow
@pytest.mark.parametrize("format", ["csv", "json"])
@settings(max_examples=15, suppress_health_check=list(HealthCheck))
@given(found=books())
def test_any_text_in_a_book_comes_back(
    run: Program, home: Path, format: str, found: list[tuple[str, dict[str, Any]]]
) -> None:
    configure(home, CONFIG)
    with tempfile.TemporaryDirectory() as name:
        book = Path(name) / "book.db"
        now, today = "2026-11-22T12:00:00Z", "2026-11-22"
        with writing(
            book, now=now, today=today, who="me", typed="", create=True, notice=print
        ) as tx:
            for kind, values in found:
                known = READING.config.fields(kind)
                custom = {n: values[n] for n in values if known[n].custom}
                own = {n: values[n] for n in values if n not in custom}
                records.insert_all(tx, kind, [(own, custom)], history=False)

        before, after = copied(
            partial(run, env={"ACCTCLI_DB": str(book)}), Path(name), "-f", format
        )
        assert before == after


def test_a_name_of_which_a_part_shows_nothing_comes_back(run: Program, tmp_path: Path) -> None:
    """In a list of names, `;` separates them, and the ids beside it identify them."""
    assert run("account", "add", "Acme").code == 0
    person = run("contact", "add", ";\x1b", "--account", "acme", "-f", "json").json()
    assert run("log", "call", "acme", "Talked", "--with", person["id"]).code == 0
    for format in ("json", "csv"):
        folder, other = tmp_path / format, ("--db", tmp_path / f"{format}.db")
        assert run("export", "--all", folder, "-f", format).code == 0
        back = run(*other, "import", folder, "--create")
        assert back.code == 0, back.err
        (log,) = run(*other, "log", "list", "-f", "json").json()
        assert log["contact_ids"] == [person["id"]]


@pytest.mark.parametrize(
    ("words", "otherwise"),
    [
        (("--as", "account", "-o", "people.xlsx"), "--output people.csv"),
        (("--as", "account", "-f", "xlsx", "-o", "my people.xlsx"), "--output 'my people.csv'"),
        (("--all", "whole.xlsx"), "--all whole"),
    ],
)
def test_without_the_library_of_workbooks_there_is_another_way(
    run: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: Words, otherwise: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    do(run, "account", "add", "Acme")
    refused = run("export", *words)
    assert refused.code == 2
    assert f": {otherwise}. To install:\n  pip install 'acctcli[xlsx]'\n" in refused.err
    kept = [word for word in words if word in ("--as", "account")]
    do(run, "export", *kept, *shlex.split(otherwise))


def test_help_offers_only_the_formats_that_it_writes(run: Program) -> None:
    (line,) = (line for line in run("export", "--help").out.splitlines() if "-f, --format" in line)
    offered = line.partition("One of: ")[2].removesuffix(",").removesuffix(".").split(", ")
    assert offered[:3] == ["csv", "json", "jsonl"]
    do(run, "account", "add", "Acme")
    for format in offered[:3]:
        do(run, "export", "--as", "account", "-f", format)
    assert run("export", "--as", "account", "-f", "md").code == 2


def test_a_kind_without_its_option_is_told_the_command(run: Program) -> None:
    do(run, "account", "add", "Acme")
    refused = run("export", "account")
    assert (refused.code, refused.err) == (
        2,
        "acct: to export these records: acct export --as account\n",
    )
