"""Change the settings of a book, as rows, completely or not at all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from acctcli import ids, text
from acctcli.store import records
from acctcli.store.settings import (
    Rows,
    parts_of,
    positions,
    rows_of,
    stored,
    strictly,
    strictly_document,
)

if TYPE_CHECKING:
    from acctcli.config import Config
    from acctcli.store.journal import Writing

_ORDERED = ("fields", "icp")
"""Sections whose order matters: in columns, and in the reasons of a fit."""


def replace(tx: Writing, new: Rows, own: Mapping[str, Any]) -> list[str]:
    """Replace the settings of the book; return the keys that changed.

    `own` is the content of the person's file. Raises `Invalid` for invalid settings.
    """
    new = _with_currency(new, own)
    before = dict(stored(tx.con).rows)
    after = dict(new)
    for key in before.keys() - after.keys():
        records.delete(tx, "setting", _id(key))
    # A key that is only added leaves the other rows alone.
    kept = [key for key in before if key in after]
    renumbered = _order([*kept, *(key for key in after if key not in before)]) != _order(after)
    places: dict[str, int] = {} if renumbered else positions(tx.con)
    changed = [key for key in before if key not in after]
    for key, value in new:
        place = places.setdefault(key, max(places.values(), default=-1) + 1)
        if key not in before:
            values = {"key": key, "value": value, "position": place}
            records.insert(tx, "setting", values, typed=False)
        elif not records.update(
            tx, "setting", _id(key), {"value": value, "position": place}, typed=False
        ):
            continue
        changed.append(key)
    return changed


def take_in(tx: Writing, of_book: Mapping[str, Any], own: Mapping[str, Any]) -> str:
    """Take the book's settings out of a `config.toml` into the book; return a sentence."""
    config = strictly_document(of_book, own)
    rows = [
        (key, value)
        for key, value in rows_of(of_book)
        # A field that acct has itself by now is no longer a custom field.
        if not key.startswith("fields.") or _is_own(config, key)
    ]
    replace(tx, tuple(rows), own)
    sections = text.sentence_list([f"[{section}]" for section in of_book], len(of_book))
    return f"Took {sections} from config.toml into the book."


def _is_own(config: Config, key: str) -> bool:
    _, kind, name = parts_of(key)
    return name in config.custom.get(kind, {})


def said(tx: Writing, before: Rows, changed: list[str]) -> str:
    """Return the sentence for the history about a change of settings."""
    if len(changed) != 1:
        return f"Changed settings: {text.sentence_list(changed, 5)}."
    key = changed[0]
    old, new = (dict(rows).get(key) for rows in (before, stored(tx.con).rows))
    if new is None:
        return f"Setting {key} {_short(old)} taken out."
    if old is None:
        return f"Setting {key} set to {_short(new)}."
    was, is_ = json.loads(old), json.loads(new)
    if isinstance(was, dict) and isinstance(is_, dict):
        names = [n for n in {**was, **is_} if was.get(n) != is_.get(n)]
        said = [f"{n} {_item(was, n)} → {_item(is_, n)}" for n in names]
        return f"Setting {key}: {text.safe(text.sentence_list(said, 5)) or 'order changed'}."
    return f"Setting {key} {_short(old)} → {_short(new)}."


def _item(content: Mapping[str, Any], name: str) -> str:
    return _short(json.dumps(content[name], ensure_ascii=False)) if name in content else "none"


def _short(value: str | None) -> str:
    return text.clip(text.safe(value or ""), 60)


def _id(key: str) -> str:
    return ids.fact_id("setting", key)


def _order(keys: Mapping[str, Any] | list[str]) -> list[list[str]]:
    """Return the keys of each section whose order matters."""
    return [[key for key in keys if key.startswith(f"{section}.")] for section in _ORDERED]


def _with_currency(rows: Rows, own: Mapping[str, Any]) -> Rows:
    """Return the rows with a currency for their amounts, where the person's own would apply.

    Otherwise a colleague with another currency would be measured by other bounds.
    """
    config = strictly(rows, own)
    if config["rates.base"] or config["book.currency"]:
        return rows
    names = {parts_of(key) for key, _ in rows}
    in_quota = any(name[0] == "quota" for name in names) and ("quota", "currency") not in names
    if not (in_quota or ("rfm", "monetary") in names or any(one.currency for one in config.icp)):
        return rows
    return (*rows, ("book.currency", json.dumps(config["me.currency"])))
