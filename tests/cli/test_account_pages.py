from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.books import configure
from tests.conftest import Program
from tests.filling import filled_once

from acctcli.render import theme

HOSTILE = "\x1b[31mRed\u202e [/bold]:100: \x9b2J O'Neil"


@pytest.fixture
@filled_once
def greentech(run: Program) -> str:
    """Make an account as after some weeks of work; return its number."""
    for words in (
        (
            *("account", "add", "GreenTech Ltd", "--tier", "strategic", "--status", "customer"),
            *("--industry", "energy", "--country", "SG", "--city", "Singapore"),
            *("--website", "greentech.sg", "--employees", "1200", "--owner", "Kim"),
            *("--tag", "pilot", "--description", "Runs 58 substations"),
        ),
        ("account", "add", "Suria Atap", "--parent", "greentech"),
        (
            *("contact", "add", "Mei Tan", "--account", "greentech", "--title", "CFO"),
            *("--role", "economic-buyer", "--influence", "high", "--stance", "supporter"),
        ),
        (
            *("contact", "add", "Raj Nair", "--account", "greentech", "--title", "CTO"),
            *("--role", "technical-buyer", "--influence", "medium", "--stance", "skeptic"),
        ),
        ("product", "add", "Support"),
        (
            *("deal", "add", "greentech", "Platform rollout", "--amount", "120k"),
            *("--currency", "SGD", "--close", "2026-12-15", "--stage", "proposal"),
            *("--opened", "2026-09-01"),
        ),
        (
            *("purchase", "add", "greentech", "SGD 36,000", "--product", "support"),
            *("--on", "2026-01-15", "--recurring", "yearly"),
        ),
        ("purchase", "add", "greentech", "SGD 30,000", "--on", "2025-02-01"),
        (
            *("log", "call", "greentech", "Walked Mei through pricing", "--with", "mei"),
            *("--at", "2026-11-16 10:30", "--next", "Send phased quote", "--due", "2026-11-20"),
        ),
        ("log", "email", "greentech", "Sent the deck", "--at", "2026-11-10 09:00"),
        ("task", "add", "greentech", "Reference call", "--owed-by", "them"),
    ):
        done = run(*words)
        assert done.code == 0, (words, done.err)
    return "A-0001"


def page(run: Program, name: str = "greentech") -> dict[str, Any]:
    shown = run("account", "show", name, "-f", "json")
    assert shown.code == 0, shown.err
    found: dict[str, Any] = shown.json()
    return found


# show


def test_the_page_at_80_columns(run: Program, greentech: str) -> None:
    shown = run("account", "show", "greentech")
    assert shown.code == 0, shown.err
    assert shown.out == (
        "GreenTech Ltd                                      A-0001 · strategic · customer\n"
        "energy · Singapore · greentech.sg · 1,200 people · owner: Kim\n"
        "#pilot\n"
        "Runs 58 substations\n"
        "\n"
        "Health   66 amber  ↓ 1 promise of ours not kept on time  ↓ only one supporter\n"
        "Next     Fri 20 Nov !  Send phased quote (Mei Tan)\n"
        'Last     6 days ago  call, Mei Tan: "Walked Mei through pricing"\n'
        "\n"
        "People    title  role             influence  stance     last\n"
        "Mei Tan   CFO    economic buyer   high       supporter  6 days\n"
        "Raj Nair  CTO    technical buyer  medium     skeptic    never\n"
        "missing: champion: acct contact add --account A-0001\n"
        "\n"
        "Deals             stage          amount  closes      chance\n"
        "Platform rollout  proposal  120,000 SGD  Tue 15 Dec    60 %\n"
        "\n"
        "Bought   36,000 SGD in 12 months, ↑ 20 % on 30,000 in the 12 months before\n"
        "         Support ends Thu 14 Jan (in 7 weeks), no renewal deal, 36,000 SGD\n"
        "\n"
        "Promises  due           what\n"
        "we owe    Fri 20 Nov !  Send phased quote (Mei Tan)\n"
        "they owe  no date       Reference call\n"
        "Kept on time in 90 days: 0 of 1 of ours\n"
        "\n"
        "Group    2 accounts · 36k SGD ARR · 36k SGD bought in 12 months · 120k SGD open\n"
        "         last contact 6 days ago · lowest health 66 amber (GreenTech Ltd)\n"
        "         next renewal Thu 14 Jan (GreenTech Ltd)\n"
        "Members\n"
        "Suria Atap  A-0002  no business yet\n"
        "\n"
        "Lately\n"
        "Mon 16 Nov   ●  call      Walked Mei through pricing  Mei Tan\n"
        "Tue 10 Nov   ●  email →   Sent the deck\n"
        "Tue 1 Sep    ◆  deal      Platform rollout: opened\n"
        "15 Jan 2026  $  purchase  Support, 36,000 SGD, until 14 Jan 2027\n"
        "1 Feb 2025   $  purchase  Purchase, 30,000 SGD\n"
    )


