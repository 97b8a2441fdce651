"""Undo of single commands and of chains; any sequence at all is in promises/test_undo.py."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests import books, strain

from acctcli.errors import Conflict, NotFound
from acctcli.store import records, search
from acctcli.store import undo as store
from acctcli.store.journal import Writing, writing
from acctcli.store.opening import snapshot
from acctcli.store.undo import Undone


class Book:
    """A book with its own clock: every command is a minute later than the one before."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.minute = 0
        books.create(path)

    @contextmanager
    def command(self, says: str = "Did something.") -> Iterator[Writing]:
        self.minute += 1
        now = f"2026-11-22T{9 + self.minute // 60:02}:{self.minute % 60:02}:00Z"
        with writing(
            self.path, now=now, today="2026-11-22", who="kim", typed="acct …", notice=print
        ) as tx:
            yield tx
            tx.says = tx.says or says

    def add(self, kind: str, /, **values: Any) -> str:
        with self.command(f"Added {kind}.") as tx:
            return records.insert(tx, kind, values)

    def edit(self, kind: str, id: str, /, **values: Any) -> None:
        with self.command(f"Changed {kind}.") as tx:
            records.update(tx, kind, id, values)

    def delete(self, kind: str, id: str) -> None:
        with self.command(f"Deleted {kind}.") as tx:
            records.delete(tx, kind, id)

    def undo(self, seq: int | None = None, *, redo: bool = False, keep: bool = False) -> Undone:
        with self.command() as tx:
            if seq is None:
                seq = store.last_undo(tx.con) if redo else store.last_undoable(tx.con)
            return store.undo(tx, seq, keep_edited=keep)

    @property
    def state(self) -> books.Dump:
        return books.dump(self.path)

    def found(self, words: str) -> Sequence[str]:
        with snapshot(self.path) as con:
            return [hit.title for hit in search.find(con, words)]


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return Book(tmp_path / "book.db")


ACME = {"name": "Acme", "kind": "company", "status": "lead"}


def acme(book: Book, **values: Any) -> str:
    return book.add("account", **{**ACME, **values})


def deal(book: Book, account: str, **values: Any) -> str:
    given = {"title": "Rollout", "stage": "proposal", "opened_on": "2026-11-01", **values}
    return book.add("deal", account=account, **given)


def test_nothing_to_take_back(book: Book) -> None:
    with pytest.raises(NotFound, match="acct history"):
        book.undo()
    with pytest.raises(NotFound):
        book.undo(redo=True)
    with pytest.raises(NotFound, match="no command 7"):
        book.undo(7)


def test_each_kind_of_change_is_taken_back_exactly(book: Book) -> None:
    """Down to `updated_at` and who changed it last, with lists and custom fields."""
    states = [book.state]
    id = acme(book, tags=("a", "b"))
    states.append(book.state)
    book.edit("account", id, name="Acme Ltd", tags=("b", "c"), employees=12)
    states.append(book.state)
    with book.command() as tx:
        records.update(tx, "account", id, {}, {"region": "north"})
    states.append(book.state)
    book.delete("account", id)
    while states:
        book.undo()
        assert book.state == states.pop()
    assert books.sound(book.path)


def test_successive_undos_go_further_back_and_redos_come_forward_again(book: Book) -> None:
    id = acme(book)
    states = [book.state]
    for name in ("B", "C", "D"):
        book.edit("account", id, name=name)
        states.append(book.state)
    for state in reversed(states[:-1]):
        assert book.undo().says.startswith("Undid: Changed account (1 record).")
        assert book.state == state
    for state in states[1:]:
        assert book.undo(redo=True).says == "Redid: Changed account (1 record)."
        assert book.state == state
    with pytest.raises(NotFound):
        book.undo(redo=True)


def test_after_a_redo_undo_takes_the_command_back_again(book: Book) -> None:
    id = acme(book)
    before = book.state
    book.edit("account", id, name="B")
    after = book.state
    for _ in range(3):
        book.undo()
        assert book.state == before
        book.undo(redo=True)
        assert book.state == after


