"""The records that rows of an import name, found without a query for each row."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.store.making import add, writing

from acctcli import text
from acctcli.errors import NotFound
from acctcli.model import KINDS, Field
from acctcli.store.journal import Writing
from acctcli.store.references import References

ACCOUNT = KINDS["contact"].fields["account"]
PERSON = KINDS["task"].fields["contact"]


@pytest.fixture
def tx(tmp_path: Path) -> Iterator[Writing]:
    with writing(tmp_path / "book.db") as tx:
        for number in range(40):
            account = add(tx, "account", name=f"Northern Light {number:03}")
            add(tx, "contact", account=account, name=f"Mei Tan {number:03}")
        yield tx


def refusals(
    references: References, field: Field, typed: list[str], account: str | None = None
) -> list[str]:
    said = []
    for one in typed:
        with pytest.raises(NotFound) as refused:
            references.resolve(field, one, "", account, field.name)
        said.append(str(refused.value))
    return said


def test_the_nearest_names_are_looked_for_as_often_as_somebody_reads_them(
    tx: Writing, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = 0
    near = text.near

    def counted(word: str, names: list[str], limit: int = 3) -> list[str]:
        nonlocal looked
        looked += 1
        return near(word, names, limit)

    monkeypatch.setattr(text, "near", counted)
    said = refusals(References(tx.con), ACCOUNT, [f"Nothern Lihgt {n:03}" for n in range(200)])
    assert "Did you mean Northern Light 000" in said[0]
    assert said[-1].startswith('account "Nothern Lihgt 199": no such account. To add')
    assert looked == 25


def test_a_person_who_is_nowhere_is_one_unknown_name(tx: Writing) -> None:
    references = References(tx.con)
    (account,) = tx.con.execute("SELECT id FROM account LIMIT 1").fetchone()
    (said,) = refusals(references, PERSON, ["Mey Tan 000"], account)
    assert said.startswith('contact "Mey Tan 000": no such contact. Did you mean Mei Tan 000')


@pytest.mark.parametrize(
    "typed", ["northern light 007", "Northern Light 007", "light 007", "A-0008"]
)
def test_parts_and_numbers_are_found_however_many_names_were_unknown(
    tx: Writing, typed: str
) -> None:
    references = References(tx.con)
    refusals(references, ACCOUNT, [f"Zzz {n}" for n in range(60)])
    id = references.resolve(ACCOUNT, typed, "", None, "account")
    (name,) = tx.con.execute("SELECT name FROM account WHERE id = ?", (id,)).fetchone()
    assert name == "Northern Light 007"


def test_an_address_is_whole_wherever_it_stands_and_nothing_to_be_told(tmp_path: Path) -> None:
    with writing(tmp_path / "book.db") as tx:
        one = add(tx, "account", name="One", phone="+6561234567", other_websites=("one.sg",))
        person = add(tx, "contact", account=one, name="Mei Tan", phones=("+6591234567",))
        references = References(tx.con)
        for typed in ("+6561234567", "ONE.SG", "a-0001"):
            assert references.resolve(ACCOUNT, typed, "", None, "account") == one
        assert references.resolve(PERSON, "+6591234567", "", None, "contact") == person
        assert references.read_as == {}, "an address is no part of a name"


def test_a_record_may_be_among_the_rows_that_are_refused(tx: Writing) -> None:
    references = References(tx.con)
    (said,) = refusals(references, PERSON, ["Nobody"])
    assert "Import its contacts in the same command" in said
    references.judged("contact", 0)
    (said,) = refusals(references, PERSON, ["Nobody"])
    assert "The contacts of this import do not have it either" in said
    references.judged("contact", 2)
    (said,) = refusals(references, PERSON, ["Nobody"])
    assert "It may be among the 2 contacts that this import refuses" in said
