"""Promise 17: erased means erased, from every file of the book."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from tests import books
from tests.books import configure
from tests.conftest import Program

from acctcli.errors import StorageError
from acctcli.store import backup, commit, connection, erase


def test_of_people_in_the_sample_book_nothing_is_left(run: Program, home: Path, book: Path) -> None:
    assert run("demo", book).code == 0
    people = run("contact", "list", "--where", "emails ~ @", "-f", "json").json()
    # The people with most data, and one whom other texts mention.
    chosen = sorted(people, key=lambda person: -len(person["notes"] or ""))[:3]
    name = chosen[0]["name"]
    for words in (
        ["log", "call", chosen[0]["account"], f"{name} asked for a quote", "--with", name],
        ["task", "add", chosen[0]["account"], f"Quote for {name.upper()}", "--due", "fri"],
        ["contact", "edit", chosen[0]["id"], "--name", "Somebody Renamed", "--title", "CEO"],
        ["db", "backup"],
        ["contact", "edit", chosen[1]["id"], "--email", "renamed@example.com"],
        ["undo"],
        ["db", "backup"],
    ):
        assert run(*words).code == 0, words
    traces = {text for person in chosen for text in (person["name"], person["notes"]) if text}
    traces |= {one for person in chosen for one in (*person["emails"], *person["phones"])}
    traces |= {"Somebody Renamed", "renamed@example.com", *(person["id"] for person in chosen)}
    assert {trace for _, trace in found(home, traces)} == traces
    ids = "\n".join(person["id"] for person in chosen)
    end = run("contact", "delete", "-", "--erase", "--yes", input=ids)
    assert end.code == 0
    assert found(home, traces) == set()
    assert books.sound(book)
    assert len(run("contact", "list", "-f", "ids").out.split()) > 10
    assert run("search", name).out == ""
    assert run("history").code == 0
    assert run("undo", "--dry-run").code == 0
    assert run("db", "restore", "latest", "--yes").code == 0
    assert found(home, traces) == set()


def found(folder: Path, traces: set[str]) -> set[tuple[str, str]]:
    """Which traces stand in which file, in any case."""
    return {
        (file.name, trace)
        for file in folder.rglob("*")
        if file.is_file()
        for content in [file.read_bytes().lower()]
        for trace in traces
        if trace.lower().encode() in content
    }


def test_it_asks_first_and_says_that_nothing_brings_them_back(run: Program, book: Path) -> None:
    run("contact", "add", "Mei Tan", "--email", "mei@x.com")
    before = book.read_bytes()
    refused = run("contact", "delete", "mei tan", "--erase")
    assert refused.code == 2
    assert refused.err == (
        "acct: Erase Mei Tan from the book, its history and all its backups? No undo brings them "
        "back. Nothing was changed. To go ahead: --yes\n"
    )
    assert book.read_bytes() == before
    run("account", "add", "Mei Tan", "--kind", "individual")
    done = run("contact", "delete", "mei tan", "--erase", "--yes")
    assert done.err == (
        "Erased Mei Tan, for good: named in 0 other texts, 0 backups rewritten. "
        "The same name also belongs to: account Mei Tan. "
        "acct cannot find copies and exports in other places.\n"
    )
    assert run("history").out.splitlines()[0].endswith("Erased 1 contact.")
    # An undo goes to the command before, and says so: the erased person was meant.
    assert run("undo", "--dry-run").err == (
        "Would undo: Added account A-0001 [erased] (1 record). "
        "The last command cannot be undone: Erased 1 contact.\n"
    )
    assert run("undo").err == (
        "Undid: Added account A-0001 [erased] (1 record). "
        "The last command cannot be undone: Erased 1 contact. "
        "To redo what this undid: acct undo --redo\n"
    )
    assert run("account", "list").out == ""
    assert "cannot be undone" not in run("undo", "--redo").err
    assert len(run("account", "list", "-f", "ids").out.split()) == 1


def test_other_forms_are_forgotten_and_files_elsewhere_named(
    run: Program, home: Path, book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = tmp_path / "theirs"
    there.mkdir()
    monkeypatch.chdir(there)
    configure(
        home,
        "[fields.contact.hobby]\ntype = 'text'\n[fields.contact.team]\ntype = 'text'\n"
        "[fields.contact.zone]\ntype = 'choice'\nchoices = ['north shore', 'south']\n",
    )
    said = "Tan, Mei (linkedin.com/in/mei-tan-88, 6123 4567) sails the Blue Marlin, north shore"
    mei = ("--linkedin", "mei-tan-88", "--phone", "+6561234567", "--email", "mei@x.com")
    own = ("--set", "hobby=Blue Marlin", "--set", "team=Platform", "--set", "zone=north shore")
    (there / "people.csv").write_text("name,email\nMei Tan,broken\nKim,kim@x.com\n")
    for words in (
        ("account", "add", "GreenTech"),
        ("contact", "add", "Mei Tan", "--account", "greentech", *mei, *own),
        ("contact", "add", "Ann Lee", "--set", "team=Platform"),
        ("log", "call", "greentech", said),
        ("log", "note", "greentech", "Platform team met at the north shore"),
        ("import", there / "people.csv", "--as", "contact", "--skip-invalid"),
        ("export", "--as", "contact", "--output", there / "all.csv"),
        ("db", "backup", "--to", there / "copy.db"),
        ("db", "backup"),
    ):
        done = run(*words)
        assert done.code == 0, (words, done.err)
    ended = run("contact", "delete", "Mei Tan", "--erase", "--yes")
    assert ended.code == 0, ended.err
    traces = {"mei tan", "tan, mei", "mei-tan-88", "6123 4567", "6561234567", "blue marlin"}
    assert found(home, traces) == set()
    summaries = {log["summary"] for log in run("log", "list", "-f", "json").json()}
    assert summaries == {
        "[erased] ([erased], [erased]) sails the [erased], north shore",
        # Values that others share, and words of the settings, do not identify a person.
        "Platform team met at the north shore",
    }
    for name in ("people.csv", "people.rejects.csv", "all.csv", "copy.db"):
        assert str(there / name) in ended.err, ended.err
    assert (there / "people.rejects.csv").read_text().count("Mei Tan") == 1
    assert ended.err.count("\n") == 1


def test_a_backup_that_is_made_meanwhile_forgets_them_too(
    run: Program, home: Path, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("contact", "add", "Mei Tan", "--email", "mei@x.com")
    committed = commit.commit

    def late(con: sqlite3.Connection, path: Path, *words: Any) -> None:
        backup.make(path, "manual")
        committed(con, path, *words)

    monkeypatch.setattr(erase, "commit", late)
    done = run("contact", "delete", "mei tan", "--erase", "--yes")
    assert done.code == 0, done.err
    assert "1 backup rewritten" in done.err
    assert found(home, {"Mei Tan", "mei@x.com"}) == set()


def test_what_fails_after_the_erasing_does_not_say_that_nothing_was_changed(
    run: Program, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("contact", "add", "Mei Tan")
    before = connection.patiently

    def full(con: sqlite3.Connection, path: Path, statement: str, *words: Any) -> Any:
        if statement == "VACUUM":
            raise StorageError(f"the disk under {path} is full")
        return before(con, path, statement, *words)

    monkeypatch.setattr(erase, "patiently", full)
    done = run("contact", "delete", "mei tan", "--erase", "--yes")
    assert (done.code, done.out) == (6, "")
    assert done.err == (
        "acct: Erased for good, but not all was cleared away after it: "
        f"the disk under {book} is full\n"
    )
    assert run("contact", "list", "-f", "ids").out == ""
