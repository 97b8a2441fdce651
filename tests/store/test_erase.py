from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests import books
from tests.conftest import Program

from acctcli.errors import Conflict, StorageError
from acctcli.store import backup, erase, merge, records, undo
from acctcli.store.journal import Writing, writing
from acctcli.store.opening import open_book

MOMENT = "2026-11-22T09:00:00Z"


@contextmanager
def command(path: Path, typed: str = "acct …", says: str = "Did it.") -> Iterator[Writing]:
    with writing(path, now=MOMENT, today="2026-11-22", who="kim", typed=typed, notice=print) as tx:
        yield tx
        tx.says = tx.says or says


def account(path: Path, name: str = "GreenTech Ltd", **values: Any) -> str:
    with command(path, f"acct account add '{name}'", f"Added {name}.") as tx:
        given = {"name": name, "kind": "company", "status": "lead", **values}
        return records.insert(tx, "account", given)


def contact(path: Path, custom: Any = (), **values: Any) -> str:
    given = {"name": "Mei Tan", **values}
    typed = f"acct contact add '{given['name']}' --title CFO"
    with command(path, typed, f"Added {given['name']}.") as tx:
        return records.insert(tx, "contact", given, dict(custom))


def erased(path: Path, *ids: str) -> erase.Erased:
    return erase.contacts(path, ids, now="2026-11-23T09:00:00Z", who="kim")


def remains(path: Path, *words: str) -> set[tuple[str, str]]:
    """Return which of the words are where, in any case, in any file of the book."""
    files = [path, *path.parent.glob("book*/*"), *path.parent.glob("book.db-*")]
    return {
        (file.name, word)
        for file in files
        for word in words
        if word.lower().encode() in file.read_bytes().lower()
    }


WORDS = (
    *("mei tan", "mei lim", "@greentech", "new@x.com", "9123"),
    *("orchids", "vegan", "1980-02-03", "nuts"),
)


def test_nothing_is_left_in_book_history_index_and_backups(path: Path) -> None:
    told = "Mei Tan decides. Write to MEI@greentech.sg or +65 9123 4567"
    green = account(path, description=told)
    mei = contact(
        path,
        account=green,
        emails=("mei@greentech.sg",),
        phones=("+6591234567",),
        notes="Likes orchids.\nAllergic to nuts",
        custom={"born": "1980-02-03"},
    )
    with command(path, "acct log call greentech 'Walked Mei Tan through' --with mei") as tx:
        log = {"account": green, "kind": "call", "at": MOMENT, "contacts": (mei,)}
        records.insert(tx, "log", {**log, "summary": "Walked mei tan through", "body": "Mei\nTan"})
        task = {"account": green, "contact": mei, "owed_by": "us"}
        records.insert(tx, "task", {**task, "text": "Quote to Mei Tan (CFO)"})
        review = {"account": green, "held_on": "2026-11-01"}
        records.insert(tx, "review", {**review, "risks": "Mei Tan leaves"})
    backup.make(path, "manual")
    with command(path, "acct contact edit mei --name 'Mei Lim-Ong' --email new@x.com") as tx:
        changed = {"name": "Mei Lim-Ong", "emails": ("new@x.com",), "notes": "Vegan now"}
        records.update(tx, "contact", mei, changed)
    backup.make(path, "manual")
    with command(path) as tx:
        records.update(tx, "account", green, {"description": "Mei Lim-Ong rules"})
    assert {word for _, word in remains(path, *WORDS)} == set(WORDS)
    done = erased(path, mei)
    assert remains(path, *WORDS, mei) == set()
    assert (done.mentions, done.backups, done.left) == (4, 2, ())
    for file in (path, *(kept.path for kept in backup.listed(path))):
        assert books.sound(file)
    assert books.value(path, "SELECT summary FROM log") == "Walked [erased] through"
    assert books.value(path, "SELECT text FROM task") == "Quote to [erased] (CFO)"
    assert books.value(path, "SELECT name_key FROM task") == "quote to [erased] (cfo)"
    assert books.value(path, "SELECT contact_id IS NULL FROM task") == 1


