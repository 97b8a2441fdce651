from __future__ import annotations

from fractions import Fraction

import pycountry
import pytest
from hypothesis import given
from hypothesis import strategies as st

from acctcli.errors import AcctError, Invalid, UsageError
from acctcli.values import money

NO_BREAK, NARROW_NO_BREAK = "\xa0", "\u202f"

currencies = st.sampled_from(sorted(money.DIGITS))
amounts = st.integers(-money.MAX_MINOR, money.MAX_MINOR)
pieces = [
    *(
        " ",
        "0",
        "1",
        "12",
        "000",
        "234",
        "9999999999",
        ",",
        ".",
        "+",
        "-",
        "_",
        "k",
        "m",
        "bn",
        "e",
    ),
    *("SGD", "jpy", "KWD", "XXX", "NaN", "inf", "1E400", "$", NO_BREAK, "\uff11", "\u212a"),
]
anything = st.text() | st.lists(st.sampled_from(pieces)).map("".join)


def refusal(text: str, currency: str = "SGD") -> str:
    with pytest.raises(AcctError) as caught:
        money.read_amount(text, currency)
    return caught.value.message


# Currencies


def test_every_currency_with_minor_units_is_known() -> None:
    listed = {currency.alpha_3 for currency in pycountry.currencies}
    # Metals, baskets, bond market units, tests and "none": nothing is counted in them.
    without_units = {
        *("XAG", "XAU", "XBA", "XBB", "XBC", "XBD", "XDR", "XPD", "XPT", "XSU", "XTS", "XUA"),
        "XXX",
    }
    assert listed - without_units <= money.DIGITS.keys()
    withdrawn = {"ANG", "BGN", "CUC", "HRK", "SLL", "ZWL"}
    assert money.DIGITS.keys() - withdrawn <= listed - without_units


@pytest.mark.parametrize(
    ("currency", "digits"),
    [
        ("SGD", 2),
        ("EUR", 2),
        ("JPY", 0),
        ("KRW", 0),
        ("ISK", 0),
        ("KWD", 3),
        ("TND", 3),
        ("CLF", 4),
    ],
)
def test_digits_of_a_currency(currency: str, digits: int) -> None:
    assert money.digits(currency) == digits


@pytest.mark.parametrize("text", ["SGD", "sgd", " Sgd "])
def test_a_currency_is_read_in_any_case(text: str) -> None:
    assert money.read_currency(text) == "SGD"


def test_an_unknown_currency_names_near_ones() -> None:
    with pytest.raises(
        Invalid, match=r"^--currency sgx is not an ISO 4217 .*\. Did you mean "
    ) as e:
        money.read_currency("sgx")
    assert "SGD" in e.value.candidates


@pytest.mark.parametrize("text", ["", "$", "EURO", "XXX", "\u017fgd", "\x1b[31m", "x" * 100_000])
def test_text_that_is_no_currency_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="is not an ISO 4217 currency") as caught:
        money.read_currency(text)
    assert "\x1b" not in caught.value.message
    assert len(caught.value.message) < 200
    with pytest.raises(Invalid):
        money.digits(text)


# Amounts that people type


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        *(("0", 0), ("12", 1200), ("12.5", 1250), ("12.50", 1250), (".5", 50), ("0.05", 5)),
        *(("-5", -500), ("+5", 500), ("- 5", -500), ("+ 5", 500), ("-0", 0), ("007", 700)),
        *(("120k", 12_000_000), ("1.5m", 150_000_000), ("2bn", 200_000_000_000), ("2 K", 200_000)),
        *(("1.2345k", 123_450), ("1.23456k", 123_456), ("1.5000000k", 150_000)),
        *(("12,000.50", 1_200_050), ("1,234", 123_400), ("1,234,567", 123_456_700)),
        *(("12 000.50", 1_200_050), (f"12{NO_BREAK}000", 1_200_000)),
        (f"1{NARROW_NO_BREAK}234{NARROW_NO_BREAK}567.89", 123_456_789),
        *(("0.500", 50), ("12.0000", 1200), ("1234.000", 123_400), ("12,345.000", 1_234_500)),
        ("92233720368547758.07", money.MAX_MINOR),
    ],
)
def test_amounts_that_people_type(text: str, minor: int) -> None:
    assert money.read_amount(text, "SGD") == (minor, "SGD")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *(("SGD 1200", (120_000, "SGD")), ("1200 SGD", (120_000, "SGD"))),
        *(("sgd1.5k", (150_000, "SGD")), ("1.5ksgd", (150_000, "SGD"))),
        *(("SGD -5", (-500, "SGD")), (f"5{NO_BREAK}EUR", (500, "EUR"))),
        *(("1.234 KWD", (1234, "KWD")), ("12.000 kwd", (12_000, "KWD"))),
        *(("1kwd", (1000, "KWD")), ("1kkwd", (1_000_000, "KWD")), ("1.5k JPY", (1500, "JPY"))),
        *(("1mmk", (100, "MMK")), ("2bnd", (200, "BND")), ("2bnbnd", (200_000_000_000, "BND"))),
    ],
)
def test_the_currency_may_stand_with_the_amount(text: str, expected: tuple[int, str]) -> None:
    assert money.read_amount(text) == expected
    assert money.read_amount(text, default="USD") == expected
    assert money.read_amount(text, expected[1]) == expected


