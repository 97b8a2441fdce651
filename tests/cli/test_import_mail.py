"""`acct import` of mail: whose each message is, what is left out, and that nothing comes twice."""

from __future__ import annotations

import csv
import json
import os
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.books import dump, sound
from tests.commands import do
from tests.conftest import Program, Result
from tests.letters import MAILBOX, ME, letter, mbox

from acctcli.interop import mailtext

MEI = "Mei Tan <mei@greentech.sg>"


@pytest.fixture
def seller(run: Program) -> Program:
    """Run the program with two accounts, one of them with a contact."""
    do(
        run,
        ("config", "set", "me.emails", ME),
        ("account", "add", "GreenTech", "--website", "greentech.sg"),
        ("account", "add", "Condax", "--website", "condax.com"),
        ("contact", "add", "Mei Tan", "--account", "greentech", "--email", "mei@greentech.sg"),
    )
    return run


def logs(run: Program) -> list[dict[str, Any]]:
    return json.loads(do(run, "log", "list", "--sort", "at", "-f", "json").out)


def imported(run: Program, path: Path, *letters: str, options: tuple[str, ...] = ()) -> Result:
    return do(run, "import", str(mbox(path / "a.mbox", letters)), *options)


def outcome(run: Program, path: Path, *letters: str) -> dict[str, Any]:
    done = imported(run, path, *letters, options=("-f", "json"))
    return json.loads(done.out)[0] if done.out.startswith("[") else json.loads(done.out)


# Whose a message is


def test_an_incoming_message(seller: Program, tmp_path: Path) -> None:
    said = "Do you have 40 seats?\n\nBest regards,\nMei\n\nOn 1 Nov 2026, Kim wrote:\n> Hello"
    done = imported(seller, tmp_path, letter(MEI, body=said))
    assert "Imported 1 interaction: 1 new." in done.err
    [log] = logs(seller)
    wanted = {
        "account": "GreenTech",
        "kind": "email",
        "direction": "in",
        "at": "2026-11-02T10:12:11Z",
        "summary": "A question",
        "body": "Do you have 40 seats?",
        "contacts": ["Mei Tan"],
        "deal": None,
    }
    assert {name: log[name] for name in wanted} == wanted


def test_an_outgoing_message_is_one_of_each_account(seller: Program, tmp_path: Path) -> None:
    to = f"{MEI}, Raj <raj@eu.condax.com>, Anna <anna@fjordsoft.example>, x@nobody.sg"
    imported(seller, tmp_path, letter(f"Kim <{ME.upper()}>", to))
    found = {(log["account"], log["direction"], *log["contacts"]) for log in logs(seller)}
    assert found == {("GreenTech", "out", "Mei Tan"), ("Condax", "out")}


def test_an_incoming_message_is_of_its_sender_alone(seller: Program, tmp_path: Path) -> None:
    stranger = letter("Eve <eve@elsewhere.sg>", f"{ME}, {MEI}", id="2")
    at_condax = letter("Raj <raj@condax.com>", f"{ME}, {MEI}", id="3")
    imported(seller, tmp_path, stranger, at_condax)
    assert [(log["account"], log["contacts"]) for log in logs(seller)] == [("Condax", [])]


def test_the_sender_comes_first(seller: Program, tmp_path: Path) -> None:
    do(seller, "contact", "add", "Bo Lim", "--account", "greentech", "--email", "bo@greentech.sg")
    imported(seller, tmp_path, letter("Bo <bo@greentech.sg>", f"{MEI}, {ME}", id="4"))
    assert logs(seller)[0]["contacts"] == ["Bo Lim", "Mei Tan"]
    [line] = json.loads(do(seller, "today", "-f", "json").out)
    assert "Bo Lim" in json.dumps(line)


def test_an_office_s_mailbox_is_the_account_s_alone(seller: Program, tmp_path: Path) -> None:
    imported(seller, tmp_path, letter("info@greentech.sg"), options=("--create-contacts",))
    assert logs(seller)[0]["contacts"] == []
    assert len(json.loads(do(seller, "contact", "list", "-f", "json").out)) == 1


