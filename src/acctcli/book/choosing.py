"""Whom a campaign is for, as typed: accounts and people by name, segment or tag."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from acctcli import text
from acctcli.book import reading
from acctcli.book.context import Context
from acctcli.errors import Ambiguous, NotFound, UsageError
from acctcli.frozen import Frozen
from acctcli.model import KINDS
from acctcli.store import filters, lookup, people, queries
from acctcli.store import segments as segment_sql
from acctcli.store.campaigns import Chosen
from acctcli.store.filters import Condition

if TYPE_CHECKING:
    import sqlite3

KINDS_CHOSEN = ("account", "contact")

T = TypeVar("T")


class Selection(Frozen):
    """What was typed to choose accounts and people: names or ids, segments and tags."""

    names: Sequence[str] = ()
    segments: Sequence[str] = ()
    tags: Sequence[str] = ()

    @property
    def empty(self) -> bool:
        """Whether nobody was chosen."""
        return not (self.names or self.segments or self.tags)


def chosen(context: Context, con: sqlite3.Connection, selection: Selection) -> list[Chosen]:
    """Return the accounts and people that a selection means, each once.

    A segment and a tag mean what they hold today, without archived accounts. Raises `NotFound` for
    a name, a segment or a tag of nobody, and `Ambiguous` for what means several.
    """
    found = [Chosen(*account_or_person(con, typed)[:2]) for typed in selection.names]
    for name in selection.segments:
        found += _in_segment(context, con, name)
    for tag in selection.tags:
        found += _with_tag(context, con, tag)
    return list(dict.fromkeys(found))


def account_or_person(
    con: sqlite3.Connection, typed: str, *, whole: bool = False
) -> tuple[str, str, str]:
    """Return kind, id and name of the one account or person that is meant.

    A whole name wins over a part of one. Raises `NotFound` and `Ambiguous`.
    """
    missing: NotFound | None = None
    for exact in (True,) if whole else (True, False):
        matches, unfound = _of_each_kind(partial(lookup.find, con, typed=typed, whole=exact))
        missing = missing or unfound
        if len(matches) == 1:
            kind, one = matches[0]
            return kind, one.id, one.name
        if matches:
            said = [
                f"the {kind} {lookup.describe(con, kind, [one.id])[0]}" for kind, one in matches
            ]
            raise Ambiguous(
                f"{text.quoted(typed)} matches {text.sentence_list(said)}. Use the id",
                candidates=said,
            )
    assert missing is not None
    raise NotFound(
        f"no account or person {text.quoted(typed)}.{text.did_you_mean(missing.candidates)} "
        "All: acct account list, acct contact list",
        candidates=missing.candidates,
    )


def _of_each_kind(find: Callable[[str], T]) -> tuple[list[tuple[str, T]], NotFound | None]:
    """Return what is found of each kind, and the first error about a kind without it."""
    found: list[tuple[str, T]] = []
    missing: NotFound | None = None
    for kind in KINDS_CHOSEN:
        try:
            found.append((kind, find(kind)))
        except NotFound as error:
            missing = missing or error
    return found, missing


def _in_segment(context: Context, con: sqlite3.Connection, name: str) -> list[Chosen]:
    matches, missing = _of_each_kind(partial(segment_sql.find, con, typed=name))
    if not matches:
        if any(text.key(one.name) == text.key(name) for one in segment_sql.every(con, "deal")):
            raise UsageError(
                f"--segment {text.quoted(name)} is of deals: choose one of accounts or contacts"
            )
        assert missing is not None
        raise missing
    exact = [one for one in matches if text.key(one[1].name) == text.key(name)]
    matches = exact or matches
    if len(matches) > 1:
        said = [f"{text.safe(one.name)}, of {KINDS[kind].several}" for kind, one in matches]
        raise Ambiguous(
            f"--segment {text.quoted(name)} matches {text.sentence_list(said)}. "
            f"Pipe one of them: acct contact list --segment {text.shell_word(name)} -f ids",
            candidates=said,
        )
    kind, segment = matches[0]
    conditions = reading.conditions_of_segment(context, con, segment)
    return _every(con, kind, conditions)


def _with_tag(context: Context, con: sqlite3.Connection, tag: str) -> list[Chosen]:
    found = []
    read = reading.reading_in(context, con)
    for kind in KINDS_CHOSEN:
        field = KINDS[kind].fields["tags"]
        condition = filters.test(kind, field, "=", tag.strip(), read, what="--tag")
        found += _every(con, kind, [condition])
    if not found:
        raise NotFound(f"--tag {text.quoted(tag)}: no account and no person has this tag")
    return found


def _every(con: sqlite3.Connection, kind: str, conditions: Sequence[Condition]) -> list[Chosen]:
    kept = queries.NOT_ARCHIVED if kind == "account" else queries.OF_NO_ARCHIVED_ACCOUNT
    listing = queries.Listing([*conditions, kept])
    rows = queries.select(con, kind, KINDS[kind].fields, listing, names=("id",))
    return [Chosen(kind, row["id"]) for row in rows]


def said(chosen: Sequence[Chosen]) -> str:
    """Return `12 accounts and 3 people`."""
    counts = {kind: sum(one.kind == kind for one in chosen) for kind in KINDS_CHOSEN}
    parts = [text.plural(counts["account"], "account")] if counts["account"] else []
    if counts["contact"]:
        parts.append(text.plural(counts["contact"], "person", "people"))
    return text.sentence_list(parts) or "nobody"


def opted_out(con: sqlite3.Connection, chosen: Sequence[Chosen]) -> list[str]:
    """Return the names of those who asked not to be contacted."""
    return people.not_to_contact(con, [one.id for one in chosen if one.kind == "contact"])
