from __future__ import annotations

from contextlib import closing
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.store.making import READING, add

from acctcli import model, where
from acctcli.config import Config
from acctcli.configfile import from_document
from acctcli.errors import UsageError
from acctcli.store import filters, lookup, queries, records, where_sql
from acctcli.store.journal import Writing
from acctcli.store.queries import Listing

CONFIG = from_document(
    {
        "fields": {
            "account": {
                "seats": {"type": "integer"},
                "fit": {"type": "number"},
                "odds": {"type": "percent"},
                "since": {"type": "date"},
                "vip": {"type": "flag"},
                "size": {"type": "choice", "choices": ["S", "XL"]},
                "motto": {"type": "text"},
                "region": {"type": "choice", "choices": ["North", "Süd"]},
            }
        }
    }
)


def fitting(
    tx: Writing, kind: str, typed: str, *, config: Config = CONFIG, by_name: bool = True
) -> list[str]:
    """Return the titles of the records that match, in the order of entry."""
    reading = READING.replace(config=config)
    if by_name:
        reading = reading.replace(find=lambda kind, typed: lookup.find(tx.con, kind, typed).id)
    fields = config.fields(kind)
    condition = where_sql.compile_text(typed, kind, fields, reading)
    title = model.KINDS[kind].title
    rows = queries.select(tx.con, kind, fields, Listing([condition], sort="id"), names=[title])
    return [row[title] for row in rows]


@pytest.fixture
def accounts(tx: Writing) -> Writing:
    """A has everything, B has other values, C has nothing but its name."""
    parent = add(tx, "account", name="Holding")
    add(
        tx,
        "account",
        name="Ácme",
        kind="individual",
        status="customer",
        tier="key",
        parent=parent,
        industry="Solar Energy",
        website="acme.sg",
        phone="+6561234567",
        country="SG",
        employees=1200,
        annual_revenue=150000000,
        currency="SGD",
        tags=("expo", "VIP"),
        snoozed_until="2026-12-01",
        region="Süd",
        description="First line\nsecond",
        custom={
            "seats": 9,
            "fit": 1.5,
            "odds": 40,
            "since": "2026-03-01",
            "vip": 1,
            "size": "XL",
            "motto": "O'Neil & Sons",
        },
    )
    add(
        tx,
        "account",
        name="Betatech",
        tier="growth",
        industry="retail",
        country="DE",
        employees=900,
        annual_revenue=90000000,
        currency="JPY",
        custom={"seats": 10, "fit": -2.25, "since": "2026-04-01", "vip": 0, "motto": "100%"},
    )
    add(tx, "account", name="Condax")
    return tx


# Every type of field


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("name = acme", "Ácme"),
        ("name ~ CME", "Ácme"),
        ("name = ácm", ""),
        ("name > b and name < c", "Betatech"),
        ("kind = Individual", "Ácme"),
        ("status != prospect", "Ácme"),
        ("tier = KEY", "Ácme"),
        ("tier in (key, growth)", "Ácme Betatech"),
        ("tier not in (key, growth)", "Holding Condax"),
        ("tier ~ ke", "Ácme"),
        ("parent = holding", "Ácme"),
        ("parent = A-0001", "Ácme"),
        ("parent = hold", "Ácme"),
        ("parent ~ old", "Ácme"),
        ("parent != holding", "Holding Betatech Condax"),
        ("industry ~ energy", "Ácme"),
        ("website = https://www.acme.sg", "Ácme"),
        ("phone = '+65 6123 4567'", "Ácme"),
        ("phone ~ 6123", "Ácme"),
        ("country = Singapore", "Ácme"),
        ("country in (sg, Germany)", "Ácme Betatech"),
        ("employees >= 1,200", "Ácme"),
        ("employees < 1200", "Betatech"),
        ("currency = sgd", "Ácme"),
        ("tags = vip", "Ácme"),
        ("tag = Expo", "Ácme"),
        ("tag ~ xp", "Ácme"),
        ("tags != expo", "Holding Betatech Condax"),
        ("tags in (expo, other)", "Ácme"),
        ("tags is empty", "Holding Betatech Condax"),
        ("tags is not empty", "Ácme"),
        ("snoozed_until > tomorrow", "Ácme"),
        ("snoozed_until = 2026-12-01", "Ácme"),
        ("snoozed_until <= 30d", "Ácme"),
        ("description ~ SECOND", "Ácme"),
        ("created_at = today", "Holding Ácme Betatech Condax"),
        ("number = a-0002", "Ácme"),
        ("annual-revenue is not empty", "Ácme Betatech"),
    ],
)
def test_a_value_is_read_by_the_type_of_its_field(
    typed: str, names: str, accounts: Writing
) -> None:
    assert fitting(accounts, "account", typed) == names.split()


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("seats > 9", "Betatech"),
        ("seats <= 10", "Ácme Betatech"),
        ("fit < 0.5", "Betatech"),
        ("fit = 1.50", "Ácme"),
        ("odds > 39%", "Ácme"),
        ("since < 2026-03-15", "Ácme"),
        ("vip = yes", "Ácme"),
        ("vip = no", "Betatech"),
        ("vip != yes", "Holding Betatech Condax"),
        ("size = xl", "Ácme"),
        ("size is empty", "Holding Betatech Condax"),
        ('motto = "o\'neil & sons"', "Ácme"),
        ("motto ~ %", "Betatech"),
        ("region = sud", "Ácme"),
        ("region != north", "Holding Ácme Betatech Condax"),
    ],
)
def test_the_users_own_fields_are_fields_like_any_other(
    typed: str, names: str, accounts: Writing
) -> None:
    assert fitting(accounts, "account", typed) == names.split()


