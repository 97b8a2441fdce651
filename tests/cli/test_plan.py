from __future__ import annotations

import json
import sqlite3
import sys
import tomllib
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests import books
from tests.commands import do
from tests.conftest import Program, Result
from tests.filling import filled_once

from acctcli import text
from acctcli.cli import completion
from acctcli.main import root
from acctcli.store.facts import agenda
from acctcli.store.opening import snapshot

HOSTILE = "\x1b[2J\u202eevil [red]quux[/red] \x9b31m"
WITH = ("account", "plan", "A-0001")
Editor = Callable[..., dict[str, str]]


def plan_of(run: Program, account: str = "greentech") -> dict[str, Any]:
    found: dict[str, Any] = do(run, "account", "plan", account, "-f", "json").json()
    return found


def aims(run: Program, account: str = "greentech") -> dict[str, str]:
    """Return the state of each objective, by its text."""
    return {one["text"]: one["state"] for one in plan_of(run, account)["objectives"]}


@pytest.fixture
@filled_once
def greentech(run: Program) -> None:
    """An account with a plan: one objective is overdue, one is in the future, one has no day."""
    do(run, "account", "add", "GreenTech Ltd", "--tier", "strategic", "--status", "customer")
    do(
        run,
        *("account", "plan", "greentech", "--goal", "Second team by June"),
        *("--strategy", "Start with support,\nthen grow", "--objective", "Reference"),
        *("--objective", "Pilot signed::2026-11-05", "--objective", "Second champion::eoq"),
    )


@pytest.fixture
def editor(tmp_path: Path) -> Editor:
    """Return an editor that runs these lines of Python on `text`."""

    def make(lines: str = "") -> dict[str, str]:
        script = tmp_path / "editor.py"
        script.write_text(
            "import subprocess, sys\nfrom pathlib import Path\n"
            "path = Path(sys.argv[-1])\ntext = path.read_text('utf-8')\n"
            f"Path({str(tmp_path / 'seen')!r}).write_text(text, 'utf-8')\n"
            f"{lines}\n"
            "path.write_text(text, 'utf-8')\n",
            encoding="utf-8",
        )
        return {"EDITOR": f'"{sys.executable}" "{script}"'}

    return make


def edited(run: Program, environment: dict[str, str]) -> Result:
    return run("account", "plan", "greentech", "--edit", env=environment)


def kept(book: Path) -> list[Path]:
    folder = book.parent / "book-refused"
    return sorted(folder.iterdir()) if folder.exists() else []


# Showing


def test_an_account_without_a_plan_says_how_to_write_one(run: Program) -> None:
    do(run, "account", "add", "GreenTech Ltd")
    done = do(run, "account", "plan", "greentech")
    assert done.out.splitlines()[2:] == ["No plan yet. Write one: acct account plan A-0001 --edit"]
    found = plan_of(run)
    assert (found["goals"], found["objectives"]) == (None, [])
    assert found["progress"] == {"met": 0, "of": 0, "overdue": 0}


@pytest.mark.usefixtures("greentech")
def test_the_page_has_texts_objectives_and_the_next_step(run: Program) -> None:
    tails = {one["text"]: one["id"][-4:] for one in plan_of(run)["objectives"]}
    do(run, "account", "plan", "greentech", "--met", "reference")
    lines = do(run, "account", "plan", "greentech").out.splitlines()
    assert lines == [
        "GreenTech Ltd                                      A-0001 · strategic · customer",
        "1 of 3 objectives met, 1 overdue !",
        "",
        "goals     Second team by June",
        "strategy  Start with support,",
        "          then grow",
        "",
        "Objectives",
        f" Thu 5 Nov !  Pilot signed          {tails['Pilot signed']}",
        f" Thu 31 Dec   Second champion       {tails['Second champion']}",
        f" today        Reference        met  {tails['Reference']}",
        "",
        f"If one is met: acct account plan A-0001 --met {tails['Pilot signed']}",
    ]