def test_a_wide_terminal_has_the_timeline_beside_the_rest(run: Program, greentech: str) -> None:
    shown = run("account", "show", "greentech", env={"COLUMNS": "200"})
    lines = shown.out.splitlines()
    people = next(line for line in lines if line.startswith("People"))
    assert people.endswith("Lately")
    assert any("Mei Tan   CFO" in line and "Walked Mei through pricing" in line for line in lines)
    assert max(map(len, lines)) <= 200


def test_the_page_fits_any_terminal(run: Program, greentech: str) -> None:
    for width in (1, 8, 20, 39, 40, 60, 79, 139, 140, 300):
        shown = run("account", "show", "greentech", env={"COLUMNS": str(width)})
        assert shown.code == 0, shown.err
        assert max(map(len, shown.out.splitlines())) <= width
        if width >= 20:
            assert "GreenTech Ltd" in shown.out
            assert "economic" in shown.out


def test_the_page_as_json_has_each_part_under_its_key(run: Program, greentech: str) -> None:
    data = page(run)
    assert data["name"] == "GreenTech Ltd"
    assert (data["health"]["score"], data["health"]["band"]) == (66, "amber")
    assert data["health"]["strongest"] == ["promises", "stakeholders"]
    touch = next(r for r in data["health"]["reasons"] if r["code"] == "touch")
    assert touch == {
        "code": "touch",
        "text": "last contact 6 days ago",
        "weight": 20,
        "score": 100,
        "evidence": "last two-way touch 6 days ago; cadence: 14 days",
    }
    assert data["cadence"] == {"days": 14, "own": False, "overdue_days": 0}
    assert data["next_step"]["text"] == "Send phased quote"
    assert data["last_touch"]["summary"] == "Walked Mei through pricing"
    assert [person["name"] for person in data["contacts"]] == ["Mei Tan", "Raj Nair"]
    assert data["contacts"][0]["last_touch"] == "2026-11-16T10:30:00Z"
    assert data["gaps"] == ["champion"]
    assert [deal["title"] for deal in data["deals"]] == ["Platform rollout"]
    assert data["deals"][0]["has_step"] is True
    assert data["purchases"] == {
        "cadence": None,
        "since": "2025-11-23",
        "totals": [{"currency": "SGD", "amount": 36000.0, "before": 30000.0}],
    }
    assert [(t["product"], t["ends_on"], t["due"]) for t in data["renewals"]] == [
        ("Support", "2027-01-14", True)
    ]
    assert [task["text"] for task in data["promises"]["them"]] == ["Reference call"]
    assert [task["text"] for task in data["promises"]["us"]] == ["Send phased quote"]
    assert [child["name"] for child in data["children"]] == ["Suria Atap"]
    assert [entry["kind"] for entry in data["timeline"]] == [
        *("call", "email", "deal", "purchase", "purchase")
    ]
    assert data["timeline_count"] == 5
    assert data["reviews"] == []


def test_the_page_of_a_bare_name_says_how_to_go_on(run: Program) -> None:
    run("account", "add", "Konex")
    shown = run("account", "show", "konex").out
    assert "Health   unknown" in shown
    assert "nothing planned: acct task add A-0001" in shown
    assert "no contact yet: acct log call A-0001" in shown
    assert "no contacts yet: acct contact add --account A-0001" in shown


def test_a_broken_cadence_is_said(run: Program) -> None:
    run("account", "add", "Konex", "--tier", "key")
    run("log", "call", "konex", "Spoke", "--at", "2026-10-02")
    assert "7 weeks ago, 30 days past cadence  call" in run("account", "show", "konex").out


def test_a_future_step_of_the_only_deal_counts_for_it(run: Program) -> None:
    run("account", "add", "Konex")
    run("deal", "add", "konex", "Starter", "--opened", "2026-06-01")
    stalled = page(run, "konex")["health"]["reasons"][4]
    assert stalled["text"] == '"Starter" stalled for 174 days'
    run("task", "add", "konex", "Call again", "--due", "2026-12-01")
    assert page(run, "konex")["health"]["reasons"][4]["score"] == 100


