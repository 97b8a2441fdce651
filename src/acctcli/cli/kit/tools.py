"""The commands as tools for an agent: their names, arguments and help, and the way back to words.

A tool has the arguments and options of its command, under the same names. What is only for a
terminal is left out (formats, pager, editor), and so is every path: an agent reads and writes the
book, and no file beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from acctcli import text
from acctcli.cli.kit.commands import Command, LazyGroup, description
from acctcli.cli.kit.typer_inside import BoolParamType, IntParamType, ParamType, TyperPath
from acctcli.errors import UsageError
from acctcli.frozen import Frozen

DESTROYING = ("delete", "merge", "undo")
"""The verbs of commands that take something away."""

_LEFT_OUT = frozenset(
    {
        *("help", "format", "columns", "excel_safe", "force", "no_pager"),
        *("edit", "editor", "form", "interactive", "quiet"),
    }
)
"""Options that are for a terminal, or for files."""


class Tool(Frozen):
    """A command as a tool: the `words` after `acct` that call it, and its arguments."""

    words: tuple[str, ...]
    command: Command

    @property
    def name(self) -> str:
        """Its name: `account_show`."""
        return "_".join(self.words).replace("-", "_")

    @property
    def reads(self) -> bool:
        """Whether it leaves the book as it is, at least without some of its options."""
        return self.command.spec.reads

    @property
    def summary(self) -> str:
        """The first line of its help."""
        return self.about.partition("\n")[0]

    @property
    def about(self) -> str:
        """Its help, with the examples of the command line."""
        examples = "\n".join(self.command.spec.examples)
        return f"{description(self.command.spec.function)}\n\nOn a command line:\n{examples}"

    @property
    def destroys(self) -> bool:
        """Whether it takes something away."""
        return self.words[-1] in DESTROYING

    @property
    def schema(self) -> dict[str, Any]:
        """What it accepts, as a JSON schema."""
        required = [_name(param) for param in self._params() if param.required]
        return {
            "type": "object",
            "properties": {_name(param): _schema_of(param) for param in self._params()},
            **({"required": required} if required else {}),
            "additionalProperties": False,
        }

    def line(self, given: Mapping[str, Any]) -> list[str]:
        """Return the words of a call, options first.

        Raises `UsageError` for an unknown argument, and for several values where one is meant.
        """
        known = {_name(param): param for param in self._params()}
        for name in given:
            if name not in known:
                raise UsageError(text.unknown("argument", name, list(known)))
        options: list[str] = []
        arguments: list[str] = []
        for name, param in known.items():
            if given.get(name) is None:
                continue
            if param.param_type_name == "option":
                options += _option(param, given[name])
            else:
                arguments += map(str, _each(given[name]))
        if any("--format" in param.opts for param in self.command.params):
            options += ["--format", "json"]
        return [*self.words, *options, *(["--", *arguments] if arguments else [])]

    def _params(self) -> Iterator[Any]:
        for param in self.command.params:
            for_people = param.name in _LEFT_OUT or getattr(param, "hidden", False)
            if not for_people and not isinstance(param.type, TyperPath):
                yield param


def tools(tree: LazyGroup, *, write: bool) -> list[Tool]:
    """Return the tools of a command tree; those that change the book only with `write`."""
    every = [
        Tool(tuple(words.split()), command)
        for words, command in tree.every()
        if command.spec.tool and not command.hidden
    ]
    return [tool for tool in every if write or tool.reads]


def _flag(param: Any) -> str:
    """Return an option as it is typed, by its long name."""
    return next((opt for opt in param.opts if opt.startswith("--")), str(param.opts[0]))


def _name(param: Any) -> str:
    """Return the name of an argument of a tool: that of the option, as help writes it."""
    if param.param_type_name == "argument":
        return str(param.name)
    return _flag(param).lstrip("-").replace("-", "_")


def _schema_of(param: Any) -> dict[str, Any]:
    kind: dict[str, Any] = {"type": _json_type(param.type)}
    if getattr(param, "multiple", False) or param.nargs == -1:
        kind = {"type": "array", "items": kind}
    metavar = param.metavar or ""
    said = " ".join(part for part in (param.help, f"({metavar})" if metavar else "") if part)
    return {**kind, "description": said} if said else kind


def _json_type(kind: ParamType) -> str:
    """Return the JSON name of what a parameter takes; whatever is read later comes as text."""
    match kind:
        case BoolParamType():
            return "boolean"
        case IntParamType():
            return "integer"
    return "string"


def _option(param: Any, value: Any) -> list[str]:
    """Return the words of one option; a value may begin with a dash."""
    flag = _flag(param)
    if getattr(param, "is_flag", False):
        if not isinstance(value, bool):
            raise UsageError(f"{_name(param)} is true or false")
        return [flag] if value else list(param.secondary_opts[:1])
    values = _each(value)
    if len(values) > 1 and not param.multiple:
        raise UsageError(f"{_name(param)} is one value, and not {len(values)}")
    return [f"{flag}={one}" for one in values]


def _each(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else [value]
