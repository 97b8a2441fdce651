from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acctcli import model, text
from acctcli.config import Config
from acctcli.errors import Invalid, UsageError
from acctcli.model import KINDS, Field, Ref
from acctcli.values import money
from acctcli.values.dates import Clock, iso
from acctcli.values.fields import (
    MAX_INTEGER,
    Exact,
    Reading,
    Stored,
    as_json,
    bounds_of_day,
    cell,
    columns_of,
    decode,
    exact,
    follow_currency,
    machine,
    number_text,
    read_field,
    read_list,
    read_values,
)

CLOCK = Clock(date(2026, 11, 22), datetime(2026, 11, 22, 12, tzinfo=UTC))
READING = Reading(CLOCK, Config())

ACCOUNT, CONTACT, DEAL, TASK, LOG = (
    KINDS[kind].fields for kind in ("account", "contact", "deal", "task", "log")
)


def field(type: str, **options: Any) -> Field:
    return Field(type, "a field", name="it", **options)


def read(type: str, typed: str, **options: Any) -> Stored:
    return read_field(field(type, **options), typed, READING)


# What is typed


@pytest.mark.parametrize(
    ("type", "typed", "stored"),
    [
        (model.TEXT, "  GreenTech Ltd ", "GreenTech Ltd"),
        (model.LONG, "one\n\ntwo\n", "one\n\ntwo"),
        (model.INTEGER, "1,200", 1200),
        (model.INTEGER, str(2**63 - 1), 2**63 - 1),
        (model.INTEGER, "7".rjust(20, "0"), 7),
        (model.NUMBER, "1,200.50", 1200.5),
        (model.NUMBER, "-.5", -0.5),
        (model.NUMBER, "3.", 3.0),
        (model.PERCENT, "60 %", 60),
        (model.CURRENCY, "sgd", "SGD"),
        (model.COUNTRY, "Singapore", "SG"),
        (model.DAY, "fri", "2026-11-27"),
        (model.MOMENT, "2026-11-22 14:30", "2026-11-22T14:30:00Z"),
        (model.FLAG, "Yes", 1),
        (model.FLAG, "0", 0),
        (model.TIER, "Strategic", "strategic"),
        (model.STAGE, "needs analysis", "needs-analysis"),
        (model.EMAIL, "Mei@GreenTech.SG", "mei@greentech.sg"),
        (model.PHONE, "+65 6123 4567", "+6561234567"),
        (model.WEBSITE, "https://www.greentech.sg/about", "greentech.sg"),
        (model.LINKEDIN, "https://linkedin.com/in/mei-tan", "mei-tan"),
        (model.MINUTES, "1h30m", 90),
        (model.EVERY, "2 weeks", "2w"),
        (model.REF, " Mei Tan ", "Mei Tan"),
        (model.MONEY, "120k", 12000000),
    ],
)
def test_typed_text_becomes_what_is_stored(type: str, typed: str, stored: Stored) -> None:
    assert read(type, typed) == stored


@pytest.mark.parametrize("typed", ["Economic-Buyer", "economic buyer", "ECONOMIC_BUYER".lower()])
def test_a_choice_is_known_in_any_case_and_with_spaces(typed: str) -> None:
    wanted = typed.replace("_", " ")
    assert read_field(CONTACT["role"], wanted, READING) == "economic-buyer"


@pytest.mark.parametrize(
    "type", sorted({f.type for k in KINDS.values() for f in k.fields.values()})
)
def test_blank_is_nothing(type: str) -> None:
    assert read(type, " \t") is None