def test_a_busy_account_shows_what_is_urgent_and_counts_the_rest(run: Program) -> None:
    run("account", "add", "Konex", "--tier", "key", "--snoozed-until", "2027-01-01")
    run("contact", "add", "Ada", "--account", "konex", "--do-not-contact", "--influence", "high")
    run("contact", "edit", "ada", "--stance", "opponent")
    for number in range(8):
        run("deal", "add", "konex", f"Deal {number}", "--close", "2026-11-30")
    run("deal", "edit", "deal 0", "--close", "2026-11-24")
    run("deal", "edit", "deal 0", "--close", "2026-11-26")
    run("deal", "edit", "deal 1", "--close", "2026-11-20")
    run("purchase", "add", "konex", "SGD 100", "--on", "2025-11-10", "--recurring", "yearly")
    run("purchase", "add", "konex", "EUR 100", "--on", "2026-11-01")
    run("task", "add", "konex", "Their answer", "--owed-by", "them", "--due", "2026-11-30")
    reviewed = ("--on", "2026-10-12", "--rating", "red", "--summary", "Unhappy")
    done = run("review", "run", "konex", *reviewed, "--next-review", "2026-11-20")
    assert done.code == 0, done.err
    shown = run("account", "show", "konex", env={"COLUMNS": "120"}).out
    for part in (
        "Their answer  (they owe it)",
        '5 weeks ago  red  next Fri 20 Nov !  "Unhappy"',
        "Snoozed  until Fri 1 Jan",
        "do not contact",
        "missing: economic buyer and champion",
        "Fri 20 Nov !",
        "Thu 26 Nov, 4 days, pushed once",
        "… 2 more: acct deal list --open --account A-0001",
        "100 EUR in 12 months, nothing in the 12 months before",
        "0 SGD in 12 months, ↓ 100 % on 100 in the 12 months before",
        "Contract lapsed since Mon 9 Nov (13 days ago) !, 100 SGD",
        "… 8 more: acct account timeline A-0001",
    ):
        assert part in shown, shown


def test_people_linked_beside_their_own_account_have_the_role_of_the_link(
    run: Program, greentech: str
) -> None:
    run("account", "add", "Konex")
    linked = run("contact", "link", "raj", "--account", "konex", "--role", "coach")
    assert linked.code == 0, linked.err
    at_both = [page(run)["contacts"][1], page(run, "konex")["contacts"][0]]
    assert [(p["name"], p["role"], p["title"]) for p in at_both] == [
        ("Raj Nair", "technical-buyer", "CTO"),
        ("Raj Nair", "coach", None),
    ]


def test_who_moved_on_is_gone_from_the_page(run: Program, greentech: str) -> None:
    run("account", "add", "Konex")
    assert run("contact", "move", "raj", "--to", "konex").code == 0
    assert [person["name"] for person in page(run)["contacts"]] == ["Mei Tan"]


def test_custom_fields_are_shown(run: Program, home: Path) -> None:
    configure(home, '[fields.account.erp]\ntype = "text"\n[fields.account.vip]\ntype = "flag"\n')
    run("account", "add", "Konex", "--set", "erp=SAP", "--set", "vip=yes")
    assert "erp: SAP · vip" in run("account", "show", "konex").out


def test_nothing_in_the_book_can_drive_the_terminal(run: Program) -> None:
    run("account", "add", HOSTILE, "--industry", HOSTILE, "--description", HOSTILE)
    run("contact", "add", HOSTILE, "--account", "A-0001", "--title", HOSTILE)
    run("deal", "add", "A-0001", HOSTILE)
    run("log", "call", "A-0001", HOSTILE, "--next", HOSTILE, "--due", "fri")
    run("account", "add", "Below", "--parent", "A-0001")
    for words in (("show", "A-0001"), ("timeline", "A-0001", "-f", "table"), ("tree",)):
        shown = run("account", *words)
        assert shown.code == 0, shown.err
        assert not {"\x1b", "\u202e", "\x9b"} & set(shown.out)
        assert "[/bold]:100:" in shown.out


def test_a_page_is_no_list(run: Program, greentech: str) -> None:
    assert run("account", "show", "greentech", "-f", "csv").code == 2
    assert run("account", "tree", "-f", "ids").code == 2
    assert len(run("account", "show", "greentech", "-f", "ids").out.strip()) == 36
    assert run("account", "show", "greentech", "-f", "md").out.startswith("```text\nGreenTech Ltd")