def test_what_does_not_name_them_is_neither_changed_nor_counted(path: Path) -> None:
    first = account(path, name="Quiet Ltd", description="Nothing of anybody", owner="Raj Nair")
    account(path, description="Mei Tan decides")
    before = {row[0]: row for row in books.dump(path)["account"]}[first]
    done = erased(path, contact(path))
    assert (done.mentions, done.left) == (1, ())
    assert {row[0]: row for row in books.dump(path)["account"]}[first] == before


def test_what_a_task_was_called_once_goes_too_and_can_be_taken_back(path: Path) -> None:
    mei = contact(path)
    with command(path) as tx:
        task = records.insert(tx, "task", {"text": "Call"})
    for text in ("Quote to Mei Tan", "Send it"):
        with command(path) as tx:
            records.update(tx, "task", task, {"text": text})
    erased(path, mei)
    assert remains(path, "mei tan") == set()
    with command(path) as tx:
        undo.undo(tx, undo.last_undoable(tx.con))
    sql = "SELECT text || '|' || name_key FROM task"
    assert books.value(path, sql) == "Quote to [erased]|quote to [erased]"
    assert books.sound(path)


def test_of_a_command_about_them_only_its_kind_is_left(path: Path) -> None:
    green = account(path)
    mei = contact(path, account=green)
    with command(path, "acct log call greentech 'Mei Tan talked'", "Logged: Mei Tan.") as tx:
        log = {"account": green, "kind": "call", "at": MOMENT, "contacts": (mei,)}
        records.insert(tx, "log", {**log, "summary": "Mei Tan talked"})
    erased(path, mei)
    assert [row[:2] for row in said(path)] == [
        ("acct account add 'GreenTech Ltd'", "Added GreenTech Ltd."),
        ("acct contact add [erased]", "[erased]"),
        ("acct log call greentech '[erased] talked'", "Logged: [erased]."),
        ("acct contact delete [erased] --erase", said(path)[-1][1]),
    ]


def said(path: Path) -> list[tuple[str, str]]:
    """Return what was typed and what the command said, by command."""
    with closing(open_book(path)) as con:
        return con.execute("SELECT typed, says FROM command ORDER BY seq").fetchall()


def test_what_only_a_backup_calls_them_goes_from_it(path: Path) -> None:
    account(path, description="Write to Mei Tan or Mei Old")
    mei = contact(path)
    kept = backup.make(path, "manual")
    books.change(kept, "UPDATE contact SET name = 'Mei Old', name_key = 'mei old'")
    erased(path, mei)
    told = "SELECT description FROM account"
    assert books.value(kept, told) == "Write to [erased] or [erased]"


def test_what_was_rewritten_bears_the_moment_for_other_machines(path: Path) -> None:
    green = account(path, description="Mei Tan decides")
    other = account(path, name="Other Ltd")
    erased(path, contact(path, account=green))
    moment = "SELECT updated_at FROM account WHERE id = ?"
    assert books.value(path, moment, green) == "2026-11-23T09:00:00Z"
    assert books.value(path, moment, other) == MOMENT


def test_what_was_done_to_others_can_still_be_taken_back(path: Path) -> None:
    green = account(path)
    before = books.dump(path)
    with command(path, "acct import people.csv", "Imported 2 contacts.") as tx:
        raj = records.insert(tx, "contact", {"name": "Raj Nair", "account": green})
        mei = records.insert(
            tx, "contact", {"name": "Mei Tan", "account": green, "reports_to": raj}
        )
        records.update(tx, "contact", raj, {"reports_to": mei})
        log = {
            "account": green,
            "kind": "call",
            "at": MOMENT,
            "summary": "Both",
            "contacts": (mei, raj),
        }
        records.insert(tx, "log", log)
    with command(path) as tx:
        records.update(tx, "contact", raj, {"title": "CTO", "reports_to": None})
    erased(path, mei)
    with command(path) as tx:
        assert undo.undo(tx, undo.last_undoable(tx.con)).command == 3
    assert books.value(path, "SELECT title IS NULL AND reports_to_id IS NULL FROM contact") == 1
    with command(path) as tx:
        assert (
            undo.undo(tx, undo.last_undoable(tx.con)).says
            == "Undid: Imported 2 contacts (2 records)."
        )
    assert books.dump(path) == before
    assert books.sound(path)


