"""Completion on TAB: names of records, values of fields, names of columns.

Answered from the book by one small query, without settings where they do not matter and without
anything that draws. Completion never reports errors: without a book, or with a locked one, there
are no suggestions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from acctcli import model, paths, text
from acctcli.model import KINDS, Field

if TYPE_CHECKING:
    from acctcli.config import Config

Offers = Sequence[str | tuple[str, str]]
"""Suggestions, some with a word of explanation."""

_CONFIG = "acctcli.config"  # the key in `meta` of the settings, which one line reads once

QUOTE = "acctcli.quote"
"""The key of the shell's open quotation mark in the context's `meta`."""

Completer = Callable[[typer.Context, str], Offers]


def words(choices: Sequence[str]) -> Completer:
    """Offer fixed words; after a comma, offer them again for the next item of a list."""

    def offer(ctx: typer.Context, incomplete: str) -> Offers:
        done, comma, started = incomplete.rpartition(",")
        return [done + comma + word for word in choices if _starts(word, started)]

    return offer


def _starts(word: str, typed: str) -> bool:
    return text.key(word).startswith(text.key(typed))


def columns(kind: str) -> Completer:
    """Offer the names of a kind's fields, for `--columns` and `--sort`."""

    def offer(ctx: typer.Context, incomplete: str) -> Offers:
        done, comma, started = incomplete.rpartition(",")
        turned = "-" if started.startswith("-") else ""
        started = started.removeprefix("-").replace("-", "_")
        known = _config(ctx).fields(kind)
        return [f"{done}{comma}{turned}{name}" for name in known if name.startswith(started)]

    return offer


def field_names(kind: str) -> Completer:
    """Offer `field=` for `--set`, custom fields first; after the `=`, the values of the field."""

    def offer(ctx: typer.Context, incomplete: str) -> Offers:
        name, equals, started = incomplete.partition("=")
        fields = {n: f for n, f in _config(ctx).fields(kind).items() if not f.fixed}
        if not equals:
            own_first = sorted(fields, key=lambda n: not fields[n].custom)
            return [(f"{n}=", fields[n].help) for n in own_first if n.startswith(name)]
        field = model.named(fields, name)
        complete = values(kind, field) if field is not None else None
        found = complete(ctx, started) if complete is not None else ()
        return [
            f"{name}={one}" if isinstance(one, str) else (f"{name}={one[0]}", one[1])
            for one in found
        ]

    return offer


def filters(kind: str) -> Completer:
    """Offer what may come next in a `--where`: fields, operators, values, `and` and `or`."""

    def offer(ctx: typer.Context, incomplete: str) -> Offers:
        from acctcli.book import filtering  # of all completions only this one needs it

        def of_field(field: Field, word: str) -> Offers:
            complete = values(kind, field)
            return complete(ctx, word) if complete is not None else ()

        fields, quote = _config(ctx).fields(kind), ctx.meta.get(QUOTE, "")
        return filtering.next_parts(incomplete, fields, of_field, quote)

    return offer


def values(kind: str, field: Field) -> Completer | None:
    """Offer the values of a field: its vocabulary, records, or values in the book."""
    match field.type:
        case model.CHOICE:
            return words(field.choices)
        case model.TIER | model.STAGE:
            return _configured(field.type)
        case model.REF:
            return records(field.target, of_account=True)
        case model.FLAG:
            return words(("yes", "no"))
        case model.COUNTRY | model.CURRENCY:
            return _used(kind, field)
        case model.DAY:
            return words(
                ("today", "tomorrow", "fri", "next monday", "1w", "2w", "1m", "eom", "eoq")
            )
        case model.TEXT if field.name in _REPEATED:
            return _used(kind, field)
    return None


_REPEATED = (
    *("industry", "owner", "source", "city", "region", "tags", "family", "competitor"),
    *("department", "outcome", "lost_reason"),
)


def _config(ctx: typer.Context) -> Config:
    """Return the settings of the book and the user; the defaults if they cannot be read."""
    from acctcli.book.context import Context
    from acctcli.config import Config
    from acctcli.errors import AcctError
    from acctcli.store import settings

    if _CONFIG in ctx.meta:
        found: Config = ctx.meta[_CONFIG]
        return found
    context = Context(db=ctx.find_root().params.get("db"))
    try:
        # Nobody waits for a book on TAB, and none is upgraded.
        context.stored = settings.peek(context.book) or settings.NOTHING
        found = context.config
    except AcctError:
        found = Config()
    ctx.meta[_CONFIG] = found
    return found


