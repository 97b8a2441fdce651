"""What the tests of typed dates share: a reference day, days, nonsense, and time zones."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import TypeVar
from unittest import mock

import pytest
from hypothesis import strategies as st

from acctcli.errors import UsageError
from acctcli.values.dates import Clock

T = TypeVar("T")

SUNDAY = date(2026, 11, 22)
NOON = Clock(SUNDAY, datetime(2026, 11, 22, 12, tzinfo=UTC))

days = st.dates(date(1900, 1, 1), date(2999, 12, 31))
todays = st.dates(date(1971, 1, 1), date(2900, 12, 31))
# Nonsense in every script, and nonsense made of parts of dates.
pieces = [
    *(" ", "0", "1", "2", "12", "29", "31", "99", "2026", "0000", "9999", "999999", "+", "-", "/"),
    *(".", "..", ":", ",", ";", "T", "d", "w", "m", "y", "h", "am", "pm", "z", "ago", "in", "at"),
    *("now", "today", "eom", "fri", "friday", "next", "last", "this", "Feb", "Nov", "Q4", "week"),
    *("quarter", "FREQ=", "DAILY", "BYDAY=", "1MO", "BYMONTH="),
]
anything = st.text() | st.lists(st.sampled_from(pieces)).map("".join)


def read_or_refused(read: Callable[..., T], begins: str, *arguments: object) -> T | None:
    """Return what is read, or None if it is refused as it should be; other errors fail the test."""
    try:
        return read(*arguments)
    except UsageError as error:
        message = error.message
    assert message.startswith(begins)
    return None


@contextmanager
def zone(name: str) -> Iterator[None]:
    """Use another time zone, where the machine can."""
    if not hasattr(time, "tzset"):
        pytest.skip("the zone of this machine cannot be changed")
    try:
        with mock.patch.dict(os.environ, TZ=name):
            time.tzset()
            yield
    finally:
        time.tzset()
