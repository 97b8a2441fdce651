"""`acct deal item`: items are added, summed and removed."""

from __future__ import annotations

import pytest
from tests.cli.dealing import add, add_accounts, rollout, said, shown
from tests.conftest import Program
from tests.filling import filled_once


@pytest.fixture(autouse=True)
@filled_once
def accounts(run: Program) -> None:
    add_accounts(run)


@pytest.fixture
@filled_once
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
    assert twice.err.startswith('acct: "support" matches 2 items: ')
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


@pytest.mark.usefixtures("products")
def test_a_line_named_twice_is_taken_out_once(run: Program) -> None:
    rollout(run)
    run("deal", "item", "platform", "--add", "support", "--quantity", "3")
    (line,) = run("deal", "item", "platform", "-f", "json").json()
    done = run("deal", "item", "platform", "--remove", "support", "--remove", line["id"])
    assert said(done) == 'Took Support out of "Platform rollout".\n'
    assert run("deal", "item", "platform", "-f", "json").json() == []


def test_discounts_and_probabilities_may_have_decimals(run: Program) -> None:
    run("account", "add", "Decimal Ltd")
    run("product", "add", "Pump", "--price", "100 SGD")
    added = run("deal", "add", "decimal", "Big", "--probability", "12.5%", "-f", "json").json()
    assert added["probability"] == 12.5
    run("deal", "item", "big", "--add", "pump", "--quantity", "3", "--discount", "12.5")
    (item,) = run("deal", "show", "big", "-f", "json").json()["items"]
    assert (item["discount"], item["total"]) == (12.5, 262.5)
    whole = run("deal", "edit", "big", "--probability", "40", "-f", "json").json()
    assert repr(whole["probability"]) == "40"
    listed = run("deal", "list", "--where", "probability < 40.5", "-f", "ids").out
    assert listed.strip() == added["id"]
    refused = run("deal", "edit", "big", "--probability", "100.5")
    assert (refused.code, "is not between 0 and 100" in refused.err) == (4, True)
    assert run("undo").code == 0
    assert run("deal", "show", "big", "-f", "json").json()["probability"] == 12.5