def test_free_mail_identifies_nobody(seller: Program, tmp_path: Path) -> None:
    do(seller, "account", "edit", "condax", "--add-other-website", "gmail.com")
    found = outcome(seller, tmp_path, letter("Jo Ek <jo.ek@gmail.com>"))
    assert logs(seller) == []
    assert found["files"][0]["mail"]["strangers"] == [
        {
            "address": "jo.ek@gmail.com",
            "messages": 1,
            "command": "acct contact add 'Jo Ek' --email jo.ek@gmail.com --account",
        }
    ]


ADDS_OFTEN = ("account", "add", "often.sg", "--website", "often.sg")


def test_strangers_are_listed_by_domain_with_the_command_that_adds_them(
    seller: Program, tmp_path: Path
) -> None:
    letters = [letter(f"p{n}@often.sg", id=f"{n}") for n in range(3)]
    letters += [letter(ME, "Jo <jo@once.sg>, bo@once.sg", id="x")]
    letters += [letter(f"a@d{n:02}.sg", id=f"d{n}") for n in range(12)]
    said = imported(seller, tmp_path, *letters).err
    assert "mail of 14 senders and recipients belongs to no account" in said
    first, *others = [line for line in said.splitlines() if "acct account add" in line]
    assert first.split() == ["3", "often.sg", "acct", *ADDS_OFTEN]
    assert len(others) == 9
    assert "and 4 more (all: --verbose)" in said
    command = first.partition("acct ")[2].split()
    do(seller, *command)
    assert "3 new" in imported(seller, tmp_path, *letters).err


def test_an_address_of_two_contacts_is_their_account_s(seller: Program, tmp_path: Path) -> None:
    for name in ("Jo Ek", "Johanna Ek"):
        do(
            seller,
            *("contact", "add", name, "--account", "condax"),
            *("--email", "jo@gmail.com", "--duplicate"),
        )
    done = imported(seller, tmp_path, letter("jo@gmail.com"), options=("--create-contacts",))
    assert "Imported 1 interaction: 1 new." in done.err
    assert [(log["account"], log["contacts"]) for log in logs(seller)] == [("Condax", [])]


def test_a_domain_of_several_accounts_is_of_none(seller: Program, tmp_path: Path) -> None:
    do(seller, "account", "add", "Condax East", "--website", "condax.com", "--duplicate")
    options = ("--create-accounts", "--create-contacts", "-f", "json")
    done = imported(seller, tmp_path, letter("raj@eu.condax.com"), options=options)
    [found] = json.loads(done.out)["files"]
    assert found["mail"]["strangers"] == [
        {"address": "eu.condax.com", "messages": 1, "command": "acct account dupes"}
    ]
    assert (logs(seller), "acct account dupes" in done.err) == ([], True)


def test_a_person_who_moved_keeps_their_letters_where_they_were(
    seller: Program, tmp_path: Path
) -> None:
    do(seller, "contact", "move", "mei", "--to", "condax", "--on", "2026-11-10")
    early = letter(MEI, id="1", date="Mon, 02 Nov 2026 10:00:00 +0000")
    late = letter(MEI, id="2", date="Mon, 16 Nov 2026 10:00:00 +0000")
    imported(seller, tmp_path, early, late)
    assert [log["account"] for log in logs(seller)] == ["GreenTech", "Condax"]


# Directions


def test_without_own_addresses_nothing_is_derived(run: Program, tmp_path: Path) -> None:
    path = mbox(tmp_path / "a.mbox", [letter(), letter(ME, "raj@condax.com", id="2")])
    done = run("import", path)
    assert done.code == 2
    assert done.err == (
        "acct: mail needs your own addresses, to tell what you sent from what you got. If the "
        f"address in most messages is yours: acct config set me.emails {ME}\n"
    )
    assert do(run, "log", "list").out == ""


