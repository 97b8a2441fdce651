"""The commands of `acct deal`: their sentences, their records, their refusals."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.books import configure
from tests.cli.dealing import add, add_accounts, add_several, rollout, said, shown, titles
from tests.commands import do
from tests.conftest import Program
from tests.filling import filled_once

HOSTILE = "\x1b[31mRed\u202e [/bold]:100: O'Neil \u200b"


@pytest.fixture(autouse=True)
@filled_once
def accounts(run: Program) -> None:
    add_accounts(run)


@pytest.fixture
@filled_once
def several(run: Program) -> None:
    add_several(run)


# add


def test_add_says_what_for_how_much_and_when(run: Program) -> None:
    done = run(
        *("deal", "add", "greentech", "Platform rollout", "--amount", "120k", "--currency", "SGD"),
        *("--close", "2026-12-15", "--stage", "proposal"),
    )
    assert said(done) == 'Added deal ID "Platform rollout", 120,000 SGD, closes Tue 15 Dec.\n'
    deal = shown(run)
    assert deal["id"].endswith(done.out.strip())
    assert deal["account"] == "GreenTech Ltd"
    assert (deal["probability"], deal["category"]) == (60, "best-case")
    assert (deal["opened_on"], deal["closed_on"]) == ("2026-11-22", None)


def test_add_needs_no_more_than_an_account_and_a_title(run: Program) -> None:
    done = run("deal", "add", "kan", "Starter")
    assert said(done) == 'Added deal ID "Starter", at prospecting, no close date.\n'
    deal = shown(run, "starter")
    assert (deal["amount"], deal["currency"], deal["stage"]) == (None, None, "prospecting")


def test_an_amount_without_currency_is_in_the_users_own(run: Program, home: Path) -> None:
    configure(home, '[me]\ncurrency = "EUR"\n')
    assert add(run, "kan", "Starter", "--amount", "1.5m")["currency"] == "EUR"


@pytest.mark.parametrize(
    ("words", "closed_on", "opened_on", "sentence"),
    [
        (("--stage", "won"), "2026-11-22", "2026-11-22", "won today"),
        (
            ("--stage", "won", "--close", "2026-11-10"),
            "2026-11-10",
            "2026-11-10",
            "won Tue 10 Nov",
        ),
        (
            ("--stage", "lost", "--close", "2026-12-10", "--opened", "2026-10-01"),
            "2026-11-22",
            "2026-10-01",
            "lost today, opened on Thu 1 Oct",
        ),
    ],
)
def test_a_deal_that_is_closed_already(
    run: Program, words: tuple[str, ...], closed_on: str, opened_on: str, sentence: str
) -> None:
    done = run("deal", "add", "kan", "Starter", "--amount", "6k", *words)
    assert said(done) == f'Added deal ID "Starter", 6,000 USD, {sentence}.\n'
    deal = shown(run, "starter")
    assert (deal["closed_on"], deal["opened_on"]) == (closed_on, opened_on)
    # Its earlier stage is unknown, except that it was open until that day.
    stage = words[1]
    assert deal["changes"] == [
        {"changed_on": closed_on, "field": "stage", "old": None, "new": stage, "note": None}
    ]


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("grentech", "X"), 3, 'no account "grentech". Did you mean GreenTech Ltd (A-0001)?'),
        (("", "X"), 4, "the account of a deal cannot be empty"),
        (("kan", " "), 4, "the title of a deal cannot be empty"),
        (
            ("kan", "X", "--stage", "propose"),
            4,
            'unknown stage "propose". Did you mean proposal?',
        ),
        (("kan", "X", "--probability", "101"), 4, "--probability 101 is not between 0 and 100"),
        (("kan", "X", "--amount", "10.505"), 4, "--amount 10.505 has more digits than USD keeps"),
        (("kan", "X", "--close", "01/02/2026"), 2, "--close 01/02/2026 reads as 1 February or"),
        (("kan", "X", "--closed", "today"), 4, "a deal at prospecting is still open"),
        (("kan", "X", "--stage", "won", "--closed", "tomorrow"), 4, "that day is in the future"),
        (("kan", "X", "--stage", "won", "--category", "commit"), 4, "does not go with stage won"),
        (("kan", "X", "--product", "gold"), 3, 'no product "gold".'),
    ],
)
def test_what_add_refuses(run: Program, words: tuple[str, ...], code: int, message: str) -> None:
    done = run("deal", "add", *words)
    assert (done.code, done.out) == (code, "")
    assert message in done.err
    assert titles(run) == []


def test_required_fields_are_the_users(run: Program, home: Path) -> None:
    configure(home, '[required.strategic]\ndeal = ["amount", "close_date"]\n')
    done = run("deal", "add", "greentech", "X", "--amount", "1k")
    assert done.code == 4
    assert "deal at a strategic account needs close_date" in done.err
    assert run("deal", "add", "kan", "X").code == 0


# list


@pytest.mark.usefixtures("several")
def test_list_has_open_deals_by_close_date(run: Program) -> None:
    assert titles(run) == ["Starter", "Platform rollout", "Undated"]
    assert titles(run, "--all") == ["Gone", "Done", "Starter", "Platform rollout", "Undated"]


@pytest.mark.usefixtures("several")
def test_list_shows_the_day_on_which_a_deal_closed(run: Program) -> None:
    assert run("deal", "win", "starter", "--on", "2026-11-20").code == 0
    shown = run("deal", "list", "--all", "-f", "table").out.splitlines()
    (won,) = [line for line in shown if "Starter" in line]
    assert won.endswith("Fri 20 Nov")
    # The expected day stays what it was.
    asked = run("deal", "list", "--won", "--columns", "title,closes,close_date,closed_on").out
    assert "Starter\t2026-11-20\t2026-11-12\t2026-11-20" in asked.splitlines()
    assert run("deal", "list", "--won", "-f", "json").json()[0].keys().isdisjoint({"closes"})


@pytest.mark.usefixtures("several")
@pytest.mark.parametrize(
    "words",
    [
        ("--where", "stage = lost"),
        ("--where", "category = omitted"),
        ("--where", "closed_on = 2026-08-01"),
        ("--where", "closes = 2026-08"),
        ("--category", "omitted"),
        ("--stage", "lost"),
        ("--closing", "2026-08"),
    ],
)
def test_list_has_closed_deals_where_they_are_asked_for(
    run: Program, words: tuple[str, ...]
) -> None:
    assert titles(run, *words) == ["Gone"]


def test_list_says_where_the_closed_deals_are(run: Program) -> None:
    assert "No deals yet. Start with: " in run("deal", "list", "-f", "table").err
    assert run("deal", "add", "kan", "Done", "--stage", "won").code == 0
    none = run("deal", "list", "-f", "table")
    assert (none.out, none.err) == ("", "No open deals. Closed ones: acct deal list --all\n")
    refused = run("deal", "list", "--all", "--won")
    assert refused.code == 2
    assert "--all lists open, won and lost deals" in refused.err


@pytest.mark.usefixtures("several")
@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("--open",), ["Starter", "Platform rollout", "Undated"]),
        (("--won",), ["Done"]),
        (("--lost",), ["Gone"]),
        (("--won", "--lost"), ["Gone", "Done"]),
        (("--closing", "this quarter"), ["Done", "Starter", "Platform rollout"]),
        (("--closing", "this month", "--open"), ["Starter"]),
        (("--stage", "won,proposal"), ["Done", "Platform rollout"]),
        (("--account", "greentech"), ["Platform rollout"]),
        (("--type", "renewal"), ["Starter"]),
        (("--owner", "kim"), ["Platform rollout"]),
        (("--category", "commit"), []),
        (("--where", "amount > 6k", "--all", "--sort", "-amount"), ["Platform rollout", "Done"]),
        (("--where", "close_date is empty"), ["Undated"]),
    ],
)
def test_list_narrowed(run: Program, words: tuple[str, ...], found: list[str]) -> None:
    assert titles(run, *words) == found


@pytest.mark.usefixtures("several")
def test_list_for_scripts(run: Program) -> None:
    found = run("deal", "list", "--open", "--limit", "1", "-f", "json").json()
    assert [deal["title"] for deal in found] == ["Starter"]
    assert run("deal", "list", "--lost", "-f", "json").out.count('"amount": 5000.00') == 1
    line = run("deal", "list", "--limit", "1").out.rstrip("\n").split("\t")
    assert line[1:] == [
        *("Kan-code", "Starter", "prospecting", "6000.00", "USD", "2026-11-12", "10"),
    ]
    csv = run("deal", "list", "--lost", "-f", "csv").out.splitlines()
    assert csv[0].startswith("id,account,account_id,title,stage,amount,currency,probability")
    assert ",Gone,lost,5000.00,EUR,0,omitted,2026-08-01," in csv[1]


def test_list_with_a_period_that_is_none(run: Program) -> None:
    done = run("deal", "list", "--closing", "soon")
    assert done.code == 2
    assert done.err.startswith("acct: --closing soon ")


# edit


def test_edit_brings_along_what_a_stage_decides(run: Program) -> None:
    rollout(run)
    done = run("deal", "edit", "platform", "--stage", "negotiation", "--amount", "135k")
    assert done.err.startswith("Changed ")
    deal = shown(run)
    assert (deal["probability"], deal["category"], deal["amount"]) == (80, "commit", 135000)
    assert [(c["field"], c["old"], c["new"]) for c in deal["changes"]] == [
        ("stage", "proposal", "negotiation"),
        ("amount", 120000, 135000),
    ]


def test_edit_to_won_with_the_day(run: Program) -> None:
    rollout(run)
    assert run("deal", "edit", "platform", "--stage", "won", "--close", "2026-11-10").code == 0
    assert shown(run)["closed_on"] == "2026-11-10"


def test_edit_several_from_a_pipe_and_undo_them_at_once(run: Program) -> None:
    for title in ("One", "Two"):
        add(run, "kan", title)
    before = run("deal", "list", "-f", "json").out
    ids = run("deal", "list", "-f", "ids").out
    done = run("deal", "edit", "-", "--owner", "Lee", input=ids)
    assert done.err == "Changed owner of One, Two.\n"
    assert len(done.out.split()) == 2
    assert run("undo").code == 0
    assert run("deal", "list", "-f", "json").out == before


def test_amounts_keep_their_figures_when_the_currency_changes(run: Program) -> None:
    rollout(run)
    assert run("deal", "edit", "platform", "--currency", "JPY").code == 0
    assert (shown(run)["amount"], shown(run)["currency"]) == (120000, "JPY")
    run("deal", "edit", "platform", "--currency", "KWD", "--amount", "1.5")
    refused = run("deal", "edit", "platform", "--currency", "JPY")
    assert refused.code == 4
    assert "amount 1.500 has more digits than JPY keeps (0)" in refused.err
    emptied = run("deal", "edit", "platform", "--currency", "")
    assert (emptied.code, emptied.err) == (
        4,
        "acct: the currency cannot be empty: the amount needs one\n",
    )
    assert run("deal", "edit", "platform", "--currency", "", "--amount", "").code == 0
    assert (shown(run)["amount"], shown(run)["currency"]) == (None, None)


# move, win, lose, reopen


def test_move(run: Program) -> None:
    rollout(run)
    done = run("deal", "move", "platform", "negotiation")
    assert said(done) == 'Moved "Platform rollout" from proposal to negotiation.\n'
    assert shown(run)["probability"] == 80
    again = run("deal", "move", "platform", "negotiation")
    assert said(again) == "Nothing to change: already up to date.\n"
    assert len(shown(run)["changes"]) == 1


def test_move_many(run: Program) -> None:
    for number in range(4):
        add(run, "kan", f"Deal {number}")
    ids = run("deal", "list", "-f", "ids").out
    done = run("deal", "move", "-", "qualification", input=ids)
    assert said(done) == "Moved 4 deals.\n"
    assert titles(run, "--stage", "qualification") == titles(run)


def test_move_is_all_or_nothing(run: Program) -> None:
    add(run, "kan", "One")
    done = run("deal", "move", "one", "nowhere-near", "qualification")
    assert (done.code, done.out) == (3, "")
    assert titles(run, "--stage", "qualification") == []


def test_move_to_a_stage_that_is_none(run: Program) -> None:
    add(run, "kan", "One")
    done = run("deal", "move", "one", "negotiate")
    assert done.code == 4
    assert done.err.startswith('acct: unknown stage "negotiate". Did you mean negotiation?')


def test_win(run: Program) -> None:
    rollout(run)
    done = run("deal", "win", "platform")
    assert said(done) == (
        'Won "Platform rollout", 120,000 SGD, from proposal on its first day. '
        "GreenTech Ltd is now a customer.\n"
    )
    deal = shown(run)
    assert (deal["stage"], deal["category"], deal["probability"]) == ("won", "closed", 100)
    assert (deal["closed_on"], deal["close_date"]) == ("2026-11-22", "2026-12-15")


def test_win_on_another_day_for_another_amount(run: Program) -> None:
    rollout(run, "--opened", "2026-09-01")
    done = run("deal", "win", "platform", "--on", "yesterday", "--amount", "118k")
    assert said(done) == (
        'Won "Platform rollout", 118,000 SGD, from proposal after 81 days, yesterday. '
        "GreenTech Ltd is now a customer.\n"
    )
    deal = shown(run)
    assert (deal["closed_on"], deal["opened_on"]) == ("2026-11-21", "2026-09-01")
    assert {change["changed_on"] for change in deal["changes"]} == {"2026-11-21"}


def test_a_final_amount_may_be_relative_as_in_an_edit(run: Program) -> None:
    do(run, ("deal", "add", "greentech", "Relative", "--amount", "SGD 120k"))
    won = run("deal", "win", "relative", "--amount", "+5k")
    assert (won.code, 'Won "Relative", 125,000 SGD' in won.err) == (0, True), won.err
    do(run, ("deal", "add", "greentech", "Bare"))
    bare = run("deal", "win", "bare", "--amount", "+5k SGD")
    assert 'Won "Bare", 5,000 SGD' in bare.err


def test_winning_before_the_day_it_was_entered_says_so(run: Program) -> None:
    rollout(run)
    done = run("deal", "win", "platform", "--on", "2026-11-10")
    assert said(done) == (
        'Won "Platform rollout", 120,000 SGD, from proposal, Tue 10 Nov. '
        "It counts as opened on that day too. GreenTech Ltd is now a customer.\n"
    )
    assert shown(run)["opened_on"] == "2026-11-10"


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("win", "platform", "--on", "tomorrow"), 4, "that day is in the future"),
        (("win", "platform", "--on", "someday"), 2, "--on someday is not a date"),
        (("win", "platform", "--amount", "a lot"), 2, "--amount a lot is not an amount"),
        (("lose", "platform"), 2, "--reason is missing"),
        (("lose", "platform", "--reason", " "), 2, "--reason is empty"),
        (
            ("reopen", "platform", "--stage", "won"),
            4,
            "--stage won is not an open stage. Open stages: prospecting,",
        ),
        (("win", "plutform"), 3, 'no deal "plutform"'),
    ],
)
def test_what_closing_refuses(
    run: Program, words: tuple[str, ...], code: int, message: str
) -> None:
    rollout(run)
    before = run("deal", "list", "-f", "json").out
    done = run("deal", *words)
    assert done.code == code, done.err
    assert message in done.err
    assert run("deal", "list", "-f", "json").out == before


def test_lose_keeps_why_and_to_whom(run: Program) -> None:
    rollout(run)
    done = run("deal", "lose", "platform", "--reason", "Budget cut.", "--competitor", "Globex")
    assert said(done) == (
        'Lost "Platform rollout", 120,000 SGD, from proposal on its first day, '
        "to Globex: Budget cut.\n"
    )
    deal = shown(run)
    assert (deal["stage"], deal["probability"], deal["category"]) == ("lost", 0, "omitted")
    assert (deal["lost_reason"], deal["competitor"]) == ("Budget cut.", "Globex")


def test_why_a_deal_was_moved_is_told_wherever_its_changes_are(run: Program) -> None:
    """On its page, in the changes of all deals and in its history, once each."""
    rollout(run, "--opened", "2026-09-01")
    words = ("--amount", "118k", "--note", "Signed by the CFO")
    assert run("deal", "win", "platform", *words).code == 0
    notes = {change["field"]: change["note"] for change in shown(run)["changes"]}
    assert (notes["stage"], notes["amount"]) == ("Signed by the CFO", "Signed by the CFO")
    changes = run("deal", "changes", "-f", "json").json()
    assert [(row["what"], row["note"]) for row in changes] == [
        *(("won", "Signed by the CFO"), ("shrunk", "Signed by the CFO")),
    ]
    page = run("deal", "changes", "-f", "table", env={"COLUMNS": "120"}).out
    assert 'proposal → won · 118,000 SGD · "Signed by the CFO"' in page
    history = run("history", "platform", "--kind", "deal", "-f", "json").json()
    said_of_it = [row["what"] for row in history if row["field"] == "note"]
    assert said_of_it == ['note: "Signed by the CFO"']
    merged = run("history", "platform", "-f", "table", env={"COLUMNS": "200"}).out
    assert 'note: "Signed by the CFO"' in merged


def test_reopen_goes_back_to_where_it_was(run: Program) -> None:
    rollout(run)
    run("deal", "move", "platform", "negotiation")
    run("deal", "lose", "platform", "--reason", "Price")
    run("deal", "win", "platform")
    done = run("deal", "reopen", "platform")
    assert said(done) == 'Reopened "Platform rollout" at negotiation.\n'
    deal = shown(run)
    assert (deal["closed_on"], deal["lost_reason"], deal["probability"]) == (None, None, 80)


def test_reopen_elsewhere_or_at_the_beginning(run: Program) -> None:
    add(run, "kan", "Done", "--stage", "won")
    run("deal", "reopen", "done")
    assert shown(run, "done")["stage"] == "prospecting"
    run("deal", "win", "done")
    run("deal", "reopen", "done", "--stage", "qualification")
    assert shown(run, "done")["stage"] == "qualification"


@settings(
    max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    moves=st.lists(
        st.tuples(
            st.integers(0, 3),
            st.sampled_from(["qualification", "proposal", "negotiation", "won", "lost"]),
            st.integers(1, 3),
        ),
        min_size=1,
        max_size=5,
    )
)
def test_the_pipeline_can_be_told_for_any_day(
    run: Program, moves: list[tuple[int, str, int]]
) -> None:
    """Stage and amount on a day: the old value of the first change after it, else today's."""
    start = date(2026, 11, 22)
    deal = add(run, "kan", "Starter", "--amount", "1k", ACCTCLI_TODAY=start.isoformat())
    day, stood = start, {start: ("prospecting", 1000)}
    for wait, stage, thousands in moves:
        day += timedelta(days=wait)
        now_at = stood[max(stood)][0]
        if {now_at, stage} == {"won", "lost"}:
            stage = now_at  # not without reopening it
        words = ("--stage", stage, "--amount", f"{thousands}k", "--lost-reason", "Price")
        done = run("deal", "edit", deal["id"], *words, env={"ACCTCLI_TODAY": day.isoformat()})
        assert done.code == 0, done.err
        stood[day] = (stage, thousands * 1000)
    now = shown(run, deal["id"], ACCTCLI_TODAY=day.isoformat())

    def told(field: str, on: date) -> Any:
        after = [c for c in now["changes"] if c["field"] == field]
        after = [c for c in after if c["changed_on"] > on.isoformat()]
        return after[0]["old"] if after else now[field]

    for on, (stage, amount) in stood.items():
        assert (told("stage", on), told("amount", on)) == (stage, amount)


