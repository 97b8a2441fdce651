"""What we use of Typer beyond its documentation still exists and works."""

from __future__ import annotations

from acctcli.cli.kit import typer_inside
from acctcli.main import root


def test_everything_that_is_used_is_there() -> None:
    assert all(hasattr(typer_inside, name) for name in typer_inside.__all__)


def test_a_context_knows_where_the_words_lead() -> None:
    ctx = typer_inside.context_of(root(), ["account", "list", "--limit", "5"])
    assert ctx.command.name == "list"
    assert ctx.params["limit"] == 5
