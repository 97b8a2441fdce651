"""Everything in a folder: from one moment, all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from tests.conftest import TODAY

from acctcli.book.context import Context
from acctcli.book.exports import folder
from acctcli.errors import Conflict
from acctcli.model import KINDS, Row
from acctcli.results import Table
from acctcli.store import queries


@pytest.fixture
def context(sample_book: Path) -> Context:
    return Context(db=str(sample_book), today=TODAY)


def ids(table: Table, rows: Iterable[Row]) -> Iterable[str]:
    return (row["id"] + "\n" for row in rows)


def test_there_is_a_file_for_each_kind(context: Context, tmp_path: Path) -> None:
    counts = folder.write(context, tmp_path / "out", "txt", ids)
    with context.read() as con:
        assert counts == {kind: queries.count(con, kind) for kind in KINDS}
    for kind, count in counts.items():
        written = (tmp_path / "out" / f"{KINDS[kind].plural}.txt").read_text()
        assert len(written.splitlines()) == count


def test_no_row_is_read_before_the_one_before_it_is_written(
    context: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only some rows of one kind are in memory, however many there are."""
    monkeypatch.setattr(queries, "AT_A_TIME", 5)
    read = queries.each
    alive, most = 0, 0

    def counted(*words: object, **more: object) -> Iterable[Row]:
        nonlocal alive, most
        for row in read(*words, **more):  # type: ignore[arg-type]  # as they were given
            alive += 1
            most = max(most, alive)
            yield row
            alive -= 1

    monkeypatch.setattr(queries, "each", counted)
    folder.write(context, tmp_path / "out", "txt", ids)
    assert most == 1


@pytest.mark.parametrize("force", [True, False])
def test_a_failure_leaves_the_folder_as_it_was(
    context: Context, tmp_path: Path, force: bool
) -> None:
    def failing(table: Table, rows: Iterable[Row]) -> Iterable[str]:
        yield "half"
        if table.noun == "deal":
            raise OSError(28, "No space left on device")

    with pytest.raises(Exception, match="No space left"):
        folder.write(context, tmp_path / "new", "txt", failing, force=force)
    assert not (tmp_path / "new").exists()
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "notes").write_text("mine")
    if force:
        (tmp_path / "old" / "accounts.txt").write_text("before")
    with pytest.raises(Exception, match="No space left"):
        folder.write(context, tmp_path / "old", "txt", failing, force=force)
    found = {path.name: path.read_text() for path in (tmp_path / "old").iterdir()}
    assert found == {"notes": "mine"} | ({"accounts.txt": "before"} if force else {})


def test_what_is_there_is_not_written_over_unasked(context: Context, tmp_path: Path) -> None:
    (tmp_path / "tasks.txt").write_text("mine")
    with pytest.raises(Conflict, match=r"tasks\.txt already"):
        folder.write(context, tmp_path, "txt", ids)
    folder.write(context, tmp_path, "txt", ids, force=True)
    assert (tmp_path / "tasks.txt").read_text() != "mine"
    assert len(list(tmp_path.glob("*.txt"))) == len(KINDS)
    assert list(tmp_path.glob(".*.txt.*")) == []
