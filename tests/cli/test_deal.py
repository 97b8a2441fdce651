"""The commands of `acct deal`: what they say, what they keep, what they refuse."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.conftest import Program, Result

SHORT = r"[0-9a-f]{4,}"
HOSTILE = "\x1b[31mRed\u202e [/bold]:100: O'Neil \u200b"
Json = dict[str, Any]


@pytest.fixture(autouse=True)
def accounts(run: Program) -> None:
    run("account", "add", "GreenTech Ltd", "--tier", "strategic", "--owner", "Kim")
    run("account", "add", "Kan-code", "--tier", "key")


def add(run: Program, *words: str, **env: str) -> Json:
    """Add a deal; the record."""
    done = run("deal", "add", *words, "-f", "json", env=env)
    assert done.code == 0, done.err
    record: Json = done.json()
    return record


def rollout(run: Program, *words: str) -> Json:
    """The deal of most tests."""
    asked = ("--amount", "120k", "--currency", "SGD", "--close", "2026-12-15")
    return add(run, "greentech", "Platform rollout", *asked, "--stage", "proposal", *words)


def shown(run: Program, name: str = "platform", **env: str) -> Json:
    done = run("deal", "show", name, "-f", "json", env=env)
    assert done.code == 0, done.err
    record: Json = done.json()
    return record


def said(result: Result) -> str:
    """What a successful write said, with its short ids made equal."""
    assert result.code == 0, result.err
    return re.sub(rf"\b{SHORT}\b(?= \")", "ID", result.err)


def titles(run: Program, *words: str) -> list[str]:
    done = run("deal", "list", "--columns", "title", *words)
    assert done.code == 0, done.err
    return done.out.splitlines()


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
    (home / "config.toml").write_text('[me]\ncurrency = "EUR"\n')
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
            "lost today",
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
    # How it stood before is not known, only that it was open until that day.
    stage = words[1]
    assert deal["changes"] == [
        {"changed_on": closed_on, "field": "stage", "old": None, "new": stage}
    ]


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("grentech", "X"), 3, 'no account "grentech". Near: GreenTech Ltd (A-0001).'),
        (("", "X"), 4, "the account of a deal cannot be empty"),
        (("kan", " "), 4, "the title of a deal cannot be empty"),
        (("kan", "X", "--stage", "propose"), 4, '--stage "propose" is not known. Near: proposal.'),
        (("kan", "X", "--probability", "101"), 4, "--probability 101 is not between 0 and 100"),
        (("kan", "X", "--amount", "10.505"), 4, "--amount 10.505 has more digits than USD keeps"),
        (("kan", "X", "--close", "01/02/2026"), 2, "--close 01/02/2026 reads as 1 February or"),
        (("kan", "X", "--closed", "today"), 4, "a deal at prospecting is still open"),
        (("kan", "X", "--stage", "won", "--closed", "tomorrow"), 4, "that day is still to come"),
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
    (home / "config.toml").write_text('[required.strategic]\ndeal = ["amount", "close_date"]\n')
    done = run("deal", "add", "greentech", "X", "--amount", "1k")
    assert done.code == 4
    assert "deal at a strategic account needs close_date" in done.err
    assert run("deal", "add", "kan", "X").code == 0


# list


@pytest.fixture
def several(run: Program) -> None:
    rollout(run, "--owner", "Kim", "--type", "new")
    add(run, "kan", "Starter", "--amount", "6k", "--close", "2026-11-12", "--type", "renewal")
    add(run, "kan", "Undated")
    add(run, "kan", "Done", "--amount", "9k", "--stage", "won", "--close", "2026-10-03")
    add(run, "kan", "Gone", "--amount", "5000 EUR", "--stage", "lost", "--close", "2026-08-01")


@pytest.mark.usefixtures("several")
def test_list_has_all_by_close_date(run: Program) -> None:
    assert titles(run) == ["Gone", "Done", "Starter", "Platform rollout", "Undated"]


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
        (("--where", "amount > 6k", "--sort", "-amount"), ["Platform rollout", "Done"]),
        (("--where", "close_date is empty"), ["Undated"]),
    ],
)
def test_list_narrowed(run: Program, words: tuple[str, ...], found: list[str]) -> None:
    assert titles(run, *words) == found


@pytest.mark.usefixtures("several")
def test_list_for_scripts(run: Program) -> None:
    found = run("deal", "list", "--open", "--limit", "1", "-f", "json").json()
    assert [deal["title"] for deal in found] == ["Starter"]
    assert run("deal", "list", "--limit", "1", "-f", "json").out.count('"amount": 5000.00') == 1
    line = run("deal", "list", "--limit", "1", "--offset", "2").out.rstrip("\n").split("\t")
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
    assert said(again) == "Nothing to change: it is so already.\n"
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
    assert done.err.startswith('acct: stage "negotiate" is not known. Near: negotiation.')


def test_win(run: Program) -> None:
    rollout(run)
    done = run("deal", "win", "platform")
    assert said(done) == 'Won "Platform rollout", 120,000 SGD.\n'
    deal = shown(run)
    assert (deal["stage"], deal["category"], deal["probability"]) == ("won", "closed", 100)
    assert (deal["closed_on"], deal["close_date"]) == ("2026-11-22", "2026-12-15")


def test_win_on_another_day_for_another_amount(run: Program) -> None:
    rollout(run, "--opened", "2026-09-01")
    done = run("deal", "win", "platform", "--on", "yesterday", "--amount", "118k")
    assert said(done) == 'Won "Platform rollout", 118,000 SGD, yesterday.\n'
    deal = shown(run)
    assert (deal["closed_on"], deal["opened_on"]) == ("2026-11-21", "2026-09-01")
    assert {change["changed_on"] for change in deal["changes"]} == {"2026-11-21"}


def test_winning_before_the_day_it_was_entered_says_so(run: Program) -> None:
    rollout(run)
    done = run("deal", "win", "platform", "--on", "2026-11-10")
    assert said(done) == (
        'Won "Platform rollout", 120,000 SGD, Tue 10 Nov. It counts as opened on that day.\n'
    )
    assert shown(run)["opened_on"] == "2026-11-10"


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("win", "platform", "--on", "tomorrow"), 4, "that day is still to come"),
        (("win", "platform", "--on", "someday"), 2, "--on someday is not a date"),
        (("win", "platform", "--amount", "a lot"), 2, "--amount a lot is not an amount"),
        (("lose", "platform"), 2, "Missing option '--reason'"),
        (("lose", "platform", "--reason", " "), 2, "--reason is empty"),
        (
            ("reopen", "platform", "--stage", "won"),
            4,
            "--stage won is not open. Open: prospecting,",
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
    assert said(done) == 'Lost "Platform rollout", 120,000 SGD, to Globex: Budget cut.\n'
    deal = shown(run)
    assert (deal["stage"], deal["probability"], deal["category"]) == ("lost", 0, "omitted")
    assert (deal["lost_reason"], deal["competitor"]) == ("Budget cut.", "Globex")


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
        words = ("--stage", stage, "--amount", f"{thousands}k")
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
        "opened  today\n"
        "type    new\n"
        "\n"
        "History\n"
        " today  stage  proposal → negotiation\n"
        "\n"
        f"No next step yet: acct task add 'GreenTech Ltd' \"…\" --deal {short} --due fri\n"
    )


# item


@pytest.fixture
def products(run: Program) -> None:
    run("product", "add", "Support", "--price", "500 SGD")
    run("product", "add", "Gold")
    run("product", "add", "Import", "--price", "10 EUR")


@pytest.mark.usefixtures("products")
def test_items_add_up(run: Program) -> None:
    rollout(run)
    words = ("--add", "support", "--quantity", "3", "--discount", "10")
    done = run("deal", "item", "platform", *words)
    assert said(done) == (
        'Added 3 Support to "Platform rollout": 500 SGD each less 10 %, 1,350 SGD.\n'
    )
    run("deal", "item", "platform", "--add", "gold", "--unit-price", "99.50", "--quantity", "1.5")
    lines = run("deal", "item", "platform", "-f", "json").json()
    assert [(line["product"], line["quantity"], line["total"]) for line in lines] == [
        ("Support", 3, 1350),
        ("Gold", 1.5, 149.25),
    ]
    assert {line["currency"] for line in lines} == {"SGD"}
    tsv = run("deal", "item", "platform").out.splitlines()[0].split("\t")
    assert tsv[1:] == ["Support", "3", "500.00", "SGD", "10", "1350.00"]
    assert shown(run)["amount"] == 120000
    done = run("deal", "item", "platform", "--sum")
    assert said(done) == '"Platform rollout" is now 1,499.25 SGD.\n'
    deal = shown(run)
    assert deal["amount"] == 1499.25
    assert deal["items_total"] == [{"currency": "SGD", "amount": 1499.25}]
    assert [(c["field"], c["old"], c["new"]) for c in deal["changes"]] == [
        ("amount", 120000, 1499.25)
    ]


@pytest.mark.usefixtures("products")
def test_items_are_taken_out_by_product_or_id(run: Program) -> None:
    rollout(run)
    for _ in range(2):
        run("deal", "item", "platform", "--add", "support")
    ids = [line["id"] for line in run("deal", "item", "platform", "-f", "json").json()]
    twice = run("deal", "item", "platform", "--remove", "support")
    assert twice.code == 4
    assert twice.err.startswith('acct: "support" fits 2 items: ')
    done = run("deal", "item", "platform", "--remove", ids[0][-6:], "--sum")
    assert said(done) == (
        'Took Support out of "Platform rollout". "Platform rollout" is now 500 SGD.\n'
    )
    assert said(run("deal", "item", "platform", "--remove", "Support")) == (
        'Took Support out of "Platform rollout".\n'
    )
    assert run("deal", "item", "platform", "-f", "json").json() == []
    assert run("undo").code == 0
    assert [x["id"] for x in run("deal", "item", "platform", "-f", "json").json()] == ids[1:]


@pytest.mark.usefixtures("products")
@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("--quantity", "3"), 2, "go with --add PRODUCT"),
        (("--remove", "gold"), 3, 'no item "gold" in "Platform rollout". All: acct deal item '),
        (("--sum",), 4, 'the items of "Platform rollout" are not there, nothing to sum'),
        (("--add", "gold", "--sum"), 4, "--sum: Gold has no price. Add it with --unit-price"),
        (("--add", "import"), 4, 'Import is priced in EUR, but "Platform rollout" is in SGD.'),
        (("--add", "gold", "--unit-price", "EUR 5"), 4, "--unit-price is in EUR, but"),
        (("--add", "silver"), 3, 'no product "silver"'),
        (
            ("--add", "support", "--quantity", "99999999999999", "--unit-price", "9bn", "--sum"),
            4,
            "is too large",
        ),
    ],
)
def test_what_item_refuses(run: Program, words: tuple[str, ...], code: int, message: str) -> None:
    rollout(run)
    done = run("deal", "item", "platform", *words)
    assert (done.code, done.out) == (code, ""), done.err
    assert message in done.err
    assert run("deal", "item", "platform", "-f", "json").json() == []


@pytest.mark.usefixtures("products")
def test_a_deal_without_currency_takes_that_of_its_first_item(run: Program) -> None:
    add(run, "kan", "Starter")
    run("deal", "item", "starter", "--add", "import", "--quantity", "2")
    assert run("deal", "item", "starter", "--add", "support").code == 4
    run("deal", "item", "starter", "--sum")
    deal = shown(run, "starter")
    assert (deal["amount"], deal["currency"]) == (20, "EUR")


# contact


def test_people_have_parts_in_a_deal(run: Program) -> None:
    for name in ("Mei Tan", "Raj Nair"):
        run("contact", "add", name, "--account", "greentech")
    run("contact", "add", "Mei Wong", "--account", "kan")
    rollout(run)
    done = run("deal", "contact", "platform", "mei", "raj", "--role", "evaluator")
    assert said(done) == (
        'Mei Tan has a part in "Platform rollout" as evaluator. '
        'Raj Nair has a part in "Platform rollout" as evaluator.\n'
    )
    run("deal", "contact", "platform", "mei", "--role", "economic buyer")
    found = run("deal", "contact", "platform", "-f", "json").json()
    assert [(p["contact"], p["role"]) for p in found] == [
        ("Mei Tan", "economic-buyer"),
        ("Raj Nair", "evaluator"),
    ]
    done = run("deal", "contact", "platform", "raj", "--remove")
    assert said(done) == 'Raj Nair has no part in "Platform rollout" any more.\n'
    again = run("deal", "contact", "platform", "raj", "--remove")
    assert (again.code, again.err) == (
        3,
        'acct: Raj Nair has no part in "Platform rollout"\n',
    )
    ids = run("deal", "contact", "platform", "-f", "ids").out
    assert run("contact", "show", ids.strip(), "-f", "json").json()["name"] == "Mei Tan"


def test_a_part_needs_somebody(run: Program) -> None:
    rollout(run)
    assert run("deal", "contact", "platform", "--role", "coach").code == 2
    unknown = run("deal", "contact", "platform", "mei", "--role", "boss")
    assert unknown.code == 4
    assert unknown.err.startswith('acct: --role "boss" is not known.')


# board


@pytest.mark.usefixtures("several")
def test_the_board_as_data(run: Program) -> None:
    board = run("deal", "board", "-f", "json").json()
    assert board["closed_in"] == {"label": "Q4 2026", "start": "2026-10-01", "end": "2026-12-31"}
    found = {stage["stage"]: stage for stage in board["stages"]}
    assert list(found) == [
        *("prospecting", "qualification", "needs-analysis", "proposal", "negotiation"),
        *("won", "lost"),
    ]
    assert [deal["title"] for deal in found["prospecting"]["deals"]] == ["Starter", "Undated"]
    assert found["prospecting"]["count"] == 2
    assert found["prospecting"]["totals"] == [{"currency": "USD", "amount": 6000}]
    assert [deal["title"] for deal in found["won"]["deals"]] == ["Done"]
    assert found["lost"]["count"] == 0  # it was lost in another quarter
    assert found["won"]["deals"][0]["account"] == "Kan-code"


@pytest.mark.usefixtures("several")
def test_the_board_beside_each_other_and_below(run: Program) -> None:
    wide = run("deal", "board", env={"COLUMNS": "80"}).out
    assert wide.splitlines()[0].split("  ")[0] == "prospecting 2"
    assert "won (Q4) 1" in wide.splitlines()[0]
    assert re.search(r"GreenTech Ltd +120k SGD", wide)
    assert "Thu 12 Nov !" in wide
    assert max(map(len, wide.splitlines())) <= 80
    narrow = run("deal", "board", env={"COLUMNS": "40"}).out.splitlines()
    assert narrow[0] == "prospecting 2 · 6,000 USD"
    assert max(map(len, narrow)) <= 40


@pytest.mark.usefixtures("several")
def test_the_board_of_one_owner(run: Program) -> None:
    board = run("deal", "board", "--owner", "Kim", "-f", "json").json()
    assert [s["stage"] for s in board["stages"] if s["count"]] == ["proposal"]


def test_an_empty_board_says_how_to_begin(run: Program) -> None:
    assert run("deal", "board").out == "No deals yet: acct deal add ACCOUNT TITLE --amount 120k\n"


def test_a_stage_that_was_taken_out_of_the_settings_is_still_there(
    run: Program, home: Path
) -> None:
    rollout(run)
    stages = (("talk", 20, "pipeline"), ("won", 100, "closed"), ("lost", 0, "omitted"))
    config = "".join(
        f'[[stages]]\nname = "{n}"\nprobability = {p}\ncategory = "{c}"\n' for n, p, c in stages
    )
    (home / "config.toml").write_text(config)
    board = run("deal", "board", "-f", "json").json()
    assert [(s["stage"], s["count"]) for s in board["stages"]] == [
        *(("talk", 0), ("won", 0), ("lost", 0), ("proposal", 1)),
    ]
    assert run("deal", "move", "platform", "talk").code == 0
    assert shown(run)["probability"] == 20


# changes


@pytest.fixture
def eventful(run: Program) -> None:
    for on, *words in (
        (
            "2026-10-01",
            "add",
            "greentech",
            "Rollout",
            "--amount",
            "120k SGD",
            "--close",
            "2026-12-15",
        ),
        ("2026-10-02", "add", "kan", "Support", "--amount", "20k SGD"),
        ("2026-10-02", "add", "kan", "Training", "--amount", "9k SGD"),
        ("2026-11-18", "move", "rollout", "negotiation"),
        ("2026-11-18", "edit", "rollout", "--close", "2026-12-31", "--amount", "130k"),
        ("2026-11-20", "edit", "rollout", "--close", "2027-01-31", "--amount", "125k"),
        ("2026-11-20", "win", "support"),
        ("2026-11-20", "lose", "training", "--reason", "Price"),
        ("2026-11-21", "add", "kan", "More", "--amount", "5000 EUR"),
    ):
        done = run("deal", *words, env={"ACCTCLI_TODAY": on})
        assert done.code == 0, done.err


@pytest.mark.usefixtures("eventful")
def test_changes_since_a_day_as_data(run: Program) -> None:
    found = run("deal", "changes", "--since", "2026-11-15", "-f", "json").json()
    names = ("what", "title", "day", "old", "new", "days", "difference", "pushes")
    assert [tuple(row[name] for name in names) for row in found] == [
        ("won", "Support", "2026-11-20", "prospecting", "won", None, None, 0),
        ("lost", "Training", "2026-11-20", "prospecting", "lost", None, None, 0),
        ("new", "More", "2026-11-21", None, "prospecting", None, None, 0),
        ("moved", "Rollout", "2026-11-18", "prospecting", "negotiation", None, None, 2),
        ("pushed", "Rollout", "2026-11-20", "2026-12-15", "2027-01-31", 47, None, 2),
        ("grown", "Rollout", "2026-11-20", "120000.00", "125000.00", None, 5000, 2),
    ]
    assert found == run("deal", "changes", "-f", "json").json()  # the last seven days
    latest = run("deal", "changes", "--since", "2026-11-19", "-f", "json").json()
    assert [row["what"] for row in latest] == ["won", "lost", "new", "pushed", "shrunk"]
    one = run("deal", "changes", "--owner", "kim", "-f", "json").json()
    assert one == []  # the owner of the account is not the deal's
    words = ("--account", "greentech", "-f", "json")
    assert {row["title"] for row in run("deal", "changes", *words).json()} == {"Rollout"}


@pytest.mark.usefixtures("eventful")
def test_changes_in_every_format(run: Program) -> None:
    page = run("deal", "changes", "-f", "table", env={"COLUMNS": "80"}).out
    assert page.startswith("Won 1 · 20,000 SGD\n Kan-code  Support  prospecting → won · 20,000 SGD")
    assert "Tue 15 Dec → Sun 31 Jan, 47 days" in page
    assert "Grown 1 · 5,000 SGD\n GreenTech Ltd  Rollout  120,000 → 125,000 SGD" in page
    assert max(map(len, page.splitlines())) <= 80
    assert run("deal", "changes", "-f", "csv").out.count("\n") == 7
    assert run("deal", "changes").out.splitlines()[0].split("\t")[1:4] == [
        *("won", "2026-11-20", "Kan-code"),
    ]
    ids = run("deal", "changes", "-f", "ids").out.split()
    assert len(ids) == len(set(ids)) == 4


def test_nothing_happened(run: Program) -> None:
    done = run("deal", "changes", "-f", "table")
    assert (done.code, done.out) == (0, "")
    assert done.err == "Nothing happened to deals since Sun 15 Nov.\n"
    back = run("deal", "changes", "--since", "2w", "-f", "table")
    assert back.err == "Nothing happened to deals since Sun 8 Nov.\n"
    refused = run("deal", "changes", "--since", "fri")
    assert refused.code == 2
    assert "--since fri is 2026-11-27, still to come. Write 3m, yesterday" in refused.err


# forecast


@pytest.mark.usefixtures("several")
def test_the_forecast_of_this_quarter_as_data(run: Program) -> None:
    found = run("deal", "forecast", "-f", "json").json()
    assert found["period"]["label"] == "Q4 2026"
    assert found["totals"] == [
        {"currency": "USD", "count": 2, "amount": 15000, "weighted": 9600},
        {"currency": "SGD", "count": 1, "amount": 120000, "weighted": 72000},
    ]
    assert [(c["category"], c["currency"], c["amount"]) for c in found["categories"]] == [
        ("closed", "USD", 9000),
        ("best-case", "SGD", 120000),
        ("pipeline", "USD", 6000),
    ]
    assert [s["stage"] for s in found["stages"]] == ["prospecting", "proposal", "won"]
    assert (found["by"], found["groups"], found["converted"]) == (None, [], None)
    assert found["left_out"] == {"past": [], "undated": [], "without_amount": 0}


@pytest.mark.usefixtures("several")
def test_the_forecast_by_owner_tier_and_month(run: Program) -> None:
    def groups(by: str) -> list[tuple[str | None, int]]:
        words = ("--by", by, "--period", "all", "-f", "json")
        found = run("deal", "forecast", *words).json()["groups"]
        return [(group[by], group["count"]) for group in found]

    assert groups("owner") == [("Kim", 1), (None, 2)]
    assert groups("tier") == [("strategic", 1), ("key", 2)]
    assert groups("month") == [("2026-10", 1), ("2026-11", 1), ("2026-12", 1)]
    assert groups("quarter") == [("2026-Q4", 1), ("2026-Q4", 2)]  # a line a currency


@pytest.mark.usefixtures("several")
def test_one_total_for_all_needs_every_rate(run: Program, home: Path) -> None:
    config = home / "config.toml"
    config.write_text('[rates]\nbase = "SGD"\n')
    found = run("deal", "forecast", "-f", "json").json()["converted"]
    assert (found["amount"], found["without_rate"]) == (None, ["USD"])
    assert "acct config set rates.USD RATE" in run("deal", "forecast").out
    config.write_text('[rates]\nbase = "SGD"\nUSD = 1.3\ndate = "2026-11-01"\n')
    found = run("deal", "forecast", "-f", "json").json()["converted"]
    assert found == {
        **{"currency": "SGD", "amount": 139500, "weighted": 84480},
        **{"rates_of": "2026-11-01", "without_rate": []},
    }
    page = run("deal", "forecast").out
    assert "All together 84,480 SGD weighted, of 139,500 SGD (rates of 2026-11-01)" in page


@pytest.mark.usefixtures("several")
def test_what_the_forecast_leaves_out_is_said(run: Program) -> None:
    found = run("deal", "forecast", "--period", "dec 2026", "-f", "json").json()
    assert found["left_out"]["past"] == [
        {"currency": "USD", "count": 1, "amount": 6000, "weighted": 600}
    ]
    page = run("deal", "forecast", "--period", "dec 2026", env={"COLUMNS": "200"}).out
    assert "Should have closed before: 1 deal, 6,000 USD. See: acct deal list --open" in page


def test_the_page_of_a_forecast(run: Program) -> None:
    rollout(run)
    run("deal", "add", "kan", "Done", "--amount", "40k SGD", "--stage", "won")
    page = run("deal", "forecast", env={"COLUMNS": "60"}).out
    assert page == (
        "Q4 2026 · SGD\n"
        f"closed      40,000  {'█' * 12}▋\n"
        "commit           0\n"
        f"best case  120,000  {'█' * 38}\n"
        "pipeline         0\n"
        "weighted   112,000  of 160,000 SGD in 2 deals\n"
        "likely     160,000  from 40,000 (10 %) to 160,000 (90 %)\n"
        "\n"
        "stage     deals   amount  weighted\n"
        "proposal      1  120,000    72,000\n"
        "won           1   40,000    40,000\n"
    )


@pytest.mark.usefixtures("several")
def test_the_likely_range_is_of_each_currency_and_of_learnt_rates(run: Program) -> None:
    found = run("deal", "forecast", "-f", "json").json()
    rates = {rate["stage"]: rate["percent"] for rate in found["win_rates"]}
    # Two deals came in closed, one of them won: (1 + 10 * 0.1) / (2 + 10).
    assert (rates["prospecting"], rates["proposal"]) == (16.67, 60)
    by_currency = {line.pop("currency"): line for line in found["likely"]}
    assert by_currency["USD"] == {
        **{"open": 1, "closed": 9000, "weighted": 10000, "mean": 10000.2},
        **{"p10": 9000, "p50": 9000, "p90": 15000},
    }
    assert by_currency["SGD"]["weighted"] == 72000


@pytest.mark.usefixtures("several")
def test_a_quota_has_its_attainment_and_gap(run: Program, home: Path) -> None:
    assert run("deal", "forecast", "-f", "json").json()["quota"] is None
    quota = '[quota]\ncurrency = "USD"\ntotal = "20k"\nKim = "5k"\n"Q1 2027" = {total = "1k"}\n'
    (home / "config.toml").write_text(quota)

    def attainment(*words: str) -> Any:
        found = run("deal", "forecast", "-f", "json", *words).json()["quota"]
        return found and [tuple(line.values()) for line in found["attainment"]]

    assert attainment() == [(None, 20000, 9000, 45, 11000), ("Kim", 5000, 0, 0, 5000)]
    assert attainment("--period", "next quarter")[0] == (None, 1000, 0, 0, 1000)
    assert attainment("--period", "2026")[0][:3] == (None, 80000, 9000)
    assert attainment("--owner", "kim") == [("Kim", 5000, 0, 0, 5000)]
    # A quota is for whole quarters, and for all deals.
    for words in (("--period", "nov 2026"), ("--period", "all"), ("--type", "new")):
        assert attainment(*words) is None
    page = run("deal", "forecast").out
    assert "Quota 20,000 USD: 9,000 closed, 45 %, 11,000 to go" in page


@pytest.mark.usefixtures("eventful")
def test_a_past_period_is_forecast_by_what_was_known_when_it_began(run: Program) -> None:
    words = ("--period", "2026-11-16..2026-11-21", "-f", "json")
    before = run("deal", "forecast", *words).json()["looking_back"]
    # On the first day nothing was to close that week, and Support closed all the same.
    assert before["lines"] == [
        {
            **{"currency": "SGD", "deals": 0, "estimated": 0, "forecast": 0, "became": 20000},
            **{"opened_since": 0, "error": None},
        }
    ]
    month = ("--period", "dec 2026", "-f", "json")
    then = {"ACCTCLI_TODAY": "2027-01-05"}
    found = run("deal", "forecast", *month, env=then).json()["looking_back"]
    assert found["lines"] == []  # by then it was to close in January
    late = ("--period", "jan 2027", "-f", "json")
    env = {"ACCTCLI_TODAY": "2027-02-20"}
    (line,) = run("deal", "forecast", *late, env=env).json()["looking_back"]["lines"]
    assert (line["forecast"], line["became"], line["error"]) == (100000, 0, -100)
    run("deal", "win", "rollout", "--on", "2027-01-20", "--amount", "110k", env=env)
    (line,) = run("deal", "forecast", *late, env=env).json()["looking_back"]["lines"]
    assert (line["forecast"], line["became"], line["error"]) == (100000, 110000, 10)
    page = run("deal", "forecast", "--period", "feb 2027", env=env).out
    assert "Jan 2027 on its first day: 100,000 SGD; it became 110,000 SGD (+10 %)" in page


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--period", "sometime"), "--period sometime "),
        (("--by", "colour"), '--by "colour" is not known. Known: owner, tier, month, quarter'),
        (("--where", "colour = red"), 'deal has no field "colour"'),
        (("-f", "csv"), "--format csv is for lists"),
    ],
)
def test_what_the_forecast_refuses(run: Program, words: tuple[str, ...], message: str) -> None:
    done = run("deal", "forecast", *words)
    assert (done.code, done.out) == (2, "")
    assert message in done.err


# delete, undo, errors as JSON, hostile text


def test_delete_and_undo(run: Program) -> None:
    run("contact", "add", "Mei Tan", "--account", "greentech")
    rollout(run)
    run("deal", "move", "platform", "negotiation")
    run("deal", "contact", "platform", "mei")
    before = shown(run)
    refused = run("deal", "delete", "platform")
    assert refused.code == 2
    assert "--yes" in refused.err
    done = run("deal", "delete", "platform", "--yes")
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
    add(run, "red", HOSTILE, "--competitor", HOSTILE, "--amount", "5")
    run("deal", "item", "red", "--add", "red")
    pages = [
        run("deal", *words, env={"COLUMNS": columns})
        for words in (
            ("show", "red"),
            ("board",),
            ("list",),
            ("forecast",),
            ("changes", "-f", "table"),
            ("item", "red"),
        )
        for columns in ("80", "20")
    ]
    pages += [run("deal", "lose", "red", "--reason", HOSTILE), run("product", "show", "red")]
    for page in pages:
        assert page.code == 0, page.err
        assert not set("\x1b\u202e\u200b") & set(page.out + page.err)
    assert "[/bold]:100:" in pages[0].out
