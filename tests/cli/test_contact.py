from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests import books
from tests.books import configure
from tests.conftest import Program
from tests.filling import filled_once

HOSTILE = "\x1b[31mRed\u202e [/bold]:100: O'Neil \u200b"


@pytest.fixture
@filled_once
def two_accounts(run: Program) -> None:
    run("account", "add", "GreenTech Ltd")
    run("account", "add", "Kan-code")


@pytest.fixture
@filled_once
def mei(run: Program, two_accounts: None) -> str:
    """Add Mei Tan, CFO of GreenTech; return the short id that `add` printed."""
    added = run(
        *("contact", "add", "Mei Tan", "--account", "greentech", "--title", "CFO"),
        *("--email", "mei@greentech.sg", "--role", "economic-buyer", "--influence", "high"),
        *("--stance", "supporter", "--primary"),
    )
    assert added.code == 0, added.err
    return added.out.strip()


def person(run: Program, name: str = "mei") -> dict[str, Any]:
    shown = run("contact", "show", name, "-f", "json")
    assert shown.code == 0, shown.err
    page: dict[str, Any] = shown.json()
    return page


# Who is primary, and what an edit of the account leaves


def primaries(run: Program) -> list[str]:
    listed = run("contact", "list", "-w", "primary = yes", "-f", "json").json()
    return [row["name"] for row in listed]


def test_a_new_primary_contact_takes_it_from_the_old_one(run: Program, mei: str) -> None:
    added = run("contact", "add", "Raj Nair", "--account", "greentech", "--primary")
    assert added.err == (
        "Added contact Raj Nair at GreenTech Ltd. "
        "Raj Nair takes over as primary contact from Mei Tan.\n"
    )
    assert primaries(run) == ["Raj Nair"]
    run("undo")
    assert primaries(run) == ["Mei Tan"]


def test_an_edit_makes_a_person_the_only_primary_contact(run: Program, mei: str) -> None:
    run("contact", "add", "Raj Nair", "--account", "greentech")
    edited = run("contact", "edit", "raj", "--primary")
    assert edited.err == (
        "Changed primary of Raj Nair. Raj Nair takes over as primary contact from Mei Tan.\n"
    )
    assert primaries(run) == ["Raj Nair"]
    assert run("contact", "edit", "raj", "--primary").err == (
        "Nothing to change: already up to date.\n"
    )
    run("contact", "add", "Kim Lee", "--account", "kan-code", "--primary")
    assert primaries(run) == ["Kim Lee", "Raj Nair"]
    moved = run("contact", "edit", "kim", "--account", "greentech")
    assert moved.err == (
        "Changed account of Kim Lee. Raj Nair stays primary contact of GreenTech Ltd.\n"
    )
    assert primaries(run) == ["Raj Nair"]
    run("undo")
    assert primaries(run) == ["Kim Lee", "Raj Nair"]
    moved = run("contact", "edit", "kim", "--account", "greentech", "--primary")
    assert "Kim Lee takes over as primary contact from Raj Nair." in moved.err
    assert primaries(run) == ["Kim Lee"]
    run("contact", "edit", "kim", "--account", "kan-code")
    assert primaries(run) == ["Kim Lee"]


def test_an_edit_of_the_account_says_what_it_leaves(run: Program, mei: str) -> None:
    run("contact", "edit", "mei", "--since", "2024-03-01")
    edited = run("contact", "edit", "mei", "--account", "kan-code", "--title", "CEO")
    assert edited.err == (
        "Changed account, title of Mei Tan. "
        "Mei Tan keeps role economic-buyer and since 1 Mar 2024. "
        "For a new job, use acct contact move instead.\n"
    )
    edited = run("contact", "edit", "mei", "--account", "greentech", "--role", "", "--since", "")
    assert "keeps title CEO." in edited.err


# add


def test_add_says_who_and_where_and_prints_the_id(run: Program, two_accounts: None) -> None:
    added = run("contact", "add", "Mei Tan", "--account", "greentech", "--title", "CFO")
    assert added.code == 0
    assert added.err == "Added contact Mei Tan, CFO at GreenTech Ltd.\n"
    assert len(added.out.strip()) == 4
    assert person(run, added.out.strip())["name"] == "Mei Tan"