# show


def test_show_has_everything_about_a_deal(run: Program) -> None:
    run("contact", "add", "Mei Tan", "--account", "greentech", "--title", "CFO")
    deal = rollout(run)
    run("task", "add", "greentech", "Send quote", "--deal", "platform", "--due", "fri")
    run("log", "call", "greentech", "Walked Mei through pricing", "--deal", "platform")
    run("deal", "contact", "platform", "mei", "--role", "economic-buyer")
    run("purchase", "add", "greentech", "5k", "--deal", "platform")
    found = shown(run)
    assert {name: found[name] for name in deal if name != "updated_at"} == {
        name: value for name, value in deal.items() if name != "updated_at"
    }
    assert [task["text"] for task in found["tasks"]] == ["Send quote"]
    assert (found["next_step"], found["stage_since"]) == ("2026-11-27", "2026-11-22")
    assert [log["summary"] for log in found["interactions"]] == ["Walked Mei through pricing"]
    assert [(p["contact"], p["role"], p["title"]) for p in found["contacts"]] == [
        ("Mei Tan", "economic-buyer", "CFO")
    ]
    assert [purchase["amount"] for purchase in found["purchases"]] == [5000]
    page = run("deal", "show", "platform").out
    for words in ("60 %", "Tue 15 Dec", "120,000 SGD", "Mei Tan", "Send quote", "economic buyer"):
        assert words in page


