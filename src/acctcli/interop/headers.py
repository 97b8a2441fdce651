"""Match the columns of a file with fields, by the names that people and other tools use.

Our own names, labels and options come from the model; the words of spreadsheets and other systems
are in `WORDS`, by kind, and a new one is one more word there. Names compare as `header_key` says,
and without blanks: `Close Date`, `close_date` and `CloseDate` are the same. Nothing here reads a
cell, and similar names do not match: an unknown column is left out and reported.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from acctcli.interop.rows import header_key
from acctcli.model import REF, Field

_ACCOUNT = """company, company name, account name, organization, organization name, organisation,
    organisation name, customer, customer name, client, client name, company account, employer"""
_OWNER = """account owner, owner name, account manager, account executive, relationship manager,
    salesperson, sales person, sales rep, sales representative, sales agent, rep, agent,
    assigned to, responsible"""

WORDS: dict[str, dict[str, str]] = {
    "account": {
        "name": f"account, business name, legal name, {_ACCOUNT}",
        "status": "account status, customer status, lifecycle stage",
        "tier": "account tier, customer tier, segment, account segment",
        "parent": """parent account, parent company, parent account name, subsidiary of,
            holding company""",
        "owner": _OWNER,
        "industry": "sector, vertical, line of business, business sector, industry sector",
        "website": """web site, url, web, web page, web address, homepage, domain, company domain,
            company domain name, domain name, company website, website url""",
        "phone": """phone number, telephone, telephone number, tel, main phone, company phone,
            office phone, business phone, switchboard""",
        "other_websites": "other website, alias domain, further domain, secondary domain",
        "other_phones": "other phone, second phone, fax",
        "aliases": "alias, also known as, aka, trading name, dba, short name, former name",
        "street": """address, street address, billing street, billing address, mailing street,
            company address""",
        "city": "town, billing city, mailing city",
        "region": """state, province, state province, state region, billing state,
            billing state province, county""",
        "postal_code": """zip, zip code, zip postal code, postcode, post code, postal,
            billing zip, billing postal code, billing zip postal code""",
        "country": """country name, country code, country region, billing country, nation,
            office location""",
        "employees": """number of employees, no of employees, num employees, employee count,
            headcount, staff, company size""",
        "annual_revenue": "revenue, turnover, annual sales, yearly revenue, annual turnover",
        "currency": "currency code, currency iso code",
        "source": "lead source, account source, original source, origin",
        "description": "notes, note, comments, comment, remarks, about",
        "tags": "labels, label, keywords",
        "links": "link, documents, document links",
    },
    "contact": {
        "name": """full name, contact name, contact, person, display name, person name,
            contact person""",
        "account": _ACCOUNT,
        "title": "job title, position, job, designation",
        "department": "dept, division, team",
        "emails": """e mail, mail, email address, e mail address, work email, business email,
            primary email, secondary email, other email, personal email, email 1, email 2,
            e mail 1 value, e mail 2 value""",
        "phones": """phone number, telephone, telephone number, tel, mobile, mobile phone,
            mobile number, cell, cell phone, work phone, business phone, office phone,
            direct phone, direct line, primary phone, phone 1 value, phone 2 value""",
        "aliases": "alias, nickname, also known as, known as",
        "profiles": "profile, social profiles, twitter, x handle, twitter url, social media",
        "birthday": "birth date, date of birth, birthdate, dob, born",
        "tags": "labels, label, keywords, groups, group membership",
        "linkedin": "linkedin url, linkedin profile, linkedin profile url, person linkedin url",
        "role": "buying role, contact role, buying group role",
        "influence": "influence level, level of influence",
        "stance": "attitude, sentiment, disposition",
        "reports_to": "manager, manager name, supervisor, boss",
        "primary": "primary contact, is primary, main contact",
        "do_not_contact": "do not call, do not email, opt out, email opt out, unsubscribed, dnc",
        "notes": "description, note, comments, comment, remarks",
    },
    "log": {
        "account": _ACCOUNT,
        "kind": "type, activity type, interaction type, activity, channel",
        "at": """date, date time, datetime, timestamp, time, activity date, interaction date,
            start, start date, start time, occurred at, logged at, created at""",
        "summary": "subject, title, topic",
        "body": "notes, note, description, details, content, text, comments, message",
        "contacts": "contact, contact name, participants, attendees, people, person",
        "deal": "opportunity, opportunity name, deal name",
        "duration": "minutes, duration minutes, length",
        "outcome": "result, call result, disposition",
        "score": "rating, nps, csat",
        "scale": "survey type, score type",
        "resolved_at": "resolved, resolved on, resolved date, closed at",
    },
    "task": {
        "account": _ACCOUNT,
        "text": """task, task name, subject, title, name, to do, todo, action, action item,
            next step""",
        "due": "due date, due on, deadline, date due, by when",
        "owed_by": "promised by",
        "contact": "contact name, person",
        "deal": "opportunity, opportunity name, deal name",
        "at": "start, start time, starts at, appointment",
        "duration": "minutes, duration minutes, length",
        "place": "location, where, room",
        "done_at": "done, done on, completed, completed on, completed at, completion date",
        "every": "repeat, repeats, recurrence",
    },
    "deal": {
        "account": _ACCOUNT,
        "title": """name, deal, deal name, deal title, opportunity, opportunity name,
            opportunity title, subject, project""",
        "stage": """deal stage, sales stage, stage name, opportunity stage, pipeline stage, phase,
            status, deal status""",
        "amount": """value, deal value, deal amount, close value, opportunity amount, price, total,
            contract value, acv, tcv, revenue""",
        "currency": "currency code, currency iso code, deal currency, opportunity currency",
        "probability": "win probability, chance, likelihood, probability percent",
        "category": "forecast category, forecast",
        "close_date": """expected close date, expected close, estimated close date, closing date,
            close on""",
        "type": "deal type, opportunity type",
        "product": "product name, product line",
        "source": "lead source, deal source, opportunity source, origin",
        "lost_reason": "loss reason, reason lost, reason for loss, closed lost reason",
        "competitor": "competitors, main competitor, lost to",
        "owner": f"deal owner, opportunity owner, {_OWNER}",
        "tags": "labels, label, keywords",
        "links": "link, documents, document links",
        "opened_on": """created, created date, create date, created on, created at, date created,
            date opened, open date, engage date, start date""",
        "closed_on": "closed date, actual close date, date closed, won date",
    },
    "purchase": {
        "account": f"{_ACCOUNT}, buyer",
        "deal": "opportunity, opportunity name, deal name",
        "product": "product name, item, item name, service",
        "quantity": "qty, units, count",
        "amount": "total, total amount, net amount, invoice amount, price, value, sales, revenue",
        "currency": "currency code, currency iso code",
        "purchased_on": """date, purchase date, purchased, order date, invoice date,
            transaction date, sale date, sold on""",
        "payment": "payment method, payment type, paid by",
        "starts_on": "start, start date, term start, contract start, valid from",
        "ends_on": """end, end date, term end, contract end, expiry, expiry date, expires,
            expires on, expiration date, renewal date, valid until""",
        "recurring": "recurrence, billing cycle, billing period, interval",
        "notice_days": "notice, notice period, notice period days, cancellation period",
        "auto_renews": "auto renew, auto renewal, automatic renewal, renews automatically",
    },
    "product": {
        "name": "product, product name, item, item name, title",
        "family": "series, product family, product line, category, product category, group",
        "price": "sales price, list price, unit price, amount",
        "currency": "currency code, currency iso code",
        "active": "is active, available, still sold",
    },
    "review": {
        "account": _ACCOUNT,
        "held_on": "date, held, review date, reviewed on, meeting date",
        "health": "health score, score",
        "rating": "rag, rag status, status, colour, color",
        "summary": "notes, comments",
        "strengths": "positives",
        "risks": "concerns, issues",
        "next_review": "next review date, review due, next date",
    },
}
"""Further names of fields, by kind."""

PARTS: dict[str, dict[str, tuple[str, ...]]] = {
    "contact": {
        "name": (
            "first name, given name, forename",
            "middle name",
            "last name, surname, family name",
        )
    },
    "account": {
        "street": (
            "address line 1, address 1, street 1, address street 1",
            "address line 2, address 2, street 2, address street 2",
        )
    },
}
"""Fields that other tools split over several columns, in the order in which they are joined."""

FIXED = ("id", "number", "created_at", "updated_at", "archived_at")
"""Fields that the program sets: a column of that name is only ours in an export of ours."""

_FILLED_IN = {"deal": ("title", "stage", "opened_on")}
"""Required fields that a file may lack, because they are filled in, by kind."""


class HeaderMatch(NamedTuple):
    """The columns of each field (or `account_id`), and the columns without a field."""

    columns: dict[str, tuple[str, ...]]
    left_out: list[str]


def squeezed(name: str) -> str:
    """Return the form in which names of columns compare here."""
    return header_key(name).replace(" ", "")


def match(
    kind: str,
    fields: Mapping[str, Field],
    columns: Sequence[str],
    *,
    fixed: Collection[str] = (),
) -> HeaderMatch:
    """Find the field of each column; `fixed` are those of `FIXED` that are ours in this file.

    Our own names win over those of others, and columns further left over columns further right. A
    list takes all its columns, any other field the first.
    """
    by_key = {squeezed(column): column for column in reversed(columns)}
    found: dict[str, list[str]] = {}
    taken: set[str] = set()

    def take(target: str, column: str) -> None:
        found.setdefault(target, []).append(column)
        taken.add(column)

    def is_free(target: str) -> bool:
        return target not in found or fields[target].many

    for key, target in own_names(fields, fixed).items():
        column = by_key.get(key)
        if column is not None and is_free(target):
            take(target, column)
    words = _words(kind)
    for column in columns:
        target = words.get(squeezed(column), "")
        if column not in taken and target in fields and is_free(target):
            take(target, column)
    for target, parts in PARTS.get(kind, {}).items():
        if target not in found:
            for words_of_part in parts:
                keys = map(squeezed, words_of_part.split(","))
                part = next((by_key[key] for key in keys if key in by_key), None)
                if part is not None and part not in taken:
                    take(target, part)
    return HeaderMatch(
        {target: tuple(names) for target, names in found.items()},
        [column for column in columns if column not in taken],
    )


def own_names(fields: Mapping[str, Field], fixed: Collection[str] = ()) -> dict[str, str]:
    """Return our own names by their comparable form: field names, labels and options."""
    names: dict[str, str] = {}
    for name, field in fields.items():
        if field.derived or (name in FIXED and name not in fixed):
            continue
        names[squeezed(name)] = name
        if field.type == REF:
            names[squeezed(field.id_name)] = field.id_name
    for name, field in fields.items():
        if field.flag and not field.derived:
            names.setdefault(squeezed(field.flag), name)
    return names


@functools.cache
def _words(kind: str) -> dict[str, str]:
    """Return the field of each further name of a kind."""
    return {
        squeezed(word): field
        for field, words in WORDS.get(kind, {}).items()
        for word in words.split(",")
    }


def fitting_kinds(
    columns: Sequence[str],
    fields_of: Mapping[str, Mapping[str, Field]],
    *,
    fixed: Collection[str] = (),
    others: Iterable[str] = (),
) -> list[str]:
    """Return the kinds that the rows may be; one, if the columns are clear.

    A kind needs a column for each required field, and a field for at least half of the columns. A
    second kind is possible if it leaves out no more columns than the first, or just one more while
    neither knows all of them. `others` are columns that are accounted for otherwise.
    """
    rest = [column for column in columns if column not in set(others)]
    left_out: dict[str, int] = {}
    for kind, fields in fields_of.items():
        found = match(kind, fields, rest, fixed=fixed)
        required = [
            name
            for name, field in fields.items()
            if field.required and not field.fixed and name not in _FILLED_IN.get(kind, ())
        ]
        if all(name in found.columns for name in required):
            left_out[kind] = len(found.left_out)
    fewest = min(left_out.values(), default=len(rest))
    if fewest * 2 > len(rest):
        return []
    most = fewest + (1 if fewest else 0)
    return [kind for kind, count in left_out.items() if count <= most]
