"""Words of a vocabulary as people type them: tiers, stages, roles."""

from __future__ import annotations

import re

from acctcli import model, text
from acctcli.config import Config
from acctcli.errors import Invalid
from acctcli.model import Field

_LEAST_START = 2
"""The fewest letters that may stand for a word; a single letter is a typing error."""


def one_of(typed: str, choices: tuple[str, ...], what: str, *, whole: bool = False) -> str:
    """Return the word that was typed, in any case, or shortened to a unique start.

    With `whole`, it cannot be shortened. `what` begins the message of the error. Raises `Invalid`,
    with similar words.
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
            f"{what} {text.quoted(typed)} could be {text.one_of(begun)}. Type more of it",
            candidates=begun,
        )
    near = text.near(typed, choices, limit=1)
    place, colon, called = what.rpartition(": ")  # form: objective 1: state
    called = called.removeprefix("--set ")
    if called.startswith("--") and " " not in called:
        called = called.removeprefix("--").replace("-", " ")
    raise Invalid(f"{place}{colon}{text.unknown(called, typed, choices)}", candidates=near)


def plain_word(word: str) -> str:
    """Return what words of other systems are compared by: letters and digits, without case.

    A pipeline in brackets behind a stage, as HubSpot writes it, is no part of its name.
    """
    bare = re.sub(r"\s*\([^)]*(pipeline|process)[^)]*\)$", "", word.strip(), flags=re.IGNORECASE)
    return " ".join(re.findall(r"\w+|[✓✔]", text.key(bare).replace("_", " ")))


def words_of(field: Field, config: Config) -> tuple[str, ...]:
    """Return the words that a value of this field may be."""
    match field.type:
        case model.TIER:
            return tuple(config.tiers)
        case model.STAGE:
            return tuple(stage.name for stage in config.stages)
    return field.choices