@pytest.mark.parametrize("negation", ["not {0} = {1}", "{0} != {1}", "{0} not in ({1})"])
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("tier", "key"),
        ("industry", "'Solar Energy'"),
        ("parent", "Holding"),
        ("employees", "1200"),
        ("annual_revenue", "'SGD 1.5m'"),
        ("annual_revenue", "1.5m"),
        ("snoozed_until", "2026-12-01"),
        ("tags", "expo"),
        ("last_touch", "yesterday"),
        ("seats", "9"),
        ("vip", "yes"),
        ("since", "2026-03-01"),
        ("size", "XL"),
    ],
)
def test_a_missing_value_satisfies_every_negation(
    negation: str, field: str, value: str, accounts: Writing
) -> None:
    found = fitting(accounts, "account", negation.format(field, value))
    assert {"Holding", "Condax"} <= set(found)
    if field != "last_touch":
        assert "Ácme" not in found


@given(
    st.recursive(
        st.sampled_from(
            ["tier = key", "employees > 1000", "tags = expo", "vip = yes", "parent is empty"]
        ),
        lambda inner: st.one_of(
            inner.map("not ({})".format),
            st.lists(inner, min_size=2, max_size=3).map(lambda p: f"({' and '.join(p)})"),
            st.lists(inner, min_size=2, max_size=3).map(lambda p: f"({' or '.join(p)})"),
        ),
        max_leaves=8,
    )
)
def test_a_filter_and_its_negation_part_the_book(typed: str) -> None:
    condition = where_sql.compile_text(typed, "account", CONFIG.fields("account"), READING)
    against = where_sql.compile_text(f"not ({typed})", "account", CONFIG.fields("account"), READING)
    for value in (condition, against):
        assert len(value.parameters) == value.sql.count("?")
    both = f"SELECT id FROM account t WHERE {condition.sql}", condition.parameters
    neither = f"SELECT id FROM account t WHERE {against.sql}", against.parameters
    with closing(_little_book()) as con:
        one, other = ({r[0] for r in con.execute(*q)} for q in (both, neither))
    assert one | other == {"1", "2", "3", "4"}
    assert one & other == set()


def _little_book() -> Any:
    import sqlite3

    con = sqlite3.connect(":memory:")
    queries.add_functions(con)
    con.executescript(
        """
        CREATE TABLE account (id, tier, employees, parent_id,
            name DEFAULT 'A', name_key DEFAULT 'a');
        CREATE TABLE tag (id, account_id, tag, position);
        CREATE TABLE custom (record_id, field, value);
        INSERT INTO account (id, tier, employees, parent_id) VALUES
            ('1', 'key', 1200, NULL), ('2', NULL, NULL, '1'),
            ('3', 'growth', 5000, '1'), ('4', NULL, 10, NULL);
        INSERT INTO tag VALUES
            ('a', '1', 'expo', 0), ('b', '3', 'Expo', 0), ('c', '4', 'vip', 0);
        INSERT INTO custom VALUES ('2', 'vip', '1'), ('3', 'vip', '0');
        """
    )
    return con


# Money


@pytest.fixture
def amounts(tx: Writing) -> Writing:
    account = add(tx, "account", name="A")
    for title, minor, currency in (
        ("sgd1200", 120000, "SGD"),
        ("jpy1200", 1200, "JPY"),
        ("kwd1200", 1200000, "KWD"),
        ("clf1200", 12000000, "CLF"),
        ("sgd7", 700, "SGD"),
        ("kwd.07", 70, "KWD"),
        ("huge", 2**63 - 1, "JPY"),
    ):
        add(tx, "deal", account=account, title=title, amount=minor, currency=currency)
    add(tx, "deal", account=account, title="none")
    return tx


