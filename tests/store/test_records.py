from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import pytest
from tests.store.making import add

from acctcli import ids, text
from acctcli.errors import Invalid
from acctcli.model import KINDS, Field, Playbook, Row
from acctcli.store import kinds, queries, records
from acctcli.store.journal import Writing
from acctcli.store.kinds import KEYED


def row(tx: Writing, kind: str, id: str) -> dict[str, Any]:
    return queries.get(tx.con, kind, KINDS[kind].fields, id)


def count(tx: Writing, table: str) -> int:
    found: int = tx.con.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]
    return found


# The declarations agree with the schema


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_has_its_column_and_every_column_its_field(kind: str, tx: Writing) -> None:
    columns = {c[1] for c in tx.con.execute(f'PRAGMA table_info("{kind}")')}
    fields = KINDS[kind].fields.values()
    declared = {f.column for f in fields if not (f.many or f.derived)}
    assert columns - declared == {"updated_by"} | ({"name_key"} if kind in KEYED else set())
    assert declared <= columns
    for field in fields:
        if field.rows and not field.derived:
            table, column = field.rows
            of_list = {c[1] for c in tx.con.execute(f'PRAGMA table_info("{table}")')}
            assert {"id", f"{kind}_id", column, "position"} == of_list


def test_what_hangs_on_a_record_is_known_for_every_column_that_points(tx: Writing) -> None:
    known = {
        (table, column, kind)
        for owners in (kinds.OWNED, kinds.LOOSE)
        for kind, places in owners.items()
        for table, column in places
    }
    # What is of a deal is found through the deal, and deleted with it.
    by_parent = set(kinds.OF_DEAL)
    assert by_parent == {"item", "deal_contact", "deal_change", "quote"}
    tables = [r[0] for r in tx.con.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    for table in tables:
        for _, _, target, column, *_ in tx.con.execute(f'PRAGMA foreign_key_list("{table}")'):
            if target in KINDS and not (target == "account" and table in by_parent):
                assert (table, column, target) in known


# Adding


def test_a_record_is_kept_with_its_lists_and_defaults(tx: Writing) -> None:
    id = add(tx, "account", name="Ünion", tags=("b", "a"), custom={"seats": 1.5, "none": None})
    found = row(tx, "account", id)
    assert (found["name"], found["kind"], found["status"]) == ("Ünion", "company", "prospect")
    assert found["tags"] == ("b", "a")
    assert found["created_at"] == found["updated_at"] == "2026-11-22T12:00:00Z"
    kept = tx.con.execute("SELECT name_key, updated_by FROM account").fetchone()
    assert kept == (text.key("Ünion"), "Kim")
    assert tx.con.execute("SELECT field, value FROM custom").fetchall() == [("seats", "1.5")]


def test_account_numbers_count_on_and_are_not_used_twice(tx: Writing) -> None:
    first, second = add(tx, "account", name="A"), add(tx, "account", name="B")
    assert row(tx, "account", second)["number"] == "A-0002"
    records.delete(tx, "account", first)
    third = add(tx, "account", name="C")
    assert row(tx, "account", third)["number"] == "A-0003"
    records.delete(tx, "account", third)  # the highest one: its number is known all the same
    assert row(tx, "account", add(tx, "account", name="D"))["number"] == "A-0004"


def test_the_numbers_of_accounts_that_are_gone_are_found_by_an_index(tx: Writing) -> None:
    """The journal may have a million rows, and `account add` has to be quick."""
    seen: list[str] = []
    tx.con.set_trace_callback(seen.append)
    add(tx, "account", name="A")
    tx.con.set_trace_callback(None)
    (asked,) = [sql for sql in seen if "FROM change" in sql]
    plan = " ".join(step[3] for step in tx.con.execute(f"EXPLAIN QUERY PLAN {asked}"))
    assert "INDEX change_of_gone_account" in plan


def test_numbers_go_on_past_four_digits(tx: Writing) -> None:
    add(tx, "account", name="A", number="A-9999")
    ids = records.insert_all(tx, "account", [({"name": n}, {}) for n in "BC"])
    assert [row(tx, "account", id)["number"] for id in ids] == ["A-10000", "A-10001"]


def test_many_at_once_keep_their_order(tx: Writing) -> None:
    ids = records.insert_all(tx, "product", [({"name": str(n)}, {}) for n in range(20)])
    assert ids == sorted(ids)
    assert [row(tx, "product", id)["name"] for id in ids] == [str(n) for n in range(20)]
    assert records.insert_all(tx, "product", []) == []


def test_a_deal_that_comes_in_closed_has_the_day_in_its_history(tx: Writing) -> None:
    account = add(tx, "account", name="A")
    add(tx, "deal", account=account, title="Open")
    add(tx, "deal", account=account, title="Won", stage="won", closed_on="2026-03-01")
    changes = tx.con.execute("SELECT changed_on, field, old, new FROM deal_change").fetchall()
    assert changes == [("2026-03-01", "stage", None, "won")]


# Changing


def test_what_comes_out_of_an_export_keeps_its_id_and_moments(tx: Writing) -> None:
    id = "01a20128-e349-7f68-8000-000000000001"
    moments: dict[str, Any] = {
        "created_at": "2020-01-02T03:04:05Z",
        "updated_at": "2021-01-02T03:04:05Z",
    }
    assert add(tx, "account", name="A", id=id, number="A-0042", **moments) == id
    found = row(tx, "account", id)
    assert {name: found[name] for name in moments} == moments
    new = row(tx, "account", add(tx, "account", name="B"))
    assert (new["created_at"], new["updated_at"], new["number"]) == (tx.now, tx.now, "A-0043")


def test_a_deal_that_is_read_again_has_no_entry_of_its_own(tx: Writing) -> None:
    deal = {"account": add(tx, "account", name="A"), "title": "X", "stage": "won"}
    deal |= {"opened_on": "2026-03-01", "closed_on": "2026-03-01"}
    records.insert_all(tx, "deal", [(deal, {})], history=False)
    assert count(tx, "deal_change") == 0
    records.insert_all(tx, "deal", [(deal, {})])
    assert count(tx, "deal_change") == 1


def test_the_search_index_hears_of_every_record(tx: Writing) -> None:
    account = add(tx, "account", name="A")
    person = add(tx, "contact", name="Mei", account=account)
    assert tx.touched == {account: "account", person: "contact"}
    tx.touched.clear()
    records.update(tx, "account", account, {"tags": ("x",)})
    assert tx.touched == {account: "account"}
    records.delete(tx, "account", account)
    assert tx.touched == {account: "account", person: "contact"}


def test_an_id_of_another_system_stands_for_the_record(tx: Writing) -> None:
    records.remember_external(tx, "account", "Ref", [("7", "a"), ("8", "b")])
    sql = "SELECT kind, key, value, record_id FROM external_id ORDER BY value"
    assert tx.con.execute(sql).fetchall() == [
        ("account", "Ref", "7", "a"),
        ("account", "Ref", "8", "b"),
    ]


def test_only_what_really_changed_is_reported_and_stamped(tx: Writing) -> None:
    account = add(tx, "account", name="A")
    id = add(tx, "contact", name="Mei", account=account, emails=("a@b.sg", "c@d.sg"))
    tx.now, tx.who = "2026-11-23T08:00:00Z", "Raj"
    same = {"name": "Mei", "account": account, "emails": ("a@b.sg", "c@d.sg"), "primary": False}
    assert records.update(tx, "contact", id, same) == {}
    assert row(tx, "contact", id)["updated_at"] == "2026-11-22T12:00:00Z"
    assert records.update(tx, "contact", id, {"name": "Mei Tan", "title": None}) == {"name": "Mei"}
    assert row(tx, "contact", id)["updated_at"] == "2026-11-23T08:00:00Z"
    assert tx.con.execute("SELECT name_key, updated_by FROM contact").fetchone() == (
        "mei tan",
        "Raj",
    )


@pytest.mark.parametrize(
    ("values", "custom"), [({"tags": ("b",)}, {}), ({}, {"seats": 4}), ({}, {"size": None})]
)
def test_a_change_of_a_list_or_a_custom_field_is_a_change_of_the_record(
    values: dict[str, Any], custom: dict[str, Any], tx: Writing
) -> None:
    id = add(tx, "account", name="A", tags=("a",), custom={"seats": 3, "size": "xl"})
    tx.now, tx.touched = "2026-11-23T08:00:00Z", {}
    assert records.update(tx, "account", id, values, custom)
    assert row(tx, "account", id)["updated_at"] == "2026-11-23T08:00:00Z"
    assert tx.touched == {id: "account"}, "the search index must read it again"


@pytest.mark.parametrize(
    "after", [(), ("b",), ("c", "a", "b"), ("b", "a"), ("d",), ("d", "a", "e", "b")]
)
def test_a_list_is_replaced_in_order(after: tuple[str, ...], tx: Writing) -> None:
    id = add(tx, "account", name="A", tags=("a", "b"))
    assert records.update(tx, "account", id, {"tags": after}) == {"tags": ("a", "b")}
    assert row(tx, "account", id)["tags"] == after
    assert count(tx, "tag") == len(after)


def test_custom_fields_are_set_changed_and_cleared(tx: Writing) -> None:
    id = add(tx, "account", name="A", custom={"size": "xl"})
    assert records.update(tx, "account", id, {}, {"size": "xl", "none": None}) == {}
    assert records.update(tx, "account", id, {}, {"size": "s", "seats": 3.0}) == {
        "size": "xl",
        "seats": None,
    }
    assert records.update(tx, "account", id, {}, {"size": None}) == {"size": "s"}
    assert tx.con.execute("SELECT field, value FROM custom").fetchall() == [("seats", "3")]


def test_an_amount_keeps_its_figures_when_only_its_currency_changes(tx: Writing) -> None:
    account = add(tx, "account", name="A", annual_revenue=120000, currency="SGD")
    before = records.update(tx, "account", account, {"currency": "JPY"})
    assert before == {"annual_revenue": 120000, "currency": "SGD"}
    assert row(tx, "account", account)["annual_revenue"] == 1200
    with pytest.raises(Invalid, match="the currency cannot be empty"):
        records.update(tx, "account", account, {"currency": None})


def test_a_deal_keeps_each_change_of_stage_amount_and_close_date(tx: Writing) -> None:
    account = add(tx, "account", name="A")
    id = add(tx, "deal", account=account, title="X", amount=100, currency="SGD")
    records.update(tx, "deal", id, {"amount": 200, "title": "Y"})
    records.update(tx, "deal", id, {"stage": "won", "closed_on": "2026-11-20"})
    history = tx.con.execute("SELECT field, old, new, changed_on, account_id FROM deal_change")
    assert history.fetchall() == [
        ("amount", "100", "200", "2026-11-22", account),
        ("stage", "proposal", "won", "2026-11-22", account),
    ]


def test_a_deal_that_closes_changed_its_stage_on_the_day_it_closed(tx: Writing) -> None:
    account = add(tx, "account", name="A")
    id = add(tx, "deal", account=account, title="X")
    before = records.update(tx, "deal", id, {"stage": "won", "closed_on": "2026-11-20"})
    assert before == {"stage": "proposal", "closed_on": None}
    assert tx.con.execute("SELECT field, changed_on FROM deal_change").fetchall() == [
        ("stage", "2026-11-20")
    ]


def test_the_history_of_a_deal_never_goes_back(tx: Writing) -> None:
    account = add(tx, "account", name="A")
    id = add(tx, "deal", account=account, title="X")
    for number, day in enumerate(("2026-11-21", "2026-10-01")):
        records.update(tx, "deal", id, {"amount": number, "currency": "SGD"})
        sql = "UPDATE deal_change SET changed_on = ? WHERE changed_on = ?"
        tx.con.execute(sql, (day, tx.today))
    records.update(tx, "deal", id, {"stage": "won", "closed_on": "2026-11-20"})
    sql = "SELECT changed_on FROM deal_change WHERE field = 'stage'"
    assert tx.con.execute(sql).fetchall() == [("2026-11-21",)]


def test_a_deal_that_moves_to_another_account_takes_its_rows_along(tx: Writing) -> None:
    one, other = add(tx, "account", name="A"), add(tx, "account", name="B")
    deal = add(tx, "deal", account=one, title="X")
    product = add(tx, "product", name="P")
    add(tx, "item", deal=deal, account=one, product=product)
    records.update(tx, "deal", deal, {"account": other})
    assert tx.con.execute("SELECT account_id FROM item").fetchall() == [(other,)]


def test_who_goes_to_an_account_takes_what_their_link_to_it_says(tx: Writing) -> None:
    here, there, other = (add(tx, "account", name=name) for name in "ABC")
    link: dict[str, Any] = {"title": "Advisor", "role": "coach", "from_on": "2025-01-01"}

    def moved(values: dict[str, Any], *, typed: bool = True, written: str = "") -> tuple[Any, ...]:
        mei = add(tx, "contact", name="Mei", account=here, title="CFO", since="2020-01-01")
        for account, given in ((there, link), (other, link), (there, {"to_on": "2024-01-01"})):
            add(tx, "affiliation", contact=mei, account=account, **given)
        records.update(tx, "contact", mei, values, typed=typed)
        now = row(tx, "contact", mei)
        left = tx.con.execute(
            "SELECT account_id, to_on FROM affiliation WHERE contact_id = ?", (mei,)
        )
        return now["title"], now["role"], now["since"], set(left.fetchall())

    rest = {(other, None), (there, "2024-01-01")}
    assert moved({"account": there}) == ("Advisor", "coach", "2025-01-01", rest)
    assert moved({"account": there, "title": "CEO"}) == ("CEO", "coach", "2025-01-01", rest)
    stay = ("CFO", None, "2020-01-01", {*rest, (there, None)})
    assert moved({"account": there}, typed=False) == stay
    assert moved({"account": here}) == moved({"account": None}) == moved({"notes": "x"}) == stay


class Stub:
    """Rules that accept everything, and remember the calls."""

    asks = False

    def __init__(self, following: dict[str, Any] | None = None) -> None:
        self.asked: list[tuple[str, dict[str, Any], bool]] = []
        self.next = following

    def complete(
        self,
        kind: str,
        values: Mapping[str, Any],
        current: Mapping[str, Any],
        *,
        typed: bool = True,
        written: str = "",
    ) -> dict[str, Any]:
        self.asked.append((kind, dict(values), typed))
        return dict(values)

    def following(
        self, kind: str, before: Mapping[str, Any], after: Mapping[str, Any]
    ) -> dict[str, Any] | None:
        return self.next if before.get("text") != after.get("text") else None

    def required(self, kind: str, tier: str | None) -> Sequence[str]:
        return ()

    def fields(self, kind: str) -> Mapping[str, Field]:
        return KINDS[kind].fields

    @property
    def watched(self) -> Collection[str]:
        return ()

    def set_off(self, kind: str, before: Row, after: Row) -> Sequence[Playbook]:
        return ()


def test_the_rules_see_what_differs_and_amounts_with_their_currency(tx: Writing) -> None:
    account = add(tx, "account", name="A", tags=("x",), annual_revenue=500, currency="SGD")
    rules = tx.rules = Stub()
    records.update(tx, "account", account, {"name": "A", "city": "Bonn", "tags": ("x",)})
    records.update(tx, "account", account, {"annual_revenue": 500, "currency": "SGD"})
    money = {"annual_revenue": 500, "currency": "EUR"}
    records.update(tx, "account", account, {"name": "A", **money}, typed=False)
    assert rules.asked == [
        ("account", {"city": "Bonn", "tags": ("x",)}, True),
        ("account", {}, True),
        ("account", money, False),
    ]
    rules.asked.clear()
    records.insert_all(tx, "product", [({"name": "P"}, {})])
    records.insert_all(tx, "product", [({"name": "Q"}, {})], judged=True)
    assert rules.asked == [("product", {"name": "P"}, True)]


def test_nobody_is_put_above_themselves_where_rules_hold(tx: Writing) -> None:
    top = add(tx, "account", name="Top")
    low = add(tx, "account", name="Low", parent=top)
    tx.rules = Stub()
    records.update(tx, "account", top, {"name": "Topmost"})
    with pytest.raises(Invalid, match="cannot be above itself"):
        records.update(tx, "account", top, {"parent": low})


def test_what_a_change_calls_into_being_has_the_users_own_fields(tx: Writing) -> None:
    task = add(tx, "task", text="Report", custom={"size": "XL"})
    tx.rules = Stub({"text": "Next report", "due": "2026-12-01"})
    records.update(tx, "task", task, {"text": "Report "})
    ((new, source),) = tx.followed.items()
    assert source == task
    assert row(tx, "task", new)["text"] == "Next report"
    assert [one["value"] for one in tx.rows("custom", "record_id", new)] == ["XL"]
    tx.rules = Stub({"text": "Never"})
    records.update(tx, "task", task, {"owed_by": "them"})
    assert len(tx.followed) == 1


# Removing


def test_an_account_goes_with_all_it_owns_and_nothing_else(tx: Writing) -> None:
    account, child = add(tx, "account", name="A", tags=("x",)), add(tx, "account", name="B")
    records.update(tx, "account", child, {"parent": account})
    person = add(tx, "contact", name="Mei", account=account, emails=("a@b.sg",))
    boss = add(tx, "contact", name="Raj", account=child)
    records.update(tx, "contact", boss, {"reports_to": person})
    deal = add(tx, "deal", account=account, title="X", amount=1, currency="SGD")
    records.update(tx, "deal", deal, {"amount": 2})
    product = add(tx, "product", name="P")
    add(tx, "item", deal=deal, account=account, product=product)
    add(tx, "log", account=account, contacts=(person,), deal=deal)
    add(tx, "log", account=child, contacts=(person, boss))
    add(tx, "task", account=account, text="T", deal=deal, custom={"size": "xl"})
    kept = add(tx, "task", account=child, text="Kept", deal=deal, contact=person)
    records.remember_external(tx, "account", "Id", [("17", account)])

    gone = records.delete(tx, "account", account)
    assert gone["account"] == gone["contact"] == gone["deal"] == gone["log"] == gone["task"] == 1
    assert [r[0] for r in tx.con.execute("SELECT name FROM account")] == ["B"]
    assert row(tx, "account", child)["parent"] is None
    assert row(tx, "contact", boss)["reports_to"] is None
    assert (row(tx, "task", kept)["deal"], row(tx, "task", kept)["contact"]) == (None, None)
    assert count(tx, "log") == count(tx, "task") == count(tx, "product") == 1
    for table in ("tag", "email", "item", "deal_change", "custom", "external_id"):
        assert count(tx, table) == 0, table
    assert count(tx, "log_contact") == 1
    assert tx.con.execute("PRAGMA foreign_key_check").fetchall() == []


def test_who_is_linked_to_another_account_goes_there(tx: Writing) -> None:
    gone, *others = (add(tx, "account", name=name) for name in "ABCD")
    mei = add(tx, "contact", name="Mei", account=gone, title="CFO", primary=1, since="2020-01-01")
    raj = add(tx, "contact", name="Raj", account=gone)
    links: tuple[dict[str, Any], ...] = (
        {"account": others[0], "from_on": "2019-01-01", "to_on": "2020-01-01"},  # it ended
        {"account": others[1], "from_on": "2025-01-01", "title": "Advisor", "role": "coach"},
        {"account": others[2], "from_on": "2026-01-01"},
        {"account": gone, "from_on": "2018-01-01"},
    )
    for link in links:
        add(tx, "affiliation", contact=mei, **link)
    add(tx, "affiliation", contact=raj, account=others[0], from_on="2021-01-01")
    add(tx, "affiliation", contact=raj, account=others[1])  # nobody knows since when: the oldest
    tx.touched.clear()
    records.delete(tx, "account", gone)
    now = row(tx, "contact", mei)
    assert (now["account_id"], now["title"], now["role"]) == (others[1], "Advisor", "coach")
    assert (now["since"], now["primary"]) == ("2025-01-01", 0)
    assert row(tx, "contact", raj)["account_id"] == others[1]
    assert {mei, raj} <= tx.touched.keys()
    left = tx.con.execute("SELECT account_id FROM affiliation WHERE contact_id = ?", (mei,))
    assert sorted(left.fetchall()) == sorted([(others[0],), (others[2],)])


def test_what_goes_along_is_counted_beforehand(tx: Writing) -> None:
    account, other = add(tx, "account", name="A", tags=("x",)), add(tx, "account", name="B")
    person = add(tx, "contact", name="Mei", account=account, emails=("a@b.sg", "c@b.sg"))
    linked = add(tx, "contact", name="Raj", account=account)
    add(tx, "affiliation", contact=linked, account=other)
    for name in ("Ana", "Kim"):
        left = add(tx, "contact", name=name, account=account)
        add(tx, "affiliation", contact=left, account=other, to_on="2026-01-01")
    elsewhere = add(tx, "contact", name="Lee", account=other)
    add(tx, "affiliation", contact=elsewhere, account=account)
    deal = add(tx, "deal", account=account, title="X")
    add(tx, "item", deal=deal, account=account, product=add(tx, "product", name="P"))
    add(tx, "deal_contact", deal=deal, account=account, contact=person)
    for kind in ("log", "log", "purchase", "review", "plan"):
        add(tx, kind, account=account)
    add(tx, "task", account=account, text="T")
    add(tx, "objective", account=account, text="O")

    assert records.belongings(tx.con, "contact", [person]) == {"deal_contact": 1}
    assert records.belongings(tx.con, "deal", [deal]) == {"item": 1}
    assert records.belongings(tx.con, "task", []) == {}
    counted = records.belongings(tx.con, "account", [account])
    assert list(counted) == [
        *("contact", "deal", "log", "task", "purchase", "review", "plan", "objective"),
        "affiliation",
    ]
    # With the other one gone too, nobody has an account left.
    both = records.belongings(tx.con, "account", [account, other])
    assert both["contact"] == 5
    gone = records.delete(tx, "account", account)
    assert {table: gone[table] for table in counted if table != "affiliation"} == {
        table: n for table, n in counted.items() if table != "affiliation"
    }
    assert (counted["contact"], counted["log"], counted["affiliation"]) == (3, 2, 1)
    gone = records.delete(tx, "account", other)
    assert gone["contact"] == 2


def test_everything_that_was_written_is_in_the_journal(tx: Writing) -> None:
    id = add(tx, "account", name="A", tags=("x",))
    records.update(tx, "account", id, {"name": "B"}, {"size": "xl"})
    records.delete(tx, "account", id)
    told = tx.con.execute("SELECT tbl, op, before FROM change ORDER BY seq").fetchall()
    assert [(tbl, op) for tbl, op, _ in told] == [
        ("account", "insert"),
        ("tag", "insert"),
        ("account", "update"),
        ("custom", "insert"),
        ("tag", "delete"),
        ("custom", "delete"),
        ("account", "delete"),
    ]
    assert json.loads(told[2][2])["name"] == "A"


# What two machines must agree on


def test_the_next_number_is_counted_in_our_own_series(tx: Writing) -> None:
    add(tx, "account", name="Theirs", number="B-0040")
    first = add(tx, "account", name="Ours")
    add(tx, "account", name="From another machine of ours", number="A-0007")
    assert row(tx, "account", first)["number"] == "A-0001"
    assert row(tx, "account", add(tx, "account", name="Next"))["number"] == "A-0008"


def test_what_stands_at_one_place_of_a_list_is_in_the_order_of_ids(tx: Writing) -> None:
    account = add(tx, "account", name="A", tags=("x", "y"))
    tx.con.execute("UPDATE tag SET position = 0")
    ordered = tx.con.execute("SELECT tag FROM tag ORDER BY id").fetchall()
    assert row(tx, "account", account)["tags"] == tuple(tag for (tag,) in ordered)


def test_an_id_of_another_system_is_made_of_what_it_says(tx: Writing) -> None:
    account = add(tx, "account", name="A")
    records.remember_external(tx, "account", "crm", [("17", account)])
    found = tx.con.execute("SELECT id FROM external_id").fetchone()[0]
    assert found == ids.fact_id("external_id", "account", "crm", "17")
