"""Files that no machine of ours wrote: they are refused, or taken in as a book that holds."""

from __future__ import annotations

import json
import zlib
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Program
from tests.syncing import Machine, rest, shared, sound

from acctcli.carriers.folder import Folder
from acctcli.errors import StorageError
from acctcli.store.sync import allowed, changefile

MALLORY = "deadbeef"
NOW = 1_796_000_000_000  # the end of November 2026, in milliseconds: later than all else
HEAD = {
    "format": 1,
    "schema": 9,
    "name": "mallory",
    "who": "Mallory",
    "series": "M",
    "at": "2026-11-22T06:00:00.000Z",
    "seen": {},
    "cmds": {"1": ["2026-11-22T06:00:00.000Z", "Mallory", "Added something."]},
}
NEW: dict[str, list[int]] = {"*": []}
ACCOUNT = "01900000-0000-7000-8000-00000000000a"


def op(table: Any, id: Any, at: Any = NOW, device: Any = MALLORY, /, **cells: Any) -> list[Any]:
    """Return a change that edits, as in a file."""
    return [table, id, at, device, cells, {}, 1]


class Hostile:
    """A member of the book who writes files by hand."""

    def __init__(self, folder: Path) -> None:
        self.carrier = Folder(folder)
        self.n = 0

    def put(self, *ops: Any, **head: Any) -> None:
        """Put a file with these changes."""
        self.blob(zlib.compress(json.dumps({**HEAD, "ops": list(ops), **head}).encode()))

    def blob(self, blob: bytes) -> None:
        """Put a file with these bytes."""
        self.n += 1
        self.carrier.put("book", MALLORY, self.n, blob)


@pytest.fixture
def ben(run: Program, tmp_path: Path) -> Machine:
    """A machine with an account, a person and a deal in a shared book."""
    (ben,) = shared(run, tmp_path, "ben")
    ben("account", "add", "Acme", "--city", "Oslo")
    ben("contact", "add", "Mei", "--account", "Acme")
    ben("deal", "add", "Acme", "Rollout", "--amount", "5kSGD")
    rest([ben])
    return ben


@pytest.fixture
def mallory(tmp_path: Path, ben: Machine) -> Hostile:
    return Hostile(tmp_path / "shared")


def text(**head: Any) -> str:
    """Return what is in a file, before it is compressed."""
    return json.dumps({**HEAD, "ops": [], **head})


@pytest.mark.parametrize("number", ["1e999", "NaN", "-Infinity", "[]", "null"])
@pytest.mark.parametrize("part", ["schema", "seen", "cmds", "ops", "at", "who"])
def test_a_head_of_another_form_is_refused(part: str, number: str) -> None:
    written = text(**{part: "here"}).replace('"here"', number)
    if part == "ops" and number == "[]":
        assert changefile.read(zlib.compress(written.encode()), "it").changes == []
        return
    with pytest.raises(StorageError):
        changefile.read(zlib.compress(written.encode()), "it")


@pytest.mark.parametrize("covers", [{MALLORY: -1}, {MALLORY: 10**9}, {"../x": 1}, {"a": "b"}, 7])
def test_what_a_file_covers_is_files(covers: Any) -> None:
    blob = zlib.compress(json.dumps({**HEAD, "ops": [], "covers": covers}).encode())
    with pytest.raises(StorageError):
        changefile.read(blob, "it")


def test_a_refused_file_leaves_the_book_and_the_syncs_of_others_as_they_are(
    ben: Machine, mallory: Hostile
) -> None:
    account = ben.value("SELECT id FROM account")
    mallory.put(op("account", account, 2**63, city="Rome"))
    ben("account", "edit", "Acme", "--city", "Bern")
    done = ben.tries("sync", "now")
    assert done.code == 6
    assert "not a file of changes" in done.err
    assert ben.value("SELECT city FROM account") == "Bern"
    assert ben.value("SELECT count(*) FROM sync_out") == 0
    sound(ben)


