"""Where files are: the program's own folders are those of the platform."""

from __future__ import annotations

import sys
from pathlib import Path

import platformdirs
import pytest

from acctcli import paths
from acctcli.errors import UsageError


@pytest.mark.parametrize("home", ["/home/kim", "/home/a b", "/"])
@pytest.mark.parametrize("folder", [None, "", "/data/own", "relative", "~/own", "/with space/x"])
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
