"""`--html`: where the document goes, and what is refused."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.conftest import Program
from tests.filling import filled_once

COMMANDS = [("account", "show", "greentech"), ("review", "brief", "greentech")]


@pytest.fixture(autouse=True)
@filled_once
def _greentech(run: Program) -> None:
    assert run("account", "add", "GreenTech Ltd").code == 0


@pytest.mark.parametrize("words", COMMANDS)
def test_a_document_goes_into_a_private_file(
    words: tuple[str, ...], run: Program, tmp_path: Path
) -> None:
    file = tmp_path / "page.html"
    made = run(*words, "--html", file)
    assert (made.code, made.out, made.err) == (0, "", f"Wrote {file}.\n")
    assert "<h1>GreenTech Ltd</h1>" in file.read_text("utf-8")
    assert file.stat().st_mode & 0o777 == (0o600 if os.name == "posix" else 0o666)


def test_a_file_that_is_there_is_written_over_only_by_force(run: Program, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text("mine")
    refused = run("account", "show", "greentech", "--html", file)
    assert (refused.code, refused.out) == (4, "")
    assert refused.err == f"acct: {file} already exists. To overwrite it: --force\n"
    assert file.read_text() == "mine"
    assert run("account", "show", "greentech", "--html", file, "--force").code == 0
    assert "GreenTech" in file.read_text("utf-8")
    assert [one.name for one in tmp_path.iterdir() if one.suffix] == ["page.html"]


def test_a_document_on_stdout_is_that_of_the_file(run: Program, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    piped = run("account", "show", "greentech", "--html", "-")
    assert (piped.code, piped.err) == (0, "")
    assert run("account", "show", "greentech", "--html", file).code == 0
    assert piped.out == file.read_text("utf-8")
    assert piped.out.endswith("</html>\n")


def test_the_same_page_gives_the_same_document(run: Program) -> None:
    first = run("review", "brief", "greentech", "--html", "-")
    assert first == run("review", "brief", "greentech", "--html", "-")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--html", "x.html", "-f", "json"), "--html is a format of its own: leave out --format"),
        (("--html", "-", "--format", "md"), "--html is a format of its own: leave out --format"),
        (("--force",), "--force goes with --html FILE"),
    ],
)
def test_what_does_not_go_together(options: tuple[str, ...], says: str, run: Program) -> None:
    refused = run("account", "show", "greentech", *options)
    assert (refused.code, refused.out) == (2, "")
    assert says in refused.err
    assert not Path("x.html").exists()


def test_where_nothing_can_be_written(run: Program, tmp_path: Path) -> None:
    nowhere = run("account", "show", "greentech", "--html", tmp_path / "no" / "page.html")
    assert nowhere.code == 6
    assert "cannot be written" in nowhere.err
    folder = run("account", "show", "greentech", "--html", tmp_path, "--force")
    assert folder.code == 4
    assert "is not a file" in folder.err


def test_a_page_without_a_document_has_no_such_option(run: Program) -> None:
    assert run("account", "tree", "--html", "-").code == 2