def test_tables_and_columns_that_nobody_knows_are_only_kept(ben: Machine, mallory: Hostile) -> None:
    account = ben.value("SELECT id FROM account")
    mallory.put(
        op("account", account, name_key="w", id="x", rowid=7),
        *(
            [table, f"new {table}", NOW, MALLORY, {"@": 1, "name": "x", "k": "who"}, NEW, 1]
            for table in ("command", "preset", "sync_state", "sqlite_schema")
        ),
    )
    before = ben.rows("SELECT * FROM account"), ben.rows("SELECT * FROM preset")
    ben.sync()
    assert (ben.rows("SELECT * FROM account"), ben.rows("SELECT * FROM preset")) == before
    sound(ben)


def test_a_version_of_the_future_is_beaten_by_an_edit_that_saw_it(
    ben: Machine, mallory: Hostile
) -> None:
    in_50_years = NOW + 50 * 365 * 24 * 3600 * 1000
    assert in_50_years < allowed.AHEAD + NOW
    mallory.put(op("account", ben.value("SELECT id FROM account"), in_50_years, city="Rome"))
    ben.sync()
    assert ben.value("SELECT city FROM account") == "Rome"
    ben("account", "edit", "Acme", "--city", "Bern")
    ben.sync()
    ben.sync("--full")
    assert ben.value("SELECT city FROM account") == "Bern"


def test_a_file_that_claims_to_cover_what_this_machine_has_not_written(
    ben: Machine, mallory: Hostile
) -> None:
    own = ben.value("SELECT dev FROM sync_seen")
    mallory.put(
        op("account", ben.value("SELECT id FROM account"), city="x"), covers={own: 99_999_999}
    )
    ben.sync()
    ben("account", "edit", "Acme", "--city", "Bern")
    assert ben.sync()["sent"] == 1


def test_a_version_that_nothing_could_beat_is_refused(ben: Machine, mallory: Hostile) -> None:
    end_of_time = 253_402_300_799_999  # the last millisecond of the year 9999
    mallory.put(op("account", ben.value("SELECT id FROM account"), end_of_time, city="Rome"))
    assert ben.tries("sync", "now").code == 6
    assert ben.value("SELECT city FROM account") == "Oslo"


@pytest.mark.parametrize(
    ("table", "cells"),
    [
        ("account", {"@erased": 1}),
        ("account", {"@book": "../elsewhere"}),
        ("account", {"city": "\ud800"}),
        ("account", {"name": ["Acme"]}),
    ],
)
def test_what_a_cell_cannot_be_is_refused(
    ben: Machine, mallory: Hostile, table: str, cells: dict[str, Any]
) -> None:
    before = ben.rows(f'SELECT * FROM "{table}"')
    mallory.put(op(table, ben.value(f'SELECT id FROM "{table}"'), **cells))
    done = ben.tries("sync", "now")
    assert done.code == 6
    assert "not a file of changes" in done.err
    assert ben.rows(f'SELECT * FROM "{table}"') == before


def test_values_that_no_command_stores_leave_the_book_sound(ben: Machine, mallory: Hostile) -> None:
    deal = ben.value("SELECT id FROM deal")
    account = ben.value("SELECT id FROM account")
    mallory.put(
        op("deal", deal, stage="won\nlost", amount=-5, currency="???", opened_on="tomorrow"),
        op("account", account, number="x", created_at="\x1b[2J", city="a\0b", snoozed_until="x"),
        cmds={"1": ["2026-11-22T06:00:00Z", "Mal\0lory", "Added\0 this."]},
    )
    ben.sync()
    sound(ben)
    assert ben.names("deal") == ["Rollout"]
    assert "\x1b" not in ben("account", "show", "Acme").out


def test_a_record_merged_into_nothing_is_gone_in_a_sentence(ben: Machine, mallory: Hostile) -> None:
    account = ben.value("SELECT id FROM account")
    mallory.put(op("account", account, **{"@": 0, "@into": "nowhere"}))
    ben.sync()
    done = ben.tries("account", "show", account)
    assert done.code == 3
    assert "no account" in done.err
