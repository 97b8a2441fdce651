from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests import books
from tests.store.test_backup import damage

from acctcli.configfile import from_document
from acctcli.errors import StorageError
from acctcli.store import backup, check, records, search
from acctcli.store.check import DAMAGE, PROBLEM, WARNING, Finding
from acctcli.store.journal import Writing, writing
from acctcli.store.opening import open_book, snapshot

POSIX = pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX's")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A small book of every kind of record."""
    path = tmp_path / "book.db"
    books.create(path)
    with command(path) as tx:
        acme = records.insert(
            tx,
            "account",
            {"name": "Acme", "kind": "company", "status": "lead", "tags": ("a", "b")},
            {"segment": "north"},
        )
        mei = records.insert(
            tx, "contact", {"name": "Mei", "account": acme, "emails": ("m@a.com", "n@a.com")}
        )
        support = records.insert(tx, "product", {"name": "Support"})
        deal = records.insert(
            tx,
            "deal",
            {
                **{"account": acme, "title": "Rollout", "stage": "proposal", "amount": 100},
                **{"currency": "SGD", "opened_on": "2026-11-01", "close_date": "2026-12-15"},
            },
        )
        records.insert(tx, "item", {"deal": deal, "account": acme, "product": support})
        records.insert(
            tx,
            "log",
            {
                **{"account": acme, "kind": "call", "at": "2026-11-20T09:00:00Z"},
                **{"summary": "Talked", "contacts": (mei,)},
            },
        )
        records.insert(tx, "task", {"account": acme, "text": "Quote", "due": "2026-11-27"})
        records.insert(tx, "plan", {"account": acme, "goals": "Grow"})
        records.insert(tx, "objective", {"account": acme, "text": "Pilot", "due": "2026-12-15"})
        records.remember_external(tx, "account", "Id", [("7", acme)])
    return path


@contextmanager
def command(path: Path) -> Iterator[Writing]:
    moment = "2026-11-22T09:00:00Z"
    with writing(path, now=moment, today="2026-11-22", who="kim", typed="acct", notice=print) as tx:
        yield tx


OTHER = "00000000-0000-7000-8000-000000000001"
"""The id of a row that another program adds."""

SEGMENT = {"fields": {"account": {"segment": {"type": "text"}}}}


def found(path: Path, document: dict[str, Any] | None = None) -> list[Finding]:
    config = from_document(SEGMENT if document is None else document)
    with closing(open_book(path)) as con:
        return check.find_all(con, path, config)


def test_a_sound_book_has_no_findings(path: Path) -> None:
    assert found(path) == []


PROBLEMS = {
    "references": "UPDATE task SET account_id = 'gone'",
    "orphans": "UPDATE custom SET record_id = 'gone'",
    "orphans ": "UPDATE external_id SET record_id = 'gone'",
    "parts": "UPDATE item SET account_id = 'other'",
    "duplicates": "INSERT INTO account SELECT 'x', created_at, updated_at, updated_by, number, "
    "'Other', 'other', 'company', 'lead', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, "
    "NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM account",
    "duplicates ": "INSERT INTO tag SELECT 'x', account_id, tag, 9 FROM tag WHERE tag = 'a'",
    "duplicates  ": "INSERT INTO email SELECT 'x', contact_id, address, 9 FROM email LIMIT 1",
    "duplicates   ": "INSERT INTO plan SELECT 'x', created_at, updated_at, updated_by, account_id, "
    "NULL, NULL, NULL, NULL, NULL FROM plan",
    "days": "UPDATE deal SET close_date = '2026-02-30'",
    "days ": "UPDATE log SET at = 'yesterday'",
    "days  ": "UPDATE task SET due = '2026-1-5'",
    "money": "UPDATE deal SET currency = 'XYZ'",
    "money ": "UPDATE deal SET currency = NULL",
    "names": "UPDATE contact SET name = 'Ana'",
    "search": "UPDATE log SET summary = 'Zebra'",
    "search ": "DELETE FROM search_doc WHERE kind = 'deal'",
    "search  ": "DELETE FROM search",
    "search   ": "INSERT INTO search_doc (kind, record_id) VALUES ('deal', 'gone')",
}


@pytest.mark.parametrize("expected", PROBLEMS)
def test_each_contradiction_is_found(path: Path, expected: str) -> None:
    books.change(path, PROBLEMS[expected])
    problems = {f.check for f in found(path) if f.severity == PROBLEM}
    assert expected.strip() in problems
    assert all(f.severity != DAMAGE for f in found(path))


