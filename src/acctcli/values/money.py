"""Money: how people type it, how it is stored and printed.

This module is the only reader of "120k". An amount is an integer of the currency's minor units
(12.00 SGD is 1200, JPY has none, KWD has three) and means nothing without its currency. All
arithmetic is on integers, and on digits as text.

Floats are never added up, nothing is rounded unasked, and nothing is guessed. An amount with more
decimals than its currency has is refused, and so is `12.000,50`.
"""

from __future__ import annotations

import re
from functools import lru_cache

from acctcli.errors import Invalid, UsageError
from acctcli.text import clip, did_you_mean, one_of, safe

# The first list of ISO 4217, without metals, baskets and test codes: those have no minor
# unit. At the end of the second group, six that were withdrawn since 2023: older deals
# and purchases are in them.
_CODES = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    2: """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD
    CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS
    GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD
    LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB
    PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP
    SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW
    ZWG
    ANG BGN CUC HRK SLL ZWL
    """,
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
DIGITS = {code: places for places, codes in _CODES.items() for code in codes.split()}
"""The number of decimals of each currency, by ISO 4217 code."""

MAX_MINOR = 2**63 - 1
"""The largest amount in minor units: what an SQLite integer holds."""

_SCALES = {"k": 3, "m": 6, "bn": 9}
_LONGEST_TEXT = 100

SIGNS = {
    "us$": ("USD",),
    "s$": ("SGD",),
    "a$": ("AUD",),
    "au$": ("AUD",),
    "c$": ("CAD",),
    "ca$": ("CAD",),
    "hk$": ("HKD",),
    "nz$": ("NZD",),
    "nt$": ("TWD",),
    "r$": ("BRL",),
    "mx$": ("MXN",),
    "rm": ("MYR",),
    "rp": ("IDR",),
    "zł": ("PLN",),
    "\u20ac": ("EUR",),
    "\xa3": ("GBP",),
    "\u20b9": ("INR",),
    "\u20a9": ("KRW",),
    "\u20ab": ("VND",),
    "\u0e3f": ("THB",),
    "\u20b1": ("PHP",),
    "\u20aa": ("ILS",),
    "\u20ba": ("TRY",),
    "\u20b4": ("UAH",),
    "\u20a6": ("NGN",),
    "\xa5": ("JPY", "CNY"),
    "$": ("USD", "AUD", "CAD", "HKD", "NZD", "SGD", "TWD", "MXN"),
}
"""The currencies of a sign. If there are several, the user's own one decides."""

# Patterns are text: `re` compiles and caches them when the first amount is read.
_AMOUNT = r"([a-z]{3})? *([+-]?) *([0-9.][0-9., ]*?) *(k|m|bn)? *([a-z]{3})?"
_SIGNED = r"([+-]?) *([^0-9.,+ -]+) *([+-]? *[0-9.].*)|([+-]? *[0-9.].*?) *([^0-9., a-z]+|zł)"
_NUMBER = r"([0-9]+|[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,3}(?: [0-9]{3})+)?(?:\.([0-9]+))?"
_RATE = r"([0-9]{1,30})(?:\.([0-9]{1,30}))?(?:e([+-]?[0-9]{1,2}))?"


def digits(currency: str) -> int:
    """Return the number of decimals of a currency. Raises `Invalid` for an unknown code."""
    try:
        return DIGITS[currency]
    except KeyError:
        raise _unknown_currency(currency, "currency") from None


def read_currency(text: str, what: str = "--currency") -> str:
    """Read an ISO 4217 code in any case. Raises `Invalid` with similar codes for others."""
    code = text.strip().upper()
    # Upper case can hide a foreign letter: the long s of old German becomes an S.
    if code not in DIGITS or not text.isascii():
        raise _unknown_currency(text, what)
    return code


