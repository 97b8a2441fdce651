from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acctcli import model, text
from acctcli.model import KINDS, Field
from acctcli.render import tables
from acctcli.render.theme import View
from acctcli.results import Table

TODAY = date(2026, 11, 22)
ACCOUNTS = KINDS["account"].fields
DEALS = KINDS["deal"].fields


def table(kind: str, rows: Sequence[Mapping[str, Any]], names: Sequence[str], **more: Any) -> Table:
    fields = {**KINDS[kind].fields, **more.pop("fields", {})}
    short = {row["id"]: row["id"][-4:] for row in rows if "id" in row}
    return Table(kind, f"{kind}s", fields, rows, names, names, short, today=TODAY, **more)


def drawn(listed: Table, width: int = 80, **view: bool) -> list[str]:
    lines, _ = tables.draw_what_fits(listed, View(width, TODAY, **view))
    return "".join(lines).splitlines()


def deal(**values: Any) -> dict[str, Any]:
    row = {"id": "0000-3f9a", "title": "Platform", "amount": 12_000_000, "currency": "SGD"}
    return {**row, "close_date": "2026-12-15", "closed_on": None, **values}


def test_a_table_is_columns_without_frames() -> None:
    rows = [
        {"id": "x1", "number": "A-0001", "name": "GreenTech Ltd", "employees": 1200},
        {"id": "x2", "number": "A-0002", "name": "Kan-code", "employees": 40},
    ]
    assert drawn(table("account", rows, ("number", "name", "employees"))) == [
        "number  name           employees",
        "A-0001  GreenTech Ltd      1,200",
        "A-0002  Kan-code              40",
    ]


def test_ids_are_short() -> None:
    assert drawn(table("deal", [deal()], ("id", "title"))) == ["id    title", "3f9a  Platform"]


def test_one_currency_stands_in_the_header() -> None:
    rows = [deal(), deal(amount=500_00), deal(amount=None, currency=None)]
    assert drawn(table("deal", rows, ("title", "amount", "currency"))) == [
        "title     amount SGD",
        "Platform     120,000",
        "Platform         500",
        "Platform",
    ]


def test_several_currencies_stand_in_the_cells() -> None:
    rows = [deal(), deal(amount=9_800_000, currency="JPY")]
    assert drawn(table("deal", rows, ("title", "amount", "currency"))) == [
        "title            amount",
        "Platform    120,000 SGD",
        "Platform  9,800,000 JPY",
    ]


def test_decimals_stand_below_each_other_as_soon_as_there_are_some() -> None:
    rows = [deal(), deal(amount=1050), deal(amount=-50)]
    assert drawn(table("deal", rows, ("title", "amount"))) == [
        "title     amount SGD",
        "Platform  120,000.00",
        "Platform       10.50",
        "Platform       -0.50",
    ]


def test_what_is_overdue_has_a_sign_and_a_colour() -> None:
    rows = [
        deal(close_date="2026-11-20"),
        deal(close_date="2026-11-20", closed_on="2026-11-20"),
        deal(close_date="2026-11-22"),
    ]
    listed = table("deal", rows, ("title", "close_date"))
    assert drawn(listed) == [
        "title     close date",
        "Platform  Fri 20 Nov !",
        "Platform  Fri 20 Nov",
        "Platform  today",
    ]
    assert "\x1b[1;31mFri 20 Nov !\x1b[0m" in drawn(listed, color=True)[1]


def test_values_are_said_for_people() -> None:
    names = ("name", "primary", "emails", "last_touch", "since", "notes")
    row = {
        "id": "x",
        "name": "Mei",
        "primary": 1,
        "emails": ("a@b.c", "d@e.f"),
        "last_touch": "2026-11-16T10:30:00Z",
        "since": "2020-03-01",
        "notes": "one\ntwo",
    }
    assert drawn(table("contact", [row, {**row, "primary": 0}], names), 120) == [
        "name  primary  emails        last touch  since       notes",
        "Mei   yes      a@b.c, d@e.f  6 days      1 Mar 2020  one ↵ two",
        "Mei   \u2013        a@b.c, d@e.f  6 days      1 Mar 2020  one ↵ two",
    ]


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        (model.PERCENT, 60, "60 %"),
        (model.NUMBER, 1.5, "1.5"),
        (model.NUMBER, 3.0, "3"),
        (model.MINUTES, 90, "1h30m"),
        (model.MOMENT, "2026-11-20T14:30:00Z", "Fri 20 Nov"),
    ],
)
def test_numbers_and_moments(kind: str, value: Any, said: str) -> None:
    listed = table(
        "account", [{"id": "x", "f": value}], ("f",), fields={"f": Field(kind, "", name="f")}
    )
    assert drawn(listed)[1].strip() == said


