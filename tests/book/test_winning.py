"""The consequences of a won deal: a customer, and purchases that renew contracts."""

from __future__ import annotations

from typing import Any

import pytest
from tests.conftest import Program
from tests.filling import filled_once


@pytest.fixture
@filled_once
def account(run: Program) -> None:
    """A prospect with a deal, and two products."""
    for words in (
        ["account", "add", "Acme", "--status", "prospect"],
        ["product", "add", "Seats"],
        ["product", "add", "Training"],
    ):
        assert run(*words).code == 0


def deal(run: Program, title: str = "Rollout", *words: str) -> None:
    assert run("deal", "add", "acme", title, "--amount", "SGD 12,000", *words).code == 0


def purchases(run: Program) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = run("purchase", "list", "--sort", "id", "-f", "json").json()
    return rows


def status(run: Program) -> str:
    return str(run("account", "show", "acme", "-f", "json").json()["status"])


@pytest.mark.usefixtures("account")
def test_who_buys_becomes_a_customer_in_the_same_undo(run: Program) -> None:
    deal(run)
    done = run("deal", "win", "rollout", "--purchase")
    assert (done.code, done.err) == (
        0,
        'Won "Rollout", 12,000 SGD, from prospecting on its first day. Acme is now a customer. '
        "Recorded purchase: 12,000 SGD.\n",
    )
    (one,) = purchases(run)
    assert (one["amount"], one["currency"], one["recurring"]) == (12000, "SGD", "none")
    assert (one["deal"], one["purchased_on"]) == ("Rollout", "2026-11-22")
    assert status(run) == "customer"
    assert run("undo").code == 0
    assert (purchases(run), status(run)) == ([], "prospect")


@pytest.mark.usefixtures("account")
def test_a_script_records_nothing_unless_it_says_so(run: Program) -> None:
    deal(run)
    assert run("deal", "win", "rollout", "--keep-status").code == 0
    assert purchases(run) == []
    assert status(run) == "prospect"
    deal(run, "Second")
    assert run("deal", "win", "second", "--no-purchase").code == 0
    assert purchases(run) == []


@pytest.mark.usefixtures("account")
def test_a_term_makes_it_a_contract(run: Program) -> None:
    deal(run, "Rollout", "--product", "seats")
    words = ("--recurring", "yearly", "--starts", "2027-01-01")
    done = run("deal", "win", "rollout", *words)
    assert done.err.endswith(
        "Recorded purchase: Seats, 12,000 SGD a year, Fri 1 Jan to 31 Dec 2027.\n"
    )
    deal(run, "Second")
    both = run("deal", "win", "second", "--no-purchase", *words)
    assert both.code == 2
    deal(run, "Third")
    assert run("deal", "edit", "third", "--amount", "").code == 0
    bare = run("deal", "win", "third", "--purchase")
    assert bare.code == 4
    assert 'acct: "Third" has no amount to record. Give it with --amount' in bare.err


@pytest.mark.usefixtures("account")
def test_items_are_recorded_where_they_add_up_to_the_amount(run: Program) -> None:
    deal(run)
    run("deal", "item", "rollout", "--add", "seats", "--quantity", "10", "--unit-price", "1000")
    run("deal", "item", "rollout", "--add", "training", "--quantity", "1", "--unit-price", "2000")
    done = run("deal", "win", "rollout", "--purchase")
    assert "Recorded 2 purchases: Seats, 10,000 SGD and Training, 2,000 SGD." in done.err
    assert [(one["product"], one["quantity"]) for one in purchases(run)] == [
        ("Seats", 10),
        ("Training", 1),
    ]
    deal(run, "Other")
    run("deal", "item", "other", "--add", "seats", "--quantity", "10", "--unit-price", "900")
    run("deal", "win", "other", "--purchase")
    assert [one["amount"] for one in purchases(run)] == [10000, 2000, 12000]


def contract(run: Program, product: str, ends: str = "2026-12-31") -> str:
    term = ("--starts", "2026-01-01", "--ends", ends, "--on", "2026-01-01")
    words = ("purchase", "add", "acme", "SGD 10,000", "--recurring", "yearly", *term)
    done = run(*words, "--product", product, "-f", "json")
    assert done.code == 0, done.err
    return str(done.json()["id"])


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize(
    ("words", "term"),
    [
        (("--until", "1y"), ("2027-01-01", "2027-12-31")),
        (("--until", "+18 months"), ("2027-01-01", "2028-06-30")),
        (("--until", "1y", "--starts", "2027-03-01"), ("2027-03-01", "2028-02-29")),
        (("--until", "2027-06-30"), ("2027-01-01", "2027-06-30")),
    ],
)
def test_a_length_counts_from_the_start_of_the_term_that_is_won(
    run: Program, words: tuple[str, ...], term: tuple[str, str]
) -> None:
    contract(run, "seats")
    deal(run, "Renewal 2027", "--type", "renewal")
    assert run("deal", "win", "renewal 2027", *words).code == 0
    (_, new) = purchases(run)
    assert (new["starts_on"], new["ends_on"]) == term


