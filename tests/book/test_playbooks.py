"""What sets off a playbook, by every door, and that it happens once."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import platformdirs
import pytest
from tests import books
from tests.conftest import Program

SETTINGS = """
[playbook.onboarding]
when = "deal won"
tasks = [
  { text = "Send {contact} the pack for {deal}", due = "+1d" },
  { text = "Names of the users", due = "+7d", owed_by = "them" },
]
[playbook.care]
when = "tier key"
tasks = [{ text = "Plan the year with {account}", due = "+2w", every = "1y" }]
[playbook.fair]
when = "tag fair"
tasks = [{ text = "Follow up" }]
[playbook.welcome]
when = "status customer"
tasks = [{ text = "Welcome" }]
"""


@pytest.fixture
def book(run: Program, tmp_path: Path) -> Program:
    """The program on a book with playbooks, an account, a contact and a deal."""
    form = tmp_path / "settings.toml"
    form.write_text(SETTINGS)
    for words in (
        ["account", "add", "Acme"],
        ["contact", "add", "Mei Tan", "--account", "acme"],
        ["deal", "add", "acme", "Rollout", "--amount", "SGD 12,000"],
        ["config", "edit", "--form", str(form)],
    ):
        assert run(*words).code == 0, words
    return run


def place() -> Path:
    return Path(platformdirs.user_data_dir("acctcli")) / "book.db"


def selected(path: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as con:
        return con.execute(sql).fetchall()


def tasks(run: Program) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = run("task", "list", "--all", "-f", "json").json()
    return rows


def texts(run: Program, playbook: str = "onboarding") -> list[str]:
    return [one["text"] for one in tasks(run) if one["playbook"] == playbook]


WINS: tuple[tuple[str, ...], ...] = (
    ("deal", "win", "rollout"),
    ("deal", "move", "rollout", "won"),
    ("deal", "edit", "rollout", "--stage", "won"),
    ("deal", "edit", "rollout", "--set", "stage=won"),
)


@pytest.mark.parametrize("words", WINS, ids=lambda words: " ".join(words[1:]))
def test_a_deal_won_by_any_command_adds_the_tasks(book: Program, words: tuple[str, ...]) -> None:
    done = book(*words)
    assert done.code == 0
    assert "Playbook onboarding: 2 tasks, the first due tomorrow." in done.err
    assert texts(book) == ["Send Mei Tan the pack for Rollout", "Names of the users"]
    (first, second) = [one for one in tasks(book) if one["playbook"] == "onboarding"]
    assert (first["contact"], first["deal"], first["due"]) == ("Mei Tan", "Rollout", "2026-11-23")
    assert (second["contact"], second["owed_by"]) == (None, "them")
    assert "Playbook onboarding" in book("history", "--limit", "1").out


def test_a_form_and_a_new_deal_that_is_won_set_it_off_too(book: Program, tmp_path: Path) -> None:
    form = tmp_path / "deal.toml"
    form.write_text('stage = "won"\n')
    assert book("deal", "edit", "rollout", "--form", form).code == 0
    assert len(texts(book)) == 2
    assert book("deal", "add", "acme", "Second", "--stage", "won").code == 0
    assert len(texts(book)) == 4


def test_a_quote_that_is_accepted_sets_it_off_and_undo_takes_all_back(book: Program) -> None:
    assert book("deal", "quote", "rollout").code == 0
    (number,) = [row["number"] for row in book("quote", "list", "-f", "json").json()]
    assert book("quote", "send", number).code == 0
    done = book("quote", "accept", number)
    assert (done.code, "Playbook onboarding: 2 tasks" in done.err) == (0, True), done.err
    assert len(texts(book)) == 2
    assert book("undo").code == 0
    assert tasks(book) == []


def test_the_tasks_are_undone_and_redone_with_what_set_them_off(book: Program) -> None:
    book("deal", "win", "rollout")
    before = tasks(book)
    assert book("undo").code == 0
    assert tasks(book) == []
    assert books.value(place(), "SELECT count(*) FROM playbook_run") == 0
    assert book("undo", "--redo").code == 0
    assert [one["id"] for one in tasks(book)] == [one["id"] for one in before]


def test_it_never_starts_twice_for_the_same_deal(book: Program) -> None:
    book("deal", "win", "rollout")
    book("deal", "reopen", "rollout")
    again = book("deal", "win", "rollout")
    assert "Playbook" not in again.err
    assert len(texts(book)) == 2


def test_two_machines_make_the_same_run_and_the_same_tasks(book: Program, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    other.write_bytes(place().read_bytes())
    book("deal", "win", "rollout")
    book("--db", other, "deal", "win", "rollout")
    sql = "SELECT id FROM playbook_run UNION ALL SELECT id FROM task ORDER BY id"
    assert selected(place(), sql) == selected(other, sql)


@pytest.mark.parametrize(
    ("words", "playbook"),
    [
        (("account", "edit", "acme", "--tier", "key"), "care"),
        (("account", "tag", "acme", "--add", "Fair"), "fair"),
        (("account", "edit", "acme", "--status", "customer"), "welcome"),
        (("deal", "win", "rollout"), "welcome"),
    ],
)
def test_a_tier_a_tag_and_a_status_set_off_theirs(
    book: Program, words: tuple[str, ...], playbook: str
) -> None:
    assert book(*words).code == 0
    assert len(texts(book, playbook)) == 1
    assert book(*words).code == 0
    assert len(texts(book, playbook)) == 1


def test_a_tag_that_stays_sets_nothing_off_when_another_field_changes(book: Program) -> None:
    book("account", "tag", "acme", "--add", "fair", "--no-playbooks")
    book("account", "edit", "acme", "--add-tag", "expo")
    book("account", "edit", "acme", "--city", "Bonn")
    assert texts(book, "fair") == []


def test_a_merge_sets_off_what_the_account_becomes_and_keeps_its_runs(book: Program) -> None:
    book("account", "add", "Acme Labs", "--tier", "key")
    assert texts(book, "care") == ["Plan the year with Acme Labs"]
    assert book("account", "merge", "Acme", "Acme Labs", "--yes").code == 0
    assert book("account", "show", "acme", "-f", "json").json()["tier"] == "key"
    assert len(texts(book, "care")) == 1


def test_runs_are_named_in_words_where_a_merge_or_an_undo_counts_them(book: Program) -> None:
    book("account", "add", "Acme Labs", "--tier", "key")
    shown = book("account", "merge", "Acme", "Acme Labs", "--dry-run").out
    assert "1 run of a playbook" in shown
    book("task", "edit", "Plan the year with Acme Labs", "--due", "2027-02-01")
    refused = book("undo", "5")
    assert refused.code == 4
    assert "_" not in refused.err


def test_the_next_task_of_a_series_comes_from_the_same_playbook(book: Program) -> None:
    book("account", "edit", "acme", "--tier", "key")
    assert book("task", "done", "Plan the year").code == 0
    assert len(texts(book, "care")) == 2


def test_without_playbooks_nothing_is_set_off(book: Program) -> None:
    for words in WINS[:3]:
        assert book(*words, "--no-playbooks").code == 0
        book("deal", "reopen", "rollout")
    assert tasks(book) == []


def won(tmp_path: Path, name: str = "deals.csv") -> Path:
    rows = "".join(f"Acme,Deal {n},won,2026-01-0{n},2026-02-01\n" for n in range(1, 4))
    (tmp_path / name).write_text(f"account,title,stage,opened_on,closed_on\n{rows}")
    return tmp_path / name


def test_an_import_says_what_it_sets_off_before_and_after(book: Program, tmp_path: Path) -> None:
    file = won(tmp_path)
    shown = book("import", file, "--as", "deal", "--dry-run", "-f", "json").json()
    assert shown["playbooks"] == [{"playbook": "onboarding", "records": 3, "tasks": 6}]
    page = book("import", file, "--as", "deal", "--dry-run").out
    assert "Playbook onboarding would add 6 tasks for 3 records" in page
    assert tasks(book) == []
    done = book("import", file, "--as", "deal")
    assert "Playbook onboarding: 6 tasks for 3 deals, the first due tomorrow." in done.err
    assert len(texts(book)) == 6
    assert book("undo").code == 0
    assert tasks(book) == []


def test_an_import_without_playbooks_adds_no_task(book: Program, tmp_path: Path) -> None:
    done = book("import", won(tmp_path), "--as", "deal", "--no-playbooks")
    assert (done.code, tasks(book)) == (0, [])


def test_an_export_of_ours_sets_nothing_off_where_it_is_new(
    book: Program, tmp_path: Path, run: Program
) -> None:
    """What was won long before there was a playbook is no news in another book."""
    book("deal", "win", "rollout", "--no-playbooks")
    book("deal", "add", "acme", "Second", "--stage", "won")
    before = len(tasks(book))
    assert book("export", "--all", tmp_path / "out").code == 0
    new = tmp_path / "new.db"
    done = run("--db", new, "import", tmp_path / "out", "--create")
    assert done.code == 0, done.err
    assert len(run("--db", new, "task", "list", "--all", "-f", "json").json()) == before
    for sql in (
        "SELECT id, playbook, deal_id FROM playbook_run ORDER BY id",
        "SELECT id, playbook_id FROM task ORDER BY id",
    ):
        assert selected(new, sql) == selected(place(), sql)


def test_a_column_of_another_system_called_playbook_is_left_out(
    book: Program, tmp_path: Path
) -> None:
    file = tmp_path / "their.csv"
    file.write_text("account,text,playbook\nAcme,Call,Outbound Q4\n")
    done = book("import", file, "--as", "task")
    assert done.code == 0, done.err
    assert "left out: playbook" in done.err


def test_nobody_types_the_playbook_of_a_task(book: Program) -> None:
    assert "--playbook" not in book("task", "add", "--help").out
    book("task", "add", "acme", "Call")
    assert book("task", "edit", "Call", "--set", "playbook=x").code == 2


def test_the_tasks_outlive_the_deal_and_go_with_the_account(book: Program) -> None:
    book("deal", "win", "rollout")
    assert book("deal", "delete", "Rollout", "--yes").code == 0
    assert len(texts(book)) == 2
    assert book("account", "delete", "Acme", "--yes").code == 0
    assert books.value(place(), "SELECT count(*) FROM playbook_run") == 0
    assert book("db", "check").code == 0


def test_a_playbook_that_cannot_be_read_stops_no_command(book: Program) -> None:
    books.change(
        place(), "UPDATE setting SET value = ? WHERE key = 'playbook.onboarding'", '{"tasks": 3}'
    )
    done = book("deal", "win", "rollout")
    assert done.code == 0
    assert 'playbook "onboarding" starts nothing.' in done.err
    assert len(texts(book, "welcome")) == 1
    assert "playbook.onboarding" in book("db", "check").out


def test_settings_with_a_wrong_playbook_are_refused_whole(book: Program, tmp_path: Path) -> None:
    form = tmp_path / "wrong.toml"
    form.write_text('[playbook.x]\nwhen = "stage nowhere"\ntasks = [{ text = "A" }]\n')
    refused = book("config", "edit", "--form", form)
    assert refused.code == 4
    assert "[playbook.x]: when" in refused.err


def test_a_stage_that_a_playbook_waits_for_cannot_go(book: Program, tmp_path: Path) -> None:
    form = tmp_path / "stage.toml"
    stages = "".join(
        f'[[stages]]\nname = "{name}"\nprobability = {chance}\ncategory = "{category}"\n'
        for name, chance, category in (
            ("talk", 10, "pipeline"),
            ("won", 100, "closed"),
            ("lost", 0, "omitted"),
        )
    )
    form.write_text(f'{stages}[playbook.x]\nwhen = "stage proposal"\ntasks = [{{ text = "A" }}]\n')
    assert book("config", "edit", "--form", form).code == 4


def test_names_of_the_book_are_data_in_the_texts(book: Program) -> None:
    book("deal", "add", "acme", "{contact} \x1b[31m {account}")
    assert book("deal", "win", "{contact}").code == 0
    assert "Send Mei Tan the pack for {contact} \x1b[31m {account}" in texts(book)
    assert "\x1b" not in book("task", "list").out


def test_a_run_is_a_record_of_the_export(book: Program) -> None:
    book("deal", "win", "rollout")
    rows = json.loads(book("db", "query", "SELECT * FROM playbook_run", "-f", "json").out)
    assert [row["playbook"] for row in rows] == ["onboarding", "welcome"]


def test_a_command_that_only_reads_loads_nothing_of_playbooks(book: Program) -> None:
    script = (
        "import sys; from acctcli.main import run; run(['deal', 'list']); "
        "sys.exit(str([n for n in sys.modules if 'acctcli' in n and "
        "n.split('.')[-1] in ('configplaybooks', 'playbooks', 'starting', 'hooks')]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert done.stderr.strip() == "['acctcli.model.playbooks']"
