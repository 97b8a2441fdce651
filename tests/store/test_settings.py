"""Rows of settings and the document they make."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests import books

from acctcli.errors import Invalid
from acctcli.store import check, settings
from acctcli.store.opening import open_book

DOCUMENT = {
    "cadence": {"gold": 7, "silver": 30},
    "stages": [{"name": "talk", "probability": 10, "category": "pipeline"}],
    "fields": {"account": {"seats": {"type": "integer"}}},
    "required": {"all": {"account": ["owner"]}},
    "rates": {"base": "SGD", "EUR": 1.45},
    "quota": {"Kim Lim": "200k", "Q4 2026": {"total": "650k"}},
}


def test_rows_make_the_document_that_they_were_made_of() -> None:
    rows = settings.rows_of(DOCUMENT)
    assert [key for key, _ in rows] == [
        *("cadence", "stages", "fields.account.seats", "required.all.account"),
        *("rates.base", "rates.EUR", 'quota."Kim Lim"', 'quota."Q4 2026"'),
    ]
    assert settings.document_of(rows) == DOCUMENT


@given(st.tuples(st.just("quota"), st.text(min_size=1)))
def test_any_name_makes_a_key(parts: tuple[str, str]) -> None:
    assert settings.parts_of(settings.key_of(*parts)) == parts


@pytest.mark.parametrize("key", ["", "today", "a.b.c", "a b.c", "quota.", '"a', "stages.x", "é"])
def test_what_is_no_key_is_said(key: str) -> None:
    with pytest.raises(Invalid, match="is not the name of a setting"):
        settings.parts_of(key)
    assert not settings.is_key(key)


def test_a_day_of_toml_is_kept_as_text() -> None:
    rows = settings.rows_of({"rates": {"date": date(2026, 11, 20)}})
    assert rows == (("rates.date", '"2026-11-20"'),)


def test_a_file_is_parted_by_the_home_of_each_setting() -> None:
    own, of_book = settings.split(
        {"me": {"name": "Kim"}, "today": {"limit": 3, "task_days": 1}, "stages": [], "x": {"y": 1}}
    )
    assert own == {"me": {"name": "Kim"}, "today": {"limit": 3}, "x": {"y": 1}}
    assert of_book == {"today": {"task_days": 1}, "stages": []}
    assert settings.merged(own, of_book)["today"] == {"limit": 3, "task_days": 1}


def test_what_cannot_be_read_is_left_out_and_named(tmp_path: Path) -> None:
    path = tmp_path / "book.db"
    books.create(path)
    rows = {
        "today.closing_days": "21",
        "health.red": '"x"',
        "required.gold.account": '["owner"]',
        "nonsense": "1",
        "rates.EUR": "{",
        "me.name": '"Kim"',
    }
    for place, (key, value) in enumerate(rows.items()):
        books.change(
            path, "INSERT INTO setting VALUES (?, '', '', '', ?, ?, ?)", key, key, value, place
        )
    with closing(open_book(path)) as con:
        config, wrong = settings.leniently(settings.stored(con).rows, {})
        found = check.find_all(con, path, config)
    assert config["today.closing_days"] == 21
    assert config["health.red"] == 40
    assert wrong.keys() == rows.keys() - {"today.closing_days"}
    told = [finding.what for finding in found if finding.check == "settings"]
    assert len(told) == len(wrong)
    assert any(what.startswith("the setting health.red is ignored: ") for what in told)


def test_a_look_from_outside_sees_the_same_or_nothing(tmp_path: Path) -> None:
    path = tmp_path / "book.db"
    assert settings.peek(path) is None
    books.create(path)
    assert settings.peek(path) == settings.NOTHING
    books.change(path, "INSERT INTO setting VALUES ('i', '', '', '', 'health.red', '30', 0)")
    assert settings.peek(path) == settings.StoredSettings((("health.red", "30"),), False)
    with closing(sqlite3.connect(path, isolation_level=None)) as con:
        con.execute("BEGIN EXCLUSIVE")
        assert settings.peek(path) is None
    books.change(path, "PRAGMA user_version = 1")
    assert settings.peek(path) is None
