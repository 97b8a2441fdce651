"""The week as a document: the same words as on a terminal, with its figures as tiles."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from acctcli.render import week as words
from acctcli.render.html import document
from acctcli.render.prose import Days

if TYPE_CHECKING:
    from acctcli.shapes.week import WeekPage

LONG = 100
"""Lines per section, and names per line; further ones are counted."""


class DocumentDays(Days):
    """Days in full, as in documents."""

    def day(self, stored: str | None) -> str:
        """Return `27 Nov 2026`."""
        return document.day(stored)


def week(data: WeekPage, today: date) -> str:
    """Return the week in words, as it was on the day `today`."""
    days = DocumentDays(today, None)
    found = [
        (heading, [line.says for line in lines])
        for heading, lines in words.sections(data, days, most=LONG, names=LONG)
    ]
    return document.made(
        "week.html",
        data,
        today,
        f"{document.day(data['period']['start'])} to {document.day(data['period']['end'])}",
        words.title(data),
        summary=" ".join(words.summary(data)),
        sections=found,
    )
