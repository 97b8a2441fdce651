"""Options as parameters of a command: single ones, or several behind one parameter."""

from __future__ import annotations

import inspect
from collections.abc import Collection, Sequence
from typing import Annotated, Any

import typer

from acctcli.cli.kit.offers import Completer
from acctcli.cli.kit.session import Session
from acctcli.frozen import Frozen


class Bundle:
    """Several options behind one parameter of a command."""

    shows = False
    """Whether `--format` is among them."""

    clears: Collection[str] = ()
    """The names of options that may be empty, which clears the field."""

    def parameters(self) -> list[inspect.Parameter]:
        """Return the options as keyword parameters for Typer."""
        raise NotImplementedError

    def collect(self, given: dict[str, Any], session: Session) -> Any:
        """Make the value of the parameter from the values of its options."""
        raise NotImplementedError


def option(
    name: str,
    flags: Sequence[str],
    help: str,
    *,
    type: Any = str | None,
    default: Any = None,
    metavar: str | None = None,
    complete: Completer | None = None,
    panel: str | None = None,
    hidden: bool = False,
) -> inspect.Parameter:
    """Declare one option of a bundle, passed to the command under `name`."""
    made = typer.Option(
        *flags,
        help=help,
        metavar=metavar,
        show_default=False,
        autocompletion=complete,
        rich_help_panel=panel,
        hidden=hidden,
    )
    return inspect.Parameter(
        name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=Annotated[type, made]
    )


class Together(Bundle):
    """The annotated fields of a class as options; the command gets one object with their values.

    For options that several commands share and pass on together. The annotations are like those of
    a command's parameters, the defaults are the class's own.
    """

    def __init__(self, made: type[Frozen]) -> None:
        self.made = made

    def parameters(self) -> list[inspect.Parameter]:
        """Return one option per field."""
        return [
            inspect.Parameter(
                name,
                inspect.Parameter.KEYWORD_ONLY,
                default=getattr(self.made, name),
                annotation=annotation,
            )
            for name, annotation in inspect.get_annotations(self.made, eval_str=True).items()
        ]

    def collect(self, given: dict[str, Any], session: Session) -> Any:
        """Return an object with the values."""
        return self.made(**given)
