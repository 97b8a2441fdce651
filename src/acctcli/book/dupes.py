"""Duplicate records: finding them, and merging them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from acctcli import text
from acctcli.book import merging
from acctcli.book.context import Context
from acctcli.domain import dedupe, keeping
from acctcli.frozen import Frozen
from acctcli.model import INTEGER, REF, TEXT, Field, declare
from acctcli.store import lookup, queries
from acctcli.store import merge as store
from acctcli.store.facts import quality as sql
from acctcli.store.merge import Merged

if TYPE_CHECKING:
    import sqlite3

    from acctcli.shapes.merging import (
        AccountPairRow,
        ContactPairRow,
        MergePage,
        NamedRecordJson,
    )
    from acctcli.store.journal import Writing


class LikelyPair(Frozen):
    """A pair of likely duplicates; `keep` is the record that would stay."""

    keep: str
    other: str
    likeness: int
    reasons: tuple[str, ...]


def fields(kind: str) -> dict[str, Field]:
    """Return the columns of a list of pairs."""
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
) -> list[AccountPairRow] | list[ContactPairRow]:
    """Return a row for each pair, with the command that merges it."""
    named = names(context, con, kind, [id for pair in pairs for id in (pair.keep, pair.other)])
    both = [(pair, named[pair.keep], named[pair.other]) for pair in pairs]
    if kind == "account":
        return [_account_row(pair, keep, other) for pair, keep, other in both]
    return [_contact_row(pair, keep, other) for pair, keep, other in both]


def _account_row(pair: LikelyPair, keep: NamedRecordJson, other: NamedRecordJson) -> AccountPairRow:
    return {
        "id": pair.other,
        "likeness": pair.likeness,
        "account": keep["name"],
        "account_id": keep["id"],
        "key": keep["key"],
        "other": other["name"],
        "other_id": other["id"],
        "other_key": other["key"],
        "reasons": pair.reasons,
        "command": f"acct account merge {keep['key']} {other['key']}",
    }


def _contact_row(pair: LikelyPair, keep: NamedRecordJson, other: NamedRecordJson) -> ContactPairRow:
    return {
        "id": pair.other,
        "likeness": pair.likeness,
        "contact": keep["name"],
        "contact_id": keep["id"],
        "key": keep["key"],
        "at": keep["at"],
        "other": other["name"],
        "other_id": other["id"],
        "other_key": other["key"],
        "other_at": other["at"],
        "reasons": pair.reasons,
        "command": f"acct contact merge {keep['key']} {other['key']}",
    }


def called(named: Sequence[NamedRecordJson]) -> str:
    """Return records as a sentence names them: `Acme Corp (A-0007), Acme Ltd (A-0019)`."""
    return text.sentence_list([f"{text.safe(one['name'])} ({one['key']})" for one in named], 5)


def least_likeness(context: Context) -> int:
    """Return how similar two records must be, of 100, to be listed without being asked for."""
    return int(context.config.weight("dupes.likeness", dedupe.LEAST))


def likely(con: sqlite3.Connection, kind: str, likeness: int) -> list[LikelyPair]:
    """Return likely duplicates, most similar first; `keep` is the record with more data."""
    distinct = store.distinct_pairs(con, kind)
    if kind == "account":
        found = dedupe.company_pairs(sql.companies(con), distinct, likeness)
    else:
        found = dedupe.person_pairs(sql.people(con), distinct, likeness)
    rich = sql.richness(con, kind, [id for pair in found for id in (pair.one_id, pair.other_id)])
    pairs = []
    for pair in found:
        # With equally much data, the older record stays.
        keep, other = sorted((pair.one_id, pair.other_id), key=lambda id: (-rich[id], id))
        said = tuple(reason.text for reason in pair.reasons)
        pairs.append(LikelyPair(keep, other, pair.likeness, said))
    return pairs


def names(
    context: Context, con: sqlite3.Connection, kind: str, ids: Sequence[str]
) -> dict[str, NamedRecordJson]:
    """Return for each id the name, what the record can be typed as, and where a person works."""
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
    choose = partial(keeping.richest, prefer_other=prefer_other)
    return store.merge(tx, kind, context.fields(kind), ids[0], ids[1:], choose)


def preview(
    context: Context, kind: str, ids: Sequence[str], *, prefer_other: bool, pair: LikelyPair | None
) -> MergePage:
    """Return what a merge into the first record would do, by doing it and rolling it back."""
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
        **merging.data(kind, context.fields(kind), merged, named),
    }


class Outcome(Frozen):
    """The result of a merge, and the previous names of the records by id."""

    merged: Merged
    named: Mapping[str, NamedRecordJson]


def merge(
    context: Context,
    tx: Writing,
    kind: str,
    ids: Sequence[str],
    *,
    prefer_other: bool,
    back_up: bool = True,
) -> Outcome:
    """Merge several records into the first one, after a backup of the book."""
    named = names(context, tx.con, kind, ids)
    # Nothing has changed yet, so the backup has the book as it was.
    if back_up:
        from acctcli.store import backup

        backup.make(context.book, "merge", notice=context.notice)
    return Outcome(_merging(context, tx, kind, ids, prefer_other=prefer_other), named)


def tell_apart(tx: Writing, kind: str, one: str, other: str) -> None:
    """Store that two records are not the same, so that they are not suggested again."""
    store.say_distinct(tx, kind, one, other)