def test_phones_are_grouped_as_in_their_country() -> None:
    rows = [{"id": "x1", "name": "Mei", "phone": "+6560000103", "phones": ["+493012345678"]}]
    fields = {**ACCOUNTS, "phones": KINDS["contact"].fields["phones"]}
    assert drawn(table("account", rows, ("name", "phone", "phones"), fields=fields))[1] == (
        "Mei   +65 6000 0103  +49 30 12345678"
    )


def test_without_a_today_days_are_iso() -> None:
    listed = table("deal", [deal()], ("title", "close_date")).replace(today=None)
    assert drawn(listed)[1] == "Platform  2026-12-15"


def test_columns_without_any_value_are_left_out_unless_they_are_asked_for() -> None:
    listed = table("account", [{"id": "x", "name": "Konex", "tier": None}], ("name", "tier"))
    assert drawn(listed) == ["name", "Konex"]
    asked = "".join(tables.draw(listed, ("name", "tier"), View(80, TODAY))).splitlines()
    assert asked == ["name   tier", "Konex"]


LONG = {
    "id": "x",
    "number": "A-0001",
    "name": "Very Long Holding GmbH & Co. KG Deutschland",
    "tier": "strategic",
    "status": "customer",
    "industry": "semiconductors and everything around them",
    "last_touch": "2026-11-16T10:30:00Z",
}
NAMES = ("number", "name", "tier", "status", "industry", "last_touch")


def test_descriptions_and_names_are_clipped_words_known_by_heart_never() -> None:
    assert drawn(table("account", [LONG], NAMES), 80) == [
        "number  name                      tier       status    industry      last touch",
        "A-0001  Very Long Holding GmbH…   strategic  customer  semiconduct…  6 days",
    ]


def test_rows_without_a_name_are_known_by_their_account() -> None:
    fields = {
        "account": Field(model.REF, "the account", name="account", target="account"),
        "last": Field(model.TEXT, "what was said last", name="last"),
        "next": Field(model.TEXT, "what is next", name="next"),
    }
    row = {"id": "1", "account": "Pacific Trading House of Rotterdam", "last": "x" * 60}
    rows = [{**row, "next": "y" * 60}]
    table = Table("due review", "due reviews", fields, rows, list(fields), list(fields), {})
    assert drawn(table, 80)[1].startswith("Pacific Trading House of Rotterdam  xxx")


TASK = {"id": "1-3f9a", "due": "2026-11-20", "done_at": None, "owed_by": "us"}
PLACED = {
    **TASK,
    "account": "Tessaline Semiconductor",
    "text": "Send the review deck to Farah, " * 3,
}


def test_the_account_is_cut_after_the_title_and_what_describes() -> None:
    names = ("id", "account", "title", "amount", "closes")
    account = "Tessaline Semiconductor Pte Ltd"
    row = deal(account=account, title="Cleanroom sensors bundle, second fab", closes="2026-12-15")
    assert drawn(table("deal", [row], names), 80) == [
        "id    account                          title             amount SGD  closes",
        "3f9a  Tessaline Semiconductor Pte Ltd  Cleanroom senso…     120,000  Tue 15 Dec",
    ]
    # The title keeps enough to be distinct, then the account is cut too.
    assert drawn(table("deal", [row], names), 70)[1] == (
        "3f9a  Tessaline Semiconduct…  Cleanroom senso…     120,000  Tue 15 Dec"
    )
    assert drawn(table("task", [PLACED], ("id", "due", "account", "text", "owed_by")), 80)[1] == (
        "3f9a  Fri 20 Nov !  Tessaline Semico…  Send the review deck to Farah,…   us"
    )


def test_where_nothing_is_left_to_leave_out_names_are_squeezed() -> None:
    names = ("id", "purchased_on", "account", "product", "amount", "ends_on")
    row: dict[str, Any] = {
        "id": "1-3f9a",
        "purchased_on": "2026-11-07",
        "account": "Tessaline Semiconductor",
    }
    row |= {"product": "Tidewright Edge Gateway", "amount": 510_000_000, "currency": "JPY"}
    row |= {"ends_on": "2027-11-07"}
    other = {**row, "currency": "SGD", "ends_on": "2028-11-07"}
    lines = drawn(table("purchase", [row, other], names), 80)
    assert max(map(len, lines)) <= 80
    assert lines[1].split()[:1] == ["3f9a"]
    assert "Tessaline" in lines[1]
    assert "Tidewright" in lines[1]


