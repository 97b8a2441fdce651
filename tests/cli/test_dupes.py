"""`account dupes`, `contact dupes` and their `merge`: found, shown, confirmed, undone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests import books
from tests.commands import do
from tests.conftest import Program
from tests.filling import filled_once

from acctcli.cli.kit.session import Session
from acctcli.store import backup


@pytest.fixture
@filled_once
def acme(run: Program) -> None:
    """Add Acme three times: by name, and by the domain of its people."""
    run("account", "add", "Acme Corp", "--tier", "key", "--website", "acme.com", "--tag", "expo")
    run("account", "add", "ACME GmbH", "--industry", "tools", "--tag", "expo", "--tag", "vip")
    run("account", "add", "Kan-code")
    run("contact", "add", "Mei Tan", "--account", "A-0001", "--email", "mei@acme.com")
    twin = ("contact", "add", "M. Tan", "--account", "A-0002", "--email", "mei@acme.com")
    run(*twin, "--phone", "+6561234567", "--duplicate")
    run("log", "call", "A-0002", "Spoke", "--with", "M. Tan", "--next", "Send quote")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pretend that a person sits there, who types what a test gives as input."""
    monkeypatch.setattr(Session, "interactive", True)


def account(run: Program, name: str) -> dict[str, Any]:
    (found,) = run("account", "list", "--where", f'number = "{name}"', "-f", "json").json()
    record: dict[str, Any] = found
    return record


def backups(book: Path) -> list[Path]:
    return [made.path for made in backup.listed(book) if made.reason == "merge"]


# Finding


def test_pairs_come_with_their_reasons_and_the_command(run: Program, acme: None) -> None:
    (pair,) = run("account", "dupes", "-f", "json").json()
    assert (pair["account"], pair["other"]) == ("ACME GmbH", "Acme Corp")  # more data first
    assert pair["account_id"] != pair["other_id"]
    assert pair["likeness"] == 96
    assert pair["reasons"] == ["same name, written differently", "people write from acme.com"]
    assert pair["command"] == "acct account merge A-0002 A-0001"


def test_people_come_with_where_they_are(run: Program, acme: None) -> None:
    (pair,) = run("contact", "dupes", "-f", "json").json()
    assert {pair["at"], pair["other_at"]} == {"Acme Corp", "ACME GmbH"}
    assert pair["reasons"] == ["same email mei@acme.com", "one name is short for the other"]
    done = run(*pair["command"].split()[1:], "--yes")
    assert done.code == 0
    assert run("contact", "dupes", "-f", "json").json() == []


def test_a_list_can_be_shorter_or_longer(run: Program, acme: None) -> None:
    assert run("account", "dupes", "--likeness", "97", "-f", "json").json() == []
    assert run("account", "dupes", "--limit", "0", "-f", "json").json() == []
    run("account", "add", "Acme Tools", "--duplicate")
    few = run("account", "dupes", "-f", "json").json()
    more = run("account", "dupes", "--likeness", "40", "-f", "json").json()
    assert len(more) > len(few) == 1


def test_csv_names_its_columns(run: Program, acme: None) -> None:
    lines = run("account", "dupes", "-f", "csv").out.splitlines()
    assert lines[0] == ("likeness,account,account_id,key,other,other_id,other_key,reasons,command")
    assert lines[1].startswith("96,ACME GmbH,")
    heads = run("contact", "dupes", "-f", "csv").out.splitlines()[0].split(",")
    assert heads[:5] == ["likeness", "contact", "contact_id", "key", "at"]


def test_a_page_for_people(run: Program, acme: None) -> None:
    drawn = run("account", "dupes", "-f", "table").out
    assert drawn.splitlines() == [
        " 96 ACME GmbH (A-0002)  =  Acme Corp (A-0001)",
        "    same name, written differently; people write from acme.com",
        "    acct account merge A-0002 A-0001",
    ]
    narrow = run("account", "dupes", "-f", "table", env={"COLUMNS": "12"}).out
    assert "A-0002" in narrow.replace("\n", "")


def test_nobody_twice(run: Program) -> None:
    run("account", "add", "Acme")
    found = run("account", "dupes", "-f", "table")
    assert (found.code, found.out) == (0, "")
    assert found.err == "No duplicate accounts found.\n"


def test_an_archived_account_is_not_compared(run: Program, acme: None) -> None:
    run("account", "archive", "A-0001")
    assert run("account", "dupes", "-f", "json").json() == []