def read_amount(
    text: str,
    currency: str | None = None,
    what: str = "--amount",
    *,
    default: str | None = None,
    rounds: bool = False,
) -> tuple[int, str]:
    """Read an amount as people type it; return minor units and the currency.

    `120k`, `1.5m`, `2bn`, `12,000.50`, `12 000.50`, `-5`; the currency may be before or after it:
    `SGD 1200`, `1200 SGD`. Otherwise it is `currency`, which was given beside the amount, or else
    `default`. `what` begins the message of an error. With `rounds`, digits that the currency does
    not keep are rounded, half a unit away from zero; the caller says it.

    Raises `UsageError` for text that is not an amount or has two readings. Raises `Invalid` for
    more decimals than the currency has, for more than `MAX_MINOR`, for an unknown or missing
    currency, and if text and `currency` name different ones.
    """
    subject = f"{what} {_shown(text)}"
    # People group by a space, spreadsheets by a no-break space, narrow or not.
    tidy = text.strip().replace("\xa0", " ").replace("\u202f", " ")
    if (signed := _with_sign(tidy, subject, currency, default)) is not None:
        tidy = signed
    readable = tidy.isascii() and len(tidy) <= _LONGEST_TEXT
    match = re.fullmatch(_AMOUNT, tidy.lower()) if readable else None
    if match is None or (match[1] and match[5]):
        raise _not_an_amount(subject)
    before, sign, number, scale, behind = match.groups(default="")
    named = before or behind
    code = read_currency(named.upper(), what) if named else currency or default
    if not code:
        raise Invalid(f"{subject} has no currency. Write USD {tidy}, or give --currency.")
    if currency and code != currency:
        raise Invalid(f"{subject} is in {code}, but the currency is {currency}. Leave one out.")
    parts = re.fullmatch(_NUMBER, number)
    if parts is None:
        raise _grouped_otherwise(sign, number, scale, subject)
    whole, fraction = (parts[1] or "0").replace(",", "").replace(" ", ""), parts[2] or ""
    places = digits(code) + _SCALES.get(scale, 0)
    minor = int(whole + fraction[:places].ljust(places, "0"))
    if rounds:
        minor += fraction[places : places + 1] >= "5"
    if minor > MAX_MINOR:
        raise Invalid(f"{subject} is too large. The most is {plain(MAX_MINOR, code)}.")
    # Twelve, or in half of Europe twelve thousand: `12.000`, but not `12.0000`.
    may_group = len(fraction) == 3 and len(whole) <= 3 and whole[0] != "0"
    excess = fraction[places:].strip("0")
    if not rounds and (excess or (may_group and places < 3)):
        next_one = excess and (places or not may_group)
        other = plain(minor + 1, code) if next_one else whole + fraction
        raise Invalid(
            f"{subject} has more digits than {code} keeps ({digits(code)}). "
            f"Write {sign}{plain(minor, code)} or {sign}{other}."
        )
    return (-minor if sign == "-" else minor), code


def _with_sign(tidy: str, subject: str, currency: str | None, default: str | None) -> str | None:
    """Return the amount with a currency code in place of its sign; None without a sign.

    A sign of several currencies is read as `currency` or `default`, if that is one of them. Raises
    `Invalid` with the possible readings otherwise.
    """
    match = re.fullmatch(_SIGNED, tidy.lower()) if len(tidy) <= _LONGEST_TEXT else None
    if match is None:
        return None
    sign, number = (match[2].strip(), f"{match[1]}{match[3]}") if match[2] else (match[5], match[4])
    codes = SIGNS.get(sign)
    if codes is None:
        return None
    if len(codes) == 1:
        return f"{codes[0]} {number}"
    for own in (currency, default):
        if own in codes:
            return f"{own} {number}"
    readings = " or ".join(f"{code} {number}" for code in codes[:3])
    raise Invalid(f"{subject} could be in {one_of(codes)}. Write {readings}.")


def plain(minor: int, currency: str) -> str:
    """Return the machine form, with exactly the currency's decimals: `120000.00`."""
    places = digits(currency)
    sign, figures = "-" if minor < 0 else "", str(abs(minor)).rjust(places + 1, "0")
    return f"{sign}{figures[:-places]}.{figures[-places:]}" if places else sign + figures


