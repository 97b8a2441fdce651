"""Checks of single values in a settings file: each returns the value to keep.

`where` names the place in messages: the file, and the setting in it. `configfile` checks whole
sections.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from typing import Any

from acctcli import text
from acctcli.config import Spec
from acctcli.errors import AcctError, Invalid, UsageError
from acctcli.text import one_of
from acctcli.values import money

LONGEST_FORM = 40
"""The most characters of the form of a number."""


def of_type(value: Any, wanted: type, where: str) -> Any:
    """Return a value of the wanted type. Raises `Invalid` naming the place, as all checks do."""
    if type(value) is not wanted:
        names = {str: "text in quotes", int: "a whole number", dict: "a section"}
        given = "is missing" if value is None else f"is {value!r}"
        raise Invalid(f"{where} {given}; it must be {names[wanted]}")
    return value


def currency_code(value: Any, where: str) -> str:
    """Return the code of a currency; "" if none is set."""
    code: str = of_type(value, str, where)
    return money.read_currency(code, where) if code else ""


def country_code(value: Any, where: str) -> str:
    """Return a country's two letters; "" if none is set."""
    code: str = of_type(value, str, where)
    # In upper case, `ß` would become two letters.
    if code and not (len(code) == 2 and code.isascii() and code.isalpha()):
        raise Invalid(f'{where} must be a country\'s two letters, such as "SG", not {value!r}')
    return code.upper()


def iso_day(value: Any, where: str) -> str:
    """Return a day in ISO form; "" if none is set."""
    # TOML has a type for days, which needs no quotes.
    written = value.isoformat() if type(value) is date else of_type(value, str, where)
    try:
        return date.fromisoformat(written).isoformat() if written else ""
    except ValueError:
        raise Invalid(f"{where} must be a day like 2026-12-15, not {value!r}") from None


def four_rising(value: Any, where: str) -> tuple[int, ...]:
    """Return four thresholds; a text with commas is allowed too, because `config set` writes it."""
    numbers = value
    if isinstance(value, str):
        numbers = [int(n) if n.isdigit() else n for n in map(str.strip, value.split(","))]
    whole = isinstance(numbers, list) and all(type(n) is int and n >= 0 for n in numbers)
    if not whole or len(numbers) != 4 or sorted(set(numbers)) != numbers:
        raise Invalid(f"{where} must be four rising whole numbers, like [30, 90, 180, 365]")
    return tuple(numbers)


def email_addresses(value: Any, where: str) -> tuple[str, ...]:
    """Return email addresses in their stored form; a text with commas is allowed too."""
    from acctcli.values import addresses

    listed = value.split(",") if isinstance(value, str) else value
    if not isinstance(listed, list) or not all(isinstance(one, str) for one in listed):
        raise Invalid(f'{where} must be addresses, like ["kim@example.com"], not {value!r}')
    try:
        found = [addresses.email(one.strip()) for one in listed if one.strip()]
    except AcctError as error:
        raise Invalid(f"{where}: {error.message}") from None
    return tuple(dict.fromkeys(found))


def number_form(value: Any, where: str) -> str:
    """Return the form of the numbers of quotes; it ends in `{number}` and may have `{year}`."""
    form: str = of_type(value, str, where)
    start = form.removesuffix("{number}")
    signs = start.replace("{year}", "", 1)
    fits = all(sign.isascii() and (sign.isalnum() or sign in "-_/") for sign in signs)
    if start == form or not fits or len(form) > LONGEST_FORM:
        raise Invalid(
            f"{where} must end in {{number}}, with letters, digits, -, _, / and {{year}} "
            f"before it, like Q-{{year}}-{{number}}, not {text.quoted(form)}"
        )
    return form


def percentage(value: Any, where: str) -> str:
    """Return a percentage that may have decimals, as its digits; "" if none is set."""
    written = str(value) if type(value) in (int, float) else of_type(value, str, where)
    digits = written.strip().removesuffix("%").rstrip()
    if digits and not (re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,9})?", digits) and float(digits) <= 100):
        raise Invalid(f"{where} must be a percentage, like 9 or 7.7, not {text.quoted(written)}")
    return digits


