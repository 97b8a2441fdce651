"""Saved lists, found by name or id within their kind."""

from __future__ import annotations

import pytest

from acctcli.errors import Ambiguous, NotFound
from acctcli.store import segments
from acctcli.store.journal import Writing


def test_a_segment_is_found_by_whole_name_start_part_and_id(tx: Writing) -> None:
    for name in ("Quiet ones", "Quiet", "Ängstliche Kunden"):
        assert segments.save(tx, "account", name, "--tier key") is None
    segments.save(tx, "deal", "Quiet deals", "--open")
    for typed, name in (
        *(("quiet", "Quiet"), ("QUIET ONES", "Quiet ones"), ("quiet o", "Quiet ones")),
        *(("angst", "Ängstliche Kunden"), ("kunden", "Ängstliche Kunden"), ("ones", "Quiet ones")),
    ):
        assert segments.find(tx.con, "account", typed).name == name
    (deals,) = segments.every(tx.con, "deal")
    assert segments.find(tx.con, "deal", deals.id) == deals
    assert segments.find(tx.con, "deal", deals.id[-6:].upper(), whole=True) == deals
    assert segments.find(tx.con, "deal", "q") == deals


def test_what_is_none_and_what_may_be_several_is_refused(tx: Writing) -> None:
    for name in ("Quiet ones", "Quiet people"):
        segments.save(tx, "account", name, "--tier key")
    with pytest.raises(Ambiguous, match=r'"qui" matches 2 segments: Quiet ones \([0-9a-f]{4}\)'):
        segments.find(tx.con, "account", "qui")
    with pytest.raises(NotFound, match=r'no segment "quite ones". Did you mean Quiet ones\?'):
        segments.find(tx.con, "account", "quite ones")
    for typed in ("quiet", "Quiet one", "", "zz"):
        with pytest.raises(NotFound, match="All: acct account segments"):
            segments.find(tx.con, "account", typed, whole=True)
    with pytest.raises(NotFound, match="All: acct deal segments"):
        segments.find(tx.con, "deal", "Quiet ones")


def test_saving_again_gives_what_was_there(tx: Writing) -> None:
    segments.save(tx, "contact", "Best", "--role champion")
    before = segments.save(tx, "contact", "BEST", "--role blocker")
    assert before is not None
    assert (before.name, before.filters) == ("Best", "--role champion")
    (after,) = segments.every(tx.con, "contact")
    assert (after.name, after.filters) == ("BEST", "--role blocker")
