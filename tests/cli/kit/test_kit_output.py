"""The output options: what they are, and which exclude each other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from acctcli.cli.kit.output import OutputOptions, take_output
from acctcli.cli.kit.session import Session
from acctcli.errors import UsageError


def test_a_page_that_can_be_a_document_has_an_option_for_it() -> None:
    plain = [option.name for option in OutputOptions().parameters()]
    assert plain == ["format"]
    assert [o.name for o in OutputOptions(html=True).parameters()] == ["format", "html", "force"]


def test_the_session_knows_how_it_is_shown() -> None:
    session = Session(())
    take_output(session, {"format": "csv", "columns": "name", "excel_safe": True})
    assert session.output.as_dict() == {
        "format": "csv",
        "columns": "name",
        "excel_safe": True,
        "html": None,
        "force": False,
        "pager": None,
    }


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"format": "xml"}, 'unknown --format "xml"'),
        ({"format": None, "excel_safe": True}, "--excel-safe goes with --format csv"),
        ({"format": "json", "html": Path("a.html")}, "--html is a format of its own"),
        ({"format": None, "force": True}, "--force goes with --html FILE"),
    ],
)
def test_what_does_not_go_together(given: dict[str, Any], says: str) -> None:
    session = Session(())
    with pytest.raises(UsageError, match=says):
        take_output(session, given)
    assert session.output.format is None
