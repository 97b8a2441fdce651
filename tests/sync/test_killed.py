"""Syncs that are killed, servers that crash, fifty machines at once: nothing is lost."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.conftest import Program, release_killed
from tests.forking import Forks, Job
from tests.hub import Server, running, why_not
from tests.sync.fuzzing import fuzz, seeds
from tests.syncing import Clock, Machine, killed, rest, same, shared, together

pytestmark = pytest.mark.slow

KILLED = 0.4
"""The share of syncs that are killed."""


@pytest.fixture(scope="module")
def forks() -> Iterator[Forks]:
    with Forks() as made:
        yield made


def sync_or_be_killed(forks: Forks, chance: random.Random, machine: Machine) -> bool:
    """Sync in a process of its own, killed at some moment in four of ten cases; whether it was."""
    if chance.random() < KILLED:
        [ran] = forks.run(killed(chance, machine))
        return ran.killed
    together(forks, machine.job(("sync", "now", "-q")))
    return False


@pytest.fixture(params=["folder", "hub"])
def carrier(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return where machines sync: a folder, or a server."""
    if request.param == "folder":
        return str(tmp_path / "shared")
    server: Server = request.getfixturevalue("hub")
    return server.url("ann")


@pytest.mark.parametrize("seed", seeds(2, 40))
def test_killed_syncs_leave_the_same_book(
    run: Program, forks: Forks, tmp_path: Path, seed: int, carrier: str
) -> None:
    chance = random.Random(seed)
    ended: list[bool] = []
    fuzz(
        *(run, tmp_path, seed),
        carrier=carrier,
        sync=lambda one: ended.append(sync_or_be_killed(forks, chance, one)),
    )
    assert any(ended) or len(ended) < 5


FIELDS = {"ann": "industry", "ben": "city", "cat": "region"}
"""What each machine edits, of accounts that all of them have."""


def test_no_edit_is_lost_and_no_conflict_is_false(
    run: Program, forks: Forks, tmp_path: Path
) -> None:
    machines = shared(run, tmp_path, *FIELDS)
    nothing_lost(forks, machines)


def test_no_edit_is_lost_by_a_server_that_crashes(
    run: Program, forks: Forks, tmp_path: Path
) -> None:
    if reason := why_not():
        pytest.skip(reason)
    with running(durable=True) as server:

        def crash(turn: int) -> None:
            if turn % 3 == 2:
                server.stop(signal.SIGQUIT)
                refused = machines[0].tries("sync", "now")
                assert refused.code == 6, refused
                assert "saved here" in refused.err
                server.start()

        machines = shared(run, tmp_path, *FIELDS, carrier=server.url("ann"))
        nothing_lost(forks, machines, crash)


def nothing_lost(
    forks: Forks, machines: list[Machine], after: Callable[[int], None] = lambda turn: None
) -> None:
    """Edit and kill; then every machine must have the last value of each cell, and no conflict."""
    for n in range(10):
        machines[0]("account", "add", f"Account {n}")
    rest(machines)
    wanted = edit_and_kill(forks, random.Random(7), machines, after, rounds=12)
    same(machines)
    for one in machines:
        for (name, field), value in wanted.items():
            assert one.value(f"SELECT {field} FROM account WHERE name = ?", name) == value
        assert one.conflicts() == []


def edit_and_kill(
    forks: Forks,
    chance: random.Random,
    machines: list[Machine],
    after: Callable[[int], None],
    *,
    rounds: int,
) -> dict[tuple[str, str], str]:
    """Edit at random, each machine its own field, and kill syncs; return what each cell must be."""
    names = [f"Account {n}" for n in range(10)]
    wanted: dict[tuple[str, str], str] = {}
    for turn in range(rounds):
        for _ in range(4):
            one, name = chance.choice(machines), chance.choice(names)
            value = f"v{turn}-{chance.randrange(10**6)}"
            one("account", "edit", name, f"--{FIELDS[one.name]}", value)
            wanted[name, FIELDS[one.name]] = value
        syncing = chance.sample(machines, k=2)
        jobs = [
            killed(chance, one) if chance.random() < 0.5 else one.job(("sync", "now", "-q"))
            for one in syncing
        ]
        together(forks, *jobs)
        after(turn)
    return wanted


SERVING = """
import time
from tests import hub
with hub.running() as server:
    print(server.folder, flush=True)
    time.sleep(600)
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_tests_that_are_killed_leave_no_server(how: signal.Signals) -> None:
    if reason := why_not():
        pytest.skip(reason)
    with subprocess.Popen(
        [sys.executable, "-c", SERVING],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as tests:
        assert tests.stdout is not None
        folder = Path(tests.stdout.readline().strip())
        server = int((folder / "data" / "postmaster.pid").read_text().split()[0])
        tests.send_signal(how)
    until = time.monotonic() + 30
    while (folder.exists() or alive(server)) and time.monotonic() < until:
        time.sleep(0.05)
    assert not folder.exists()
    assert not alive(server)


def test_files_of_tests_that_were_killed_are_kept_no_longer(tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    folder = tmp_path / "pytest-of-me"
    holders = {"killed": str(ended.pid), "running": str(os.getpid()), "starting": ""}
    for name, holder in holders.items():
        (folder / f"pytest-{name}").mkdir(parents=True)
        (folder / f"pytest-{name}" / ".lock").write_text(holder)
    release_killed(tmp_path)
    held = sorted(lock.parent.name for lock in folder.rglob(".lock"))
    assert held == ["pytest-running", "pytest-starting"]


def alive(pid: int) -> bool:
    """Whether there is such a process."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_fifty_machines_at_once(run: Program, forks: Forks, tmp_path: Path, carrier: str) -> None:
    clock = Clock()
    machines = [Machine(run, tmp_path, f"m{n:02d}", clock) for n in range(50)]
    first, *others = machines
    if "://" not in carrier:
        Path(carrier).mkdir()
    first("sync", "init", carrier, "--name", first.name)
    joining = [one.job(("sync", "join", carrier, "--name", one.name)) for one in others]
    together(forks, *joining)
    together(forks, *(work_and_sync(one) for one in machines))
    for one in machines:
        one.sync()
    quiet_and_alike(machines)


def work_and_sync(machine: Machine) -> Job:
    """Return a process that adds an account and a note, and syncs."""
    name = f"Account of {machine.name}"
    return machine.job(
        ("account", "add", name), ("log", "note", name, "hello"), ("sync", "now", "-q")
    )


def quiet_and_alike(machines: list[Machine]) -> None:
    """Nobody has anything to do any more; all have all accounts, and no number is there twice."""
    answers = [one.sync() for one in machines]
    assert all(answer["quiet"] for answer in answers), answers
    expected = machines[0].exports()
    assert all(one.exports() == expected for one in machines)
    numbers = [number for (number,) in machines[0].rows("SELECT number FROM account")]
    assert len(numbers) == len(set(numbers)) == len(machines)
