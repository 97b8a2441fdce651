"""Everything that we use of Typer beyond its documentation, in one place.

Typer contains a private Click; its group and command classes and the function that makes a command
are private too. A new release of Typer is tested here first.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from typer._click.core import ParameterSource
from typer._click.exceptions import (
    BadOptionUsage,
    BadParameter,
    ClickException,
    MissingParameter,
    NoArgsIsHelpError,
    NoSuchOption,
)
from typer._click.globals import get_current_context
from typer._click.types import BoolParamType, IntParamType, ParamType
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption
from typer.main import (
    get_command_from_info,
    get_params_convertors_ctx_param_name_from_function,
)
from typer.models import CommandInfo, TyperPath

__all__ = [
    "BadOptionUsage",
    "BadParameter",
    "BoolParamType",
    "ClickException",
    "CommandInfo",
    "IntParamType",
    "MissingParameter",
    "NoArgsIsHelpError",
    "NoSuchOption",
    "ParamType",
    "ParameterSource",
    "TyperArgument",
    "TyperCommand",
    "TyperGroup",
    "TyperOption",
    "TyperPath",
    "context_of",
    "get_command_from_info",
    "get_current_context",
    "get_params_convertors_ctx_param_name_from_function",
]


def context_of(tree: Any, words: Sequence[str]) -> Any:
    """Return the context in which the words after `acct` end, with their values so far."""
    from typer._click.shell_completion import _resolve_context  # only completion needs it

    return _resolve_context(tree, {}, "acct", list(words))
