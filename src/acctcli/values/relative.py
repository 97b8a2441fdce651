"""Edits relative to the stored value: `--amount +5k`, `--close +2w`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from acctcli.errors import Invalid
from acctcli.model import Field
from acctcli.values.dates import iso, parse_iso_day


def amount(
    field: Field, stands: Mapping[str, Any], typed: str, minor: int, currency: str, what: str
) -> int:
    """Return the stored amount plus `minor` if it was typed with a `+`, else `minor`.

    Only `+` means an addition: `-5k` is an amount below zero everywhere else. Raises `Invalid` if
    the two have different currencies.
    """
    old, own = stands.get(field.name), stands.get("currency")
    if not re.search(r"^[^0-9]*\+", typed) or not isinstance(old, int):
        return minor
    if own != currency:
        raise Invalid(f"{what} is in {currency}, but the current amount is in {own}")
    return old + minor


def day(stands: str | None, typed: str, what: str) -> str:
    """Return the stored day moved by a signed distance, `+2w`; other text as it is."""
    if stands is None or not re.fullmatch(r" *[+-] ?[0-9].*", typed):
        return typed
    from acctcli.values.typed_dates import moved_by

    moved = moved_by(parse_iso_day(stands), typed, what)
    return typed if moved is None else iso(moved)
