from __future__ import annotations

from pathlib import Path

from tests.conftest import Program

from acctcli.book import pack
from acctcli.book.context import Context


def test_the_bundle_comes_last_so_that_it_has_everything(run: Program, book: Path) -> None:
    run("account", "add", "Acme")
    run("contact", "add", "Mei", "--account", "Acme")
    context = Context()
    with context.write() as tx:
        ids = [context.find(tx.con, "account", "Acme").id]
        files = pack.files(context, tx, ids, "Ben", lambda table, rows: [str(len(list(rows)))])
        found = {name: "".join(parts) for name, parts in files}
    assert list(found)[-1] == pack.BUNDLE
    assert found["accounts.csv"] == found["contacts.csv"] == "1"
    assert "deals.csv" not in found
    assert "FN:Mei" in found["contacts.vcf"]
    assert set(found) <= {*pack.names()}
