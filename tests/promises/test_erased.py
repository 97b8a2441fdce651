"""Promise 17: erased means erased, from every file of the book."""

from __future__ import annotations

from pathlib import Path

from tests import books
from tests.conftest import Program


def test_of_people_in_the_sample_book_nothing_is_left(run: Program, home: Path, book: Path) -> None:
    assert run("demo", book).code == 0
    people = run("contact", "list", "--where", "emails ~ @", "-f", "json").json()
    # Those about whom most was said, and somebody about whom other texts speak.
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
        "back. Nothing was changed; to go ahead: --yes\n"
    )
    assert book.read_bytes() == before
    run("account", "add", "Mei Tan", "--kind", "individual")
    done = run("contact", "delete", "mei tan", "--erase", "--yes")
    assert done.err == (
        "Erased Mei Tan, for good: named in 0 other texts, 0 backups rewritten. "
        "The same name is still that of: account Mei Tan.\n"
    )
    assert run("history").out.splitlines()[0].endswith("Erased 1 contact.")
    assert run("undo").err.startswith("Took back: Added account A-0001 [erased]")
