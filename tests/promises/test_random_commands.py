"""A driver that types random commands of all nouns: no crash, and no change without a journal.

Its words are drawn from the declarations of `model`: a new field needs no change here. After each
command the exit status is one of the contract's and never 1, and every changed row is in the
journal. Undo restores the book to the byte, and its redo the change; at intervals `db check` finds
the book sound, and an export that is imported again changes nothing.

`ACCTCLI_DRIVER_SEED` and `ACCTCLI_DRIVER_COUNT` choose the run; a failure prints both, and the last
commands.
"""

from __future__ import annotations

import os
import random
import shlex
import sqlite3
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Program
from tests.promises.processes import LONG

from acctcli import model
from acctcli.config import CADENCE, STAGES
from acctcli.model import KINDS, NOUNS, Field

pytestmark = pytest.mark.slow

SEED = int(os.environ.get("ACCTCLI_DRIVER_SEED", "20261122"))
COUNT = int(os.environ.get("ACCTCLI_DRIVER_COUNT", "10000" if LONG else "300"))
SOUND_EVERY = 60
"""After this many commands the book is checked, exported and imported again."""

MOST = 60
"""The most accounts: a larger book is thinned out, so that late commands take no longer."""

ALLOWED = {0, 2, 3, 4}

WORDS = ("Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Ginkgo", "Hazel", "Iris", "Juniper")
ODD = ("O'Neil & Söhne", "日本商事", "x" * 200, "a; b", "=1+1", "[red]x", "-dash", "two\nlines", "")

BY_TYPE: dict[str, tuple[str, ...]] = {
    model.LONG: ("a line", "two\nlines", "=cmd", ""),
    model.INTEGER: ("0", "7", "1,200", "9223372036854775807", "99999999999999999999", "x"),
    model.NUMBER: ("1", "2.5", "0", "-1"),
    model.PERCENT: ("0", "50", "100", "101"),
    model.MONEY: ("100", "1.5k", "SGD 20", "EUR 3", "JPY 700", "-5", "0", "1e9"),
    model.CURRENCY: ("SGD", "JPY", "KWD", "XXQ", ""),
    model.COUNTRY: ("SG", "germany", "ZZ", ""),
    model.DAY: ("today", "tomorrow", "2026-01-31", "2028-02-29", "2w", "soon", ""),
    model.MOMENT: ("now", "yesterday 9am", "2026-11-20 10:00", "2030-01-01"),
    model.FLAG: ("yes", "no"),
    model.TIER: (*CADENCE, "gold", ""),
    model.STAGE: (*(stage.name for stage in STAGES), "nowhere"),
    model.EMAIL: ("a@x.com", "b@x.com", "c@y.org", "a@x.com; d@y.org", "no", ""),
    model.PHONE: ("+6561234567", "+4930123456", "12", ""),
    model.WEBSITE: ("x.com", "y.org", "https://z.net/a", "no", ""),
    model.LINKEDIN: ("in-one", "https://www.linkedin.com/in/two", ""),
    model.MINUTES: ("30m", "2h", "x"),
    model.EVERY: ("1w", "1m", "2y", "0d", ""),
}


