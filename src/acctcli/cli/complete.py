"""What the shell offers on TAB: record names, field values, column names.

Answered from the book by one small query, without settings where they do not
matter and without anything that draws. A completion never complains: with no
book or a locked one there is nothing to offer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import typer

from acctcli import model, paths
from acctcli.model import KINDS, Field
from acctcli.store import names

Complete = Callable[[typer.Context, str], list[str]]


def words(choices: Sequence[str]) -> Complete:
    """Offer fixed words; after a comma, offer them again for the next item of a list."""

    def offer(ctx: typer.Context, incomplete: str) -> list[str]:
        done, comma, started = incomplete.rpartition(",")
        return [done + comma + c for c in choices if c.startswith(started)]

    return offer


def columns(kind: str) -> Complete:
    """Offer the names of a kind's fields, for `--columns` and `--sort`."""

    def offer(ctx: typer.Context, incomplete: str) -> list[str]:
        return words(list(KINDS[kind].fields))(ctx, incomplete)

    return offer


def field_names(kind: str) -> Complete:
    """Offer `field=` for `--set`, custom fields first."""

    def offer(ctx: typer.Context, incomplete: str) -> list[str]:
        from acctcli.config import load
        from acctcli.errors import AcctError

        try:
            custom = load(paths.config_file()).custom.get(kind, {})
        except AcctError:
            custom = {}
        own = [n for n, f in KINDS[kind].fields.items() if not f.fixed]
        return [f"{n}=" for n in (*custom, *own) if n.startswith(incomplete)]

    return offer


def values(kind: str, field: Field) -> Complete | None:
    """Offer what a field may hold: its vocabulary, records, or what the book holds already."""
    match field.type:
        case model.CHOICE:
            return words(field.choices)
        case model.TIER | model.STAGE:
            return _configured(field.type)
        case model.REF:
            return records(field.target)
        case model.DAY:
            return words(
                ("today", "tomorrow", "fri", "next monday", "1w", "2w", "1m", "eom", "eoq")
            )
        case model.TEXT if field.name in _REPEATED:
            return _used(kind, field)
    return None


_REPEATED = ("industry", "owner", "source", "city", "region", "tags", "family", "competitor")


def _configured(type: str) -> Complete:
    def offer(ctx: typer.Context, incomplete: str) -> list[str]:
        from acctcli.config import Config, load
        from acctcli.errors import AcctError

        try:
            config = load(paths.config_file())
        except AcctError:
            config = Config()
        known = config.tiers if type == model.TIER else tuple(s.name for s in config.stages)
        return words(known)(ctx, incomplete)

    return offer


def records(kind: str) -> Complete:
    """Offer the names of records; where a kind has no names, the tails of ids."""

    def offer(ctx: typer.Context, incomplete: str) -> list[str]:
        return names.starting(_book(ctx), kind, incomplete)

    return offer


def _used(kind: str, field: Field) -> Complete:
    table, column = field.rows or (kind, field.name)

    def offer(ctx: typer.Context, incomplete: str) -> list[str]:
        return names.used(_book(ctx), table, column, incomplete)

    return offer


def _book(ctx: typer.Context) -> Path:
    return paths.book(ctx.find_root().params.get("db"))[0]