def test_only_the_name_is_needed(run: Program) -> None:
    added = run("contact", "add", "Kim Lee", "-f", "json")
    assert added.err == "Added contact Kim Lee.\n"
    record = added.json()
    assert record["name"] == "Kim Lee"
    assert record["account"] is None
    assert record["primary"] is False  # the first person of an account is not made the primary


def test_add_normalises_addresses(run: Program) -> None:
    record = run(
        *("contact", "add", "Mei", "--email", " Mei@GreenTech.SG; m@x.example "),
        *("--phone", "+65 6123 4567", "--linkedin", "https://www.linkedin.com/in/mei-tan/"),
        *("-f", "json"),
    ).json()
    assert record["emails"] == ["mei@greentech.sg", "m@x.example"]
    assert record["phones"] == ["+6561234567"]
    assert record["linkedin"] == "mei-tan"


def test_a_second_person_with_the_same_email_is_refused_unless_it_is_meant(
    run: Program, mei: str
) -> None:
    again = run("contact", "add", "M. Tan", "--email", "MEI@greentech.sg")
    assert again.code == 4
    assert again.out == ""
    assert f"Mei Tan ({mei}) already has the email mei@greentech.sg" in again.err
    assert run("contact", "add", "M. Tan", "--email", "mei@greentech.sg", "--duplicate").code == 0


def test_the_same_name_is_added_and_said(run: Program, mei: str) -> None:
    added = run("contact", "add", "mei tan", "--account", "kan")
    assert added.code == 0
    assert added.err == (
        f"Added contact mei tan at Kan-code. Same name: Mei Tan, GreenTech Ltd ({mei}).\n"
    )


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["--account", "nobody"], 3, 'no account "nobody"'),
        (["--role", "boss"], 4, 'unknown role "boss"'),
        (["--email", "mei@@x"], 4, "--email"),
        (["--since", "01/02/2026"], 2, "reads as 1 February or 2 January 2026"),
        (["--set", "nope=1"], 2, 'no contact field "nope" to set'),
    ],
)
def test_add_refuses(
    run: Program, two_accounts: None, words: list[str], code: int, says: str
) -> None:
    refused = run("contact", "add", "Mei", *words)
    assert (refused.code, refused.out) == (code, "")
    assert says in refused.err
    assert refused.err.count("\n") == 1
    assert run("contact", "list", "-f", "json").json() == []


# list


def test_list_filters(run: Program, mei: str) -> None:
    run("contact", "add", "Raj Nair", "--account", "greentech", "--role", "technical-buyer")
    run("contact", "add", "Ana Lim", "--account", "kan", "--department", "Grid systems")

    def names(*words: str) -> list[str]:
        found = run("contact", "list", "--columns", "name", *words)
        assert found.code == 0, found.err
        return found.out.splitlines()

    assert names() == ["Ana Lim", "Mei Tan", "Raj Nair"]
    assert names("--account", "greentech") == ["Mei Tan", "Raj Nair"]
    assert names("--role", "technical-buyer,economic-buyer") == ["Mei Tan", "Raj Nair"]
    assert names("--influence", "high", "--stance", "supporter") == ["Mei Tan"]
    assert names("--department", "grid SYSTEMS") == ["Ana Lim"]
    assert names("--where", "not account = kan-code", "--sort", "-name") == ["Raj Nair", "Mei Tan"]


def test_an_account_lists_the_people_who_are_linked_to_it_until_the_link_ends(
    run: Program, mei: str
) -> None:
    listed = ("contact", "list", "--account", "kan", "--columns", "name")
    assert run(*listed).out == ""
    run("contact", "link", "mei", "--account", "kan", "--role", "coach")
    assert run(*listed).out == "Mei Tan\n"
    run("contact", "unlink", "Mei Tan", "--account", "Kan-code")
    assert run(*listed).out == ""


# show


