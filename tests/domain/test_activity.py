"""Activity: every interaction counts once in each breakdown; coverage follows the cadence."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from acctcli.domain.activity import (
    Contacted,
    Count,
    Covered,
    by_kind,
    by_owner,
    coverage,
    monday,
    total,
    weeks,
)
from acctcli.model import LOG_KINDS

DAY = date(2026, 11, 22)  # a Sunday
WEEKS = weeks(date(2026, 9, 1), DAY)
CADENCE = {"strategic": 14, "smb": 60}

counts = st.lists(
    st.builds(
        lambda *values: Count._make(values),
        st.sampled_from(WEEKS),
        st.sampled_from(LOG_KINDS),
        st.booleans(),
        st.none() | st.sampled_from(["Kim", "Lee"]),
        st.sampled_from(["a", "b", "c"]),
        st.integers(1, 9),
        st.integers(0, 90),
    ),
    max_size=30,
)


def test_weeks_begin_on_monday() -> None:
    assert monday(DAY) == date(2026, 11, 16)
    assert monday(date(2026, 11, 16)) == date(2026, 11, 16)
    assert weeks(date(2026, 11, 15), date(2026, 11, 16)) == [date(2026, 11, 9), date(2026, 11, 16)]


@given(st.dates(), st.integers(0, 400))
def test_every_day_is_in_one_week(start: date, length: int) -> None:
    try:
        end = start + timedelta(days=length)
        found = weeks(start, end)
    except OverflowError:
        return
    assert found[0] <= start
    assert found[-1] <= end
    assert (end - found[-1]).days < 7
    assert all(b - a == timedelta(days=7) for a, b in pairwise(found))


@given(counts)
def test_every_breakdown_has_all_of_it(rows: list[Count]) -> None:
    whole = total(rows, WEEKS)
    assert whole.count == sum(row.times for row in rows)
    assert sum(whole.by_week) == whole.count
    for lines in (by_kind(rows, WEEKS), by_owner(rows, WEEKS)):
        assert sum(line.count for line in lines) == whole.count
        assert sum(line.two_way for line in lines) == whole.two_way
        assert sum(line.minutes for line in lines) == whole.minutes
        assert [sum(week) for week in zip(*(line.by_week for line in lines), strict=True)] == (
            list(whole.by_week) if lines else []
        )
        assert all(line.accounts <= whole.accounts <= 3 for line in lines)


@given(counts)
def test_lines_come_in_an_order_that_stays(rows: list[Count]) -> None:
    kinds = [line.name for line in by_kind(rows, WEEKS)]
    assert kinds == sorted(kinds, key=lambda kind: LOG_KINDS.index(kind or ""))
    owners = by_owner(rows, WEEKS)
    assert [line.name for line in owners].count(None) <= 1
    assert all(line.name for line in owners[:-1])


def contacted(tier: str | None, days: int | None, own: int | None = None) -> Contacted:
    touch = None if days is None else DAY - timedelta(days=days)
    return Contacted("a", tier, own, touch)


def test_covered_is_who_was_reached_within_the_cadence() -> None:
    lines, without = coverage(
        [
            contacted("smb", 60),
            contacted("smb", 61),
            contacted("smb", None),
            contacted("strategic", 14),
            contacted("strategic", 20, own=21),
            contacted("strategic", 20),
            contacted("smb", 500, own=0),  # has no cadence, as its seller decided
            contacted(None, 1),
            contacted(None, 1, own=7),
        ],
        CADENCE,
        DAY,
    )
    assert lines == [
        Covered("strategic", 3, 2, 1, 0),
        Covered("smb", 3, 1, 1, 1),
        Covered(None, 1, 1, 0, 0),
    ]
    assert [line.share for line in lines] == [None, None, None]  # of so few
    lines, _ = coverage([contacted("smb", 1) for _ in range(5)], CADENCE, DAY)
    assert [line.share for line in lines] == [100.0]
    assert without == 2


touches = st.none() | st.integers(0, 200)
accounts = st.lists(
    st.builds(
        contacted, st.none() | st.sampled_from(list(CADENCE)), touches, st.none() | st.just(7)
    ),
    max_size=20,
)


@given(accounts, st.data())
def test_one_more_touch_never_lowers_a_share(known: list[Contacted], data: st.DataObject) -> None:
    if not known:
        return
    place = data.draw(st.integers(0, len(known) - 1))
    touched = [*known]
    touched[place] = Contacted(*known[place][:3], DAY)
    before, without = coverage(known, CADENCE, DAY)
    after, still_without = coverage(touched, CADENCE, DAY)
    assert without == still_without
    shares = {line.tier: line.share for line in before}
    assert all((line.share or 0) >= (shares[line.tier] or 0) for line in after)
    assert all(line.touched + line.late + line.never == line.accounts for line in after)