def test_a_new_command_after_an_undo_is_the_next_to_be_taken_back(book: Book) -> None:
    id = acme(book)
    book.edit("account", id, name="B")
    book.undo()
    before = book.state
    book.edit("account", id, name="C")
    book.undo()
    assert book.state == before
    assert book.undo().says == "Undid: Added account (1 record)."


def test_a_specific_command_in_the_middle(book: Book) -> None:
    id = acme(book)  # command 1
    other = book.add("account", name="Other", kind="company", status="lead")
    book.edit("account", id, name="B")  # 3
    book.edit("account", other, name="O2")
    assert book.undo(3).records == 1
    assert books.value(book.path, "SELECT name FROM account WHERE id = ?", id) == "Acme"
    assert books.value(book.path, "SELECT name FROM account WHERE id = ?", other) == "O2"


def test_by_number_an_undo_is_done_again_and_a_redo_taken_back(book: Book) -> None:
    id = acme(book)
    before = book.state
    book.edit("account", id, name="B")  # 2
    after = book.state
    book.undo(2)  # 3
    book.undo(3)  # 4
    assert book.state == after
    book.undo(4)
    assert book.state == before
    with pytest.raises(Conflict, match="command 2 was already undone by command 5"):
        book.undo(2)
    with pytest.raises(Conflict, match="To redo it: acct undo 5"):
        book.undo(4)


def test_what_was_changed_since_is_refused_by_name_and_nothing_is_written(book: Book) -> None:
    id = acme(book)
    book.edit("account", id, name="Acme Ltd")  # 2
    book.edit("account", id, status="customer")  # 3
    before = book.path.read_bytes()
    with pytest.raises(Conflict, match=r"account Acme Ltd \(changed since by command 3\)") as error:
        book.undo(2)
    assert error.value.exit_code == 4
    assert error.value.candidates == ("Acme Ltd",)
    assert book.path.read_bytes() == before


def test_what_was_changed_and_changed_back_by_undo_is_no_obstacle(book: Book) -> None:
    id = acme(book)
    before = book.state
    book.edit("account", id, name="B")  # 2
    book.edit("account", id, name="C")  # 3
    book.undo(3)
    book.undo(2)
    assert book.state == before


def test_a_list_item_changed_since_counts_as_the_record(book: Book) -> None:
    id = acme(book, tags=("a",))
    book.edit("account", id, name="B")  # 2
    book.edit("account", id, tags=("a", "b"))
    with pytest.raises(Conflict, match="account B"):
        book.undo(2)


def test_a_dependant_added_since_is_refused_by_name(book: Book) -> None:
    id = acme(book)
    book.add("contact", name="Mei Tan", account=id)
    with pytest.raises(Conflict, match=r"account Acme \(contact Mei Tan belongs to it now\)"):
        book.undo(1)
    assert books.sound(book.path)


def test_what_it_would_point_to_may_be_gone(book: Book) -> None:
    id = acme(book)
    contact = book.add("contact", name="Mei Tan", account=id)
    book.delete("contact", contact)  # 3
    book.delete("account", id)
    with pytest.raises(Conflict, match=r"contact Mei Tan \(the account it belongs to is gone\)"):
        book.undo(3)


def test_keep_edited_takes_back_the_rest_and_can_itself_be_taken_back(book: Book) -> None:
    with book.command("Imported 3 accounts.") as tx:  # 1
        ids = [
            records.insert(
                tx, "account", {"name": name, "kind": "company", "status": "lead", "tags": ("x",)}
            )
            for name in ("A", "B", "C")
        ]
    book.edit("account", ids[1], name="B2")  # 2
    before = book.state
    undone = book.undo(1, keep=True)  # 3
    assert undone.says == (
        "Undid: Imported 3 accounts (2 records). Kept: account B2 (changed since by command 2)."
    )
    assert [row[0] for row in book.state["account"]] == [ids[1]]
    assert [row[1] for row in book.state["tag"]] == [ids[1]]
    assert books.sound(book.path)
    book.undo(redo=True)
    assert book.state == before