def test_who_was_merged_into_them_goes_along(path: Path, run: Program) -> None:
    mei = contact(path, emails=("mei@x.com",), notes="Likes orchids")
    contact(path, name="M. Tan-Wong", emails=("wong@y.com",), notes="Vegan")
    run("--db", path, "contact", "merge", "mei@x.com", "wong@y.com", "--yes")
    words = ("mei tan", "tan-wong", "mei@x", "wong@y", "orchids", "vegan")
    assert {word for _, word in remains(path, *words)} == set(words)
    assert erased(path, mei).backups == 1  # the one that the merge made
    assert remains(path, *words) == set()
    assert run("--db", path, "undo").code == 3
    assert books.sound(path)


def test_that_they_are_not_somebody_else_is_forgotten_too(path: Path) -> None:
    mei, raj = contact(path), contact(path, name="Raj Nair")
    with command(path) as tx:
        merge.say_distinct(tx, "contact", raj, mei)
    with command(path) as tx:
        records.delete(tx, "contact", raj)
    erased(path, mei)
    with command(path) as tx:
        undo.undo(tx, 4)
    assert books.value(path, "SELECT name FROM contact") == "Raj Nair"
    assert books.sound(path)
    assert remains(path, mei) == set()


def test_erasing_itself_cannot_be_taken_back(path: Path) -> None:
    mei = contact(path)
    erased(path, mei)
    with command(path) as tx, pytest.raises(Conflict, match="nothing that can be undone"):
        undo.undo(tx, 2)
    assert books.value(path, "SELECT says FROM command ORDER BY seq DESC") == "Erased 1 contact."


def test_others_of_the_same_name_stay_and_are_named(path: Path) -> None:
    kim = account(path, name="Kim Lee", owner="Ann Ray")
    twin = contact(path, name="Kim Lee", account=kim, title="CFO")
    other = contact(path, name="Ann Ray")
    done = erased(path, contact(path, name="Kim Lee"), other)
    assert set(done.left) == {"account Kim Lee", "contact Kim Lee"}
    assert books.value(path, "SELECT name FROM account") == "Kim Lee"
    assert books.value(path, "SELECT id FROM contact") == twin
    done = erased(path, twin)
    assert done.left == ("account Kim Lee",)


def test_somebody_who_owns_an_account_is_named_as_left(path: Path) -> None:
    account(path, owner="Ann Ray")
    assert erased(path, contact(path, name="Ann Ray")).left == ("owner of account GreenTech Ltd",)


@pytest.mark.parametrize(
    ("name", "text", "becomes"),
    [
        ("Mei Tan", "mei tan and Mei Tanaka", "[erased] and Mei Tanaka"),
        ("Will", "Will will call Willow", "[erased] will call Willow"),
        ("Pat O'Brien", "Pat O'Brien's", "[erased]'s"),
        ("José Muñoz", "JOSÉ MUÑOZ!", "[erased]!"),
        ("田中", "田中 called", "[erased] called"),
        ("A. (B) [C]", "by A. (B) [C]", "by [erased]"),
    ],
)
def test_names_are_whole_names(path: Path, name: str, text: str, becomes: str) -> None:
    green = account(path, description=text)
    erased(path, contact(path, name=name))
    assert books.value(path, "SELECT description FROM account WHERE id = ?", green) == becomes