@pytest.mark.parametrize(
    ("typed", "titles"),
    [
        ("amount = 1200", "sgd1200 jpy1200 kwd1200 clf1200"),
        ("amount = 1.2k", "sgd1200 jpy1200 kwd1200 clf1200"),
        ("amount = 0.07", "kwd.07"),
        ("amount >= 7 and amount < 1,200", "sgd7"),
        ("amount = 'SGD 1200'", "sgd1200"),
        ("amount = '1200 jpy'", "jpy1200"),
        ("amount < 'SGD 1200'", "sgd7"),
        ("amount > 92233720368547758", "huge"),
        ("amount is empty", "none"),
        ("amount != 1200", "sgd7 kwd.07 huge none"),
        ("currency in (KWD, CLF)", "kwd1200 clf1200 kwd.07"),
    ],
)
def test_amounts_compare_by_the_figures_that_are_read(
    typed: str, titles: str, amounts: Writing
) -> None:
    assert fitting(amounts, "deal", typed) == titles.split()


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("amount > 12.000", "has more digits than USD keeps (2). Write 12.00 or 12000."),
        ("amount > 'JPY 10.5'", "has more digits than JPY keeps (0)"),
        ("amount > lots", "amount lots is not an amount"),
        ("amount ~ 12", "amount is an amount: compare it with = < > instead of ~"),
    ],
)
def test_an_amount_with_two_readings_is_refused(typed: str, says: str, amounts: Writing) -> None:
    with pytest.raises(UsageError) as refused:
        fitting(amounts, "deal", typed)
    assert says in str(refused.value)


# Moments


@pytest.fixture
def singapore(monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.conftest import set_zone

    monkeypatch.setenv("TZ", "Asia/Singapore")
    set_zone()


@pytest.mark.parametrize(
    ("typed", "summaries"),
    [
        ("at = 2026-11-20", "first last"),
        ("at = Fri", "first last"),
        ("at = 'next fri'", ""),
        ("at = nov", "before first last after"),
        ("at < 2w", ""),
        ("at > 2w", "before first last after"),
        ("at = '20 Nov 2026'", "first last"),
        ("at < 2026-11-20", "before"),
        ("at <= 2026-11-20", "before first last"),
        ("at > 2026-11-20", "after"),
        ("at >= 2026-11-20", "first last after"),
        ("at != 2026-11-20", "before after"),
        ("at > -2d", "after"),
        ("at >= Today", ""),
        ("at >= '2026-11-20 23:00'", "last after"),
        ("at >= 2026-11-20T15:00Z", "last after"),
        ("at > '3 days ago' and at < '2026-11-20 9am'", "first"),
        ("at < now", "before first last after"),
        ("at < '24h ago'", "before first last after"),
    ],
)
def test_moments_compare_by_the_days_of_the_user(
    typed: str, summaries: str, tx: Writing, singapore: None
) -> None:
    account = add(tx, "account", name="A")
    for summary, at in (
        ("before", "2026-11-19T15:59:59Z"),
        ("first", "2026-11-19T16:00:00Z"),
        ("last", "2026-11-20T15:59:59Z"),
        ("after", "2026-11-20T16:00:00Z"),
    ):
        add(tx, "log", account=account, summary=summary, at=at)
    assert fitting(tx, "log", typed) == summaries.split()


# References


@pytest.fixture
def people(tx: Writing) -> Writing:
    one, other = add(tx, "account", name="GreenTech Ltd"), add(tx, "account", name="Konex")
    mei = add(tx, "contact", name="Mei Tan", account=one, emails=("mei@greentech.sg",))
    raj = add(tx, "contact", name="Raj Nair", account=one, reports_to=mei)
    for name in ("Ana Lim", "Ana Tan"):
        add(tx, "contact", name=name, account=one)
    add(tx, "log", account=one, summary="both", contacts=(mei, raj))
    add(tx, "log", account=other, summary="none")
    return tx


@pytest.mark.parametrize(
    ("typed", "summaries"),
    [
        ("account = greentech", "both"),
        ("account != greentech", "none"),
        ("account in (A-0002, greentech)", "both none"),
        ("contacts = mei", "both"),
        ("contacts = mei@greentech.sg", "both"),
        ("contacts ~ NAIR", "both"),
        ("contacts ~ a", "both"),  # several may be meant, so it does not ask for one of them
        ("contacts != 'Raj Nair'", "none"),
        ("contacts is empty", "none"),
        ("deal is empty", "both none"),
    ],
)
def test_a_reference_is_named_as_anywhere_else(typed: str, summaries: str, people: Writing) -> None:
    assert fitting(people, "log", typed) == summaries.split()


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("account = konex", ["Raj Nair"]),
        ("account != konex", ["Mei Tan", "Ana Lim", "Ana Tan"]),
        ("account in (konex, greentech)", ["Mei Tan", "Raj Nair", "Ana Lim", "Ana Tan"]),
        ("reports_to = mei", ["Raj Nair"]),
        ("emails = MEI@GreenTech.SG", ["Mei Tan"]),
        ("emails = greentech@x.sg", []),
        ("emails ~ GREENTECH", ["Mei Tan"]),
        ("phones = '+65 6123 4567'", ["Raj Nair"]),
        ("phones ~ 6123", ["Raj Nair"]),
    ],
)
def test_people_are_found_by_their_links_and_addresses(
    typed: str, names: list[str], people: Writing
) -> None:
    raj, ana = (lookup.find(people.con, "contact", name).id for name in ("raj", "ana lim"))
    konex = lookup.find(people.con, "account", "konex").id
    records.update(people, "contact", raj, {"phones": ("+6561234567",)})
    add(people, "affiliation", contact=raj, account=konex)
    add(people, "affiliation", contact=ana, account=konex, to_on="2026-01-01")  # no longer
    assert fitting(people, "contact", typed) == names


