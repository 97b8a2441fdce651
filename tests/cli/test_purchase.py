"""The commands of `acct purchase`: purchases, contracts and renewals."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.books import change
from tests.conftest import Program

Json = dict[str, Any]


@pytest.fixture(autouse=True)
def accounts(run: Program) -> None:
    for name in ("GreenTech Ltd", "Kan-code", "Konex"):
        run("account", "add", name)
    for name in ("Support", "Platform"):
        run("product", "add", name)


def bought(run: Program, *words: str) -> Json:
    """Add a purchase; return the record."""
    done = run("purchase", "add", *words, "-f", "json")
    assert done.code == 0, done.err
    record: Json = done.json()
    return record


def renewals(run: Program, *words: str) -> list[Json]:
    done = run("purchase", "renewals", *words, "-f", "json")
    assert done.code == 0, done.err
    rows: list[Json] = done.json()
    return rows


# add


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("kan", "1,200.50"), "Added purchase for Kan-code, 1,200.50 USD.\n"),
        (
            ("kan", "SGD 36k", "--product", "support", "--recurring", "yearly"),
            "Added purchase Support for Kan-code, 36,000 SGD, term 2026-11-22 to 2027-11-21.\n",
        ),
        (
            ("kan", "1k", "--recurring", "monthly", "--on", "2026-01-15"),
            "Added purchase for Kan-code, 1,000 USD, purchased on 15 Jan 2026, "
            "term 2026-01-15 to 2026-02-14.\n",
        ),
        (
            ("kan", "1k", "--ends", "2026-12-31"),
            "Added purchase for Kan-code, 1,000 USD, until 2026-12-31.\n",
        ),
    ],
)
def test_add_says_what_for_whom_and_for_how_long(
    run: Program, words: tuple[str, ...], sentence: str
) -> None:
    done = run("purchase", "add", *words)
    assert (done.code, done.err) == (0, sentence)
    (purchase,) = run("purchase", "list", "-f", "json").json()
    assert purchase["id"].endswith(done.out.strip())


def test_add_with_everything(run: Program) -> None:
    run("deal", "add", "greentech", "Rollout")
    run("deal", "add", "kan", "Rollout")
    record = bought(
        run,
        *("kan", "EUR 5k", "--deal", "rollout", "--product", "platform", "--quantity", "2.5"),
        *("--payment", "credit", "--on", "2026-10-03", "--reconciled"),
    )
    assert (record["amount"], record["currency"], record["quantity"]) == (5000, "EUR", 2.5)
    assert (record["purchased_on"], record["payment"]) == ("2026-10-03", "credit")
    assert (record["reconciled"], record["recurring"]) == (True, "none")
    # Of two deals with this title, the one of the account is meant.
    deals = run("deal", "list", "--account", "kan", "-f", "ids").out
    assert record["deal_id"] == deals.strip()


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("knex", "5k"), 3, 'no account "knex". Did you mean Konex'),
        (("kan", "lots"), 2, "amount lots is not an amount"),
        (("kan", ""), 4, "the amount of a purchase cannot be empty"),
        (("kan", "5k", "--recurring", "weekly"), 4, 'unknown recurring "weekly"'),
        (("kan", "5k", "--set", "recurring="), 4, "the recurring of a purchase cannot be empty"),
        (("kan", "5k", "--starts", "today", "--ends", "yesterday"), 4, "before it starts"),
        (("kan", "5k", "--deal", "none"), 3, 'no deal "none"'),
    ],
)
def test_what_add_refuses(run: Program, words: tuple[str, ...], code: int, message: str) -> None:
    done = run("purchase", "add", *words)
    assert (done.code, done.out) == (code, ""), done.err
    assert message in done.err
    assert run("purchase", "list").out == ""


# list, show, edit, delete


def test_list_has_the_latest_first_and_takes_filters(run: Program) -> None:
    for account, amount, more in (
        ("kan", "1k", ("--on", "2026-01-01", "--payment", "cash")),
        ("konex", "2k", ("--on", "2026-06-01", "--product", "support")),
        ("kan", "3k", ("--reconciled",)),
    ):
        bought(run, account, amount, *more)

    def amounts(*words: str) -> list[str]:
        return run("purchase", "list", "--columns", "amount", *words).out.split()

    assert amounts() == ["3000.00", "2000.00", "1000.00"]
    assert amounts("--account", "kan") == ["3000.00", "1000.00"]
    assert amounts("--product", "support") == ["2000.00"]
    assert amounts("--payment", "cash") == ["1000.00"]
    assert amounts("--reconciled", "no") == ["2000.00", "1000.00"]
    assert amounts("--where", "purchased_on >= 2026-06-01", "--sort", "amount") == [
        *("2000.00", "3000.00"),
    ]


def test_show(run: Program) -> None:
    record = bought(run, "kan", "36k", "--product", "support", "--recurring", "yearly")
    found = run("purchase", "show", record["id"][-4:], "-f", "json").json()
    assert found == {**record, "renewal": None, "renewal_id": None}
    page = run("purchase", "show", record["id"], env={"COLUMNS": "60"}).out.splitlines()
    beside = f"Kan-code · {record['id'][-4:]}"
    assert page[0] == f"Support{beside:>53}"
    assert [line.split(maxsplit=1) for line in page[1:]] == [
        ["amount", "36,000 USD"],
        ["bought", "today"],
        ["term", "2026-11-22 to 2027-11-21"],
        ["recurring", "yearly"],
        ["reconciled", "no"],
    ]


def test_edit_moves_a_term_that_was_made(run: Program) -> None:
    record = bought(run, "kan", "36k", "--recurring", "yearly")
    done = run("purchase", "edit", record["id"], "--starts", "2026-12-01")
    assert (done.code, done.err) == (
        0,
        "Changed starts on, ends on of the purchase of Kan-code, 2026-11-22 "
        "(starts on: Tue 1 Dec).\n",
    )
    assert run("purchase", "show", record["id"], "-f", "json").json()["ends_on"] == "2027-11-30"
    assert run("purchase", "edit", record["id"], "--amount", "").code == 4


def test_edit_several_and_undo(run: Program) -> None:
    for amount in ("1k", "2k"):
        bought(run, "kan", amount)
    ids = run("purchase", "list", "-f", "ids").out
    assert run("purchase", "edit", "-", "--reconciled", input=ids).code == 0
    assert run("purchase", "list", "--reconciled", "yes", "-f", "ids").out == ids
    run("undo")
    assert run("purchase", "list", "--reconciled", "yes", "-f", "ids").out == ""


def test_delete_and_undo(run: Program) -> None:
    record = bought(run, "kan", "1k")
    assert run("purchase", "delete", record["id"], "--yes").code == 0
    assert run("purchase", "list").out == ""
    run("undo")
    assert run("purchase", "list", "-f", "json").json() == [record]


# renewals


def test_renewals_are_the_terms_that_end_within_the_window(run: Program) -> None:
    for product, ends in (
        ("support", "2026-11-21"),  # over since yesterday
        ("platform", "2026-11-22"),
    ):
        bought(run, "kan", "1k", "--product", product, "--ends", ends)
    bought(run, "konex", "2k EUR", "--product", "support", "--ends", "2027-02-20")  # day 90
    bought(run, "greentech", "3k", "--product", "support", "--ends", "2027-05-22")  # day 181
    found = renewals(run)
    assert [(r["account"], r["product"], r["days_left"]) for r in found] == [
        ("Kan-code", "Platform", 0),
        ("Konex", "Support", 90),
    ]
    assert list(found[0]) == [
        *("id", "account", "account_id", "product", "product_id", "starts_on", "ends_on"),
        *("days_left", "window", "amount", "currency", "recurring", "renewal", "renewal_id"),
    ]
    far = renewals(run, "--days", "181")
    assert [(r["days_left"], r["window"]) for r in far] == [(0, 30), (90, 90), (181, None)]
    assert [r["days_left"] for r in renewals(run, "--days", "0")] == [0]
    assert [r["amount"] for r in renewals(run, "--account", "konex")] == [2000]
    line = run("purchase", "renewals", "--account", "konex").out.rstrip("\n").split("\t")
    assert line[1:] == ["Konex", "Support", "2027-02-20", "90", "2000.00", "EUR", ""]
    assert run("purchase", "renewals", "--columns", "days_left").out == "0\n90\n"


@pytest.mark.parametrize("columns", [20, 40, 80, 200])
def test_a_terminal_has_the_windows_with_who_sees_to_each_term(run: Program, columns: int) -> None:
    bought(run, "kan", "1k", "--product", "support", "--ends", "2026-12-01")
    bought(run, "konex", "2k EUR", "--product", "platform", "--ends", "2027-02-20")
    bought(run, "konex", "3k EUR", "--ends", "2027-12-20")
    run("deal", "add", "konex", "Renewal 2027", "--type", "renewal", "--product", "platform")
    words = ("purchase", "renewals", "--days", "400", "-f", "table")
    drawn = run(*words, env={"COLUMNS": str(columns)}).out
    lines = drawn.splitlines()
    assert max(map(len, lines)) <= columns
    flat = " ".join(drawn.split())
    for part in ("Within 30 days", "Within 90 days", "Later", "no renewal deal !"):
        assert part in flat
    if columns >= 80:
        assert lines[0] == "Within 30 days  1 term, 1 without a deal"
        assert "Platform · deal Renewal 2027" in flat


def test_only_the_latest_term_of_a_product_counts(run: Program) -> None:
    bought(run, "kan", "1k", "--product", "support", "--ends", "2026-12-31")
    bought(run, "kan", "1k", "--product", "platform", "--ends", "2026-12-30")
    assert [r["product"] for r in renewals(run)] == ["Platform", "Support"]
    bought(run, "kan", "1k", "--product", "support", "--ends", "2027-12-31")
    assert [r["product"] for r in renewals(run)] == ["Platform"]


def test_each_term_has_the_deal_that_renews_it(run: Program) -> None:
    for product in ("support", "platform"):
        bought(run, "kan", "1k", "--product", product, "--ends", "2026-12-31")
    assert [r["renewal"] for r in renewals(run)] == [None, None]
    run("deal", "add", "kan", "Renewal 2027", "--type", "renewal")
    run("deal", "add", "kan", "More", "--type", "upsell", "--product", "support")
    run("deal", "add", "konex", "Their renewal", "--type", "renewal")
    assert [r["renewal"] for r in renewals(run)] == ["Renewal 2027", "Renewal 2027"]
    run("deal", "add", "kan", "Platform again", "--type", "renewal", "--product", "platform")
    assert {r["product"]: r["renewal"] for r in renewals(run)} == {
        "Support": "Renewal 2027",
        "Platform": "Platform again",
    }
    run("deal", "win", "renewal 2027")
    run("deal", "lose", "platform again", "--reason", "Price")
    assert [r["renewal"] for r in renewals(run)] == [None, None]


def test_renewals_that_are_asked_for_wrongly(run: Program) -> None:
    column = run("purchase", "renewals", "--columns", "days_lft")
    assert column.code == 2
    assert "Did you mean days_left?" in column.err
    assert run("purchase", "renewals", "--days", "-1").code == 2


def test_a_notice_that_is_no_number_is_shown_as_it_stands(run: Program, book: Path) -> None:
    run("account", "add", "Acme")
    run("purchase", "add", "acme", "SGD 100", "--notice-days", "30")
    change(book, "UPDATE purchase SET notice_days = -1")
    (id,) = run("purchase", "list", "-f", "ids").out.split()
    shown = run("purchase", "show", id, "-f", "md")
    assert (shown.code, "-1" in shown.out) == (0, True)


def test_the_day_that_was_meant_is_named(run: Program) -> None:
    run("account", "add", "Acme")
    done = run("purchase", "add", "acme", "USD 100", "--on", "3 oct")
    assert done.err == "Added purchase for Acme, 100 USD, purchased on Sat 3 Oct.\n"
    (id,) = run("purchase", "list", "-f", "ids").out.split()
    edited = run("purchase", "edit", id, "--on", "fri")
    assert "(Fri 20 Nov)" in edited.err
    assert "(" not in run("purchase", "edit", id, "--on", "today").err
