"""Errors on the command line, in our own words.

Typer's parser raises its own exceptions, with its own sentences. Here each becomes what is wrong,
then what to do, like every other error.
"""

from __future__ import annotations

import re
from ast import literal_eval
from collections.abc import Sequence
from typing import Any

from acctcli import text
from acctcli.cli.kit.typer_inside import (
    BadOptionUsage,
    BadParameter,
    ClickException,
    MissingParameter,
    NoSuchOption,
)

EMPTY = "{} is empty. Leave it out, or give it a value"
"""The message for an option that a script left empty, with the name of the option."""

_NUMBERS = {"int": "a whole number", "float": "a number"}
_NO_NUMBER = re.compile(r"(['\"].*['\"]) is not a valid (int|float)(?: range)?\.", re.S)


def said(error: ClickException) -> tuple[str, Sequence[str]]:
    """Return the message for an error on the command line, and what may have been meant."""
    ctx = getattr(error, "ctx", None)
    near: Sequence[str] = ()
    match error:
        case MissingParameter(param=param) if param is not None:
            says = _missing(param, ctx)
        case NoSuchOption(option_name=typed):
            near = _near(typed, ctx)
            says = f"unknown option {text.clip(text.safe(typed), 60)}.{text.did_you_mean(near)}"
        case BadOptionUsage(option_name=typed):
            says = _value_of(typed, error, ctx)
        case BadParameter(param=param) if param is not None:
            says = _bad(error, param)
        case _:
            says = error.format_message()
            says = "no command given" if says == "Missing command." else says[:1].lower() + says[1:]
    if not says.endswith((".", "?")):
        says += "."
    return (f"{says} Help: {ctx.command_path} --help" if ctx else says), near


def unexpected(words: Sequence[str], command_path: str) -> str:
    """Return the message for arguments that are too many."""
    named = text.sentence_list([text.quoted(word) for word in words])
    what = "arguments" if len(words) > 1 else "argument"
    return (
        f"unexpected {what} {named}. Put quotes around a value with spaces. "
        f"Help: {command_path} --help"
    )


def _named(param: Any) -> str:
    """Return a parameter's name as in help: `--limit`, `STAGE`."""
    if param.param_type_name == "option":
        long: str = next((flag for flag in param.opts if flag.startswith("--")), param.opts[0])
        return long
    name: str = param.metavar or param.name.upper()
    return name.removesuffix("...")


def _missing(param: Any, ctx: Any) -> str:
    if param.param_type_name == "argument" and param.nargs == -1 and ctx:
        # If several words are expected before it, a single word is taken for the last argument.
        last = [one for one in ctx.command.params if one.param_type_name == "argument"][-1]
        if last is not param:
            return f"{_named(last)} is missing after {_named(param)}"
    return f"{_named(param)} is missing"


def _near(typed: str, ctx: Any) -> list[str]:
    if not ctx or not typed.startswith("--"):
        return []
    known = [flag for one in ctx.command.params for flag in (*one.opts, *one.secondary_opts)]
    long = [flag.removeprefix("--") for flag in known if flag.startswith("--")]
    return [f"--{name}" for name in text.near(typed.lstrip("-"), long, limit=1)]


def _value_of(typed: str, error: ClickException, ctx: Any) -> str:
    if "does not take" in error.message:
        return f"{typed} takes no value"
    params = ctx.command.params if ctx else ()
    param = next((one for one in params if typed in one.opts), None)
    metavar = (param and param.metavar) or "TEXT"
    count = f"{param.nargs} values" if param and param.nargs > 1 else "a value"
    return f"{typed} needs {count} ({typed} {metavar})"


def _bad(error: ClickException, param: Any) -> str:
    named, kind = _named(param), param.type
    if found := _NO_NUMBER.fullmatch(error.message):
        typed = literal_eval(found[1])
        if not typed:
            return EMPTY.format(named)
        return f"{named} {text.quoted(typed)} is not {_NUMBERS[found[2]]}"
    if found := re.match(r"(-?[0-9.]+) is not in the range", error.message):
        if kind.min is not None and float(found[1]) < kind.min:
            return f"{named} {found[1]} is too small (at least {kind.min})"
        return f"{named} {found[1]} is too large (at most {kind.max})"
    return f"{named}: {error.message[:1].lower()}{error.message[1:]}"