@pytest.mark.usefixtures("greentech")
def test_json_has_everything_in_the_order_it_matters(run: Program) -> None:
    found = plan_of(run)
    assert list(found) == [
        *("id", "number", "name", "tier", "status"),
        *("needs", "goals", "challenges", "competitors", "strategy", "objectives", "progress"),
    ]
    assert found["strategy"] == "Start with support,\nthen grow"
    first, second, third = found["objectives"]
    assert (first["text"], first["due"], first["overdue"]) == ("Pilot signed", "2026-11-05", True)
    assert (second["text"], second["overdue"]) == ("Second champion", False)
    assert (third["due"], third["state"], third["closed_on"]) == (None, "open", None)
    assert found["progress"] == {"met": 0, "of": 3, "overdue": 1}


@pytest.mark.usefixtures("greentech")
@pytest.mark.parametrize("columns", ["24", "40", "200"])
def test_no_word_of_it_is_lost_on_any_terminal(run: Program, columns: str) -> None:
    done = run("account", "plan", "greentech", env={"COLUMNS": columns})
    words = " ".join(done.out.split())
    assert max(len(line) for line in done.out.splitlines()) <= int(columns)
    for said in ("Second team by June", "Pilot signed", "Thu 5 Nov !", "Second champion"):
        assert said in words


@pytest.mark.usefixtures("greentech")
def test_the_accounts_page_and_the_brief_show_it(run: Program) -> None:
    page = do(run, "account", "show", "greentech").out
    assert "goals                   Second team by June\n" in page
    assert "strategy                Start with support, ↵ then grow\n" in page
    assert "objective  Thu 5 Nov !  Pilot signed\n" in page
    assert "0 of 3 objectives met, 1 overdue: acct account plan A-0001\n" in page
    brief = do(run, "review", "brief", "greentech").out
    assert " · objective: Pilot signed: Thu 5 Nov, late\n" in brief
    document = do(run, "review", "brief", "greentech", "-f", "md").out
    assert "## Plan\n\n- goals: Second team by June\n" in document
    assert "- objective: Second champion: 2026-12-31\n- objective: Reference: no date\n" in document
    for words in (("account", "show"), ("review", "brief")):
        shown = do(run, *words, "greentech", "-f", "json").json()["plan"]
        assert shown["progress"]["overdue"] == 1
        assert [one["text"] for one in shown["objectives"]] == list(aims(run))


def test_without_a_plan_the_page_and_the_brief_are_silent(run: Program) -> None:
    do(run, "account", "add", "GreenTech Ltd")
    assert "Plan" not in do(run, "account", "show", "greentech").out
    assert "Plan" not in do(run, "review", "brief", "greentech").out


# Writing


@pytest.mark.usefixtures("greentech")
def test_a_write_prints_ids_and_says_what_it_did(run: Program) -> None:
    done = do(
        run,
        *("account", "plan", "greentech", "--goal", "Two teams", "--need", "Speed"),
        *("--met", "pilot", "--drop", "reference", "--objective", "Renewal::2027-01-14"),
    )
    assert done.err == (
        'Plan of GreenTech Ltd: changed needs and goals; met "Pilot signed"; '
        'dropped "Reference"; added "Renewal", due Thu 14 Jan.\n'
    )
    found = plan_of(run)
    by_text = {one["text"]: one for one in found["objectives"]}
    texts = ("Pilot signed", "Reference", "Renewal")
    assert done.out.split() == [by_text[one]["id"][-4:] for one in texts]
    assert (found["needs"], found["goals"]) == ("Speed", "Two teams")
    assert by_text["Pilot signed"]["closed_on"] == "2026-11-22"
    assert found["progress"] == {"met": 1, "of": 3, "overdue": 0}
    do(run, "account", "plan", "greentech", "--reopen", "pilot")
    (again,) = [o for o in plan_of(run)["objectives"] if o["text"] == "Pilot signed"]
    assert (again["state"], again["closed_on"], again["overdue"]) == ("open", None, True)


@pytest.mark.usefixtures("greentech")
def test_where_only_a_text_changes_the_account_is_named(run: Program) -> None:
    account = plan_of(run)["id"]
    done = do(run, "account", "plan", "greentech", "--challenge", "Budget", "-f", "ids")
    assert done.out == f"{account}\n"
    as_json = do(run, "account", "plan", "greentech", "--challenge", "Time", "-f", "json").json()
    assert (as_json["id"], as_json["challenges"]) == (account, "Time")