def test_the_page_of_a_deal(run: Program) -> None:
    short = rollout(run, "--type", "new")["id"][-4:]
    run("deal", "move", "platform", "negotiation")
    page = run("deal", "show", "platform", env={"COLUMNS": "80"}).out
    assert page == (
        f"Platform rollout                                            GreenTech Ltd · {short}\n"
        "negotiation · 120,000 SGD · closes Tue 15 Dec · 80 % · commit\n"
        "Risk 35 of 100: no known signer; no next step\n"
        "opened  today\n"
        "type    new\n"
        "\n"
        "History\n"
        " today  stage  proposal → negotiation\n"
        "\n"
        f"No next step yet: acct task add 'GreenTech Ltd' --deal {short} --due fri\n"
    )


# delete, undo, errors as JSON, hostile text


def test_delete_and_undo(run: Program) -> None:
    run("contact", "add", "Mei Tan", "--account", "greentech")
    rollout(run)
    run("deal", "move", "platform", "negotiation")
    run("deal", "contact", "platform", "mei")
    before = shown(run)
    refused = run("deal", "delete", "platform rollout")
    assert refused.code == 2
    assert "--yes" in refused.err
    done = run("deal", "delete", "platform rollout", "--yes")
    assert done.code == 0
    assert done.err.startswith("Deleted Platform rollout")
    assert titles(run) == []
    assert run("undo").code == 0
    assert shown(run) == before


