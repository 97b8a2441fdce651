"""Options as parameters: one by one, or several behind one parameter of a command."""

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
    """The names of its options that may be given empty, to clear what they are about."""

    def parameters(self) -> list[inspect.Parameter]:
        """The options, as keyword parameters that Typer understands."""
        raise NotImplementedError

    def collect(self, given: dict[str, Any], session: Session) -> Any:
        """Make the parameter's value out of what its own options were given."""
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
    """One option of a bundle, given to the command under `name`."""
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
    """The annotated fields of a class as options; what they were given is one object of it.

    For options that several commands share and pass on together. The annotations are
    those that parameters of a command would have, the defaults the class's own.
    """

    def __init__(self, made: type[Frozen]) -> None:
        self.made = made

    def parameters(self) -> list[inspect.Parameter]:
        """One option a field."""
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
        """An object with what was given."""
        return self.made(**given)
