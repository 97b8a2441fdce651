"""Cells of files in the form that our readers accept, by the type of their field.

Other programs write `70.0` for a whole number, `(500.00)` for a refund, `x` for yes and several
addresses in one cell. Each of these has one reading, so it is read that way; a value with two
readings is decided by its column (`survey`) or refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import partial

from acctcli import model, text
from acctcli.errors import Invalid
from acctcli.model import Field
from acctcli.values import number_columns
from acctcli.values.vocabulary import plain_word

_BLANKS = """n/a, na, #n/a, none, (none), null, nil, nan, -, --, —, (blank), \\n, 0/0/00,
    0.0.00, 00.00.0000, 00/00/0000, 0000-00-00, 0000-00-00 00:00:00, unknown, not set, tbd, ."""
BLANKS = frozenset(map(str.strip, _BLANKS.split(",")))
"""What other programs write for nothing; in texts it stays."""

_YES = """x, t, checked, ✓, ✔, wahr, ja, oui, si, vrai, verdadero, waar, opted out, optout,
    opt out, unsubscribed, do not email, do not call, do not allow"""
_NO = """f, unchecked, falsch, nein, non, nee, faux, falso, opted in, optin, opt in, subscribed,
    allow, no consent, pending consent, pending, archived"""
FLAGS = {
    plain_word(word): flag
    for flag, words in (("yes", _YES), ("no", _NO))
    for word in words.split(",")
}
"""Further words of yes and no in files."""


CURRENCIES = {
    plain_word(name): code
    for code, names in {
        "USD": "us dollar, us dollars, american dollar, united states dollar, u s dollar",
        "EUR": "euro, euros",
        "GBP": "british pound, pound sterling, uk pound, pounds sterling, uk pound sterling",
        "JPY": "japanese yen, yen",
        "CNY": "chinese yuan, yuan renminbi, renminbi, rmb, chinese yuan renminbi",
        "INR": "indian rupee, indian rupees, rupee",
        "CHF": "swiss franc, swiss francs",
        "AUD": "australian dollar, australian dollars",
        "CAD": "canadian dollar, canadian dollars",
        "NZD": "new zealand dollar",
        "SGD": "singapore dollar, singapore dollars",
        "HKD": "hong kong dollar",
        "SEK": "swedish krona, swedish kronor",
        "NOK": "norwegian krone, norwegian kroner",
        "DKK": "danish krone, danish kroner",
        "PLN": "polish zloty, zloty",
        "CZK": "czech koruna",
        "HUF": "hungarian forint",
        "BRL": "brazilian real, real",
        "MXN": "mexican peso",
        "ZAR": "south african rand, rand",
        "AED": "uae dirham, emirati dirham, united arab emirates dirham",
        "SAR": "saudi riyal, saudi arabian riyal",
        "ILS": "israeli new shekel, israeli shekel, new israeli sheqel",
        "TRY": "turkish lira",
        "THB": "thai baht",
        "MYR": "malaysian ringgit",
        "IDR": "indonesian rupiah",
        "PHP": "philippine peso",
        "KRW": "south korean won, korean won",
        "TWD": "new taiwan dollar",
        "VND": "vietnamese dong",
    }.items()
    for name in names.split(",")
}
"""Currencies by the names that other systems write."""

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CODE = re.compile(r"[A-Z]{2,}(_[A-Z0-9]+)+$")
_SHOUTED_FIELDS = frozenset(("industry", "source"))
_WITH_EMAIL = re.compile(r"^.*\(([^()\s@]+@[^()\s@]+)\)$")
_PAGE = re.compile(r"\s*\((?:https://(?:www\.)?notion\.so/[^()\s]*|[^()\s]*%20[^()\s]*\.md)\)")
_LABEL = re.compile(
    r"(?i)(?<![^\W\d_])((?:tele)?phone|tel|mobile?|cell|work|office|direct|home|main|other|handy|"
    r"telefon|fax|telefax|t|m|f)\b\.?\s*:\s*"
)
_FAXES = ("f", "fax", "telefax")
FAX = "Fax: "
"""What begins a number that is no phone."""

_PERIOD = re.compile(r"(?i)(?<=\d)\s+(monthly|annual|annually|yearly|one[- ]time)$")
_MARKUP = re.compile(r"(?i)</(p|div|b|i|u|a|span|strong|em|ul|ol|li|h[1-6]|td|tr|table)>|<br\s*/?>")


def forms(
    field: Field,
    *,
    decimal: number_columns.Decimal = "point",
    share: bool = False,
    column: str = "",
    exported: bool = False,
    seconds: bool = False,
) -> Iterator[Callable[[str], str]]:
    """Yield the steps, in order, that bring a cell of a field into its form: text → text.

    `decimal` is the decimal sign of numbers, and a `share` is a percentage as a share of one. The
    name of the `column` may say that a duration is in `seconds`; in a file that another system
    `exported`, a reference may have the person's email behind the name.
    """
    if field.type not in (model.TEXT, model.LONG, model.REF):
        yield lambda value: "" if text.key(value) in BLANKS else value
    if field.type in (model.INTEGER, model.MONEY, model.NUMBER, model.PERCENT, model.SHARE):
        yield without_exponent
        if field.type == model.MONEY and exported:
            yield lambda value: _PERIOD.sub("", value)
        yield lambda value: number_columns.tidy(value, decimal) if value else value
        if field.type in (model.INTEGER, model.PERCENT, model.SHARE):
            yield partial(number_columns.whole, share=share)
    elif field.type == model.FLAG:
        # A day on which somebody opted out says that they did.
        yield lambda value: "yes" if _DAY.match(value) else FLAGS.get(plain_word(value), value)
    elif field.type == model.MINUTES:
        yield partial(minutes, seconds=seconds or "second" in column.lower(), hours=exported)
    elif field.type == model.CURRENCY:
        yield lambda value: CURRENCIES.get(plain_word(value), value)
    elif field.type == model.REF and exported:
        yield partial(associated, field.many)
    elif field.name == "owner" and exported:
        yield lambda value: re.sub(r"\s*\([^()\s@]+@[^()\s@]+\)$", "", value)
    elif field.name == "outcome" and exported:
        yield lambda value: re.sub(r"\s*\([^()]*pipeline\)$", "", value, flags=re.IGNORECASE)
    elif field.type == model.TEXT and _SHOUTED_FIELDS.intersection((field.name,)):
        yield lambda value: value.replace("_", " ").capitalize() if _CODE.match(value) else value
    elif field.type == model.PHONE:
        yield unlabelled
        if field.many:
            yield addresses
    elif field.many and field.type in (model.EMAIL, model.WEBSITE):
        yield addresses
    elif field.flag == "tag":
        yield tags
    elif field.name == "street":
        yield one_line


def without_exponent(value: str) -> str:
    """Return a number with all its digits; `3.5E8` is how Java writes 350000000.

    Raises `Invalid` for the form of spreadsheets, `3.5E+08`, which has lost digits.
    """
    if "E" not in value and "e" not in value:
        return value
    _refuse_lost_digits(value)
    if re.fullmatch(r"-?[0-9](\.[0-9]+)?E[0-9]{1,2}", value.strip(), re.ASCII):
        return f"{Decimal(value.strip()):f}"
    return value


def of_cents(value: str) -> str:
    """Return an amount that is a whole number of cents; one that has a sign or decimals is none."""
    return f"{Decimal(value).scaleb(-2):f}" if re.fullmatch(r"-?[0-9]+", value, re.ASCII) else value


def whole_id(value: str, column: str) -> str:
    """Return an id as it is. Raises `Invalid` if a spreadsheet took away its digits."""
    if "E+" in value:
        _refuse_lost_digits(value, column)
    return value


def _refuse_lost_digits(value: str, column: str = "") -> None:
    if re.fullmatch(r"-?[0-9][.,]?[0-9]*[Ee]\+[0-9]+", value.strip(), re.ASCII):
        raise Invalid(
            f"{column} {text.quoted(value.strip())} lost its digits in a spreadsheet. Take the "
            "column from the original file, or format it as Number or Text there".strip()
        )


def minutes(value: str, *, seconds: bool = False, hours: bool = False) -> str:
    """Return a duration in minutes: `1:05:12` has hours, with `hours` `0:45` too.

    A bare number may be `seconds`. `0:45` by itself may be minutes and seconds, so it stays.
    """
    bare = value.strip()
    clock = re.fullmatch(r"([0-9]{1,3}):([0-9]{2})(?::([0-9]{2}))?(?:\.0+)?", bare, re.ASCII)
    if clock and (clock[3] or hours):
        rest = round(int(clock[3] or 0) / 60)
        return str(int(clock[1]) * 60 + int(clock[2]) + rest)
    number = re.fullmatch(r"([0-9]+)(?:\.0+)?", bare, re.ASCII)
    if number:
        # A call of some seconds is one.
        return str(max(1, round(int(number[1]) / 60)) if seconds else int(number[1]))
    of_hours = re.fullmatch(r"([0-9]+)\.([0-9]+) ?h(?:ours?|rs?)?", bare, re.ASCII | re.IGNORECASE)
    if of_hours:
        return str(round(float(f"{of_hours[1]}.{of_hours[2]}") * 60))
    return bare


def associated(many: bool, value: str) -> str:
    """Return the email of `Mei Tan (mei@x.sg)`; of several records the first, unless `many`."""
    items = [re.sub(_WITH_EMAIL, r"\1", item.strip()) for item in value.split(";")]
    return "; ".join(items) if many else items[0]


def without_page(value: str) -> str:
    """Return a name without the address of its page, which Notion writes behind it."""
    is_linked = "notion.so/" in value or value.endswith(".md)")
    return _PAGE.sub("", value) if is_linked else value


def without_marks(value: str) -> str:
    """Return a name without the quotation marks around it, as Airtable writes one with a comma."""
    inside = value[1:-1]
    return inside if inside and value == f'"{inside}"' and '"' not in inside else value


def has_markup(value: str) -> bool:
    """Whether a text is HTML: it has a line break or the end of an element."""
    return "<" in value and bool(_MARKUP.search(value))


def without_markup(value: str) -> str:
    """Return the text of HTML, a line per paragraph."""
    from html import unescape

    lines = re.sub(r"(?is)<(script|style)\b.*?</\1>", "", value)
    lines = re.sub(r"(?i)<br\s*/?>|</(p|div|li|h[1-6]|tr)>", "\n", lines)
    lines = unescape(re.sub(r"<[^<>]*>", "", lines)).replace("\xa0", " ")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(map(str.strip, lines.splitlines()))).strip()


def whole_year(value: str) -> str:
    """Return a day with all digits of its year: spreadsheets show `01.12.26`."""
    return re.sub(
        r"^([0-9]{1,2})([./-])([0-9]{1,2})\2([0-9]{2})$", r"\1\2\3\g<2>20\4", value.strip()
    )


def one_line(value: str) -> str:
    """Return a street of several lines as one, separated by commas."""
    return ", ".join(filter(None, map(str.strip, value.splitlines())))


def addresses(value: str) -> str:
    """Return several addresses in one cell, however they are separated, as `a; b`."""
    if "<" in value:
        from email.utils import getaddresses

        return "; ".join(address for _, address in getaddresses([value.replace(";", ",")]))
    items = re.split(r":::|[|,\r\n]+", value)
    return "; ".join(filter(None, map(str.strip, items)))


def unlabelled(value: str) -> str:
    """Return the numbers of `Phone: (212) 555-0123 Mobile: …` without their labels, `; ` between.

    A fax begins with `FAX`: nobody can be called there.
    """
    parts = [part.strip(" ,;|/") for part in _LABEL.split(value)] if ":" in value else [value]
    if len(parts) == 1:
        return value
    labelled = [("", parts[0]), *zip(parts[1::2], parts[2::2], strict=True)]
    return "; ".join(
        f"{FAX}{number}" if label.lower() in _FAXES else number
        for label, number in labelled
        if number
    )


def tags(value: str) -> str:
    """Return the tags in one cell, however they are separated, without Google's own groups."""
    items = (item.strip().strip('"') for item in re.split(r":::|[|;,\r\n]+", value))
    return "; ".join(item for item in items if item and not item.startswith("* "))


def name_in_address(emails: str) -> str:
    """Return the name in an address: `mei.tan@x.sg` is Mei Tan, `mtan@x.sg` mtan."""
    local = emails.split(";")[0].partition("@")[0].strip()
    parts = [part for part in re.split(r"[._-]+", local) if part]
    named = len(parts) > 1 and all(part.isalpha() for part in parts)
    return " ".join(map(str.capitalize, parts)) if named else local


def translated(words: Mapping[str, str], many: bool, value: str) -> str:
    """Return our word for one that the user translated, item by item in a list."""
    if not many:
        return words.get(text.key(value), value)
    items = (item.strip() for item in value.split(";"))
    return "; ".join(words.get(text.key(item), item) for item in items)
