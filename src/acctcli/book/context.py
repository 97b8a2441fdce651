"""What every operation on the book needs: the file, the settings, the clock and the user.

Everything is read on first use, so that a command that needs no book opens none.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from acctcli import paths, text
from acctcli.config import Config
from acctcli.errors import Busy, Conflict, UsageError
from acctcli.model import Field
from acctcli.store import lookup, opening, settings
from acctcli.store.settings import Document, StoredSettings
from acctcli.values import dates
from acctcli.values.dates import Clock
from acctcli.values.fields import Reading

if TYPE_CHECKING:
    import sqlite3

    from acctcli.domain.rules import Rules
    from acctcli.model import Playbook
    from acctcli.store.journal import Writing


class Context:
    """The book at `db` (or the user's own), on the day `today`, or that of the machine."""

    def __init__(self, *, db: str | None = None, today: str | None = None) -> None:
        self._db = db
        self._today = today

    @property
    def typed(self) -> str:
        """The command line for the history."""
        return ""

    @cached_property
    def book(self) -> Path:
        """The path of the book."""
        return paths.book(self._db)[0]

    @cached_property
    def may_create(self) -> bool:
        """Whether a missing book is created on first use: only in the default place."""
        return not paths.book(self._db)[1]

    @cached_property
    def clock(self) -> Clock:
        """Today and now, from the machine, `--today` or `ACCTCLI_TODAY`."""
        if self._today is not None and not self._today.strip():
            raise UsageError("--today is empty. Leave it out, or write a day like 2026-12-15")
        asked = self._today or paths.variable("ACCTCLI_TODAY")
        if asked is None:
            return dates.clock()
        from acctcli.values.typed_moments import read_clock  # usually the machine's clock is used

        return read_clock(asked, "--today" if self._today else "ACCTCLI_TODAY")

    @cached_property
    def file(self) -> tuple[Document, Document]:
        """The content of `config.toml`: the person's settings, and those that belong to a book."""
        path = paths.config_file()
        try:
            path.lstat()
        except FileNotFoundError:
            return {}, {}
        except OSError:
            pass  # reading it will say what is wrong
        from acctcli.configfile import document  # most people have no such file

        return settings.split(document(path))

    @cached_property
    def own(self) -> Config:
        """The settings of the person and the machine, independent of the book."""
        mine = self.file[0]
        if not mine:
            return Config()
        from acctcli.configfile import from_document

        return from_document(mine, str(paths.config_file()))

    @cached_property
    def stored(self) -> StoredSettings:
        """The settings in the book, as last read."""
        if not self.book.exists():
            return settings.NOTHING
        found = settings.peek(self.book)
        if found is None:  # it must be waited for or upgraded, or is damaged
            create = self.may_create
            with opening.snapshot(self.book, create=create, notice=self.notice) as con:
                found = settings.stored(con)
        return found

    @cached_property
    def config(self) -> Config:
        """The settings in force: the book's, the person's own, and defaults for the rest.

        A book that no command has written to since books have settings uses those of the file,
        which the first change takes in.
        """
        own, of_book = self.file
        if self.takes_in:
            from acctcli.configfile import from_document

            merged = settings.merged(own, of_book)
            return self._with_notices(from_document(merged, str(paths.config_file())))
        mine = self.own  # errors there are reported with the name of the file
        self._tell_ignored(of_book)
        if not self.stored.rows:
            return mine
        found, wrong = settings.leniently(self.stored.rows, own, whole=False)
        for key in wrong:
            self.notice(
                f"the setting {text.safe(key)} of the book cannot be read and is left out. "
                "Why: acct db check"
            )
        return self._with_notices(found)

    def _with_notices(self, config: Config) -> Config:
        for notice in config.notices:
            self.notice(notice)
        return config

    @property
    def takes_in(self) -> bool:
        """Whether the file's settings for a book apply to this book and will be stored in it."""
        return bool(self.file[1]) and self.stored.untouched and not self.stored.rows

    def _tell_ignored(self, of_book: Document) -> None:
        """Report that the file's settings of a book are ignored, if the book's are different."""
        if of_book and not set(settings.rows_of(of_book)) <= set(self.stored.rows):
            sections = text.sentence_list([f"[{section}]" for section in of_book], len(of_book))
            self.notice(
                f"settings of the book in {text.safe(str(paths.config_file()))} are not read any "
                f"more ({text.safe(sections)}). Change them in the book: acct config edit"
            )

    def _look(self, con: sqlite3.Connection, *, writing: bool = False) -> None:
        """Use the settings in this snapshot of the book.

        Before a write, what was typed may have been read with other settings: then the command must
        stop.
        """
        found = settings.stored(con)
        known: StoredSettings | None = self.__dict__.get("stored")
        # Whether a command has written since only matters if the file's settings would be taken in.
        if (
            known is not None
            and known.rows == found.rows
            and (known.untouched == found.untouched or not self.file[1])
        ):
            return
        if writing and "config" in self.__dict__ and known is not None:
            raise Busy(
                "the settings of the book were changed by another command just now. "
                "Nothing was changed; try again"
            )
        self.stored = found
        if known is not None:
            self.forget_settings()

    def go_by(self, config: Config) -> None:
        """Use new settings, which this command itself changes."""
        self.forget_settings()
        self.config = config

    def forget_settings(self) -> None:
        """Read the settings again, after they were changed."""
        for name in ("config", "reading", "rules"):
            self.__dict__.pop(name, None)

    @cached_property
    def reading(self) -> Reading:
        """What reading typed values depends on."""
        return Reading(self.clock, self.config)

    @property
    def reading_of_files(self) -> Reading:
        """Return the same for cells of files."""
        return self.reading.replace(of_file=True)

    @cached_property
    def who(self) -> str:
        """The name recorded with changes."""
        name: str = os.environ.get("ACCTCLI_WHO") or self.own["me.name"]
        if name:
            return name
        return os.environ.get("USER") or os.environ.get("USERNAME") or "you"

    @cached_property
    def rules(self) -> Rules:
        """The rules that decide whether a record may be written."""
        from acctcli.domain.rules import Rules  # reads do not need them

        return Rules(
            today=self.clock.today,
            now=dates.iso(self.clock.now),
            config=self.config,
            check_filters=_check_filters,
            playbooks=self._playbooks,
        )

    without_playbooks = False
    """Whether nothing that a command does sets off a playbook."""

    @property
    def _playbooks(self) -> Sequence[Playbook]:
        """The playbooks that a change of a record can set off."""
        if self.without_playbooks or not self.config.playbook_settings:
            return ()
        from acctcli.configplaybooks import readable  # most books have none

        found = readable(self.config, self.notice)
        return [one for one in found if one.about and not one.timed]

    def fields(self, kind: str) -> Mapping[str, Field]:
        """Return built-in and custom fields of a kind."""
        return self.config.fields(kind)

    def notice(self, message: str) -> None:
        """Show a message beside the data. Without a command line, nobody sees it."""

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """Open one snapshot of the book; fetch all you need and leave before you show anything."""
        create = self.may_create
        with opening.snapshot(self.book, create=create, notice=self.notice) as con:
            self._look(con)
            yield con

    def is_shared(self, con: sqlite3.Connection) -> bool:
        """Whether the book may be shared with other machines: it then keeps what they know."""
        return opening.may_be_shared(con)

    def refuse_if_reading_only(self) -> None:
        """Raise `Conflict` if this run may only read, as its environment says."""
        if os.environ.get("ACCTCLI_READ_ONLY"):
            raise Conflict("this run may only read (ACCTCLI_READ_ONLY is set). Nothing was changed")

    def refuse_if_others_never_get_it(self, con: sqlite3.Connection) -> None:
        """Raise `Conflict` if this machine may only read the shared book, and say so if in part."""
        if books := opening.only_read(con):
            from acctcli.store.sync import machine  # most machines may write

            machine.refuse_writing(self.book, books, self.notice)

    @contextmanager
    def write(self, *, keep: bool = True, local: bool = False) -> Iterator[Writing]:
        """Open the transaction of this command; unless `keep`, it is rolled back at the end.

        Raises `Conflict` if this run may only read, or if this machine may only read the shared
        book: what is `local` concerns no other machine.
        """
        self.refuse_if_reading_only()
        from acctcli.store import journal  # reads do not need it

        says = begun = ""
        self.before_begin()
        with journal.writing(
            self.book,
            now=dates.iso(self.clock.now),
            at=dates.iso_exact(self.clock.exact or self.clock.now),
            today=dates.iso(self.clock.today),
            who=self.who,
            typed=self.typed,
            create=self.may_create,
            keep=keep,
            notice=self.notice,
        ) as tx:
            if not local:
                self.refuse_if_others_never_get_it(tx.con)
            self._look(tx.con, writing=True)
            if self.takes_in:
                from acctcli.book.settings import take_in  # once per book

                own, of_book = self.file
                _ = self.config  # errors there are reported with the name of the file
                with tx.ahead() as first:
                    says = first.says = take_in(first, of_book, own)
                self.stored = settings.stored(tx.con)
                self.forget_settings()
            tx.rules = self.rules
            yield tx
            if tx.set_off:
                from acctcli.book import starting  # most books have no playbooks

                today = self.clock.today
                begun = starting.said(starting.start_set_off(tx, today), today)
                tx.says = " ".join(filter(None, (tx.says, begun)))
            if tx.settings_changed:
                # However settings came in, even by an undo, they are checked.
                self.stored = settings.stored(tx.con)
                self.forget_settings()
                settings.strictly(self.stored.rows, self.file[0])
            if keep:
                self.before_commit(tx)
        if keep:
            self.after_commit()
        if begun and keep:
            self.notice(begun)
        if says and keep:
            self.notice(
                f"{says} They are changed there from now on (acct config edit), and can be "
                f"removed from {text.safe(str(paths.config_file()))}"
            )

    def before_begin(self) -> None:
        """Refuse to write, where that would wait for itself. Only a command line has a reason."""

    def before_commit(self, tx: Writing) -> None:
        """Refuse what was written, before it is saved. Only a command line has hooks."""

    def after_commit(self) -> None:
        """Tell others what was saved."""

    def find(self, con: sqlite3.Connection, kind: str, typed: str) -> lookup.Found:
        """Return the one record that `typed` names."""
        return lookup.find(con, kind, typed)

    def find_all(
        self, con: sqlite3.Connection, kind: str, typed: Sequence[str], *, whole: bool = False
    ) -> list[lookup.Found]:
        """Return the named records, each once, in the order of their first names."""
        found: dict[str, lookup.Found] = {}
        for one in typed:
            record = lookup.find(con, kind, one, whole=whole)
            found.setdefault(record.id, record)
        return list(found.values())


def _check_filters(kind: str, words: str) -> object:
    """Refuse words that cannot be filters of a saved list of a kind."""
    from acctcli.book.asked import query_of

    return query_of(kind, words)
