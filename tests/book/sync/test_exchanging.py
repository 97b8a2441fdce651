"""What a sync says; `acct sync now` and `status` are in cli/test_sync.py."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests import syncing
from tests.conftest import Program

from acctcli.book.context import Context
from acctcli.book.sync import exchanging
from acctcli.book.sync.exchanging import Synced
from acctcli.carriers.carrier import Taken
from acctcli.errors import NotFound
from acctcli.store.sync import machine, rounds
from acctcli.store.sync.machine import Machine
from acctcli.store.sync.overview import KnownDevice
from acctcli.store.sync.rounds import Exchanged

DEVICES = {
    "d1": KnownDevice("d1", "laptop", "Ann", "A", ""),
    "d2": KnownDevice("d2", "phone", "Ann", "B", ""),
    "d3": KnownDevice("d3", "desktop", "Ben", "C", ""),
    "d4": KnownDevice("d4", "mini", "", "D", ""),
}


def said(exchanged: Exchanged, who: str = "Kim", *, dry: bool = False) -> str:
    return Synced(exchanged, DEVICES, who).says(dry=dry)


@pytest.mark.parametrize(
    ("done", "says"),
    [
        (Exchanged(), "Nothing to send or take in."),
        (Exchanged(sent=1), "Sent 1 change."),
        (Exchanged(sent=1200), "Sent 1,200 changes."),
        (Exchanged(taken={"d3": 1}), "Took in 1 change (Ben 1)."),
        (Exchanged(sent=3, taken={"d3": 12}), "Sent 3 changes, took in 12 (Ben 12)."),
        (
            Exchanged(taken={"d4": 2, "d3": 10}, conflicts=1),
            "Took in 12 changes (Ben 10, mini 2). 1 conflict: acct sync conflicts",
        ),
        (
            Exchanged(conflicts=2, rows=1),
            "Nothing to send or take in. 2 conflicts: acct sync conflicts",
        ),
        # Somebody with two machines is named by both.
        (Exchanged(taken={"d1": 5, "d2": 2}), "Took in 7 changes (laptop 5, phone 2)."),
        (Exchanged(taken={"ffff0000": 5}), "Took in 5 changes (ffff0000 5)."),
    ],
)
def test_one_line_says_what_was_done(done: Exchanged, says: str) -> None:
    assert said(done) == says


def test_ones_own_machine_goes_by_its_name() -> None:
    assert said(Exchanged(taken={"d1": 5}), "Ann") == "Took in 5 changes (laptop 5)."
    assert said(Exchanged(taken={"d1": 5}), "Ben") == "Took in 5 changes (Ann 5)."


def test_a_dry_run_says_what_would_be() -> None:
    done = Exchanged(sent=3, taken={"d3": 12}, conflicts=1)
    assert said(done, dry=True) == "Would send 3 changes, take in 12 (Ben 12). 1 conflict."
    assert said(Exchanged(taken={"d3": 2}), dry=True) == "Would take in 2 changes (Ben 2)."


def test_what_waits_is_said_beside_it() -> None:
    synced = Synced(Exchanged(waiting=1, aside=3), {}, "Ann")
    aside, waiting = synced.notices
    assert aside.startswith("3 records wait for a newer acct")
    assert waiting.startswith("1 file waits for others")
    assert not list(Synced(Exchanged(files=999), {}, "Ann").notices)
    (many,) = Synced(Exchanged(files=1204), {}, "Ann").notices
    assert many == (
        "a machine that joins would read about 1,204 files. To rewrite them as a few: "
        "acct sync compact"
    )


@pytest.mark.parametrize(
    ("done", "quiet"),
    [
        (Exchanged(), True),
        (Exchanged(aside=2), True),
        (Exchanged(sent=1), False),
        (Exchanged(captured=1), False),
        (Exchanged(rows=1), False),
        (Exchanged(waiting=1), False),
        (Exchanged(taken={"d1": 1}), False),
    ],
)
def test_it_is_quiet_if_there_was_nothing_to_do(done: Exchanged, quiet: bool) -> None:
    assert Synced(done, {}, "Ann").quiet == quiet
    assert Synced(done, {}, "Ann").as_json["quiet"] == quiet


def test_who_shares_nothing_learns_how_to_begin(context: Context) -> None:
    with pytest.raises(NotFound, match="acct sync init"):
        exchanging.shared(context)


def test_after_somebody_else_used_our_name_it_syncs_once_more(
    run: Program, book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("account", "add", "Acme")
    (tmp_path / "hub").mkdir()
    assert run("sync", "init", tmp_path / "hub").code == 0
    tries = []

    def refused_once(*given: object, **more: object) -> Exchanged:
        tries.append(given)
        if len(tries) == 1:
            raise Taken("other bytes")
        return Exchanged()

    monkeypatch.setattr(rounds.Exchange, "run", refused_once)
    assert run("sync", "now").code == 0
    assert len(tries) == 2


def test_an_address_is_shown_without_its_password() -> None:
    hub = "postgresql://ann:secret@hub.example/acct"
    this = Machine("0a1b2c3d", "laptop", hub, ("west",), "west", "west")
    assert "secret" not in exchanging.where(this)
    assert "hub.example" in exchanging.where(this)


def test_the_moment_of_the_last_sync_is_beside_the_book(
    run: Program, book: Path, tmp_path: Path
) -> None:
    run("account", "add", "Acme")
    (tmp_path / "hub").mkdir()
    run("sync", "init", tmp_path / "hub")
    before = book.read_bytes()
    assert run("sync", "now").code == 0
    assert book.read_bytes() == before  # a quiet sync writes nothing into the book
    machine.lock_of(book).unlink()
    assert run("sync", "status", "-f", "json").json()["last_sync"] is None
    assert "never" in run("sync", "status").out


def test_a_dry_run_names_a_machine_that_this_one_never_met(run: Program, tmp_path: Path) -> None:
    ann, ben = syncing.shared(run, tmp_path, "ann", "ben")
    kim = syncing.Machine(run, tmp_path, "kim", ann.clock)
    kim("sync", "join", tmp_path / "shared", "--name", "tablet")
    kim("account", "add", "Konex")
    kim.sync()
    said = ben("sync", "now", "--dry-run")
    assert said.err == "Would take in 1 change (tablet 1).\n"
    assert [one["name"] for one in ben.sync("-n")["machines"]] == ["tablet"]
