"""What one run of the program knows: the book, the settings, the clock, who is typing.

A command gets its `Session` and asks it to `read()` or `write()`. Everything
is found out on first use, so that `--help` and completion read nothing.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from acctcli import paths
from acctcli.config import Config
from acctcli.errors import Cancelled, Invalid, NotFound, UsageError
from acctcli.model import Field
from acctcli.render.emit import say
from acctcli.render.results import Output
from acctcli.store import connection, lookup
from acctcli.values import dates
from acctcli.values.dates import Clock
from acctcli.values.fields import Reading

if TYPE_CHECKING:
    import sqlite3

    from acctcli.domain.rules import Rules
    from acctcli.store.journal import Writing


class Session:
    """The state of one command line. `output` is filled in when the command's options are read."""

    def __init__(
        self, argv: Sequence[str], *, db: str | None = None, today: str | None = None
    ) -> None:
        self.argv = tuple(argv)
        self._db = db
        self._today = today
        self.output = Output()
        self.quiet = False
        self._said: set[str] = set()

    def on(self, path: Path) -> Session:
        """The same session on another book, which may still be empty."""
        other = Session(self.argv, db=str(path), today=self._today)
        other.may_create = True
        return other

    @cached_property
    def book(self) -> Path:
        """The path of the book."""
        return paths.book(self._db)[0]

    @cached_property
    def may_create(self) -> bool:
        """Whether a missing book is made on first use: only in the default place."""
        return not paths.book(self._db)[1]

    @cached_property
    def clock(self) -> Clock:
        """Today and now, as the machine, `--today` or `ACCTCLI_TODAY` say."""
        if self._today is not None:
            if not self._today.strip():
                raise UsageError("--today is empty. Leave it out, or write a day like 2026-12-15")
            return dates.clock(self._today)
        return dates.clock(paths.variable("ACCTCLI_TODAY"), "ACCTCLI_TODAY")

    @cached_property
    def config(self) -> Config:
        """The user's settings."""
        path = paths.config_file()
        try:
            path.lstat()
        except FileNotFoundError:
            return Config()
        except OSError:
            pass  # reading it says what is wrong
        from acctcli.configfile import load  # most people have no such file

        return load(path)

    @cached_property
    def reading(self) -> Reading:
        """What the reading of typed values depends on."""
        return Reading(self.clock, self.config)

    @cached_property
    def who(self) -> str:
        """The name that changes are made under."""
        name: str = self.config["me.name"]
        if name:
            return name
        return os.environ.get("USER") or os.environ.get("USERNAME") or "you"

    @cached_property
    def rules(self) -> Rules:
        """The rules that decide whether a record may be written."""
        from acctcli.domain.rules import Rules  # a read does without

        return Rules(
            today=self.clock.today,
            now=dates.iso(self.clock.now),
            config=self.config,
            check_filters=_check_filters,
        )

    def fields(self, kind: str) -> Mapping[str, Field]:
        """Built-in and custom fields of a kind."""
        return self.config.fields(kind)

    @property
    def interactive(self) -> bool:
        """Whether a person can be asked: both ends are a terminal."""
        return bool(sys.stdin and sys.stdin.isatty() and sys.stdout and sys.stdout.isatty())

    def notice(self, message: str) -> None:
        """Say something beside the data, once."""
        if message not in self._said:
            self._said.add(message)
            say(f"acct: {message}")

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """One snapshot of the book; fetch all you need and leave before you show anything."""
        create = self.may_create
        with connection.snapshot(self.book, create=create, notice=self.notice) as con:
            yield con

    @contextmanager
    def write(self, *, keep: bool = True) -> Iterator[Writing]:
        """The transaction of this command; with `keep` false, all is taken back at the end."""
        import shlex  # a read does without both

        from acctcli.store import journal

        with journal.writing(
            self.book,
            now=dates.iso(self.clock.now),
            today=dates.iso(self.clock.today),
            who=self.who,
            typed=shlex.join(("acct", *self.argv)),
            rules=self.rules,
            create=self.may_create,
            keep=keep,
            notice=self.notice,
        ) as tx:
            yield tx

    def find(self, con: sqlite3.Connection, kind: str, typed: str) -> lookup.Found:
        """The one record that `typed` names."""
        return lookup.find(con, kind, typed)

    def find_all(
        self, con: sqlite3.Connection, kind: str, typed: Sequence[str], *, whole: bool = False
    ) -> list[lookup.Found]:
        """The records that are named, once each, in the order of their first names."""
        found: dict[str, lookup.Found] = {}
        for one in typed:
            record = lookup.find(con, kind, one, whole=whole)
            found.setdefault(record.id, record)
        return list(found.values())

    def names_given(self, kind: str, typed: Sequence[str]) -> list[str]:
        """The names on the command line, with `-` replaced by the lines of stdin.

        Read before a transaction opens: a slow pipe must not hold the book.
        """
        if "-" not in typed:
            return list(typed)
        if typed.count("-") > 1:
            raise UsageError("- (ids from stdin) can be given once")
        lines = [line.strip() for line in stdin_text().splitlines() if line.strip()]
        if not lines and len(typed) == 1:
            raise NotFound(f"no {kind} came through the pipe: stdin was empty. Nothing was changed")
        place = list(typed).index("-")
        return [*typed[:place], *lines, *typed[place + 1 :]]

    def confirm(self, question: str, *, yes: bool) -> None:
        """Ask before something is destroyed. In a script the answer must be `--yes`."""
        if yes:
            return
        if not self.interactive:
            raise UsageError(f"{question} Nothing was changed; to go ahead: --yes")
        say(f"{question} [y/N]")
        answer = sys.stdin.readline()
        if answer.strip().lower() not in ("y", "yes"):
            raise Cancelled("nothing was changed")

    def choose(self, question: str, answers: Mapping[str, str]) -> str:
        """Ask a person until one of the answers (letter → meaning) is given; returns its letter.

        Where the input ends, that is the last one.
        """
        offered = " · ".join(f"{letter} {meaning}" for letter, meaning in answers.items())
        while True:
            say(f"{question} {offered}")
            line = sys.stdin.readline()
            if not line:
                return list(answers)[-1]
            typed = line.strip().lower()
            for letter, meaning in answers.items():
                if typed in (letter, meaning):
                    return letter


def _check_filters(words: str) -> object:
    """Refuse words that no saved list of accounts can have."""
    from acctcli.cli.kit.options import query_of

    return query_of("account", words)


def stdin_text() -> str:
    """All of stdin, as UTF-8. Raises `Invalid` naming the byte that is not."""
    if sys.stdin is None:
        raise UsageError("stdin is closed")
    data = sys.stdin.buffer.read()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid(f"stdin is not UTF-8 at byte {error.start}") from error
