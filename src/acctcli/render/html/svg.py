"""Numbers as small drawings in a document.

Each takes a sentence that says the same in words: it becomes the drawing's title, for people who
cannot see it and for a pointer over it. Colours are classes of the document's style sheet, so that
dark mode and print have their own. Every text is escaped here; nothing here may know a page.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from markupsafe import Markup

Point = tuple[str, float | None]
"""A label and its value; None is unknown, and leaves a gap."""

LETTER = 6.6
"""The approximate width of a letter, to leave space for labels."""

FEW = 30
"""With at most this many columns, a heat map has the figures in its cells."""


def bar(value: float, most: float, says: str, *, meaning: str = "") -> Markup:
    """Return a bar for a table cell: `value` of `most` long. A value above zero always shows."""
    share = min(max(abs(value) / most, 0.004 if value else 0), 1) if most > 0 else 0
    body = _rect(0, 0, 100, 10, "track") + _rect(0, 0, share * 100, 10, f"mark {meaning}")
    return _drawing("bar", 100, 10, says, body, stretched=True)


def stack(parts: Iterable[tuple[str, float, str]], says: str) -> Markup:
    """Return one bar in parts, each with its label, its value, and the figure as written.

    The order distinguishes the parts too: a legend beside it has the same one.
    """
    shown = list(parts)
    total = sum(value for _, value, _ in shown)
    body, start = Markup(), 0.0
    for number, (label, value, written) in enumerate(shown):
        if value > 0:
            wide = value / total * 100
            # The line between two parts is visible without colour too.
            kind, title = f"part part-{number}", f"{label}: {written}"
            body += _rect(start, 0, max(wide - 0.4, 0.2), 10, kind, title)
            start += wide
    return _drawing("stack", 100, 10, says, body, stretched=True)


def sparkline(
    values: Sequence[float | None], says: str, *, least: float = 0, most: float | None = None
) -> Markup:
    """Return a small line between `least` and `most` (else the highest value), with a final dot."""
    wide, high = max(len(values) - 1, 1) * 14 + 6, 24
    places = _places(values, 3, 3, wide - 6, high - 6, least, most)
    return _drawing("spark", wide, high, says, _lines(places, "line") + _end(places))


def line(
    points: Sequence[Point], says: str, *, least: float = 0, most: float | None = None
) -> Markup:
    """Return a line over time with the area below it; `least` and `most` are at its side."""
    values = [value for _, value in points]
    wide, high, left, bottom = 760, 190, 56, 22
    top = _top(values, most)
    places = _places(values, left, 8, wide - left - 12, high - bottom - 8, least, top)
    base = high - bottom
    body = _scale(least, top, left, 8, base, wide) + _below(points, left, wide, high)
    for run in _runs(places):
        corners = [(run[0][0], base), *run, (run[-1][0], base)]
        body += Markup('<polygon class="area" points="{}"/>').format(_joined(corners))
    body += _lines(places, "line") + _end(places)
    for place, (label, value) in zip(places, points, strict=True):
        if place is not None:
            body += _dot(*place, 5, "touch", f"{label}: {_figure(value)}")
    return _drawing("chart", wide, high, says, body)


def columns(points: Sequence[Point], says: str, *, most: float | None = None) -> Markup:
    """Return a column per point, from left to right; the highest value is written."""
    values = [value for _, value in points]
    wide, high, left, bottom = 760, 160, 56, 22
    top, base = _top(values, most), high - bottom
    step = (wide - left) / max(len(points), 1)
    body = _scale(0, top, left, 8, base, wide) + _below(points, left, wide, high, inside=True)
    for place, (label, value) in enumerate(points):
        tall = min((value or 0) / top, 1) * (base - 8) if top > 0 else 0
        x = left + place * step + step * 0.15
        says_it = f"{label}: {_figure(value)}"
        body += _rect(x, base - tall, min(step * 0.7, 48), tall, "mark", says_it)
    return _drawing("chart", wide, high, says, body)


def heat(
    rows: Sequence[tuple[str, Sequence[float], str]],
    names: Sequence[str],
    says: str,
    *,
    marks: Sequence[str] = (),
) -> Markup:
    """Return a grid of cells, darker for more: rows of label, values and a word at the end.

    `names` are the full names of the columns, for the titles of cells; `marks` are above them (""
    for nothing). Few columns have their figures in the cells.
    """
    few = len(names) <= FEW
    cell_wide, cell_high = (26, 22) if few else (14, 16)
    left = max((len(label) for label, _, _ in rows), default=0) * LETTER + 14
    right = max((len(end) for _, _, end in rows), default=0) * LETTER + 10
    above = 20 if any(marks) else 2
    most = max((value for _, values, _ in rows for value in values), default=0)
    body = Markup()
    for place, mark in enumerate(marks):
        if mark:
            body += _text(left + place * cell_wide, 12, mark, "quiet")
    for number, (label, values, end) in enumerate(rows):
        y = above + number * cell_high
        middle = y + cell_high / 2 + 4
        body += _text(0, middle, label)
        for place, value in enumerate(values):
            x, level = left + place * cell_wide, _level(value, most)
            title = f"{label}, {names[place]}: {_figure(value)}"
            body += _rect(x, y, cell_wide - 2, cell_high - 2, f"level-{level}", title)
            if few and value:
                ink = "on-dark" if level > 2 else ""
                centre = x + cell_wide / 2 - 1
                body += _text(centre, middle - 1, _figure(value), f"figure {ink}", "middle")
        body += _text(left + len(values) * cell_wide + 6, middle, end)
    wide = left + len(names) * cell_wide + right
    return _drawing("heat", wide, above + len(rows) * cell_high, says, body)


def _level(value: float, most: float) -> int:
    """Return 0 for zero, and 1 to 4 for the quarters up to `most`."""
    if value <= 0 or most <= 0:
        return 0
    return min(int(value / most * 4), 3) + 1


# Positions

Place = tuple[float, float]


def _top(values: Iterable[float | None], most: float | None) -> float:
    known = [value for value in values if value is not None]
    return most if most is not None else max(known, default=0)


def _places(
    values: Sequence[float | None],
    left: float,
    above: float,
    wide: float,
    high: float,
    least: float,
    most: float | None,
) -> list[Place | None]:
    """Return the position of each value; a single one is at the end."""
    top = _top(values, most)
    step = wide / max(len(values) - 1, 1)
    start = left if len(values) > 1 else left + wide
    found: list[Place | None] = []
    for number, value in enumerate(values):
        if value is None:
            found.append(None)
            continue
        share = (min(max(value, least), top) - least) / (top - least) if top > least else 0
        found.append((start + number * step, above + (1 - share) * high))
    return found


def _runs(places: Iterable[Place | None]) -> list[list[Place]]:
    """Return the positions that follow each other without a gap."""
    runs: list[list[Place]] = [[]]
    for place in places:
        if place is not None:
            runs[-1].append(place)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _lines(places: Iterable[Place | None], kind: str) -> Markup:
    """Return a line through adjacent positions, and a dot for a single one."""
    shape = Markup('<polyline class="{}" points="{}"/>')
    return Markup().join(
        shape.format(kind, _joined(run)) if len(run) > 1 else _dot(*run[0], 2.6, "end")
        for run in _runs(places)
    )


def _end(places: Sequence[Place | None]) -> Markup:
    known = [place for place in places if place is not None]
    return _dot(*known[-1], 2.6, "end") if known else Markup()


def _scale(
    least: float, most: float, left: float, above: float, base: float, wide: float
) -> Markup:
    """Return the lines at the bottom and at the top, with their figures."""
    rule = Markup('<line class="rule" x1="{}" x2="{}" y1="{}" y2="{}"/>')
    body = rule.format(left, wide, _plain(base), _plain(base))
    body += _text(left - 8, base + 4, _figure(least), "quiet", "end")
    if most > least:
        body += rule.format(left, wide, above, above)
        body += _text(left - 8, above + 6, _figure(most), "quiet", "end")
    return body


def _below(
    points: Sequence[Point], left: float, wide: float, high: float, *, inside: bool = False
) -> Markup:
    """Return as many labels below a drawing as there is space for, always with the first one."""
    if not points:
        return Markup()
    longest = max(len(label) for label, _ in points) * LETTER + 14
    room = wide - left - (0 if inside else 12)
    step = room / (len(points) if inside else max(len(points) - 1, 1))
    every = max(-int(-longest // step), 1) if step else 1
    body = Markup()
    for place in range(0, len(points), every):
        x = left + place * step + (step * 0.15 if inside else 0)
        last = not inside and place == len(points) - 1
        body += _text(x, high - 4, points[place][0], "quiet", "end" if last else "start")
    return body


# Shapes


def _drawing(
    kind: str, width: float, height: float, says: str, body: Markup, *, stretched: bool = False
) -> Markup:
    """Return the whole drawing; a stretched one fills its place, whatever its proportions."""
    wide, high = _plain(width), _plain(height)
    size = Markup('width="{}" height="{}"').format(wide, high)
    if stretched:
        size = Markup('preserveAspectRatio="none"')
    return Markup(
        '<svg class="{}" viewBox="0 0 {} {}" {} role="img"><title>{}</title>{}</svg>'
    ).format(kind, wide, high, size, says, body)


def _rect(x: float, y: float, wide: float, high: float, kind: str, says: str = "") -> Markup:
    numbers = [_plain(number) for number in (x, y, wide, high)]
    shape = Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}"')
    opening = shape.format(kind.strip(), *numbers)
    return opening + _closed("rect", says)


def _dot(x: float, y: float, radius: float, kind: str, says: str = "") -> Markup:
    shape = Markup('<circle class="{}" cx="{}" cy="{}" r="{}"')
    return shape.format(kind, _plain(x), _plain(y), radius) + _closed("circle", says)


def _closed(name: str, says: str) -> Markup:
    if not says:
        return Markup("/>")
    return Markup("><title>{}</title></{}>").format(says, name)


def _text(x: float, y: float, says: str, kind: str = "", anchor: str = "start") -> Markup:
    return Markup('<text class="{}" x="{}" y="{}" text-anchor="{}">{}</text>').format(
        kind.strip(), _plain(x), _plain(y), anchor, says
    )


def _joined(places: Iterable[Place]) -> str:
    return " ".join(f"{_plain(x)},{_plain(y)}" for x, y in places)


def _plain(number: float) -> str:
    """Return a coordinate without trailing zeros."""
    return f"{number:.2f}".rstrip("0").rstrip(".")


def _figure(value: float | None) -> str:
    if value is None:
        return "not known"
    return f"{value:,.1f}".removesuffix(".0")