class Driver:
    """Types at random, and remembers what was typed."""

    def __init__(self, run: Program, book: Path, seed: int) -> None:
        self.run_program = run
        self.book = book
        self.random = random.Random(seed)
        self.typed: deque[str] = deque(maxlen=40)
        self.codes: dict[int, int] = {}

    # What there is

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Query the book, independently of the program."""
        con = sqlite3.connect(self.book)
        try:
            return con.execute(sql).fetchall()
        finally:
            con.close()

    def tables(self) -> list[str]:
        """Return the tables whose rows are in the journal."""
        aside = ("command", "change", "preset")
        found = self.rows("SELECT name FROM sqlite_schema WHERE type = 'table'")
        return [n for (n,) in found if n not in aside and not n.startswith(("search", "sqlite_"))]

    def dump(self) -> dict[tuple[str, str], tuple[Any, ...]]:
        """Return every row of every such table, by table and id."""
        return {
            (t, row[0]): row for t in self.tables() for row in self.rows(f'SELECT * FROM "{t}"')
        }

    def last_command(self) -> int:
        """The number of the newest entry of the journal."""
        return int(self.rows("SELECT coalesce(max(seq), 0) FROM command")[0][0])

    # What is typed

    def some(self, *options: str) -> str:
        return self.random.choice(options)

    def name(self) -> str:
        if self.random.random() < 0.12:
            return self.random.choice(ODD)
        return f"{self.random.choice(WORDS)} {self.random.choice(WORDS)}"

    def record(self, kind: str) -> str:
        """Return a record of a kind: its id, a tail of it, its name, or something unknown."""
        title = (
            KINDS[kind].title if kind in ("account", "contact", "product", "deal", "task") else "id"
        )
        found = self.rows(f'SELECT id, {title} FROM "{kind}" ORDER BY id')
        if not found or self.random.random() < 0.04:
            return self.some("nobody", "a", "ffff", "A-0001", "a@x.com")
        id, name = self.random.choice(found)
        return self.some(id, id[-6:], id[-4:], str(name))

    def value(self, kind: str, field: Field) -> str:
        if field.type == model.REF:
            return self.record(field.target)
        if field.type == model.CHOICE:
            return self.some(*field.choices, "unheard-of")
        if field.type in BY_TYPE:
            return self.some(*BY_TYPE[field.type])
        return self.name()

    def options(self, kind: str, *skip: str, most: int = 3) -> list[str]:
        """Return some fields of a kind as options, now and then as `--set`."""
        fields = [f for n, f in KINDS[kind].fields.items() if not (f.fixed or n in skip)]
        words: list[str] = []
        for field in self.random.sample(fields, k=min(self.random.randint(0, most), len(fields))):
            value = self.value(kind, field)
            if self.random.random() < 0.15:
                words += ["--set", f"{field.name}={value}"]
            elif field.type == model.FLAG:
                flag = field.options[0]
                words.append(flag if value == "yes" else flag.replace("--", "--no-", 1))
            else:
                words += [field.options[0], value]
        return words

    def several(self, kind: str) -> list[str]:
        return [self.record(kind) for _ in range(self.random.choice((1, 1, 1, 2)))]

    def add(self) -> list[str]:
        kind = self.random.choice(NOUNS)
        twin = ["--duplicate"] * (self.random.random() < 0.3)
        match kind:
            case "account" | "contact" | "product":
                return [kind, "add", self.name(), *self.options(kind, "name"), *twin]
            case "log":
                words = [
                    "log",
                    "add",
                    "--kind",
                    self.some(*model.LOG_KINDS),
                    self.record("account"),
                ]
                words += [self.name(), *self.options("log", "account", "kind", "summary")]
                return words + ["--next", "Call back", "--due", "fri"] * (
                    self.random.random() < 0.3
                )
            case "task":
                rest = self.options(
                    "task", "account", "text", "done_at", "first_due", "log", "review"
                )
                return ["task", "add", self.record("account"), self.name(), *rest]
            case "deal":
                rest = self.options("deal", "account", "title", most=4)
                return ["deal", "add", self.record("account"), self.name(), *rest]
            case "purchase":
                amount = self.some(*BY_TYPE[model.MONEY])
                rest = self.options("purchase", "account", "amount")
                return ["purchase", "add", *rest, "--", self.record("account"), amount]
            case _:
                words = ["review", "run", self.record("account"), "--summary", "Fine"]
                rest = self.options("review", "account", "summary", "health")
                return [*words, *rest, "--action", "Look::fri"]

    def edit(self) -> list[str]:
        kind = self.random.choice(NOUNS)
        hidden = {"task": ("done_at", "first_due", "log", "review"), "review": ("account",)}
        words = [kind, "edit", *self.several(kind), *self.options(kind, *hidden.get(kind, ()))]
        many = [f for f in KINDS[kind].fields.values() if f.many and not f.fixed]
        if many and self.random.random() < 0.3:
            field = self.random.choice(many)
            flag = field.item_options(self.some("add", "remove"))[0]
            words += [flag, self.value(kind, field)]
        return words

    def move(self) -> list[str]:
        """Return commands that change more than a field."""
        account, person, deal = (self.record(k) for k in ("account", "contact", "deal"))
        reason = ["--reason", "Price"] * (self.random.random() < 0.7)
        stage = self.some(*BY_TYPE[model.STAGE])
        day = self.some(*BY_TYPE[model.DAY])
        choices: list[list[str]] = [
            ["task", "done", *self.several("task")],
            ["task", "done", self.record("task"), "--at", self.some(*BY_TYPE[model.MOMENT])],
            ["task", "reopen", *self.several("task")],
            ["task", "snooze", self.record("task"), day],
            ["deal", "move", *self.several("deal"), stage, *reason],
            ["deal", "win", *self.several("deal")],
            ["deal", "lose", deal, "--reason", "Price", "--on", day],
            ["deal", "reopen", *self.several("deal")],
            [
                "deal",
                "item",
                deal,
                "--add",
                self.record("product"),
                *self.options("item", "product", "deal"),
            ],
            ["deal", "item", deal, "--sum"],
            ["deal", "item", deal, "--remove", self.record("product")],
            ["deal", "contact", deal, person, "--role", self.some(*model.ROLES)],
            ["deal", "contact", deal, person, person, "--remove"],
            ["contact", "move", person, "--to", account, "--on", day],
            ["contact", "link", person, "--account", account, "--from", day],
            ["contact", "unlink", person, "--account", account],
            ["contact", "unlink", person, "--account", account, "--forget"],
            ["account", "tag", *self.several("account"), "--add", "x,y", "--remove", "z"],
            ["account", "archive", account],
            ["account", "archive", account, "--undo"],
            ["account", "qualify", account, "--as", "customer", "--anyway"],
            ["account", "plan", account, "--goal", self.name(), "--objective", "Reach::2w"],
            ["account", "plan", account, "--met", "Reach"],
            ["account", "plan", account, "--drop", "Reach"],
            ["account", "list", "--tier", "key", "--save", self.some("one", "two")],
            ["account", "segments", "--delete", self.some("one", "two")],
            ["playbook", "add", "--example", self.some("renewal", "stalled-deal")],
            ["playbook", "run", "onboarding", self.some(account, deal)],
            ["playbook", "run", "onboarding", self.some(account, deal), "--again"],
            ["playbook", "run", "--due"],
            ["playbook", "stop", "onboarding", self.some(account, deal), "--yes"],
            ["campaign", "add", self.some("Push", "Visit"), account, person],
            ["campaign", "member", "Push", self.some(account, person)],
            ["campaign", "member", "Push", person, "--state", self.some("replied", "auto")],
            ["campaign", "member", "Push", account, "--remove"],
            ["campaign", "log", "Push", self.some(account, person), "email", "Sent"],
            ["deal", "edit", deal, "--campaign", "Push"],
            ["campaign", "delete", "Push", "--yes"],
            ["account", "merge", account, self.record("account"), "--yes"],
            ["contact", "merge", person, self.record("contact"), "--yes"],
        ]
        return self.random.choice(choices)

    def delete(self) -> list[str]:
        kind = self.random.choice(NOUNS)
        return [kind, "delete", self.record(kind), "--yes"]

    def look(self) -> list[str]:
        """Return commands that only read."""
        account = self.record("account")
        choices: list[list[str]] = [
            ["today"],
            ["account", "show", account],
            ["account", "timeline", account],
            ["account", "timeline", "--group", account],
            ["account", "tree"],
            ["today", "--group", account],
            ["contact", "show", self.record("contact")],
            ["contact", "map", account],
            ["deal", "show", self.record("deal")],
            ["deal", "board"],
            ["deal", "forecast"],
            ["campaign", "show", "Push"],
            ["campaign", "report"],
            ["playbook", "list"],
            ["playbook", "show", "onboarding"],
            ["review", "health"],
            ["review", "brief", account],
            ["report", self.some("pipeline", "activity", "retention", "quality", "performance")],
            ["history", account],
            ["search", self.name() or "x"],
            [self.random.choice(NOUNS), "list", "-f", self.some("json", "csv", "table", "md")],
        ]
        return self.random.choice(choices)

    # The driving

    def run(self, *words: str, input: str = "") -> int:
        """Type one command; its exit status is one of the contract's."""
        self.typed.append(shlex.join(("acct", *words)))
        done = self.run_program(*words, input=input)
        assert done.code in ALLOWED, (done.code, done.err)
        self.codes[done.code] = self.codes.get(done.code, 0) + 1
        return done.code

    def step(self) -> None:
        """Type one command, compare it with the journal, and now and then undo it."""
        drawn: Callable[[], list[str]] = self.random.choices(
            (self.add, self.edit, self.move, self.delete, self.look), (34, 22, 26, 6, 12)
        )[0]
        words = drawn()
        before, stood = self.dump(), self.last_command()
        self.run(*words)
        after = self.dump()
        self.journalled(before, after, stood)
        if self.last_command() > stood and self.random.random() < 0.4:
            assert self.run("undo") == 0
            assert self.dump() == before, "undo is not exact"
            assert self.run("undo", "--redo") == 0
            assert without_stamps(self.dump()) == without_stamps(after), "redo is not exact"
            if self.random.random() < 0.3:
                assert self.run("undo") == 0

    def journalled(self, before: dict[Any, Any], after: dict[Any, Any], stood: int) -> None:
        """Check that every changed row has an entry of a command since."""
        differing = {
            key for key in before.keys() | after.keys() if before.get(key) != after.get(key)
        }
        noted = set(self.rows(f'SELECT DISTINCT tbl, "row" FROM change WHERE command > {stood}'))
        assert differing <= noted, f"changed without an entry: {sorted(differing - noted)[:5]}"

    def thin_out(self) -> None:
        """Delete the older half of a large book, in one command."""
        found = [id for (id,) in self.rows("SELECT id FROM account ORDER BY id")]
        if len(found) > MOST:
            ids = "\n".join(found[: MOST // 2])
            assert self.run("account", "delete", "-", "--yes", input=ids) == 0

    def sound(self, folder: Path) -> None:
        """Check that the book is sound, and that its export changes nothing."""
        assert self.run("db", "check") == 0
        before, stood = self.dump(), self.last_command()
        assert self.run("export", "--all", str(folder), "--force") == 0
        self.run("import", str(folder))
        assert self.dump() == before, "an export that came back changed the book"
        assert self.last_command() == stood


def without_stamps(rows: dict[tuple[str, str], tuple[Any, ...]]) -> dict[Any, Any]:
    """Return rows without moments: a redo is a change of its own, later than the first."""
    return {
        key: tuple(v for v in row if not (isinstance(v, str) and len(v) == 20 and v[-1] == "Z"))
        for key, row in rows.items()
    }


def test_commands_at_random(run: Program, book: Path, tmp_path: Path) -> None:
    assert run("account", "add", "First").code == 0
    # Wins and stages add tasks from then on, which an undo removes with them.
    assert run("playbook", "add", "--example", "onboarding").code == 0
    driver = Driver(run, book, SEED)
    for count in range(COUNT):
        try:
            driver.step()
            if count % SOUND_EVERY == SOUND_EVERY - 1:
                driver.sound(tmp_path / "export")
                driver.thin_out()
        except AssertionError as error:
            history = "\n".join(driver.typed)
            error.add_note(f"seed {SEED}, command {count} of {COUNT}; the last ones:\n{history}")
            raise
    # Most commands must succeed: a driver that is only refused proves nothing.
    assert driver.codes.get(0, 0) > COUNT / 2, driver.codes
