"""Completion on TAB: names of records, values of fields, names of columns.

Answered from the book by one small query, without settings where they do not matter and without
anything that draws. Completion never reports errors: without a book, or with a locked one, there
are no suggestions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from acctcli import model, paths, text
from acctcli.model import KINDS, Field

if TYPE_CHECKING:
    from acctcli.config import Config

Offers = Sequence[str | tuple[str, str]]
"""Suggestions, some with a word of explanation."""

QUOTE = "acctcli.quote"
"""The key in the context's `meta` of the shell's quotation mark that is open."""

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
        from acctcli.begun import begun

        now = begun(incomplete)
        if now is None:
            return []
        done, fields = incomplete[: now.at], _config(ctx).fields(kind)
        field = model.named(fields, now.field) if now.field else None
        found: Offers = ()
        match now.part:
            case "field":
                found = _fields_or_test(fields, now.word)
            case "operator" if field is not None:
                found = _operators(field)
            case "list":
                found = ["("]
            case "value" | "item" if field is not None and "~" not in now.op:
                ends = ("",) if now.part == "value" else (")", ",")
                named = _quoted(ctx, kind, field, now.word)
                return [(f"{done}{one}{end}", said) for one, said in named for end in ends]
            case "next item":
                found = [",", ")"]
            case "empty":
                found = ["empty", "not empty"]
            case "joint":
                found = ["and", "or"]
        pairs = [(one, "") if isinstance(one, str) else one for one in found]
        return [(done + one, said) for one, said in pairs if one.startswith(now.word.lower())]

    return offer


def _fields_or_test(fields: Mapping[str, Field], word: str) -> Offers:
    """The fields that begin so; of one that is left, the tests that it can be in.

    A shell closes the quotation mark behind the only candidate, and a test would end there.
    """
    begun = [name for name in fields if name.startswith(word.lower().replace("-", "_"))]
    if len(begun) != 1 and word not in fields:
        return [(name, fields[name].help) for name in begun] + [("not", "")]
    name = word if word in fields else begun[0]
    tests = [f"{name} {op}" for op in _operators(fields[name])]
    longer = [(other, fields[other].help) for other in begun if other != name]
    return [*((test, fields[name].help) for test in tests), *longer]


def _operators(field: Field) -> list[str]:
    if field.many:
        return ["=", "~", "in (", "is empty", "is not empty"]
    if field.type in (model.FLAG,):
        return ["=", "!="]
    if field.type in (model.CHOICE, model.TIER, model.STAGE, model.REF):
        return ["=", "!=", "in (", "not in (", "is empty", "is not empty"]
    if field.type in (model.TEXT, model.LONG, model.EMAIL, model.PHONE, model.WEBSITE):
        return ["=", "~", "!=", "in (", "is empty", "is not empty"]
    return ["=", "<", ">", "<=", ">=", "is empty", "is not empty"]


def _quoted(ctx: typer.Context, kind: str, field: Field, word: str) -> list[tuple[str, str]]:
    """The values of a field that begin so, as a filter has them: with quotes if they need any."""
    complete = values(kind, field)
    if field.type in (model.DAY, model.MOMENT):
        complete = words(("today", "yesterday", "-7d", "-30d", "last month", "this quarter", "eoq"))
    found = complete(ctx, word) if complete is not None else ()
    pairs = [(one, "") if isinstance(one, str) else one for one in found]
    return [(_in_quotes(one, ctx.meta.get(QUOTE, "")), said) for one, said in pairs]


def _in_quotes(value: str, outer: str) -> str:
    """The value as a filter has it. A shell would take its `outer` quote at the end for its own."""
    if value and not any(char.isspace() or char in "=!<>~(),\"'" for char in value):
        return value
    quote = "'" if outer == '"' or (outer != "'" and '"' in value) else '"'
    escaped = value.replace("\\", "\\\\").replace(quote, f"\\{quote}")
    return f"{quote}{escaped}{quote}"


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

    context = Context(db=ctx.find_root().params.get("db"))
    try:
        # Nobody waits for a book on TAB, and none is upgraded.
        context.stored = settings.peek(context.book) or settings.NOTHING
        return context.config
    except AcctError:
        return Config()


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


def _named_before(ctx: typer.Context) -> list[tuple[str, str]]:
    """The records named before on the line that say which account it is about, by kind."""
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


def _book(ctx: typer.Context) -> Path:
    return paths.book(ctx.find_root().params.get("db"))[0]
