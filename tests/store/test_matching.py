from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.store.making import add, writing

from acctcli.drafts import Draft
from acctcli.errors import Conflict
from acctcli.model import KINDS
from acctcli.recipes import Recipe
from acctcli.store.journal import Writing
from acctcli.store.matching import Matching
from acctcli.store.references import References


def draft(line: int, key: str | None = None, **values: Any) -> Draft:
    return Draft(line, {}, values, {}, key)


def matching(
    tx: Writing, kind: str, *drafts: Draft, key: str | None = None, duplicate: bool = False
) -> Matching:
    recipe = Recipe(kind, KINDS[kind].fields, {"id": ("id",)}, key=key)
    return Matching(tx.con, References(tx.con), recipe, drafts, duplicate=duplicate)


def matched(tx: Writing, kind: str, *drafts: Draft, **options: Any) -> list[str]:
    """The id that each row got, in turn."""
    rows = matching(tx, kind, *drafts, **options)
    return [rows.match(one, one.values)[0] for one in drafts]


def test_an_account_is_found_by_its_name_whatever_its_case(tmp_path: Path) -> None:
    with writing(tmp_path / "book.db") as tx:
        acme = add(tx, "account", name="Acme Ltd")
        assert matched(tx, "account", draft(2, name="ACME LTD")) == [acme]
        (new,) = matched(tx, "account", draft(2, name="Acme"))
        assert new != acme


def test_an_own_id_wins_over_an_address_and_an_address_over_a_name(tmp_path: Path) -> None:
    with writing(tmp_path / "book.db") as tx:
        one = add(tx, "account", name="One", website="one.com")
        two = add(tx, "account", name="Two", website="two.com")
        three = add(tx, "account", name="Three")
        by_id = draft(2, id=three, name="Two", website="one.com")
        assert matched(tx, "account", by_id) == [three]
        assert matched(tx, "account", draft(2, name="The One", website="one.com")) == [one]
        assert matched(tx, "account", draft(2, name="Two", website="no.com")) == [two]


def test_an_address_never_renames(tmp_path: Path) -> None:
    with writing(tmp_path / "book.db") as tx:
        add(tx, "account", name="One", website="one.com")
        add(tx, "contact", name="Mei Tan", emails=("info@one.com", "mei@one.com"))
        other = draft(2, name="Two", website="one.com")
        with pytest.raises(Conflict, match=r"belongs to One \(A-0001\), and the row names \"Two\""):
            matched(tx, "account", other)
        raj = draft(2, name="Raj Nair", emails=("mei@one.com",))
        with pytest.raises(Conflict, match="belongs to Mei Tan"):
            matched(tx, "contact", raj)
        # An office's mailbox is nobody's own.
        office = draft(2, name="Raj Nair", emails=("info@one.com",))
        rows = matching(tx, "contact", office)
        assert rows.match(office, office.values)[1] == "new"


def test_people_of_one_name_with_other_addresses_are_two(tmp_path: Path) -> None:
    with writing(tmp_path / "book.db") as tx:
        john = add(tx, "contact", name="John Smith", emails=("john@alpha.example",))
        silent = draft(2, name="John Smith")
        assert matched(tx, "contact", silent) == [john]
        other = draft(2, name="John Smith", emails=("smith@omega.example",))
        third = draft(3, name="John Smith", emails=("js@beta.example",))
        rows = matching(tx, "contact", other, third)
        assert [rows.match(one, one.values)[1] for one in (other, third)] == ["new", "new"]


