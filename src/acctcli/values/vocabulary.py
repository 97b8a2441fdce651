"""Words of a vocabulary as people type them: tiers, stages, roles."""

from __future__ import annotations

from acctcli import text
from acctcli.errors import Invalid

_LEAST_START = 2
"""Letters of a word of a vocabulary that may stand for it: one letter is a slip."""


def one_of(typed: str, choices: tuple[str, ...], what: str, *, whole: bool = False) -> str:
    """Return the word that was typed, in any case, or by a start that no other word has.

    With `whole`, only by all of it. `what` begins the message of the error. Raises `Invalid`,
    with the words that were near.
    """
    wanted = text.key(typed).replace("_", "-").replace(" ", "-")
    keys = {text.key(choice).replace("_", "-").replace(" ", "-"): choice for choice in choices}
    if wanted in keys:
        return keys[wanted]
    begun = [choice for key, choice in keys.items() if key.startswith(wanted)]
    if len(wanted) >= _LEAST_START and begun and not whole:
        if len(begun) == 1:
            return begun[0]
        raise Invalid(
            f"{what} {text.quoted(typed)} could be {' or '.join(begun)}. Write more of it",
            candidates=begun,
        )
    near = text.near(typed, choices, limit=1)
    hint = f"Near: {near[0]}. " if near else ""
    raise Invalid(
        f'{what} "{text.safe(typed)}" is not known. {hint}Known: {", ".join(choices)}',
        candidates=near,
    )