@pytest.mark.usefixtures("greentech")
def test_an_account_has_one_plan_and_an_empty_text_clears(run: Program, book: Path) -> None:
    cleared = do(run, "account", "plan", "greentech", "--strategy", "", "--goal", "")
    assert cleared.err == "Plan of GreenTech Ltd: emptied goals and strategy.\n"
    assert plan_of(run)["goals"] is None
    do(run, "account", "plan", "greentech", "--set", "goals=More")
    with closing(sqlite3.connect(book)) as con:
        assert con.execute("SELECT goals, strategy FROM plan").fetchall() == [("More", None)]


@pytest.mark.usefixtures("greentech")
def test_what_is_so_already_changes_nothing(run: Program, book: Path) -> None:
    do(run, "account", "plan", "greentech", "--met", "pilot")
    before = books.dump(book)
    for words in (("--met", "pilot"), ("--goal", "Second team by June"), ("--need", "")):
        done = do(run, "account", "plan", "greentech", *words)
        assert done.err == "Nothing to change: already up to date.\n"
    assert books.dump(book) == before


@pytest.mark.usefixtures("greentech")
def test_many_changes_are_told_in_part(run: Program) -> None:
    more = [word for n in range(8) for word in ("--objective", f"Aim {n}")]
    done = do(run, "account", "plan", "greentech", *more)
    assert done.err.endswith('added "Aim 3"; added "Aim 4"; 3 more.\n')
    assert len(done.out.split()) == 8


@pytest.mark.usefixtures("greentech")
def test_all_of_it_is_one_command_that_undo_takes_back(run: Program, book: Path) -> None:
    before = books.dump(book)
    words = ("--goal", "Other", "--met", "pilot", "--drop", "reference", "--objective", "New")
    do(run, "account", "plan", "greentech", *words)
    after = books.dump(book)
    assert "(4 records)" in do(run, "undo").err
    assert books.dump(book) == before
    do(run, "undo", "--redo")
    assert books.dump(book) == after


# Naming


@pytest.mark.usefixtures("greentech")
def test_an_objective_is_found_at_its_account_only(run: Program) -> None:
    do(run, "account", "add", "Konex")
    do(run, "account", "plan", "konex", "--objective", "Pilot signed", "--objective", "Audit")
    tail = plan_of(run, "konex")["objectives"][0]["id"][-4:]
    do(run, "account", "plan", "konex", "--met", tail)
    assert aims(run, "konex") == {"Pilot signed": "met", "Audit": "open"}
    assert aims(run)["Pilot signed"] == "open"
    missing = run("account", "plan", "greentech", "--met", "audit")
    assert (missing.code, missing.out) == (3, "")
    assert missing.err.startswith('acct: no objective "audit".')
    assert missing.err.endswith("All: acct account plan greentech\n")
    assert run("account", "plan", "greentech", "--met", tail).code == 3


@pytest.mark.usefixtures("greentech")
def test_what_is_open_is_meant_before_what_is_closed(run: Program) -> None:
    do(run, "account", "plan", "greentech", "--met", "pilot")
    do(run, "account", "plan", "greentech", "--objective", "Pilot at the port")
    do(run, "account", "plan", "greentech", "--met", "pilot")
    assert aims(run)["Pilot at the port"] == "met"
    several = run("account", "plan", "greentech", "--reopen", "pilot")
    assert several.code == 4
    assert '"pilot" matches 2 objectives' in several.err


@pytest.mark.usefixtures("greentech")
@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("--met", "pilot", "--drop", "pilot signed"), 4, '"Pilot signed" is given two states'),
        (("--objective", "::fri"), 4, "--objective is empty"),
        (("--objective", "Renewal::someday"), 2, '--objective "Renewal::someday": the day'),
        (("--objective", "two\nlines"), 4, "has a line break"),
        (("--set", "account=konex"), 2, 'no plan field "account" to set'),
        (("--set", "gaols=x"), 2, "Did you mean goals?"),
        (("--edit", "--met", "pilot"), 2, "leave the other options out"),
        (("--goal", "New", "--met", "nothing"), 3, 'no objective "nothing"'),
        (("--drop", "pilot"), 3, "Did you mean Pilot signed ("),
    ],
)
def test_what_is_refused_changes_nothing(
    run: Program, book: Path, words: tuple[str, ...], code: int, says: str
) -> None:
    before = books.dump(book)
    done = run("account", "plan", "greentech", *words)
    assert (done.code, done.out) == (code, "")
    assert says in done.err
    assert books.dump(book) == before