@pytest.mark.parametrize(
    ("type", "typed", "error", "says"),
    [
        (model.INTEGER, "1,2", UsageError, 'it "1,2" is not a whole number. Write it like 1200'),
        (model.INTEGER, "12,34,567", UsageError, "not a whole number"),
        (model.INTEGER, "\uff11\uff12", UsageError, "not a whole number"),
        (model.INTEGER, "1_000", UsageError, "not a whole number"),
        (model.INTEGER, "--5", UsageError, "not a whole number"),
        (model.INTEGER, "-5", Invalid, "it -5 is below zero"),
        (model.INTEGER, str(2**63), Invalid, f"The most is {MAX_INTEGER}"),
        (model.INTEGER, "9" * 5000, Invalid, "is too large"),
        (model.NUMBER, "1,5", UsageError, 'it "1,5" is not a number. Write it like 1.5'),
        (model.NUMBER, "1.5.2", UsageError, "not a number"),
        (model.NUMBER, ".", UsageError, "not a number"),
        (model.NUMBER, "1e400", UsageError, "not a number"),
        (model.NUMBER, "nan", UsageError, "not a number"),
        (model.NUMBER, "0.1234567890123456", Invalid, "more digits than are kept (15)"),
        (model.PERCENT, "101", Invalid, "it 101 is not between 0 and 100"),
        (model.PERCENT, "-1%", Invalid, "not between 0 and 100"),
        (model.PERCENT, "half", UsageError, "not a whole number"),
        (model.CURRENCY, "EURO", Invalid, "it EURO is not an ISO 4217 currency. Did you mean EUR"),
        (model.FLAG, "maybe", UsageError, 'it "maybe" is neither yes nor no'),
        (
            model.TIER,
            "startegic",
            Invalid,
            'unknown it "startegic". Did you mean strategic?',
        ),
        (model.STAGE, "xyzzy", Invalid, 'unknown it "xyzzy" (use prospecting,'),
        (model.DAY, "01/02/2026", UsageError, "it 01/02/2026 reads as 1 February or 2 January"),
        (model.MINUTES, "soon", UsageError, "it soon is not a duration"),
        (model.EVERY, "often", UsageError, "it often is not a repetition"),
        (model.TEXT, "a\nb", Invalid, 'it "a\\nb" has a line break'),
        (model.TEXT, "x" * 501, Invalid, "501 characters"),
        (model.TEXT, "caf\udce9", UsageError, "is not valid UTF-8"),
        (model.LONG, "nul\0", Invalid, "NUL"),
    ],
)
def test_what_cannot_be_kept_is_refused_in_words_that_begin_with_the_field(
    type: str, typed: str, error: type[Exception], says: str
) -> None:
    with pytest.raises(error) as refused:
        read(type, typed)
    assert says in str(refused.value)
    assert str(refused.value).startswith(("it ", "unknown it "))


def test_an_error_shows_control_characters_and_does_not_send_them() -> None:
    with pytest.raises(Invalid) as refused:
        read(model.TIER, "\x1b[31mkey\u202e")
    assert "\x1b" not in str(refused.value)
    assert "\u202e" not in str(refused.value)


@pytest.mark.parametrize(
    "typed", ["1 jan", "Jan 1st", "fri", "1st", "03/04", "30y ago", "01.02.80"]
)
def test_a_date_of_birth_needs_its_year(typed: str) -> None:
    with pytest.raises(UsageError, match=r"has no year\. Write it like 1980-03-21"):
        read_field(CONTACT["birthday"], typed, READING)
    assert read_field(CONTACT["birthday"], "1 Jan 1980", READING) == "1980-01-01"


def test_an_error_begins_with_the_option_it_was_typed_with() -> None:
    for name, typed in {"duration": "x", "score": "x", "resolved_at": "x", "kind": "x"}.items():
        with pytest.raises((UsageError, Invalid), match=r"^--option|^unknown option"):
            read_values(LOG, {name: typed}, READING, says={name: "--option"})


def test_a_narrowed_text_field_takes_only_its_choices() -> None:
    region = Field(model.CHOICE, "where", name="region", choices=("North", "Süd"))
    assert read_field(region, "sud", READING) == "Süd"
    with pytest.raises(Invalid, match="use North or Süd"):
        read_field(region, "east", READING)


def test_the_settings_say_what_a_short_value_means() -> None:
    config = Config()
    config.values |= {"me.country": "SG", "me.currency": "JPY"}
    reading = Reading(CLOCK, config)
    assert read_field(field(model.PHONE), "6123 4567", reading) == "+6561234567"
    assert read_field(field(model.MONEY), "1200", reading) == 1200
    assert read_field(field(model.MONEY), "1200", reading, currency="SGD") == 120000


# Lists


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (["expo", "vip"], ("expo", "vip")),
        (["expo; vip;; ", "expo"], ("expo", "vip")),
        (["Expo", "expo", "ÉXPO"], ("Expo",)),
        ([""], ()),
        ([], ()),
    ],
)
def test_a_list_keeps_its_order_and_drops_repeats(
    typed: list[str], stored: tuple[str, ...]
) -> None:
    assert read_list(ACCOUNT["tags"], typed, READING) == stored


def test_addresses_that_only_look_alike_are_two() -> None:
    typed = ["e@greentech.sg; é@greentech.sg"]
    assert read_list(CONTACT["emails"], typed, READING) == ("e@greentech.sg", "é@greentech.sg")