def test_show_has_everything_under_its_own_key(run: Program, mei: str) -> None:
    run("contact", "add", "Raj Nair", "--account", "greentech", "--reports-to", "mei")
    run("log", "call", "greentech", "Pricing", "--with", "mei", "--next", "Quote", "--due", "fri")
    run("log", "note", "greentech", "Nothing to do with her")
    page = person(run)
    assert page["name"] == "Mei Tan"
    assert page["emails"] == ["mei@greentech.sg"]
    assert page["last_touch"] == "2026-11-22T12:00:00Z"
    assert page["links"] == [
        {
            "account": "GreenTech Ltd",
            "account_id": page["account_id"],
            "role": "economic-buyer",
            "title": "CFO",
            "from": None,
            "to": None,
            "current": True,
        }
    ]
    assert page["deals"] == []
    assert page["interaction_count"] == 1
    assert [log["summary"] for log in page["interactions"]] == ["Pricing"]
    assert [(task["text"], task["due"]) for task in page["tasks"]] == [("Quote", "2026-11-27")]
    run("task", "done", "quote")
    assert person(run)["tasks"] == []


def test_show_has_their_part_in_each_deal(run: Program, mei: str) -> None:
    run(
        *("deal", "add", "greentech", "Platform rollout", "--stage", "proposal"),
        *("--amount", "120k", "--currency", "SGD", "--close", "2026-12-15"),
    )
    run("deal", "add", "greentech", "Not hers")
    run("deal", "contact", "platform", "mei", "--role", "champion")
    (deal,) = person(run)["deals"]
    assert (deal["title"], deal["role"], deal["stage"]) == (
        "Platform rollout",
        "champion",
        "proposal",
    )
    assert (deal["amount"], deal["currency"]) == (120000, "SGD")
    assert "Platform rollout  champion  proposal  120,000 SGD  Tue 15 Dec" in (
        run("contact", "show", "mei").out
    )


def test_show_counts_the_interactions_that_it_leaves_out(run: Program, mei: str) -> None:
    for number in range(12):
        run(
            "log",
            "call",
            "greentech",
            f"Call {number}",
            "--with",
            "mei",
            "--at",
            f"{number + 1}d ago",
        )
    page = person(run)
    assert page["interaction_count"] == 12
    assert [log["summary"] for log in page["interactions"]] == [f"Call {n}" for n in range(10)]
    assert f"2 more: acct log list --with {mei}" in run("contact", "show", "mei").out
    assert len(run("log", "list", "--with", mei, "-f", "ids").out.splitlines()) == 12


def test_show_as_text_tells_the_same(run: Program, mei: str) -> None:
    run("contact", "edit", "mei", "--do-not-contact", "--notes", "Before nine\nNever on Fridays")
    run("log", "call", "greentech", "Pricing", "--in", "--with", "mei", "--at", "2026-11-20 10:00")
    shown = run("contact", "show", "mei")
    assert shown.code == 0
    assert shown.err == ""
    for said in (
        "Mei Tan",
        "CFO · GreenTech Ltd",
        "asked not to be contacted",
        "economic buyer · high influence · supporter · primary contact",
        "mei@greentech.sg",
        "Never on Fridays",
        "call ←",
        "Pricing",
        "Fri 20 Nov",
    ):
        assert said in shown.out


def test_show_is_found_by_email_and_several_names_are_refused(run: Program, mei: str) -> None:
    assert person(run, "mei@greentech.sg")["name"] == "Mei Tan"
    run("contact", "add", "Mei Ling", "--account", "kan")
    several = run("contact", "show", "mei")
    assert several.code == 4
    assert '"mei" matches 2 contacts' in several.err
    assert "Mei Ling, Kan-code" in several.err


@pytest.mark.parametrize("width", ["20", "39", "80", "200"])
def test_hostile_text_reaches_no_terminal_and_nothing_is_lost(run: Program, width: str) -> None:
    run("account", "add", HOSTILE)
    run(
        *("contact", "add", HOSTILE, "--account", "bold", "--title", HOSTILE, "--notes", HOSTILE),
        *("--department", HOSTILE),
    )
    run("log", "call", "bold", HOSTILE, "--with", "bold", "--next", HOSTILE, "--due", "fri")
    for words in (["show", "bold"], ["list"], ["list", "-f", "table"], ["list", "-f", "md"]):
        done = run("contact", *words, env={"COLUMNS": width})
        assert done.code == 0, done.err
        assert not {"\x1b", "\u202e", "\u200b"} & set(done.out + done.err)
    shown = run("contact", "show", "bold", env={"COLUMNS": "200"}).out
    assert shown.count(r"\x1b[31mRed\u202e [/bold]:100: O'Neil") >= 7


