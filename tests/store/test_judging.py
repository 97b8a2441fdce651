from __future__ import annotations

from pathlib import Path

from tests.store.imported import counts, judged, source
from tests.store.making import add, writing

from acctcli.store.judgement import Refusal


def test_rows_are_new_changed_or_the_same_and_only_looked_at(tmp_path: Path) -> None:
    with writing(tmp_path / "book.db") as tx:
        add(tx, "account", name="Acme", kind="company", status="lead", tier="key")
        add(tx, "account", name="Beta", kind="company", status="lead", tier="key")
        rows = [{"name": name, "tier": tier} for name, tier in (("Acme", "key"), ("Beta", "smb"))]
        found = judged(tx, source("account", [*rows, {"name": "New", "tier": "key"}]))
        assert counts(found) == [(1, 1, 1)]
        assert [entry.values for entry in found.files[0].changed] == [{"tier": "smb"}]
        assert tx.con.execute("SELECT count(*) FROM account").fetchone() == (2,)


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
