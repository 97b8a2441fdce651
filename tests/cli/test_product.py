"""The commands of `acct product`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Program
from tests.filling import filled_once

Json = dict[str, Any]


@pytest.fixture(autouse=True)
@filled_once
def products(run: Program) -> None:
    run("product", "add", "GTX Pro", "--family", "GTX", "--price", "4,821 USD")
    run("product", "add", "Support", "--family", "Service", "--price", "12k", "--currency", "EUR")


def names(run: Program, *words: str) -> list[str]:
    done = run("product", "list", "--columns", "name", *words)
    assert done.code == 0, done.err
    return done.out.splitlines()


def shown(run: Program, name: str) -> Json:
    done = run("product", "show", name, "-f", "json")
    assert done.code == 0, done.err
    record: Json = done.json()
    return record


def test_add_says_what_and_for_how_much(run: Program) -> None:
    done = run("product", "add", "Gold", "--price", "1500 JPY")
    assert (done.code, done.err) == (0, "Added product Gold, 1,500 JPY.\n")
    assert shown(run, "gold")["id"].endswith(done.out.strip())
    assert run("product", "add", "Silver").err == "Added product Silver.\n"
    assert shown(run, "silver")["active"] is True


def test_add_as_json(run: Program) -> None:
    record = run("product", "add", "Gold", "--price", "0.50", "--no-active", "-f", "json").json()
    assert list(record) == [
        *("id", "name", "family", "price", "currency", "active", "notice_days"),
        *("created_at", "updated_at"),
    ]
    assert (record["price"], record["currency"], record["active"]) == (0.5, "USD", False)


def test_a_second_one_of_the_same_name_must_be_meant(run: Program) -> None:
    done = run("product", "add", "gtx  PRO")
    assert (done.code, done.out) == (4, "")
    assert done.err.startswith("acct: GTX Pro (")
    assert done.err.endswith("already has the name gtx  PRO. To keep both: --duplicate\n")
    assert run("product", "add", "gtx  PRO", "--duplicate").code == 0
    assert run("product", "edit", "support", "--name", "GTX Pro").code == 4


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ((), ["GTX Pro", "Support"]),
        (("--family", "gtx"), ["GTX Pro"]),
        (("--sort", "-price"), ["Support", "GTX Pro"]),
        (("--where", "price > 5000"), ["Support"]),
        (("--active", "no"), []),
    ],
)
def test_list(run: Program, words: tuple[str, ...], found: list[str]) -> None:
    assert names(run, *words) == found


def test_show_tells_who_has_it_and_who_may(run: Program) -> None:
    run("account", "add", "Kan-code")
    for title, more in (("Main", ["--product", "gtx"]), ("Line", []), ("Other", [])):
        run("deal", "add", "kan", title, *more)
    run("deal", "item", "line", "--add", "gtx")
    run("deal", "add", "kan", "Over", "--product", "gtx", "--stage", "won")
    run("purchase", "add", "kan", "4,821 USD", "--product", "gtx")
    found = shown(run, "gtx")
    assert {deal["title"] for deal in found["open_deals"]} == {"Main", "Line"}
    assert [purchase["account"] for purchase in found["purchases"]] == ["Kan-code"]
    page = run("product", "show", "gtx").out.splitlines()
    assert page[0].split() == ["GTX", "Pro", "GTX"]
    assert page[1].split() == ["price", "4,821", "USD"]


def test_edit_one_and_several(run: Program) -> None:
    done = run("product", "edit", "gtx", "--price", "4,999")
    assert (done.code, done.err) == (0, "Changed price of GTX Pro (4,999 USD).\n")
    assert shown(run, "gtx")["price"] == 4999
    ids = run("product", "list", "-f", "ids").out
    assert run("product", "edit", "-", "--no-active", input=ids).code == 0
    assert names(run, "--where", "active = yes") == []
    run("undo")
    assert names(run, "--where", "active = yes") == ["GTX Pro", "Support"]
    assert run("product", "edit", "gtx", "--name", "").code == 4


def test_a_product_that_is_in_use_stays(run: Program) -> None:
    run("account", "add", "Kan-code")
    run("deal", "add", "kan", "Main", "--product", "gtx")
    for _ in range(2):
        run("deal", "item", "main", "--add", "gtx")
    run("purchase", "add", "kan", "5k", "--product", "gtx")
    done = run("product", "delete", "support", "gtx pro", "--yes")
    assert (done.code, done.out) == (4, "")
    assert done.err == (
        "acct: GTX Pro is used by 1 deal, 2 items and 1 purchase. "
        "To discontinue it instead: acct product edit 'GTX Pro' --no-active\n"
    )
    assert names(run) == ["GTX Pro", "Support"]


def test_delete_and_undo(run: Program) -> None:
    done = run("product", "delete", "support", "--yes")
    assert (done.code, done.err) == (0, "Deleted Support. To undo: acct undo\n")
    assert names(run) == ["GTX Pro"]
    run("undo")
    assert names(run) == ["GTX Pro", "Support"]


def test_names_that_nothing_answers_to(run: Program) -> None:
    done = run("product", "show", "suport")
    assert done.code == 3
    assert done.err.startswith('acct: no product "suport". Did you mean Support (')


def test_a_product_of_nearly_the_same_name_is_named(run: Program, tmp_path: Path) -> None:
    assert "Similar product: GTX Pro." in run("product", "add", "GTXPro").err
    file = tmp_path / "products.csv"
    file.write_text("Product,Price\nGTX-Pro,5 EUR\n")
    assert "GTX-Pro was added. Similar: GTX Pro and GTXPro" in run("import", file).err
