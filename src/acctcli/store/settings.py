"""The settings that a book holds: rows of `setting`, and the document that they make together.

A row has the dotted name of a setting as its key (`today.closing_days`, `rates.EUR`,
`fields.deal.legal_review`) and its value as JSON. What only makes sense as a whole is one
row: the stages, the cadence of the tiers. Together the rows are what `configfile` reads,
as if they stood in a file.
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
"""Keys and values (JSON) in their order."""

Document = dict[str, Any]

_DEPTH = {"cadence": 1, "stages": 1, "fields": 3, "required": 3}
"""How many names make a key; of every other section, two."""

_SELECT = "SELECT key, value FROM main.setting ORDER BY position, key"
# Compiled by who needs them: a book without settings does not.
_BARE = r"[A-Za-z0-9_-]+"
_PART = rf'({_BARE}|"(?:[^"\\]|\\.)*")(\.|$)'


class StoredSettings(Frozen):
    """What a book holds of settings; `untouched` if no command that knows settings wrote to it."""

    rows: Rows = ()
    untouched: bool = True


NOTHING = StoredSettings()
"""What a book that is not there holds."""


def stored(con: sqlite3.Connection) -> StoredSettings:
    """The settings of a book, by one small query; a second one where there are none."""
    rows = con.execute(_SELECT).fetchall()
    if rows:
        return StoredSettings(tuple((str(key), str(value)) for key, value in rows), False)
    last = con.execute(
        "SELECT version FROM main.command WHERE seq = (SELECT max(seq) FROM main.command)"
    ).fetchone()
    return StoredSettings((), last is None or last[0] is None)


def peek(path: Path) -> StoredSettings | None:
    """The same of a book that is only looked at, without checks and waits; None if it cannot be."""
    from urllib.parse import quote

    from acctcli.store.migrations import APPLICATION_ID, LATEST

    if not path.is_file():
        return None  # a pipe would have us wait for whoever writes into it
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
    """The key of a setting; a part that is not a bare word stands in quotation marks."""
    return ".".join(
        part if re.fullmatch(_BARE, part) else json.dumps(part, ensure_ascii=False)
        for part in parts
    )


def parts_of(key: str) -> tuple[str, ...]:
    """The names that make a key. Raises `Invalid` for what is none."""
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
    """Whether a key is one: another program may have written it."""
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
    """The rows that a document is kept as."""
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
    return str(value.isoformat())  # TOML has days of its own


def document_of(rows: Rows) -> Document:
    """The document that rows make. Raises `Invalid` for a key or a value that cannot be read."""
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
    """What of the document of a `config.toml` is the person's, and what is the book's."""
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


def strictly(rows: Rows, own: Mapping[str, Any], where: str = "settings of the book") -> Config:
    """The settings in force, with a person's own. Raises `Invalid` for what cannot be."""
    return strictly_document(document_of(rows), own, where)


def strictly_document(
    document: Mapping[str, Any], own: Mapping[str, Any], where: str = "settings of the book"
) -> Config:
    """The same of a document that is not kept yet."""
    from acctcli.configfile import from_document

    for section, content in document.items():
        for name in content if isinstance(content, Mapping) else ():
            if home_of(section, name) == FILE:
                raise Invalid(
                    f"{where}: {section}.{name} is a setting of yours and not of the book. "
                    f"Set it with: acct config set {section}.{name}"
                )
    return from_document(merged(own, document), where)


def leniently(rows: Rows, own: Mapping[str, Any]) -> tuple[Config, dict[str, str]]:
    """The settings in force without those that cannot be read: these, and why, by key.

    Another program may have written anything, and of two settings that rest on each other
    a sync may bring one alone: nothing of that may keep the book from being read.
    """
    try:
        return strictly(rows, own), {}
    except AcctError:
        pass
    kept: list[tuple[str, str]] = []
    wrong: dict[str, str] = {}
    config = strictly((), own)
    # What others rest on comes first: tiers before what is required of a tier.
    for row in sorted(rows, key=lambda row: row[0].startswith(("required", "icp", "score"))):
        try:
            config = strictly((*kept, row), own)
            kept.append(row)
        except AcctError as error:
            wrong[row[0]] = error.message
    return config, wrong


def merged(own: Mapping[str, Any], of_book: Mapping[str, Any]) -> Document:
    """One document of both halves of what `split` takes apart."""
    merged: Document = dict(own)
    for section, content in of_book.items():
        beside = own.get(section)
        merged[section] = {**beside, **content} if isinstance(beside, Mapping) else content
    return merged