def test_the_currency_given_goes_before_the_default() -> None:
    assert money.read_amount("5", "JPY", default="SGD") == (5, "JPY")
    assert money.read_amount("5", default="SGD") == (500, "SGD")


def test_two_currencies_are_refused() -> None:
    with pytest.raises(Invalid) as caught:
        money.read_amount("5 usd", "SGD", "--price")
    assert (
        caught.value.message == "--price 5 usd is in USD, but the currency is SGD. Leave one out."
    )


def test_no_currency_is_refused() -> None:
    with pytest.raises(Invalid) as caught:
        money.read_amount("5")
    assert caught.value.message == "--amount 5 has no currency. Write USD 5, or give --currency."


@pytest.mark.parametrize("text", ["5 XYZ", "xyz5", "5 mio"])
def test_an_unknown_currency_with_the_amount_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="is not an ISO 4217 currency"):
        money.read_amount(text, default="SGD")


@pytest.mark.parametrize(
    ("text", "currency", "advice"),
    [
        ("10.505", "SGD", "SGD keeps (2). Write 10.50 or 10.51."),
        ("-10.505", "SGD", "SGD keeps (2). Write -10.50 or -10.51."),
        ("1.234", "SGD", "SGD keeps (2). Write 1.23 or 1.24."),
        ("9.999", "SGD", "SGD keeps (2). Write 9.99 or 10.00."),
        ("1.2345678k", "SGD", "SGD keeps (2). Write 1234.56 or 1234.57."),
        ("1,234.567", "SGD", "SGD keeps (2). Write 1234.56 or 1234.57."),
        ("10.5", "JPY", "JPY keeps (0). Write 10 or 11."),
        ("1.2345", "KWD", "KWD keeps (3). Write 1.234 or 1.235."),
        # Half of Europe writes twelve thousand so.
        ("12.000", "SGD", "SGD keeps (2). Write 12.00 or 12000."),
        ("12.000", "JPY", "JPY keeps (0). Write 12 or 12000."),
        ("12.345", "JPY", "JPY keeps (0). Write 12 or 12345."),
        ("123.456", "SGD", "SGD keeps (2). Write 123.45 or 123.46."),
        ("123.456", "JPY", "JPY keeps (0). Write 123 or 123456."),
    ],
)
def test_more_digits_than_the_currency_keeps(text: str, currency: str, advice: str) -> None:
    with pytest.raises(Invalid) as caught:
        money.read_amount(text, currency)
    assert caught.value.message == f"--amount {text} has more digits than {advice}"


@pytest.mark.parametrize(
    "text", ["92233720368547758.08", "-92233720368547758.08", "9" * 40, "99999999999bn"]
)
def test_an_amount_that_no_file_holds_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match=r"is too large\. The most is 92233720368547758\.07\.$"):
        money.read_amount(text, "SGD")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("12,5", "reads as 12.5 or 125."),
        ("12,50", "reads as 12.50 or 1250."),
        ("-12,5k", "reads as -12.5k or -125k."),
        ("12.000,50", "reads as 12000.50 or 12.00050."),
    ],
)
def test_an_amount_with_two_readings_is_refused(text: str, problem: str) -> None:
    assert refusal(text) == f"--amount {text} {problem} Write the one you mean in this form."


@pytest.mark.parametrize(
    ("text", "written"),
    [
        *(("1.234.567", "1234567"), ("1,23,456", "123456"), ("1,23,456.78", "123456.78")),
        *(("1.234.567,89", "1234567.89"), ("1 000,50", "1000.50")),
    ],
)
def test_an_amount_grouped_otherwise_is_refused(text: str, written: str) -> None:
    assert refusal(text) == (
        f"--amount {text} is not grouped by thousands with commas. Write {written}."
    )


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " ",
            "-",
            ".",
            "5.",
            ",5",
            "12,",
            "1_000",
            "1e5",
            "1E400",
            "NaN",
            "inf",
            "0x10",
            "1/2",
        ),
        *(
            "12 34",
            "1  000",
            "12,000 000",
            "1.2.3,4,5",
            "--5",
            "5-",
            "(5)",
            "\u20bf5",
            "5%",
            "k",
            "SGD",
        ),
        *(
            "SGD 5 SGD",
            "5 SGDX",
            "-SGD 5",
            "5kk",
            "5 k m",
            "\uff11\uff12",
            "\u0661",
            "5\u212a",
            "5\n0",
        ),
        *("\x1b[31m", "9" * 101),
    ],
)
def test_text_that_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match=r"is not an amount\. Write 120k, 12,000\.50 or SGD 1200"):
        money.read_amount(text, "SGD")


def test_the_longest_text_of_an_amount() -> None:
    assert money.read_amount("7".rjust(100, "0"), "SGD") == (700, "SGD")
    assert "is not an amount" in refusal("7".rjust(101, "0"))


