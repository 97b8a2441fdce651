"""From messages to rows: names, and whose a message is."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from tests.conftest import Program
from tests.letters import ME, letter

from acctcli.book.context import Context
from acctcli.book.imports.attendees import AddressBook
from acctcli.book.imports.correspondence import Correspondence, Gathered, turned
from acctcli.interop.mailmessage import read_message
from acctcli.interop.rows import BadRow, FileRow


@pytest.mark.parametrize(
    ("name", "order"),
    [
        ("Mei Tan", "Mei Tan"),
        ("Tan, Mei", "Mei Tan"),
        ("  'Tan , Mei Ling' ", "Mei Ling Tan"),
        ("Mei Tan, PhD", "Mei Tan, PhD"),
        ("Tan, Mei (SG)", "Mei Tan"),
        ("Robert (Bob) Smith [Ext]", "Robert (Bob) Smith"),
        ("(Mei)", "(Mei)"),
        ("Tan, Mei, Dr.", "Tan, Mei, Dr."),
        ("GreenTech, Inc.", "GreenTech, Inc."),
        ("mei@greentech.sg", ""),
        (",", ","),
        ("\u200b", ""),
        ("M\ufffdi", ""),
        ("", ""),
        ("x" * 501, ""),
    ],
)
def test_names_are_turned_round(name: str, order: str) -> None:
    assert turned(name) == order


@pytest.fixture
def correspondence(run: Program) -> Correspondence:
    run("account", "add", "GreenTech", "--website", "greentech.sg")
    context = Context(today="2026-11-22")
    with context.read() as con:
        book = AddressBook(con, [ME])
    return Correspondence(
        book,
        {},
        frozenset(),
        context.clock,
        create_accounts=True,
        create_contacts=True,
        has_date=False,
    )


def rows(found: Correspondence, sent: str) -> list[FileRow | BadRow]:
    return [*found.rows(7, read_message(sent.encode()), Gathered())]


def test_a_message_is_a_row(correspondence: Correspondence) -> None:
    [row] = rows(correspondence, letter("Mei <mei@greentech.sg>"))
    assert isinstance(row, FileRow)
    made = correspondence.people["mei@greentech.sg"]
    assert (row.line, row.cells["contact_ids"], row.cells["account_id"]) == (
        *(7, made.id),
        made.account_id,
    )
    assert correspondence.name_of(made.address) == "Mei"
    assert rows(correspondence, letter("Mei <mei@greentech.sg>")) == []


def test_companies_are_added_once_by_their_domain(correspondence: Correspondence) -> None:
    for id, sender in enumerate(["a@new.sg", "b@eu.new.sg", "c@new.sg", "jo@gmail.com"]):
        rows(correspondence, letter(sender, id=str(id)))
    assert list(correspondence.accounts) == ["new.sg"]
    assert [*correspondence.people] == ["a@new.sg", "b@eu.new.sg", "c@new.sg"]
    assert len({one.account_id for one in correspondence.people.values()}) == 1


def test_a_message_is_counted_where_it_belongs(correspondence: Correspondence) -> None:
    found = Gathered()
    sent = letter(ME, "jo@gmail.com, info@greentech.sg", date="")
    [row] = correspondence.rows(1, read_message(sent.encode()), found)
    assert isinstance(row, BadRow)
    assert row.reason == '"A question" has no date. To give it one: --default at='
    assert (found.strangers, found.newcomers) == ({"jo@gmail.com": 1}, {})


def test_a_moment_is_in_seconds_of_utc(correspondence: Correspondence) -> None:
    message = read_message(letter("a@greentech.sg").encode())
    assert message.at == datetime(2026, 11, 2, 10, 12, 11, tzinfo=UTC)
    [row] = correspondence.rows(1, message, Gathered())
    assert isinstance(row, FileRow)
    assert row.cells["at"] == "2026-11-02T10:12:11Z"
