"""Everything that we use of Typer beyond what it documents, in one place.

Typer carries a Click of its own that it names private, and so are its class of a group, of a
command and the function that makes one out of ours. A new release of Typer is tried here first.
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
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption
from typer.main import (
    get_command_from_info,
    get_params_convertors_ctx_param_name_from_function,
)
from typer.models import CommandInfo

__all__ = [
    "BadOptionUsage",
    "BadParameter",
    "ClickException",
    "CommandInfo",
    "MissingParameter",
    "NoArgsIsHelpError",
    "NoSuchOption",
    "ParameterSource",
    "TyperArgument",
    "TyperCommand",
    "TyperGroup",
    "TyperOption",
    "context_of",
    "get_command_from_info",
    "get_current_context",
    "get_params_convertors_ctx_param_name_from_function",
]


def context_of(tree: Any, words: Sequence[str]) -> Any:
    """The context in which the words after `acct` end, with what they give so far."""
    from typer._click.shell_completion import _resolve_context  # only completion asks for it

    return _resolve_context(tree, {}, "acct", list(words))