@pytest.mark.usefixtures("greentech")
def test_open_objectives_are_offered_on_tab(run: Program, book: Path) -> None:
    do(run, "account", "plan", "greentech", "--met", "pilot")
    found = completion.candidates(root(), ["account", "plan", "greentech", "--met"], "")
    assert found is not None
    assert [name for name, _ in found] == ["Reference", "Second champion"]


# The form


@pytest.mark.usefixtures("greentech")
def test_the_form_is_the_whole_plan(run: Program, editor: Editor, tmp_path: Path) -> None:
    done = edited(run, editor())
    assert (done.code, done.out) == (0, "")
    assert done.err == "Plan of GreenTech Ltd: nothing changed.\n"
    seen = (tmp_path / "seen").read_text("utf-8")
    assert seen.startswith("# plan of GreenTech Ltd: change what you like, save and close.\n")
    assert "# state: state of the objective: open, met, dropped\n" in seen
    form = tomllib.loads(seen)
    assert list(form) == ["needs", "goals", "challenges", "competitors", "strategy", "objective"]
    assert form["strategy"] == "Start with support,\nthen grow"
    assert form["objective"][0] == {
        "text": "Pilot signed",
        "due": "2026-11-05",
        "state": "open",
        "id": plan_of(run)["objectives"][0]["id"][-4:],
    }


@pytest.mark.usefixtures("greentech")
def test_a_form_that_is_emptied_breaks_off(run: Program, editor: Editor, book: Path) -> None:
    before = books.dump(book)
    done = edited(run, editor("text = '\\n'"))
    assert (done.code, done.out) == (0, "")
    assert done.err == "Plan of GreenTech Ltd: nothing changed.\n"
    assert books.dump(book) == before
    assert not kept(book)


def test_the_first_plan_can_be_written_in_the_form(run: Program, editor: Editor) -> None:
    do(run, "account", "add", "GreenTech Ltd")
    done = edited(
        run,
        editor(
            "text = text.replace('goals = \"\"', 'goals = \"Grow\"')\n"
            'text = text.replace(\'# [[objective]]\\n# text = ""\\n# due = ""\',\n'
            "    '[[objective]]\\ntext = \"Pilot\"\\ndue = 2026-12-15')\n"
        ),
    )
    assert done.err == 'Plan of GreenTech Ltd: wrote goals; added "Pilot", due Tue 15 Dec.\n'
    assert aims(run) == {"Pilot": "open"}


@pytest.mark.usefixtures("greentech")
def test_what_is_changed_added_and_taken_out_is_understood(
    run: Program, editor: Editor, book: Path
) -> None:
    before = books.dump(book)
    ids = {one["text"]: one["id"] for one in plan_of(run)["objectives"]}
    lines = (
        "text = text.replace('Second team by June', 'Two teams')\n"
        "text = text.replace('\"open\"', '\"met\"', 1)\n"
        "text = text.replace('2026-12-31', 'fri')\n"
        "start = text.index('[[objective]]\\ntext = \"Reference\"')\n"
        'text = text[:start] + \'[[objective]]\\ntext = "Renewal"\\nstate = "dropped"\\n\'\n'
        'text += \'[[objective]]\\ntext = ""\\ndue = ""\\n\''  # a block that was left blank
    )
    done = edited(run, editor(lines))
    assert done.err == (
        'Plan of GreenTech Ltd: changed goals; met "Pilot signed"; changed due of '
        '"Second champion"; deleted "Reference"; added "Renewal".\n'
    )
    found = {one["text"]: one for one in plan_of(run)["objectives"]}
    assert {name: one["state"] for name, one in found.items()} == {
        "Second champion": "open",
        "Renewal": "dropped",
        "Pilot signed": "met",
    }
    assert found["Pilot signed"]["id"] == ids["Pilot signed"]
    assert found["Second champion"]["due"] == "2026-11-27"
    assert found["Renewal"]["closed_on"] == found["Pilot signed"]["closed_on"] == "2026-11-22"
    do(run, "undo")
    assert books.dump(book) == before


