"""The agenda of a day as a document: to print, or to send to somebody who stands in."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from acctcli.render import agenda
from acctcli.render.html import document
from acctcli.values.dates import WEEKDAYS

if TYPE_CHECKING:
    from acctcli.shapes.today import TodayPage


def today(data: TodayPage, day: date) -> str:
    """Return who needs attention on a day, with every reason in full."""
    return document.made(
        "today.html",
        data,
        day,
        f"{WEEKDAYS[day.weekday()]}, {document.day(day)}",
        "Who needs you",
        summary=agenda.headline(data),
        nobody=agenda.NOBODY,
    )
