from __future__ import annotations

import sqlite3
from contextlib import closing

from acctcli.store import migrations
from acctcli.store.sync import tables


def test_every_table_travels_or_says_why_not() -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as con:
        migrations.migrate(con)
        found = {name for (name,) in con.execute("SELECT name FROM pragma_table_list")}
        made = {name for name in found if not name.startswith(("sqlite_", "search_", "sync_"))} | {
            "search_doc"
        }
        assert made == {*tables.names(), *tables.LOCAL}
        assert all(tables.LOCAL.values())
        order = tables.names()
        for name, table in tables.tables(con).items():
            for reference in table.references:
                if reference.target and reference.target != name:
                    assert order.index(reference.target) < order.index(name)
            assert set(table.needed) <= set(table.cells) <= set(table.columns)


def test_what_follows_from_other_cells_does_not_travel() -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as con:
        migrations.migrate(con)
        found = tables.tables(con)
    assert "name_key" not in found["account"].cells
    assert "account_id" not in found["item"].cells
    assert "account_id" in found["deal"].cells
    assert found["deal"].groups["amount"] == ("amount", "currency")
    assert found["campaign_member"].unique == ("campaign_id", "contact_id", "account_id")
    assert found["campaign_member"].either == ("contact_id", "account_id")
    assert found["custom"].unique == ("record_id", "field")
    assert found["task"].titled == "text"