def test_a_pair_that_is_not_the_same_is_told_so_and_not_shown_again(
    run: Program, acme: None, book: Path
) -> None:
    before = books.dump(book)
    done = run("account", "dupes", "--not-same", "A-0001", "acme gmbh")
    assert done.code == 0
    assert done.err == "Acme Corp (A-0001) and ACME GmbH (A-0002) are not the same.\n"
    assert run("account", "dupes", "-f", "json").json() == []
    assert "not the same as ACME GmbH" in run("history", "A-0001").out
    again = run("account", "dupes", "--not-same", "A-0002", "A-0001")
    assert again.code == 0
    assert run("undo").code == 0
    assert books.dump(book) == before
    assert len(run("account", "dupes", "-f", "json").json()) == 1


@pytest.mark.parametrize(
    ("one", "other", "code", "says"),
    [
        ("A-0001", "Acme Corp", 4, '"A-0001" and "Acme Corp" are one account'),
        ("A-0001", "Acm", 3, 'no account "Acm"'),
    ],
)
def test_who_is_told_apart_is_named_in_full(
    run: Program, acme: None, one: str, other: str, code: int, says: str
) -> None:
    done = run("account", "dupes", "--not-same", one, other)
    assert (done.code, says in done.err) == (code, True)


# Merging


def test_what_it_would_do_is_shown_and_not_done(run: Program, acme: None, book: Path) -> None:
    before = books.dump(book)
    shown = run("account", "merge", "A-0001", "A-0002", "--dry-run", "-f", "json")
    assert shown.code == 0
    data = shown.json()
    fields = {field["field"]: field for field in data["fields"]}
    assert fields["name"]["values"] == ["Acme Corp", "ACME GmbH"]
    assert (fields["name"]["becomes"], fields["name"]["from"]) == ("Acme Corp", 0)
    assert (fields["industry"]["becomes"], fields["industry"]["from"]) == ("tools", 1)
    assert fields["tags"]["becomes"] == ["expo", "vip"]
    assert "phone" not in fields  # neither has one
    assert data["moved"] == {"contact": 1, "log": 1, "task": 1, "tag": 1}
    assert data["joined"] == {"tag": 1}
    assert books.dump(book) == before
    assert not backups(book)


def test_a_page_of_what_it_would_do(run: Program, acme: None) -> None:
    drawn = run("account", "merge", "A-0001", "A-0002", "--dry-run", "-f", "table").out
    assert [line.split() for line in drawn.splitlines()][:2] == [
        ["A-0001", "A-0002"],
        ["name", "✓", "Acme", "Corp", "ACME", "GmbH"],
    ]
    assert "✓ expo, vip" in drawn
    assert "Acme Corp (A-0001) gets 1 contact, 1 interaction, 1 task and 1 tag of" in drawn
    for width in (10, 30, 200):
        columns = {"COLUMNS": str(width)}
        again = run("account", "merge", "A-0001", "A-0002", "--dry-run", "-f", "table", env=columns)
        assert again.code == 0
        assert "tools" in again.out


def test_a_merge_is_done_backed_up_and_taken_back(run: Program, acme: None, book: Path) -> None:
    before = books.dump(book)
    done = run("account", "merge", "A-0001", "acme gmbh", "--yes", "-f", "json")
    assert done.code == 0
    assert done.json()["industry"] == "tools"
    assert done.err == (
        "Merged ACME GmbH (A-0002) into Acme Corp (A-0001): 1 contact, 1 interaction, 1 task "
        "and 1 tag moved. "
        "Taken over: industry tools, aliases ACME GmbH, tags vip. Noted in the description.\n"
    )
    assert run("account", "show", "A-0002").code == 3
    assert len(run("log", "list", "--account", "A-0001", "-f", "json").json()) == 1
    assert run("search", "Spoke").out.count("Acme Corp") == 1
    (backup,) = backups(book)
    assert books.dump(backup) == before
    assert "merged into Acme Corp" in run("history", "A-0001").out
    assert run("undo").code == 0
    assert books.dump(book) == before
    assert books.sound(book)