def test_the_record_is_named(path: Path) -> None:
    deal = books.value(path, "SELECT id FROM deal")
    books.change(path, "UPDATE deal SET close_date = '2026-02-30', closed_on = 'soon'")
    assert found(path) == [
        Finding(PROBLEM, "days", f'deal.{column} "{stored}" is not a real day', "deal", deal)
        for column, stored in (("close_date", "2026-02-30"), ("closed_on", "soon"))
    ]


def test_a_finding_names_its_record_and_what_is_missing(path: Path) -> None:
    task, account = (books.value(path, f"SELECT id FROM {table}") for table in ("task", "account"))
    books.change(path, "UPDATE task SET account_id = 'gone'")
    what = "task.account_id points to an account that does not exist"
    assert Finding(PROBLEM, "references", what, "task", task) in found(path)
    books.change(path, "UPDATE task SET account_id = ?", account)
    books.change(path, "UPDATE deal SET account_id = 'gone'")
    assert {f.what for f in found(path)} >= {
        "deal.account_id points to an account that does not exist"
    }


@pytest.mark.parametrize("table", ["custom", "external_id"])
def test_what_is_left_of_a_record_says_what_it_is(path: Path, table: str) -> None:
    row = books.value(path, f"SELECT id FROM {table}")
    books.change(path, f"UPDATE {table} SET record_id = 'gone'")
    assert [(f.what, f.record_id) for f in found(path) if f.check == "orphans"] == [
        (f"{table}.record_id points to an account that does not exist", row)
    ]


def test_addresses_are_shared_by_two_and_not_by_one(path: Path) -> None:
    with command(path) as tx:
        values = {"kind": "company", "status": "lead", "website": "acme.com"}
        first = records.insert(tx, "account", {"name": "A", **values})
        person = records.insert(tx, "contact", {"name": "Ana", "emails": ("ana@x.sg",)})
    assert found(path) == []
    with command(path) as tx:
        records.insert(tx, "account", {"name": "B", **values})
        records.insert(tx, "contact", {"name": "Bo", "emails": ("ana@x.sg",)})
    assert [(f.what, f.record_id) for f in found(path)] == [
        ("2 accounts share the website acme.com", first),
        ("2 contacts share the email ana@x.sg", person),
    ]


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("UPDATE deal SET stage = 'limbo'", "stage limbo is not in the settings: 1 deal"),
        ("UPDATE account SET tier = 'gold'", "tier gold is not in the settings"),
        ("UPDATE custom SET field = 'shoe'", "account field shoe is not in the settings"),
        (
            f"INSERT INTO contact SELECT '{OTHER}', created_at, updated_at, updated_by, 'Mei', "
            "'mei', account_id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, NULL, NULL, NULL "
            "FROM contact; "
            f"INSERT INTO email SELECT '{OTHER}', '{OTHER}', address, 0 FROM email "
            "WHERE address = 'm@a.com'",
            "2 contacts share the email m@a.com",
        ),
    ],
)
def test_what_may_be_meant_is_a_warning(path: Path, sql: str, says: str) -> None:
    for statement in sql.split("; "):
        books.change(path, statement)
    with command(path) as tx:
        search.rebuild(tx.con)
    findings = found(path)
    assert {f.severity for f in findings} == {WARNING}
    assert any(says in f.what for f in findings)


def test_damage_is_found_and_nothing_else_is_believed(path: Path) -> None:
    books.change(path, "UPDATE deal SET stage = 'limbo'")
    damage(path)
    findings = found(path)
    assert {f.check for f in findings if f.severity == DAMAGE} == {"integrity"}
    assert "settings" not in {f.check for f in findings}


def test_damage_to_any_page_is_found(path: Path) -> None:
    """A page that no command happens to read is read here; a free page holds nothing."""
    books.change(path, "VACUUM")
    whole = path.read_bytes()
    pages = len(whole) // 4096
    for page in range(2, pages, 9):
        path.write_bytes(whole[: page * 4096] + b"\xff" * 64 + whole[page * 4096 + 64 :])
        try:
            seen = any(f.severity == DAMAGE for f in found(path))
        except StorageError:  # a page of the schema: the book does not even open
            seen = True
        assert seen, page