def test_where_there_is_no_room_descriptions_go_the_rightmost_first() -> None:
    lines, left_out = tables.draw_what_fits(table("account", [LONG], NAMES), View(60, TODAY))
    assert left_out == ["status", "industry"]
    assert max(map(len, "".join(lines).splitlines())) <= 60


def test_a_very_narrow_terminal_gets_lines_and_loses_nothing() -> None:
    lines = drawn(table("account", [LONG, {**LONG, "tier": None}], NAMES), 20)
    assert lines[:7] == [
        "number: A-0001",
        "name: Very Long Holding GmbH & Co. KG Deutschland",
        "tier: strategic",
        "status: customer",
        "industry: semiconductors and everything around them",
        "last touch: 6 days",
        "",
    ]
    assert len(lines) == 12


def test_columns_that_are_asked_for_become_lines_rather_than_go() -> None:
    lines = "".join(tables.draw(table("account", [LONG], NAMES), NAMES, View(40, TODAY)))
    assert lines.count("\n") == len(NAMES)
    assert "semiconductors and everything around them" in lines


def test_wide_letters_stay_aligned() -> None:
    rows = [{"id": "x", "name": name, "tier": "key"} for name in ("佐藤健一", "Zoë 👩‍🔬", "Kan")]
    lines = drawn(table("account", rows, ("name", "tier")))
    assert {text.width(line.removesuffix("key")) for line in lines[1:]} == {10}


def test_hostile_names_are_shown_as_typed_or_escaped() -> None:
    name = "\x1b[31mRed\u202e[/bold]:100:\n"
    lines = drawn(table("account", [{"id": "x", "name": name}], ("name",)))
    assert lines == ["name", "\\x1b[31mRed\\u202e[/bold]:100: ↵"]


def test_a_terminal_without_unicode_stays_aligned() -> None:
    rows = [{"id": "x", "name": "Café", "tier": "key"}, {"id": "y", "name": "Kan", "tier": "key"}]
    assert drawn(table("account", rows, ("name", "tier")), unicode=False) == [
        "name     tier",
        "Caf\\xe9  key",
        "Kan      key",
    ]


names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)


@given(
    st.lists(st.tuples(names, names, st.sampled_from(["key", "smb"])), min_size=1),
    st.integers(1, 200),
)
def test_no_line_of_columns_is_wider_than_the_terminal(
    found: list[tuple[str, str, str]], width: int
) -> None:
    rows = [{"id": "x", "name": a, "industry": b, "tier": c} for a, b, c in found]
    listed = table("account", rows, ("name", "industry", "tier"))
    lines = drawn(listed, width)
    if not lines[0].startswith("name:"):
        assert max(map(text.width, lines)) <= width
    assert not any("\x1b" in line for line in lines)


# Markdown


def test_markdown_escapes_what_it_would_read_and_keeps_days_machine_readable() -> None:
    rows = [deal(title="a|b \\ *c* <script>"), deal(title="[x](y)", close_date=None)]
    names = ("id", "title", "amount", "currency", "close_date")
    assert list(tables.markdown(table("deal", rows, names), names)) == [
        "| id | title | amount SGD | close date |\n",
        "| --- | --- | ---: | --- |\n",
        "| 3f9a | a\\|b \\\\ \\*c\\* \\<script> | 120,000 | 2026-12-15 |\n",
        "| 3f9a | \\[x](y) | 120,000 |  |\n",
    ]


@given(names)
def test_a_cell_of_markdown_is_one_cell(name: str) -> None:
    row = list(
        tables.markdown(table("account", [{"id": "x", "name": name}], ("name",)), ("name",))
    )[2]
    assert row.count("\n") == 1
    unescaped = row.replace("\\\\", "").replace("\\|", "")
    assert unescaped.count("|") == 2


def test_lists_are_drawn_without_rich() -> None:
    code = "import sys, acctcli.render.tables; print('rich' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_a_list_of_deals_keeps_the_stage_at_80_columns() -> None:
    long = {"account": "Tessaline Semiconductor Pte Ltd", "account_id": "a"}
    rows = [
        deal(id="0000-3f9a", title="Warehouses 5 and 6 in Penang", stage="negotiation", **long),
        deal(id="0000-3f9b", currency="JPY", amount=9_800_000, stage="needs-analysis", **long),
    ]
    lines, hidden = tables.draw_what_fits(table("deal", rows, KINDS["deal"].table), View(80, TODAY))
    shown = "".join(lines)
    assert "stage" not in hidden
    assert "needs-analysis" in shown
    assert all(text.width(line) <= 80 for line in shown.splitlines())
