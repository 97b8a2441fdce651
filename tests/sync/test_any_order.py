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
RECORD, FACT = "01a21f99-dca6-7989-a560-e7119ca77e1f", "14e561c4-ee7c-59cb-9cf5-630e8e8b59af"
"""The id of a row that one machine makes, and of one that any machine may make."""

VALUES = (None, "", 0, 5, 2_000, "EUR", "USD", "Oslo", "é")


class Device:
    """A machine with one row, which edits it and takes in what others changed."""

    def __init__(self, id: str, row: str) -> None:
        self.id = id
        self.row = RowCells(row, "deal")
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
        if new:
            cells = {column: value for column, value in cells.items() if value is not None}
        row = self.row.id
        change = CellChange("deal", row, stamp, self.id, cells, NEW if new else replaced, 1)
        self.take(change)
        return change

    def take(self, change: CellChange) -> None:
        take(self.row, change, GROUPS, COLUMNS)


edits = st.dictionaries(st.sampled_from(COLUMNS), st.sampled_from(VALUES), min_size=1)
news = st.one_of(
    st.just([{"name": "Acme"}]),
    st.lists(st.dictionaries(st.sampled_from(COLUMNS), st.sampled_from(VALUES)), min_size=2),
)
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


def written(
    happened: Sequence[tuple[Any, ...]], made: Sequence[dict[str, Any]] = ({"name": "Acme"},)
) -> list[CellChange]:
    """Return the changes that the machines write. `made` has the row as each first made it.

    Of a row that one machine made, the others know before they do anything.
    """
    id_of_row = FACT if len(made) > 1 else RECORD
    devices = {id: Device(id, id_of_row) for id in DEVICES}
    wrote: dict[str, list[CellChange]] = {id: [] for id in DEVICES}
    for at, (id, cells) in enumerate(zip(DEVICES, made, strict=False), 1):
        wrote[id].append(devices[id].edit(at, {**cells, THERE: 1}))
    for id in DEVICES[len(made) :]:
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
            device.row = RowCells(id_of_row, "deal")
            for change in device.copy:
                device.take(change)
    return [change for changes in wrote.values() for change in changes]


def merged(changes: Sequence[CellChange]) -> dict[str, tuple[Any, Version | None]]:
    """Return each cell with its version, after these changes in this order."""
    row = RowCells(changes[0].id, "deal")
    for change in changes:
        take(row, change, GROUPS, COLUMNS)
        row.settle_base()
    return {column: (value, row.version(column)) for column, value in row.values.items()}


@given(steps, news, st.randoms(use_true_random=False))
def test_any_order_gives_the_same_cells(
    happened: list[tuple[Any, ...]], made: list[dict[str, Any]], chance: Any
) -> None:
    changes = written(happened, made)
    expected = merged(changes)
    for _ in range(4):
        order = [*changes, *chance.sample(changes, k=len(changes) // 2)]  # some come twice
        chance.shuffle(order)
        assert merged(order) == expected


@given(steps, news, st.randoms(use_true_random=False))
def test_what_says_one_thing_comes_from_one_command(
    happened: list[tuple[Any, ...]], made: list[dict[str, Any]], chance: Any
) -> None:
    changes = written(happened, made)
    chance.shuffle(changes)
    cells = merged(changes)
    (amount, of_amount), (currency, of_currency) = cells["amount"], cells["currency"]
    assert of_amount == of_currency
    assert (amount, currency) in {
        (change.cells.get("amount"), change.cells.get("currency"))
        for change in changes
        if change.replaced == NEW or "amount" in change.cells
    }


@given(steps, news)
def test_a_row_that_is_passed_on_as_it_stands_is_the_same_row(
    happened: list[tuple[Any, ...]], made: list[dict[str, Any]]
) -> None:
    changes = written(happened, made)
    row = RowCells(changes[0].id, "deal")
    for change in changes:
        take(row, change, GROUPS, COLUMNS)
    cells = {column: (value, row.version(column)) for column, value in row.values.items()}
    assert merged(as_changes(row)) == cells


@given(steps)
def test_an_edit_that_saw_another_beats_it(happened: list[tuple[Any, ...]]) -> None:
    changes = written(happened)
    device = Device(DEVICES[1], RECORD)
    for change in changes:
        device.take(change)
    last = device.edit(0, {"city": "Ulm"})
    assert merged([last, *changes])["city"][0] == "Ulm"


def test_of_one_version_with_two_values_a_group_is_taken_as_a_whole() -> None:
    """A book that was restored may set other values in the same version."""
    one = CellChange("deal", RECORD, 5, DEVICES[0], {"amount": 5, "currency": "AED"}, {}, 1)
    other = one._replace(cells={"amount": 2_000, "currency": "EUR"})
    for order in ([one, other], [other, one], [one, other, one]):
        cells = merged(order)
        assert (cells["amount"][0], cells["currency"][0]) == (5, "AED")


def test_a_row_that_two_machines_made_has_what_both_said() -> None:
    ann = CellChange("plan", FACT, 5, DEVICES[0], {"name": "n", "city": "Oslo", THERE: 1}, NEW, 1)
    ben = CellChange("plan", FACT, 9, DEVICES[1], {"name": "m", "amount": 5, THERE: 1}, NEW, 1)
    for order in ([ann, ben], [ben, ann]):
        row = RowCells(FACT, "plan")
        clashes = [clash for change in order for clash in take(row, change, {}, COLUMNS)]
        assert row.values == {**dict.fromkeys(COLUMNS), **ann.cells, **ben.cells}
        assert [(clash.won, clash.lost) for clash in clashes] == [({"name": "m"}, {"name": "n"})]