@pytest.mark.usefixtures("greentech")
@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ("text = text.replace('\"open\"', '\"won\"', 1)", 'objective 1: unknown state "won"'),
        ("text = text.replace('2026-12-31', 'someday')", "objective 2: due someday is not a date"),
        ("text = text.replace('\"Reference\"', '\"\"')", "the text of an objective cannot be"),
        ("text = text.replace('goals =', 'gaols =')", 'an unknown field "gaols"'),
        ("text = text.replace('due =', 'day =', 1)", 'an unknown field "day"'),
        ('text += \'[[objective]]\\ntext = "New"\\nid = "beef"\'', 'has the id "beef"'),
        ("text += '[[objective]]\\ndue = \"fri\"'", "objective 4: the text is missing"),
        ("text += text[text.index('[[obj'):]", "two objectives have the id"),
        ("text = 'objective = \"x\"'", "must be written in blocks [[objective]]"),
        ("text += '[[objective]'", "the form cannot be read"),
    ],
)
def test_a_form_that_is_refused_is_kept_and_changes_nothing(
    run: Program, editor: Editor, book: Path, lines: str, says: str
) -> None:
    before = books.dump(book)
    done = edited(run, editor(lines))
    (file,) = kept(book)
    assert (done.code in (2, 4), done.out) == (True, "")
    assert says in done.err
    back = f"acct account plan greentech --edit --form {file}"
    assert done.err.endswith(f" Your text is kept. To hand it back: {back}\n")
    assert "objective" in file.read_text("utf-8")
    assert books.dump(book) == before


@pytest.mark.usefixtures("greentech")
def test_a_plan_that_was_refused_is_handed_back(run: Program, editor: Editor, book: Path) -> None:
    edited(run, editor("text = text.replace('2026-12-31', 'someday')"))
    (file,) = kept(book)
    right = file.read_text("utf-8").replace('due = "someday"', 'due = "2027-01-31"')
    file.write_text(right, "utf-8")
    done = run(*WITH, "--form", file)
    assert (done.code, "changed due of" in done.err) == (0, True), done.err
    assert kept(book) == []
    overtaken = run(*WITH, "--form", "-", input=right)
    assert (overtaken.code, "the plan was changed meanwhile" in overtaken.err) == (4, True)
    own = run(*WITH, "--form", "-", input='goals = "x"\n')
    assert "not a form of a plan that acct saved" in own.err


@pytest.mark.usefixtures("greentech")
@pytest.mark.parametrize(
    ("meanwhile", "lines", "says"),
    [
        (("undo",), "'\"open\"', '\"dropped\"', 1", '"Pilot signed" was deleted meanwhile'),
        ((*WITH, "--goal", "Theirs"), "'Second team', 'My team'", "goals was changed meanwhile"),
        ((*WITH, "--met", "pilot"), "'\"open\"', '\"dropped\"', 1", "state was changed meanwhile"),
        (
            (*WITH, "--met", "pilot"),
            "text[text.index('[[obj'):], ''",
            "state was changed meanwhile",
        ),
    ],
)
def test_what_somebody_else_changed_meanwhile_is_not_written_over(
    run: Program,
    editor: Editor,
    book: Path,
    meanwhile: tuple[str, ...],
    lines: str,
    says: str,
) -> None:
    other = [sys.executable, "-m", "acctcli", *meanwhile]
    first = f"subprocess.run({other!r}, check=True, capture_output=True)\n"
    done = edited(run, editor(f"{first}text = text.replace({lines})"))
    assert done.code == 4
    assert f"{says} by another command" in done.err
    assert len(kept(book)) == 1


@pytest.mark.usefixtures("greentech")
@pytest.mark.parametrize("lines", ["", "text = text.replace('\"open\"', '\"met\"', 1)\n"])
def test_a_plan_whose_account_went_meanwhile_is_kept_as_a_form(
    run: Program, editor: Editor, book: Path, lines: str
) -> None:
    other = [sys.executable, "-m", "acctcli", "account", "delete", "A-0001", "--yes"]
    first = f"subprocess.run({other!r}, check=True, capture_output=True)\n"
    done = edited(run, editor(f"{first}{lines}text = text.replace('Second', 'My')"))
    assert done.code == 3
    assert "no account" in done.err
    assert len(kept(book)) == 1