def test_a_closed_deal_is_only_found_by_what_it_says(tmp_path: Path) -> None:
    with writing(tmp_path / "book.db") as tx:
        acme = add(tx, "account", name="Acme")
        stands: dict[str, Any] = {"account": acme, "title": "Renewal", "stage": "won"}
        stands["opened_on"] = "2026-01-01"
        won = add(tx, "deal", **stands, close_date="2026-10-01", closed_on="2026-10-01")
        said = {"account": acme, "title": "Renewal"}
        same = draft(2, **said, stage="won", close_date="2026-10-01")
        assert matched(tx, "deal", same) == [won]
        for other in (
            draft(2, **said, stage="proposal", close_date="2026-12-31"),
            draft(2, **said, stage="won", close_date="2027-10-01"),
        ):
            rows = matching(tx, "deal", other)
            assert rows.match(other, other.values)[1] == "new"


def test_with_duplicate_an_address_identifies_nobody(tmp_path: Path) -> None:
    with writing(tmp_path / "book.db") as tx:
        one = add(tx, "account", name="One", website="one.com")
        row = draft(2, name="One Ltd", website="one.com")
        assert matched(tx, "account", row) == [one]
        rows = matching(tx, "account", row, duplicate=True)
        id, how = rows.match(row, row.values)
        assert (id != one, how, rows.given_ids) == (True, "new", {id})


def test_a_row_that_says_the_same_again_is_said_to_and_another_is_refused(tmp_path: Path) -> None:
    with writing(tmp_path / "book.db") as tx:
        acme = add(tx, "account", name="Acme")
        first, same, other = (
            draft(2, name="Acme", tier="key"),
            draft(3, name="Acme", tier="key"),
            draft(4, name="Acme", tier="smb"),
        )
        rows = matching(tx, "account", first, same, other)
        assert rows.match(first, first.values) == (acme, "there")
        assert rows.match(same, same.values) == (acme, "repeated")
        with pytest.raises(Conflict, match=r"the same account is already on line 2\. Remove one"):
            rows.match(other, other.values)


def test_of_what_looks_alike_the_second_row_is_the_second_record(tmp_path: Path) -> None:
    with writing(tmp_path / "book.db") as tx:
        acme = add(tx, "account", name="Acme")
        known = [add(tx, "task", account=acme, text="Call", due="2026-12-01") for _ in range(2)]
        rows = [draft(n, account=acme, text="Call", due="2026-12-01") for n in (2, 3, 4)]
        found = matched(tx, "task", *rows)
        assert found[:2] == sorted(known)
        assert found[2] not in known


def test_a_record_that_a_row_names_by_its_id_is_nobody_elses_to_find(tmp_path: Path) -> None:
    with writing(tmp_path / "book.db") as tx:
        acme = add(tx, "account", name="Acme")
        by_name, by_id = draft(2, name="Acme"), draft(3, id=acme, name="Renamed")
        new, found = matched(tx, "account", by_name, by_id)
        assert (new != acme, found) == (True, acme)


def test_a_record_is_named_by_its_name_or_by_the_line_that_adds_it(tmp_path: Path) -> None:
    with writing(tmp_path / "book.db") as tx:
        acme = add(tx, "account", name="Acme")
        row = draft(7, name="New")
        rows = matching(tx, "account", row)
        id, _ = rows.match(row, row.values)
        assert (rows.who(acme), rows.who(id)) == ("Acme (A-0001)", "line 7")


def test_a_person_has_one_part_in_a_deal(tmp_path: Path) -> None:
    with writing(tmp_path / "book.db") as tx:
        account = add(tx, "account", name="A")
        person, other = (add(tx, "contact", name=n, account=account) for n in ("Mei", "Raj"))
        deal = add(tx, "deal", account=account, title="X")
        there = add(tx, "deal_contact", deal=deal, account=account, contact=person)
        rows = matching(tx, "deal_contact")
        row = draft(2, deal=deal, contact=person, role="champion")
        assert rows.match(row, row.values) == (there, "there")
        again = draft(3, deal=deal, contact=person, role="blocker")
        with pytest.raises(Conflict, match="the same deal contact is already on line 2"):
            rows.match(again, again.values)
        second = draft(4, deal=deal, contact=other)
        assert rows.match(second, second.values)[1] == "new"
