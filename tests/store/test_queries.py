from __future__ import annotations

from pathlib import Path

import pytest
from tests.store.making import add, writing

from acctcli import model
from acctcli.configfile import from_document
from acctcli.errors import UsageError
from acctcli.model import KINDS, Deal, Ref
from acctcli.store import queries
from acctcli.store.filters import Condition
from acctcli.store.journal import Writing
from acctcli.store.opening import snapshot
from acctcli.store.queries import Listing
from acctcli.values.fields import as_json, decode

ACCOUNT = KINDS["account"].fields


def names(
    tx: Writing, sort: str = "", kind: str = "account", fields: object = None, **listing: object
) -> list[str]:
    title = KINDS[kind].title
    known = fields if isinstance(fields, dict) else KINDS[kind].fields
    asked = Listing(sort=sort, **listing)  # type: ignore[arg-type]
    rows = queries.select(tx.con, kind, known, asked, names=[title])
    return [row[title] for row in rows]


# Rows


def test_a_row_has_every_field_by_its_name_in_json(tx: Writing) -> None:
    parent = add(tx, "account", name="Holding")
    add(tx, "account", name="Acme", parent=parent, tags=("b", "a"))
    row = queries.select(tx.con, "account", ACCOUNT)[0]
    assert as_json(ACCOUNT, row).keys() <= row.keys()
    assert (row["parent"], row["parent_id"], row["tags"]) == ("Holding", parent, ("b", "a"))
    assert "last_touch" not in row


def test_only_what_is_asked_for_is_read_with_what_always_comes_along(tx: Writing) -> None:
    account = add(tx, "account", name="A")
    id = add(tx, "deal", account=account, title="X", amount=5, currency="JPY")
    rows = queries.select(tx.con, "deal", Deal.fields, names=["amount"])
    assert rows == [{"amount": 5, "id": id, "currency": "JPY", "closed_on": None}]


def test_lists_of_records_come_by_name_and_by_id_in_order(tx: Writing) -> None:
    account = add(tx, "account", name="A")
    people = [add(tx, "contact", name=name) for name in ("Zoë", "Ana")]
    add(tx, "log", account=account, contacts=tuple(people))
    row = queries.select(tx.con, "log", KINDS["log"].fields)[0]
    assert row["contacts"] == ("Zoë", "Ana")
    assert row["contact_ids"] == tuple(people)
    assert decode(model.Log, row).contacts == (Ref(people[0], "Zoë"), Ref(people[1], "Ana"))


def test_computed_fields_come_when_they_are_named(tx: Writing) -> None:
    account = add(tx, "account", name="A")
    mei = add(tx, "contact", name="Mei", account=account)
    deal = add(tx, "deal", account=account, title="X")
    for at, kind, direction in (
        ("2026-11-01T09:00:00Z", "call", None),
        ("2026-11-02T09:00:00Z", "email", "in"),
        ("2026-11-03T09:00:00Z", "email", "out"),
        ("2026-11-04T09:00:00Z", "note", None),
    ):
        add(tx, "log", account=account, at=at, kind=kind, direction=direction, contacts=(mei,))
    add(tx, "task", account=account, text="done", due="2026-11-05", done_at="2026-11-05T09:00:00Z")
    add(tx, "task", account=account, text="later", due="2026-12-05")
    add(tx, "task", account=account, text="next", due="2026-12-01", deal=deal)
    add(tx, "task", account=account, text="after", due="2026-12-09", deal=deal)
    raj = add(tx, "contact", name="Raj", account=account)
    add(tx, "log", account=account, at="2026-11-09T09:00:00Z", kind="note", contacts=(raj,))
    add(tx, "task", account=account, text="of none", due="2026-12-02")
    row = queries.get(tx.con, "account", ACCOUNT, account)
    assert (row["last_touch"], row["next_step"]) == ("2026-11-02T09:00:00Z", "2026-12-01")
    person = queries.get(tx.con, "contact", KINDS["contact"].fields, mei)
    assert person["last_touch"] == "2026-11-02T09:00:00Z"
    assert queries.get(tx.con, "deal", Deal.fields, deal)["next_step"] == "2026-12-01"
    without = add(tx, "deal", account=account, title="Y")
    assert queries.get(tx.con, "deal", Deal.fields, without)["next_step"] is None