def test_an_account_that_is_not_there_names_its_neighbours(run: Program, greentech: str) -> None:
    shown = run("account", "show", "grentech")
    assert shown.code == 3
    assert "GreenTech Ltd (A-0001)" in shown.err


# timeline


def test_the_timeline_as_lines(run: Program, greentech: str) -> None:
    shown = run("account", "timeline", "greentech", "-f", "table")
    lines = [line[:-6].rstrip() for line in shown.out.splitlines()]
    assert lines == [
        "Fri 20 Nov   !  task      Send phased quote",
        "Mon 16 Nov   ●  call      Walked Mei through pricing  Mei Tan",
        "Tue 10 Nov   ●  email →   Sent the deck",
        "Tue 1 Sep    ◆  deal      Platform rollout: opened",
        "15 Jan 2026  $  purchase  Support, 36,000 SGD, until 14 Jan 2027",
        "1 Feb 2025   $  purchase  Purchase, 30,000 SGD",
    ]


def test_the_timeline_in_a_pipe_is_a_list(run: Program, greentech: str) -> None:
    shown = run("account", "timeline", "greentech", "--kind", "call,deal")
    rows = [line.split("\t")[1:] for line in shown.out.splitlines()]
    assert rows == [
        ["2026-11-16", "call", "", "Walked Mei through pricing", "Mei Tan"],
        ["2026-09-01", "deal", "", "Platform rollout: opened", ""],
    ]


def test_the_timeline_as_json(run: Program, greentech: str) -> None:
    entries = run("account", "timeline", "greentech", "-n", "2", "-f", "json").json()
    assert [(e["kind"], e["record"], e["done"]) for e in entries] == [
        ("task", "task", False),
        ("call", "log", None),
    ]
    assert entries[1]["contacts"] == ["Mei Tan"]
    assert entries[1]["at"] == "2026-11-16T10:30:00Z"


def test_the_timeline_since_a_day(run: Program, greentech: str) -> None:
    shown = run("account", "timeline", "greentech", "--since", "2026-11-11", "--kind", "call,email")
    assert len(shown.out.splitlines()) == 1
    back = run("account", "timeline", "greentech", "--since", "11d", "--kind", "call,email")
    assert back.out == shown.out
    ahead = run("account", "timeline", "greentech", "--since", "in 3m")
    assert ahead.code == 2
    assert "in the future" in ahead.err


def test_a_done_task_stands_on_the_day_it_was_done(run: Program, greentech: str) -> None:
    assert run("task", "done", "phased").code == 0
    first = run("account", "timeline", "greentech", "-f", "json").json()[0]
    assert (first["text"], first["day"], first["done"]) == ("Send phased quote", "2026-11-22", True)


def test_an_empty_timeline_says_so(run: Program) -> None:
    run("account", "add", "Konex")
    shown = run("account", "timeline", "konex", "-f", "table")
    assert (shown.code, shown.out, shown.err) == (0, "", "Nothing has happened here yet.\n")


def test_an_unknown_kind_lists_the_known_ones(run: Program, greentech: str) -> None:
    shown = run("account", "timeline", "greentech", "--kind", "fax")
    assert shown.code == 2
    assert "call, email, meeting" in shown.err


# tree


def test_a_family_is_a_tree_from_the_top_whoever_is_named(run: Program, greentech: str) -> None:
    run("account", "add", "Suria Johor", "--parent", "suria atap")
    assert run("account", "tree", "suria johor").out.replace(theme.NONE, "-") == (
        "in SGD                   ARR  bought  open  weighted    last  health  renews\n"
        "GreenTech Ltd    A-0001  36k     36k  120k       72k  6 days      66  14 Jan\n"
        "├ itself                 36k     36k  120k       72k  6 days      66  14 Jan\n"
        "└ Suria Atap     A-0002    -       -     -         -       -       -       -\n"
        "  └ Suria Johor  A-0003    -       -     -         -       -       -       -\n"
        "\n"
        'A parent\'s line is its whole group, "itself" the parent alone\n'
        "bought: in 12 months · health: the lowest\n"
    )


def test_a_group_without_business_shows_who_is_in_it(run: Program) -> None:
    run("account", "add", "Top", "--tier", "key")
    run("account", "add", "Below", "--parent", "top", "--status", "former")
    assert run("account", "tree").out == (
        "Top               A-0001  key · prospect\n└ Below (former)  A-0002  former\n"
    )