@pytest.mark.parametrize(
    ("kind", "typed", "says"),
    [
        (
            "log",
            "account = grentech",
            'no account "grentech". Did you mean GreenTech Ltd (A-0001)?',
        ),
        ("log", "account in (greentech, x9)", 'no account "x9"'),
        ("contact", "reports_to = ana", '"ana" matches 2 contacts: Ana Lim, GreenTech Ltd ('),
    ],
)
def test_a_name_that_fits_none_or_several_is_refused(
    kind: str, typed: str, says: str, people: Writing
) -> None:
    with pytest.raises(UsageError) as refused:
        fitting(people, kind, typed)
    assert str(refused.value).startswith(says)
    assert refused.value.candidates or "x9" in typed


def test_without_a_book_to_look_in_references_compare_by_name(people: Writing) -> None:
    assert fitting(people, "log", "account = 'greentech ltd'", by_name=False) == ["both"]
    assert fitting(people, "log", "account = greentech", by_name=False) == []
    assert fitting(people, "log", "contacts = 'mei tan'", by_name=False) == ["both"]


# What is refused


@pytest.mark.parametrize(
    ("typed", "at", "says"),
    [
        ("teir = key", 0, 'no account field "teir". Did you mean tier? Fields: id, number,'),
        ("name = x and nmae = y", 13, 'no account field "nmae". Did you mean name'),
        ("tier = startegic", 7, 'unknown tier "startegic". Did you mean strategic'),
        ("tier in (key, startegic)", 14, 'unknown tier "startegic"'),
        ("size = M", 7, 'unknown size "M" (use S or XL)'),
        ("employees > many", 12, 'employees "many" is not a whole number'),
        ("employees > 1,5", 12, 'employees "1,5" is not a whole number'),
        ("employees ~ 1", 12, "employees is a number: compare it with = < >"),
        ("vip ~ yes", 6, "vip is yes or no: compare"),
        ("tags > a", 7, "tags is a list: ask with = or ~"),
        ("snoozed_until = 01/02/2026", 16, "snoozed until 01/02/2026 reads as 1 February or"),
        ("created_at > 31/02/2026", 13, "is not in the calendar. Write 2026-02-28"),
        ("country = Atlantis", 10, 'country "Atlantis" is not a country'),
        ("website = x", 10, 'website "x" is not a web address'),
        ("name ! x", 5, "is not an operator"),
        ("(name = x", 0, "this ( is never closed"),
    ],
)
def test_a_mistake_has_a_caret_under_its_place(
    typed: str, at: int, says: str, accounts: Writing
) -> None:
    with pytest.raises(UsageError) as refused:
        fitting(accounts, "account", typed)
    message, shown, caret = str(refused.value).split("\n")
    assert says in message
    assert shown == f"  {typed}"
    assert caret == "  " + " " * at + "^"


def test_a_stage_that_is_not_known_is_refused_but_can_be_looked_for(amounts: Writing) -> None:
    with pytest.raises(UsageError, match=r'unknown stage "propsal"\. Did you mean proposal'):
        fitting(amounts, "deal", "stage = propsal")
    assert len(fitting(amounts, "deal", "stage ~ propos")) == 8