OWN = from_document(
    {
        "fields": {
            "account": {
                "seats": {"type": "integer"},
                "fit": {"type": "number"},
                "vip": {"type": "flag"},
                "motto": {"type": "text"},
                "size": {"type": "choice", "choices": ["S", "XL", "o'clock"]},
                "region": {"type": "choice", "choices": ["north", "south"]},
            }
        }
    }
).fields("account")


def test_custom_fields_come_in_their_own_types(tx: Writing) -> None:
    custom = {"seats": 9, "fit": 1.5, "vip": 1, "motto": "9"}
    add(tx, "account", name="A", custom=custom)
    add(tx, "account", name="B")
    first, second = queries.select(tx.con, "account", OWN, names=list(custom))
    assert [first[name] for name in custom] == [9, 1.5, 1, "9"]
    assert [second[name] for name in custom] == [None] * 4


def test_what_was_entered_under_another_type_is_not_there(tx: Writing) -> None:
    add(tx, "account", name="A", custom={"seats": "many", "fit": "1,5", "vip": "yes"})
    (row,) = queries.select(tx.con, "account", OWN, names=["seats", "fit", "vip"])
    assert (row["seats"], row["fit"], row["vip"]) == (None, None, None)


# Order


def test_a_list_has_the_order_of_its_kind_unless_told(tx: Writing) -> None:
    for name in ("beta", "Ácme", "Condax", "acorn"):
        add(tx, "account", name=name)
    assert names(tx) == ["Ácme", "acorn", "beta", "Condax"]
    assert names(tx, "-name") == ["Condax", "beta", "acorn", "Ácme"]
    assert names(tx, "id") == ["beta", "Ácme", "Condax", "acorn"]


def test_empty_values_come_last_either_way_and_ties_in_the_order_of_entry(tx: Writing) -> None:
    for name, employees in (("a", None), ("b", 5), ("c", 7), ("d", 5)):
        add(tx, "account", name=name, employees=employees)
    assert names(tx, "employees") == ["b", "d", "c", "a"]
    assert names(tx, "-employees") == ["c", "b", "d", "a"]
    assert names(tx, " -employees , -name ") == ["c", "d", "b", "a"]
    assert names(tx, "-revenue,-name") == ["d", "c", "b", "a"]


def test_vocabularies_sort_in_their_own_order(tx: Writing) -> None:
    account = add(tx, "account", name="A")
    for name, influence in (("m", "medium"), ("h", "high"), ("n", None), ("l", "low")):
        add(tx, "contact", name=name, account=account, influence=influence)
    assert names(tx, "influence", "contact") == ["h", "m", "l", "n"]
    assert names(tx, "-influence", "contact") == ["l", "m", "h", "n"]


def test_tiers_and_stages_sort_as_the_settings_have_them(tx: Writing) -> None:
    for tier in ("smb", "strategic", "old", "key", None):
        add(tx, "account", name=str(tier), tier=tier)
    ranks = {model.TIER: ("strategic", "key", "smb")}
    assert names(tx, "tier", ranks=ranks) == ["strategic", "key", "smb", "old", "None"]
    assert names(tx, "tier") == ["key", "old", "smb", "strategic", "None"]


def test_custom_fields_sort_by_their_type(tx: Writing) -> None:
    for name, custom in (
        ("a", {"seats": 10, "size": "XL", "motto": "b"}),
        ("b", {"seats": 9, "size": "o'clock", "motto": "A"}),
        ("c", {"size": "S"}),
    ):
        add(tx, "account", name=name, custom=custom)
    assert names(tx, "seats", fields=OWN) == ["b", "a", "c"]
    assert names(tx, "-seats", fields=OWN) == ["a", "b", "c"]
    assert names(tx, "size", fields=OWN) == ["c", "a", "b"]
    assert names(tx, "motto", fields=OWN) == ["b", "a", "c"]