def test_mending_repairs_what_needs_no_choice_and_can_be_taken_back(path: Path) -> None:
    books.change(path, "UPDATE contact SET name = 'Ana'")
    books.change(path, "UPDATE custom SET record_id = 'gone'")
    books.change(path, "DELETE FROM search")
    assert all(f.fixable for f in found(path))
    with command(path) as tx:
        check.repair(tx, path)
    assert found(path) == []
    assert books.value(path, "SELECT op FROM change ORDER BY seq DESC LIMIT 1") == "delete"
    with snapshot(path) as con:
        assert [hit.title for hit in search.find(con, "ana")] == ["Ana"]


@POSIX
def test_files_that_others_can_read_are_found_and_closed(path: Path) -> None:
    made = backup.make(path, "manual")
    path.chmod(0o644)
    made.chmod(0o640)
    made.parent.chmod(0o755)
    assert [f.check for f in found(path)] == ["privacy"] * 3
    assert all(f.severity == WARNING and f.fixable for f in found(path))
    with command(path) as tx:
        check.repair(tx, path)
    assert found(path) == []


MOUNTS = """\
/dev/vda / ext4 rw 0 0
server:/export /home/kim nfs4 rw 0 0
/dev/vdb /home/kim/local\\040disk ext4 rw 0 0
kim@host:/ /mnt/ssh fuse.sshfs rw 0 0
/home/kim/.enc /home/kim/local\\040disk/secret fuse.gocryptfs rw 0 0
"""


@pytest.mark.parametrize(
    ("place", "risk"),
    [
        ("/srv/book.db", ""),
        ("/home/kim/book.db", "nfs4"),
        ("/home/kim/local disk/book.db", ""),
        ("/home/kim/local disk/secret/book.db", ""),
        ("/mnt/ssh/book.db", "fuse.sshfs"),
        ("/srv/Dropbox/book.db", "Dropbox"),
        ("/srv/Dropbox (Personal)/x/book.db", "Dropbox (Personal)"),
        ("/srv/OneDrive - GreenTech/book.db", "OneDrive"),
        ("/Users/kim/Library/Mobile Documents/book.db", "Mobile Documents"),
        ("/srv/dropboxes/book.db", ""),
        ("/srv/x/dropbox", ""),
    ],
)
def test_places_where_two_writers_meet_are_warned_of(place: str, risk: str) -> None:
    said = check.risk_of_place(Path(place), MOUNTS)
    assert risk in said
    assert bool(said) == bool(risk)


def test_of_two_mounts_on_one_folder_the_last_counts() -> None:
    over = "/dev/vda /srv ext4 rw 0 0\nserver:/x /srv nfs rw 0 0\n"
    assert "nfs" in check.risk_of_place(Path("/srv/book.db"), over)
    under = "server:/x /srv nfs rw 0 0\n/dev/vda /srv ext4 rw 0 0\n"
    assert check.risk_of_place(Path("/srv/book.db"), under) == ""
    # The deepest one counts, wherever it is.
    deeper = "server:/x /srv/net nfs rw 0 0\n/dev/vda / ext4 rw 0 0\nbroken\n"
    assert "nfs" in check.risk_of_place(Path("/srv/net/book.db"), deeper)


def test_the_warning_is_a_finding(path: Path, tmp_path: Path) -> None:
    (tmp_path / "Dropbox").mkdir()
    moved = path.rename(tmp_path / "Dropbox" / "book.db")
    [finding] = found(moved)
    assert (finding.severity, finding.check, finding.fixable) == (WARNING, "place", False)


@pytest.mark.slow
def test_a_hundred_thousand_rows_are_checked_quickly(tmp_path: Path) -> None:
    """The promise is one second, on a machine that is faster than some that run tests."""
    path = tmp_path / "book.db"
    books.create(path)
    with command(path) as tx:
        rows: list[tuple[dict[str, Any], dict[str, Any]]] = [
            ({"name": f"Account {n}", "kind": "company", "status": "lead", "tags": ("x",)}, {})
            for n in range(25_000)
        ]
        records.insert_all(tx, "account", rows)
    rows_there = sum(
        books.value(path, f"SELECT count(*) FROM {table}")
        for table in ("account", "tag", "search_doc", "search")
    )
    assert rows_there > 90_000
    started = time.process_time()  # whatever else the machine does
    assert found(path, {}) == []
    assert time.process_time() - started < 10  # seconds, not minutes: figures are for bench
