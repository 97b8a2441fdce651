"""The settings in a book: rows of `setting`, and the document they make together.

A row has a setting's dotted name as its key (`today.closing_days`, `rates.EUR`,
`fields.deal.legal_review`) and its value as JSON. Settings that only make sense as a whole are one
row: the stages, the cadence of the tiers. Together the rows are what `configfile` reads, as if they
were in a file.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from acctcli import text
from acctcli.config import BOOK, FILE, Config, home_of
from acctcli.errors import AcctError, Invalid
from acctcli.frozen import Frozen

Rows = tuple[tuple[str, str], ...]
"""Keys and values (JSON), in order."""

Document = dict[str, Any]

_DEPTH = {"cadence": 1, "stages": 1, "fields": 3, "required": 3}
"""How many names make a key, by section; two in all others."""

_SELECT = "SELECT key, value FROM main.setting ORDER BY position, key"
# Compiled on first use: a book without settings does not need it.
_BARE = r"[A-Za-z0-9_-]+"
_PART = rf'({_BARE}|"(?:[^"\\]|\\.)*")(\.|$)'


class StoredSettings(Frozen):
    """A book's settings; `untouched` if no command that knows settings has written to it."""

    rows: Rows = ()
    untouched: bool = True


NOTHING = StoredSettings()
"""The settings of a book that does not exist."""


def stored(con: sqlite3.Connection) -> StoredSettings:
    """Return the settings of a book, by one small query; a second one if it has none."""
    rows = con.execute(_SELECT).fetchall()
    if rows:
        return StoredSettings(tuple((str(key), str(value)) for key, value in rows), False)
    last = con.execute(
        "SELECT version FROM main.command WHERE seq = (SELECT max(seq) FROM main.command)"
    ).fetchone()
    return StoredSettings((), last is None or last[0] is None)


def positions(con: sqlite3.Connection) -> dict[str, int]:
    """Return the place of each setting of a book by its key, in their order."""
    return dict(con.execute("SELECT key, position FROM main.setting ORDER BY position, key"))


def peek(path: Path) -> StoredSettings | None:
    """Read the settings of a book without checks and waits; None if that fails."""
    from urllib.parse import quote

    from acctcli.bookheader import APPLICATION_ID
    from acctcli.store.migrations import LATEST

    if not path.is_file():
        return None  # opening a pipe would wait for a writer
    try:
        con = sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=ro", uri=True, timeout=0)
    except sqlite3.Error:
        return None
    try:
        con.text_factory = text.legible
        con.execute("PRAGMA trusted_schema = OFF")
        for name, wanted in (("application_id", APPLICATION_ID), ("user_version", LATEST)):
            if con.execute(f"PRAGMA {name}").fetchone() != (wanted,):
                return None
        return stored(con)
    except sqlite3.Error:
        return None
    finally:
        con.close()


# Keys and documents


def key_of(*parts: str) -> str:
    """Return the key of a setting; parts that are not bare words are in quotation marks."""
    return ".".join(
        part if re.fullmatch(_BARE, part) else json.dumps(part, ensure_ascii=False)
        for part in parts
    )


def parts_of(key: str) -> tuple[str, ...]:
    """Return the names in a key. Raises `Invalid` for an invalid key."""
    part = re.compile(_PART)
    parts, at = [], 0
    while at < len(key):
        found = part.match(key, at)
        if found is None:
            raise Invalid(f"{text.quoted(key)} is not the name of a setting")
        word = found[1]
        parts.append(_unquoted(word) if word.startswith('"') else word)
        at = found.end()
    if len(parts) != _DEPTH.get(parts[0] if parts else "", 2):
        raise Invalid(f"{text.quoted(key)} is not the name of a setting")
    return tuple(parts)


def is_key(key: str) -> bool:
    """Whether a key is valid: another program may have written it."""
    try:
        parts_of(key)
    except Invalid:
        return False
    return True


def _unquoted(word: str) -> str:
    try:
        return str(json.loads(word))
    except ValueError:
        raise Invalid(f"{word} is not the name of a setting") from None


def rows_of(document: Mapping[str, Any]) -> Rows:
    """Return the rows of a document."""
    return tuple((key_of(*path), _json(value)) for path, value in _leaves(document))


