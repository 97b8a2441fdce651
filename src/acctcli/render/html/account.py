"""The page of an account and the brief for a meeting, as documents.

Made from the JSON of the page and nothing else. This module prepares what is awkward in a template;
the templates decide how it looks.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from acctcli import text
from acctcli.render import account, brief, groups, health, parts, plan, theme
from acctcli.render.html import document

if TYPE_CHECKING:
    from acctcli.shapes.account import AccountPage
    from acctcli.shapes.brief import BriefPage
    from acctcli.shapes.groups import GroupFiguresJson


def page(data: AccountPage, today: date) -> str:
    """Return the page of an account with everything on it."""
    return _made("account.html", "Account", data, today, more=_more(data))


def _more(data: AccountPage) -> list[tuple[str, Any]]:
    """Return label and value of further fields and custom fields that have a value."""
    town = " ".join(filter(None, (data["postal_code"], data["city"])))
    address = [data["street"], town, data["region"]] if data["street"] else []
    found = [("address", list(filter(None, address))), ("source", data["source"])]
    found += [("part of", data["parent"]), *account.custom(data)]
    return [(label, value) for label, value in found if value not in (None, "", [], False)]


GROUP = (
    *("Account", "ARR", "Bought in 12 months", "Open deals", "Lowest health", "Last contact"),
    "Next renewal",
)
"""The columns of the group of an account."""


def _group(data: AccountPage | BriefPage, today: date) -> list[tuple[str, ...]]:
    """Return a row for the whole group of an account, and one for each member."""
    group = data["group"]
    if group is None:
        return []
    rates = list(groups.rates([group]))
    whole = parts.dotted([f"Whole group, {text.plural(group['accounts'], 'account')}", *rates])
    members = [
        (", ".join([one["name"], parts.dotted(groups.about(one))]), one) for one in group["members"]
    ]
    return [
        (
            name,
            *(groups.exactly(found, part) or theme.NONE for part in ("arr", "bought", "open")),
            groups.lowest_health(found) or theme.NONE,
            theme.ago(found["last_touch"], today) or theme.NONE,
            _renewal(found),
        )
        for name, found in ((whole, group), *members)
    ]


def _renewal(found: GroupFiguresJson) -> str:
    renewal = found["next_renewal"]
    if renewal is None:
        return theme.NONE
    days = f"{document.day(renewal['ends_on'])}, {renewal['standing']}"
    return f"{days}: {parts.dotted([renewal['account'], renewal['product']])}"


def meeting(data: BriefPage, today: date) -> str:
    """Return the brief for a meeting, on a sheet or two."""
    return _made("brief.html", "Brief", data, today)


def _made(
    template: str,
    kind: str,
    data: AccountPage | BriefPage,
    today: date,
    **more: Any,
) -> str:
    """Fill the template, with the health at past reviews and the names of things."""
    planned = data["plan"]["objectives"] or any(data["plan"][name] for name in plan.TEXTS)
    by_code = {reason["code"]: reason for reason in data["health"]["reasons"]}
    return document.made(
        template,
        data,
        today,
        data["name"],
        kind,
        trend=[review["health"] for review in data["health"]["trend"]],
        strongest=[by_code[code] for code in data["health"]["strongest"]],
        labels=health.LABELS,
        planned=planned,
        plan_texts=plan.TEXTS,
        review_texts=brief.FOUND,
        group_head=GROUP,
        group_rows=_group(data, today),
        **more,
    )