@pytest.mark.usefixtures("greentech")
def test_other_parts_may_change_while_the_form_is_open(run: Program, editor: Editor) -> None:
    other = [sys.executable, "-m", "acctcli", *WITH, "--met", "pilot"]
    first = f"subprocess.run({other!r}, check=True, capture_output=True)\n"
    done = edited(run, editor(f"{first}text = text.replace('Second team', 'My team')"))
    assert done.code == 0
    assert (plan_of(run)["goals"], aims(run)["Pilot signed"]) == ("My team by June", "met")


# With the rest of the book


@pytest.mark.usefixtures("greentech")
def test_it_goes_with_its_account_and_comes_back(run: Program, book: Path) -> None:
    before = books.dump(book)
    done = do(run, "account", "delete", "greentech ltd", "--yes")
    assert "1 plan and 3 objectives" in done.err
    dump = books.dump(book)
    assert (dump["plan"], dump["objective"]) == ([], [])
    do(run, "undo")
    assert books.dump(book) == before
    assert do(run, "db", "check").code == 0


@pytest.mark.usefixtures("greentech")
def test_a_merge_keeps_every_objective_and_every_word(run: Program, book: Path) -> None:
    do(run, "account", "add", "GreenTech SG")
    do(
        run,
        *("account", "plan", "greentech sg", "--goal", "One contract", "--need", "Speed"),
        *("--objective", "Pilot signed::2026-11-05", "--objective", "Audit"),
    )
    before = books.dump(book)
    do(run, "account", "merge", "greentech ltd", "greentech sg", "--yes")
    found = plan_of(run)
    assert found["goals"] == "Second team by June\n\nOne contract"
    assert (found["needs"], found["strategy"]) == ("Speed", "Start with support,\nthen grow")
    texts = sorted(one["text"] for one in found["objectives"])
    assert texts == ["Audit", "Pilot signed", "Pilot signed", "Reference", "Second champion"]
    assert do(run, "db", "check").code == 0
    assert books.sound(book)
    do(run, "undo")
    assert books.dump(book) == before


@pytest.mark.usefixtures("greentech")
@pytest.mark.parametrize("format", ["csv", "json"])
def test_a_book_through_files_has_the_same_plans(run: Program, tmp_path: Path, format: str) -> None:
    do(run, "account", "plan", "greentech", "--met", "pilot", "--drop", "reference")
    do(run, "export", "--all", str(tmp_path / "out"), "-f", format)
    other = {"ACCTCLI_DB": str(tmp_path / "other.db")}
    done = run("import", str(tmp_path / "out"), "--create", env=other)
    assert done.code == 0, done.err
    assert run("account", "plan", "greentech", "-f", "json", env=other).json() == plan_of(run)
    again = run("import", str(tmp_path / "out"), "-f", "json", env=other).json()
    assert [again[name] for name in ("new", "changed", "refused")] == [0, 0, 0]


@pytest.mark.usefixtures("greentech")
def test_the_plan_of_another_book_becomes_that_of_the_account_here(
    run: Program, tmp_path: Path
) -> None:
    do(run, "export", "--all", str(tmp_path / "out"))
    other = {"ACCTCLI_DB": str(tmp_path / "other.db")}
    for words in (
        ("db", "init"),
        ("account", "add", "Konex"),
        ("account", "add", "GreenTech Ltd"),
        ("account", "plan", "greentech", "--need", "Ours", "--goal", "Ours"),
        ("import", str(tmp_path / "out")),
    ):
        done = run(*words, env=other)
        assert done.code == 0, (words, done.err)
    found = run("account", "plan", "greentech", "-f", "json", env=other).json()
    assert (found["needs"], found["goals"]) == ("Ours", "Second team by June")
    assert len(found["objectives"]) == 3
    with closing(sqlite3.connect(tmp_path / "other.db")) as con:
        assert con.execute("SELECT count(*) FROM plan").fetchone() == (1,)


def test_a_closed_objective_out_of_a_file_has_the_day_of_closing(
    run: Program, tmp_path: Path
) -> None:
    do(run, "account", "add", "GreenTech Ltd")
    file = tmp_path / "objectives.csv"
    file.write_text("account,text,state\nGreenTech Ltd,Pilot,met\nGreenTech Ltd,Audit,\n")
    do(run, "import", str(file), "--as", "objective")
    closed = {one["text"]: one["closed_on"] for one in plan_of(run)["objectives"]}
    assert closed == {"Pilot": "2026-11-22", "Audit": None}