# edit


def test_edit_changes_several_at_once_and_undo_is_not_needed_for_nothing(
    run: Program, mei: str
) -> None:
    run("contact", "add", "Raj Nair", "--account", "greentech")
    ids = run("contact", "list", "-f", "ids").out
    edited = run("contact", "edit", "-", "--department", "Finance", input=ids)
    assert edited.code == 0
    assert edited.err == "Changed department of Mei Tan, Raj Nair.\n"
    assert len(edited.out.splitlines()) == 2
    again = run("contact", "edit", "-", "--department", "Finance", input=ids)
    assert again.err == "Nothing to change: already up to date.\n"


def test_nobody_reports_to_themselves(run: Program, mei: str) -> None:
    run("contact", "add", "Raj Nair", "--account", "greentech", "--reports-to", "mei")
    refused = run("contact", "edit", "mei", "--reports-to", "raj")
    assert refused.code == 4
    assert "cannot be above itself" in refused.err


# move


def test_move_keeps_the_earlier_link_with_its_dates(run: Program, mei: str) -> None:
    run("contact", "edit", "mei", "--since", "2020-03-01", "--department", "Finance")
    moved = run(
        "contact",
        "move",
        "mei",
        "--to",
        "kan",
        "--title",
        "CEO",
        "--on",
        "2026-11-02",
        "-f",
        "json",
    )
    assert moved.code == 0, moved.err
    assert moved.err == "Mei Tan is now at Kan-code; at GreenTech Ltd until Mon 2 Nov.\n"
    record = moved.json()
    assert (record["account"], record["title"], record["since"]) == (
        "Kan-code",
        "CEO",
        "2026-11-02",
    )
    # Her role at the old account does not apply to the new one; her stance does.
    for name in ("role", "influence", "department", "reports_to"):
        assert record[name] is None
    assert record["primary"] is False
    assert record["stance"] == "supporter"
    now, before = person(run)["links"]
    assert (now["account"], now["from"], now["current"]) == ("Kan-code", "2026-11-02", True)
    assert before == {
        "account": "GreenTech Ltd",
        "account_id": before["account_id"],
        "role": "economic-buyer",
        "title": "CFO",
        "from": "2020-03-01",
        "to": "2026-11-02",
        "current": False,
    }


def test_move_to_a_linked_account_makes_that_link_the_present_one(run: Program, mei: str) -> None:
    run("contact", "link", "mei", "--account", "kan", "--role", "coach", "--from", "2025-01-01")
    moved = run("contact", "move", "mei", "--to", "kan", "--title", "CEO", "-f", "json").json()
    assert (moved["role"], moved["title"], moved["since"]) == ("coach", "CEO", "2025-01-01")
    assert [link["account"] for link in person(run)["links"]] == ["Kan-code", "GreenTech Ltd"]


def test_there_and_back_keeps_both_stays(run: Program, mei: str) -> None:
    run("contact", "move", "mei", "--to", "kan", "--on", "2026-11-20")
    run("contact", "move", "mei", "--to", "greentech", "--on", "2026-11-21")
    spans = [(link["account"], link["to"]) for link in person(run)["links"]]
    assert spans == [
        ("GreenTech Ltd", None),
        ("Kan-code", "2026-11-21"),
        ("GreenTech Ltd", "2026-11-20"),
    ]


def test_people_without_an_account_can_get_one(run: Program, two_accounts: None) -> None:
    run("contact", "add", "Kim Lee")
    moved = run("contact", "move", "kim", "--to", "kan")
    assert moved.err == "Kim Lee is now at Kan-code.\n"
    assert len(person(run, "kim")["links"]) == 1


def test_who_was_nowhere_moves_whatever_their_since(run: Program, two_accounts: None) -> None:
    run("contact", "add", "Bob", "--since", "2026-11-20")
    done = run("contact", "move", "bob", "--to", "kan", "--on", "2026-11-01")
    assert (done.code, done.err) == (0, "Bob is now at Kan-code.\n")
    (link,) = person(run, "bob")["links"]
    assert (link["account"], link["from"], link["to"]) == ("Kan-code", "2026-11-01", None)


