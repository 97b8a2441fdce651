from __future__ import annotations

from pathlib import Path

import pytest
from tests import books
from tests.conftest import Program
from tests.store.sync import clashing

from acctcli.book.context import Context
from acctcli.errors import Conflict, Invalid
from acctcli.store import opening, undo
from acctcli.store.sync import overview, putting_back
from acctcli.store.sync.putting_back import PutBack

ID = "00000000-0000-5000-8000-00000000aaaa"


@pytest.fixture
def filled(run: Program, book: Path) -> Path:
    for words in (
        ("account", "add", "GreenTech Ltd", "--tag", "pilot", "--city", "Lyon"),
        ("account", "add", "Acme"),
        ("contact", "add", "Mei Tan", "--account", "greentech", "--email", "mei@greentech.example"),
        ("contact", "add", "Bo Lim", "--account", "greentech", "--primary"),
        ("contact", "edit", "mei", "--reports-to", "bo"),
        ("product", "add", "Platform", "--price", "SGD 100"),
        ("deal", "add", "greentech", "Rollout", "--amount", "SGD 5k"),
        ("deal", "item", "rollout", "--add", "platform", "--quantity", "2"),
        ("log", "note", "greentech", "Asked about Platform", "--deal", "rollout"),
    ):
        done = run(*words)
        assert done.code == 0, done.err
    return book


def take(book: Path) -> PutBack:
    with Context(db=str(book), today="2026-11-24 12:00").write() as tx:
        done = putting_back.take(tx, overview.find(tx.con, [ID])[0])
        tx.says = "Took it."
    return done


def test_a_value_is_put_back_and_can_be_undone(run: Program, filled: Path) -> None:
    green = clashing.id_of(filled, "account", "GreenTech Ltd")
    clashing.clash(filled, ID, "account", green, {"city": "Lyon"}, {"city": "Paris"})
    assert take(filled) == PutBack("account", green, 0, True)
    assert "Paris" in run("account", "show", "greentech").out
    assert take(filled) == PutBack("account", green, 0, False)
    assert run("undo").code == 0
    assert "Lyon" in run("account", "show", "greentech").out


def test_cells_that_say_one_thing_come_back_together(run: Program, filled: Path) -> None:
    deal = clashing.id_of(filled, "deal", "Rollout")
    won, lost = {"amount": 500000, "currency": "SGD"}, {"amount": 1200, "currency": "JPY"}
    clashing.clash(filled, ID, "deal", deal, won, lost)
    take(filled)
    assert run("deal", "list", "--columns", "amount,currency").out == "1200\tJPY\n"
    changes = books.value(filled, "SELECT count(*) FROM deal_change WHERE field = 'amount'")
    assert changes == 1


def test_the_rules_of_the_kind_hold(filled: Path) -> None:
    green = clashing.id_of(filled, "account", "GreenTech Ltd")
    clashing.clash(filled, ID, "account", green, {"parent_id": None}, {"parent_id": green})
    with pytest.raises(Invalid):
        take(filled)
    books.change(filled, 'UPDATE sync_conflict SET lost = \'{"parent_id": "gone"}\'')
    with pytest.raises(Conflict, match="not there any more"):
        take(filled)


def test_a_custom_field(run: Program, home: Path, book: Path) -> None:
    books.configure(home, '[fields.account.mood]\ntype = "text"\n')
    run("account", "add", "GreenTech Ltd", "--set", "mood=fine")
    filled = book
    row = books.value(filled, "SELECT id FROM custom")
    clashing.clash(filled, ID, "custom", row, {"value": "fine"}, {"value": "grand"})
    take(filled)
    assert run("account", "list", "--columns", "mood").out.splitlines()[-1] == "grand"


def test_an_item_of_a_list(run: Program, filled: Path) -> None:
    tag = books.value(filled, "SELECT id FROM tag")
    green = clashing.id_of(filled, "account", "GreenTech Ltd")
    gone = {"account_id": green, "tag": "pilot"}
    clashing.clash(filled, ID, "tag", tag, {"@": 0}, gone, why="deleted")
    clashing.keep(filled, "tag", tag, {"@": 0, **gone, "position": 0})
    run("account", "tag", "greentech", "--remove", "pilot")
    assert take(filled).changed
    assert "pilot" in run("account", "list", "--columns", "tags").out
    assert not take(filled).changed


def test_a_deleted_account_comes_back_with_everything(run: Program, filled: Path) -> None:
    before = books.dump(filled)
    green = clashing.id_of(filled, "account", "GreenTech Ltd")
    clashing.clash(filled, ID, "account", green, {"@": 0}, {"city": "Lyon"}, why="deleted")
    assert run("account", "delete", "GreenTech Ltd", "Acme", "--yes").code == 0
    done = take(filled)
    assert done.kind == "account"
    assert done.revived > 3
    after = books.dump(filled)
    assert [row[5] for row in after["account"]] == ["GreenTech Ltd"]
    for table in ("deal", "item", "log", "tag", "email", "contact"):
        assert after[table] == before[table], table
    assert "Lyon" in run("account", "show", "greentech").out
    assert "Mei Tan" in run("search", "mei").out
    assert run("db", "check").code == 0
    assert run("undo").code == 0
    assert run("account", "list").out == ""


