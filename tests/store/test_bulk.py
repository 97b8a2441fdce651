from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests import books
from tests.store.making import READING, add, writing

from acctcli.drafts import Draft, Recipe
from acctcli.model import KINDS
from acctcli.store import bulk
from acctcli.store.journal import Writing
from acctcli.store.judgement import Judgement, Refusal, Source

Rows = list[dict[str, str]]


def source(kind: str, rows: Rows, key: str | None = None) -> Source:
    """A file of these cells; what they mean is what they say. The first row is on line 2."""
    fields = KINDS[kind].fields
    drafts = []
    for line, row in enumerate(rows, start=2):
        cells = {name: cell for name, cell in row.items() if name != key}
        drafts.append(Draft(line, cells, {**cells}, {}, row.get(key or "")))
    columns = {name: (name,) for row in rows for name in row if name in fields}
    return Source("file.csv", Recipe(kind, fields, columns, key=key), drafts)


def complete(
    kind: str, values: dict[str, Any], current: Mapping[str, Any], /, *, written: str = ""
) -> dict[str, Any]:
    """What a new account has besides its name."""
    needed = {"kind": "company", "status": "lead"} if kind == "account" and not current else {}
    return {**needed, **values}


def judged(tx: Writing, *sources: Source, **options: bool) -> Judgement:
    rules = bulk.ImportRules(READING, complete, **options)
    return bulk.judge(tx.con, sources, rules, lambda count: None)


def counts(judgement: Judgement) -> list[tuple[int, int, int]]:
    return [(len(one.new), len(one.changed), len(one.same)) for one in judgement.files]


def test_rows_are_new_changed_or_the_same_and_only_looked_at(tmp_path: Path) -> None:
    with writing(tmp_path / "book.db") as tx:
        add(tx, "account", name="Acme", kind="company", status="lead", tier="key")
        add(tx, "account", name="Beta", kind="company", status="lead", tier="key")
        rows = [{"name": name, "tier": tier} for name, tier in (("Acme", "key"), ("Beta", "smb"))]
        found = judged(tx, source("account", [*rows, {"name": "New", "tier": "key"}]))
        assert counts(found) == [(1, 1, 1)]
        assert [entry.values for entry in found.files[0].changed] == [{"tier": "smb"}]
        assert tx.con.execute("SELECT count(*) FROM account").fetchone() == (2,)


def test_what_was_judged_is_written(tmp_path: Path) -> None:
    book = tmp_path / "book.db"
    with writing(book) as tx:
        add(tx, "account", name="Beta", kind="company", status="lead", tier="key")
        done: list[int] = []
        rows = [{"name": "Beta", "tier": "smb"}, {"name": "New", "tier": "key"}]
        bulk.write(tx, judged(tx, source("account", rows)), done.append)
    assert sum(done) == 2
    names = "SELECT group_concat(name || ' ' || tier, ', ') FROM (SELECT * FROM account ORDER BY 1)"
    assert sorted(books.value(book, names).split(", ")) == ["Beta smb", "New key"]
    assert books.sound(book)


def test_a_row_may_name_what_an_earlier_file_adds(tmp_path: Path) -> None:
    book = tmp_path / "book.db"
    with writing(book) as tx:
        found = judged(
            tx,
            source("account", [{"name": "Acme"}]),
            source("contact", [{"name": "Mei", "account": "Acme"}]),
        )
        bulk.write(tx, found, lambda count: None)
    linked = "SELECT a.name FROM contact c JOIN account a ON a.id = c.account_id"
    assert books.value(book, linked) == "Acme"


def test_what_points_to_a_refused_record_is_refused_with_it(tmp_path: Path) -> None:
    with writing(tmp_path / "book.db") as tx:
        found = judged(
            tx,
            source("account", [{"name": "A", "parent": "Nobody"}, {"name": "B"}]),
            source("contact", [{"name": "Mei", "account": "A"}, {"name": "Raj", "account": "B"}]),
        )
        accounts, people = found.files
        assert [one.line for one in accounts.refused] == [2]
        assert people.refused == [Refusal(2, "it names a record that is refused itself")]
        assert counts(found) == [(1, 0, 0), (1, 0, 0)]


def test_accounts_that_are_not_there_are_made_up_only_where_that_is_asked(tmp_path: Path) -> None:
    with writing(tmp_path / "book.db") as tx:
        rows = source("contact", [{"name": "Mei", "account": "Acme"}])
        assert counts(judged(tx, rows)) == [(0, 0, 0)]
        found = judged(tx, rows, create_accounts=True)
        assert list(found.created.values()) == ["Acme"]
        bulk.write(tx, found, lambda count: None)
        assert tx.con.execute("SELECT name FROM account").fetchall() == [("Acme",)]


def test_their_ids_are_kept_and_found_again(tmp_path: Path) -> None:
    with writing(tmp_path / "book.db") as tx:
        first = judged(tx, source("account", [{"name": "Acme", "Id": "7"}], key="Id"))
        bulk.write(tx, first, lambda count: None)
        again = judged(tx, source("account", [{"name": "Renamed", "Id": "7"}], key="Id"))
        assert counts(again) == [(0, 1, 0)]
        assert [entry.values for entry in again.files[0].changed] == [{"name": "Renamed"}]
