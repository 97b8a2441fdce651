"""What a piece of work on the book has at hand: the book, the settings, the clock, who is at work.

Everything is found out on first use, so that a command that needs no book reads none.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from acctcli import paths
from acctcli.config import Config
from acctcli.errors import UsageError
from acctcli.model import Field
from acctcli.store import lookup, opening
from acctcli.values import dates
from acctcli.values.dates import Clock
from acctcli.values.fields import Reading

if TYPE_CHECKING:
    import sqlite3

    from acctcli.domain.rules import Rules
    from acctcli.store.journal import Writing


class Context:
    """The book at `db` (or the user's own), seen from a day: `today`, or the machine's."""

    def __init__(self, *, db: str | None = None, today: str | None = None) -> None:
        self._db = db
        self._today = today

    @property
    def typed(self) -> str:
        """What the history keeps as the command line."""
        return ""

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

        config = load(path)
        for notice in config.notices:
            self.notice(notice)
        return config

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

    def notice(self, message: str) -> None:
        """Say something beside the data. Here there is nobody to tell."""

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """One snapshot of the book; fetch all you need and leave before you show anything."""
        create = self.may_create
        with opening.snapshot(self.book, create=create, notice=self.notice) as con:
            yield con

    @contextmanager
    def write(self, *, keep: bool = True) -> Iterator[Writing]:
        """The transaction of this command; with `keep` false, all is taken back at the end."""
        from acctcli.store import journal  # a read does without

        with journal.writing(
            self.book,
            now=dates.iso(self.clock.now),
            at=dates.iso_exact(self.clock.exact or self.clock.now),
            today=dates.iso(self.clock.today),
            who=self.who,
            typed=self.typed,
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


def _check_filters(words: str) -> object:
    """Refuse words that no saved list of accounts can have."""
    from acctcli.book.asked import query_of

    return query_of("account", words)
