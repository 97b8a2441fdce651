"""What every judgement gives beside its result: reasons, as data.

A score, a health figure or a place on today's list is only worth showing with
what it rests on. Nothing here, and no reason's text, may hold markup or colour:
how a reason looks is the renderer's business.
"""

from __future__ import annotations

from acctcli.frozen import Frozen


class Reason(Frozen):
    """One input of a judgement: what was seen, how much it counts, and the evidence.

    `code` names the input for machines, `text` says it in words. `score` is what
    the input came to (None: not known, and left out of the result), `weight` how
    much of it counts.
    """

    code: str
    text: str
    weight: float
    score: float | None
    evidence: str


Unweighed = tuple[str, str, float | None, str]
"""An input before it is weighed: code, text, score, evidence."""
