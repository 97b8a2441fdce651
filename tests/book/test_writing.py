"""Adding and changing a record, without a command line."""

from __future__ import annotations

from typing import Any

import pytest
from tests.conftest import Program

from acctcli.book import writing
from acctcli.book.asked import Given, ListChange
from acctcli.book.context import Context
from acctcli.errors import Conflict, Invalid, Missing, NotFound, UsageError
from acctcli.store import queries


def given(**typed: str | list[str]) -> Given:
    return Given(dict(typed), {name: f"--{name}" for name in typed})


def add(context: Context, kind: str, **typed: str | list[str]) -> str:
    read = writing.read_given(context, kind, given(**typed))
    with context.write() as tx:
        writing.resolve(tx.con, kind, read.values)
        return writing.insert(tx, kind, read)


def row(context: Context, kind: str, id: str) -> dict[str, Any]:
    with context.read() as con:
        return dict(queries.get(con, kind, context.fields(kind), id))


def edit(context: Context, kind: str, *named: str, **typed: str) -> writing.Edited:
    with context.write() as tx:
        return writing.edit(context, tx, kind, named, given(**typed))


def test_names_become_ids_and_those_near_the_account_win(context: Context) -> None:
    first, second = (add(context, "account", name=name) for name in ("Acme", "Konex"))
    for account in (first, second):
        add(context, "contact", name="Mei Tan", account=account)
    found: dict[str, Any] = {"account": "konex", "contacts": ("mei",)}
    with context.read() as con:
        writing.resolve(con, "log", found)
    assert found["account"] == second
    assert row(context, "contact", found["contacts"][0])["account_id"] == second


def test_an_edit_says_what_was_not_so_before(context: Context) -> None:
    first = add(context, "account", name="Acme", tier="key")
    second = add(context, "account", name="Konex")
    edited = edit(context, "account", "acme", "konex", tier="key")
    assert [record.id for record in edited.found] == [first, second]
    assert edited.changed == {second: ("tier",)}


def test_an_edit_of_several_says_of_which_it_was_refused_and_changes_none(
    context: Context,
) -> None:
    first, second = (add(context, "account", name=name) for name in ("Acme", "Konex"))
    with pytest.raises(Invalid) as refused:
        edit(context, "account", "acme", "konex", parent="konex")
    assert refused.value.message.startswith("Konex: ")
    assert row(context, "account", first)["parent_id"] is None
    assert row(context, "account", second)["parent_id"] is None


def test_what_another_command_changed_meanwhile_is_not_written_over(context: Context) -> None:
    id = add(context, "account", name="Acme", city="Oslo")
    shown = row(context, "account", id)
    edit(context, "account", "acme", city="Bergen")
    with pytest.raises(Conflict, match="city was changed meanwhile"), context.write() as tx:
        writing.edit(context, tx, "account", [id], given(city="Bonn"), shown=shown)
    with context.write() as tx:
        writing.edit(context, tx, "account", [id], given(tier="key"), shown=shown)
    assert row(context, "account", id)["city"] == "Bergen"


def test_lists_are_added_to_and_taken_from(context: Context) -> None:
    id = add(context, "account", name="Acme", tags=["vip", "expo"])

    def change(*, added: tuple[str, ...] = (), removed: tuple[str, ...] = ()) -> writing.Edited:
        of_tags = ListChange("tags", added, removed, "--add-tag", "--remove-tag")
        with context.write() as tx:
            return writing.edit(context, tx, "account", [id], Given({}, {}, lists=(of_tags,)))

    edited = change(added=("hot",), removed=("vip",))
    assert edited.changed == {id: ("tags",)}
    assert edited.lists.says("tags") == "added hot; removed vip"
    assert row(context, "account", id)["tags"] == ("expo", "hot")
    with pytest.raises(NotFound, match="does not have this tag"):
        change(removed=("vip",))


def test_who_has_the_address_already_is_named_unless_both_are_meant(context: Context) -> None:
    account = add(context, "account", name="Acme")
    add(context, "contact", name="Mei Tan", account=account, emails=["mei@x.sg"])
    twin = given(name="M Tan", account=account, emails=["mei@x.sg"])
    read = writing.read_given(context, "contact", twin)
    with context.write() as tx:
        writing.resolve(tx.con, "contact", read.values)
        with pytest.raises(Invalid, match="Mei Tan"):
            writing.insert(tx, "contact", read)
        assert writing.insert(tx, "contact", read, duplicate=True)


def test_a_field_is_set_once(context: Context) -> None:
    typed = Given({"city": "Oslo"}, {"city": "--city"}, custom_typed=("city=Bonn",))
    with pytest.raises(UsageError, match="city is given twice"):
        writing.read_given(context, "account", typed)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Find a champion", {"text": "Find a champion"}),
        ("Find one::2026-12-04", {"text": "Find one", "due": "2026-12-04"}),
        ("Call::fri::them", {"text": "Call", "due": "2026-11-27", "owed_by": "them"}),
    ],
)
def test_a_task_is_written_in_one_line(context: Context, typed: str, found: dict[str, Any]) -> None:
    assert writing.read_dated(context, "task", typed, "--action") == found


def test_what_is_missing_is_said_with_the_way_to_give_it(context: Context) -> None:
    of_deal = Given({}, {"title": "--opportunity"})
    for form, says in ((False, "Give --opportunity"), (True, "Fill in title")):
        with pytest.raises(Missing) as refused, writing.lacking("deal", of_deal, form=form):
            raise Missing("a deal needs a title", "title", "deal")
        assert refused.value.message == f"a deal needs a title. {says}"


@pytest.mark.parametrize(
    "words",
    [
        ("account", "add", "-"),
        ("contact", "add", "-", "--account", "acme"),
        ("deal", "add", "acme", " - "),
        ("product", "add", "-"),
        ("contact", "add", "Mei", "--account", "acme", "--notes", "-"),
        ("account", "edit", "acme", "--set", "description=-"),
        ("account", "edit", "acme", "--tag", "a", "--tag", "-"),
    ],
)
def test_where_stdin_is_not_read_a_dash_is_no_value(run: Program, words: tuple[str, ...]) -> None:
    run("account", "add", "Acme")
    before = run("export", "--all", "-f", "json").out
    refused = run(*words, input="From the pipe\n")
    assert (
        refused.code,
        '"-": this does not read from a pipe. Write the text itself' in refused.err,
    ) == (2, True)
    assert run("export", "--all", "-f", "json").out == before


@pytest.mark.parametrize("pasted", ["…", "...", "NAME", " TEXT "])
def test_a_placeholder_of_a_hint_is_no_value(run: Program, pasted: str) -> None:
    run("account", "add", "Acme")
    for words in (
        ("log", "call", "acme", pasted),
        ("task", "add", "acme", pasted),
        ("contact", "add", pasted, "--account", "acme"),
        ("account", "edit", "acme", "--tag", pasted),
    ):
        refused = run(*words)
        assert (refused.code, "is a placeholder: replace it" in refused.err) == (2, True), words
