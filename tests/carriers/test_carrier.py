"""What holds for every carrier."""

from __future__ import annotations

import string
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from tests.carriers.conftest import Another

from acctcli.carriers import carrier as names
from acctcli.carriers.carrier import Carrier, Taken
from acctcli.errors import Conflict, Invalid, NotFound

ANN, BOB, CAT = "aaaa0001", "bbbb0002", "cccc0003"


def fetched(carrier: Carrier, **seen: int) -> dict[str, list[int]]:
    """The numbers of the files that come after `seen`, by device."""
    got: dict[str, list[int]] = {}
    for device, n, blob in carrier.fetch("west", seen):
        assert blob == content(device, n)
        got.setdefault(device, []).append(n)
    return got


def content(device: str, n: int) -> bytes:
    return f"file {n} of {device}".encode()


def put(carrier: Carrier, device: str, *numbers: int, whole: bool = False) -> None:
    for n in numbers:
        carrier.put("west", device, n, content(device, n), whole=whole)


def test_files_come_back_as_they_were_put(carrier: Carrier, another: Another) -> None:
    put(carrier, ANN, 1, 2, 3)
    put(carrier, BOB, 1)
    assert fetched(another()) == {ANN: [1, 2, 3], BOB: [1]}


def test_only_files_after_the_seen_ones_come(carrier: Carrier) -> None:
    put(carrier, ANN, 1, 2, 3)
    put(carrier, BOB, 1)
    assert fetched(carrier, **{ANN: 2, BOB: 1}) == {ANN: [3]}


def test_nothing_comes_from_an_empty_book(carrier: Carrier) -> None:
    assert fetched(carrier) == {}


def test_any_bytes_come_back(carrier: Carrier) -> None:
    blobs = [b"", bytes(range(256)), b"\0" * 100, b"x" * 3_000_000]
    for n, blob in enumerate(blobs, 1):
        carrier.put("west", ANN, n, blob)
    assert [blob for _, _, blob in carrier.fetch("west", {})] == blobs


def test_files_are_fetched_one_by_one(carrier: Carrier) -> None:
    put(carrier, ANN, 1, 2)
    files = carrier.fetch("west", {})
    assert isinstance(files, Iterator)
    assert next(files)[:2] == (ANN, 1)
    put(carrier, BOB, 1)  # nothing waits for the end of the fetch
    assert fetched(carrier) == {ANN: [1, 2], BOB: [1]}
    assert next(files)[:2] == (ANN, 2)


def test_files_come_roughly_as_they_were_written(carrier: Carrier) -> None:
    order = [(BOB, 1), (ANN, 1), (ANN, 2), (BOB, 2), (ANN, 3)]
    for device, n in order:
        put(carrier, device, n)
    assert [(device, n) for device, n, _ in carrier.fetch("west", {})] == order


def test_the_same_bytes_may_be_put_again(carrier: Carrier) -> None:
    put(carrier, ANN, 1, 2, 1, 2)
    assert fetched(carrier) == {ANN: [1, 2]}


def test_other_bytes_under_a_name_are_refused(carrier: Carrier) -> None:
    put(carrier, ANN, 1)
    with pytest.raises(Taken, match=f"another file 1 of machine {ANN}") as error:
        carrier.put("west", ANN, 1, b"other")
    assert error.value.exit_code == 4
    assert fetched(carrier) == {ANN: [1]}


def test_a_file_may_not_leave_a_gap(carrier: Carrier) -> None:
    put(carrier, ANN, 1)
    with pytest.raises(Conflict, match="lost files 2 to 3 of this machine"):
        put(carrier, ANN, 4)
    with pytest.raises(Conflict, match="lost file 2 of this machine"):
        put(carrier, ANN, 3)
    assert fetched(carrier) == {ANN: [1]}


def test_the_whole_book_may_leave_a_gap_which_nobody_passes_before_the_drop(
    carrier: Carrier,
) -> None:
    put(carrier, ANN, 1)
    put(carrier, ANN, 4, whole=True)
    assert fetched(carrier) == {ANN: [1]}
    carrier.drop("west", {ANN: 3})
    assert fetched(carrier) == {ANN: [4]}