@pytest.mark.usefixtures("account")
def test_a_length_without_a_contract_before_counts_from_the_day_it_was_won(run: Program) -> None:
    deal(run)
    words = ("--recurring", "yearly", "--until", "2y", "--on", "2026-11-20")
    assert "Fri 20 Nov to 19 Nov 2028" in run("deal", "win", "rollout", *words).err


@pytest.mark.usefixtures("account")
def test_a_renewal_deal_renews_its_contract(run: Program) -> None:
    first = contract(run, "seats")
    deal(run, "Renewal 2027", "--type", "renewal")
    done = run("deal", "win", "renewal 2027", "--purchase")
    assert "Recorded purchase: 12,000 SGD a year, Fri 1 Jan to 31 Dec 2027." in done.err
    (_, new) = purchases(run)
    assert (new["renews_id"], new["recurring"]) == (first, "yearly")
    assert run("purchase", "renewals", "-f", "json").json() == []


@pytest.mark.usefixtures("account")
def test_a_deal_is_recorded_once_and_says_what_stays(run: Program) -> None:
    deal(run)
    run("deal", "win", "rollout", "--purchase")
    (bought,) = purchases(run)
    stays = '"Rollout" is not won, but its purchase still counts. To delete it: acct purchase '
    stays += f"delete {bought['id'][-4:]}"
    assert stays in run("deal", "reopen", "rollout").err
    assert stays in run("deal", "move", "rollout", "negotiation").err
    again = run("deal", "win", "rollout", "--amount", "15k", "--purchase").err
    assert '"Rollout" (12,000 SGD) was recorded before, and nothing was added.' in again
    assert f"{stays}\n" in run("deal", "edit", "rollout", "--set", "stage=negotiation").err
    assert purchases(run) == [bought]
    run("purchase", "add", "acme", "SGD 500", "--deal", "rollout")
    lost = run("deal", "reopen", "rollout").err
    assert '"Rollout" is not won, but its 2 purchases still count. To delete them: acct ' in lost
    assert run("deal", "win", "rollout").err.count("\n") == 1


@pytest.mark.usefixtures("account")
def test_each_item_renews_the_contract_of_its_product(run: Program) -> None:
    seats, training = contract(run, "seats"), contract(run, "training", "2027-01-31")
    deal(run, "Renewal 2027", "--type", "renewal")
    for product, price in (("seats", "9000"), ("training", "3000")):
        run("deal", "item", "renewal 2027", "--add", product, "--unit-price", price)
    assert run("deal", "win", "renewal 2027", "--purchase").code == 0
    found = {one["product"]: one for one in purchases(run)[2:]}
    assert found["Seats"]["renews_id"] == seats
    assert found["Training"]["renews_id"] == training
    assert found["Training"]["starts_on"] == "2027-02-01"


@pytest.mark.usefixtures("account")
def test_two_contracts_of_a_product_are_joined(run: Program) -> None:
    contract(run, "seats")
    contract(run, "seats", "2026-12-15")
    deal(run, "Renewal 2027", "--type", "renewal", "--product", "seats")
    assert run("deal", "win", "renewal 2027", "--purchase").code == 0
    assert purchases(run)[-1]["starts_on"] == "2026-12-16"
    assert run("purchase", "renewals", "-f", "json").json() == []


@pytest.mark.usefixtures("account")
def test_a_renewal_that_is_won_keeps_the_notice_period_and_what_silence_means(run: Program) -> None:
    first = contract(run, "seats")
    assert run("purchase", "edit", first, "--notice-days", "60", "--auto-renews").code == 0
    deal(run, "Renewal 2027", "--type", "renewal")
    assert run("deal", "win", "renewal 2027", "--purchase").code == 0
    (_, new) = purchases(run)
    assert (new["renews_id"], new["notice_days"], new["auto_renews"]) == (first, 60, True)


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize("door", ["win", "renew"])
@pytest.mark.parametrize(
    ("began", "starts"),
    [
        ("2023-01-01", "2027-01-01"),  # it renewed itself for three years
        ("2023-11-01", "2026-11-01"),  # and again three weeks ago
    ],
)
def test_what_renewed_itself_is_renewed_from_its_next_term_on(
    run: Program, door: str, began: str, starts: str
) -> None:
    term = ("--starts", began, "--ends", "1y", "--auto-renews")
    words = ("purchase", "add", "acme", "SGD 10,000", "--recurring", "yearly", *term)
    first = run(*words, "-f", "json").json()["id"]
    if door == "win":
        deal(run, "Renewal 2027", "--type", "renewal")
        assert run("deal", "win", "renewal 2027", "--purchase").code == 0
    else:
        assert run("purchase", "renew", first).code == 0
    (found,) = (one for one in purchases(run) if one["renews_id"] == first)
    assert found["starts_on"] == starts