def test_whoever_moved_on_comes_back_too(run: Program, filled: Path) -> None:
    linked = run("contact", "link", "bo", "--account", "acme", "--role", "champion")
    assert linked.code == 0, linked.err
    green = clashing.id_of(filled, "account", "GreenTech Ltd")
    before = {k: v for k, v in books.dump(filled).items() if k in ("contact", "affiliation")}
    clashing.clash(filled, ID, "account", green, {"@": 0}, {"city": "Lyon"}, why="deleted")
    run("account", "delete", "GreenTech Ltd", "--yes")
    assert "Bo Lim" in run("contact", "list", "--account", "acme").out
    take(filled)
    assert run(
        "contact", "list", "--account", "greentech", "--columns", "name"
    ).out.splitlines() == [
        "Bo Lim",
        "Mei Tan",
    ]
    after = books.dump(filled)
    assert after["affiliation"] == before["affiliation"]


def test_what_only_referred_to_it_refers_to_it_again(run: Program, filled: Path) -> None:
    deal = clashing.id_of(filled, "deal", "Rollout")
    clashing.clash(filled, ID, "deal", deal, {"@": 0}, {"stage": "proposal"}, why="deleted")
    run("deal", "delete", "Rollout", "--yes")
    assert books.value(filled, "SELECT deal_id FROM log") is None
    take(filled)
    assert books.value(filled, "SELECT deal_id FROM log") == deal
    assert books.value(filled, "SELECT count(*) FROM item") == 1
    assert run("deal", "list", "--columns", "stage").out == "proposal\n"


def test_a_part_brings_back_the_account_that_was_deleted_with_it(
    run: Program, filled: Path
) -> None:
    deal = clashing.id_of(filled, "deal", "Rollout")
    clashing.clash(filled, ID, "deal", deal, {"@": 0}, {"stage": "proposal"}, why="deleted")
    run("account", "delete", "GreenTech Ltd", "--yes")
    take(filled)
    assert "Mei Tan" in run("contact", "list").out
    assert run("deal", "list", "--columns", "stage").out == "proposal\n"


def test_what_it_belonged_to_comes_back_too_though_another_command_deleted_that(
    run: Program, filled: Path
) -> None:
    deal = clashing.id_of(filled, "deal", "Rollout")
    clashing.clash(filled, ID, "deal", deal, {"@": 0}, {"stage": "proposal"}, why="deleted")
    before = books.dump(filled)
    run("deal", "delete", "Rollout", "--yes")
    run("account", "delete", "GreenTech Ltd", "--yes")
    gone = books.dump(filled)
    assert take(filled).revived > 1
    after = books.dump(filled)
    for kind in ("account", "contact", "deal", "log", "task"):
        assert [row[0] for row in after[kind]] == [row[0] for row in before[kind]]
    assert run("undo").code == 0
    assert books.dump(filled) == gone


def test_what_belongs_to_something_that_never_was_here_says_so(filled: Path) -> None:
    task = "0190a000-0000-7000-8000-000000000002"
    moments = {"created_at": "2026-11-22T09:00:00Z", "updated_at": "2026-11-22T09:00:00Z"}
    kept = {"@": 0, "text": "Call back", "account_id": "x" * 36, "owed_by": "us", **moments}
    clashing.keep(filled, "task", task, {**kept, "updated_by": "ann"})
    clashing.clash(filled, ID, "task", task, {"@": 0}, {"due": "2026-12-01"}, why="deleted")
    with pytest.raises(Conflict, match="not there any more"):
        take(filled)


def test_a_record_that_was_only_ever_deleted_here_comes_back_from_what_is_kept(
    run: Program, filled: Path
) -> None:
    green = clashing.id_of(filled, "account", "GreenTech Ltd")
    task = "0190a000-0000-7000-8000-000000000001"
    values = {"text": "Call back", "account_id": green, "owed_by": "us"}
    moments = {"created_at": "2026-11-22T09:00:00Z", "updated_at": "2026-11-22T09:00:00Z"}
    kept = {"@": 0, **values, **moments, "updated_by": "ann"}
    clashing.keep(filled, "task", task, kept)
    clashing.clash(filled, ID, "task", task, {"@": 0}, {"due": "2026-12-01"}, why="deleted")
    assert take(filled).revived == 1
    assert "Call back" in run("task", "list").out
    assert "2026-12-01" in run("task", "list", "-f", "csv").out
    books.change(filled, "DELETE FROM task")
    clashing.keep(filled, "task", task, {"@": 0, "account_id": green})
    with pytest.raises(Conflict, match="but that it was deleted"):
        take(filled)


def test_an_edit_of_a_merged_record_goes_to_the_one_that_stayed(run: Program, filled: Path) -> None:
    green, acme = (clashing.id_of(filled, "account", one) for one in ("GreenTech Ltd", "Acme"))
    clashing.clash(filled, ID, "account", acme, {"@": 0}, {"industry": "retail"}, why="deleted")
    assert run("account", "merge", "GreenTech Ltd", "Acme", "--yes").code == 0
    clashing.keep(filled, "account", acme, {"@": 0, "@into": green})
    assert take(filled) == PutBack("account", green, 0, True)
    assert run("account", "list", "--columns", "name,industry").out == "GreenTech Ltd\tretail\n"


def test_nothing_is_left_if_it_fails(filled: Path) -> None:
    with opening.snapshot(filled) as con:
        last = undo.last_undoable(con)
    before = filled.read_bytes()
    deal = clashing.id_of(filled, "deal", "Rollout")
    clashing.clash(filled, ID, "deal", deal, {"stage": "won"}, {"account_id": "gone"})
    stands = filled.read_bytes()
    assert stands != before
    with pytest.raises(Conflict):
        take(filled)
    assert filled.read_bytes() == stands
    with opening.snapshot(filled) as con:
        assert undo.last_undoable(con) == last
