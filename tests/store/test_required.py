"""Required fields, and when they are checked."""

from __future__ import annotations

from acctcli.model import KINDS
from acctcli.store import required


def test_empty_is_missing_and_no_is_an_answer() -> None:
    fields = KINDS["contact"].fields
    names = ["title", "emails", "primary", "influence", "not a field"]
    empty = {"title": None, "emails": (), "primary": 0, "influence": "high"}
    assert required.missing(names, fields, empty) == ["title", "emails"]