def test_several_move_together_or_none(run: Program, mei: str) -> None:
    run("contact", "add", "Raj Nair", "--account", "kan")
    refused = run("contact", "move", "mei", "raj", "--to", "kan")
    assert refused.code == 4
    assert refused.err == "acct: Raj Nair is at Kan-code already. Nothing was changed\n"
    assert person(run)["account"] == "GreenTech Ltd"
    run("account", "add", "Condax")
    moved = run("contact", "move", "mei", "raj", "--to", "condax")
    assert moved.err == (
        "Mei Tan, Raj Nair are now at Condax; "
        "Mei Tan at GreenTech Ltd and Raj Nair at Kan-code until today.\n"
    )


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["--to", "greentech"], 4, "Mei Tan is at GreenTech Ltd already"),
        (["--to", "kan", "--on", "tomorrow"], 4, "--on Mon 23 Nov 2026 is in the future"),
        (["--to", "kan", "--on", "2019-01-01"], 4, "came to GreenTech Ltd on 2020-03-01"),
        (["--to", "nowhere"], 3, 'no account "nowhere"'),
        (["--to", "kan", "--role", "boss"], 4, 'unknown role "boss"'),
        ([], 2, "--to"),
    ],
)
def test_move_refuses(run: Program, mei: str, words: list[str], code: int, says: str) -> None:
    run("contact", "edit", "mei", "--since", "2020-03-01")
    refused = run("contact", "move", "mei", *words)
    assert (refused.code, refused.out) == (code, "")
    assert says in refused.err
    assert len(person(run)["links"]) == 1


# link, unlink


def test_people_of_an_account_are_the_same_by_option_and_by_filter(run: Program, mei: str) -> None:
    def listed(*words: str) -> list[str]:
        return run("contact", "list", "--columns", "name", *words).out.splitlines()

    run("contact", "add", "Ana Lim")
    assert listed("--where", "account = kan") == listed("--account", "kan")
    assert "Mei Tan" not in listed("--account", "kan")
    run("contact", "link", "mei", "--account", "kan", "--role", "coach")
    assert listed("--where", "account = kan") == listed("--account", "kan")
    assert "Mei Tan" in listed("--account", "kan")
    assert "Mei Tan" not in listed("--where", "account != kan")
    assert "Ana Lim" in listed("--where", "account != kan")  # she has no account at all


def test_link_shows_beside_the_account_where_they_are(run: Program, mei: str) -> None:
    linked = run("contact", "link", "mei", "--account", "kan", "--role", "coach")
    assert linked.err == "Linked Mei Tan to Kan-code.\n"
    assert linked.out.strip() == mei
    page = person(run)
    assert page["account"] == "GreenTech Ltd"
    assert [(link["account"], link["role"], link["current"]) for link in page["links"]] == [
        ("GreenTech Ltd", "economic-buyer", True),
        ("Kan-code", "coach", True),
    ]


def test_an_earlier_link_is_one_with_a_last_day(run: Program, mei: str) -> None:
    linked = ("contact", "link", "mei", "--account", "greentech")
    earlier = run(*linked, "--from", "2015-01-01", "--to", "2017-12-31", "--title", "Controller")
    assert earlier.code == 0
    link = person(run)["links"][1]
    assert (link["title"], link["from"], link["to"]) == ("Controller", "2015-01-01", "2017-12-31")
    assert link["current"] is False


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--account", "greentech"], "Mei Tan is linked to GreenTech Ltd already"),
        (["--account", "kan", "--from", "2026-01-01", "--to", "2025-01-01"], "is after --to"),
        (["--account", "kan", "--to", "in 1m"], "--to Tue 22 Dec 2026 is in the future"),
    ],
)
def test_link_refuses(run: Program, mei: str, words: list[str], says: str) -> None:
    refused = run("contact", "link", "mei", *words)
    assert refused.code == 4
    assert says in refused.err


