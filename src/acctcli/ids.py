"""Ids: UUIDv7 for records that are entered, uuid5 for facts that identify themselves.

A record's id sorts by the time it was made and ends in random digits, so people type its tail. A
row that only states a fact (this account has that tag) has an id made from the fact, so that the
same fact entered on two machines is one row. Nothing here reads a database.
"""

from __future__ import annotations

import os
import re
import time
from uuid import UUID, uuid5

_FACTS = UUID("5a1f3f0e-6c1d-5b8a-9a57-0d6f5f1c9e42")

_FORM = r"[0-9a-f]{8}-[0-9a-f]{4}-[57][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"

_last_stamp = 0


def random_bytes(count: int) -> bytes:
    """Return random bytes; documentation and tests replace it to get the same ids each time."""
    return os.urandom(count)


def new_id() -> str:
    """Return a new UUIDv7 (RFC 9562, method 3): ids of one process sort in order.

    The 12 bits after the milliseconds count fractions of one, so that a bulk import keeps its order
    too.
    """
    global _last_stamp
    stamp = time.time_ns() * 4096 // 1_000_000
    _last_stamp = stamp = max(stamp, _last_stamp + 1)
    tail = int.from_bytes(random_bytes(8), "big") & 0x3FFF_FFFF_FFFF_FFFF
    number = ((stamp >> 12) << 80) | (0x7 << 76) | ((stamp & 0xFFF) << 64) | (0x2 << 62) | tail
    digits = f"{number:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def is_id(typed: str) -> bool:
    """Whether a text has the form of a whole id."""
    return re.fullmatch(_FORM, typed) is not None


def fact_id(*parts: str) -> str:
    """Return the id of a row that only states a fact, made from that fact."""
    return str(uuid5(_FACTS, "\x1f".join(parts)))


def is_account_number(typed: str) -> bool:
    """Whether a text is the number of an account, in any case: A-0001, b-0012.

    Only letters that machines really have: 702 of them come before AAA, and companies are called
    ISO-9001 or Tech-2000.
    """
    return re.fullmatch("[A-Z]{1,2}-[0-9]{4,}", typed.upper(), re.ASCII) is not None
