"""Addresses and countries in the one form that is stored and compared.

An email is lower case, a phone number E.164, a website a bare host, LinkedIn a handle, a country
its two ISO letters. Every reader returns its own output unchanged, and raises `Invalid` with a
message that begins with the field and the typed value. Nothing is guessed: a misspelt country is
refused with similar names.

Emails, hosts and handles are checked here, and only for their form: the usual library for emails
imports a DNS resolver, and more cannot be known offline. Countries come from `iso3166`, which takes
2 ms to import (pycountry: 95, babel: 30), so that a page can afford it; everyday names that the
standard lacks are below. Phone numbers are read by `phonenumbers`, imported when it is needed.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING
from unicodedata import category, normalize

from acctcli.errors import Invalid
from acctcli.text import did_you_mean, key, near, one_line, quoted

if TYPE_CHECKING:
    import phonenumbers

EVERYDAY_NAMES = {
    "BN": "Brunei",
    "BO": "Bolivia",
    "CC": "Cocos Islands",
    "CD": "DR Congo",
    "FK": "Falkland Islands",
    "FM": "Micronesia",
    "GB": "United Kingdom",
    "IR": "Iran",
    "KP": "North Korea",
    "KR": "South Korea",
    "LA": "Laos",
    "MD": "Moldova",
    "MF": "Saint Martin",
    "NL": "Netherlands",
    "NR": "Nauru",
    "PS": "Palestine",
    "RU": "Russia",
    "SH": "Saint Helena",
    "SX": "Sint Maarten",
    "SY": "Syria",
    "TW": "Taiwan",
    "TZ": "Tanzania",
    "US": "United States",
    "VA": "Vatican City",
    "VE": "Venezuela",
    "VG": "British Virgin Islands",
    "VI": "US Virgin Islands",
    "VN": "Vietnam",
}
"""What people call a country where ISO 3166 has a formal name."""

OTHER_NAMES = {
    "belgie": "BE",
    "belgique": "BE",
    "brasil": "BR",
    "britain": "GB",
    "burma": "MM",
    "cape verde": "CV",
    "congo brazzaville": "CG",
    "congo kinshasa": "CD",
    "czech republic": "CZ",
    "danmark": "DK",
    "deutschland": "DE",
    "drc": "CD",
    "east timor": "TL",
    "eire": "IE",
    "england": "GB",
    "espana": "ES",
    "great britain": "GB",
    "holland": "NL",
    "hong kong sar": "HK",
    "italia": "IT",
    "ivory coast": "CI",
    "korea": "KR",
    "ksa": "SA",
    "macau": "MO",
    "macedonia": "MK",
    "nederland": "NL",
    "norge": "NO",
    "northern ireland": "GB",
    "osterreich": "AT",
    "peoples republic of china": "CN",
    "polska": "PL",
    "prc": "CN",
    "republic of congo": "CG",
    "republic of ireland": "IE",
    "schweiz": "CH",
    "scotland": "GB",
    "slovak republic": "SK",
    "suisse": "CH",
    "suomi": "FI",
    "sverige": "SE",
    "svizzera": "CH",
    "swaziland": "SZ",
    "turkey": "TR",
    "uae": "AE",
    "uk": "GB",
    "vatican": "VA",
    "wales": "GB",
}
"""Further names in use, former ones too, in the form of `_country_key`."""

_PUNCTUATION: dict[int, str | None] = {
    **{ord(char): " " for char in '!"#$%()*+,-/:;<=>?@[\\]^_`{|}~'},
    **{ord(char): None for char in ".'\u2018\u2019"},
    ord("&"): " and ",
}
_LOCAL_SPECIALS = frozenset('()<>[],;:\\"@')
_LINKEDIN_KINDS = ("company", "school", "showcase")


def email(text: str, what: str = "email") -> str:
    """An email address in lower case, without the name or `mailto:` it came with.

    >>> email("Mei Tan <Mei.Tan@GreenTech.sg>")
    'mei.tan@greentech.sg'
    """
    typed = one_line(text, what)
    address = typed
    if address.endswith(">") and "<" in address:
        address = address[address.rindex("<") + 1 : -1].strip()
    if address[:7].lower() == "mailto:":
        address = address[7:].partition("?")[0]
    local, _, domain = address.rpartition("@")
    host = _host(domain)
    local = normalize("NFC", local.lower())
    if not host or not _is_local_part(local) or len(f"{local}@{host}") > 254:
        raise Invalid(f"{what} {quoted(typed)} is not an address. Write it like mei@greentech.sg")
    return f"{local}@{host}"


def _is_local_part(local: str) -> bool:
    return (
        len(local.encode()) <= 64
        and local.isprintable()
        and " " not in local
        and _LOCAL_SPECIALS.isdisjoint(local)
        and "" not in local.split(".")
    )


def phone(text: str, country: str | None, what: str = "phone") -> str:
    """A phone number as E.164, with its extension, if it has one, as `;ext=12`.

    `country` (two letters) is where a number without `+` is dialled from.
    """
    import phonenumbers

    typed = one_line(text, what)
    number = _dialled_abroad(typed)
    try:
        number = number or phonenumbers.parse(typed, country)
    except phonenumbers.NumberParseException as error:
        short = error.error_type == phonenumbers.NumberParseException.INVALID_COUNTRY_CODE
        if short and not country and "+" not in typed:
            raise Invalid(
                f"{what} {quoted(typed)} has no country code. Write it with + and the code, "
                "or set [me] country"
            ) from None
        number = phonenumbers.PhoneNumber()
    # Lengths are checked, prefixes are not: new prefixes are assigned every month.
    fits = phonenumbers.is_possible_number_with_reason(number)
    if fits != phonenumbers.ValidationResult.IS_POSSIBLE:
        place = f" in {country}" if country and not typed.startswith("+") else ""
        raise Invalid(
            f"{what} {quoted(typed)} is not a phone number{place}. "
            "Write it in full, like +65 6123 4567"
        )
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return f"{e164};ext={number.extension}" if number.extension else e164


def _dialled_abroad(typed: str) -> phonenumbers.PhoneNumber | None:
    """A number with `00` instead of `+` before the code of its country; None if it is none."""
    import phonenumbers

    if not typed.replace("(", "").lstrip().startswith("00"):
        return None
    try:
        number = phonenumbers.parse("+" + typed.replace("(", "").lstrip().lstrip("0"), None)
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_valid_number(number) else None


def website(text: str, what: str = "website") -> str:
    """Return the bare host of a web address, which identifies an account.

    >>> website("https://www.GreenTech.sg:443/about?x=1")
    'greentech.sg'
    """
    typed = one_line(text, what)
    if typed.lower().startswith(("http://", "https://", "//")):
        user_and_host = _before_any(typed.partition("//")[2], "/?#\\")
        authority = user_and_host.rpartition("@")[2]
    else:  # without a scheme, an @ means that it is an email
        authority = _before_any(typed, "/?#\\")
    name, _, port = authority.partition(":")
    host = _host(name)
    if not host or port.strip("0123456789"):
        raise Invalid(
            f"{what} {quoted(typed)} is not a web address. Write the host, like greentech.sg"
        )
    while host.startswith("www.") and "." in host[4:]:
        host = host[4:]
    return host


def linkedin(text: str, what: str = "linkedin") -> str:
    """The handle of a LinkedIn page: `mei-tan`, or `company/greentech`.

    >>> linkedin("https://sg.linkedin.com/in/Mei-Tan/?trk=x")
    'mei-tan'
    """
    from urllib.parse import unquote

    typed = one_line(text, what)
    path = _before_any(typed.partition("://")[2] if "://" in typed else typed, "?#")
    host, _, rest = path.partition("/")
    if host.lower() == "linkedin.com" or host.lower().endswith(".linkedin.com"):
        path = rest
    elif "://" in typed:
        path = ""
    parts = unquote(path).strip("/").removeprefix("@").lower().split("/")
    kind, handle = (parts[0], parts[1]) if len(parts) > 1 else ("in", parts[0])
    handle = normalize("NFC", handle)
    if kind == "in" and len(handle) > 2 and handle not in _LINKEDIN_KINDS:
        if _is_handle(handle, "-_"):
            return handle
    elif kind in _LINKEDIN_KINDS and _is_handle(handle, "-_.&"):
        return f"{kind}/{handle}"
    raise Invalid(
        f"{what} {quoted(typed)} is not a LinkedIn page. "
        "Write the handle, like mei-tan or company/greentech"
    )


def linkedin_page(handle: str) -> str:
    """Return the page of a LinkedIn handle in the form of a profile.

    >>> linkedin_page("mei-tan")
    'linkedin.com/in/mei-tan'
    """
    return f"linkedin.com/{handle if '/' in handle else f'in/{handle}'}"


def profile(text: str, what: str = "profile") -> str:
    """A person's page in a network, as its host and path: `x.com/meitan`.

    >>> profile("https://www.X.com/MeiTan/?lang=en")
    'x.com/meitan'
    """
    typed = one_line(text, what)
    page = _before_any(typed.partition("://")[2] if "://" in typed else typed, "?#")
    name, _, path = page.partition("/")
    host = _host(name).removeprefix("www.")
    path = path.strip("/")
    if not host or "." not in host or not path or " " in path:
        raise Invalid(
            f"{what} {quoted(typed)} is not a person's page. Write the network and the name, "
            "like x.com/meitan"
        )
    return f"{host}/{normalize('NFC', path.lower())}"


def link(text: str, what: str = "link") -> str:
    """A web address, after a title if it has one: `Contract 2026 https://example.com/1`."""
    typed = one_line(text, what)
    title, _, address = typed.rpartition(" ")
    scheme, _, rest = address.partition("://")
    host = _before_any(rest, "/?#").rpartition("@")[2].partition(":")[0]
    if scheme.lower() not in ("http", "https") or not _host(host):
        raise Invalid(
            f"{what} {quoted(typed)} has no web address at its end. Write it like "
            "Contract https://example.com/contract"
        )
    return f"{title} {scheme.lower()}://{rest}".strip()


def _is_handle(handle: str, marks: str) -> bool:
    return (
        len(handle) <= 100
        and handle.strip(marks) != ""
        and all(_is_letter(char) or char in marks for char in handle)
    )


def country(text: str, what: str = "country") -> str:
    """Return the two letters of ISO 3166 for a code or an English name.

    Raises `Invalid` for an unknown name, with similar ones as candidates.
    """
    typed = one_line(text, what)
    codes = country_codes()
    front, comma, back = typed.partition(",")
    turned = f"{back} {front}" if comma else typed  # Korea, South
    code = codes.get(_country_key(typed)) or codes.get(_country_key(turned))
    if code is None:
        names = {country_name(code): code for code in codes.values()}
        neighbours = [f"{name} ({names[name]})" for name in near(typed, names)]
        hint = did_you_mean(neighbours)
        raise Invalid(
            f"{what} {quoted(typed)} is not a country.{hint} Write the two-letter code",
            candidates=neighbours,
        )
    return code


def country_name(code: str) -> str:
    """Return the everyday name of a country; an unknown code is returned as it is."""
    import iso3166

    if code in EVERYDAY_NAMES:
        return EVERYDAY_NAMES[code]
    found = iso3166.countries_by_alpha2.get(code)
    return found.name if found else code


@functools.cache
def calling_code(country: str) -> str | None:
    """Return the prefix of a country's phone numbers, such as `+65`; None if it has none."""
    import phonenumbers

    code = phonenumbers.country_code_for_region(country)
    return f"+{code}" if code else None


