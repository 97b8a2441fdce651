from __future__ import annotations

from typing import Any

from acctcli.store.sync.cells import (
    ERASED,
    FIRST,
    INTO,
    NEW,
    THERE,
    CellChange,
    RowCells,
    as_changes,
    take,
)

ANN, BEN = "0000000a", "0000000b"
MONEY = dict.fromkeys(("amount", "currency"), ("amount", "currency"))


def change(
    at: int, device: str, cells: dict[str, Any], replaced: Any = None, command: int | None = 1
) -> CellChange:
    return CellChange("deal", "d", at, device, cells, replaced or {}, command)


def row(*changes: CellChange) -> RowCells:
    made = RowCells("d", "deal")
    for one in changes:
        take(made, one, MONEY, ("amount", "currency", "title"))
    return made


NEW_DEAL = change(10, ANN, {THERE: 1, "title": "Licence"}, NEW)


def test_a_new_row_is_empty_where_it_says_nothing() -> None:
    made = row(NEW_DEAL)
    assert made.values == {THERE: 1, "title": "Licence", "amount": None, "currency": None}
    assert made.version("amount") == (10, ANN)


def test_the_greater_version_wins_in_any_order() -> None:
    first = change(20, ANN, {"title": "early"})
    last = change(21, BEN, {"title": "late"})
    assert row(NEW_DEAL, first, last).values == row(NEW_DEAL, last, first).values
    assert row(NEW_DEAL, last, first).values["title"] == "late"


def test_an_edit_that_saw_the_other_is_no_conflict() -> None:
    made = row(NEW_DEAL, change(20, ANN, {"title": "early"}))
    seen = change(21, BEN, {"title": "late"}, {"title": [20, ANN]})
    assert take(made, seen, {}) == []
    unseen = change(22, BEN, {"title": "later"}, {"title": [10, ANN]})
    (clash,) = take(made, unseen, {})
    assert (clash.why, clash.won, clash.lost) == ("both", {"title": "later"}, {"title": "late"})
    assert (clash.won_version, clash.lost_version) == ((22, BEN), (21, BEN))


def test_a_conflict_names_cells_that_say_one_thing_as_one() -> None:
    made = row(NEW_DEAL, change(20, ANN, {"amount": 5, "currency": "EUR"}))
    (clash,) = take(made, change(19, BEN, {"amount": 2, "currency": "USD"}), MONEY)
    assert clash.won == {"amount": 5, "currency": "EUR"}
    assert clash.lost == {"amount": 2, "currency": "USD"}


def test_an_edit_of_a_row_deleted_meanwhile_is_told_on_both_sides() -> None:
    there = row(NEW_DEAL, change(20, BEN, {"title": "edited"}, {"title": [10, ANN]}))
    deletion = change(30, ANN, {THERE: 0}, {"*": [10, ANN]})
    (clash,) = take(there, deletion, {})
    assert (clash.why, clash.won, clash.lost) == ("deleted", {THERE: 0}, {"title": "edited"})
    here = row(NEW_DEAL, deletion)
    edit = change(20, BEN, {"title": "edited"}, {"title": [10, ANN]})
    (told,) = take(here, edit, {})
    assert (told.why, told.lost) == ("deleted", {"title": "edited"})
    assert here.values == there.values


def test_a_deletion_that_saw_everything_is_no_conflict() -> None:
    made = row(NEW_DEAL, change(20, BEN, {"title": "edited"}))
    assert take(made, change(30, ANN, {THERE: 0}, {"*": [10, ANN], "title": [20, BEN]}), {}) == []


def test_nothing_of_an_erased_person_comes_back() -> None:
    made = row(NEW_DEAL, change(20, ANN, {ERASED: 1}, command=None))
    take(made, change(99, BEN, {"title": "Mei Tan"}), {})
    assert made.values == {ERASED: 1}
    assert [one.cells for one in as_changes(made)] == [{ERASED: 1}]


def test_a_row_as_it_stands_is_the_same_elsewhere() -> None:
    made = row(NEW_DEAL, change(20, BEN, {"title": "edited"}), change(15, ANN, {"amount": 1}))
    again = row(*reversed(as_changes(made)))
    assert again.values == made.values
    assert {c: again.version(c) for c in again.values} == {c: made.version(c) for c in made.values}


def test_the_commonest_version_is_kept_once() -> None:
    made = row(NEW_DEAL)
    for name in ("a", "b", "c", "d", "e"):
        made.set(name, 1, (50, BEN))
    made.settle_base()
    assert made.all_versions()["*"] == (50, BEN)
    assert made.version("title") == (10, ANN)
    assert made.latest() == (50, BEN)
    assert RowCells("x", "deal").latest() == FIRST


def test_of_an_erased_row_only_whom_it_was_merged_into_is_known() -> None:
    erased = change(20, ANN, {ERASED: 1}, command=None)
    merged = change(30, BEN, {THERE: 0, INTO: "e"}, {"*": (10, ANN)})
    for made in (row(NEW_DEAL, erased, merged), row(NEW_DEAL, merged, erased)):
        assert made.values == {ERASED: 1, INTO: "e"}
        take(made, change(40, BEN, {THERE: 1, "title": "Again"}), MONEY)
        assert made.values == {ERASED: 1}
