"""The manual pages: what `man acct` shows is what the program says."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from docs import manual
from docs.generate import MANUAL, TODAY

from acctcli.main import COMMANDS, root
from acctcli.topics import TOPICS


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    return manual.pages(TODAY)


def test_they_are_as_they_were_generated(pages: dict[str, str]) -> None:
    there = {page.name: page.read_text("utf-8") for page in MANUAL.glob("*.1")}
    assert pages.keys() == there.keys(), "make docs"
    differing = [name for name in pages if pages[name] != there[name]]
    assert differing == [], "make docs"


def test_every_command_and_topic_is_in_one(pages: dict[str, str]) -> None:
    assert set(pages) == {"acct.1", *(f"acct-{name}.1" for name in COMMANDS)}
    assert pages["acct.1"].count("\n.SH ") >= len(TOPICS)
    deal = root().get_command(None, "deal")
    for verb in deal.list_commands(None):
        assert f'.SH "ACCT DEAL {verb.upper()}"' in pages["acct-deal.1"]


@pytest.mark.parametrize(
    ("typed", "printed"),
    [("--due", "\\-\\-due"), (".SH", "\\&.SH"), ("a\\b", "a\\eb"), ("it's", "it\\(aqs")],
)
def test_no_text_is_a_request(typed: str, printed: str) -> None:
    assert manual.escaped(typed) == printed


@pytest.mark.skipif(shutil.which("groff") is None, reason="groff is not installed")
def test_they_are_sound(pages: dict[str, str]) -> None:
    for name, page in pages.items():
        done = subprocess.run(
            ["groff", "-man", "-Tutf8", "-ww"],
            input=page,
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stderr == "", name
        assert "User Commands" in done.stdout
