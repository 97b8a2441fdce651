"""Saved lists of accounts: what is stored, and how many accounts match."""

from __future__ import annotations

import pytest

from acctcli.book import segments
from acctcli.book.asked import Query
from acctcli.book.context import Context
from acctcli.errors import UsageError

KEY = Query((), (("tier", "key", "--tier"),), "name", None, 0)


@pytest.mark.parametrize(
    ("query", "archived", "says"),
    [
        (KEY.replace(segment="Old"), False, "write out those of --segment"),
        (KEY.replace(limit=3), False, "leave out --limit and --offset"),
        (KEY.replace(offset=3), False, "leave out --limit and --offset"),
        (KEY, True, "does not keep --archived"),
        (KEY.replace(filters=()), False, "has nothing to keep"),
    ],
)
def test_what_a_segment_does_not_hold_is_refused(
    query: Query, says: str, *, archived: bool
) -> None:
    segments.check("account", KEY, archived=False)
    with pytest.raises(UsageError, match=says):
        segments.check("account", query, archived=archived)


def test_a_name_is_kept_once(sample: Context) -> None:
    assert (
        segments.keep(sample, "account", "Best", KEY)
        == "Saved segment Best: --tier key --sort name."
    )
    assert "is so already" in segments.keep(sample, "account", "Best", KEY)
    said = segments.keep(sample, "account", "Best", KEY.replace(sort=""))
    assert said == "Saved segment Best: --tier key. It was: --tier key --sort name."
    with sample.read() as con:
        (row,) = segments.rows(sample, con, "account")
    assert row.keys() == segments.fields("account").keys()
    assert (row["filters"], row["problem"]) == ("--tier key", None)
    assert dict(row)["accounts"]


def test_one_that_cannot_be_asked_says_why(sample: Context) -> None:
    segments.keep(
        sample, "account", "Gone", KEY.replace(filters=(("parent", "nobody", "--parent"),))
    )
    with sample.read() as con:
        (row,) = segments.rows(sample, con, "account")
    assert dict(row)["accounts"] is None
    assert str(row["problem"]).startswith("segment Gone: no account")
