"""A page as one HTML document: its words, and what makes it safe to open and to send along.

A document is made of a template and the page's JSON. It outlives today, so days
have their year, and "3 days ago" counts from the day that stands in its head.
Text of the book meets three defences: every expression of a template is escaped,
whatever would act or hide in the finished text becomes a visible escape, and a
policy in the head forbids the browser to run or to fetch anything.

The template engine takes 0.1 s to import: only `--html` comes here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import jinja2

from acctcli import text
from acctcli.render import figures, parts, theme
from acctcli.render.html import svg
from acctcli.values import dates
from acctcli.values.fields import Unreadable, known

MEANINGS = {
    **{"green": "good", "amber": "risk", "red": "bad"},
    **{"champion": "good", "supporter": "good", "skeptic": "risk", "opponent": "bad"},
    "met": "good",
}
"""The class of the words that have a colour; the word itself always stands there too."""


def made(
    template: str, data: Mapping[str, Any], today: date, title: str, kind: str, **more: Any
) -> str:
    """The document that a template makes of a page's data, as it stood on the day `today`.

    `title` names what it is about; `kind`, above it, says what it is. What else is given goes
    to the template under its own name.
    """
    found = environment(today).get_template(template)
    whole = found.render(data=data, today=today, title=title, kind=kind, **more)
    return text.safe(whole, newlines=True)


def steps(tops: Sequence[parts.Data], below: str) -> Iterator[tuple[parts.Data | None, int, int]]:
    """Each member of some trees, its level, and how many lists deeper it stands than the last.

    At the end comes nobody, back at the top. Lists lie no deeper in each other than they are
    drawn elsewhere.
    """
    before = -1
    for one, level in parts.walk(tops, below):
        drawn = min(level, parts.DEEPEST)
        yield one, level, drawn - before
        before = drawn
    if before >= 0:
        yield None, 0, -before


def environment(today: date) -> jinja2.Environment:
    """The templates with their filters; those that speak of days count from `today`."""
    engine = jinja2.Environment(
        loader=jinja2.PackageLoader("acctcli.render.html"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=_written,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    engine.filters.update(
        day=day,
        ago=lambda stored: theme.ago(stored, today),
        late=lambda stored: (known(stored) or "~") < dates.iso(today),
        amount=theme.amount,
        short_amount=theme.short_amount,
        country=theme.country,
        number=figures.number,
        percent=figures.percent,
        days=figures.days,
        counted=text.plural,
        spoken=parts.spoken,
        dotted=parts.dotted,
        steps=steps,
        level=parts.level_said,
        arrow=parts.arrow,
        meaning=lambda word: MEANINGS.get(word, ""),
        said=parts.said,
        flat=text.flat,
        soonest=lambda tasks: sorted(tasks, key=lambda task: task["due"] or "~"),
    )
    engine.globals.update(svg=svg)
    return engine


def day(stored: str | date | None) -> str:
    """`27 Nov 2026` for a day or a moment; empty for none."""
    if isinstance(stored, Unreadable):
        return theme.as_it_stands(stored)
    value = theme.day_of(stored)
    return f"{value.day} {dates.MONTHS[value.month - 1][:3]} {value.year}" if value else ""


def _written(value: Any) -> Any:
    """What an expression writes: nothing for None."""
    return "" if value is None else value