def test_an_error_shows_so_much_of_a_text() -> None:
    assert refusal("x" * 60).startswith(f"--amount {'x' * 60} is not")
    assert refusal("x" * 61).startswith(f"--amount {'x' * 59}… is not")
    assert refusal(" ").startswith('--amount "" is not an amount')


@given(anything, st.none() | currencies)
def test_any_text_is_an_amount_or_refused(text: str, currency: str | None) -> None:
    try:
        minor, code = money.read_amount(text, currency, default="SGD")
    except AcctError as error:
        message = error.message
    else:
        message = "--amount "
        assert abs(minor) <= money.MAX_MINOR
        assert code == currency or code in text.upper() or (code == "SGD" and not currency)
    assert message.startswith("--amount ")
    assert "\n" not in message
    assert "\x1b" not in message


# Amounts that are said


@given(amounts, currencies)
def test_every_form_is_read_back(minor: int, currency: str) -> None:
    assert money.read_amount(money.plain(minor, currency), currency) == (minor, currency)
    assert money.read_amount(money.say(minor, currency)) == (minor, currency)
    assert money.read_amount(money.say(minor, currency, code=False), currency) == (minor, currency)


@pytest.mark.parametrize(
    ("minor", "currency", "plain", "said"),
    [
        (12_000_000, "SGD", "120000.00", "120,000"),
        (1_200_050, "SGD", "12000.50", "12,000.50"),
        (5, "SGD", "0.05", "0.05"),
        (-5, "SGD", "-0.05", "-0.05"),
        (-120_000, "SGD", "-1200.00", "-1,200"),
        (0, "SGD", "0.00", "0"),
        (1200, "JPY", "1200", "1,200"),
        (1234, "KWD", "1.234", "1.234"),
        (12_345, "CLF", "1.2345", "1.2345"),
    ],
)
def test_how_amounts_are_said(minor: int, currency: str, plain: str, said: str) -> None:
    assert money.plain(minor, currency) == plain
    assert money.say(minor, currency) == f"{said} {currency}"
    assert money.say(minor, currency, code=False) == said


@pytest.mark.parametrize(
    ("minor", "short"),
    [
        *((0, "0"), (49, "0"), (-49, "0"), (51, "1"), (-95_000, "-950"), (99_900, "999")),
        *((99_950, "1k"), (100_000, "1k"), (150_000, "1.5k"), (1_234_500, "12.3k")),
        *((8_400_000, "84k"), (12_000_000, "120k"), (99_960_000, "1m"), (150_000_000, "1.5m")),
        *((-123_456_789_012, "-1.23bn"), (100_400_000, "1m"), (100_500_000, "1.01m")),
        (money.MAX_MINOR, "92,200,000bn"),
    ],
)
def test_amounts_in_narrow_places(minor: int, short: str) -> None:
    assert money.short(minor, "SGD") == short


@given(st.integers(-(10**17), 10**17), currencies)
def test_a_short_amount_is_within_half_a_percent(minor: int, currency: str) -> None:
    unit = 10 ** money.digits(currency)
    read, _ = money.read_amount(money.short(minor, currency), currency)
    assert abs(read - minor) <= max(abs(minor) / 200, unit / 2)


# Conversion


@pytest.mark.parametrize(
    ("minor", "source", "target", "rate", "expected"),
    [
        (10_000, "EUR", "SGD", "1.45", 14_500),
        (20_000, "EUR", "SGD", 1.45, 29_000),
        (10_000, "EUR", "SGD", 2, 20_000),
        (10_000, "JPY", "SGD", "0.0089", 8_900),
        (1_000, "SGD", "JPY", "112.4", 1_124),
        (1_000, "KWD", "JPY", "500", 500),
        (100_000, "JPY", "KWD", 2e-05, 2_000),
        # Half a cent rounds away from zero, below zero too.
        (1, "SGD", "EUR", "0.5", 1),
        (3, "SGD", "EUR", "0.5", 2),
        (5, "SGD", "EUR", "0.5", 3),
        (-3, "SGD", "EUR", "0.5", -2),
        (-5, "SGD", "EUR", "0.5", -3),
        (5, "SGD", "EUR", "0.49", 2),
        (-5, "SGD", "EUR", "0.51", -3),
    ],
)
def test_conversion(minor: int, source: str, target: str, rate: str | float, expected: int) -> None:
    assert money.convert(minor, source, target, rate) == expected


@given(amounts, currencies, currencies, st.decimals("0.0001", 100_000, places=4).map(str))
def test_conversion_rounds_the_exact_result(
    minor: int, source: str, target: str, rate: str
) -> None:
    exact = (
        Fraction(minor, 10 ** money.digits(source)) * Fraction(rate) * 10 ** money.digits(target)
    )
    assert money.convert(minor, source, target, rate) == round(exact)


@pytest.mark.parametrize("rate", ["", "0", "0.0", "-1", -1.5, "x", "1e999", "nan", "inf", "1,45"])
def test_a_rate_that_is_not_above_zero_is_refused(rate: str | float) -> None:
    with pytest.raises(
        Invalid, match=r"from EUR to SGD is not a number above zero\. Write it like"
    ):
        money.convert(100, "EUR", "SGD", rate)