def test_a_link_to_the_account_where_somebody_is_by_now_goes_into_it(
    run: Program, mei: str, book: Path
) -> None:
    run(
        "contact",
        "link",
        mei,
        "--account",
        "kan-code",
        "--title",
        "Advisor",
        "--from",
        "2020-01-01",
    )
    before = books.dump(book)
    done = run("contact", "edit", mei, "--account", "kan-code", "--role", "legal")
    assert done.code == 0, done.err
    (link,) = run("contact", "show", mei, "-f", "json").json()["links"]
    assert (link["account"], link["title"], link["role"]) == ("Kan-code", "Advisor", "legal")
    assert link["from"] == "2020-01-01"
    assert run("contact", "show", mei, "-f", "table").out.count("Kan-code") == 2  # head and link
    assert run("undo").code == 0
    assert books.dump(book) == before


def test_an_import_makes_no_second_link_either(run: Program, mei: str, tmp_path: Path) -> None:
    run("contact", "link", mei, "--account", "kan-code", "--title", "Advisor")
    file = tmp_path / "people.csv"
    file.write_text(f"id,account\n{person(run)['id']},Kan-code\n", encoding="utf-8")
    done = run("import", file, "--as", "contact")
    assert done.code == 0, done.err
    assert len(run("contact", "show", mei, "-f", "json").json()["links"]) == 1


def test_a_link_that_says_no_more_than_another_is_shown_once(run: Program, mei: str) -> None:
    """A book from elsewhere may have it twice."""
    account = person(run)["account_id"]
    rows = [
        {"contact_id": person(run)["id"], "account_id": account, "title": None},
        {"contact_id": person(run)["id"], "account_id": account, "title": "Something else"},
    ]
    for row in rows:
        typed = ("import", "-", "--as", "affiliation", "--duplicate")
        assert run(*typed, input=json.dumps([row])).code == 0
    links = run("contact", "show", mei, "-f", "json").json()["links"]
    assert [link["title"] for link in links] == ["CFO", "Something else"]


def test_the_same_earlier_link_is_refused(run: Program, mei: str) -> None:
    words = ("contact", "link", mei, "--account", "kan-code", "--to", "2022-03-31")
    assert run(*words).code == 0
    again = run(*words)
    assert again.code == 4
    assert "is there already. Nothing was changed" in again.err


def test_moving_says_who_has_the_same_name(run: Program, mei: str) -> None:
    run("contact", "add", "Mei Tan", "--account", "kan")
    moved = run("contact", "move", mei, "--to", "kan")
    assert moved.code == 0
    assert ". Same name: Mei Tan, Kan-code (" in moved.err


def test_unlink_ends_a_link_and_forget_takes_it_away(run: Program, mei: str) -> None:
    run("contact", "link", "mei", "--account", "kan", "--from", "2025-01-01")
    ended = run("contact", "unlink", "mei tan", "--account", "kan-code", "--on", "2026-10-31")
    assert ended.err == "Ended the link of Mei Tan to Kan-code on Sat 31 Oct.\n"
    assert [link["to"] for link in person(run)["links"]] == [None, "2026-10-31"]
    again = run("contact", "unlink", "mei tan", "--account", "kan-code")
    assert again.code == 3
    assert "has no link to that account" in again.err
    forgot = run("contact", "unlink", "mei tan", "--account", "kan-code", "--forget")
    assert forgot.err == "Removed every link of Mei Tan to Kan-code.\n"
    assert len(person(run)["links"]) == 1


def test_a_link_with_a_last_day_is_not_forgotten(run: Program, mei: str) -> None:
    run("contact", "link", "mei", "--account", "kan", "--from", "2025-01-01")
    words = ("--account", "kan-code", "--on", "2026-10-31", "--forget")
    refused = run("contact", "unlink", "mei tan", *words)
    assert (refused.code, refused.out) == (2, "")
    assert refused.err.startswith("acct: --on and --forget contradict")
    assert len(person(run)["links"]) == 2


def test_unlink_does_not_empty_the_account_where_they_are(run: Program, mei: str) -> None:
    refused = run("contact", "unlink", "mei tan", "--account", "greentech ltd")
    assert refused.code == 4
    assert "GreenTech Ltd is where Mei Tan is now" in refused.err
    run("contact", "link", "mei", "--account", "kan", "--from", "2025-01-01")
    early = run("contact", "unlink", "mei tan", "--account", "kan-code", "--on", "2024-01-01")
    assert early.code == 4
    assert "began on Wed 1 Jan 2025" in early.err


