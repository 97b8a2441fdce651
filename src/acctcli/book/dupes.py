"""Records that are there twice: which ones, and how one is made of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from acctcli.book import merging
from acctcli.book.context import Context
from acctcli.domain import dedupe
from acctcli.frozen import Frozen
from acctcli.model import INTEGER, REF, TEXT, Field, declare
from acctcli.store import lookup, queries
from acctcli.store import merge as store
from acctcli.store.facts import quality as sql
from acctcli.store.merge import Merged
from acctcli.values.fields import Json

if TYPE_CHECKING:
    import sqlite3

    from acctcli.store.journal import Writing


class LikelyPair(Frozen):
    """A pair as it is shown: the one that would stay first."""

    keep: str
    other: str
    likeness: int
    reasons: tuple[str, ...]


def fields(kind: str) -> dict[str, Field]:
    """The columns of a list of pairs."""
    at = {"at": Field(TEXT, "where they are")} if kind == "contact" else {}
    other_at = {"other_at": Field(TEXT, "where the other one is")} if kind == "contact" else {}
    return declare(
        likeness=Field(INTEGER, "how like they are, of 100"),
        **{kind: Field(REF, "the one with more to it", target=kind)},
        key=Field(TEXT, "what it can be typed as"),
        **at,
        other=Field(REF, "the other one", target=kind),
        other_key=Field(TEXT, "what the other one can be typed as"),
        **other_at,
        reasons=Field(TEXT, "what speaks for it, and against it", many=True),
        command=Field(TEXT, "the command that makes one of them"),
    )


def rows(
    context: Context, con: sqlite3.Connection, kind: str, pairs: Sequence[LikelyPair]
) -> list[Json]:
    """What the list says of each pair, with the command that makes one record of it."""
    named = names(context, con, kind, [id for pair in pairs for id in (pair.keep, pair.other)])
    return [
        {
            "id": pair.other,  # of the two the one that would go
            "likeness": pair.likeness,
            **_of(kind, kind, named[pair.keep]),
            **_of(kind, "other", named[pair.other]),
            "reasons": pair.reasons,
            "command": f"acct {kind} merge {named[pair.keep]['key']} {named[pair.other]['key']}",
        }
        for pair in pairs
    ]


def _of(kind: str, name: str, record: Json) -> Json:
    """The columns of one record of a pair."""
    prefix = "" if name == kind else "other_"
    found = {name: record["name"], f"{name}_id": record["id"], f"{prefix}key": record["key"]}
    return {**found, f"{prefix}at": record["at"]} if kind == "contact" else found


def likely(con: sqlite3.Connection, kind: str, likeness: int) -> list[LikelyPair]:
    """The pairs that may be the same, the likeliest first, each with the richer one first."""
    distinct = store.distinct_pairs(con, kind)
    if kind == "account":
        found = dedupe.company_pairs(sql.companies(con), distinct, likeness)
    else:
        found = dedupe.person_pairs(sql.people(con), distinct, likeness)
    rich = sql.richness(con, kind, [id for pair in found for id in (pair.one_id, pair.other_id)])
    pairs = []
    for pair in found:
        # Of two that have as much to them, the one that was there first.
        keep, other = sorted((pair.one_id, pair.other_id), key=lambda id: (-rich[id], id))
        said = tuple(reason.text for reason in pair.reasons)
        pairs.append(LikelyPair(keep, other, pair.likeness, said))
    return pairs


def names(
    context: Context, con: sqlite3.Connection, kind: str, ids: Sequence[str]
) -> dict[str, Json]:
    """For each id the name, what the record can be typed as, and where a person is."""
    wanted = ("name", "number") if kind == "account" else ("name", "account")
    listing = queries.Listing([queries.by_ids("id", list(ids))])
    rows = queries.select(con, kind, context.fields(kind), listing, names=wanted)
    short = lookup.short_ids(con, kind, [row["id"] for row in rows])
    return {
        row["id"]: {
            "id": row["id"],
            "name": row["name"],
            "key": row.get("number") or short[row["id"]],
            "at": row.get("account"),
        }
        for row in rows
    }


def _merging(
    context: Context, tx: Writing, kind: str, ids: Sequence[str], *, prefer_other: bool
) -> Merged:
    choose = partial(dedupe.richest, prefer_other=prefer_other)
    return store.merge(tx, kind, context.fields(kind), ids[0], ids[1:], choose)


def preview(
    context: Context, kind: str, ids: Sequence[str], *, prefer_other: bool, pair: LikelyPair | None
) -> Json:
    """What a merge into the first would do, found out by doing it and taking all of it back."""
    with context.write(keep=False) as tx:
        named = names(context, tx.con, kind, ids)
        merged = _merging(context, tx, kind, ids, prefer_other=prefer_other)
    return {
        "kind": kind,
        "likeness": pair.likeness if pair else None,
        "reasons": list(pair.reasons) if pair else [],
        "keep": named[ids[0]],
        "others": [named[id] for id in ids[1:]],
        "fields": merging.compared(context.fields(kind), merged),
        **merging.data(context.fields(kind), merged, named),
    }


class Outcome(Frozen):
    """What came of a merge, and what the records were called before, by their ids."""

    merged: Merged
    named: Mapping[str, Json]


def merge(
    context: Context,
    tx: Writing,
    kind: str,
    ids: Sequence[str],
    *,
    prefer_other: bool,
    back_up: bool = True,
) -> Outcome:
    """Make one record of several, that of the first id, with a backup of what was before."""
    named = names(context, tx.con, kind, ids)
    # Nothing is changed yet, so the copy is the book as it was.
    if back_up:
        from acctcli.store import backup

        backup.make(context.book, "merge", notice=context.notice)
    return Outcome(_merging(context, tx, kind, ids, prefer_other=prefer_other), named)


def tell_apart(tx: Writing, kind: str, one: str, other: str) -> None:
    """Note that two records are not the same, so that they are not a pair any more."""
    store.say_distinct(tx, kind, one, other)