def test_what_an_undo_kept_still_stands_in_the_way_of_earlier_commands(book: Book) -> None:
    a = acme(book)  # 1
    b = book.add("account", name="B", kind="company", status="lead")  # 2
    with book.command("Changed both.") as tx:  # 3
        records.update(tx, "account", a, {"name": "A3"})
        records.update(tx, "account", b, {"name": "B3"})
    book.edit("account", a, name="A4")  # 4
    book.undo(3, keep=True)
    book.undo(4)
    # Command 3 counts as undone, but its change of the first account was kept.
    with pytest.raises(Conflict, match=r"A3 \(changed since by command 3\)"):
        book.undo(1)
    book.undo(2)
    assert books.sound(book.path)


def test_kept_records_keep_what_they_depend_on(book: Book) -> None:
    """An imported contact that was edited keeps its imported account, and all its addresses."""
    with book.command("Imported.") as tx:
        account = records.insert(tx, "account", {"name": "A", "kind": "company", "status": "lead"})
        mei = records.insert(
            tx, "contact", {"name": "Mei", "account": account, "emails": ("m@a.com",)}
        )
        records.insert(tx, "contact", {"name": "Raj", "account": account, "emails": ("r@a.com",)})
    book.edit("contact", mei, title="CFO")
    undone = book.undo(1, keep=True)
    assert {(k.kind, k.name) for k in undone.kept} == {("contact", "Mei"), ("account", "A")}
    assert [row[2] for row in book.state["email"]] == ["m@a.com"]
    assert books.sound(book.path)


def test_when_everything_is_kept_it_says_so_and_stays_undoable(book: Book) -> None:
    id = acme(book)
    book.edit("account", id, name="B")
    before = book.path.read_bytes()
    with pytest.raises(Conflict, match="none of it can be undone"):
        book.undo(1, keep=True)
    assert book.path.read_bytes() == before


def test_a_row_removed_by_other_means_is_named(book: Book) -> None:
    id = acme(book)
    other = book.add("account", name="Other", kind="company", status="lead")
    book.edit("account", id, name="B")
    books.change(book.path, "DELETE FROM account WHERE id = ?", id)
    with pytest.raises(Conflict, match="is not there any more"):
        book.undo(3)
    book.delete("account", other)
    books.change(
        book.path,
        "INSERT INTO account (id, created_at, updated_at, updated_by, number, name, name_key, "
        "kind, status) VALUES (?, 'x', 'x', 'x', 'A-9', 'Again', 'again', 'company', 'lead')",
        other,
    )
    with pytest.raises(Conflict, match=r"account Again \(is there again\)"):
        book.undo(4)


def test_a_command_is_taken_back_as_a_whole_or_refused(book: Book) -> None:
    one, other = acme(book), book.add("account", name="Other", kind="company", status="lead")
    with book.command("Changed both.") as tx:  # 3
        for id in (one, other):
            records.update(tx, "account", id, {"status": "customer"})
    books.change(book.path, "DELETE FROM account WHERE id = ?", one)
    before = book.state
    with pytest.raises(Conflict, match=r"Changed both.+is not there any more.+--keep-edited"):
        book.undo(3)
    assert book.state == before


def test_a_dependant_of_one_record_stops_the_whole_undo(book: Book) -> None:
    with book.command("Imported.") as tx:  # 1
        values = {"kind": "company", "status": "lead"}
        one, _ = (records.insert(tx, "account", {"name": name, **values}) for name in "AB")
    book.add("contact", name="Mei Tan", account=one)
    before = book.state
    with (
        pytest.raises(Conflict, match=r"as a whole: account A \(contact Mei Tan belongs to it"),
        book.command() as tx,
    ):
        store.undo(tx, 1)
    assert book.state == before