def test_an_empty_place_takes_the_whole_book_at_any_number(carrier: Carrier) -> None:
    put(carrier, ANN, 9, whole=True)
    assert fetched(carrier) == {}
    carrier.drop("west", {ANN: 8, BOB: 5})
    assert fetched(carrier) == {ANN: [9]}
    put(carrier, BOB, 6)
    assert fetched(carrier) == {ANN: [9], BOB: [6]}


def test_after_a_drop_the_first_file_that_is_left_comes_next(carrier: Carrier) -> None:
    put(carrier, ANN, 1, 2, 3)
    put(carrier, BOB, 1, 2, 3)
    carrier.drop("west", {ANN: 2, BOB: 2})
    assert fetched(carrier) == {ANN: [3], BOB: [3]}
    assert fetched(carrier, **{ANN: 1, BOB: 3}) == {ANN: [3]}
    put(carrier, ANN, 4)
    assert fetched(carrier, **{ANN: 3, BOB: 3}) == {ANN: [4]}


def test_a_drop_may_be_done_twice(carrier: Carrier) -> None:
    put(carrier, ANN, 1, 2)
    put(carrier, BOB, 1)
    for _ in range(2):
        carrier.drop("west", {ANN: 2})
    carrier.drop("west", {ANN: 1})
    assert fetched(carrier) == {BOB: [1]}
    put(carrier, ANN, 3)


def test_a_dropped_file_is_never_confirmed(carrier: Carrier) -> None:
    """Nobody can compare its bytes any more, so a copied machine sends its own under a new one."""
    put(carrier, ANN, 1)
    put(carrier, BOB, 1)
    carrier.drop("west", {ANN: 1})
    with pytest.raises(Taken):
        put(carrier, ANN, 1)


def test_nothing_is_dropped_that_no_later_file_covers(carrier: Carrier) -> None:
    put(carrier, ANN, 1, 2)
    put(carrier, BOB, 1)
    with pytest.raises(Conflict, match="no later files that hold the whole book"):
        carrier.drop("west", {ANN: 2, BOB: 1})
    assert fetched(carrier) == {ANN: [1, 2], BOB: [1]}


def test_one_file_is_read(carrier: Carrier) -> None:
    put(carrier, ANN, 1)
    assert carrier.read("west", ANN, 1) == content(ANN, 1)
    assert carrier.read("west", ANN, 2) is None
    assert carrier.read("west", BOB, 1) is None


@pytest.mark.parametrize("book", ["", ".", "..", "../x", "a/b", "West", "wést", "nul", "a" * 64])
def test_the_name_of_a_book_never_leads_elsewhere(carrier: Carrier, book: str) -> None:
    with pytest.raises(Invalid, match="shared book cannot be"):
        carrier.create(book)
    with pytest.raises(Invalid, match="shared book cannot be"):
        carrier.put(book, ANN, 1, b"")
    with pytest.raises(Invalid, match="shared book cannot be"):
        list(carrier.fetch(book, {}))


@pytest.mark.parametrize("device", ["", "..", "../aaaa", "AAAA0001", "aaaa00011", "aaaa000\n"])
def test_the_id_of_a_device_never_leads_elsewhere(carrier: Carrier, device: str) -> None:
    with pytest.raises(Invalid, match="not the id of a machine"):
        carrier.put("west", device, 1, b"")
    with pytest.raises(Invalid, match="not the id of a machine"):
        carrier.drop("west", {device: 1})
    with pytest.raises(Invalid, match="not the id of a machine"):
        carrier.register("west", device, "laptop")


@pytest.mark.parametrize("n", [-1, 0, 100_000_000])
def test_a_file_has_a_number(carrier: Carrier, n: int) -> None:
    with pytest.raises(Invalid, match="have the numbers 1 to"):
        carrier.put("west", ANN, n, b"")


