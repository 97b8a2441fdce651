"""What the cells of a row say together, before their values are read.

The country of a row decides its phones, a company's page on a shared host becomes a link, a deal
without a title gets one. Each function changes the cells of a row by field name, and reports what
nobody asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from acctcli import model, text
from acctcli.cellforms import FAX
from acctcli.errors import AcctError, Invalid
from acctcli.recipes import Cells, Recipe, Say
from acctcli.values.dates import iso
from acctcli.values.fields import Reading, Stored, split
from acctcli.values.money import DIGITS
from acctcli.values.number_columns import figures
from acctcli.values.vocabulary import plain_word


def say_rounded(
    recipe: Recipe, values: Mapping[str, Stored], typed: Mapping[str, str], say: Say
) -> None:
    """Report an amount with more decimals than its currency has."""
    for name, cell in typed.items():
        if recipe.fields[name].type != model.MONEY:
            continue
        decimals = figures(cell).partition(".")[2].rstrip("0")
        exact = any(char.isalpha() for char in cell[-2:]) and not cell[-3:].isalpha()  # 1.2345m
        places = DIGITS.get(str(values.get("currency")), 2)
        if len(decimals) > places and not exact:
            say("amounts were rounded to what their currency keeps", cell)


def close(recipe: Recipe, typed: dict[str, str], outcome: str) -> None:
    """Set the stage of a deal from a column that says whether it is won or lost."""
    word = plain_word(outcome)
    ours = recipe.foreign.get("outcome", {}).get(word)
    if ours:
        typed["stage"] = ours


def country(
    recipe: Recipe,
    typed: Mapping[str, str],
    ids: Mapping[str, tuple[str, ...]],
    cells: Cells,
    country_of: Callable[[str], str | None],
) -> str | None:
    """Return the country for the phones of a row, from the row or its account."""
    from acctcli.values import addresses

    of_columns = (cells.get(column, "") for column in recipe.country)
    for said in (typed.get("country", ""), *of_columns, recipe.defaults.get("country", "")):
        if said.strip():
            try:
                return addresses.country(said)
            except AcctError:
                pass  # it is refused, or left out, under its own name
    named = (typed.get("account"), *ids.get("account", ()))
    found = (country_of(account) for account in named if account)
    return next(filter(None, found), None) or recipe.home


def country_of_state(
    recipe: Recipe, typed: Mapping[str, str], phones: Sequence[str], cells: Cells, say: Say
) -> str | None:
    """Return the country of phones of North American form, by the state or province of their row.

    Two letters may be a state elsewhere too, so the form of all phones of the row has to agree.
    """
    given = [one for name in phones for one in typed.get(name, "").split(";") if one.strip()]
    if not all(_NORTH_AMERICAN.fullmatch(one.strip()) for one in given):
        return None
    for region in (typed.get("region", ""), *(cells.get(column, "") for column in recipe.region)):
        for code, names in STATES.items():
            if text.key(region) in names:
                say(f"phones without a country were read as {code}, by their state", given[0])
                return code
    return None


_NORTH_AMERICAN = re.compile(
    r"(?:1[ .-]?)?(?:\([2-9][0-9]{2}\) ?|[2-9][0-9]{2}[ .-])[2-9][0-9]{2}[ .-][0-9]{4}"
    r"(?: ?(?:x|ext\.?) ?[0-9]+)?",
    re.ASCII,
)

_STATES = {
    "US": """alabama, alaska, arizona, arkansas, california, colorado, connecticut, delaware,
        florida, hawaii, idaho, illinois, indiana, iowa, kansas, kentucky, louisiana, maine,
        maryland, massachusetts, michigan, minnesota, mississippi, missouri, montana, nebraska,
        nevada, new hampshire, new jersey, new mexico, new york, north carolina, north dakota, ohio,
        oklahoma, oregon, pennsylvania, rhode island, south carolina, south dakota, tennessee,
        texas, utah, vermont, virginia, washington, west virginia, wisconsin, wyoming,
        district of columbia, al, ak, az, ar, ca, co, ct, fl, hi, ia, ks, ky, ma, md, mi, mn, ms,
        nd, ne, nh, nj, nm, nv, ny, oh, ok, or, pa, ri, sd, tn, tx, ut, va, vt, wi, wv, wy""",
    "CA": """alberta, british columbia, manitoba, new brunswick, newfoundland and labrador,
        nova scotia, ontario, prince edward island, quebec, saskatchewan, ab, bc, mb, nb, nl, ns,
        on, pe, qc, sk""",
}
STATES = {code: frozenset(map(str.strip, names.split(","))) for code, names in _STATES.items()}
"""States by which the phones of a row without a country are read."""


def dial(
    recipe: Recipe,
    typed: dict[str, str],
    name: str,
    country: str | None,
    say: Say,
) -> None:
    """Read the phones of a row; a fax and a text that is no phone number go to the notes."""
    from acctcli.values import addresses

    field = recipe.fields[name]
    column = next(iter(recipe.columns.get(name, ())), field.label)
    notes = "description" if recipe.kind == "account" else "notes"
    good: list[str] = []
    for one in filter(None, map(str.strip, split(field, typed.pop(name)))):
        if one.startswith(FAX):
            typed[notes] = text.joined(typed.get(notes), one) or ""
            say(f"numbers of faxes are kept in the {notes}", one)
            continue
        try:
            good.append(addresses.phone(one, country, column))
        except Invalid:
            if not country and "+" not in one and any(map(str.isdigit, one)) and not recipe.lenient:
                raise Invalid(
                    f"{column} {text.quoted(one)} has no country code. To give it "
                    "for all of them, as in Germany: --default country=DE"
                ) from None
            if notes not in recipe.fields:
                good.append(one)
                continue
            typed[notes] = text.joined(typed.get(notes), f"Phone: {one}") or ""
            say(f"phones could not be read and are kept in the {notes}", one)
    if len(good) > 1 and not field.many and "other_phones" in recipe.fields:
        typed["other_phones"] = "; ".join(filter(None, (typed.get("other_phones"), *good[1:])))
        say("of several phones the first is that of the account, the others are kept", good[1])
        good = good[:1]
    if good:
        typed[name] = "; ".join(good)


def pages(recipe: Recipe, typed: dict[str, str], say: Say) -> None:
    """Keep a company's page on a shared host as a link: the host identifies nobody."""
    from acctcli.values import addresses, identity

    for name, field in recipe.fields.items():
        if field.type != model.WEBSITE or name not in typed:
            continue
        own = []
        for one in filter(None, map(str.strip, typed.pop(name).split(";"))):
            page = one if "://" in one else f"https://{one}"
            try:
                shared = not identity.identifies(model.WEBSITE, addresses.website(one))
            except AcctError:
                shared = False
            if shared and "/" in page.partition("://")[2].strip("/"):
                typed["links"] = "; ".join(filter(None, (typed.get("links", ""), page)))
                say("pages on a host that many share are kept as links", one)
            else:
                own.append(one)
        if own:
            typed[name] = "; ".join(own)