def say(minor: int, currency: str, *, code: bool = True) -> str:
    """Return the form for people: `120,000 SGD`, `12,000.50 SGD`; without `code` the number."""
    whole, _, fraction = plain(abs(minor), currency).partition(".")
    said = f"{'-' if minor < 0 else ''}{int(whole):,}"
    if fraction.strip("0"):
        said += f".{fraction}"
    return f"{said} {currency}" if code else said


@lru_cache(maxsize=1000)  # deals and contracts of a price list have few amounts
def short(minor: int, currency: str) -> str:
    """Return a short form, rounded to three digits with a unit: `120k`, `1.5m`, `950`."""
    unit = 10 ** digits(currency)
    step = 10 ** max(len(str(divide(abs(minor), unit))) - 3, 0)
    rounded = divide(abs(minor), unit * step) * step
    sign = "-" if minor < 0 < rounded else ""
    for scale, zeros in reversed(_SCALES.items()):
        whole, rest = divmod(rounded, 10**zeros)
        if whole:
            decimals = f".{rest:0{zeros}}".rstrip("0").rstrip(".")
            return f"{sign}{whole:,}{decimals}{scale}"
    return f"{sign}{rounded}"


def convert(minor: int, source: str, target: str, rate: str | float) -> int:
    """Minor units of `target` for those of `source`, half a unit rounded away from zero.

    `rate` is how many units of `target` one unit of `source` buys, as in 1.45 SGD for a EUR; a
    float counts with the digits it is written with. Raises `Invalid` unless it is above zero.
    """
    match = re.fullmatch(_RATE, str(rate).strip().lower())
    if match is None or not int(match[1] + (match[2] or "")):
        raise Invalid(
            f"rate {_shown(str(rate))} from {source} to {target} is not a number above zero. "
            "Write it like 1.45."
        )
    numerator = minor * int(match[1] + (match[2] or ""))
    exponent = int(match[3] or 0) - len(match[2] or "") + digits(target) - digits(source)
    scale: int = 10 ** abs(exponent)
    return numerator * scale if exponent >= 0 else divide(numerator, scale)


def divide(numerator: int, denominator: int) -> int:
    """The nearest whole number of minor units; half a unit rounds away from zero.

    So do invoices, tax offices (HMRC) and spreadsheets. `denominator` is above zero.
    """
    whole = (2 * abs(numerator) + denominator) // (2 * denominator)
    return -whole if numerator < 0 else whole


def _grouped_otherwise(sign: str, number: str, scale: str, subject: str) -> UsageError:
    """Return the error for a number whose commas, points or spaces do not group thousands."""
    readings = []
    if re.fullmatch(r"[0-9]+(?:[. ][0-9]{3})*,[0-9]+", number):  # 12.000,50
        readings.append(number.replace(".", "").replace(" ", "").replace(",", "."))
    if re.fullmatch(r"[0-9]+(?:[.,][0-9]+)*", number):
        if number.count(".") <= 1:  # 1,23,456
            readings.append(number.replace(",", ""))
        elif "," not in number:  # 1.234.567
            readings.append(number.replace(".", ""))
    if not readings:
        return _not_an_amount(subject)
    spelled = [f"{sign}{reading}{scale}" for reading in readings]
    if len(spelled) == 1:
        return UsageError(f"{subject} is not grouped by thousands with commas. Write {spelled[0]}.")
    both = " or ".join(spelled)
    return UsageError(f"{subject} reads as {both}. Write the one you mean in this form.")


def _not_an_amount(subject: str) -> UsageError:
    return UsageError(f"{subject} is not an amount. Write 120k, 12,000.50 or SGD 1200.")


def _unknown_currency(text: str, what: str) -> Invalid:
    from difflib import get_close_matches

    near = get_close_matches(text.strip().upper()[:10], DIGITS)
    hint = did_you_mean(near)
    return Invalid(
        f"{what} {_shown(text)} is not an ISO 4217 currency.{hint} Write a code such as EUR.",
        candidates=near,
    )


def _shown(text: str) -> str:
    """Return the text for an error: safe, and short enough to keep the advice in sight."""
    return clip(safe(text.strip()), 60) or '""'
