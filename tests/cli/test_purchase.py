"""The commands of `acct purchase`: purchases, contracts and renewals."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.books import change
from tests.conftest import Program
from tests.filling import filled_once

Json = dict[str, Any]


@pytest.fixture(autouse=True)
@filled_once
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
            "Added purchase Support for Kan-code, 36,000 SGD a year, term today to 21 Nov 2027.\n",
        ),
        (
            ("kan", "1k", "--recurring", "monthly", "--on", "2026-01-15"),
            "Added purchase for Kan-code, 1,000 USD a month, 12,000 USD a year, "
            "purchased on 15 Jan 2026, term 15 Jan 2026 to 14 Feb 2026.\n",
        ),
        (
            ("kan", "1k", "--ends", "2026-12-31"),
            "Added purchase for Kan-code, 1,000 USD, until Thu 31 Dec.\n",
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


@pytest.mark.parametrize(
    ("words", "term"),
    [
        (("--starts", "2027-03-01", "--ends", "1y"), ("2027-03-01", "2028-02-29")),
        (("--starts", "2026-03-01", "--ends", "12m"), ("2026-03-01", "2027-02-28")),
        (("--starts", "2027-01-31", "--ends", "+6 months"), ("2027-01-31", "2027-07-30")),
        (("--starts", "2027-03-01", "--set", "ends_on=2y"), ("2027-03-01", "2029-02-28")),
        (("--on", "2026-10-05", "--ends", "1y"), (None, "2027-10-04")),
        (("--on", "2026-10-05", "--recurring", "yearly", "--ends", "2y"), ("2026-10-05",) * 2),
        (("--ends", "1y"), (None, "2027-11-21")),
        # What says how far a day is from today does.
        (("--starts", "2026-03-01", "--ends", "in 1y"), ("2026-03-01", "2027-11-22")),
        (("--starts", "2026-03-01", "--ends", "2027-02-14"), ("2026-03-01", "2027-02-14")),
        (("--starts", "2026-03-01", "--ends", "Q1 2027"), ("2026-03-01", "2027-03-31")),
    ],
)
def test_a_length_counts_from_the_start_of_the_term(
    run: Program, words: tuple[str, ...], term: tuple[str | None, str]
) -> None:
    record = bought(run, "kan", "1k", *words)
    if "2y" in words:
        term = ("2026-10-05", "2028-10-04")
    assert (record["starts_on"], record["ends_on"]) == term


def test_an_edit_counts_a_length_from_the_start_that_stands_or_is_given(run: Program) -> None:
    one = bought(run, "kan", "1k", "--starts", "2026-03-01", "--ends", "1y")["id"]
    two = bought(run, "konex", "1k", "--starts", "2026-06-01", "--ends", "1y")["id"]
    assert run("purchase", "edit", one, two, "--ends", "18 months").code == 0
    assert {row["ends_on"] for row in run("purchase", "list", "-f", "json").json()} == {
        *("2027-08-31", "2027-11-30"),
    }
    done = run("purchase", "edit", one, "--ends", "1y", "--starts", "2027-03-01")
    assert "ends on: 29 Feb 2028" in done.err
    # With a sign it moves the end that stands, as everywhere.
    assert run("purchase", "edit", one, "--ends", "+1m").code == 0
    assert run("purchase", "show", one, "-f", "json").json()["ends_on"] == "2028-03-29"


def test_an_import_counts_a_length_from_the_start_of_its_row(run: Program, tmp_path: Path) -> None:
    file = tmp_path / "contracts.csv"
    file.write_text(
        "account,amount,starts_on,ends_on\nKan-code,1000,2027-03-01,1y\nKonex,2000,2026-01-15,1y\n"
    )
    assert run("import", file, "--as", "purchase").code == 0
    assert {row["ends_on"] for row in run("purchase", "list", "-f", "json").json()} == {
        *("2028-02-29", "2027-01-14"),
    }
    file.write_text("account,amount,ends_on\nKan-code,1000,1y\n")
    done = run("import", file, "--as", "purchase")
    assert done.code != 0
    assert "is a length, and its first day is not known" in done.err


def test_the_answer_shows_a_yearly_sum_that_was_typed_as_a_monthly_one(run: Program) -> None:
    term = ("--starts", "2026-12-01", "--ends", "1y")
    done = run("purchase", "add", "kan", "18k", "--recurring", "monthly", *term)
    assert done.err == (
        "Added purchase for Kan-code, 18,000 USD a month, 216,000 USD a year, "
        "term Tue 1 Dec to 30 Nov 2027.\n"
    )
    tail = done.out.strip()
    done = run("purchase", "edit", tail, "--recurring", "yearly")
    assert done.err.endswith("It is now 18,000 USD a year, Tue 1 Dec to 30 Nov 2027.\n")
    assert "It is now" not in run("purchase", "edit", tail, "--reconciled").err
    done = run("purchase", "edit", tail, "--ends", "3y")
    assert "18,000 USD for 36 months, 6,000 USD a year" in done.err


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
    more = {"renewal": None, "renewal_id": None, "standing": "running"}
    assert found == {**record, **more, "arr": 36000, "notice_by": None}
    page = run("purchase", "show", record["id"], env={"COLUMNS": "60"}).out.splitlines()
    beside = f"Kan-code · {record['id'][-4:]}"
    assert page[0] == f"Support{beside:>53}"
    assert [line.split(maxsplit=1) for line in page[1:]] == [
        ["amount", "36,000 USD"],
        ["bought", "today"],
        ["term", "today to 21 Nov 2027"],
        ["recurring", "yearly"],
        ["standing", "running"],
        ["a", "year      36,000 USD"],
        ["reconciled", "no"],
    ]


def test_edit_moves_a_term_that_was_made(run: Program) -> None:
    record = bought(run, "kan", "36k", "--recurring", "yearly")
    done = run("purchase", "edit", record["id"], "--starts", "2026-12-01")
    assert (done.code, done.err) == (
        0,
        "Changed starts on, ends on of the purchase of Kan-code, 2026-11-22 "
        "(starts on: Tue 1 Dec). It is now 36,000 USD a year, Tue 1 Dec to 30 Nov 2027.\n",
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
    assert [(r["account"], r["product"], r["days_left"], r["standing"]) for r in found] == [
        ("Kan-code", "Support", -1, "lapsed"),
        ("Kan-code", "Platform", 0, "due"),
        ("Konex", "Support", 90, "running"),
    ]
    assert list(found[0]) == [
        *("id", "account", "account_id", "product", "product_id", "starts_on", "ends_on"),
        *("notice_by", "days_left", "window", "standing", "amount", "currency", "arr"),
        *("recurring", "auto_renews", "renewal", "renewal_id"),
    ]
    far = renewals(run, "--days", "181")
    assert [(r["days_left"], r["window"]) for r in far] == [
        *((-1, 30), (0, 30), (90, 90), (181, None)),
    ]
    assert [r["days_left"] for r in renewals(run, "--days", "0")] == [-1, 0]
    assert [r["amount"] for r in renewals(run, "--account", "konex")] == [2000]
    assert [r["days_left"] for r in renewals(run, "--limit", "1", "--offset", "1")] == [0]
    line = run("purchase", "renewals", "--account", "konex").out.rstrip("\n").split("\t")
    assert line[1:] == ["Konex", "Support", "2027-02-20", "90", "running", "2000.00", "EUR", ""]
    assert run("purchase", "renewals", "--columns", "days_left").out == "-1\n0\n90\n"


def test_renewals_show_the_day_that_the_days_count_to(run: Program) -> None:
    bought(run, "kan", "9k", "--ends", "2027-01-31", "--notice-days", "30")
    bought(run, "konex", "8k", "--ends", "2026-12-31", "--notice-days", "90")
    page = " ".join(run("purchase", "renewals", "-f", "table", env={"COLUMNS": "120"}).out.split())
    assert "Fri 1 Jan 40 days Kan-code" in page
    assert "notice by then, ends Sun 31 Jan" in page
    assert "Thu 31 Dec 39 days Konex" in page
    assert "notice was possible until Fri 2 Oct" in page


def test_a_contract_that_lapsed_stays_until_it_is_renewed_or_dismissed(run: Program) -> None:
    for account in ("kan", "konex", "greentech"):
        term = ("--starts", "2025-01-01", "--ends", "2026-05-06", "--on", "2025-01-01")
        bought(run, account, "90k", *term)
    ids = [row["id"] for row in renewals(run)]
    assert [row["days_left"] for row in renewals(run)] == [-200] * 3
    assert len(run("today", "-f", "json").json()) == 3
    drawn = run("purchase", "renewals", "-f", "table", env={"COLUMNS": "80"}).out
    assert drawn.startswith("Lapsed  3 contracts, 3 without a deal")
    assert "200 days ago" in drawn
    assert run("purchase", "renew", ids[0]).code == 0
    assert run("purchase", "edit", ids[1], "--lapsed-ok").code == 0
    assert [row["id"] for row in renewals(run)] == [ids[2]]
    (row,) = renewals(run)
    assert run("account", "edit", row["account_id"], "--status", "former").code == 0
    assert renewals(run) == []
    assert run("today", "-f", "json").json() == []
    done = run("purchase", "renewals", "-f", "table")
    assert done.out == ""
    assert done.err == "No contracts lapsed, and none end in the next 180 days.\n"


# renew


def test_renew_follows_the_contract_and_names_it(run: Program) -> None:
    term = ("--starts", "2025-02-17", "--ends", "2027-02-16", "--recurring", "yearly")
    more = ("--product", "support", "--quantity", "20", "--notice-days", "60", "--on", "2025-02-01")
    record = bought(run, "kan", "45k", *term, *more)
    done = run("purchase", "renew", record["id"], "--amount", "+3k", "-f", "json")
    assert (done.code, done.err) == (
        0,
        "Renewed Support of Kan-code: 48,000 USD for 24 months, 24,000 USD a year "
        "(was 45,000 USD for 24 months, 22,500 USD a year), Wed 17 Feb to 16 Feb 2029.\n",
    )
    new = done.json()
    kept = ("account", "product", "quantity", "currency", "recurring", "notice_days")
    assert {name: new[name] for name in kept} == {name: record[name] for name in kept}
    assert (new["renews_id"], new["renews"]) == (record["id"], "Support")
    assert (new["purchased_on"], new["amount"]) == ("2026-11-22", 48000)
    again = run("purchase", "renew", record["id"])
    assert again.code == 4
    assert again.err == (
        f"acct: Support of Kan-code was renewed from Wed 17 Feb 2027 on ({new['id'][-4:]})\n"
    )
    assert run("undo").code == 0
    own = ("--starts", "2027-03-01", "--until", "2027-12-31")
    assert run("purchase", "renew", record["id"], *own).code == 0
    (latest, _) = run("purchase", "list", "-f", "json").json()
    assert (latest["starts_on"], latest["ends_on"]) == ("2027-03-01", "2027-12-31")


@pytest.mark.parametrize(
    ("words", "term"),
    [
        (("--until", "1y"), ("2027-02-17", "2028-02-16")),
        (("--until", "6 months"), ("2027-02-17", "2027-08-16")),
        (("--until", "+2y"), ("2027-02-17", "2029-02-16")),
        (("--starts", "2027-03-01", "--until", "1y"), ("2027-03-01", "2028-02-29")),
        (("--starts", "+2w"), ("2027-03-03", "2028-03-02")),
        (("--until", "2027-12-31"), ("2027-02-17", "2027-12-31")),
    ],
)
def test_renew_for_a_length_counts_from_the_start_of_the_new_term(
    run: Program, words: tuple[str, ...], term: tuple[str, str]
) -> None:
    old = bought(run, "kan", "45k", "--starts", "2026-02-17", "--ends", "2027-02-16")
    done = run("purchase", "renew", old["id"], *words, "-f", "json")
    assert (done.json()["starts_on"], done.json()["ends_on"]) == term


def test_renew_says_what_is_left_to_do_and_what_it_cannot(run: Program) -> None:
    one = bought(run, "kan", "1k", "--ends", "2026-12-31")
    other = bought(run, "konex", "2k", "--ends", "2026-12-31")
    run("deal", "add", "kan", "Renewal 2027", "--type", "renewal")
    both = run("purchase", "renew", one["id"], other["id"], "--amount", "3k")
    assert both.code == 2
    assert "--amount is for one contract" in both.err
    both = run("purchase", "renew", one["id"], other["id"])
    assert (both.code, len(both.out.splitlines())) == (0, 2)
    assert both.err.endswith('The renewal deal "Renewal 2027" is still open.\n')
    once = bought(run, "kan", "1k", "--product", "support")
    done = run("purchase", "renew", once["id"])
    assert done.code == 4
    assert "has no end, so there is nothing to renew" in done.err
    ended = run(
        "purchase",
        "renew",
        bought(run, "kan", "1k", "--ends", "2026-12-31")["id"],
        "--until",
        "2026-12-01",
    )
    assert ended.code == 4


def test_a_purchase_says_what_it_renews_and_can_stand_alone(run: Program) -> None:
    term = ("--product", "support", "--recurring", "yearly")
    bought(run, "kan", "1k", *term, "--on", "2025-12-01", "--starts", "2025-12-01")
    add_on = ("purchase", "add", "kan", "2k", *term, "--starts", "2026-11-01")
    beside = run(*add_on, "--renews", "None")
    assert "renews" not in beside.err
    assert run("undo").code == 0
    done = run(*add_on)
    tail = done.out.strip()
    assert done.err.endswith(
        "It renews the contract that ends Mon 30 Nov. "
        f"To run beside: acct purchase edit {tail} --renews none\n"
    )
    assert renewals(run) == []
    assert run("purchase", "edit", tail, "--renews", "none").code == 0
    assert [row["ends_on"] for row in renewals(run)] == ["2026-11-30"]
    page = run("purchase", "show", tail, "-f", "json").json()
    assert (page["standalone"], page["renews_id"]) == (True, None)
    (first,) = [row["id"] for row in renewals(run)]
    assert run("purchase", "edit", tail, "--renews", first).code == 0
    page = run("purchase", "show", tail, "-f", "json").json()
    assert (page["standalone"], page["renews_id"]) == (False, first)


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
        assert lines[0] == "Within 30 days  1 contract, 1 without a deal"
        assert "Platform · deal Renewal 2027" in flat


def test_only_what_is_not_renewed_counts(run: Program) -> None:
    bought(run, "kan", "1k", "--product", "support", "--ends", "2026-12-31")
    bought(run, "kan", "1k", "--product", "platform", "--ends", "2026-12-30")
    assert [r["product"] for r in renewals(run)] == ["Platform", "Support"]
    later = ("--starts", "2027-01-01", "--ends", "2027-12-31")
    bought(run, "kan", "1k", "--product", "support", *later)
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


# A renewal that closes late, or was lost


def test_a_renewal_deal_that_closes_after_its_contract_is_said(run: Program) -> None:
    term = ("--starts", "2026-02-17", "--ends", "1y", "--recurring", "yearly")
    bought(run, "kan", "45k", *term, "--product", "support")
    late = "The Support contract ends Tue 16 Feb, 28 days before the deal closes: "
    late += "it would lapse in between.\n"
    words = ("deal", "add", "kan", "Renewal 2027", "--type", "renewal", "--close")
    done = run(*words, "2027-03-16")
    assert (done.code, done.err.endswith(f" {late}")) == (0, True)
    page = run("purchase", "renewals", "-f", "table", env={"COLUMNS": "120"}).out
    assert "deal Renewal 2027 · closes Tue 16 Mar, after it ends" in " ".join(page.split())
    assert "lapse" not in run("deal", "edit", "renewal 2027", "--close", "2027-02-16").err
    assert "after it ends" not in run("purchase", "renewals", "-f", "table").out
    assert run("deal", "edit", "renewal 2027", "--close", "+4w").err.endswith(f" {late}")
    # Another deal closes in time, so that this one is not what renews it.
    run(*words[:3], "Early", "--type", "renewal", "--close", "2027-02-01")
    assert "lapse" not in run("deal", "edit", "renewal 2027", "--close", "+4w").err
    # New business may close when it likes.
    assert "lapse" not in run("deal", "add", "kan", "More", "--close", "2027-03-16").err


def test_a_contract_whose_renewal_was_lost_counts_no_longer_than_its_term(run: Program) -> None:
    term = ("--starts", "2025-11-20", "--ends", "1y", "--recurring", "yearly")
    id = bought(run, "kan", "45k", *term)["id"]

    def arr() -> Any:
        return [one["arr"] for one in run("report", "retention", "-f", "json").json()["cohorts"]]

    run("deal", "add", "kan", "Renewal 2027", "--type", "renewal")
    assert arr() == [45000]
    assert run("deal", "lose", "renewal 2027", "--reason", "Price").code == 0
    assert arr() == [0]
    (line,) = run("today", "-f", "json").json()
    assert line["reason"].endswith("its renewal was lost")
    assert line["command"] == f"acct purchase edit {id[-4:]} --lapsed-ok"
    page = run("purchase", "renewals", "-f", "table", env={"COLUMNS": "120"}).out
    assert "renewal lost" in page


def test_the_renewal_forecast_expects_nothing_of_a_renewal_that_was_lost(run: Program) -> None:
    bought(run, "kan", "45k", "--starts", "2026-01-15", "--ends", "1y", "--recurring", "yearly")
    run("deal", "add", "kan", "Renewal 2027", "--type", "renewal")
    (before,) = run("report", "renewals", "-f", "json").json()["contracts"]
    assert (before["lost"], before["expected"] > 0) == (False, True)
    run("deal", "lose", "renewal 2027", "--reason", "Price")
    (after,) = run("report", "renewals", "-f", "json").json()["contracts"]
    assert (after["lost"], after["chance"], after["expected"]) == (True, 0, 0)
    assert "renewal lost" in run("report", "renewals", "-f", "table").out


def test_renew_says_which_add_on_of_the_product_ends_that_day_too(run: Program) -> None:
    term = ("--ends", "2027-02-16", "--product", "support", "--recurring", "yearly")
    main = bought(run, "kan", "45k", "--starts", "2026-02-17", *term)["id"]
    beside = bought(run, "kan", "9k", "--starts", "2026-08-17", *term, "--renews", "none")["id"]
    said = f"It does not renew what else ends on that day: Support 9,000 USD ({beside[-4:]}).\n"
    assert run("purchase", "renew", main).err.endswith(said)
    run("undo")
    assert "does not renew" not in run("purchase", "renew", main, beside).err


def test_an_import_says_what_monthly_purchases_come_to_a_year(run: Program, tmp_path: Path) -> None:
    file = tmp_path / "seats.csv"
    file.write_text(
        "account,amount,currency,recurring,starts_on\n"
        "Kan-code,1000,EUR,monthly,2026-11-01\nKonex,18000,EUR,monthly,2026-11-01\n"
        "Konex,500,EUR,yearly,2026-11-01\n"
    )
    said = "2 purchases recur monthly, for 19,000 EUR a month, 228,000 EUR a year"
    for more in (["--dry-run"], []):
        done = run("import", file, "--as", "purchase", *more)
        assert said in done.out + done.err


def test_a_deal_that_closes_after_a_contract_renewed_itself_is_said(run: Program) -> None:
    term = ("--starts", "2026-01-01", "--ends", "1y", "--recurring", "yearly", "--auto-renews")
    bought(run, "kan", "45k", *term)
    words = ("deal", "add", "kan", "Renewal 2027", "--type", "renewal", "--close", "2027-01-20")
    said = "The contract renews itself after Thu 31 Dec, 20 days before the deal closes.\n"
    assert run(*words).err.endswith(said)
