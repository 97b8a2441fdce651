"""Bundles: writing accounts for another book, and taking in what another book wrote.

The format is `interop.bundle`, which rows go is `store.handed`, and how they are merged is
`store.taking`. This module knows the settings: a stage, tier or custom field that this book does
not have is refused or called otherwise, never dropped.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from acctcli import text
from acctcli.book import bundle_words
from acctcli.book.context import Context
from acctcli.config import Config
from acctcli.errors import Invalid, StorageError, UsageError
from acctcli.frozen import Frozen
from acctcli.interop import bundle
from acctcli.interop.bundle import BundleFile
from acctcli.model import CHOICE, KINDS, NOUNS, Field
from acctcli.store import backup, migrations, queries
from acctcli.store.handed import HandedRecords
from acctcli.store.staged import StagedBundle
from acctcli.store.taking import similar, take
from acctcli.values.fields import read_custom

if TYPE_CHECKING:
    import sqlite3

    from acctcli.store.journal import Writing


class Renames(Frozen):
    """What the words of the other book are called here: stages, tiers, custom fields."""

    stages: Mapping[str, str] = {}
    tiers: Mapping[str, str] = {}
    fields: Mapping[str, str] = {}


def text_of(
    context: Context, con: sqlite3.Connection, accounts: Sequence[str], to: str
) -> Iterator[str]:
    """Yield a bundle of accounts, by id, in parts. The connection gets temporary tables."""
    handed = HandedRecords(con, accounts)
    if stays := handed.memberships():
        people = text.plural(stays, "campaign membership")
        context.notice(f"not in the bundle: {people}. Campaigns stay in this book")
    used = handed.used()
    config = context.config
    stages = [stage.as_dict() for stage in config.stages if stage.name in used.stages]
    fields = [
        {"kind": kind, "name": name, "type": field.type, "choices": list(field.choices)}
        for kind, name in used.fields
        if (field := config.custom.get(kind, {}).get(name)) is not None
    ]
    head = {
        "schema": migrations.LATEST,
        "made_at": _now(context),
        "by": context.who,
        "to": to,
        "stages": stages,
        "tiers": list(used.tiers),
        "fields": fields,
    }
    return bundle.parts(head, handed.lines())


def _now(context: Context) -> str:
    from acctcli.values import dates

    return dates.iso(context.clock.now)


def take_in(
    context: Context, path: Path, renames: Renames | None = None, *, keep: bool = True
) -> bundle_words.Came:
    """Merge a bundle into the book; unless `keep`, only find out what that would do.

    Raises `Invalid` for a bundle that is damaged, or whose words this book does not know, and
    `StorageError` for one of a newer version.
    """
    read = BundleFile(path)
    head = _Head(read)
    with closing(StagedBundle()) as stage:
        stage.fill(read.lines(), read.refuse)
        with context.write(keep=keep) as tx:
            _call_otherwise(stage, renames or Renames())
            _refuse_unknown(context.config, stage, head)
            if keep:
                _back_up(context, tx.con)
            taken = take(tx, stage, sum=read.sum, sender=head.sender, made_at=head.made_at)
            came = bundle_words.Came(
                taken,
                head.sender,
                head.receiver,
                _accounts(context, tx.con, taken.accounts),
                similar(tx.con, taken.added),
                bundle_words.conflicts(tx.con, taken, context.clock.today),
                list(bundle_words.clashes(tx.con, taken)),
            )
            tx.says = bundle_words.sentence(came)
    return came


class _Head:
    """The first line of a bundle: who wrote it, and the settings that its records use."""

    def __init__(self, read: BundleFile) -> None:
        head = read.head
        schema = head.get("schema")
        texts = [head.get(name) for name in ("by", "to", "made_at")]
        if type(schema) is not int or not all(isinstance(one, str) for one in texts):
            raise read.refuse(1, "its head is not that of a bundle")
        if schema > migrations.LATEST:
            raise StorageError(
                f"{read.name} was written by a newer acct, of version {schema} of the book (this "
                f"one has {migrations.LATEST}). Upgrade acct, and import it again"
            )
        self.name = read.name
        self.sender, self.receiver, self.made_at = (str(one) for one in texts)
        self.stages = {one["name"]: one for one in _objects(head, "stages")}
        self.fields = {(one.get("kind"), one["name"]): one for one in _objects(head, "fields")}


def _objects(head: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    found = head.get(name)
    return [
        one
        for one in (found if isinstance(found, list) else ())
        if isinstance(one, dict) and isinstance(one.get("name"), str)
    ]


def _call_otherwise(stage: StagedBundle, renames: Renames) -> None:
    words = stage.words()
    for what, given, theirs in (
        ("stage", renames.stages, words.stages),
        ("tier", renames.tiers, words.tiers),
        ("field", renames.fields, tuple(dict.fromkeys(name for _, name in words.fields))),
    ):
        for one in given:
            if one not in theirs:
                raise UsageError(
                    f"the bundle has no {what} {text.quoted(one)} (it has "
                    f"{text.sentence_list([text.safe(word) for word in theirs], 20) or 'none'})"
                )
    for theirs_, ours in renames.stages.items():
        stage.call_stage(theirs_, ours)
    for theirs_, ours in renames.tiers.items():
        stage.call_tier(theirs_, ours)
    for kind, name in words.fields:
        if name in renames.fields:
            stage.call_field(kind, name, renames.fields[name])


def _refuse_unknown(config: Config, stage: StagedBundle, head: _Head) -> None:
    """Refuse stages, tiers and custom fields that this book does not have, each with a cure."""
    words = stage.words()
    wrong = [
        _unknown_stage(config, word, head) for word in words.stages if config.stage(word) is None
    ]
    wrong += [_unknown_tier(config, word) for word in words.tiers if word not in config.tiers]
    for kind, name in words.fields:
        field = config.custom.get(kind, {}).get(name)
        if field is None:
            wrong.append(_unknown_field(kind, name, head))
        else:
            wrong += _unfitting(stage, kind, field)
    if wrong:
        raise Invalid(f"{head.name}: {'; '.join(wrong)}. Nothing was changed")


def _unknown_stage(config: Config, word: str, head: _Head) -> str:
    here = text.one_of([stage.name for stage in config.stages])
    theirs = head.stages.get(word, {})
    about = ""
    if isinstance(theirs.get("probability"), int | float):
        about = f" ({theirs['probability']} %, {text.safe(str(theirs.get('category')))})"
    return (
        f"this book has no stage {text.quoted(word)}{about}. Add it with acct config edit, or "
        f"call it one of yours ({here}): --value {_pair('stage', word)}"
    )


def _unknown_tier(config: Config, word: str) -> str:
    return (
        f"this book has no tier {text.quoted(word)}. Add it with acct config edit, or call it one "
        f"of yours ({text.one_of(config.tiers)}): --value {_pair('tier', word)}"
    )


def _pair(name: str, word: str) -> str:
    return text.shell_word(f"{name}:{word}=", f"{name}:WORD=")


def _unknown_field(kind: str, name: str, head: _Head) -> str:
    theirs = head.fields.get((kind, name), {})
    type = text.safe(str(theirs.get("type", "text")))
    return (
        f"this book has no field {text.quoted(name)} of {KINDS[kind].several} ({type}). Add it "
        "with acct config edit, or put its values into a field of yours: "
        f"--map YOURS={text.safe(name)}"
    )


def _unfitting(stage: StagedBundle, kind: str, field: Field) -> Iterator[str]:
    """Yield what is wrong with a value that a custom field of this book cannot have."""
    for value in stage.values_of(kind, field.name):
        fits = read_custom(field, value) is not None
        if field.type == CHOICE and field.choices:
            fits = value in field.choices
        if not fits:
            yield (
                f"{field.name} of {KINDS[kind].several} cannot be {text.quoted(value)} in this "
                "book. Change the field with acct config edit, or put the values into another one: "
                f"--map YOURS={text.safe(field.name)}"
            )
            return


def _back_up(context: Context, con: sqlite3.Connection) -> None:
    """Back up the book, unless it is empty."""
    if any(queries.count(con, kind) for kind in NOUNS):
        backup.make(context.book, "import", notice=context.notice)


def _accounts(
    context: Context, con: sqlite3.Connection, ids: Sequence[str]
) -> list[tuple[str, str, str]]:
    """Return id, number and name of accounts."""
    found = queries.select(
        con,
        "account",
        context.fields("account"),
        queries.Listing([queries.by_ids("id", ids)], "name"),
        names=("number", "name"),
    )
    return [(row["id"], row["number"], row["name"]) for row in found]


def written(context: Context, tx: Writing, accounts: Sequence[str], to: str) -> Iterator[str]:
    """Yield a bundle of accounts as this command leaves them."""
    tx.finish()
    return text_of(context, tx.con, accounts, to)
