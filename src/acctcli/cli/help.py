"""`acct help`: the help of a command, or a topic such as the days that people type."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from acctcli import text, topics
from acctcli.cli.kit import helptext
from acctcli.cli.kit.commands import Command, LazyGroup, Noun
from acctcli.cli.kit.session import Session
from acctcli.cli.kit.typer_inside import get_current_context
from acctcli.errors import AcctError, NotFound
from acctcli.results import Lines

noun = Noun("", "")


def _offered(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Offer the commands below the words that are there; in the first place topics as well."""
    words = (ctx.params.get("words") or []) if ctx.params else []
    group: Any = ctx.find_root().command
    for word in words:
        group = group.get_command(ctx, word) if isinstance(group, LazyGroup) else None
    found = group.summaries() if isinstance(group, LazyGroup) else []
    if not words:
        found = [*found, *(pair for pair in topics.TOPICS.items() if pair[0] not in dict(found))]
    return [(name, says) for name, says in found if name.startswith(incomplete)]


@noun.command(
    "help",
    reads=True,
    examples=["acct help deal move", "acct help dates", "acct help import"],
    plain=True,
)
def show(
    session: Session,
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[COMMAND... | TOPIC]",
            help="A command, or a topic. Default: list both.",
            show_default=False,
            autocompletion=_offered,
        ),
    ] = None,
) -> Lines:
    """Show the help of a command, or a topic such as dates.

    If a command and a topic have the same name, you get both.
    """
    given = list(words or ())
    if given[:1] == ["acct"]:
        del given[0]
    topic = topics.called(given[0]) if len(given) == 1 else None
    named = topic is not None and given[0] not in _root().list_commands(None)
    parts = [] if named else [_help_of(given)]
    if topic is not None:
        parts.append(helptext.article(_topic(session, topic)))
    return Lines("\n\n".join(parts).splitlines())


def _topic(session: Session, topic: str) -> str:
    try:
        currency = session.own["me.currency"]
    except AcctError:  # help must work even with an invalid settings file
        currency = "USD"
    return topics.markdown(topic, session.clock, currency)


def _root() -> Any:
    return get_current_context().find_root().command


def _help_of(words: list[str]) -> str:
    """Return the help of the command named by these words. Raises `NotFound`, with similar ones."""
    ctx = get_current_context().find_root()
    command: Any = ctx.command
    for place, word in enumerate(words):
        known = command.list_commands(ctx) if isinstance(command, LazyGroup) else []
        if word not in known:
            raise _unknown(word, words[:place], known)
        command = command.get_command(ctx, word)
        ctx = type(ctx)(command, parent=ctx, info_name=word)
    assert isinstance(command, LazyGroup | Command)
    return command.get_help(ctx)


def _unknown(word: str, before: list[str], known: list[str]) -> NotFound:
    if before:
        near = text.near(word, known, limit=1)
        what = f"{' '.join(('acct', *before))} has no command"
        all_of = f"acct help {' '.join(before)}"
    elif topic := topics.called(word):
        hint = f"acct help {topic}"
        return NotFound(f"{topic} is one topic, without parts: {hint}", candidates=[topic])
    else:
        others = [other for names in topics.OTHER_NAMES.values() for other in names]
        found = text.near(word, [*known, *topics.TOPICS, *others], limit=1)
        meant = (one if one in known else topics.called(one) for one in found)
        near = list(dict.fromkeys(one for one in meant if one))
        what, all_of = "no command or topic", "acct help"
    hint = text.did_you_mean(near)
    return NotFound(f"{what} {text.quoted(word)}.{hint} All: {all_of}", candidates=near)
