"""The screen of the walk: it fits the window, and its foot names the keys."""

from __future__ import annotations

from datetime import date

import pytest

from acctcli import text
from acctcli.render import walk
from acctcli.render.theme import View
from acctcli.render.walk import Screen, ShownReason

TODAY = date(2026, 11, 22)
KEYS = ("l log", "d done", "s snooze", "n next step", "? help", "q quit")


def reason(says: str, mark: str = walk.OPEN) -> ShownReason:
    return ShownReason("promise", says, "acct task done 3fa2", mark)


def drawn(*reasons: ShownReason, width: int = 80, unicode: bool = True) -> list[str]:
    screen = Screen(2, 12, "GreenTech Ltd", "strategic", "greentech", reasons, KEYS)
    return walk.screen(screen, View(width, TODAY, unicode))


def test_the_account_its_reasons_and_the_keys() -> None:
    shown = drawn(
        reason("Send quote", walk.ANSWERED), reason("Call", walk.CURRENT), reason("Other")
    )
    assert shown == [
        "",
        "2 of 12 · GreenTech Ltd · strategic",
        "  ✓ Send quote",
        "  > Call",
        "    acct task done 3fa2",
        "    Other",
        "l log  d done  s snooze  n next step  ? help  q quit",
    ]
    assert drawn(reason("Send", walk.ANSWERED), unicode=False)[2] == "  x Send"


def test_a_snoozed_reason_has_no_tick() -> None:
    assert drawn(reason("Send quote", walk.SNOOZED))[2] == "    Snoozed: Send quote"


def test_a_long_list_of_reasons_stays_within_the_window(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINES", "24")
    shown = drawn(*(reason(f"Reason {number}") for number in range(40)))
    assert len(shown) <= 23
    assert shown[-2] == "    23 more: acct today --account greentech --all"


def test_a_command_wider_than_the_window_counts_as_the_lines_it_takes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LINES", "12")
    long = ShownReason("renewal", "Contract ends", "acct deal add " + "x" * 300, walk.CURRENT)
    shown = drawn(long, *(reason(f"Reason {number}") for number in range(9)))
    assert sum(-(-text.width(line) // 80) for line in shown) <= 12


@pytest.mark.parametrize("width", [20, 40, 80])
def test_no_line_is_wider_than_the_window(width: int) -> None:
    shown = drawn(reason("Send the phased quote — promised 佐藤健一, 2 days late"), width=width)
    assert max(map(text.width, shown)) <= width


def test_text_of_the_book_cannot_drive_the_terminal() -> None:
    assert "\x1b" not in "".join(drawn(reason("\x1b[31mRed")))