def test_text_that_would_be_sql_is_a_value(accounts: Writing) -> None:
    typed = "name = \"x' OR 1=1 --\" or motto = '\"; DROP TABLE account'"
    assert fitting(accounts, "account", typed) == []
    assert len(fitting(accounts, "account", "id is not empty")) == 4


# Size

EVERY_NAME = ["Holding", "Ácme", "Betatech", "Condax"]


def test_thousands_of_tests_are_no_problem(accounts: Writing) -> None:
    names = [f"name = n{number}" for number in range(2000)]
    assert fitting(accounts, "account", " or ".join([*names, "name = condax"])) == ["Condax"]
    negations = " and ".join(name.replace("=", "!=") for name in names)
    assert fitting(accounts, "account", negations) == EVERY_NAME
    listed = ", ".join(f"n{number}" for number in range(2000))
    assert fitting(accounts, "account", f"name in ({listed}, condax)") == ["Condax"]


def test_values_of_one_field_are_one_test_however_they_are_joined(accounts: Writing) -> None:
    names = [f"n{number}" for number in range(10_001)]
    for typed, found in (
        (f"name in ({', '.join(names)}, condax)", ["Condax"]),
        (" or ".join(f"tags = {name}" for name in ("expo", *names)), ["Ácme"]),
        (" or ".join(f"parent = {name}" for name in ["holding"] * 2000), ["Ácme"]),
        (" and ".join(f"not industry = {name}" for name in names), EVERY_NAME),
        (f"not tags in ({', '.join(names)}) and tags != expo", [*EVERY_NAME[:1], *EVERY_NAME[2:]]),
        (" or ".join(f"seats = {number}" for number in range(2000)), ["Ácme", "Betatech"]),
        (" or ".join(f"employees = {number}" for number in range(1000)), ["Betatech"]),
        (" or ".join(f"not name = {name}" for name in names[:90]), EVERY_NAME),
    ):
        assert fitting(accounts, "account", typed) == found, typed[:40]


def test_more_tests_than_can_be_made_in_good_time_are_refused(accounts: Writing) -> None:
    most = filters.MOST_TESTS
    typed = [f"last_touch < 2026-10-01 and name ~ {number}" for number in range(most // 2)]
    assert fitting(accounts, "account", " or ".join(typed)) == []
    for more in ("or tier is empty", "or (tags is empty or parent is empty)", "and name = x"):
        with pytest.raises(UsageError, match=r"^the filters make 10[12] tests; 100 at most"):
            fitting(accounts, "account", f"{' or '.join(typed)} {more}")
    reading = READING.replace(config=CONFIG)
    fields = CONFIG.fields("account")
    conditions = [
        where_sql.compile_text(" or ".join(typed), "account", fields, reading) for _ in range(2)
    ]
    with pytest.raises(UsageError, match="the filters make 200 tests"):
        queries.count(accounts.con, "account", conditions)


def test_the_deepest_filter_is_no_problem(accounts: Writing) -> None:
    deep = where._DEEPEST
    typed = "not (" * (deep // 2) + "name = condax" + ")" * (deep // 2)
    assert fitting(accounts, "account", typed) == ["Condax"]


# One value at a time, as in options of lists


def test_one_test_begins_its_message_as_it_is_told() -> None:
    field = model.KINDS["deal"].fields["close_date"]
    condition = filters.test("deal", field, "<=", "eom", READING, what="--before")
    assert condition.parameters == ["2026-11-30"]
    with pytest.raises(UsageError, match=r"^--before soon is not a date"):
        filters.test("deal", field, "<=", "soon", READING, what="--before")


def test_conditions_are_joined() -> None:
    one, other = (filters.Condition(sql, [sql]) for sql in ("t.a = ?", "t.b = ?"))
    either, both = filters.any_of([one, other]), filters.all_of([one, other])
    assert either == filters.Condition("(t.a = ? OR t.b = ?)", ["t.a = ?", "t.b = ?"], 2)
    assert (both.sql, filters.all_of([both, one]).tests) == ("(t.a = ? AND t.b = ?)", 3)
    assert filters.all_of([]) == filters.Condition("1", [])


# Speed


def test_what_names_a_record_in_a_list_is_found_from_that_record(people: Writing) -> None:
    """A look into the list of each record would take as long as the book is large."""
    named = filters.points_to("log", model.KINDS["log"].fields["contacts"], "some id")
    statements: list[str] = []
    people.con.set_trace_callback(statements.append)
    assert queries.count(people.con, "log", [named]) == 0
    people.con.set_trace_callback(None)
    plan = [row[3] for row in people.con.execute(f"EXPLAIN QUERY PLAN {statements[0]}")]
    assert not [step for step in plan if step.startswith("SCAN")], plan