# delete


def test_delete_asks_for_yes_and_keeps_what_was_said(run: Program, mei: str) -> None:
    run("log", "call", "greentech", "Pricing", "--with", "mei", "--next", "Quote")
    run("contact", "link", "mei", "--account", "kan")
    assert run("contact", "delete", "mei tan").code == 2
    deleted = run("contact", "delete", "mei tan", "--yes")
    assert deleted.code == 0, deleted.err
    assert deleted.out.strip() == mei
    assert deleted.err.startswith("Deleted Mei Tan")
    (log,) = run("log", "list", "-f", "json").json()
    assert log["contacts"] == []
    (task,) = run("task", "list", "-f", "json").json()
    assert task["contact"] is None


# the user's own fields and rules


def test_custom_and_required_fields(run: Program, home: Path, two_accounts: None) -> None:
    configure(
        home, '[fields.contact.birthday]\ntype = "date"\n[required.all]\ncontact = ["title"]\n'
    )
    refused = run("contact", "add", "Mei", "--account", "greentech")
    assert refused.code == 4
    assert "needs title" in refused.err
    added = run(
        *("contact", "add", "Mei", "--account", "greentech", "--title", "CFO"),
        *("--set", "birthday=1980-02-03", "-f", "json"),
    )
    assert added.json()["birthday"] == "1980-02-03"
    assert "birthday  3 Feb 1980" in run("contact", "show", "mei").out
    # A person who moves has no title at the new account yet, but it is required.
    assert run("contact", "move", "mei", "--to", "kan").code == 4
    assert run("contact", "move", "mei", "--to", "kan", "--title", "CEO").code == 0


def test_who_is_linked_elsewhere_outlives_the_account(run: Program) -> None:
    for words in (
        ("account", "add", "Kan-code"),
        ("account", "add", "Condax"),
        ("contact", "add", "Ana Lim", "--account", "kan", "--role", "champion", "--primary"),
        ("contact", "add", "Raj Nair", "--account", "kan", "--reports-to", "ana"),
        (
            "contact",
            "link",
            "ana",
            "--account",
            "condax",
            "--role",
            "coach",
            "--from",
            "2024-05-01",
        ),
        ("contact", "link", "raj", "--account", "condax", "--to", "2024-05-01"),
    ):
        assert run(*words).code == 0
    before = run("contact", "list", "-f", "json").json()
    done = run("account", "delete", "kan-code", "--yes")
    assert done.code == 0
    (ana,) = run("contact", "list", "-f", "json").json()
    kept = {name: ana[name] for name in ("name", "account", "role", "since", "primary")}
    assert kept == {
        **{"name": "Ana Lim", "account": "Condax", "role": "coach"},
        **{"since": "2024-05-01", "primary": False},
    }
    assert run("db", "check").code == 0
    assert run("undo").code == 0
    assert run("contact", "list", "-f", "json").json() == before


# Tags


def test_people_are_tagged(run: Program, mei: str) -> None:
    run("contact", "add", "Raj Nair", "--account", "greentech")
    tagged = run("contact", "tag", "mei", "raj", "--add", "webinar, newsletter")
    assert tagged.err == "Changed tags of Mei Tan, Raj Nair (added webinar and newsletter).\n"
    run("contact", "tag", "raj", "--remove", "newsletter")
    listed = run("contact", "list", "--tag", "newsletter", "-f", "json").json()
    assert [row["name"] for row in listed] == ["Mei Tan"]
    refused = run("contact", "tag", "mei")
    assert (refused.code, refused.err) == (2, "acct: nothing to change: give --add or --remove\n")
    missing = run("contact", "tag", "raj", "--remove", "vip")
    assert missing.code == 3


def test_phones_are_grouped_for_people_and_plain_for_machines(run: Program) -> None:
    run("account", "add", "Konex", "--phone", "+65 6221 1234")
    run("contact", "add", "Pat", "--account", "konex", "--phone", "+442079460958")
    assert "+65 6221 1234" in run("account", "show", "konex").out
    assert "+44 20 7946 0958" in run("contact", "show", "pat").out
    assert run("contact", "show", "pat", "-f", "json").json()["phones"] == ["+442079460958"]