def _leaves(document: Mapping[str, Any]) -> Sequence[tuple[tuple[str, ...], Any]]:
    found: list[tuple[tuple[str, ...], Any]] = []
    for section, content in document.items():
        level: list[tuple[tuple[str, ...], Any]] = [((section,), content)]
        for _ in range(_DEPTH.get(section, 2) - 1):
            level = [
                one
                for path, part in level
                for one in (
                    [((*path, name), value) for name, value in part.items()]
                    if isinstance(part, Mapping)
                    else [(path, part)]
                )
            ]
        found += level
    return found


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=_isoformat)


def _isoformat(value: Any) -> str:
    return str(value.isoformat())  # TOML has a type for days


def document_of(rows: Rows) -> Document:
    """Return the document of rows. Raises `Invalid` for a key or a value that cannot be read."""
    document: Document = {}
    for key, value in rows:
        *above, name = parts_of(key)
        try:
            read = json.loads(value)
        except (ValueError, RecursionError):
            raise Invalid(f"the setting {text.quoted(key)} is not JSON") from None
        place = document
        for part in above:
            place = place.setdefault(part, {})
        place[name] = read
    return document


def split(document: Mapping[str, Any]) -> tuple[Document, Document]:
    """Split the document of a `config.toml` into the person's part and the book's part."""
    own: Document = {}
    of_book: Document = {}
    for section, content in document.items():
        if not isinstance(content, Mapping):
            (own if home_of(section) == FILE else of_book)[section] = content
            continue
        for name, value in content.items():
            home = of_book if home_of(section, name) == BOOK else own
            home.setdefault(section, {})[name] = value
    return own, of_book


# Reading


def strictly(
    rows: Rows, own: Mapping[str, Any], where: str = "settings of the book", *, whole: bool = True
) -> Config:
    """Return the settings in force, with a person's own. Raises `Invalid` for invalid ones."""
    return strictly_document(document_of(rows), own, where, whole=whole)


def strictly_document(
    document: Mapping[str, Any],
    own: Mapping[str, Any],
    where: str = "settings of the book",
    *,
    whole: bool = True,
) -> Config:
    """Return the settings of a document that is not saved yet. Raises `Invalid`.

    Unless `whole`, playbooks stay unread, which a command that only reads does not need.
    """
    from acctcli.configfile import from_document

    for section, content in document.items():
        for name in content if isinstance(content, Mapping) else ():
            if home_of(section, name) == FILE:
                raise Invalid(
                    f"{where}: {section}.{name} is a setting of yours and not of the book. "
                    f"Set it with: acct config set {section}.{name}"
                )
    config = from_document(merged(own, document), where)
    if whole and config.playbook_settings:
        from acctcli.configplaybooks import playbooks

        playbooks(config, where)
    return config


def leniently(
    rows: Rows, own: Mapping[str, Any], *, whole: bool = True
) -> tuple[Config, dict[str, str]]:
    """Return the settings in force without invalid ones; those come with the reason, by key.

    Another program may have written anything, and a sync may bring one of two settings that depend
    on each other: neither may make the book unreadable. `whole` is that of `strictly_document`.
    """
    try:
        return strictly(rows, own, whole=whole), {}
    except AcctError:
        pass
    kept: list[tuple[str, str]] = []
    wrong: dict[str, str] = {}
    config = strictly((), own)
    # What others depend on comes first: tiers before the required fields of a tier.
    for row in sorted(rows, key=lambda row: row[0].startswith(_DEPENDENT)):
        try:
            config = strictly((*kept, row), own, whole=whole)
            kept.append(row)
        except AcctError as error:
            wrong[row[0]] = error.message
    return config, wrong


_DEPENDENT = ("required", "icp", "score", "playbook")
"""The beginnings of keys whose settings refer to tiers, stages, fields or currencies."""


def merged(own: Mapping[str, Any], of_book: Mapping[str, Any]) -> Document:
    """Return the document that `split` takes apart."""
    merged: Document = dict(own)
    for section, content in of_book.items():
        beside = own.get(section)
        merged[section] = {**beside, **content} if isinstance(beside, Mapping) else content
    return merged
