"""What the commands of all nouns share, from the command line to the output, for accounts."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from tests.books import configure
from tests.conftest import Program

from acctcli.cli.kit.session import Session

GOLDEN = Path(__file__).parents[2] / "golden" / "shapes.json"

OWN_FIELDS = """
[fields.account.region]
type = "choice"
choices = ["North", "Süd"]
help = "half of the world"

[fields.account.seats]
type = "integer"

[fields.account.fit]
type = "number"

[fields.account.vip]
type = "flag"

[fields.account.since]
type = "date"
"""


@pytest.fixture
def config(home: Path) -> Path:
    configure(home, OWN_FIELDS)
    return home


def accounts(run: Program, *words: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = run("account", "list", "-f", "json", *words).json()
    return found


def names(run: Program, *words: str) -> list[str]:
    return run("account", "list", "-f", "tsv", "--columns", "name", *words).out.splitlines()


# Shapes


def test_json_and_csv_have_the_promised_shape(run: Program) -> None:
    shapes = json.loads(GOLDEN.read_text("utf-8"))
    run("account", "add", "A", "--tag", "x; y")
    (row,) = accounts(run)
    assert list(row) == shapes["account"]
    assert list(run("account", "add", "B", "-f", "json").json()) == shapes["account"]
    (line,) = run("account", "list", "-f", "jsonl", "--where", "name = a").out.splitlines()
    assert json.loads(line) == row
    reader = csv.reader(io.StringIO(run("account", "list", "-f", "csv").out))
    assert next(reader) == shapes["account"]
    cells = dict(zip(shapes["account"], next(reader), strict=True))
    assert (cells["tags"], cells["tier"], row["tags"]) == ("x; y", "", ["x", "y"])


def test_json_says_exactly_what_was_entered(run: Program) -> None:
    hostile = 'Quote " back\\slash \x1b[31m \u202egnp \u2066 tab\there é 株 🙂 \x7f'
    run("account", "add", hostile, "--revenue", "1,234,567 JPY")
    run("account", "add", "K", "--revenue", "1.2 KWD")
    out = run("account", "list", "-f", "json", "--sort", "id").out
    first, second = json.loads(out)
    assert first["name"] == hostile
    assert '"annual_revenue": 1234567, ' in out
    assert '"annual_revenue": 1.200, ' in out
    assert second["annual_revenue"] == 1.2
    for char in "\x1b\u202e\u2066\x7f":
        assert char not in out
    assert "\\u202e" in out


# Lists


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("account", "list", "--limit", "0"), "Showing 0 of 3 accounts (--limit 0)."),
        (("account", "list", "--offset", "5"), "Nothing left at --offset 5: there are 3 accounts."),
        (
            ("account", "list", "--tier", "key", "--offset", "5"),
            "Nothing left at --offset 5: there is 1 account.",
        ),
        (("account", "list", "--tier", "smb", "--offset", "5"), "No accounts match."),
        (("contact", "list", "--limit", "0"), "No contacts yet. Start with: acct contact add"),
        (("deal", "list", "--limit", "0"), "Showing 0 of 1 deal (--limit 0)."),
        (
            ("deal", "list", "--risk", "--offset", "1"),
            "Nothing left at --offset 1: there is 1 deal.",
        ),
        (("deal", "list", "--tag", "x", "--offset", "1"), "No open deals match."),
        (("task", "list", "--limit", "0"), "Showing 0 of 1 task (--limit 0)."),
        (("task", "list", "--done", "--offset", "2"), "No tasks match."),
        (("review", "health", "--limit", "0"), "Showing 0 of 3 accounts (--limit 0)."),
        (("account", "score", "--limit", "0"), "Showing 0 of 3 accounts (--limit 0)."),
        (("account", "dupes", "--limit", "0"), "Showing 0 of 1 pair (--limit 0)."),
        (("account", "timeline", "Acme", "--limit", "0"), "Showing nothing (--limit 0)."),
    ],
)
def test_a_book_is_not_called_empty_because_of_limit_or_offset(
    run: Program, words: tuple[str, ...], says: str
) -> None:
    run("account", "add", "Acme", "--tier", "key", "--status", "customer")
    run("account", "add", "Konex", "--status", "customer")
    run("account", "add", "Acme GmbH", "--status", "customer")
    run("deal", "add", "konex", "Rollout")
    run("task", "add", "konex", "Call")
    shown = run(*words, "-f", "table")
    assert (shown.code, shown.err) == (0, f"{says}\n")


def test_lists_are_filtered_sorted_cut_and_shown_by_column(run: Program) -> None:
    for name, tier, employees in (("a", "smb", 5), ("b", "key", 7), ("c", "strategic", None)):
        extra = ["--employees", str(employees)] if employees else []
        run("account", "add", name, "--tier", tier, *extra)
    assert names(run, "--sort", "tier") == ["c", "b", "a"]
    assert names(run, "--sort", "-employees") == ["b", "a", "c"]
    assert names(run, "--tier", "key,smb") == ["a", "b"]
    assert names(run, "--tier", "key", "--tier", "smb") == ["a", "b"]
    assert names(run, "--where", "employees > 5", "--where", "tier = key") == ["b"]
    assert names(run, "--limit", "1", "--offset", "1") == ["b"]
    assert names(run, "--limit", "0") == []
    out = run("account", "list", "--columns", "employees, Tier,revenue", "-f", "csv").out
    assert out.splitlines()[0] == "employees,tier,annual_revenue"


def test_a_record_is_filtered_by_the_name_of_another_even_with_a_comma(run: Program) -> None:
    for name in ("Smith, Ltd", "Jones"):
        run("account", "add", name)
        run("contact", "add", f"of {name}", "--account", name)
    for typed, found in (
        ("Smith, Ltd", ["of Smith, Ltd"]),
        ("smith", ["of Smith, Ltd"]),
        ("jones,smith", ["of Jones", "of Smith, Ltd"]),
    ):
        listed = run("contact", "list", "--account", typed, "-f", "tsv", "--columns", "name")
        assert listed.out.splitlines() == found
    assert run("contact", "list", "--account", "jones,x").code == 3
    listed = run("contact", "list", "--where", "account = jones", "-f", "ids")
    assert len(listed.out.splitlines()) == 1


def test_ids_lead_from_a_list_to_the_next_command_and_are_one_step_to_undo(run: Program) -> None:
    for name in ("a", "b", "c"):
        run("account", "add", name, "--tag", "expo")
    ids = run("account", "list", "--tag", "expo", "-f", "ids").out
    done = run("account", "edit", "-", "--tier", "growth", input=ids)
    assert done.err == "Changed tier of a, b, c.\n"
    assert len(done.out.splitlines()) == 3
    assert [a["tier"] for a in accounts(run)] == ["growth"] * 3
    run("undo")
    assert [a["tier"] for a in accounts(run)] == [None] * 3


@pytest.mark.parametrize(
    ("words", "stdin", "code", "says"),
    [
        (["-"], "", 3, "no account on stdin: it was empty. Nothing was changed"),
        (["-"], "\n \n", 3, "it was empty"),
        (["-", "-"], "a", 2, "- (ids from stdin) can be given once"),
        (["-"], b"\xff\xfe", 4, "stdin is not UTF-8 at byte 0"),
        (["-"], "a\nzzz\n", 3, 'no account "zzz"'),
        (["a", "-"], "\ufeffb\r\n", 0, "Changed tier of a, b."),
        (["a", "-", "a"], "A-0001\na\n", 0, "Changed tier of a."),
    ],
)
def test_ids_from_stdin(
    words: list[str], stdin: str | bytes, code: int, says: str, run: Program
) -> None:
    for name in ("a", "b"):
        run("account", "add", name)
    done = run("account", "edit", *words, "--tier", "key", input=stdin)
    assert done.code == code
    assert says in done.err
    if code:
        assert [a["tier"] for a in accounts(run)] == [None, None], "all or nothing"


# Adding and editing


def test_a_write_says_the_short_id_and_a_sentence(run: Program) -> None:
    done = run("account", "add", "GreenTech Ltd")
    assert done.err == "Added account A-0001 GreenTech Ltd.\n"
    assert done.out.strip() == accounts(run)[0]["id"][-4:]
    assert run("account", "edit", done.out.strip(), "--tier", "key").code == 0
    same = run("account", "edit", "greentech", "--tier", "key")
    assert (same.code, same.err) == (0, "Nothing to change: already up to date.\n")


@pytest.mark.parametrize(
    "words",
    [
        ["add", ""],
        ["add", " \t "],
        ["add", "x", "--set", "kind="],
        ["edit", "a", "--set", "name="],
        ["edit", "a", "--name", ""],
        ["edit", "a", "--kind", ""],
    ],
)
def test_what_must_not_be_empty_is_refused(words: list[str], run: Program) -> None:
    run("account", "add", "a")
    done = run("account", *words)
    assert (done.code, done.out) == (4, "")
    assert done.err in (
        "acct: the name of an account cannot be empty\n",
        "acct: the kind of an account cannot be empty\n",
    )
    assert names(run) == ["a"]


def test_an_empty_value_clears_a_field(run: Program) -> None:
    run("account", "add", "a", "--tier", "key", "--tag", "x", "--set", "city=Bonn")
    run("account", "edit", "a", "--tier", "", "--tag", "", "--set", "city=")
    (row,) = accounts(run)
    assert (row["tier"], row["tags"], row["city"]) == (None, [], None)


def test_money_and_currency_stay_together(run: Program) -> None:
    run("account", "add", "a", "--revenue", "1,200", "--currency", "SGD")
    run("account", "edit", "a", "--currency", "JPY")
    (row,) = accounts(run)
    assert (row["annual_revenue"], row["currency"]) == (1200, "JPY")
    done = run("account", "edit", "a", "--currency", "")
    assert done.code == 4
    assert "the currency cannot be empty" in done.err
    run("account", "edit", "a", "--revenue", "5")
    assert accounts(run)[0]["annual_revenue"] == 5
    run("account", "edit", "a", "--revenue", "", "--currency", "")
    assert accounts(run)[0]["currency"] is None


def test_nobody_is_their_own_parent(run: Program) -> None:
    for name in ("a", "b"):
        run("account", "add", name)
    run("account", "edit", "b", "--parent", "a")
    for child in ("a", "b"):
        done = run("account", "edit", "a", "--parent", child)
        assert done.code == 4
        assert "an account cannot be above itself" in done.err


# The user's own fields


def test_a_custom_field_is_a_field_from_end_to_end(run: Program, config: Path) -> None:
    run("account", "add", "a", "--set", "seats=1,200", "--set", "fit=1.50", "--set", "vip=y")
    run("account", "add", "b", "--set", "seats=9", "--set", "since=fri", "--region", "sud")
    run("account", "add", "c")
    by_name = {row["name"]: row for row in accounts(run)}
    assert list(by_name["a"])[-4:] == ["seats", "fit", "vip", "since"]
    assert [by_name["a"][n] for n in ("seats", "fit", "vip", "since")] == [1200, 1.5, True, None]
    assert [by_name["b"][n] for n in ("seats", "since", "region")] == [9, "2026-11-27", "Süd"]
    columns = ["--columns", "name,seats,fit,vip,since,region"]
    assert run("account", "list", "-f", "csv", *columns).out.splitlines() == [
        "name,seats,fit,vip,since,region",
        "a,1200,1.5,yes,,",
        "b,9,,,2026-11-27,Süd",
        "c,,,,,",
    ]
    assert (
        run("account", "list", "-f", "tsv", *columns).out.splitlines()[0] == "a\t1200\t1.5\tyes\t\t"
    )
    assert names(run, "--sort", "-seats") == ["a", "b", "c"]
    assert names(run, "--where", "seats > 9 or region = süd") == ["a", "b"]
    assert names(run, "--where", "vip != yes") == ["b", "c"]
    done = run("account", "edit", "a", "--set", "seats=", "--set", "vip=no")
    assert done.err == "Changed seats, vip of a.\n"
    run("undo")
    assert accounts(run)[0]["seats"] == 1200


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["--set", "seats=many"], 2, '--set seats "many" is not a whole number'),
        (["--set", "sets=5"], 2, 'no account field "sets" to set. Did you mean seats?'),
        (["--region", "West"], 4, 'unknown region "West" (use North or Süd)'),
        (["--set", "region=West"], 4, 'unknown region "West" (use North or Süd)'),
        (["--set", "vip=perhaps"], 2, '--set vip "perhaps" is neither yes nor no'),
        (["--set", "since=01/02/2026"], 2, "--set since 01/02/2026 reads as 1 February or"),
        (["--set", "=5"], 2, 'no account field "" to set'),
    ],
)
def test_a_custom_field_takes_what_it_is_declared_for(
    words: list[str], code: int, says: str, run: Program, config: Path
) -> None:
    done = run("account", "add", "x", *words)
    assert (done.code, done.out) == (code, "")
    assert says in done.err


def test_lists_still_work_when_a_field_was_given_another_type(run: Program, config: Path) -> None:
    configure(config, "[fields.account.seats]\n")
    run("account", "add", "a", "--set", "seats=many")
    configure(config, '[fields.account.seats]\ntype = "integer"\n')
    assert accounts(run)[0]["seats"] == "many"  # as it stands
    configure(config, "")
    assert "seats" not in accounts(run)[0]


# Required fields


SEGMENT = "[fields.account.segment]\n"

REQUIRED = """\
[required.all]
account = ["owner"]
[required.strategic]
account = ["industry", "segment"]
contact = ["title"]
"""


@pytest.fixture
def required(home: Path) -> Path:
    configure(home, SEGMENT + REQUIRED)
    return home


def test_what_is_required_of_a_tier_is_asked_for(run: Program, required: Path) -> None:
    done = run("account", "add", "a", "--tier", "strategic", "--industry", "energy")
    assert (done.code, done.out) == (4, "")
    assert done.err == (
        "acct: an account of tier strategic needs owner, segment (the [required] rules of "
        "the book). Add --owner and --set segment=\n"
    )
    whole = ["--owner", "Kim", "--industry", "energy", "--set", "segment=x"]
    assert run("account", "add", "a", "--tier", "strategic", *whole).code == 0
    assert run("account", "add", "b", "--tier", "key").code == 4
    assert run("account", "add", "b", "--tier", "key", "--owner", "Kim").code == 0
    done = run("account", "edit", "b", "--tier", "strategic")
    assert "needs industry, segment" in done.err
    assert accounts(run)[1]["tier"] == "key"


def test_an_edit_may_not_empty_what_is_required(run: Program, required: Path) -> None:
    run("account", "add", "a", "--owner", "Kim")
    done = run("account", "edit", "a", "--owner", "")
    assert done.code == 4
    assert "an account needs owner" in done.err


def test_a_rule_newer_than_the_book_does_not_stop_other_edits(run: Program, required: Path) -> None:
    configure(required, SEGMENT)
    run("account", "add", "a", "--tier", "strategic")
    configure(required, SEGMENT + REQUIRED)
    assert run("account", "edit", "a", "--city", "Bonn").code == 0
    assert run("account", "edit", "a", "--owner", "Kim").code == 0
    assert run("account", "edit", "a", "--owner", "").code == 4


def test_a_rule_for_a_tier_holds_for_what_belongs_to_its_accounts(
    run: Program, required: Path
) -> None:
    whole = ["--owner", "Kim", "--industry", "energy", "--set", "segment=x"]
    run("account", "add", "a", "--tier", "strategic", *whole)
    run("account", "add", "b", "--owner", "Kim")
    done = run("contact", "add", "Mei", "--account", "a")
    assert done.code == 4
    assert "a contact at a strategic account needs title" in done.err
    assert run("contact", "add", "Mei", "--account", "a", "--title", "CFO").code == 0
    assert run("contact", "add", "Raj", "--account", "b").code == 0


# Deleting


def test_deleting_asks_and_in_a_script_needs_yes(run: Program) -> None:
    run("account", "add", "a")
    run("contact", "add", "Mei", "--account", "a")
    run("account", "add", "b")
    run("contact", "link", "mei", "--account", "b")
    run("account", "delete", "b", "--yes")
    run("undo")
    assert run("account", "delete", "b", "--yes").err == (
        "Deleted b with 1 link to an account. To undo: acct undo\n"
    )
    done = run("account", "delete", "a")
    assert done.code == 2
    assert "To go ahead: --yes" in done.err
    assert names(run) == ["a"]
    done = run("account", "delete", "a", "--yes")
    assert done.err == "Deleted a with 1 contact. To undo: acct undo\n"
    assert names(run) == []
    run("undo")
    assert names(run) == ["a"]


def test_the_question_counts_what_goes(run: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    run("account", "add", "Acme Ltd")
    for name in ("Ana", "Mei", "Raj"):
        run("contact", "add", name, "--account", "acme")
    for title in ("Pilot", "Rollout"):
        run("deal", "add", "acme", title)
    for _ in range(14):
        run("log", "call", "acme", "Talked")
    run("account", "add", "Konex")
    monkeypatch.setattr(Session, "interactive", True)
    no = run("account", "delete", "acme ltd", input="\n")
    assert no.err.startswith(
        "Delete Acme Ltd with 3 contacts, 2 deals and 14 interactions? [y/N]\n"
    )
    assert (no.code, names(run)) == (130, ["Acme Ltd", "Konex"])
    yes = run("account", "delete", "acme ltd", "konex", input="y\n")
    assert yes.err.endswith(
        "Deleted Acme Ltd, Konex with 3 contacts, 2 deals and 14 interactions. To undo: acct undo\n"
    )
    assert names(run) == []
    run("contact", "add", "Mei", "--title", "CFO", input="\n")
    erase = run("contact", "delete", "mei", "--erase", input="n\n")
    assert erase.err.startswith("Erase Mei from the book, its history and all its backups?")


def test_the_history_keeps_what_was_typed(run: Program) -> None:
    run("account", "add", "O'Neil & Sons")
    assert "O'Neil & Sons" in run("history").out
