"""Rows of several tables, counted in words, in the same way wherever a sentence counts them."""

from __future__ import annotations

from collections.abc import Mapping

from acctcli import text
from acctcli.model.kind import KINDS

CALLED = {
    "account": ("account below it", "accounts below it"),
    "custom": ("custom value", "custom values"),
    "deal_change": ("change of a deal", "changes of deals"),
    "deal_contact": ("part in a deal", "parts in deals"),
    "external_id": ("id of another system", "ids of other systems"),
    "item": ("line of a deal", "lines of deals"),
    "log_contact": ("interaction", "interactions"),
}
"""The words for rows of a table, where the name of their kind will not do."""


def called(table: str) -> tuple[str, str]:
    """Return the words for one and for several rows of a table."""
    if table in CALLED:
        return CALLED[table]
    kind = KINDS.get(table)
    if kind is None:
        return table.replace("_", " "), f"{table}s".replace("_", " ")
    return kind.one, kind.several


def word_of(kind: str) -> str:
    """Return the word for one record of a kind beside its name: `interaction Demo in Rome`."""
    return kind if kind == "account" else called(kind)[0]


def counted(counts: Mapping[str, int]) -> str:
    """Return `3 contacts, 2 deals and 14 interactions`, "" for nothing."""
    said = [text.plural(count, *called(table)) for table, count in counts.items()]
    return text.sentence_list(said, len(said))
