"""The screen of `acct today --interactive`: one account, its reasons, and the keys.

Plain lines, as in `acct today`. It fits the window: a long list of reasons is cut.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from acctcli import text
from acctcli.frozen import Frozen
from acctcli.render import theme
from acctcli.render.agenda import NOBODY, STYLES
from acctcli.render.theme import View

LEFT = 4
"""Columns before a reason, for its sign."""

AROUND = 6
"""Lines of the window that are not for reasons: a blank, the name, what is left out, keys."""

ANSWERED, SNOOZED, CURRENT, OPEN = "answered", "snoozed", "current", "open"


class ShownReason(Frozen):
    """A reason with its mark: answered, snoozed, or the one that the keys act on."""

    kind: str
    says: str
    command: str
    mark: str


class Screen(Frozen):
    """The position in the list, the account's reasons, and the keys.

    `called` is the account's name on a command line.
    """

    place: int
    stops: int
    account: str | None
    tier: str | None
    called: str
    reasons: Sequence[ShownReason]
    keys: Sequence[str]


def screen(data: Screen, view: View) -> list[str]:
    """Return the lines of the screen, as this terminal can show them."""
    return [theme.shown(line, view) for line in _screen(data, view)]


def _screen(data: Screen, view: View) -> Iterator[str]:
    parts = [f"{data.place} of {data.stops}", data.account or NOBODY]
    parts += [data.tier] if data.tier else []
    yield ""
    for said in text.wrapped(theme.line(theme.BETWEEN.join(parts)), view.width):
        yield theme.paint(said, "heading", view)
    room = theme.window()[1] - AROUND
    for number, reason in enumerate(data.reasons):
        lines = list(_reason(reason, view))
        room -= len(lines)
        if reason.mark == CURRENT:
            # A command is never broken: one that is wider than the window takes more of its lines.
            room -= (LEFT + text.width(theme.line(reason.command)) - 1) // view.width
        if room < 0 and number:
            left = len(data.reasons) - number
            more = f"{left} more: acct today --account {data.called} --all"
            yield " " * LEFT + theme.paint(theme.line(more), "quiet", view)
            break
        yield from lines
    for line in _side_by_side(data.keys, view.width):
        yield theme.paint(line, "quiet", view)


def _side_by_side(keys: Sequence[str], width: int) -> list[str]:
    """Return the keys in as few lines as possible."""
    lines = [""]
    for key in keys:
        if lines[-1] and text.width(lines[-1]) + 2 + text.width(key) > width:
            lines.append("")
        lines[-1] += f"  {key}" if lines[-1] else key
    return lines


def reasons(shown: Sequence[ShownReason], view: View) -> list[str]:
    """Return only the lines of reasons, after a command answered them."""
    return [theme.shown(line, view) for reason in shown for line in _reason(reason, view)]


def _reason(reason: ShownReason, view: View) -> Iterator[str]:
    sign = {ANSWERED: theme.CHECK, CURRENT: ">"}.get(reason.mark, "")
    style = "quiet" if reason.mark in (ANSWERED, SNOOZED) else STYLES.get(reason.kind, "")
    says = f"Snoozed: {reason.says}" if reason.mark == SNOOZED else reason.says
    start = f"  {sign:<{LEFT - 2}}"
    for said in text.wrapped(theme.line(says), max(view.width - LEFT, 1)):
        yield start + theme.paint(said, style, view)
        start = " " * LEFT
    if reason.mark == CURRENT:
        yield " " * LEFT + theme.paint(theme.line(reason.command), "quiet", view)


def help_of(keys: Mapping[str, str], view: View) -> list[str]:
    """Return what each key does, one line each."""
    widest = max(map(len, keys))
    return [theme.shown(f"  {key:<{widest}}  {says}", view) for key, says in keys.items()]
