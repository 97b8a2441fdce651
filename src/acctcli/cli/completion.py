"""`acct completion`: the scripts for shells, and the answers they request on TAB.

A script calls `acct` with `_ACCT_COMPLETE` set to the name of the shell. It passes the typed text
unchanged: each shell splits a line into words in its own way, and none of them knows that `"Mei T`
is the start of a name. The answer has one candidate per line, in the form for that shell's command
line.

Nothing here may report an error: on any trouble there are no candidates.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Any

import typer

from acctcli import text
from acctcli.cli.kit.commands import LazyGroup, Noun
from acctcli.cli.kit.offers import QUOTE, Offers, words
from acctcli.cli.kit.session import Session
from acctcli.cli.kit.typer_inside import (
    ClickException,
    ParameterSource,
    TyperArgument,
    TyperOption,
    context_of,
)
from acctcli.errors import AcctError, UsageError
from acctcli.results import Lines
from acctcli.shells import SCRIPTS, Candidates, asked_for, lines_for

noun = Noun("", "")


@noun.command(
    "completion",
    tool=False,
    plain=True,
    examples=[
        """echo 'eval "$(acct completion bash)"' >> ~/.bashrc""",
        """echo 'eval "$(acct completion zsh)"' >> ~/.zshrc""",
        "echo 'acct completion fish | source' >> ~/.config/fish/config.fish",
    ],
)
def completion(
    session: Session,
    shell: Annotated[
        str,
        typer.Argument(
            help=f"One of: {', '.join(SCRIPTS)}.",
            show_default=False,
            autocompletion=words(list(SCRIPTS)),
        ),
    ],
) -> Lines:
    """Print the completion script for your shell.

    Run the line for your shell once, then open a new terminal. TAB then completes
    commands, options, their values, and the names in your book.
    """
    if shell not in SCRIPTS:
        raise UsageError(text.unknown("shell", shell, list(SCRIPTS)))
    return Lines(SCRIPTS[shell].strip().splitlines())


# What a shell requests


def answer(tree: LazyGroup, shell: str, asked: Sequence[str]) -> list[str]:
    """Return the lines for a shell; `asked` is what its script passes, see `shells.SCRIPTS`."""
    request = asked_for(shell, asked)
    if request is None:
        return []
    before, typed, breaks = request
    try:
        found = candidates(tree, before, typed.value, quote=typed.quote)
    except (AcctError, ClickException, OSError):
        return []
    return lines_for(shell, typed, breaks, found)


def candidates(
    tree: LazyGroup, before: Sequence[str], typed: str, *, quote: str = ""
) -> Candidates | None:
    """Return candidates for the word `typed` after the words before it; None for a file name."""
    ctx = context_of(tree, before)
    ctx.meta[QUOTE] = quote
    params = ctx.command.get_params(ctx)
    options = {flag: p for p in params if isinstance(p, TyperOption) for flag in p.opts}
    if "--" not in before:
        last = options.get(before[-1]) if before else None
        if last is not None and not last.is_flag:
            # Without its value the parser gave up and ignored the words before it.
            ctx = context_of(tree, before[:-1])
            ctx.meta[QUOTE] = quote
            return _values(ctx, last, typed)
        flag, equals, part = typed.partition("=")
        if equals and flag in options:
            found = _values(ctx, options[flag], part)
            return found and [(f"{flag}={value}", help) for value, help in found]
        if typed.startswith("-"):
            return list(_options(ctx, params, typed))
    arguments = [param for param in params if isinstance(param, TyperArgument)]
    for place, param in enumerate(arguments):
        if not _is_open(ctx, param):
            continue
        after = arguments[place + 1 :]
        if param.nargs == -1 and after and not _is_open(ctx, after[0]):
            # `deal move A B negotiation`: the word may be another deal or already the stage.
            return _values(ctx, after[0], typed) or _values(ctx, param, typed)
        return _values(ctx, param, typed)
    unknown = [*ctx._protected_args, *ctx.args]
    if isinstance(ctx.command, LazyGroup) and not unknown:
        commands = ctx.command.summaries()
        return [(name, _short(help)) for name, help in commands if name.startswith(typed)]
    return []


def _is_open(ctx: Any, param: Any) -> bool:
    """Whether an argument can take another word: it takes several, or has none yet."""
    given = ctx.get_parameter_source(param.name) is ParameterSource.COMMANDLINE
    return param.nargs == -1 or not given


def _options(ctx: Any, params: Sequence[Any], typed: str) -> Iterator[tuple[str, str]]:
    """Yield the options that are not used yet, by their main names unless another is begun."""
    for param in params:
        if not isinstance(param, TyperOption) or param.hidden:
            continue
        given = ctx.get_parameter_source(param.name) is ParameterSource.COMMANDLINE
        if given and not param.multiple:
            continue
        flags = [flag for flag in (*param.opts, *param.secondary_opts) if flag.startswith("--")]
        begun = [flag for flag in flags if flag.startswith(typed)]
        everyday = {*flags[:1], *param.secondary_opts}
        help = _short(param.help or "")
        yield from ((flag, help) for flag in begun if flag in everyday or begun[0] not in everyday)


def _short(help: str) -> str:
    return text.clip(help.rstrip("."), 60)


def _values(ctx: Any, param: Any, typed: str) -> Candidates | None:
    """Return candidates for the value of an option or argument; None for a file name."""
    if (param.metavar or "").rstrip(".") in ("FILE", "DIR"):
        return None
    offer = getattr(ctx.command, "offers", {}).get(param.name)
    found: Offers = offer(ctx, typed) if offer is not None else ()
    return [(each, "") if isinstance(each, str) else each for each in found]