def test_mail_among_ourselves_is_left_out(seller: Program, tmp_path: Path) -> None:
    to_colleague = letter(ME, "anna@fjordsoft.example", id="1")
    from_colleague = letter("anna@fjordsoft.example", ME, id="2")
    for_me = letter("kim+notes@fjordsoft.example", ME, id="3")
    sent_by_colleague = letter("anna@fjordsoft.example", f"{MEI}, {ME}", id="4")
    said = imported(seller, tmp_path, to_colleague, from_colleague, for_me, sent_by_colleague).err
    assert "left out: 3 messages among your own addresses" in said
    assert [log["direction"] for log in logs(seller)] == ["out"]


# What is left out


def test_what_no_person_wrote_is_counted_by_kind(seller: Program, tmp_path: Path) -> None:
    found = outcome(
        seller,
        tmp_path,
        letter(MEI, id="1", List_Unsubscribe="<x>"),
        letter(MEI, id="2", List_Unsubscribe="<x>"),
        letter(MEI, id="3", Auto_Submitted="auto-replied"),
        letter(MEI, id="4", Content_Type="text/calendar; method=REPLY"),
        letter(MEI, to="", id="5"),
    )
    assert found["files"][0]["mail"]["left_out"] == {
        "newsletter": 2,
        "automatic reply": 1,
        "calendar invitation": 1,
        "message without a sender or recipient": 1,
    }
    assert found["new"] == 0


# Never twice


def test_a_second_import_changes_nothing(seller: Program, tmp_path: Path, book: Path) -> None:
    letters = [letter(MEI, id="1"), letter(ME, f"{MEI}, raj@condax.com", id="2")]
    letters += [letter(MEI, id="", subject="without an id")]
    imported(seller, tmp_path, *letters)
    before = dump(book)
    done = imported(seller, tmp_path, *reversed(letters))
    assert "Nothing to import: 4 interactions, already up to date." in done.err
    assert dump(book) == before


def test_archives_may_overlap(seller: Program, tmp_path: Path) -> None:
    one, two, three = (letter(MEI, id=f"{n}") for n in range(3))
    inbox = mbox(tmp_path / "Inbox.mbox", [one, two])
    every = mbox(tmp_path / "All.mbox", [two, three, one, one])
    done = do(seller, "import", str(inbox), str(every))
    assert "Imported 3 interactions: 3 new." in done.err
    assert "All.mbox: 3 messages there already counted once" in done.err
    assert "up to date" in do(seller, "import", str(every)).err
    assert len(logs(seller)) == 3


def test_what_was_edited_here_stays(seller: Program, tmp_path: Path, book: Path) -> None:
    imported(seller, tmp_path, letter(MEI, id="1"))
    [log] = logs(seller)
    do(seller, "log", "edit", log["id"], "--summary", "Seats", "--account", "condax")
    before = dump(book)
    imported(seller, tmp_path, letter(MEI, id="1", subject="other"))
    assert dump(book) == before


def test_a_message_of_two_accounts_may_be_moved_to_one(
    seller: Program, tmp_path: Path, book: Path
) -> None:
    sent = letter(ME, f"{MEI}, raj@condax.com", id="1")
    imported(seller, tmp_path, sent)
    [moved] = [log["id"] for log in logs(seller) if log["account"] == "GreenTech"]
    do(seller, "log", "edit", moved, "--account", "condax")
    before = dump(book)
    assert "2 interactions, already up to date" in imported(seller, tmp_path, sent).err
    assert dump(book) == before


def test_what_was_deleted_here_stays_deleted(seller: Program, tmp_path: Path) -> None:
    letters = [letter(MEI, id="1"), letter(MEI, id="2")]
    imported(seller, tmp_path, *letters)
    do(seller, "log", "delete", logs(seller)[0]["id"], "--yes")
    said = imported(seller, tmp_path, *letters).err
    assert "1 message that you deleted here left out" in said
    assert len(logs(seller)) == 1
    do(seller, "undo")
    assert "2 interactions, already up to date" in imported(seller, tmp_path, *letters).err


def test_an_undone_import_can_be_imported_again(seller: Program, tmp_path: Path) -> None:
    imported(seller, tmp_path, letter(MEI))
    do(seller, "undo")
    assert "1 new" in imported(seller, tmp_path, letter(MEI)).err