def test_an_extension_stays_with_its_number() -> None:
    stored = read_list(CONTACT["phones"], ["+65 6123 4567 ext. 12; +65 6123 4568"], READING)
    assert stored == ("+6561234567;ext=12", "+6561234568")
    assert read_list(CONTACT["phones"], ["+65 6123 4567;ext=12"], READING) == stored[:1]
    written = cell(CONTACT["phones"], stored, {})
    assert read_list(CONTACT["phones"], [written], READING) == stored


def test_a_bad_item_of_a_list_is_named() -> None:
    with pytest.raises(Invalid, match='--email "mei@@greentech" is not an address'):
        read_list(CONTACT["emails"], ["a@b.sg; mei@@greentech"], READING, "--email")


# Whole records


def test_values_are_read_by_field_name() -> None:
    given: dict[str, str | list[str]] = {
        "name": "GreenTech Ltd",
        "tier": "key",
        "tags": ["a; b", "c"],
        "employees": "1,200",
    }
    assert read_values(ACCOUNT, given, READING) == {
        "name": "GreenTech Ltd",
        "tier": "key",
        "tags": ("a", "b", "c"),
        "employees": 1200,
    }


def test_an_empty_text_clears_whatever_the_type() -> None:
    given: dict[str, str | list[str]] = {
        name: [] if f.many else "" for name, f in DEAL.items() if not f.fixed
    }
    found = read_values(DEAL, given, READING)
    assert found == {name: () if f.many else None for name, f in DEAL.items() if not f.fixed}


@pytest.mark.parametrize(
    ("given", "existing", "expected"),
    [
        ({"amount": "1,200"}, None, (120000, "USD")),
        ({"amount": "1200"}, "JPY", (1200, "JPY")),
        ({"amount": "SGD 1200"}, "JPY", (120000, "SGD")),
        ({"amount": "1200", "currency": "kwd"}, "JPY", (1200000, "KWD")),
        ({"currency": "kwd", "amount": "1200"}, None, (1200000, "KWD")),
        ({"amount": "1200 SGD", "currency": "SGD"}, None, (120000, "SGD")),
        ({"amount": "1200", "currency": ""}, "SGD", (120000, "SGD")),
        ({"currency": " ", "amount": "1200"}, None, (120000, "USD")),
        ({"amount": "1.234 KWD"}, None, (1234, "KWD")),
        ({"amount": "-5"}, "SGD", (-500, "SGD")),
    ],
)
def test_an_amount_always_comes_with_its_currency(
    given: dict[str, str | list[str]], existing: str | None, expected: tuple[int, str]
) -> None:
    found = read_values(DEAL, given, READING, currency=existing)
    assert (found["amount"], found["currency"]) == expected


def test_the_settings_say_the_currency_of_a_bare_amount() -> None:
    config = Config()
    config.values["me.currency"] = "JPY"
    found = read_values(DEAL, {"amount": "1200"}, Reading(CLOCK, config))
    assert found == {"amount": 1200, "currency": "JPY"}


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"amount": "1200 SGD", "currency": "EUR"}, "--amount 1200 SGD is in SGD, but"),
        ({"amount": "10.5", "currency": "JPY"}, "--amount 10.5 has more digits than JPY keeps"),
        ({"currency": "dollars"}, "--currency dollars is not an ISO 4217 currency"),
        ({"title": ["a", "b"]}, "--title: a list is given where one value is kept"),
    ],
)
def test_values_that_contradict_each_other_are_refused(
    given: dict[str, str | list[str]], says: str
) -> None:
    with pytest.raises(Invalid) as refused:
        read_values(DEAL, given, READING, says={n: f"--{n}" for n in DEAL})
    assert says in str(refused.value)


def test_a_change_of_currency_keeps_the_amount_as_people_read_it() -> None:
    row = {"amount": 120000, "currency": "SGD"}
    assert follow_currency(DEAL, row, {"currency": "JPY"})["amount"] == 1200
    assert follow_currency(DEAL, row, {"currency": "KWD"})["amount"] == 1200000
    assert "amount" not in follow_currency(DEAL, row, {"currency": "EUR"})
    typed_again = {"currency": "JPY", "amount": 1500}
    assert follow_currency(DEAL, row, typed_again) == typed_again
    damaged = {"amount": 120000, "currency": None}
    assert follow_currency(DEAL, damaged, {"currency": "JPY"}) == {"currency": "JPY"}
    with pytest.raises(Invalid, match="JPY"):
        follow_currency(DEAL, {"amount": 120050, "currency": "SGD"}, {"currency": "JPY"})


