"""Where files are: the program's own folders are those of the platform."""

from __future__ import annotations

import sys
from pathlib import Path

import platformdirs
import pytest

from acctcli import paths
from acctcli.errors import UsageError


@pytest.mark.parametrize("home", ["/home/kim", "/home/a b", "/"])
@pytest.mark.parametrize("folder", [None, "", "/data/own", "~/own", "/with space/x"])
def test_the_folders_are_those_that_platformdirs_names(
    home: str, folder: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ACCTCLI_DB", "ACCTCLI_CONFIG", "XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", home)
    if folder is not None:
        monkeypatch.setenv("XDG_DATA_HOME", folder)
        monkeypatch.setenv("XDG_CONFIG_HOME", folder)
    assert paths.default_book() == platformdirs.user_data_path("acctcli") / "book.db"
    assert paths.config_file() == platformdirs.user_config_path("acctcli") / "config.toml"


@pytest.mark.skipif(sys.platform != "linux", reason="other platforms ask platformdirs")
def test_the_usual_folder_needs_no_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ACCTCLI_DB", raising=False)
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.setitem(sys.modules, "platformdirs", None)
    assert paths.default_book().parts[-2:] == ("acctcli", "book.db")


def test_the_environment_names_the_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACCTCLI_DB", "/books/mine.db")
    monkeypatch.setenv("ACCTCLI_CONFIG", "/books/mine.toml")
    assert paths.book() == (Path("/books/mine.db"), True)
    assert paths.book("/books/other.db") == (Path("/books/other.db"), True)
    assert paths.config_file() == Path("/books/mine.toml")


@pytest.mark.parametrize("name", ["ACCTCLI_DB", "ACCTCLI_CONFIG"])
def test_an_empty_variable_is_a_mistake(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, " ")
    with pytest.raises(UsageError, match=name):
        paths.book() if name == "ACCTCLI_DB" else paths.config_file()


def _bare(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]) -> None:
    for name in ("ACCTCLI_DB", "ACCTCLI_CONFIG", "XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)


@pytest.mark.skipif(sys.platform == "win32", reason="HOME says nothing there")
@pytest.mark.parametrize("home", ["", " ", "kim", "./kim"])
def test_a_home_that_is_no_folder_is_refused(home: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _bare(monkeypatch, {"HOME": home})
    for find in (paths.default_book, paths.config_file):
        # Both are needed: with one of them, the other would be asked for next.
        with pytest.raises(UsageError, match="set ACCTCLI_DB and ACCTCLI_CONFIG to files"):
            find()
    with pytest.raises(UsageError, match="write the file with its full path"):
        paths.typed("~/books/mine.db")
    monkeypatch.setenv("XDG_DATA_HOME", "/data")
    assert paths.default_book() == Path("/data/acctcli/book.db")
    assert paths.typed("/books/mine.db") == Path("/books/mine.db")


@pytest.mark.skipif(sys.platform == "win32", reason="not used there")
def test_a_relative_xdg_folder_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    _bare(monkeypatch, {"HOME": "/home/kim", "XDG_DATA_HOME": "data", "XDG_CONFIG_HOME": "./x"})
    with pytest.raises(UsageError, match="XDG_DATA_HOME is a relative path"):
        paths.default_book()
    with pytest.raises(UsageError, match="XDG_CONFIG_HOME is a relative path"):
        paths.config_file()