def test_the_forest_leaves_out_accounts_that_stand_alone(run: Program, greentech: str) -> None:
    run("account", "add", "Alone")
    families = run("account", "tree", "-f", "json").json()["families"]
    assert [(f["name"], [c["name"] for c in f["children"]]) for f in families] == [
        ("GreenTech Ltd", ["Suria Atap"])
    ]
    alone = run("account", "tree", "alone", "-f", "json").json()
    assert (alone["name"], alone["children"]) == ("Alone", [])


# tag


def tags(run: Program, name: str = "greentech") -> list[str]:
    return list(page(run, name)["tags"])


def test_tags_come_and_go(run: Program, greentech: str) -> None:
    done = run("account", "tag", "greentech", "--add", "expo,vip", "--remove", "PILOT")
    assert done.code == 0
    assert done.err == "Changed tags of GreenTech Ltd (added expo and vip; removed pilot).\n"
    assert tags(run) == ["expo", "vip"]


def test_a_tag_that_is_there_is_not_added_twice(run: Program, greentech: str) -> None:
    done = run("account", "tag", "greentech", "--add", "Pilot; pilot")
    assert done.code == 0
    assert done.err == "Nothing to change: already up to date.\n"
    assert tags(run) == ["pilot"]


def test_a_tag_that_is_not_there_cannot_be_taken_away(run: Program, greentech: str) -> None:
    refused = run("account", "tag", "greentech", "--add", "vip", "--remove", "nothing")
    assert refused.code == 3
    assert refused.err == (
        'acct: --remove "nothing": GreenTech Ltd does not have this tag. There: pilot\n'
    )
    assert tags(run) == ["pilot"]
    run("account", "add", "Konex")
    nobody = run("account", "tag", "greentech", "konex", "--remove", "vip")
    assert "none of the 2 accounts has this tag. There: pilot" in nobody.err
    # If several are edited, one of them must have it.
    assert run("account", "tag", "greentech", "konex", "--remove", "pilot").code == 0
    assert tags(run) == []
    bare = run("account", "tag", "konex", "--remove", "pilot")
    assert bare.err == 'acct: --remove "pilot": Konex does not have this tag. There is none\n'


def test_tags_of_several_from_a_pipe_are_one_undo(run: Program, greentech: str) -> None:
    ids = run("account", "list", "-f", "ids").out
    assert run("account", "tag", "-", "--add", "expo", input=ids).code == 0
    assert (tags(run), tags(run, "suria")) == (["pilot", "expo"], ["expo"])
    run("undo")
    assert (tags(run), tags(run, "suria")) == (["pilot"], [])


def test_tagging_without_a_tag_is_refused(run: Program, greentech: str) -> None:
    assert run("account", "tag", "greentech").code == 2
    assert run("account", "tag", "greentech", "--add", " , ").code == 2


# archive


def test_an_archived_account_leaves_the_list_and_comes_back(run: Program, greentech: str) -> None:
    done = run("account", "archive", "suria")
    assert done.err == "Archived Suria Atap.\n"
    assert "Suria" not in run("account", "list").out
    assert "Suria" in run("account", "list", "--archived").out
    listed = run("account", "list", "--archived", "-f", "table").out.splitlines()
    assert "archived at" in listed[0]
    assert [line.endswith("  today") for line in listed[1:]] == ["Suria" in x for x in listed[1:]]
    assert "Did you mean Suria Atap, archived (A-" in run("account", "show", "suriaa").err
    assert "archived" in run("account", "show", "suria").out.splitlines()[0]
    again = run("account", "archive", "suria")
    assert again.err == "Nothing to change: already up to date.\n"
    assert run("account", "archive", "suria", "--undo").err == "Brought back Suria Atap.\n"
    assert "Suria" in run("account", "list").out


def test_archiving_can_be_undone(run: Program, greentech: str) -> None:
    run("account", "archive", "greentech", "suria")
    run("undo")
    assert page(run)["archived_at"] is None


# Lists


def test_an_empty_list_says_how_to_begin(run: Program) -> None:
    shown = run("account", "list", "-f", "table")
    assert (shown.code, shown.out) == (0, "")
    assert shown.err == "No accounts yet. Start with: acct account add\n"
    run("account", "add", "Konex")
    assert run("account", "list", "--tier", "key", "-f", "table").err == "No accounts match.\n"
    assert run("account", "list", "--tier", "key").err == ""  # a pipe gets no notices