def _configured(type: str) -> Completer:
    def offer(ctx: typer.Context, incomplete: str) -> Offers:
        config = _config(ctx)
        known = config.tiers if type == model.TIER else tuple(s.name for s in config.stages)
        return words(known)(ctx, incomplete)

    return offer


def records(kind: str, *, of_account: bool = False) -> Completer:
    """Offer the names of records; for kinds without names, short ids.

    With `of_account` those of the account that is named on the line already come alone, if any
    of them begins so: an account, or a record that has one.
    """

    def offer(ctx: typer.Context, incomplete: str) -> Offers:
        from acctcli.store import names

        near = _named_before(ctx) if of_account else []
        return names.starting(_book(ctx), kind, incomplete, near)

    return offer


def accounts_and_people(ctx: typer.Context, incomplete: str) -> Offers:
    """Offer the names of accounts, then those of people."""
    return [*records("account")(ctx, incomplete), *records("contact")(ctx, incomplete)]


def tags(ctx: typer.Context, incomplete: str) -> Offers:
    """Offer the tags of accounts and people, each once."""
    found = [
        one
        for kind in ("account", "contact")
        for one in _used(kind, KINDS[kind].fields["tags"])(ctx, incomplete)
    ]
    return list(dict.fromkeys(found))


def _named_before(ctx: typer.Context) -> list[tuple[str, str]]:
    """Return the records named before on the line whose account matters, by kind."""
    found = []
    for kind in KINDS.values():
        if kind.name != "account" and "account" not in kind.fields:
            continue
        for name in (kind.name, kind.plural):
            given = ctx.params.get(name) or ()
            typed = [given] if isinstance(given, str) else given
            found += [(kind.name, one) for one in typed if isinstance(one, str)]
    return found


def commands(ctx: typer.Context, incomplete: str) -> Offers:
    """Offer the numbers of the commands that can be undone, newest first, with what they did."""
    from acctcli.store import names

    return names.commands(_book(ctx), incomplete)


def conflicts(ctx: typer.Context, incomplete: str) -> Offers:
    """Offer the conflicts of a shared book, each with what it is about."""
    from acctcli.store import names

    return names.conflicts(_book(ctx), incomplete)


def shared_books(ctx: typer.Context, incomplete: str) -> Offers:
    """Offer the shared books that this machine takes part in."""
    from acctcli.errors import AcctError
    from acctcli.store.sync import machine

    try:
        this = machine.read(_book(ctx))
    except AcctError:
        return []
    return [one for one in (this.books if this else ()) if _starts(one, incomplete)]


def segments(kind: str) -> Completer:
    """Offer the names of the saved lists of a kind."""

    def offer(ctx: typer.Context, incomplete: str) -> Offers:
        from acctcli.store import names

        return names.segments(_book(ctx), kind, incomplete)

    return offer


def _used(kind: str, field: Field) -> Completer:
    table, column = field.rows or (kind, field.name)

    def offer(ctx: typer.Context, incomplete: str) -> Offers:
        # The settings may have narrowed the field to a few choices.
        choices = _config(ctx).fields(kind)[field.name].choices
        if choices:
            return words(choices)(ctx, incomplete)
        from acctcli.store import names

        return names.used(_book(ctx), table, column, incomplete)

    return offer


def held(kind: str, field: Field) -> Completer:
    """Offer the items of a list in the records that were named before on the line."""

    def offer(ctx: typer.Context, incomplete: str) -> Offers:
        from acctcli.store import names

        named = ctx.params.get(KINDS[kind].plural) or ()
        return names.items(_book(ctx), kind, field, named, incomplete)

    return offer


def presets(ctx: typer.Context, incomplete: str) -> Offers:
    """Offer the names of import presets."""
    from acctcli.store import names

    return names.used(_book(ctx), "preset", "name", incomplete)


def playbooks(ctx: typer.Context, incomplete: str) -> Offers:
    """Offer the names of playbooks."""
    return words(list(_config(ctx).playbook_settings))(ctx, incomplete)


def _book(ctx: typer.Context) -> Path:
    return paths.book(ctx.find_root().params.get("db"))[0]
