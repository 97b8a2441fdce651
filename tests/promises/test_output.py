"""Output to a place that is full, closed, narrow or of another day.

These are real processes: only they have a pipe that breaks and a stream that is closed.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import stat
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.conftest import Program, Result

ACCT = [sys.executable, "-m", "acctcli"]
POSIX = pytest.mark.skipif(os.name != "posix", reason="shells and devices are POSIX's")
FULL = pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has /dev/full")

READS = ["account list", "account list -f json", "account show one", "today", "account --help"]
READS += ["--version", "export --as account"]


@pytest.fixture
def some(run: Program, home: Path) -> Path:
    """Make a book with a few records whose names are longer than narrow terminals."""
    for name in ("One GmbH", "Żółć & Søn 漢字", "The Third Company of That Name, Incorporated"):
        assert run("account", "add", name, "--tier", "key", "--industry", "software").code == 0
    done = run(
        "log", "call", "one", "Talked pricing", "--next", "Send quote", "--due", "2026-11-20"
    )
    assert done.code == 0, done.err
    assert run("deal", "add", "one", "Rollout", "--amount", "120k SGD", "--close", "eoq").code == 0
    return home


def shell(line: str, env: Mapping[str, str] | None = None) -> Result:
    """Run a line in a shell in which `acct` is the program."""
    acct = shlex.join(ACCT)
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", re.sub(r"\bacct\b", lambda _: acct, line, count=1)],
        capture_output=True,
        env={**os.environ, **(env or {})},
        timeout=60,
        check=False,
    )
    return Result(done.returncode, done.stdout.decode(), done.stderr.decode())


PAGES = ["account show one", "account timeline one", "account tree one", "today", "deal board"]
PAGES += ["deal show rollout", "deal forecast", "report pipeline", "search one", "history"]


# Places that take nothing


@POSIX
@pytest.mark.usefixtures("some")
@pytest.mark.parametrize("line", READS)
def test_a_reader_that_has_enough_is_no_error(line: str) -> None:
    # `true` reads nothing at all: even a short output meets a closed pipe.
    done = shell(f"acct {line} | true")
    assert (done.code, done.err) == (0, "")


@FULL
@pytest.mark.usefixtures("some")
@pytest.mark.parametrize("line", READS)
def test_a_full_disk_under_the_output_is_one_line_and_1(line: str) -> None:
    done = shell(f"acct {line} > /dev/full")
    assert done.code == 1
    assert done.err.count("\n") == 1
    assert "No space left on device" in done.err


@POSIX
@pytest.mark.usefixtures("some")
@pytest.mark.parametrize("line", READS)
def test_a_closed_output_is_one_line_and_1(line: str) -> None:
    done = shell(f"acct {line} >&-")
    assert done.code == 1
    assert done.err.count("\n") == 1
    assert "Traceback" not in done.err


@FULL
@pytest.mark.usefixtures("some")
def test_what_was_written_stands_though_it_could_not_be_said() -> None:
    assert shell("acct account add Fourth > /dev/full").code == 1
    assert "Fourth" in shell("acct account list").out


@POSIX
@pytest.mark.usefixtures("some")
@pytest.mark.parametrize("line", ["account list 2>&-", "account show zzz 2>&-", "today <&-"])
def test_a_closed_error_output_or_input_harms_nothing(line: str) -> None:
    done = shell(f"acct {line}")
    assert done.code == (3 if "zzz" in line else 0)
    assert "Traceback" not in done.out + done.err


# Terminals that show little


@pytest.mark.usefixtures("some")
@pytest.mark.parametrize("line", ["account list -f table", "account show one", "today -f table"])
def test_in_the_c_locale_other_characters_are_escapes(acct: Program, line: str) -> None:
    done = acct(*line.split(), env={"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0"})
    assert done.code == 0, done.err
    assert done.out.isascii()


@pytest.mark.usefixtures("some")
def test_in_the_c_locale_data_for_programs_stay_utf8(acct: Program) -> None:
    for format in ("json", "csv", "tsv"):
        assert "Søn 漢字" in acct("account", "list", "-f", format, env={"LC_ALL": "C"}).out


@pytest.mark.usefixtures("some")
@pytest.mark.parametrize("width", [1, 2, 3, 5, 8, 10, 13, 16, 19, 20, 24, 40])
def test_a_narrow_table_loses_no_data(run: Program, width: int) -> None:
    words = ("account", "list", "--columns", "number,name,tier,industry", "-f", "table")
    done = run(*words, env={"COLUMNS": str(width)})
    assert done.code == 0, done.err
    whole = re.sub(r"\s", "", done.out)
    for value in ("A-0001", "OneGmbH", "Søn漢字", "TheThirdCompanyofThatName,Incorporated"):
        assert value in whole or width >= 20
    assert whole.count("software") == 3


@pytest.mark.usefixtures("some")
@pytest.mark.parametrize("width", [1, 5, 10, 15, 20])
@pytest.mark.parametrize("line", PAGES)
def test_every_page_can_be_drawn_narrow(run: Program, width: int, line: str) -> None:
    done = run(*line.split(), "-f", "table", env={"COLUMNS": str(width)})
    assert done.code == 0, done.err
    assert done.out.strip()


@pytest.mark.usefixtures("some")
@pytest.mark.parametrize("columns", ["0", "-5", "many", "99999"])
def test_a_width_that_is_none_is_not_believed(run: Program, columns: str) -> None:
    done = run("account", "list", "-f", "table", env={"COLUMNS": columns})
    assert done.code == 0, done.err
    assert "One GmbH" in done.out


@pytest.mark.usefixtures("some")
def test_no_colour_in_a_pipe(run: Program) -> None:
    for line in ("account list -f table", "account show one", "today -f table"):
        assert "\x1b" not in run(*line.split(), env={"TERM": "xterm-256color"}).out


# Files that are made


@pytest.mark.usefixtures("some")
def test_a_file_that_is_there_is_kept_unless_forced(run: Program, tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    target.write_text("mine")
    words = ("export", "--as", "account", "--output", target)
    refused = run(*words)
    assert refused.code == 4
    assert "--force" in refused.err
    assert target.read_text() == "mine"
    assert run(*words, "--force").code == 0
    assert "One GmbH" in target.read_text(encoding="utf-8")
    assert [path.name for path in tmp_path.glob("*out*")] == ["out.csv"]


@POSIX
@pytest.mark.usefixtures("some")
def test_what_is_exported_is_for_its_owner_alone(run: Program, tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    assert run("export", "--as", "account", "-f", "json", "--output", target).code == 0
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert len(json.loads(target.read_text(encoding="utf-8"))) == 3


# Text and numbers as they are typed


def test_one_name_in_three_spellings(run: Program) -> None:
    assert run("account", "add", "Caf\u00e9 Bleu").code == 0
    for typed in ("cafe\u0301 bleu", "CAF\u00c9 BLEU", "cafe bleu"):
        assert run("account", "show", typed, "-f", "ids").code == 0


@pytest.mark.parametrize("name", ["", " ", "\t", "x" * 501, "two\nlines"])
def test_names_that_are_none(run: Program, name: str) -> None:
    for noun in ("account", "contact", "product"):
        done = run(noun, "add", name)
        assert done.code == 4
        assert done.err.count("\n") == 1


@POSIX
@pytest.mark.usefixtures("some")
def test_bytes_that_are_no_utf8_are_refused() -> None:
    done = shell("acct account add $'Caf\\xe9'")
    assert done.code == 2
    assert "is not valid UTF-8" in done.err


ODD = ["O'Neil", "foo-bar", "AT&T", "c++", '"', "(", "100%", "a_b", "-5", "NOT", "x*", "a:b", "^"]


@pytest.mark.parametrize("name", ODD)
def test_odd_words_are_found(run: Program, name: str) -> None:
    assert run("account", "add", "--", f"{name} Ltd").code == 0
    assert run("account", "add", "Other").code == 0
    found = run("search", "--", name)
    assert found.code == 0, found.err
    assert "Other" not in found.out
    if re.search(r"\w", name):
        assert f"{name} Ltd" in found.out


def test_signs_of_like_are_signs(run: Program) -> None:
    for name in ("100% Pure", "1000 Pure", "a_b", "axb"):
        assert run("account", "add", name).code == 0
    assert run("account", "list", "--where", "name ~ '0%'").out.count("\n") == 1
    assert run("account", "list", "--where", "name ~ 'a_b'").out.count("\n") == 1


@pytest.mark.parametrize(
    ("due", "every", "after"),
    [
        ("2026-01-31", "monthly", ["2026-02-28", "2026-03-31"]),
        ("2028-02-29", "yearly", ["2029-02-28", "2030-02-28"]),
    ],
)
def test_a_repeating_task_keeps_its_day(
    run: Program, due: str, every: str, after: list[str]
) -> None:
    assert run("account", "add", "One").code == 0
    assert run("task", "add", "one", "Pay", "--due", due, "--every", every).code == 0
    days = []
    for _ in after:
        (open_one,) = run("task", "list", "-f", "json").json()
        done = run("task", "done", open_one["id"], env={"ACCTCLI_TODAY": open_one["due"]})
        assert done.code == 0, done.err
        (next_one,) = run("task", "list", "-f", "json").json()
        days.append(next_one["due"])
    assert days == after


@pytest.mark.parametrize(("typed", "kept"), [("1.234 KWD", "1.234"), ("-5 SGD", "-5.00")])
def test_amounts_that_are_fine(run: Program, typed: str, kept: str) -> None:
    assert run("account", "add", "One").code == 0
    done = run("purchase", "add", "-f", "json", "--", "one", typed)
    assert done.code == 0, done.err
    assert f'"amount": {kept}' in done.out


@pytest.mark.usefixtures("some")
def test_a_column_of_a_query_may_be_called_anything(run: Program) -> None:
    query = """SELECT 1 AS 'a"b\\c\x1b[2J'"""
    (row,) = run("db", "query", query, "-f", "json").json()
    assert list(row.values()) == [1]
    assert list(row) == ['a"b\\c\x1b[2J']
    assert "\x1b" not in run("db", "query", query, "-f", "table").out


@pytest.mark.usefixtures("some")
def test_a_form_that_is_refused_keeps_its_text(run: Program, tmp_path: Path) -> None:
    editor = tmp_path / "editor.py"
    editor.write_text(
        "import pathlib, sys\n"
        "form = pathlib.Path(sys.argv[1])\n"
        "text = form.read_text(encoding='utf-8')\n"
        "form.write_text(text.replace('tier = ', 'tier = \"huge\" # '), encoding='utf-8')\n"
    )
    done = run("account", "edit", "one", env={"EDITOR": shlex.join([sys.executable, str(editor)])})
    assert done.code == 4
    kept = re.search(r"\S+\.toml", done.err)
    assert kept
    assert "huge" in Path(kept[0].strip("'\"")).read_text(encoding="utf-8")


IDS = {
    **dict.fromkeys(("purchase totals", "report activity", "report quality"), 2),
    **dict.fromkeys(("today", "history", "review due", "review health", "account score"), 0),
    **dict.fromkeys(("account dupes", "contact dupes", "playbook list", "import --presets"), 0),
    **dict.fromkeys(("account list", "search tan", "db tables", "deal list --risk"), 0),
}


@pytest.mark.parametrize("line", IDS)
def test_ids_do_not_depend_on_whether_there_are_rows(
    run: Program, sample_book: Path, line: str
) -> None:
    run("account", "add", "Acme")
    for where in ((), ("--db", sample_book)):
        assert run(*where, *line.split(), "-f", "ids").code == IDS[line], (line, where)