def test_a_name_with_a_quote_goes_from_what_was_typed(path: Path) -> None:
    import shlex

    pat = contact(path, name="Pat O'Brien")
    with command(path, shlex.join(["acct", "log", "note", "x", "Met Pat O'Brien"])) as tx:
        records.insert(tx, "product", {"name": "Support"})
    erased(path, pat)
    assert "Brien" not in books.value(path, "SELECT group_concat(typed) FROM command")


def test_tags_custom_values_and_presets_are_texts_too(path: Path) -> None:
    green = account(path, tags=("friend of Mei Tan", "expo"))
    with command(path) as tx:
        records.update(tx, "account", green, {}, {"buyer": "Mei Tan"})
        tx.con.execute("INSERT INTO preset VALUES ('p', '{\"owner\": \"Mei Tan\"}')")
    erased(path, contact(path))
    assert remains(path, "mei tan") == set()
    assert books.value(path, "SELECT group_concat(tag) FROM tag") == "expo"
    assert books.sound(path)


def test_refused_texts_that_name_the_person_are_removed(path: Path) -> None:
    folder = path.parent / "book-refused"
    folder.mkdir()
    (folder / "contact.toml").write_text('name = "Mei Tan"')
    (folder / "account.toml").write_text('name = "GreenTech"')
    erased(path, contact(path))
    assert [file.name for file in folder.iterdir()] == ["account.toml"]


def test_a_backup_that_cannot_be_rewritten_stops_it_before_the_book_is_changed(path: Path) -> None:
    mei = contact(path)
    broken = path.parent / "book-backups" / "20260101T000000Z-book.damaged"
    backup.make(path, "manual")
    broken.write_bytes(b"Mei Tan, half a page")
    broken.with_name(f"{broken.name}-journal").write_bytes(b"Mei Tan, the other half")
    with pytest.raises(StorageError, match=r"20260101T000000Z-book.damaged cannot be rewritten"):
        erased(path, mei)
    assert books.value(path, "SELECT name FROM contact") == "Mei Tan"
    broken.unlink()
    erased(path, mei)
    assert remains(path, "mei tan") == set()


def test_unfinished_backups_go(path: Path) -> None:
    mei = contact(path)
    made = backup.make(path, "manual")
    made.rename(made.with_name(f"{made.name}.partial"))
    assert erased(path, mei).backups == 0
    assert list(made.parent.iterdir()) == []


words = st.text(st.characters(categories=["L", "N", "P", "Zs"]), min_size=4, max_size=30).map(
    lambda text: " ".join(text.split())
)


@pytest.mark.slow
@settings(max_examples=15)
@given(name=words.filter(lambda name: len(name) > 3), note=words)
def test_whatever_the_name_is(
    tmp_path_factory: pytest.TempPathFactory, name: str, note: str
) -> None:
    path = tmp_path_factory.mktemp("erase") / "book.db"
    books.create(path)
    green = account(path, name="G", description=f"By {name}; and {name}.")
    mei = contact(path, name=name, notes=f"{note} of {name}", account=green)
    backup.make(path, "manual")
    assert erased(path, mei).left == ()
    assert remains(path, f"{note} of {name}", f"By {name};", f" {name}.") == set()
    assert books.sound(path)


def test_it_says_which_values_other_machines_have_still(path: Path) -> None:
    place = account(path, description="Mei Tan decides", tags=("Mei Tan", "vip"))
    mei = contact(path, account=place, emails=("mei@x.example",))
    with command(path) as tx:
        task = records.insert(tx, "task", {"text": "Call", "contact": mei, "owed_by": "us"})
        listed = {r["id"] for r in tx.rows("email", "contact_id", mei)}
        tag = next(r["id"] for r in tx.rows("tag", "account_id", place) if r["tag"] != "vip")
    assert set(erased(path, mei).cells) == {
        ("task", task, "contact_id"),
        *(("email", id, erase.GONE) for id in listed),
        ("contact", mei, erase.GONE),
        ("account", place, "description"),
        ("tag", tag, erase.GONE),
    }