def test_all_that_stands_in_the_way_is_named_at_once(book: Book) -> None:
    one, other = acme(book), book.add("account", name="Other", kind="company", status="lead")
    with book.command("Changed both.") as tx:  # 3
        for id in (one, other):
            records.update(tx, "account", id, {"status": "customer"})
    book.edit("account", one, status="former")  # 4
    book.delete("account", other)  # 5
    with pytest.raises(Conflict) as refused:
        book.undo(3)
    assert set(refused.value.candidates) == {"Acme", "Other"}
    assert "Acme (changed since by command 4)" in refused.value.message
    assert "Other (changed since by command 5)" in refused.value.message


def test_a_change_that_was_done_again_is_the_one_that_stands(book: Book) -> None:
    id = acme(book)  # 1
    book.edit("account", id, name="B")  # 2
    book.undo()
    book.undo(redo=True)
    with pytest.raises(Conflict, match="changed since by command 2"):
        book.undo(1)


def test_what_is_kept_keeps_only_what_it_needs(book: Book) -> None:
    there = acme(book)  # 1
    with book.command("Imported.") as tx:  # 2
        values = {"kind": "company", "status": "lead"}
        new = records.insert(tx, "account", {"name": "New", **values})
        people = [
            records.insert(tx, "contact", {"name": name, "account": account})
            for name, account in (("Mei", new), ("Raj", there))
        ]
        records.update(tx, "account", there, {"status": "customer"})
    for person in people:
        book.edit("contact", person, title="CFO")
    undone = book.undo(2, keep=True)
    assert {(k.kind, k.name) for k in undone.kept} == {
        *(("contact", "Mei"), ("contact", "Raj"), ("account", "New"))
    }
    with snapshot(book.path) as con:
        sql = "SELECT status FROM account WHERE id = ?"
        assert con.execute(sql, (there,)).fetchone() == ("lead",)


def chain(tx: Writing, above: str | None, names: str) -> list[str]:
    """Add accounts, each below the one before it."""
    made: list[str] = []
    for name in names:
        values = {"kind": "company", "status": "lead", "parent": made[-1] if made else above}
        made.append(records.insert(tx, "account", {"name": name, **values}))
    return made


def attempts(book: Book, seq: int) -> tuple[int, Undone]:
    """Return how often an undo starts again, and its result."""
    seen: list[str] = []
    with book.command() as tx:
        tx.con.set_trace_callback(seen.append)
        undone = store.undo(tx, seq, keep_edited=True)
    return sum(statement == "SAVEPOINT attempt" for statement in seen), undone


def test_what_a_kept_record_needs_is_found_at_once(book: Book) -> None:
    with book.command("Imported.") as tx:  # 1
        made = chain(tx, None, "ABCDEFGH")
        records.insert(tx, "account", {"name": "Other", "kind": "company", "status": "lead"})
    book.edit("account", made[-1], status="customer")
    count, undone = attempts(book, 1)
    assert count <= 2
    assert sorted(k.name for k in undone.kept) == list("ABCDEFGH")
    assert undone.kept[1].why.endswith("belongs to it now")


def test_what_cannot_come_back_without_another_is_found_at_once(book: Book) -> None:
    top = acme(book)  # 1
    with book.command("Imported.") as tx:  # 2
        made = chain(tx, top, "ABCDEFGH")
        other = records.insert(tx, "account", {"name": "Other", "kind": "company"})
    with book.command("Deleted.") as tx:  # 3
        for id in (*reversed(made), other):
            records.delete(tx, "account", id)
    book.delete("account", top)
    count, undone = attempts(book, 3)
    assert count <= 2
    assert len(undone.kept) == 8
    assert {k.why for k in undone.kept} == {"the account it belongs to is gone"}
    assert books.sound(book.path)


