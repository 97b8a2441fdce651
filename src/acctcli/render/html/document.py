"""A page as one HTML document that is safe to open and to send.

A document is made from a template and the page's JSON. It outlives today, so days have their year,
and "3 days ago" counts from the day in its head. Text of the book meets three defences: every
expression of a template is escaped, characters in the finished text that would act or hide become
visible escapes, and a policy in the head forbids the browser to run or to fetch anything.

The template engine takes 0.1 s to import: only `--html` does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import jinja2

from acctcli import text
from acctcli.render import account_bought, figures, parts, theme
from acctcli.render.html import svg
from acctcli.values import dates
from acctcli.values.fields import Unreadable, known

MEANINGS = {
    **{"green": "good", "amber": "risk", "red": "bad"},
    **{"champion": "good", "supporter": "good", "skeptic": "risk", "opponent": "bad"},
    "met": "good",
}
"""The class of coloured words; the word itself is always there too."""


def made(
    template: str, data: Mapping[str, Any], today: date, title: str, kind: str, **more: Any
) -> str:
    """Return the document that a template makes of a page's data on the day `today`.

    `title` names its subject; `kind`, above it, says what it is. Further values go to the template
    under their names.
    """
    found = environment(today).get_template(template)
    whole = found.render(data=data, today=today, title=title, kind=kind, **more)
    return text.safe(whole, newlines=True)


def steps(tops: Sequence[parts.Data], below: str) -> Iterator[tuple[parts.Data | None, int, int]]:
    """Yield each member of some trees, its level, and the change of level since the last one.

    At the end comes None, back at the top. Levels stop where other drawings stop too.
    """
    before = -1
    for one, level in parts.walk(tops, below):
        drawn = min(level, parts.DEEPEST)
        yield one, level, drawn - before
        before = drawn
    if before >= 0:
        yield None, 0, -before


def environment(today: date) -> jinja2.Environment:
    """Return the templates with their filters; filters of days count from `today`."""
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
        average=figures.average,
        short_amount=theme.short_amount,
        country=theme.country,
        number=figures.number,
        percent=figures.percent,
        days=figures.days,
        counted=text.plural,
        spoken=parts.spoken,
        dotted=parts.dotted,
        steps=steps,
        usually=account_bought.usual_order,
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
    """Return `27 Nov 2026` for a day or a moment; "" for None."""
    if isinstance(stored, Unreadable):
        return theme.as_it_stands(stored)
    value = theme.day_of(stored)
    return f"{value.day} {dates.MONTHS[value.month - 1][:3]} {value.year}" if value else ""


def _written(value: Any) -> Any:
    """Return what an expression writes: nothing for None."""
    return "" if value is None else value