def percent(value: Any, where: str) -> int:
    """Return a whole number from 0 to 100."""
    return within(value, 0, 100, where)


def month_number(value: Any, where: str) -> int:
    """A month, from 1 to 12."""
    return within(value, 1, 12, where)


def at_least_one(value: Any, where: str) -> int:
    """A whole number above zero."""
    number: int = of_type(value, int, where)
    if number < 1:
        raise Invalid(f"{where} must be at least 1, not {value}")
    return number


def months(value: Any, where: str) -> int:
    """A number of months, at most a century."""
    return within(value, 1, MOST_MONTHS, where)


def within(value: Any, least: int, most: int, where: str) -> int:
    """Return a whole number between two bounds, both included."""
    if not least <= of_type(value, int, where) <= most:
        raise Invalid(f"{where} must be {least} to {most}, not {value}")
    number: int = value
    return number


def quarter_label(name: str, where: str, fiscal: int = 1) -> str:
    """The label of a quarter that is written `Q4 2026`, `2026-Q4` or `FY27 Q1`.

    `fiscal` is the month in which the fiscal year begins: its quarters have the quotas.
    """
    from acctcli.values.periods import period, quarter_of

    figures = name.upper().replace("-", " ").split()
    if len(figures) == 2 and any(part in ("Q1", "Q2", "Q3", "Q4") for part in figures):
        with suppress(UsageError):
            found = period(name, date.min, fiscal=fiscal)
            quarter = quarter_of(found.start, fiscal)
            if (found.start, found.end) == (quarter.start, quarter.end):
                return quarter.label
    example = quarter_of(date(2026, 12, 1), fiscal).label
    raise Invalid(f'{where} must be a quarter, like "{example}", with what differs in it')


def hook_seconds(value: Any, where: str) -> int:
    """Return how long a hook may take: others wait to write meanwhile."""
    return within(value, 1, 60, where)


def hook_lines(content: dict[str, Any], where: str) -> tuple[dict[str, str], dict[str, Any]]:
    """Return the command line of each hook by its name, and the other settings of the section.

    A name is `pre-` or `post-` and a command, its words joined by dashes.
    """
    hooks: dict[str, str] = {}
    rest: dict[str, Any] = {}
    for name, value in content.items():
        if "-" not in name:
            rest[name] = value
        elif re.fullmatch(r"(pre|post)(-[a-z]+)+", name):
            hooks[name] = _command_line(value, f"{where}.{name}")
        else:
            raise Invalid(f"{where}.{name} is not a hook. Write pre-deal-win or post-import")
    return hooks, rest


def _command_line(value: Any, where: str) -> str:
    """Return a command line that can be split into words."""
    line: str = of_type(value, str, where)
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise Invalid(f"{where} {text.quoted(line)}: {str(error).lower()}") from None
    if not words or not words[0]:
        raise Invalid(f"{where} is empty. Write a program, or remove the line")
    if "\0" in line:
        raise Invalid(f"{where} has a NUL byte")
    return line


def minor_units(value: Any, currency: str, where: str) -> int:
    """Return minor units of a number, or of an amount as people type it."""
    if type(value) not in (int, float, str):
        raise Invalid(f'{where} must be an amount, like 500_000 or "500k"')
    try:
        minor, _ = money.read_amount(str(value), currency, where)
    except UsageError as error:
        raise Invalid(error.message) from error
    if minor <= 0:
        raise Invalid(f"{where} must be above 0")
    return minor


MOST_DAYS, MOST_MONTHS = 36_500, 1_200
"""The most of a setting: a century, so that no sum of days leaves the calendar."""