def test_the_sentence_names_which_of_two_values_stays(run: Program, asked: None) -> None:
    own = ("--website", "acme.com", "--industry", "anvils")
    run("account", "add", "Acme", *own, "--description", "Anvils")
    words = ("--website", "acme.de", "--phone", "+4930123456", "--tier", "smb")
    more = ("--industry", "rockets", "--description", "Rockets\nand more")
    run("account", "add", "ACME GmbH", *words, *more)
    shown = run("account", "merge", "A-0001", "A-0002", "--dry-run", "-f", "table").out
    assert "Noted, in the description of Acme:" in shown
    assert "It is still found by: acme.de, ACME GmbH" in shown
    assert "✓ Anvils" in shown
    assert "✓ Rockets" in shown
    done = run("account", "merge", "A-0001", "A-0002", "--yes", "-f", "json")
    assert done.err == (
        "Merged ACME GmbH (A-0002) into Acme (A-0001). "
        "Taken over: tier smb, other websites acme.de, phone +4930123456, "
        "aliases ACME GmbH. Both texts stay: description. "
        "Kept industry anvils (not rockets); what was not kept stands in the description.\n"
    )
    record = done.json()
    assert record["description"] == (
        "Anvils\n\nRockets\nand more\n\n2026-11-22 merged with ACME GmbH (A-0002): industry rockets"
    )
    told = record["merge"]
    assert told["taken"][0] == {"field": "tier", "value": "smb", "of": "A-0002"}
    assert told["texts_joined"] == ["description"]
    left = {one["field"]: (one["kept"], one["left"], one["of"]) for one in told["left"]}
    assert left["industry"] == ("anvils", "rockets", "A-0002")
    assert (record["aliases"], record["other_websites"]) == (["ACME GmbH"], ["acme.de"])
    assert run("search", "acme.de", "-f", "ids").out.strip() == record["id"]
    history = run("history", "A-0001", "-f", "tsv").out
    assert 'description: added "2026-11-22 merged with ACME GmbH' in history
    assert "merged into Acme" in history
    assert run("undo").err == ("Undid: Merged ACME GmbH (A-0002) into Acme (A-0001) (2 records).\n")


def test_what_was_said_to_be_another_one_is_told(run: Program, acme: None, asked: None) -> None:
    run("account", "dupes", "--review", input="n\n")
    shown = run("account", "merge", "A-0001", "A-0002", "--dry-run", "-f", "table").out
    assert "Marked earlier as not the same" in shown
    done = run("account", "merge", "A-0001", "A-0002", "--yes", "-f", "json")
    assert done.err.endswith("They were marked as not the same; that mark is gone.\n")
    assert set(done.json()["merge"]["told_apart"]) == {"A-0001", "A-0002"}


def test_people_whose_links_said_two_things_are_counted(run: Program, acme: None) -> None:
    run("contact", "edit", "Mei Tan", "--title", "CFO")
    run("contact", "link", "Mei Tan", "--account", "A-0002", "--title", "Advisor")
    done = run("account", "merge", "A-0001", "A-0002", "--yes")
    assert done.err.endswith(
        "Links of 1 person said two things; what was not kept stands in their notes.\n"
    )


def test_a_review_makes_one_backup(run: Program, asked: None, book: Path) -> None:
    for name in ("Acme", "Acme Ltd", "ACME Inc"):
        run("account", "add", name)
    before = books.dump(book)
    run("account", "dupes", "--review", input="m\nm\n")
    (backup,) = backups(book)
    assert books.dump(backup) == before


def test_several_from_stdin_and_the_values_of_the_others(run: Program, acme: None) -> None:
    ids = run("account", "list", "--where", "not number = A-0001", "-f", "ids").out
    done = run("account", "merge", "A-0001", "-", "--prefer", "other", "--yes", input=ids)
    assert done.code == 0, done.err
    (left,) = run("account", "list", "-f", "json").json()
    assert left["number"] == "A-0001"
    assert left["name"] == "ACME GmbH"
    assert left["tier"] == "key"


def test_a_script_must_say_yes(run: Program, acme: None, book: Path) -> None:
    before = books.dump(book)
    refused = run("account", "merge", "A-0001", "A-0002")
    assert refused.code == 2
    assert refused.err == (
        "acct: Merge ACME GmbH (A-0002) into Acme Corp (A-0001), moving 1 contact, 1 interaction, "
        "1 task and 1 tag? "
        "Nothing was changed. To go ahead: --yes\n"
    )
    assert books.dump(book) == before


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("A-0001", "A-0001"), 4, 'cannot be merged with itself: "A-0001" is named again'),
        (("A-0001", "acme corp", "A-0002"), 4, "cannot be merged with itself"),
        (("A-0001", "A-0099"), 3, 'no account "A-0099"'),
        (("A-0001", "A-0002", "--prefer", "both"), 2, 'unknown --prefer "both"'),
        (("A-0001",), 2, "ACCOUNT is missing"),
    ],
)
def test_what_is_refused(
    run: Program, acme: None, book: Path, words: tuple[str, ...], code: int, says: str
) -> None:
    before = books.dump(book)
    refused = run("account", "merge", *words, "--yes")
    assert refused.code == code
    assert says in refused.err
    assert len(refused.err.splitlines()) == 1
    assert books.dump(book) == before


