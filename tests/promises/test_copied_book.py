"""A book that is copied, exported or shared means the same in another home."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.books import sound
from tests.commands import do
from tests.conftest import Program

SETTINGS = """\
[cadence]
gold = 7
silver = 30

[[stages]]
name = "talk"
probability = 20
category = "pipeline"

[[stages]]
name = "signed"
probability = 100
category = "closed"

[[stages]]
name = "off"
probability = 0
category = "omitted"

[fields.account.region]
type = "choice"
choices = ["north", "south"]

[fields.deal.legal_review]
type = "date"

[required.gold]
account = ["region"]

[quota]
total = "500k"

[icp.annual_revenue]
at_least = [[1_000_000, 5], ["50m", 10]]

[today]
closing_days = 60

[health]
touch = 90
"""

OTHER = """\
[me]
name = "Lee"
currency = "JPY"

[cadence]
bronze = 3

[[stages]]
name = "a"
probability = 1
category = "pipeline"

[[stages]]
name = "b"
probability = 100
category = "closed"

[[stages]]
name = "c"
probability = 0
category = "omitted"

[today]
closing_days = 1
"""
"""Another person's file, with settings from before books had their own."""

ASKED = (
    ["today"],
    ["account", "list"],
    ["account", "show", "greentech"],
    ["account", "score"],
    ["deal", "list"],
    ["deal", "forecast"],
    ["deal", "board"],
    ["report", "pipeline"],
    ["report", "retention"],
    ["review", "health"],
)


@pytest.fixture
def filled(run: Program, home: Path, book: Path) -> Path:
    """A book with settings in everything, which came in from the file of its owner."""
    (home / "config.toml").write_text(f'[me]\nname = "Kim"\ncurrency = "SGD"\n{SETTINGS}')
    revenue = ["--revenue", "SGD 60m", "--set", "region=north"]
    do(
        run,
        ("account", "add", "GreenTech", "--tier", "gold", *revenue),
        ("account", "add", "Konex", "--tier", "silver"),
        ("deal", "add", "greentech", "Rollout", "--amount", "SGD 120k", "--close", "2027-01-10"),
        ("deal", "edit", "rollout", "--set", "legal_review=2026-12-01"),
        ("purchase", "add", "greentech", "SGD 36,000", "--on", "2026-01-14"),
        ("log", "call", "greentech", "Talked"),
    )
    return book


def told(run: Program, path: Path, env: dict[str, str]) -> list[object]:
    found = []
    for words in ASKED:
        done = run("--db", path, *words, "-f", "json", env=env)
        assert done.code == 0, (words, done.err)
        found.append(done.json())
    return found


def elsewhere(tmp_path: Path, typed: str) -> dict[str, str]:
    (tmp_path / "other.toml").write_text(typed)
    return {"ACCTCLI_CONFIG": str(tmp_path / "other.toml")}


@pytest.mark.parametrize("typed", ["", OTHER], ids=["no file", "a file with other settings"])
def test_a_copied_book_means_the_same_in_another_home(
    run: Program, filled: Path, tmp_path: Path, typed: str
) -> None:
    here = told(run, filled, {})
    copy = tmp_path / "copy.db"
    shutil.copy(filled, copy)
    there = elsewhere(tmp_path, typed)
    assert told(run, copy, there) == here
    done = run("--db", copy, "account", "add", "New", "--tier", "gold", env=there)
    assert (done.code, "needs region" in done.err) == (4, True)
    assert run("--db", copy, "deal", "move", "rollout", "signed", env=there).code == 0
    assert run("--db", copy, "config", "get", "cadence.gold", env=there).out == "7\n"


@pytest.mark.parametrize("format", ["csv", "json", "jsonl"])
@pytest.mark.parametrize("typed", ["", OTHER], ids=["no file", "a file with other settings"])
def test_an_export_brings_its_settings_along(
    run: Program, filled: Path, tmp_path: Path, typed: str, format: str
) -> None:
    folder, copy = tmp_path / "export", tmp_path / "copy.db"
    assert run("export", "--all", folder, "-f", format).code == 0
    assert (folder / f"settings.{format}").is_file()
    there = elsewhere(tmp_path, typed)
    done = run("--db", copy, "import", folder, "--create", env=there)
    assert done.code == 0, done.err
    assert told(run, copy, there)[1:] == told(run, filled, {})[1:]
    assert run("--db", copy, "import", folder, env=there).code == 0
    assert sound(copy)
    assert run("--db", copy, "undo", env=there).code == 0
    assert run("--db", copy, "config", "get", "cadence.gold", env=there).code == 3


def test_settings_in_an_export_that_cannot_be_are_refused(
    run: Program, filled: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "export"
    assert run("export", "--all", folder, "-f", "csv").code == 0
    file = folder / "settings.csv"
    file.write_text(file.read_text().replace("closing_days,60", "closing_days,soon"))
    done = run("--db", tmp_path / "copy.db", "import", folder, "--create")
    assert (done.code, "settings.csv" in done.err) == (4, True)


@pytest.mark.slow
def test_of_two_settings_changed_at_once_both_are_kept(filled: Path) -> None:
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "acctcli", "config", "set", key, value],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        for key, value in (("cadence.gold", "9"), ("cadence.silver", "45"), ("rates.EUR", "1.4"))
    ]
    ends = [(one.communicate()[1], one.returncode) for one in started]
    assert [code for _, code in ends] == [0, 0, 0], ends
    from acctcli.book.context import Context

    config = Context(db=str(filled)).config
    assert config.cadence == {"gold": 9, "silver": 45}
    assert config.rates == {"EUR": "1.4"}