@pytest.mark.parametrize(
    "place", ["acctcli.book.imports.mail.read_message", "acctcli.store.bulk.write"]
)
def test_an_interrupt_changes_nothing(
    seller: Program, tmp_path: Path, book: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    imported(seller, tmp_path, letter(MEI, id="1"))
    before = dump(book)
    calls = []

    def interrupted(*given: object, **named: object) -> None:
        calls.append(given)
        raise KeyboardInterrupt

    monkeypatch.setattr(place, interrupted)
    done = seller("import", mbox(tmp_path / "b.mbox", [letter(MEI, id="2")]))
    assert (done.code, len(calls)) == (130, 1)
    assert "nothing was changed" in done.err
    assert dump(book) == before


def test_an_erased_sender_is_in_no_id(seller: Program, tmp_path: Path, book: Path) -> None:
    imported(seller, tmp_path, letter(MEI, id="20261102.mei@greentech.sg", subject="Hello"))
    do(seller, "contact", "delete", "Mei Tan", "--erase", "--yes")
    assert len(logs(seller)) == 1
    assert b"mei@greentech.sg" not in book.read_bytes()


def test_nothing_is_fetched(
    seller: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*given: object, **named: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr("socket.socket", refused)
    html = "<img src='https://track.example/1.gif'><link rel='stylesheet' href='https://x.sg/a'>Hi"
    imported(seller, tmp_path, letter(MEI, body=html, Content_Type="text/html"))
    assert logs(seller)[0]["body"] == "Hi"


def test_a_merged_account_keeps_its_letters_once(seller: Program, tmp_path: Path) -> None:
    letters = [letter(ME, f"{MEI}, raj@condax.com", id="1"), letter("raj@condax.com", id="2")]
    imported(seller, tmp_path, *letters)
    do(seller, "account", "merge", "GreenTech", "Condax", "--yes")
    count = len(logs(seller))
    imported(seller, tmp_path, *letters)
    assert len(logs(seller)) == count


def test_people_who_are_known_later_are_added(seller: Program, tmp_path: Path) -> None:
    letters = [letter('"Nair, Raj" <raj@condax.com>', id="1"), letter(ME, "raj@condax.com", id="2")]
    said = imported(seller, tmp_path, *letters).err
    assert "1 person at your accounts is not a contact: raj@condax.com (2). " in said
    done = imported(seller, tmp_path, *letters, options=("--create-contacts",))
    assert "Imported 1 contact: 1 new; 2 interactions: 2 changed." in done.err
    assert [log["contacts"] for log in logs(seller)] == [["Raj Nair"], ["Raj Nair"]]


def test_a_contact_without_an_address_gets_it(seller: Program, tmp_path: Path) -> None:
    do(seller, "contact", "add", "Raj Nair", "--account", "condax")
    do(seller, "contact", "add", "Li Wu", "--account", "condax", "--email", "li.wu@condax.com")
    letters = [letter("Raj Nair <raj@condax.com>"), letter("Li Wu <li@condax.com>", id="2")]
    imported(seller, tmp_path, *letters, options=("--create-contacts",))
    people = json.loads(do(seller, "contact", "list", "--account", "condax", "-f", "json").out)
    assert sorted((one["name"], *one["emails"]) for one in people) == [
        ("Li Wu", "li.wu@condax.com"),
        ("Li Wu", "li@condax.com"),
        ("Raj Nair", "raj@condax.com"),
    ]
    assert [log["contacts"] for log in logs(seller)] == [["Raj Nair"], ["Li Wu"]]
    assert "up to date" in imported(seller, tmp_path, *letters, options=("--create-contacts",)).err


def test_a_refused_message_can_be_fixed_in_the_file_of_its_row(
    seller: Program, tmp_path: Path
) -> None:
    letters = [letter(MEI, id="1", date=""), letter(MEI, id="2")]
    imported(seller, tmp_path, *letters, options=("--skip-invalid",))
    rejects = tmp_path / "a.rejects.csv"
    fixed = rejects.read_text(encoding="utf-8").replace(",in,,", ",in,2026-11-03 10:00,")
    rejects.write_text(fixed, encoding="utf-8")
    do(seller, "import", str(rejects), "--as", "log", "--key", "Message-ID")
    assert [log["contacts"] for log in logs(seller)] == [["Mei Tan"]] * 2
    assert "2 interactions, already up to date" in imported(seller, tmp_path, *letters).err


def test_one_undo(seller: Program, tmp_path: Path, book: Path) -> None:
    before = dump(book)
    letters = [letter("Jo Ek <jo@new.sg>", id="1"), letter(MEI, id="2")]
    imported(seller, tmp_path, *letters, options=("--create-accounts", "--create-contacts"))
    assert [log["account"] for log in logs(seller)] == ["new.sg", "GreenTech"]
    assert sound(book)
    do(seller, "undo")
    assert dump(book) == before


def test_a_reply_belongs_to_the_deal_of_what_it_answers(seller: Program, tmp_path: Path) -> None:
    do(seller, "deal", "add", "greentech", "Platform", "--amount", "10k")
    first = letter(ME, MEI, id="1")
    imported(seller, tmp_path, first)
    do(seller, "log", "edit", logs(seller)[0]["id"], "--deal", "Platform")
    answer = letter(MEI, id="2", In_Reply_To="<x>", References="<1> <x>")
    said = imported(seller, tmp_path, first, answer).err
    assert "1 message linked to the deal of the message they answer" in said
    assert [log["deal"] for log in logs(seller)] == ["Platform", "Platform"]


ADDRESSES = st.sampled_from(
    (
        *(ME, "anna@fjordsoft.example", "mei@greentech.sg", "raj@condax.com"),
        *("info@condax.com", "x@new.sg", "jo@gmail.com"),
    )
)
LETTERS = st.builds(
    lambda sender, to, id, day, subject, body, answers: letter(
        sender,
        ", ".join(to),
        id=id,
        date=f"{day:02} Nov 2026 10:12:11 +0000" if day else "",
        subject=subject,
        body=body,
        In_Reply_To=f"<{answers}>" if answers else "",
    ),
    ADDRESSES,
    st.lists(ADDRESSES, max_size=3),
    st.sampled_from(["", "a@x", "b@x", "c@x", "d@x"]),
    st.integers(0, 20),
    st.text(st.characters(codec="utf-8", exclude_characters="\r\n\0"), max_size=8),
    st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), max_size=40),
    st.sampled_from(["", "a@x", "b@x"]),
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(LETTERS, max_size=8), st.booleans(), st.randoms())
def test_any_mail_twice_changes_nothing(
    seller: Program,
    tmp_path: Path,
    book: Path,
    letters: list[str],
    create: bool,
    random: Any,
) -> None:
    options = ("--create-accounts", "--create-contacts") if create else ()
    path = str(mbox(tmp_path / "any.mbox", letters))
    first = seller("import", path, "--skip-invalid", *options)
    assert first.code == 0, first.err
    before = dump(book)
    random.shuffle(letters)
    other = str(mbox(tmp_path / "other.mbox", letters))
    second = seller("import", path, other, "--skip-invalid", *options)
    assert second.code == 0, second.err
    assert dump(book) == before