def test_a_person_sees_the_page_before_the_question(run: Program, acme: None, asked: None) -> None:
    no = run("account", "merge", "A-0001", "A-0002", input="n\n")
    assert no.code == 130
    assert no.out == ""
    assert "✓ Acme Corp" in no.err
    moved = "1 contact, 1 interaction, 1 task and 1 tag"
    # The preview and the question count the same.
    assert f"Acme Corp (A-0001) gets {moved} of ACME GmbH (A-0002)" in " ".join(no.err.split())
    moving = f"moving {moved}? [y/N]"
    assert f"Merge ACME GmbH (A-0002) into Acme Corp (A-0001), {moving}" in no.err
    yes = run("account", "merge", "A-0001", "A-0002", input="y\n")
    assert yes.code == 0
    assert len(run("account", "list", "-f", "ids").out.split()) == 2


def test_hostile_names_are_shown_safe(run: Program, asked: None) -> None:
    name = "\x1b[31mRed [/bold]\u202e"
    run("account", "add", name)
    run("account", "add", f"{name} Ltd", "--duplicate")
    listed = run("account", "dupes", "-f", "table")
    merged = run("account", "merge", "A-0001", "A-0002", "--dry-run", "-f", "table")
    asking = run("account", "dupes", "--review", input="m\n")
    for printed in (listed.out, merged.out, asking.err, asking.out):
        assert "\x1b" not in printed
        assert "\u202e" not in printed
    assert "[/bold]" in listed.out
    assert "[/bold]" in asking.err


def test_the_number_of_a_merged_account_says_where_it_went(run: Program, acme: None) -> None:
    run("account", "merge", "A-0001", "A-0002", "--yes")
    run("account", "merge", "A-0003", "A-0001", "--yes")
    gone = run("account", "show", "a-0002")
    assert (gone.code, gone.err) == (
        3,
        'acct: no account "a-0002": it was merged into Kan-code (A-0003)\n',
    )
    assert run("undo").code == 0
    assert "merged into Acme Corp (A-0001)" in run("account", "edit", "A-0002", "--tier", "key").err
    assert run("undo").code == 0
    assert run("account", "show", "A-0002").code == 0


# Reviewing


def test_a_review_needs_somebody_to_ask(run: Program, acme: None) -> None:
    refused = run("account", "dupes", "--review")
    assert refused.code == 2
    assert "--review needs a terminal" in refused.err


def test_not_the_same_is_remembered_and_can_be_taken_back(
    run: Program, acme: None, asked: None, book: Path
) -> None:
    before = books.dump(book)
    told = run("account", "dupes", "--review", input="what?\nn\n")
    assert told.code == 0
    assert told.err.endswith("0 merged, 1 not the same, 0 skipped.\n")
    assert told.err.count("1 of 1:") == 2  # asked again after an invalid answer
    assert "96% similar: same name, written differently" in told.err
    assert run("account", "dupes", "-f", "json").json() == []
    assert "not the same as" in run("history", "A-0001").out + run("history", "A-0002").out
    assert "are not the same." in run("history").out
    run("undo")
    assert books.dump(book) == before
    assert len(run("account", "dupes", "-f", "json").json()) == 1


@pytest.mark.parametrize(
    ("answer", "left"), [("m", "A-0002"), ("swap, keep the other one", "A-0001")]
)
def test_a_pair_is_merged_either_way(
    run: Program, acme: None, asked: None, answer: str, left: str
) -> None:
    done = run("account", "dupes", "--review", input=f"{answer}\n")
    assert done.code == 0
    assert done.err.endswith("1 merged, 0 not the same, 0 skipped.\n")
    numbers = {row["number"] for row in run("account", "list", "-f", "json").json()}
    assert numbers == {left, "A-0003"}
    assert done.out.strip() == account(run, left)["id"][-4:]


def test_each_answer_is_a_command_of_its_own(run: Program, asked: None, book: Path) -> None:
    for name in ("Acme", "Acme Ltd", "ACME Inc"):
        run("account", "add", name)
    assert len(run("account", "dupes", "-f", "json").json()) == 3
    # The first two are merged; the rest of the third pair is then the same as the second.
    done = run("account", "dupes", "--review", input="m\nm\n")
    assert done.err.endswith("2 merged, 0 not the same, 0 skipped.\n")
    assert len(run("account", "list", "-f", "ids").out.split()) == 1
    run("undo")
    assert len(run("account", "list", "-f", "ids").out.split()) == 2
    assert books.sound(book)