def part_of_name(recipe: Recipe, cells: Cells) -> str:
    """Return `first` or `last` if a row has only that part of a person's name, else ""."""
    if not recipe.name_parts:
        return ""
    first, last = (bool(column and cells.get(column, "").strip()) for column in recipe.name_parts)
    return "first" if first and not last else "last" if last and not first else ""


def summarise(given: dict[str, str], typed: dict[str, str]) -> None:
    """Keep a summary of several lines: its first line as the summary, all of it as the body."""
    whole = given["summary"]
    first = next(line.strip() for line in whole.splitlines() if line.strip())
    given["summary"] = typed["summary"] = first
    if not given.get("body"):
        given["body"] = typed["body"] = whole


def find_kind(recipe: Recipe, typed: dict[str, str]) -> None:
    """Take the kind of an interaction from its subject, if that begins with one: `Call`."""
    words = recipe.foreign.get("kind", {})
    kind = words.get(plain_word(typed.get("summary", "").partition(":")[0]))
    if kind and "kind" not in typed:
        typed["kind"] = kind


def lost_only(reading: Reading, values: dict[str, Stored], typed: dict[str, str]) -> None:
    """Leave out the reason for a loss where a deal is not lost: it is a state of another kind.

    The day on which an open deal was won is the one on which it is expected to close (Close).
    """
    stage = reading.config.stage(str(values.get("stage") or ""))
    if stage is not None and stage.open and values.get("closed_on") == values.get("close_date"):
        values.pop("closed_on", None)
        typed.pop("closed_on", None)
    if stage is not None and not stage.lost:
        values.pop("lost_reason", None)
        typed.pop("lost_reason", None)


_LONGEST_SUMMARY = 240  # of a text that has no summary


def sum_up(given: dict[str, str], typed: dict[str, str]) -> None:
    """Give an interaction without a summary one: the first line of its body, else its kind."""
    lines = filter(None, map(str.strip, given.get("body", "").splitlines()))
    first = text.clip(next(lines, ""), _LONGEST_SUMMARY) or given.get("kind", "").capitalize()
    if first:
        given["summary"] = typed["summary"] = first


_WITHOUT_YEAR = re.compile(
    r"-{0,2}[0-9]{1,2}[-/. ][0-9]{1,2}\.?|--[0-9]{4}"  # --0321 is the form of vCard
    r"|[0-9]{1,2}(?:st|nd|rd|th)?\.?[- ]?[^\W\d]{3,10}\.?"
    r"|[^\W\d]{3,10}\.?[- ][0-9]{1,2}(?:st|nd|rd|th)?",
    re.IGNORECASE,
)


def born(typed: dict[str, str], say: Say) -> None:
    """Keep a birthday without its year in the notes: it is no day."""
    birthday = typed.get("birthday", "").strip()
    if _WITHOUT_YEAR.fullmatch(birthday):
        del typed["birthday"]
        typed["notes"] = text.joined(typed.get("notes"), f"Birthday: {birthday.strip('-')}") or ""
        say("birthdays without a year are kept in the notes", birthday)


def opened_before(
    recipe: Recipe,
    reading: Reading,
    values: dict[str, Stored],
    typed: Mapping[str, str],
    say: Say,
) -> None:
    """Make the opening day of a closed deal its closing day, if it was entered later."""
    stage = reading.config.stage(str(values.get("stage") or ""))
    if stage is None or stage.open or "opened_on" not in typed:
        return
    closed, opened = values.get("closed_on") or values.get("close_date"), values["opened_on"]
    today = iso(reading.clock.today)  # a deal entered on a day to come is refused by the rules
    if isinstance(closed, str) and isinstance(opened, str) and closed < opened <= today:
        values["opened_on"] = closed
        say("deals were entered after they closed and count as opened that day", opened)


def entitle(given: dict[str, str], key: str | None, say: Say = lambda what, cell: None) -> None:
    """Give a deal without a title one: its foreign id, else product and account, else account."""
    if key:
        given["title"] = key
    elif given.get("product") and given.get("account"):
        given["title"] = f"{given['product']} for {given['account']}"
    elif given.get("account"):
        given["title"] = given["account"]
        say("deals without a title are called like their account", given["title"])