@pytest.mark.parametrize(
    "words",
    [
        ("deal", "move", "platform", "negotiation"),
        ("deal", "win", "platform", "--on", "2026-11-10", "--amount", "1k"),
        ("deal", "lose", "platform", "--reason", "Price"),
        ("deal", "edit", "platform", "--stage", "won", "--currency", "JPY"),
        ("deal", "item", "platform", "--add", "gold", "--unit-price", "5", "--sum"),
    ],
)
def test_every_write_is_undone_exactly(run: Program, words: tuple[str, ...]) -> None:
    run("product", "add", "Gold")
    rollout(run)
    before = shown(run)
    assert run(*words).code == 0
    assert shown(run) != before
    assert run("undo").code == 0
    assert shown(run) == before


def test_errors_are_json_where_json_is_asked_for(run: Program) -> None:
    done = run("deal", "show", "nothing", "-f", "json")
    assert done.code == 3
    error = json.loads(done.err)["error"]
    assert (error["code"], error["kind"]) == (3, "not_found")


def test_names_cannot_drive_the_terminal(run: Program) -> None:
    run("account", "add", HOSTILE)
    run("product", "add", HOSTILE, "--price", "5")
    add(run, "bold", HOSTILE, "--competitor", HOSTILE, "--amount", "5")
    run("deal", "item", "bold", "--add", "bold")
    pages = [
        run("deal", *words, env={"COLUMNS": columns})
        for words in (
            ("show", "bold"),
            ("board",),
            ("list",),
            ("forecast",),
            ("changes", "-f", "table"),
            ("item", "bold"),
        )
        for columns in ("80", "20")
    ]
    pages += [run("deal", "lose", "bold", "--reason", HOSTILE), run("product", "show", "bold")]
    for page in pages:
        assert page.code == 0, page.err
        assert not set("\x1b\u202e\u200b") & set(page.out + page.err)
    assert "[/bold]:100:" in pages[0].out


@pytest.mark.parametrize(
    ("words", "way"),
    [
        (("move", "platform", "lost"), "Give --reason"),
        (("edit", "platform", "--stage", "lost"), "Give --lost-reason"),
        (("edit", "platform", "--set", "stage=lost"), "Give --lost-reason"),
    ],
)
def test_a_lost_deal_without_a_reason_says_how_to_give_one(
    run: Program, words: tuple[str, ...], way: str
) -> None:
    rollout(run)
    done = run("deal", *words)
    assert done.code == 4
    assert done.err == ("acct: lost reason is missing: write why the deal was lost. " + way + "\n")


def test_new_records_are_owned_by_the_user(run: Program) -> None:
    run("config", "set", "me.name", "Kim")
    run("account", "add", "Konex")
    run("account", "add", "Other", "--owner", "Ann")
    run("deal", "add", "konex", "Pilot")
    run("deal", "add", "konex", "Theirs", "--owner", "Ann")
    owners = [
        run(*words, "-f", "json").json()["owner"]
        for words in (
            ("account", "show", "konex"),
            ("account", "show", "other"),
            ("deal", "show", "pilot"),
            ("deal", "show", "theirs"),
        )
    ]
    assert owners == ["Kim", "Ann", "Kim", "Ann"]