def test_a_refusal_names_five_records_at_most(book: Book) -> None:
    with book.command("Imported.") as tx:  # 1
        values = {"kind": "company", "status": "lead"}
        ids = [records.insert(tx, "account", {"name": name, **values}) for name in "ABCDEF"]
    for id in ids[:5]:
        book.edit("account", id, status="customer")
    with pytest.raises(Conflict) as refused:
        book.undo(1)
    assert refused.value.message.count("changed since") == 5
    book.edit("account", ids[5], status="customer")
    with pytest.raises(Conflict, match=r"and 2 more") as refused:
        book.undo(1)
    assert refused.value.message.count("changed since") == 4


def test_a_value_that_came_by_other_means_is_not_left_without_its_record(book: Book) -> None:
    id = acme(book)
    sql = "INSERT INTO custom (id, kind, record_id, field, value) VALUES "
    sql += "('c', 'account', ?, 'region', 'north')"
    books.change(book.path, sql, id)
    with pytest.raises(Conflict, match=r"account Acme \(one more custom belongs to it now\)"):
        book.undo(1)


def test_a_command_without_a_sentence_is_named_as_it_was_typed(book: Book) -> None:
    with writing(
        book.path,
        now="2026-11-22T10:00:00Z",
        today="2026-11-22",
        who="kim",
        typed="acct x",
        notice=print,
    ) as tx:
        records.insert(tx, "account", {"name": "Acme", "kind": "company", "status": "lead"})
    assert book.undo(1).says.endswith(": acct x (1 record).")


def test_the_sequence_counts_not_the_clock(book: Book) -> None:
    id = acme(book)
    book.edit("account", id, name="B")
    before = book.state
    book.minute = -60 * 9  # midnight: earlier than everything so far
    book.edit("account", id, name="C")
    assert book.undo().command == 3
    assert book.state == before


def test_a_deal_comes_back_with_everything_that_hung_on_it(book: Book) -> None:
    account = acme(book)
    product = book.add("product", name="Support", active=True)
    rollout = deal(book, account, amount=12_000_00, currency="SGD")
    mei = book.add("contact", name="Mei", account=account, emails=("m@a.com", "n@a.com"))
    book.add(
        "log",
        account=account,
        kind="call",
        at="2026-11-20T09:00:00Z",
        summary="Hi",
        contacts=(mei,),
        deal=rollout,
    )
    book.add("task", account=account, text="Quote", deal=rollout, contact=mei, owed_by="us")
    with book.command() as tx:
        records.update(tx, "deal", rollout, {"stage": "won", "amount": 13_000_00})
        row = {"deal": rollout, "account": account, "product": product, "quantity": 1.5}
        records.insert(tx, "item", row)
    before = book.state
    for kind, id in (
        ("deal", rollout),
        ("contact", mei),
        ("product", product),
        ("account", account),
    ):
        book.delete(kind, id)
        book.undo()
        assert book.state == before, kind
    assert len(before["deal_change"]) == 2


def test_the_search_index_follows(book: Book) -> None:
    id = acme(book, name="Zebra Ltd")
    book.edit("account", id, name="Okapi Ltd")
    assert (book.found("zebra"), book.found("okapi")) == ([], ["Okapi Ltd"])
    book.undo()
    assert (book.found("zebra"), book.found("okapi")) == (["Zebra Ltd"], [])
    book.undo()
    assert book.found("zebra") == []
    book.undo(redo=True)
    assert book.found("zebra") == ["Zebra Ltd"]


@pytest.mark.slow
def test_a_large_import_is_taken_back_and_done_again(book: Book) -> None:
    with book.command("Imported 2,000 accounts.") as tx:
        rows: list[tuple[dict[str, Any], dict[str, Any]]] = [
            ({"name": f"A{n}", "kind": "company", "status": "lead", "tags": ("x",)}, {})
            for n in range(2000)
        ]
        records.insert_all(tx, "account", rows)
    after = book.state
    assert book.undo().records == 2000
    assert book.state["account"] == []
    book.undo(redo=True)
    assert book.state == after
    assert books.sound(book.path)


