"""Records that stand above each other, as a tree: people and managers, accounts and parents."""

from __future__ import annotations

from collections.abc import Mapping


def from_the_top(above: Mapping[str, str | None]) -> list[tuple[str, int]]:
    """Return each id with its depth, from the top down; `above` has the id above each, or None.

    The order is kept among those below the same one. What has nothing of these above it is at the
    top, and so is the first of a circle, which an import can bring about.
    """
    below: dict[str | None, list[str]] = {}
    for id, upper in above.items():
        below.setdefault(upper if upper in above else None, []).append(id)
    found: dict[str, int] = {}
    for start in (*below.get(None, ()), *above):
        if start in found:
            continue
        waiting = [(start if above[start] not in above else _of_circle(start, above), 0)]
        while waiting:
            id, depth = waiting.pop()
            if id in found:
                continue
            found[id] = depth
            waiting += [(other, depth + 1) for other in reversed(below.get(id, ()))]
    return list(found.items())


def _of_circle(start: str, above: Mapping[str, str | None]) -> str:
    """Return the first member, in the order of all, of the circle above `start`."""
    seen: dict[str, None] = {}
    at: str | None = start
    while at is not None and at not in seen:
        seen[at] = None
        at = above[at]
    passed = list(seen)
    circle = set(passed[passed.index(at) :]) if at is not None else {start}
    return next(id for id in above if id in circle)