# Broken mail


def test_a_message_without_a_date_needs_one(seller: Program, tmp_path: Path) -> None:
    path = mbox(
        tmp_path / "a.mbox",
        [
            letter(MEI, id="1", date=""),
            letter(MEI, id="2", date="Thu, 01 Jan 1970 00:00:00 +0000"),
            letter(MEI, id="3", date="Thu, 01 Jan 2099 00:00:00 +0000"),
            letter(MEI, id="4"),
            letter("x@elsewhere.sg", id="5", date=""),
        ],
    )
    done = seller("import", path)
    assert done.code == 4
    assert 'message 1  "A question" has no date' in done.err
    dates = '"1970-01-01T00:00:00Z" and "2099-01-01T00:00:00Z" of "A question" cannot be right'
    assert f"messages 2 and 3  the date {dates}" in done.err
    assert logs(seller) == []
    done = do(seller, "import", str(path), "--skip-invalid")
    assert "Skipped 3 rows" in done.err
    with (tmp_path / "a.rejects.csv").open(encoding="utf-8", newline="") as file:
        refused = [*csv.DictReader(file)]
    assert [row["summary"] for row in refused] == ["A question"] * 3
    assert refused[0]["reason"].startswith('"A question" has no date')
    do(seller, "import", str(path), "--default", "at=2026-11-01")
    assert len(logs(seller)) == 4