def test_an_amount_is_never_left_without_a_currency() -> None:
    with pytest.raises(Invalid, match="the currency cannot be empty"):
        follow_currency(DEAL, {"amount": 120000, "currency": "SGD"}, {"currency": None})
    cleared = {"amount": None, "currency": None}
    assert follow_currency(DEAL, {"amount": 1, "currency": "SGD"}, cleared) == cleared


# Out again


@pytest.mark.parametrize(
    ("minor", "currency", "written"),
    [
        (12000050, "SGD", "120000.50"),
        (12000000, "SGD", "120000.00"),
        (120000, "JPY", "120000"),
        (1234, "KWD", "1.234"),
        (-5, "SGD", "-0.05"),
        (0, "KWD", "0.000"),
        (2**63 - 1, "SGD", "92233720368547758.07"),
    ],
)
def test_json_amounts_have_exactly_the_digits_of_their_currency(
    minor: int, currency: str, written: str
) -> None:
    row = {"currency": currency}
    assert machine(DEAL["amount"], minor, row) == written
    assert isinstance(machine(DEAL["amount"], minor, row), Exact)
    assert cell(DEAL["amount"], minor, row) == written
    json.loads(written)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (3.0, "3"),
        (-0.0, "0"),
        (1.5, "1.5"),
        (1e-7, "0.0000001"),
        (-1.5e-14, "-0.000000000000015"),
        (123456789012345.0, "123456789012345"),
        (1e22, "10000000000000000000000"),
    ],
)
def test_numbers_are_written_without_an_exponent(value: float, written: str) -> None:
    assert number_text(value) == written
    assert float(written) == value


def test_flags_and_missing_values() -> None:
    primary = CONTACT["primary"]
    assert [machine(primary, v, {}) for v in (0, 1, None)] == [False, True, None]
    assert [cell(primary, v, {}) for v in (0, 1, None)] == ["no", "yes", ""]
    assert machine(CONTACT["emails"], (), {}) == ()
    assert cell(CONTACT["emails"], (), {}) == ""


def test_a_reference_comes_out_twice_and_a_list_of_them_too() -> None:
    assert [key for key, _ in columns_of(LOG, ["account", "contacts", "summary"])] == [
        "account",
        "account_id",
        "contacts",
        "contact_ids",
        "summary",
    ]


def test_an_object_has_every_field_but_the_computed_ones() -> None:
    own = Field(model.NUMBER, "own", name="score", custom=True)
    row = {
        "id": "1",
        "name": "A",
        "annual_revenue": 500,
        "currency": "JPY",
        "tags": ("a",),
        "score": 1.5,
    }
    found = as_json({**ACCOUNT, "score": own}, row)
    assert found["annual_revenue"] == "500"
    assert found["score"] == "1.5"
    assert found["parent"] is found["parent_id"] is None
    assert list(found)[-1] == "score"
    assert "last_touch" not in found


def test_a_row_becomes_a_typed_record() -> None:
    row = {
        "id": "1",
        "account": "GreenTech Ltd",
        "account_id": "a",
        "title": "Platform",
        "close_date": "2026-12-15",
        "created_at": "2026-11-22T14:03:11Z",
    }
    deal = decode(model.Deal, row)
    assert deal.account == Ref("a", "GreenTech Ltd")
    assert (deal.product, deal.amount) == (None, None)
    assert deal.close_date == date(2026, 12, 15)
    assert deal.created_at == datetime(2026, 11, 22, 14, 3, 11, tzinfo=UTC)


def test_lists_and_flags_of_a_row_become_tuples_and_truth() -> None:
    row = {"id": "1", "contacts": ("Mei", "Raj"), "contact_ids": ("m", "r")}
    assert decode(model.Log, row).contacts == (Ref("m", "Mei"), Ref("r", "Raj"))
    contact = decode(model.Contact, {"id": "1", "emails": ("a@b.sg",), "primary": 1})
    assert contact.emails == ("a@b.sg",)
    assert contact.phones == ()
    assert contact.primary is True
    assert contact.do_not_contact is False


# There and back: what is written is read as the same value

lines = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60).map(
    lambda typed: "".join(typed.splitlines()).strip()
)
lines = lines.filter(lambda line: line == "" or text.shows(line))
paragraphs = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=200
).filter(lambda typed: not typed.strip() or text.shows(typed))
days = st.dates(date(1900, 1, 1), date(2999, 12, 31)).map(iso)
moments = st.datetimes(datetime(1971, 1, 2), datetime(2999, 12, 30), timezones=st.just(UTC)).map(
    lambda moment: iso(moment.replace(microsecond=0))
)
numbers = st.tuples(st.integers(-(10**15) + 1, 10**15 - 1), st.integers(0, 14)).map(
    lambda parts: parts[0] / 10 ** parts[1]
)


