"""`acct quote`: from a draft to its answer."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests import books
from tests.cli.quoting import FIRST, SECOND, deal, shown, stands  # noqa: F401 - a fixture
from tests.commands import do
from tests.conftest import Program
from tests.filling import filled_once

pytestmark = pytest.mark.usefixtures("deal")


@pytest.fixture(autouse=True)
@filled_once
def quoted(run: Program, deal: None) -> None:  # noqa: F811 - the fixture
    do(run, ("deal", "quote", "rollout", "--tax", "9", "--contact", "mei", "--valid", "30d"))


def test_a_quote_that_is_sent_is_logged_as_a_proposal(run: Program) -> None:
    done = run("quote", "send", FIRST, "--on", "yesterday")
    assert done.err == (
        "Sent Q-2026-0001 to Mei Tan yesterday: 29,789.70 SGD with 2,459.70 SGD tax, "
        "valid until Tue 22 Dec. Logged as a proposal.\n"
    )
    (log,) = run("log", "list", "-f", "json").json()
    assert (log["kind"], log["direction"], log["deal"]) == ("proposal", "out", "Rollout")
    assert log["summary"].startswith("Sent quote Q-2026-0001: 29,789.70 SGD")
    assert (log["contacts"], log["at"][:10]) == (["Mei Tan"], "2026-11-21")
    assert (shown(run)["status"], shown(run)["sent_on"]) == ("sent", "2026-11-21")
    again = run("quote", "send", FIRST)
    assert again.code == 4
    assert "Q-2026-0001 is sent already (yesterday): only a draft can be sent" in again.err


@pytest.mark.parametrize(
    "words",
    [
        ("quote", "edit", FIRST, "--title", "Other"),
        ("quote", "line", FIRST, "1", "--tax", "3"),
        ("quote", "line", FIRST, "--add", "More", "--unit-price", "5"),
        ("quote", "line", FIRST, "support", "--remove"),
    ],
)
def test_what_was_sent_stays_as_it_is(run: Program, book: Path, words: tuple[str, ...]) -> None:
    do(run, ("quote", "send", FIRST))
    before = books.dump(book)
    refused = run(*words)
    assert (refused.code, "is sent and cannot be changed" in refused.err) == (4, True)
    assert "acct deal quote" in refused.err
    assert books.dump(book) == before


def test_no_import_changes_a_line_of_what_was_sent(run: Program, tmp_path: Path) -> None:
    do(run, ("quote", "send", FIRST))
    line = shown(run)["lines"][0]
    file = tmp_path / "lines.csv"
    file.write_text(f"id,unit_price,currency\n{line['id']},1,SGD\n")
    refused = run("import", file, "--as", "quote_line")
    assert (refused.code, "is sent and cannot be changed" in refused.err) == (4, True), refused.err
    assert shown(run)["lines"][0]["unit_price"] == 1200.0


def test_a_declined_quote_keeps_the_reason_and_leaves_the_deal_open(run: Program) -> None:
    do(run, ("quote", "send", FIRST))
    said = run("quote", "decline", FIRST, "--reason", "Too dear").err
    tail = shown(run)["deal_id"][-4:]
    assert said == (
        'Q-2026-0001 was declined: Too dear. "Rollout" stays open. '
        f"To close it: acct deal lose {tail}\n"
    )
    assert (shown(run)["reason"], shown(run)["answered_on"]) == ("Too dear", "2026-11-22")
    assert run("deal", "show", "rollout", "-f", "json").json()["stage"] == "proposal"
    assert run("quote", "accept", FIRST).code == 4
    assert run("quote", "decline", FIRST, "--reason", "Too dear").code == 4


def test_a_declined_quote_says_that_its_deal_is_open_only_if_it_is(run: Program) -> None:
    do(run, ("quote", "send", FIRST), ("deal", "lose", "rollout", "--reason", "Too dear"))
    said = run("quote", "decline", FIRST, "--reason", "Too dear").err
    assert said == "Q-2026-0001 was declined: Too dear.\n"


def test_who_is_erased_is_in_no_text_of_a_quote(run: Program, book: Path) -> None:
    said = "Mei Tan said no"
    do(
        run,
        ("quote", "edit", FIRST, "--intro", "Dear Mei Tan", "--recipient", "GreenTech\nMei Tan"),
        ("quote", "line", FIRST, "1", "--text", "Support for Mei Tan"),
        ("quote", "send", FIRST),
        ("quote", "decline", FIRST, "--reason", said),
        ("quote", "edit", FIRST, "--reason", f"{said} again"),
        ("contact", "delete", "Mei Tan", "--erase", "--yes"),
    )
    assert shown(run)["reason"] == "[erased] said no again"
    assert b"Mei Tan" not in book.read_bytes()


def test_a_reason_is_asked_for(run: Program) -> None:
    do(run, ("quote", "send", FIRST))
    assert run("quote", "decline", FIRST).code == 2
    assert "--reason is empty" in run("quote", "decline", FIRST, "--reason", " ").err


def test_an_answer_is_never_before_it_was_sent(run: Program) -> None:
    do(run, ("quote", "send", FIRST))
    refused = run("quote", "decline", FIRST, "--reason", "Price", "--on", "yesterday")
    assert (refused.code, "is before Q-2026-0001 was sent" in refused.err) == (4, True)


def test_a_validity_that_is_over_must_be_renewed_to_send(run: Program) -> None:
    later = {"ACCTCLI_TODAY": "2027-01-05"}
    refused = run("quote", "send", FIRST, env=later)
    assert (refused.code, "was valid until Tue 22 Dec 2026" in refused.err) == (4, True)
    sent = run("quote", "send", FIRST, "--valid", "30d", env=later)
    assert "valid until Thu 4 Feb" in sent.err


def test_an_expired_quote_says_so_and_may_still_be_accepted(run: Program) -> None:
    do(run, ("quote", "send", FIRST))
    later = {"ACCTCLI_TODAY": "2027-01-05"}
    assert shown(run, env=later)["standing"] == "expired"
    page = run("quote", "show", FIRST, "-f", "table", env=later).out
    assert "expired" in page
    assert "was valid until 22 Dec 2026 !" in page
    assert run("quote", "accept", FIRST, env=later).code == 0


def test_a_list_counts_what_expired_whatever_its_columns(
    run: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    do(run, ("quote", "send", FIRST))
    for module in ("cli.kit.nouns", "render.emit"):
        monkeypatch.setattr(f"acctcli.{module}.is_terminal", lambda *_: True)
    later = {"ACCTCLI_TODAY": "2027-01-05"}
    for words in ((), ("--columns", "number")):
        assert "1 expired without an answer" in run("quote", "list", *words, env=later).err
    assert "expired" not in run("quote", "list").err


def test_deleting_a_version_opens_the_one_before(run: Program) -> None:
    do(run, ("quote", "send", FIRST), ("deal", "quote", "rollout"))
    assert stands(run) == {FIRST: "superseded", SECOND: "draft"}
    done = run("quote", "delete", SECOND, "--yes")
    assert "Q-2026-0001 is open again." in done.err
    assert stands(run) == {FIRST: "sent"}
    do(run, ("undo",))
    assert stands(run) == {FIRST: "superseded", SECOND: "draft"}


def test_quotes_are_listed_filtered_and_found(run: Program) -> None:
    do(run, ("quote", "send", FIRST), ("deal", "quote", "rollout"))
    listed = run("quote", "list", "--where", "gross > 20k and status = draft", "-f", "ids").out
    assert listed.split() == [shown(run, SECOND)["id"]]
    assert FIRST in run("search", "Q-2026-0001", "--kind", "quote").out
    assert "quote" in run("history", SECOND).out
    header = run("quote", "list", "-f", "csv").out.splitlines()[0]
    assert header.startswith("id,number,version,deal,deal_id,account")
    assert "1 draft" not in run("quote", "list", "--status", "sent", "-f", "csv").out


def test_the_page_of_the_deal_has_its_quotes(run: Program) -> None:
    do(run, ("quote", "send", FIRST))
    found = run("deal", "show", "rollout", "-f", "json").json()["quotes"]
    assert [(one["number"], one["standing"], one["gross"]) for one in found] == [
        (FIRST, "sent", 29789.7)
    ]
    assert "Q-2026-0001  sent" in run("deal", "show", "rollout", "-f", "table").out


def test_an_export_of_everything_brings_quotes_back(run: Program, tmp_path: Path) -> None:
    do(run, ("quote", "send", FIRST), ("deal", "quote", "rollout"))
    folder, copy = tmp_path / "all", tmp_path / "copy.db"
    assert run("export", "--all", folder).code == 0
    assert run("--db", copy, "db", "init").code == 0
    done = run("--db", copy, "import", folder)
    assert done.code == 0, done.err
    again = run("--db", copy, "quote", "show", FIRST, "-f", "json").json()
    assert again == shown(run)


def test_today_says_which_quote_waits_for_an_answer(run: Program) -> None:
    def said(on: str) -> list[tuple[str, str]]:
        found = run("today", "--all", "-f", "json", env={"ACCTCLI_TODAY": on}).json()
        return [(one["reason"], one["command"]) for one in found if one["kind"] == "quote"]

    assert said("2026-12-20") == [], "a draft waits for nobody"
    do(run, ("quote", "send", FIRST))
    tail = shown(run)["id"][-4:]
    assert said("2026-12-14") == []
    assert said("2026-12-15") == [
        (
            "Quote Q-2026-0001 for 29.8k SGD has no answer, valid until Tue 22 Dec",
            f"acct quote show {tail}",
        )
    ]
    assert said("2026-12-23")[0][0].endswith("has no answer, expired yesterday")
    do(run, ("quote", "decline", FIRST, "--reason", "Price"))
    assert said("2026-12-20") == []


def test_the_quote_of_a_closed_deal_offers_the_deal(run: Program) -> None:
    do(run, ("quote", "send", FIRST), ("deal", "lose", "rollout", "--reason", "Price"))
    page = run("quote", "show", FIRST).out
    assert "acct quote accept" not in page
    assert "The deal: acct deal show " in page


def test_a_closed_deal_names_its_quote_without_an_answer(run: Program) -> None:
    do(run, ("quote", "send", FIRST))
    won = run("deal", "win", "rollout")
    assert won.err.startswith(
        f"acct: {FIRST} is still unanswered. To answer it: acct quote accept {FIRST}\n"
    )
    do(run, ("deal", "reopen", "rollout"))
    lost = run("deal", "lose", "rollout", "--reason", "Price")
    assert f"To answer it: acct quote decline {FIRST}" in lost.err
    assert "unanswered" not in run("history").out


def test_a_quote_without_a_sender_says_so(run: Program) -> None:
    hint = f"acct: {FIRST} does not say who it is from. To add it: acct quote edit {FIRST} --sender"
    assert hint not in run("quote", "show", FIRST).err
    do(run, ("quote", "edit", FIRST, "--sender", ""))
    assert run("quote", "show", FIRST).err.startswith(hint)
    do(run, ("config", "unset", "quote.sender"))
    sent = run("quote", "send", FIRST)
    assert sent.err.startswith(f"acct: {FIRST} does not say who it is from. For the next quotes: ")
    again = run("deal", "quote", "rollout")
    assert f"acct: {SECOND} does not say who it is from. To add it: " in again.err
    do(run, ("config", "set", "quote.sender", "Kim"), ("deal", "quote", "rollout"))
    assert shown(run, f"{FIRST}-3")["sender"] == "Kim"