def test_the_day_of_receipt_counts_where_the_date_is_broken(
    seller: Program, tmp_path: Path
) -> None:
    received = "from a by b; Tue, 03 Nov 2026 08:00:00 +0000"
    said = imported(seller, tmp_path, letter(MEI, date="soon", Received=received)).err
    assert "1 message without a usable date: the day of receipt counts" in said
    assert logs(seller)[0]["at"] == "2026-11-03T08:00:00Z"


@pytest.mark.parametrize("subject", ["", "\u202e\u2066", "\u200b", " "])
def test_a_subject_that_shows_nothing_is_replaced(
    seller: Program, tmp_path: Path, subject: str
) -> None:
    imported(seller, tmp_path, letter(MEI, id="1", subject=subject))
    imported(seller, tmp_path, letter(MEI, id="2", subject=subject, body=""))
    assert [log["summary"] for log in logs(seller)] == ["Do you have 40 seats?", "(no subject)"]


def test_a_message_that_cannot_be_read_is_refused_and_the_others_kept(
    seller: Program, tmp_path: Path
) -> None:
    nested = "".join(f"Content-Type: multipart/mixed; boundary={n}\n\n--{n}\n" for n in range(2000))
    path = mbox(tmp_path / "a.mbox", [letter(MEI, id="1"), nested, letter(MEI, id="2")])
    done = seller("import", path)
    assert done.code == 4
    assert "a.mbox message 2: the message is nested too deeply" in done.err
    assert (
        "Imported 2 interactions: 2 new. Skipped 1 row"
        in do(seller, "import", str(path), "--skip-invalid").err
    )


def test_a_hostile_message_is_text(seller: Program, tmp_path: Path) -> None:
    path = tmp_path / "a.eml"
    head = letter('"\x1b]0;x\x07" <mei@greentech.sg>', subject="\x1b[31m red \u202e" * 100)
    path.write_bytes(head.encode() + b"N\0UL \x1b[2J \xff" + b"x" * 50_000)
    done = do(seller, "import", str(path))
    assert "1 text cut after 20,000 characters" in done.err
    [log] = logs(seller)
    assert len(log["summary"]) == 500
    assert len(log["body"]) <= mailtext.LONGEST + 1
    for command in (("log", "show", log["id"]), ("account", "show", "greentech"), ("today",)):
        assert "\x1b" not in do(seller, *command).out


def test_attachments_are_named_and_markup_is_read(seller: Program, tmp_path: Path) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Message-ID"] = MEI, ME, "<1@x>"
    message["Date"] = "Mon, 02 Nov 2026 10:12:11 +0000"
    message["Subject"] = "Order"
    message.set_content("<p>The <b>order</b><img src='http://x.sg/1.gif'></p>", subtype="html")
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="order.pdf")
    path = tmp_path / "a.eml"
    path.write_bytes(bytes(message))
    do(seller, "import", str(path))
    assert logs(seller)[0]["body"] == "The order\n\nAttachments: order.pdf"