@functools.cache
def country_codes() -> dict[str, str]:
    """Return two-letter codes by all names of a country, in the form of `_country_key`."""
    import iso3166

    codes = dict(OTHER_NAMES)
    for entry in iso3166.countries:
        front, comma, back = entry.name.partition(",")
        turned = f"{back} {front}" if comma else entry.name
        for name in (
            entry.alpha2,
            entry.alpha3,
            entry.name,
            turned,
            entry.apolitical_name,
            country_name(entry.alpha2),
        ):
            codes[_country_key(name)] = entry.alpha2
    return codes


def _country_key(name: str) -> str:
    named = words(name)
    return " ".join("saint" if word == "st" else word for word in named if word != "the")


def words(name: str) -> list[str]:
    """Return the words of a name without punctuation: `U.S.` is `us`, `AT&T` is `at and t`."""
    plain = key(name).translate(_PUNCTUATION)
    if not plain.isascii():
        plain = "".join(char if _is_letter(char) else " " for char in plain)
    return plain.split()


def _before_any(value: str, marks: str) -> str:
    for mark in marks:
        value = value.partition(mark)[0]
    return value


def _host(typed: str) -> str:
    """Return a host name in lower case and in its own script; "" if it is not one.

    `xn--bcher-kva.de` and `bücher.de` are the same host and give the same result.
    """
    folded = normalize("NFKC", typed.strip()).lower().replace("\u3002", ".")
    labels = [_own_script(label) for label in folded.removesuffix(".").split(".")]
    host = normalize("NFC", ".".join(labels))
    whole = len(labels) > 1 and len(host) <= 253 and not labels[-1].isdigit()
    return host if whole and all(map(_is_label, labels)) else ""


def _own_script(label: str) -> str:
    """Return the label that an `xn--` label stands for, if people may type it."""
    if not label.startswith("xn--"):
        return label
    try:
        decoded = label[4:].encode("ascii").decode("punycode")
    except UnicodeError:
        return label
    typable = decoded == normalize("NFKC", decoded).lower() and _is_label(decoded)
    return decoded if typable and not decoded.isascii() else label


def _is_label(label: str) -> bool:
    length = len(label) if label.isascii() else len(label.encode("punycode")) + 4
    return (
        0 < length <= 63
        and label.strip("-") == label
        and all(_is_letter(char) or char in "-_" for char in label)
    )


def _is_letter(char: str) -> bool:
    """Whether it is a letter, a digit, or a mark of one (vowel signs of Indic scripts)."""
    return char.isalnum() or category(char)[0] == "M"