def test_lists_and_json_never_load_rich(run: Program, greentech: str) -> None:
    code = (
        "import sys; from acctcli.main import run; run(sys.argv[1:]); "
        "sys.stderr.write(str('rich' in sys.modules))"
    )
    for words in (["account", "list", "-f", "table"], ["account", "show", "A-0001", "-f", "json"]):
        called = [sys.executable, "-c", code, *words]
        done = subprocess.run(called, capture_output=True, text=True, check=True)
        assert done.stderr == "False", words


# On a terminal


@pytest.mark.skipif(os.name != "posix", reason="needs a pty")
@pytest.mark.parametrize("colored", [True, False])
def test_on_a_terminal_the_page_stays_within_its_columns(
    run: Program, greentech: str, colored: bool
) -> None:
    import pexpect
    import pyte

    env = {**os.environ, "TERM": "xterm", "COLUMNS": "", **({} if colored else {"NO_COLOR": "1"})}
    words = ["-m", "acctcli", "account", "show", "greentech"]
    raw = pexpect.run(
        shlex.join((sys.executable, *words)), env=env, dimensions=(60, 90), timeout=30
    ).decode()
    assert ("\x1b[1mGreenTech Ltd\x1b[0m" in raw) is colored
    assert ("\x1b" in raw) is colored
    screen = pyte.Screen(90, 60)
    pyte.Stream(screen).feed(raw)
    lines = [line.rstrip() for line in screen.display]
    assert lines[0].endswith("A-0001 · strategic · customer")
    assert len(lines[0]) == 90
    in_a_pipe = run("account", "show", "greentech", env={"COLUMNS": "90"}).out.splitlines()
    assert lines[: len(in_a_pipe)] == in_a_pipe


def test_a_snoozed_account_is_left_out_of_today_until_its_day(run: Program) -> None:
    run("account", "add", "Konex", "--tier", "key")
    run("task", "add", "konex", "Call back", "--due", "2026-11-20")
    assert "Konex" in run("today").out
    done = run("account", "snooze", "konex", "2w")
    assert (done.code, done.err) == (
        0,
        "Snoozed Konex until Sun 6 Dec.\n"
        'While Konex is snoozed: promise "Call back" was due Fri 20 Nov. '
        "See: acct account show konex\n",
    )
    assert "Konex" not in run("today").out
    assert "Konex" in run("today", env={"ACCTCLI_TODAY": "2026-12-06"}).out
    assert run("account", "snooze", "konex", "2026-12-06").err == (
        "Nothing to change: already up to date.\n"
    )
    run("undo")
    assert "Konex" in run("today").out


def test_an_account_is_snoozed_to_a_day_that_is_to_come(run: Program) -> None:
    run("account", "add", "Konex")
    refused = run("account", "snooze", "konex", "yesterday")
    assert (refused.code, "not later than today" in refused.err) == (4, True)


def test_every_field_that_is_filled_stands_on_the_page(run: Program) -> None:
    run("account", "add", "Mother")
    given = {
        "--parent": "mother",
        "--tier": "key",
        "--owner": "Ann Owner",
        "--industry": "forestry",
        "--website": "web.example",
        "--phone": "+65 6221 1234",
        "--alias": "Alias",
        "--street": "1 Long Road",
        "--city": "Town",
        "--region": "North",
        "--postal-code": "049315",
        "--country": "SG",
        "--employees": "12",
        "--annual-revenue": "3m SGD",
        "--source": "fair",
        "--description": "Described",
        "--tag": "tagged",
        "--link": "Doc https://x.example",
        "--cadence": "33",
    }
    words = [word for pair in given.items() for word in pair]
    assert run("account", "add", "Full", "--kind", "individual", *words).code == 0
    page = run("account", "show", "full", env={"COLUMNS": "200"}).out
    for said in given.values():
        shown = {"mother": "Mother", "SG": "Singapore", "3m SGD": "3m SGD"}.get(said, said)
        assert shown in page, said
    assert "individual" in page
    assert "cadence: 33 days" in page


def test_the_pages_of_a_deal_and_a_person_say_that_their_account_is_archived(run: Program) -> None:
    run("account", "add", "GreenTech")
    run("deal", "add", "greentech", "Rollout")
    run("contact", "add", "Mei Tan", "--account", "greentech")
    for kind, name in (("deal", "rollout"), ("contact", "mei")):
        assert "archived" not in run(kind, "show", name).out
    run("account", "archive", "greentech")
    for kind, name in (("deal", "rollout"), ("contact", "mei")):
        first = run(kind, "show", name).out.splitlines()[0]
        assert "GreenTech (archived)" in first
        assert run(kind, "show", name, "-f", "json").json()["account_archived_at"]