def test_without_the_library_it_is_said(
    seller: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    for name in ("bs4", "mailparser_reply", "mailparser_reply.constants"):
        monkeypatch.setitem(sys.modules, name, None)
    mailtext._marks.cache_clear()
    try:
        said = imported(seller, tmp_path, letter(MEI, Content_Type="text/html")).err
    finally:
        mailtext._marks.cache_clear()
    assert "cut at their standard marks only" in said
    assert "1 message in HTML kept without text" in said
    assert said.count("\n  pip install 'acctcli[mail]'\n") == 1
    assert logs(seller)[0]["body"] is None


def test_mail_of_no_account_is_not_said_to_be_in_the_book(seller: Program, tmp_path: Path) -> None:
    stranger = letter("Ann Lee <ann@new.example>", id="2@new.example")
    cure = "To add companies: --create-accounts"
    for options in (("--dry-run",), ()):
        done = imported(seller, tmp_path, stranger, options=options)
        assert "already" not in done.out + done.err
        said = " ".join((done.out if options else done.err).split())
        assert "mail of 1 sender or recipient belongs to no account" in said
        assert cure in said
    known = letter(MEI)
    assert "1 new" in imported(seller, tmp_path, known).err
    done = imported(seller, tmp_path, known, stranger, options=("--dry-run",))
    assert f"Nothing to import: the book already has the other messages. {cure}" in " ".join(
        done.out.split()
    )
    done = imported(seller, tmp_path, stranger, options=("--create-accounts",))
    assert "1 interaction: 1 new" in done.err


# Files and options


def test_one_message_and_a_maildir(seller: Program, tmp_path: Path) -> None:
    box = tmp_path / "Maildir"
    for part in ("cur", "new", "tmp"):
        (box / part).mkdir(parents=True)
    (box / "cur" / "1:2,S").write_text(letter(MEI, id="1"))
    (box / "cur" / "2:2,T").write_text(letter(MEI, id="2"))
    (tmp_path / "one.eml").write_text(letter(MEI, id="3"))
    do(seller, "import", str(tmp_path / "one.eml"))
    done = do(seller, "import", str(box) + os.sep)
    assert "Maildir: left out: 1 draft or deleted message" in done.err
    assert len(logs(seller)) == 2


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--map", "at=Date"), "--map: not for mail. Leave it out"),
        (("--as", "contact"), "--as contact: messages become interactions (--as log)"),
        (("--default", "deal=x"), "--default deal=x: mail takes only --default at="),
        (("other.csv",), "import mail by itself: its people are looked up in the book first"),
    ],
)
def test_options_that_are_not_for_mail(
    seller: Program, tmp_path: Path, words: tuple[str, ...], says: str
) -> None:
    done = seller("import", mbox(tmp_path / "a.mbox", [letter()]), *words)
    assert (done.code, says in done.err) == (2, True), done.err


def test_contacts_are_only_created_from_mail(seller: Program, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("name,account\nJo,Condax\n")
    done = seller("import", tmp_path / "a.csv", "--create-contacts")
    assert (done.code, "--create-contacts: only mail" in done.err) == (2, True)


def test_the_sample_correspondence(run: Program, tmp_path: Path) -> None:
    """From a mailbox to what needs an answer today."""
    do(
        run,
        ("config", "set", "me.emails", ME),
        ("account", "add", "Birch Labs", "--website", "birch-labs.example"),
        ("account", "add", "Halden Marine", "--website", "halden-marine.example"),
        ("account", "add", "Kestrel Foods", "--website", "kestrel-foods.example"),
        ("deal", "add", "halden", "Fleet portal", "--amount", "40k", "--close", "2026-12-18"),
        ("task", "add", "halden", "Call Per", "--due", "2026-12-01", "--deal", "Fleet portal"),
    )
    before = MAILBOX.read_bytes()
    dry = do(run, "import", str(MAILBOX), "--dry-run")
    assert "mail.mbox · mbox · 13 messages" in dry.out
    assert "   acct account add orchard-foods.example --website orchard-foods.example" in dry.out
    assert logs(run) == []
    do(run, "import", str(MAILBOX), "--create-contacts")
    assert len(logs(run)) == 7
    lines = json.loads(do(run, "today", "-f", "json").out)
    found = {(line["kind"], line["account"]): line for line in lines}
    assert set(found) == {("answer", "Birch Labs"), ("ghosted", "Halden Marine")}
    assert "Rosa Lind" in json.dumps(found["answer", "Birch Labs"])
    page = do(run, "account", "show", "kestrel").out
    assert "Ines Okafor" in page
    assert "Seats for the second plant" in page
    assert MAILBOX.read_bytes() == before
