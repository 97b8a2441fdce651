"""Two records that got one number on two machines: one keeps it, the other gets a new one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.conftest import Program
from tests.syncing import Clock, Machine, rest, same, share

Three = tuple[Machine, Machine, Machine]


@pytest.fixture
def three(run: Program, tmp_path: Path) -> Three:
    """Ann shares a book. Ben and Cid join at the same time: each gets the series B."""
    clock = Clock()
    ann, ben, cid = (Machine(run, tmp_path, name, clock) for name in ("ann", "ben", "cid"))
    ann("account", "add", "Acme")
    hub = tmp_path / "shared"
    share((ann,), str(hub))
    late = tmp_path / "late"
    shutil.copytree(hub, late)
    ben.join(hub)
    shutil.move(hub, tmp_path / "aside")
    shutil.move(late, hub)
    cid.join(hub)
    for one in (ben, cid):
        one("account", "add", f"Of {one.name}")
        one("deal", "add", "Acme", f"licence of {one.name}", "--amount", "1000")
        one("deal", "quote", f"licence of {one.name}", "--valid", "2026-12-31")
    shutil.copytree(tmp_path / "aside", hub, dirs_exist_ok=True)
    return ann, ben, cid


def numbers(machine: Machine, kind: str = "account") -> dict[str, str]:
    name = "name" if kind == "account" else "title"
    return dict(machine.rows(f"SELECT {name}, number FROM {kind}"))


def test_of_two_machines_with_one_series_the_later_record_gets_a_new_number(three: Three) -> None:
    ann, ben, cid = three
    assert numbers(ben)["Of ben"] == numbers(cid)["Of cid"] == "B-0001"
    said = [one("sync", "now").err for _ in range(3) for one in three]
    same(three)
    assert numbers(ann)["Of ben"] == "B-0001"
    series = cid.value("SELECT v FROM sync_state WHERE k = 'series'")
    new = numbers(ann)["Of cid"]
    assert new == f"{series}-000{2 if series == 'B' else 1}"
    quotes = numbers(ann, "quote")
    assert quotes["licence of ben"] == "Q-2026-B0001"
    assert quotes["licence of cid"] not in ("Q-2026-B0001", "")
    told = [line for err in said for line in err.splitlines() if "number of another" in line]
    assert told == [
        f"acct: 1 account had the number of another: Of cid (B-0001) is {new} now",
        "acct: 1 quote had the number of another: licence of cid (Q-2026-B0001) is "
        f"{quotes['licence of cid']} now",
    ]
    assert f"number B-0001 → {new}" in cid("history", "Of cid").out
    assert f"Gave new numbers to Of cid ({new})" in cid("history").out
    assert not any(one.conflicts() for one in three)


def test_who_syncs_first_makes_no_difference(three: Three) -> None:
    ann, ben, cid = three
    cid.sync()
    ann.sync()
    same((cid, ann, ben))
    assert numbers(ben)["Of ben"] == "B-0001"


def test_a_number_that_an_old_backup_gave_again(run: Program, tmp_path: Path) -> None:
    clock = Clock()
    two = [Machine(run, tmp_path, name, clock) for name in ("ann", "ben")]
    ann, ben = two
    ann("account", "add", "Acme")
    share(two, str(tmp_path / "shared"))
    ann("db", "backup")
    ann("account", "add", "Globex")
    rest(two)
    ann("db", "restore", "latest", "--yes")
    ann("account", "add", "Initech")
    assert numbers(ann)["Initech"] == "A-0002"
    done = ann("sync", "now")
    assert "Initech (A-0002) is A-0003 now" in done.err
    same(two)
    assert numbers(ben) == {"Acme": "A-0001", "Globex": "A-0002", "Initech": "A-0003"}


def quoted(machine: Machine, account: str, *, versions: int = 1) -> None:
    machine("account", "add", account)
    machine("deal", "add", account, f"licence of {account}", "--amount", "1000")
    for _ in range(versions):
        machine("deal", "quote", f"licence of {account}", "--valid", "2026-12-31")


@pytest.fixture
def apart(run: Program, tmp_path: Path) -> list[Machine]:
    """Two machines that work apart so far, each with a quote of three versions."""
    clock = Clock()
    two = [Machine(run, tmp_path, name, clock) for name in ("ann", "ben")]
    for one, account in zip(two, ("Acme", "Globex"), strict=True):
        quoted(one, account, versions=3)
    return two


def test_all_versions_of_a_quote_get_the_new_number(apart: list[Machine], tmp_path: Path) -> None:
    share(apart, str(tmp_path / "shared"))
    same(apart)
    found = apart[0].rows("SELECT number, version FROM quote ORDER BY number")
    of_ben = [("Q-2026-B0001", 1), ("Q-2026-B0001-2", 2), ("Q-2026-B0001-3", 3)]
    assert found == [("Q-2026-0001", 1), ("Q-2026-0001-2", 2), ("Q-2026-0001-3", 3), *of_ben]
    assert apart[1]("quote", "show", "q-2026-b0001-2", "-f", "json").json()["version"] == 2


def test_a_quote_that_a_customer_has_keeps_its_number(apart: list[Machine], tmp_path: Path) -> None:
    ann, ben = apart
    ben("quote", "send", "Q-2026-0001-3")
    share(apart, str(tmp_path / "shared"))
    rest(apart)
    of_ben = "SELECT count(*) FROM quote WHERE title LIKE '%Globex' AND number LIKE 'Q-2026-0001%'"
    assert ann.value(of_ben) == 3


def test_of_two_numbers_that_customers_have_both_stay_and_are_named_once(
    apart: list[Machine], tmp_path: Path
) -> None:
    ann, ben = apart
    for one in apart:
        one("quote", "send", "Q-2026-0001-3")
    (tmp_path / "shared").mkdir()
    ann("sync", "init", tmp_path / "shared", "--name", "ann")
    ben("sync", "join", tmp_path / "shared", "--name", "ben")
    first = ann("sync", "now").err
    assert "2 sent quotes have the number Q-2026-0001-3 and keep it" in first
    assert "Acme (" in first
    assert "Globex (" in first
    assert "sent quotes" not in ann("sync", "now").err
    assert ann.value("SELECT count(DISTINCT number) FROM quote") == 3
    assert ann.tries("quote", "show", "Q-2026-0001-3").code == 4


def test_two_next_versions_of_one_quote(run: Program, tmp_path: Path) -> None:
    """After an old backup a machine makes the same version again: it becomes the one after."""
    clock = Clock()
    two = [Machine(run, tmp_path, name, clock) for name in ("ann", "ben")]
    ann, ben = two
    quoted(ann, "Acme")
    share(two, str(tmp_path / "shared"))
    ann("db", "backup")
    ann("deal", "quote", "licence of Acme", "--copy")
    rest(two)
    ann("db", "restore", "latest", "--yes")
    ann("deal", "quote", "licence of Acme", "--copy")
    same(two)
    found = ben.rows("SELECT number, version FROM quote ORDER BY version")
    assert found == [("Q-2026-0001", 1), ("Q-2026-0001-2", 2), ("Q-2026-0001-3", 3)]