def test_amounts_sort_by_the_figures_that_are_read(tx: Writing) -> None:
    account = add(tx, "account", name="A")
    for minor, currency in ((500000, "JPY"), (120000, "SGD"), (1300000, "KWD"), (2**62, "SGD")):
        add(tx, "deal", account=account, title=currency, amount=minor, currency=currency)
    assert names(tx, "amount", "deal") == ["SGD", "KWD", "JPY", "SGD"]


def test_references_sort_by_name(tx: Writing) -> None:
    one, other = add(tx, "account", name="zeta"), add(tx, "account", name="Ácme")
    add(tx, "deal", account=one, title="X")
    add(tx, "deal", account=other, title="Y")
    assert names(tx, "account", "deal") == ["Y", "X"]


@pytest.mark.parametrize(
    ("sort", "says"),
    [
        ("(select 1)", 'no account field "(select 1)". Fields: id, number, name,'),
        ("nmae", 'no account field "nmae". Did you mean name?'),
        ("tags", 'no account field "tags".'),
        ("name,", 'no account field "".'),
        ("-", 'no account field "".'),
        ("name; drop table account", "no account field"),
        ("name desc", "no account field"),
        ("\x1b[31m", '"\\x1b[31m"'),
    ],
)
def test_what_is_no_field_to_sort_by_is_refused(sort: str, says: str, tx: Writing) -> None:
    with pytest.raises(UsageError) as refused:
        names(tx, sort)
    assert str(refused.value).startswith("--sort: ")
    assert says in str(refused.value)


# Pages of a list


def test_a_part_of_a_list(tx: Writing) -> None:
    for name in "abcde":
        add(tx, "account", name=name)
    assert names(tx, limit=2) == ["a", "b"]
    assert names(tx, limit=2, offset=3) == ["d", "e"]
    assert names(tx, offset=4) == ["e"]
    assert names(tx, limit=0) == []
    assert names(tx, offset=9) == []


def test_conditions_must_all_hold(tx: Writing) -> None:
    for name, tier in (("a", "key"), ("b", "key"), ("c", None)):
        add(tx, "account", name=name, tier=tier)
    conditions = [Condition("t.tier = ?", ["key"]), Condition("t.name > ?", ["a"])]
    assert names(tx, conditions=conditions) == ["b"]
    assert names(tx, conditions=conditions, limit=1, offset=1) == []
    assert queries.count(tx.con, "account", conditions) == 1
    assert queries.count(tx.con, "account") == 3


def test_ids_are_given_in_any_number(tx: Writing) -> None:
    ids = [add(tx, "account", name=name) for name in "abc"]
    many = [*ids[:2], *(f"none-{n}" for n in range(40_000))]
    assert names(tx, conditions=[queries.by_ids("id", many)]) == ["a", "b"]
    assert names(tx, conditions=[queries.by_id("id", ids[2])]) == ["c"]


def test_what_is_counted_without_naming_it(book: Path) -> None:
    with writing(book) as tx:
        statuses = ("lead", "prospect", "customer", "former")
        ids = [add(tx, "account", name=status.title(), status=status) for status in statuses]
        add(tx, "account", name="Gone", archived_at="2026-01-01T00:00:00Z")
        add(tx, "task", text="Open", account=ids[0])
        for text in ("Done", "Done too"):
            add(tx, "task", text=text, done_at="2026-11-01T09:00:00Z")
    with snapshot(book) as con:  # a connection without any query before
        named = Condition("key(t.name) = ?", ["gone"])
        assert queries.count(con, "account", [named]) == 1
        assert queries.count(con, "account") == 5
        assert queries.count(con, "account", [queries.NOT_ARCHIVED]) == 4
        assert queries.count(con, "account", [queries.NOT_ARCHIVED, queries.NOT_FORMER]) == 3
        assert queries.count(con, "account", [queries.NOT_ARCHIVED, queries.SOLD_TO]) == 2
        assert queries.count(con, "task", [queries.OPEN_TASKS]) == 1
        assert queries.count(con, "task", [queries.DONE_TASKS]) == 2
