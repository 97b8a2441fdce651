"""The merge of cells alone, without a book: the same changes in any order give the same cells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from acctcli.store.sync.cells import (
    NEW,
    REST,
    THERE,
    CellChange,
    RowCells,
    Version,
    as_changes,
    take,
)

COLUMNS = ("amount", "currency", "city", "name")
MONEY = ("amount", "currency")
GROUPS = dict.fromkeys(MONEY, MONEY)
DEVICES = ("aaaa0001", "bbbb0002", "cccc0003")
VALUES = (None, "", 0, 5, 2_000, "EUR", "USD", "Oslo", "é")


class Device:
    """A machine with one row, which edits it and takes in what others changed."""

    def __init__(self, id: str) -> None:
        self.id = id
        self.row = RowCells("row", "deal")
        self.copy: list[CellChange] = []

    def edit(self, at: int, cells: dict[str, Any]) -> CellChange:
        """Set cells as a command does: later than what they replace, whatever the clock says."""
        new = not self.row.values
        if not new and any(column in cells for column in MONEY):
            cells = {**{column: self.row.values.get(column) for column in MONEY}, **cells}
        known = {column: self.row.version(column) for column in cells}
        replaced: dict[str, Any] = {
            column: version for column, version in known.items() if version and not new
        }
        if cells.get(THERE) == 0:
            replaced[REST] = self.row.latest()
        stamp = max([at, *(version[0] + 1 for version in replaced.values())])
        change = CellChange("deal", "row", stamp, self.id, cells, NEW if new else replaced, 1)
        self.take(change)
        return change

    def take(self, change: CellChange) -> None:
        take(self.row, change, GROUPS, COLUMNS)


edits = st.dictionaries(st.sampled_from(COLUMNS), st.sampled_from(VALUES), min_size=1)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("edit"), st.sampled_from(DEVICES), st.integers(1, 6), edits),
        st.tuples(st.just("there"), st.sampled_from(DEVICES), st.integers(1, 6), st.booleans()),
        st.tuples(
            st.just("take"), st.sampled_from(DEVICES), st.sampled_from(DEVICES), st.booleans()
        ),
        st.tuples(st.just("copy"), st.sampled_from(DEVICES), st.just(0), st.just(None)),
        st.tuples(st.just("restore"), st.sampled_from(DEVICES), st.just(0), st.just(None)),
    ),
    max_size=14,
)
"""What happens: a machine edits, deletes or brings back, takes in all that another one wrote, keeps
a copy of its book, or goes back to it. Clocks are anything."""


def written(happened: Sequence[tuple[Any, ...]]) -> list[CellChange]:
    """Return the changes that the machines write."""
    devices = {id: Device(id) for id in DEVICES}
    wrote: dict[str, list[CellChange]] = {id: [] for id in DEVICES}
    blank = dict.fromkeys(COLUMNS)
    wrote[DEVICES[0]].append(devices[DEVICES[0]].edit(1, {**blank, "name": "Acme", THERE: 1}))
    for id in DEVICES[1:]:
        devices[id].take(wrote[DEVICES[0]][0])
    for what, id, more, cells in happened:
        device = devices[id]
        if what == "edit":
            wrote[id].append(device.edit(more, dict(cells)))
        elif what == "there":
            wrote[id].append(device.edit(more, {THERE: int(cells)}))
        elif what == "take":
            for change in wrote[more]:
                device.take(change)
        elif what == "copy":
            device.copy = as_changes(device.row)
        elif device.copy:
            device.row = RowCells("row", "deal")
            for change in device.copy:
                device.take(change)
    return [change for changes in wrote.values() for change in changes]


def merged(changes: Sequence[CellChange]) -> dict[str, tuple[Any, Version | None]]:
    """Return each cell with its version, after these changes in this order."""
    row = RowCells("row", "deal")
    for change in changes:
        take(row, change, GROUPS, COLUMNS)
        row.settle_base()
    return {column: (value, row.version(column)) for column, value in row.values.items()}


@given(steps, st.randoms(use_true_random=False))
def test_any_order_gives_the_same_cells(happened: list[tuple[Any, ...]], chance: Any) -> None:
    changes = written(happened)
    expected = merged(changes)
    for _ in range(4):
        order = [*changes, *chance.sample(changes, k=len(changes) // 2)]  # some come twice
        chance.shuffle(order)
        assert merged(order) == expected


@given(steps, st.randoms(use_true_random=False))
def test_what_says_one_thing_comes_from_one_command(
    happened: list[tuple[Any, ...]], chance: Any
) -> None:
    changes = written(happened)
    chance.shuffle(changes)
    cells = merged(changes)
    (amount, of_amount), (currency, of_currency) = cells["amount"], cells["currency"]
    assert of_amount == of_currency
    assert (amount, currency) in {
        (change.cells["amount"], change.cells["currency"])
        for change in changes
        if "amount" in change.cells
    }


@given(steps)
def test_a_row_that_is_passed_on_as_it_stands_is_the_same_row(
    happened: list[tuple[Any, ...]],
) -> None:
    row = RowCells("row", "deal")
    for change in written(happened):
        take(row, change, GROUPS, COLUMNS)
    cells = {column: (value, row.version(column)) for column, value in row.values.items()}
    assert merged(as_changes(row)) == cells


@given(steps)
def test_an_edit_that_saw_another_beats_it(happened: list[tuple[Any, ...]]) -> None:
    changes = written(happened)
    device = Device(DEVICES[1])
    for change in changes:
        device.take(change)
    last = device.edit(0, {"city": "Ulm"})
    assert merged([last, *changes])["city"][0] == "Ulm"


def test_of_one_version_with_two_values_a_group_is_taken_as_a_whole() -> None:
    """A book that was restored may set other values in the same version."""
    one = CellChange("deal", "row", 5, DEVICES[0], {"amount": 5, "currency": "AED"}, {}, 1)
    other = one._replace(cells={"amount": 2_000, "currency": "EUR"})
    for order in ([one, other], [other, one], [one, other, one]):
        cells = merged(order)
        assert (cells["amount"][0], cells["currency"][0]) == (5, "AED")