@pytest.mark.usefixtures("greentech")
def test_search_finds_plans_and_objectives(run: Program) -> None:
    def kinds(*words: str) -> list[str]:
        return [hit["kind"] for hit in do(run, "search", *words, "-f", "json").json()]

    assert kinds("champion") == ["objective"]
    assert kinds("support") == ["plan"]
    assert kinds("second") == ["objective", "plan"]
    assert kinds("second", "--kind", "plan") == ["plan"]
    do(run, "account", "plan", "greentech", "--goal", "")
    assert kinds("second") == ["objective"]


@pytest.mark.usefixtures("greentech")
def test_history_tells_it_in_sentences(run: Program) -> None:
    do(run, "account", "plan", "greentech", "--goal", "Two teams", "--met", "pilot")
    told = do(run, "history", "greentech", "-f", "json").json()
    assert {(row["kind"], row["record"], row["what"]) for row in told} >= {
        ("plan", "GreenTech Ltd", "added"),
        ("plan", "GreenTech Ltd", "goals rewritten"),
        ("objective", "Pilot signed", "added"),
        ("objective", "Pilot signed", "state open → met"),
    }
    of_plans = do(run, "history", "greentech", "--kind", "plan", "-f", "json").json()
    assert {row["kind"] for row in of_plans} == {"plan"}
    newest = do(run, "history").out.splitlines()[0]
    assert newest.endswith('Plan of GreenTech Ltd: changed goals; met "Pilot signed".')


@pytest.mark.usefixtures("greentech")
def test_of_an_erased_person_no_plan_speaks_any_more(run: Program, book: Path) -> None:
    do(run, "contact", "add", "Mei Tan", "--account", "greentech")
    words = ("--strategy", "Win Mei Tan", "--objective", "Mei Tan signs")
    do(run, "account", "plan", "greentech", *words)
    do(run, "contact", "delete", "mei tan", "--erase", "--yes")
    found = plan_of(run)
    assert found["strategy"] == "Win [erased]"
    assert "[erased] signs" in [one["text"] for one in found["objectives"]]
    assert b"mei tan" not in book.read_bytes().lower()
    assert do(run, "db", "check").code == 0


def test_hostile_text_stays_text(run: Program, editor: Editor, book: Path) -> None:
    do(run, "account", "add", "GreenTech Ltd")
    aim = f"Aim {HOSTILE}"
    written = do(
        run, *("account", "plan", "greentech", "--goal", HOSTILE, "--objective", f"{aim}::fri")
    )
    met = do(run, "account", "plan", "greentech", "--met", aim)
    do(run, "account", "plan", "greentech", "--reopen", "aim")
    left = edited(run, editor())
    assert left.err.endswith(": nothing changed.\n")
    shown = [written, met, left] + [
        do(run, *words)
        for words in (
            ("account", "plan", "greentech"),
            ("account", "plan", "greentech", "-f", "md"),
            ("account", "plan", "greentech", "-f", "json"),
            ("account", "show", "greentech"),
            ("review", "brief", "greentech"),
            ("review", "brief", "greentech", "-f", "md"),
        )
    ]
    for done in shown:
        for stream in (done.out, done.err):
            assert [c for c in stream if c != "\n" and text.safe(f"a{c}") != f"a{c}"] == []
    assert "[red]quux[/red]" in shown[3].out
    assert json.loads(shown[5].out)["objectives"][0]["text"] == aim


@pytest.mark.usefixtures("greentech")
def test_the_agenda_gets_open_objectives_up_to_a_day(run: Program, book: Path) -> None:
    with snapshot(book, create=False, notice=print) as con:
        due = agenda.objectives(con, date(2026, 11, 22))
        later = agenda.objectives(con, date(2026, 12, 31))
    (found,) = due
    assert (found[1], found[2], found[3]) == (plan_of(run)["id"], "Pilot signed", "2026-11-05")
    assert {row[2] for row in later} == {"Pilot signed", "Second champion"}
    do(run, "account", "plan", "greentech", "--met", "pilot")
    with snapshot(book, create=False, notice=print) as con:
        assert agenda.objectives(con, date(2026, 11, 22)) == []
