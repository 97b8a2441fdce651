"""Fields that hold a list: adding to one, and taking out of it.

What is taken out must be there, or a typing error would pass for a change. Of many
records it is enough that one of them has it: the others are left as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from acctcli import text
from acctcli.errors import NotFound
from acctcli.model import KINDS, TEXT, Field

_SHOWN = 5
"""How many items of a list a message names."""


def altered(
    field: Field, stands: Sequence[str], added: Sequence[str], removed: Sequence[str]
) -> tuple[str, ...]:
    """A list without what is removed, and with what is added at its end, each once."""
    gone = {_key(field, one) for one in removed}
    kept = {_key(field, one): one for one in stands if _key(field, one) not in gone}
    for one in added:
        kept.setdefault(_key(field, one), one)
    return tuple(kept.values())


def refuse_absent(
    kind: str,
    field: Field,
    flag: str,
    removed: Iterable[str],
    stands: Mapping[str, Sequence[str]],
) -> None:
    """Refuse to remove what none of the records has; `stands` are their lists, by their names.

    Raises `NotFound` with what there is.
    """
    items = [one for there in stands.values() for one in there]
    known = {_key(field, one) for one in items}
    for one in removed:
        if _key(field, one) not in known:
            there = list(dict.fromkeys(map(text.safe, items)))
            has = f"There: {text.sentence_list(there, _SHOWN)}" if there else "There is none"
            raise NotFound(
                f"{flag} {text.quoted(one)}: {_lacking(kind, list(stands))} this {field.word}. "
                f"{has}",
                candidates=there[:_SHOWN],
            )


def _lacking(kind: str, names: Sequence[str]) -> str:
    if len(names) == 1:
        return f"{text.safe(names[0])} does not have"
    return f"none of the {len(names):,} {KINDS[kind].plural} has"


def _key(field: Field, item: str) -> str:
    """What makes two items of a list the same one."""
    return text.key(item) if field.type == TEXT else item
