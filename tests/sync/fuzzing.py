"""Machines driven at random: real commands of all nouns, syncs in between, and what must hold then.

A run follows from its seed, except the moments in ids; a failure prints the seed and every command.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from unittest import mock

from tests.conftest import Program
from tests.driving import WORDS, Typist
from tests.promises.processes import LONG
from tests.syncing import Clock, Machine, same, share

from acctcli import ids

ALLOWED = {0, 2, 3, 4}
"""Exit statuses of random commands: done, or refused."""

Sync = Callable[[Machine], object]


def seeds(few: int, many: int) -> list[int]:
    """Return the seeds to run: few, many in the long tests, or those of `ACCTCLI_SYNC_SEEDS`.

    That is a first and a last seed, such as 100-199.
    """
    asked = os.environ.get("ACCTCLI_SYNC_SEEDS")
    if asked:
        first, _, last = asked.partition("-")
        return list(range(int(first), int(last or first) + 1))
    return list(range(many if LONG else few))


@contextmanager
def told(seed: int, machines: Sequence[Machine], trail: list[str]) -> Iterator[None]:
    """Add the seed and all commands to a failure."""
    try:
        yield
    except Exception as error:
        error.add_note("\n".join((f"seed {seed}", *trail)))
        raise


class Run:
    """One run of a seed: its machines, and what they type."""

    def __init__(
        self, run: Program, folder: Path, seed: int, carrier: str, *, sync: Sync | None = None
    ) -> None:
        self.seed = seed
        self.chance = random.Random(seed)
        self.folder = folder
        self.program = run
        self.carrier = carrier
        self.sync = sync or Machine.sync
        self.clock = Clock()
        self.trail: list[str] = []
        self.typed = self.succeeded = 0
        self.machines = [self.machine(name) for name in ("ann", "ben", "cat")]
        self.copies: dict[str, bytes] = {}

    def machine(self, name: str) -> Machine:
        """Return a new machine, whose clock may be off."""
        ahead = self.chance.choice((0, 0, 0, 1800, -1800))
        made = Machine(self.program, self.folder, name, self.clock, ahead=ahead)
        made.trail = self.trail
        return made

    def begin(self) -> None:
        """Fill the book of the first machine, share it, and let the others join."""
        first = self.machines[0]
        first("playbook", "add", "--example", "onboarding")
        for name in ("Acme", "Globex", "Initech"):
            first("account", "add", name)
            first("contact", "add", f"Pat {name}", "--account", name)
            first("deal", "add", name, f"{name} licence", "--amount", "1000")
            first("purchase", "add", name, "100 SGD", "--recurring", "yearly")
            first("task", "add", name, f"Call {name}", "--due", "2026-12-01")
        first("product", "add", "Widget", "--price", "100")
        first("deal", "quote", "Acme licence", "--valid", "2026-12-31")
        for _ in range(8):
            self.type(first)
        share(self.machines, self.carrier)
        for one in self.machines:
            one.sync()

    def type(self, machine: Machine) -> None:
        """Run one random command on a machine."""
        typist = Typist(machine.book, self.chance)
        drawn = self.chance.choices(
            (
                typist.add,
                typist.edit,
                typist.move,
                typist.delete,
                typist.quote,
                typist.change,
                lambda: typist.bring(machine.home / "their.csv"),
                lambda: ["undo"],
            ),
            (26, 20, 22, 8, 7, 12, 2, 8),
        )[0]
        if self.chance.random() < 0.3:
            self.clock.now -= timedelta(seconds=1)  # in the same second as the one before
        for _ in range(3):  # what is refused changes nothing
            done = machine.tries(*drawn())
            assert done.code in ALLOWED, (self.trail[-1], done.err)
            if done.code == 0:
                self.succeeded += 1
                break
        self.typed += 1

    def step(self) -> None:
        """Run one command or sync on a machine; rarely, go back to an older copy of its book."""
        machine = self.chance.choice(self.machines)
        draw = self.chance.random()
        if draw < 0.25:
            self.sync(machine)
        elif draw < 0.28:
            self.copies[machine.name] = machine.book.read_bytes()
            self.trail.append(f"{machine.name}: # a copy of the book")
        elif draw < 0.30 and machine.name in self.copies:
            machine.book.write_bytes(self.copies[machine.name])
            self.trail.append(f"{machine.name}: # back to that copy")
        elif draw < 0.31:
            machine("sync", "compact")
        else:
            self.type(machine)

    def end(self) -> None:
        """Bring all machines to rest, and look at each of them; one that joins now is the same."""
        last = self.machine("dan")
        last.join(self.carrier)
        everybody = [*self.machines, last]
        same(everybody)
        self.found_alike(everybody)
        for one in everybody:
            self.told_of_others(one)

    def found_alike(self, machines: Sequence[Machine]) -> None:
        """Every machine must find the same records."""
        for word in WORDS:
            found = [set(one.tries("search", word, "-f", "ids").out.split()) for one in machines]
            assert all(one == found[0] for one in found), (word, found)

    def told_of_others(self, machine: Machine) -> None:
        """The history must name the machine of each command that ran elsewhere."""
        origins = {row[0] for row in machine.rows("SELECT DISTINCT origin FROM command")}
        if machine.name not in self.copies:  # a restored book reads of its own commands as well
            assert machine.name not in origins, origins
        # A machine gets what is there when it joins without the commands that made it.
        if machine in self.machines and self.succeeded > 20:
            assert origins - {None}, origins


def fuzz(
    run: Program, folder: Path, seed: int, *, carrier: str = "", sync: Sync | None = None
) -> Run:
    """Drive three machines from a seed; they must end the same. Return the run."""
    one = Run(run, folder, seed, carrier or str(folder / "shared"), sync=sync)
    with (
        told(seed, one.machines, one.trail),
        mock.patch.object(ids, "random_bytes", random.Random(-seed - 1).randbytes),
    ):
        one.begin()
        for _ in range(one.chance.randrange(15, 40)):
            one.step()
        one.end()
    return one
