"""Hints at the foot of a page."""

from __future__ import annotations

from io import StringIO

from rich.console import Console

from acctcli.render.hints import Hint

SAID = "4 other deals are open: acct deal list --account 'Hoffmann GmbH'"


def drawn(columns: int) -> list[str]:
    """Return the lines of the hint in a terminal of that width."""
    to = StringIO()
    Console(file=to, width=columns).print(Hint(SAID))
    return to.getvalue().splitlines()


def test_a_hint_that_fits_is_one_line() -> None:
    assert drawn(80) == [SAID]


def test_the_command_of_a_hint_has_a_line_of_its_own_where_both_do_not_fit() -> None:
    sentence, command = drawn(44)
    assert sentence.startswith("4 other deals are open")
    assert command.strip() == "acct deal list --account 'Hoffmann GmbH'"