def test_a_long_list_is_taken_back_in_as_many_steps_as_it_has_items(tmp_path: Path) -> None:
    def taking_back(items: int) -> int:
        book = Book(tmp_path / f"{items}.db")
        tags = tuple(f"t{n}" for n in range(items))
        id = acme(book, tags=tags)
        book.edit("account", id, tags=tags[::-1])
        return strain.work(book.undo)

    assert strain.is_linear(taking_back(100), taking_back(800), times=8)


def test_a_chain_that_is_kept_is_walked_once(tmp_path: Path) -> None:
    def taking_back(length: int) -> int:
        book = Book(tmp_path / f"{length}.db")
        last = None
        with book.command() as tx:
            for _ in range(length):
                above: dict[str, Any] = {"parent": last} if last else {}
                last = records.insert(tx, "account", ACME | above)
            records.insert(tx, "account", ACME)
        assert last is not None
        book.edit("account", last, tier="key")
        return strain.work(lambda: undone.append(book.undo(1, keep=True)))

    undone: list[Undone] = []
    assert strain.is_linear(taking_back(20), taking_back(160), times=8)
    assert [(u.records, len(u.kept)) for u in undone] == [(1, 20), (1, 160)]


def test_what_a_kept_record_needs_is_kept_with_it_and_the_rest_goes(book: Book) -> None:
    with book.command() as tx:
        top = records.insert(tx, "account", {**ACME, "name": "Top"})
        below = records.insert(tx, "account", {**ACME, "name": "Below", "parent": top})
        records.insert(tx, "account", {**ACME, "name": "Beside", "parent": top})
        records.insert(tx, "contact", {"name": "Mei", "account": below})
    book.edit("account", below, tier="key")
    undone = book.undo(1, keep=True)
    assert [(k.name, k.why) for k in undone.kept] == [
        ("Below", "changed since by command 2"),
        ("Top", "account Below belongs to it now"),
    ]
    assert [row[4:6] for row in book.state["account"]] == [("A-0001", "Top"), ("A-0002", "Below")]
    assert book.state["contact"] == []


def test_what_came_back_with_a_kept_deletion_stays_away_as_well(book: Book) -> None:
    id = acme(book)
    sold = deal(book, id)
    task = book.add("task", text="Quote", account=id, deal=sold)
    other = book.add("task", text="Call", account=id)
    before = book.state
    with book.command() as tx:
        for kind, one in (("task", task), ("task", other), ("deal", sold)):
            records.delete(tx, kind, one)
    # Somebody else restored the deal by hand.
    row = next(row for row in before["deal"] if row[0] == sold)
    with book.command() as tx:
        columns = [c[1] for c in tx.con.execute("PRAGMA table_info(deal)")]
        tx.insert("deal", dict(zip(columns, row, strict=True)))
    with book.command() as tx:
        records.delete(tx, "deal", sold)
    undone = book.undo(5, keep=True)
    assert [(k.kind, k.why) for k in undone.kept] == [
        ("deal", "changed since by command 7"),
        ("task", "the deal it belongs to is gone"),
    ]
    assert [row[5] for row in book.state["task"]] == ["Call"]


def test_a_redo_that_something_is_in_the_way_of_speaks_of_doing_again(book: Book) -> None:
    id = acme(book)
    book.edit("account", id, name="B")
    book.undo()
    book.edit("account", id, name="C")
    with pytest.raises(Conflict, match=r"cannot be redone as a whole: .*To redo the rest"):
        book.undo(3)


def test_a_command_of_another_machine_is_passed_over(tmp_path: Path) -> None:
    book = Book(tmp_path / "book.db")
    book.add("account", name="Ours", kind="company", status="lead")
    book.add("account", name="Theirs", kind="company", status="lead")
    books.change(book.path, "UPDATE command SET origin = '0123abcd' WHERE seq = 2")
    with snapshot(book.path, notice=print) as con:
        assert store.last_undoable(con) == 1
