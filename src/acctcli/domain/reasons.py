"""Reasons: what every judgement returns beside its result, as data.

A score, a health figure or a place on today's list is only worth showing together with its reasons.
Neither this module nor the text of a reason may hold markup or colour: the renderer decides how a
reason looks.
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