def test_a_file_that_nobody_would_read_is_not_put(
    carrier: Carrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(names, "MOST_BYTES", 1000)
    carrier.put("west", ANN, 1, b"x" * 500)
    with pytest.raises(Invalid, match="has 1,001 bytes"):
        carrier.put("west", ANN, 2, b"x" * 1001)


def test_a_book_that_is_not_there_is_said_so(carrier: Carrier) -> None:
    calls = [
        lambda: carrier.put("east", ANN, 1, b""),
        lambda: list(carrier.fetch("east", {})),
        lambda: carrier.drop("east", {}),
        lambda: carrier.devices("east"),
        lambda: carrier.register("east", ANN, "laptop"),
        lambda: carrier.read("east", ANN, 1),
    ]
    for call in calls:
        with pytest.raises(NotFound, match='no shared book "east"'):
            call()


def test_a_book_belongs_to_whoever_made_it(carrier: Carrier) -> None:
    carrier.create("all")
    assert carrier.books() == {"all": "own", "west": "own"}


def test_an_empty_book_may_be_made_again_and_a_used_one_not(carrier: Carrier) -> None:
    carrier.create("west")
    carrier.register("west", ANN, "laptop")
    with pytest.raises(Conflict, match='already has a shared book "west"'):
        carrier.create("west")


def test_each_device_gets_a_series(carrier: Carrier, another: Another) -> None:
    given = [
        (carrier if n % 2 else another()).register("west", f"{n:08x}", f"machine {n}")
        for n in range(28)
    ]
    assert given == [*string.ascii_uppercase, "AA", "AB"]
    assert [one.series for one in carrier.devices("west")] == given


def test_a_series_stays(carrier: Carrier) -> None:
    assert carrier.register("west", BOB, "laptop") == "A"
    assert carrier.register("west", ANN, "desktop") == "B"
    assert carrier.register("west", BOB, "renamed", "Z") == "A"
    assert [one.name for one in carrier.devices("west")] == ["renamed", "desktop"]


def test_a_series_that_is_wanted_is_given_if_it_is_free(carrier: Carrier) -> None:
    assert carrier.register("west", ANN, "laptop", "C") == "C"
    assert carrier.register("west", BOB, "desktop", "C") == "A"
    assert carrier.register("west", CAT, "phone", "c; drop table") == "B"


def test_a_device_has_one_series_in_all_books_of_a_place(carrier: Carrier) -> None:
    carrier.create("all")
    assert carrier.register("west", ANN, "laptop") == "A"
    assert carrier.register("all", BOB, "desktop") == "B"
    assert carrier.register("all", ANN, "laptop") == "A"
    assert carrier.register("west", BOB, "desktop") == "B"


def test_devices_are_listed_with_their_newest_file(carrier: Carrier) -> None:
    carrier.register("west", ANN, "laptop")
    carrier.register("west", BOB, "desktop")
    put(carrier, BOB, 1, 2)
    carrier.drop("west", {BOB: 1})
    ann, bob = carrier.devices("west")
    assert (ann.id, ann.name, ann.series, ann.last, ann.at) == (ANN, "laptop", "A", 0, "")
    assert (bob.id, bob.name, bob.series, bob.last) == (BOB, "desktop", "B", 2)
    came = datetime.fromisoformat(bob.at)
    assert abs(datetime.now(UTC) - came) < timedelta(minutes=1)


def test_a_device_whose_files_were_all_dropped_goes_on_after_them(carrier: Carrier) -> None:
    carrier.register("west", ANN, "laptop")
    put(carrier, ANN, 1, 2)
    put(carrier, BOB, 1)
    carrier.drop("west", {ANN: 2})
    assert carrier.devices("west")[0].last == 2


@pytest.mark.parametrize("name", ["a\x1b[31mred\x07", "two\nlines", "x" * 1000, "\ud800", ""])
def test_a_machine_may_be_called_anything(carrier: Carrier, name: str) -> None:
    carrier.register("west", ANN, name)
    (device,) = carrier.devices("west")
    assert device.name == names.machine_name(name)
    assert device.name.isprintable()
    assert len(device.name) <= 100


def test_the_carrier_tells_the_time(carrier: Carrier) -> None:
    now = carrier.now()
    assert now is not None
    assert abs(datetime.now(UTC) - now) < timedelta(minutes=1)


def test_a_closed_carrier_opens_again(carrier: Carrier) -> None:
    carrier.close()
    put(carrier, ANN, 1)
    carrier.close()
    carrier.close()


@pytest.mark.parametrize(
    ("place", "series"), [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (702, "AAA")]
)
def test_series_go_on_after_z(place: int, series: str) -> None:
    assert names.series(place) == series
