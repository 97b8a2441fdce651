"""`acct demo`: the sample book is created completely or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.books import configure
from tests.conftest import Program

from acctcli.book.imports import bring_in
from acctcli.errors import Invalid


def test_the_sample_book_is_made_whatever_the_settings(
    run: Program, home: Path, tmp_path: Path
) -> None:
    configure(home, "[cadence]\ngold = 7\n[required.all]\naccount = ['phone']\n")
    made = run("demo", tmp_path / "sample.db")
    assert made.code == 0, made.err


def test_one_line_says_what_the_whole_sample_book_says(run: Program, tmp_path: Path) -> None:
    book = tmp_path / "sample.db"
    run("demo", book)
    found = run("--db", book, "deal", "forecast", "--period", "Q2 2027", "-f", "json").json()
    assert [line["currency"] for line in found["totals"]] == ["SGD"]
    assert [line["currency"] for line in found["likely"]] == ["SGD"]
    weighted, likely = found["totals"][0]["weighted"], found["likely"][0]
    assert likely["weighted"] == weighted
    assert sum(one["percent"] for one in likely["outcomes"]) == pytest.approx(100, abs=0.1)


def test_a_sample_book_that_cannot_be_made_leaves_no_file(
    run: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise Invalid("no")

    monkeypatch.setattr(bring_in, "write", broken)
    assert run("demo", tmp_path / "sample.db").code == 4
    assert not (tmp_path / "sample.db").exists()


def test_it_is_never_made_over_a_file_nor_through_a_link(run: Program, tmp_path: Path) -> None:
    there, link = tmp_path / "there.db", tmp_path / "link.db"
    there.write_text("mine")
    link.symlink_to(tmp_path / "gone.db")
    for path in (there, link):
        made = run("demo", path)
        assert (made.code, made.err) == (
            4,
            f"acct: {path} is there already; name a file that is not\n",
        )
    assert there.read_text() == "mine"
    assert not (tmp_path / "gone.db").exists()


def test_the_command_that_names_the_book_goes_on_in_another_folder(
    run: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    made = run("demo", "sample.db")
    assert f"  export ACCTCLI_DB={tmp_path / 'sample.db'}\n" in made.err
    assert made.out == f"{tmp_path / 'sample.db'}\n"