CHECKS: dict[str, Callable[[Any, str], Any]] = {
    "me.country": country_code,
    "hooks.seconds": hook_seconds,
    "me.emails": email_addresses,
    "me.currency": currency_code,
    "book.currency": currency_code,
    "rates.base": currency_code,
    "rates.date": iso_day,
    "rfm.recency": four_rising,
    "rfm.frequency": four_rising,
    "rfm.monetary": four_rising,
    "rfm.months": months,
    "renewals.usual": percent,
    "renewals.amber": percent,
    "renewals.red": percent,
    "reorder.least": at_least_one,
    "reorder.gaps": at_least_one,
    "health.prior": percent,
    "health.least_known": percent,
    "health.lost_deal": percent,
    "people.half_life": at_least_one,
    "people.cooling": percent,
    "score.least_known": percent,
    "score.qualified_fit": percent,
    "winloss.few": at_least_one,
    "whitespace.customers": at_least_one,
    "whitespace.buyers": at_least_one,
    "whitespace.confidence": percent,
    "quote.number": number_form,
    "quote.tax": percentage,
    "quote.valid_days": at_least_one,
    "fiscal.start": month_number,
    "forecast.prior": at_least_one,
    "forecast.few": at_least_one,
    "forecast.timed": at_least_one,
    "forecast.created_days": at_least_one,
}
"""The check of each single setting that needs more than its type."""

TAKEN: dict[Callable[[Any, str], Any], str] = {
    email_addresses: 'addresses, such as ["kim@example.com"]',
    country_code: 'two letters, such as "SG"',
    currency_code: 'three letters, such as "SGD"',
    iso_day: 'a day, such as "2026-11-20"',
    four_rising: "four rising numbers",
    number_form: 'a text such as "Q-{year}-{number}"',
    percent: "0 to 100",
    hook_seconds: "1 to 60",
    percentage: "0 to 100, with decimals, in quotes",
    at_least_one: f"1 to {MOST_DAYS:,}",
    month_number: "1 to 12",
    months: f"1 to {MOST_MONTHS:,}",
}
"""What each check takes, in words."""

MOST_POINTS, MOST_WEIGHT = 1_000, 36_500
"""A weight with decimals is at most this, above zero or below; a whole one is at most this."""

CONFIDENCES = (80, 90, 95, 99)
"""Certainties that an interval may have, in percent."""


def weight(value: Any, setting: Spec, where: str) -> float:
    """Return a weight of judgement: a whole number from 0 on, or one with decimals."""
    if setting.type is float:
        if type(value) not in (int, float) or not abs(value) <= MOST_POINTS:
            raise Invalid(f"{where} must be {legal_weight(setting)}, not {value!r}")
        return float(value)
    if setting.key == "report.confidence" and value not in CONFIDENCES:
        raise Invalid(f"{where} must be {legal_weight(setting)}, not {value!r}")
    return within(value, *_ends(setting), where)


def legal_weight(setting: Spec) -> str:
    """Return in words which values a weight takes."""
    if setting.key == "report.confidence":
        return one_of(map(str, CONFIDENCES))
    if setting.type is float:
        return f"-{MOST_POINTS:,} to {MOST_POINTS:,}"
    least, most = _ends(setting)
    return f"{least} to {most:,}"


def _ends(setting: Spec) -> tuple[int, int]:
    """Return the least and the most of a whole weight."""
    most = MOST_MONTHS if setting.name == "months" else MOST_WEIGHT
    if setting.section in _OF_A_HUNDRED or setting.key == "agenda.others_share":
        most = 100
    return _LEAST.get(setting.key, 0), most


_OF_A_HUNDRED = ("quality", "dupes")
"""Sections whose weights are parts of a score of 100."""

_LEAST = dict.fromkeys(
    (
        *("score.signal_days", "score.enough_touches", "score.enough_people"),
        *("score.enough_inbound", "score.enough_meetings", "health.answered"),
        *("health.least_messages", "report.window_days", "report.owners", "renewals.months"),
        *("agenda.slipped_to_lose", "quality.silent_cadences", "dupes.likeness"),
    ),
    1,
)
"""The least of weights that something is divided by, or that there is nothing without."""