def test_nobody_is_asked_twice_about_the_same_two(run: Program, asked: None) -> None:
    for name in ("Acme", "Acme Ltd", "ACME Inc"):
        run("account", "add", name)
    # The first and the second are the same, so the answer for the third is known already.
    done = run("account", "dupes", "--review", input="m\nn\n")
    assert done.err.endswith("1 merged, 1 not the same, 0 skipped.\n")
    assert run("account", "dupes", "-f", "json").json() == []


def test_it_can_be_left_at_any_time(run: Program, acme: None, asked: None) -> None:
    for typed in ("q\n", ""):
        stopped = run("account", "dupes", "--review", input=typed)
        assert stopped.code == 0
        assert stopped.err.endswith("0 merged, 0 not the same, 0 skipped.\n")
    skipped = run("account", "dupes", "--review", input="s\n")
    assert skipped.err.endswith("1 skipped.\n")


def test_what_was_answered_before_an_interrupt_stands(
    run: Program, asked: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("Acme", "Acme Ltd", "Kan", "Kan Ltd"):
        run("account", "add", name)
    answers = iter("n")

    def answer(*_: Any) -> str:
        for one in answers:
            return one
        raise KeyboardInterrupt

    monkeypatch.setattr(Session, "choose", answer)
    stopped = run("account", "dupes", "--review")
    assert stopped.code == 130
    assert stopped.err.endswith("Saved so far: 0 merged, 1 not the same, 0 skipped\n")
    assert len(run("account", "dupes", "-f", "json").json()) == 1


# Start-up


@pytest.mark.parametrize("noun", ["account", "contact"])
def test_other_commands_of_the_noun_do_not_pay_for_these(noun: str) -> None:
    script = (
        "import sys; from acctcli.main import run; "
        f"run(['{noun}', 'list', '-f', 'json']); print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    loaded = done.stdout.split()
    assert f"acctcli.cli.{noun}" in loaded
    assert not {"acctcli.cli.dupes", "acctcli.domain.dedupe", "rapidfuzz"} & set(loaded)


@pytest.mark.parametrize("noun", ["account", "contact"])
def test_they_are_in_the_help_of_their_noun(run: Program, noun: str) -> None:
    listed = run(noun, "--help").out
    assert " dupes " in listed
    assert " merge " in listed


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Green Tech", "GreenTech Ltd"),
        ("Orchidea Mutual Bank", "Orchidea Bank"),
        ("Orchidea Bank", "Orchid Bank"),
        ("A.B. Systems", "AB Systems"),
    ],
)
def test_names_that_differ_by_a_space_a_word_or_a_slip_are_found(
    run: Program, one: str, other: str
) -> None:
    do(run, ("account", "add", one), ("account", "add", other))
    (pair,) = do(run, "account", "dupes", "-f", "json").json()
    assert {pair["account"], pair["other"]} == {one, other}


def test_a_name_with_another_space_in_it_is_said_when_it_is_added(run: Program) -> None:
    do(run, "account", "add", "Green Tech")
    added = do(run, "account", "add", "Green-tech Ltd")
    assert "Similar account: Green Tech (A-0001)." in added.err
    assert "Similar" in do(run, "account", "add", "GreenTech").err
    assert "Similar" not in do(run, "account", "add", "Greentree").err


@pytest.mark.parametrize("words", [("Acme",), ()])
def test_not_the_same_needs_two_names(run: Program, words: tuple[str, ...]) -> None:
    refused = run("account", "dupes", "--not-same", *words)
    assert refused.code == 2
    assert "--not-same needs 2 values (--not-same ONE OTHER)" in refused.err


def test_the_book_sets_how_similar_listed_pairs_are(run: Program) -> None:
    run("account", "add", "Acme")
    run("account", "add", "Acme GmbH")
    (pair,) = run("account", "dupes", "-f", "json").json()
    assert pair["likeness"] < 100
    run("config", "set", "dupes.likeness", "100")
    assert run("account", "dupes", "-f", "json").json() == []
    (again,) = run("account", "dupes", "--likeness", "1", "-f", "json").json()
    assert again == pair
    refused = run("config", "set", "dupes.likeness", "0")
    assert (refused.code, "1 to 100" in refused.err) == (4, True)
