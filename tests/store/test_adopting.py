"""A new built-in field takes over a custom field of that name."""

from __future__ import annotations

import gzip
from contextlib import closing
from pathlib import Path

import pytest
from tests import books
from tests.conftest import Program

from acctcli.store.opening import open_book

OLD = Path(__file__).parent.parent / "fixtures" / "schema" / "v2.db.gz"

ADD = (
    "INSERT INTO custom (id, kind, record_id, field, value) "
    "SELECT lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-' || hex(randomblob(2)) "
    "|| '-' || hex(randomblob(2)) || '-' || hex(randomblob(6))), '{0}', id, '{1}', '{2}' FROM {0}"
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "book.db"
    path.write_bytes(gzip.decompress(OLD.read_bytes()))
    for kind, field, value in (
        ("account", "aliases", "GT; The greens"),
        ("account", "other_phones", "not a number"),
        ("contact", "birthday", "1980-02-03"),
        ("contact", "tags", "golf"),
        ("log", "attempt", "0"),
        ("purchase", "notice_days", "90"),
    ):
        books.change(path, ADD.format(kind, field, value))
    books.change(
        path,
        "UPDATE custom SET value = 'in spring' WHERE field = 'birthday' "
        "AND record_id = (SELECT max(id) FROM contact)",
    )
    return path


def test_values_move_into_the_new_field_where_they_can_be_read(path: Path, run: Program) -> None:
    said: list[str] = []
    open_book(path, notice=said.append).close()
    accounts = books.value(path, "SELECT count(*) FROM account")
    assert said[1:] == [
        f"{accounts} values of your own account field other_phones cannot be read as the "
        "new field other_phones: still there as before, see acct db check",
        "1 value of your own contact field birthday cannot be read as the new field "
        "birthday: still there as before, see acct db check",
    ]
    shown = run("--db", path, "account", "show", "greentech.sg", "-f", "json").json()
    assert shown["aliases"] == ["GT", "The greens"]
    people = run("--db", path, "contact", "list", "-f", "json").json()
    assert sorted(str(person["birthday"]) for person in people) == ["1980-02-03", "None"]
    assert [person["tags"] for person in people] == [["golf"], ["golf"]]
    (purchase,) = run("--db", path, "purchase", "list", "-f", "json").json()
    assert purchase["notice_days"] == 90
    left = books.value(path, "SELECT group_concat(DISTINCT field) FROM custom")
    assert set(left.split(",")) == {"other_phones", "birthday", "segment"}
    with closing(open_book(path)) as con:
        assert con.execute("PRAGMA foreign_key_check").fetchall() == []
    assert books.sound(path)


def test_settings_that_still_declare_it_are_taken(run: Program, home: Path) -> None:
    (home / "config.toml").write_text(
        '[fields.contact.birthday]\ntype = "date"\n'
        '[fields.deal.tags]\ntype = "choice"\nchoices = ["big"]\n'
    )
    added = run("contact", "add", "Mei", "--birthday", "1980-02-03", "-f", "json")
    assert added.code == 0
    assert added.json()["birthday"] == "1980-02-03"
    assert "acct has a field birthday of contacts now" in added.err
    assert "tags" not in added.err
