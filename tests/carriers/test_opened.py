"""Addresses, and what is loaded for them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from acctcli.carriers import seal
from acctcli.carriers.carrier import Refused
from acctcli.carriers.folder import Folder
from acctcli.carriers.opened import gone, is_database, opened, shown
from acctcli.carriers.postgres import Postgres
from acctcli.errors import AcctError, Invalid, NotFound


def test_a_path_is_a_folder(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(home)
    for address in (str(home / "shared"), "shared", "~/shared", "./shared"):
        carrier = opened(address)
        assert isinstance(carrier, Folder)
        assert carrier.where == str(home / "shared")


@pytest.mark.parametrize(
    "address", ["postgresql://ann@db.example/hub", "postgres://db.example", "PostgreSQL://x"]
)
def test_a_url_of_postgresql_is_a_database(address: str) -> None:
    assert isinstance(opened(address), Postgres)
    assert is_database(address)


@pytest.mark.parametrize("address", ["https://db.example/hub", "file:///tmp/x", "s3://bucket"])
def test_another_kind_of_address_is_refused(address: str) -> None:
    with pytest.raises(Invalid, match="is not supported"):
        opened(address)


@pytest.mark.parametrize("address", ["", " "])
def test_an_address_is_needed(address: str) -> None:
    with pytest.raises(Invalid, match="the address is empty"):
        opened(address)


def test_a_home_that_is_not_here_is_said_so() -> None:
    with pytest.raises(Invalid, match="the name of nobody here"):
        opened("~nobody-of-this-name/shared")


def test_with_a_key_everything_is_sealed(tmp_path: Path) -> None:
    carrier = opened(str(tmp_path), key=tmp_path / "west.key")
    assert isinstance(carrier, seal.Sealed)
    assert carrier.sealed


def test_an_address_is_shown_without_a_password() -> None:
    assert shown("postgresql://ann:s3cret@db.example/hub") == "postgresql://ann@db.example/hub"
    assert shown("/home/ann/shared") == "/home/ann/shared"


@pytest.mark.parametrize(
    ("address", "error", "says", "command"),
    [
        ("/home/ann/shared", NotFound, "has no shared book west", "acct sync compact"),
        (
            "postgresql://ann@db.example/hub",
            Refused,
            "you are not a member of the shared book west",
            "acct sync leave --no-sync",
        ),
    ],
)
def test_a_book_that_is_gone_is_told_by_what_kept_it(
    address: str, error: type[AcctError], says: str, command: str
) -> None:
    found = gone(address, shown(address), "west")
    assert type(found) is error
    assert says in found.message
    assert found.message.endswith(command)


LOADED = """
import sys
{code}
wanted = {{"psycopg", "pyrage"}}
print(*sorted(name for name in sys.modules if name in wanted or "carriers" in name))
"""


@pytest.mark.parametrize(
    ("code", "loaded"),
    [
        ("import acctcli.main", ""),
        (
            "from acctcli.carriers.opened import opened, shown; opened('/tmp/x'); shown('x')",
            "acctcli.carriers acctcli.carriers.carrier acctcli.carriers.folder "
            "acctcli.carriers.opened",
        ),
        (
            "from acctcli.carriers.opened import shown; shown('postgresql://x')",
            "acctcli.carriers acctcli.carriers.carrier acctcli.carriers.opened "
            "acctcli.carriers.postgres",
        ),
    ],
)
def test_nothing_is_loaded_before_it_is_needed(code: str, loaded: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADED.format(code=code)],
        env=dict(os.environ),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.strip() == loaded
