"""The outcome of an import, in words and as data."""

from __future__ import annotations

import io

import pytest

from acctcli.book.context import Context
from acctcli.book.imports import bring_in, outcome
from acctcli.book.imports.recipe import Asked, Loaded
from acctcli.errors import Invalid
from acctcli.store.judgement import Judgement


def judged(context: Context, rows: str, *, create: bool = False) -> tuple[list[Loaded], Judgement]:
    how = Asked("contact", create_accounts=create)
    loaded = bring_in.load(context, "-", how, io.BytesIO(f"name,account,mood\n{rows}".encode()))
    return loaded, bring_in.judge(context, loaded, how)


def test_what_is_left_out_and_added_is_said(context: Context) -> None:
    loaded, found = judged(context, "Mei,Acme,good\n", create=True)
    outcome.refuse(loaded, found)
    assert outcome.notes(loaded, found) == ["stdin: left out: mood"]
    assert outcome.sentence(loaded, found, []) == (
        "Imported 1 contact: 1 new. Added 1 account that rows name: Acme."
    )
    data = outcome.data(loaded, found)
    assert (data["new"], data["refused"], data["accounts_added"]) == (1, 0, ["Acme"])
    assert data["files"][0]["columns_left_out"] == ["mood"]


def test_refusals_are_one_line_for_what_is_wrong(context: Context) -> None:
    loaded, found = judged(context, "Mei,Acme,\nRaj,Acme,\nKim,Konex,\n")
    with pytest.raises(Invalid) as raised:
        outcome.refuse(loaded, found)
    said = raised.value.message.splitlines()
    assert said[0].startswith("stdin: 3 of 3 rows are refused, and nothing was imported.")
    assert len(said) == 2
    assert said[1].startswith('  lines 2, 3 and 4  account "Acme" and "Konex": no such account')
    assert [file.refused for _, file in outcome.with_refusals(loaded, found)]