def there_and_back(own: Field, value: Stored, row: dict[str, Any]) -> None:
    written = cell(own, value, row)
    read_back = read_values(
        {"it": own, **row.get("fields", {})}, {"it": written}, READING, currency=row.get("currency")
    )
    assert read_back["it"] == value
    out = machine(own, value, row)
    if isinstance(out, Exact):
        assert json.loads(out) is not None
        assert str(out) == written


@pytest.mark.parametrize(
    ("type", "stored"),
    [
        (model.INTEGER, st.integers(0, MAX_INTEGER)),
        (model.PERCENT, st.integers(0, 100)),
        (model.NUMBER, numbers),
        (model.DAY, days),
        (model.MOMENT, moments),
        (model.FLAG, st.sampled_from((0, 1))),
        (model.TIER, st.sampled_from(Config().tiers)),
        (model.STAGE, st.sampled_from([s.name for s in Config().stages])),
        (model.CURRENCY, st.sampled_from(sorted(money.DIGITS))),
        (model.MINUTES, st.integers(0, 7 * 24 * 60)),
        (model.EVERY, st.sampled_from(("1d", "3w", "12m", "1y", "FREQ=MONTHLY;BYDAY=-1FR"))),
        (model.COUNTRY, st.sampled_from(("SG", "DE", "TW", "GB"))),
        (model.LINKEDIN, st.sampled_from(("mei-tan", "company/greentech"))),
        (model.WEBSITE, st.sampled_from(("greentech.sg", "bücher.de"))),
        (model.EMAIL, st.sampled_from(("mei@greentech.sg", "o'neil+x@b.sg", "é@b.sg"))),
        (model.PHONE, st.sampled_from(("+6561234567", "+6561234567;ext=12"))),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_every_type_comes_back(type: str, stored: st.SearchStrategy[Stored]) -> None:
    @given(stored)
    def check(value: Stored) -> None:
        there_and_back(field(type), value, {})

    check()


@given(lines, paragraphs)
def test_text_comes_back(line: str, paragraph: str) -> None:
    for type, typed in ((model.TEXT, line), (model.LONG, paragraph), (model.REF, line)):
        stored = read(type, typed)
        there_and_back(field(type), stored if stored != "" else None, {})


@given(
    st.integers(-(2**63) + 1, 2**63 - 1),
    st.sampled_from(sorted(money.DIGITS)),
)
def test_money_comes_back(minor: int, currency: str) -> None:
    currency_field = Field(model.CURRENCY, "of it", name="currency")
    row = {"currency": currency, "fields": {"currency": currency_field}}
    there_and_back(field(model.MONEY), minor, row)


@given(
    st.lists(
        lines.filter(lambda item: text.key(item) != "" and not {";", ","} & {*item}), max_size=5
    )
)
def test_lists_come_back(items: list[str]) -> None:
    tags = ACCOUNT["tags"]
    stored = read_list(tags, items, READING)
    assert read_list(tags, [cell(tags, stored, {})], READING) == stored


@pytest.mark.parametrize(
    ("minor", "currency", "expected"),
    [
        (12_000_000, "SGD", "120000.00"),
        (-5, "SGD", "-0.05"),
        (500, "JPY", "500"),
        (0, "SGD", "0.00"),
        (None, "SGD", None),
        (500, None, None),
    ],
)
def test_an_amount_is_exact_or_not_there(
    minor: int | None, currency: str | None, expected: str | None
) -> None:
    assert exact(minor, currency) == expected


# Days


def test_a_day_begins_and_ends_where_the_user_is(monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.conftest import set_zone

    monkeypatch.setenv("TZ", "Asia/Singapore")
    set_zone()
    first, after = bounds_of_day(date(2026, 11, 22))
    assert first == datetime(2026, 11, 21, 16, tzinfo=UTC)
    assert after - first == timedelta(days=1)


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25)])
def test_days_on_which_the_clocks_change(
    day: str, hours: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.conftest import set_zone

    monkeypatch.setenv("TZ", "Europe/Berlin")
    set_zone()
    first, after = bounds_of_day(date.fromisoformat(day))
    assert after - first == timedelta(hours=hours)
