"""The account's page and the brief for a meeting, as documents.

Made of the JSON of the page and nothing else. What is prepared here is what a
template says badly; how it looks stands in the templates.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from acctcli.render import account, brief, health, plan
from acctcli.render.html import document

Data = Mapping[str, Any]


def page(data: Data, today: date) -> str:
    """The account's page: all that there is of it."""
    custom = [(label, value) for label, value in account.custom(data) if value is not False]
    kept = [review["health"] for review in reversed(data["reviews"])]
    return _made("account.html", "Account", data, today, kept, custom=custom)


def meeting(data: Data, today: date) -> str:
    """The brief: what to know before a meeting, on a sheet or two."""
    kept = [review["health"] for review in data["health"]["trend"]]
    return _made("brief.html", "Brief", data, today, kept)


def _made(
    template: str, kind: str, data: Data, today: date, kept: Sequence[int | None], **more: Any
) -> str:
    """The document, with the healths that reviews kept and what things are called."""
    by_code = {reason["code"]: reason for reason in data["health"]["reasons"]}
    return document.made(
        template,
        data,
        today,
        data["name"],
        kind,
        trend=[score for score in kept if score is not None],
        strongest=[by_code[code] for code in data["health"]["strongest"]],
        labels=health.LABELS,
        plan_texts=plan.TEXTS,
        review_texts=brief.FOUND,
        **more,
    )
