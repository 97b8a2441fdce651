"""What somebody added in a message, without what it quotes."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator

import pytest

from acctcli.interop import mailtext

SAID = "we would like to order 50 seats."


@pytest.fixture
def without_library(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("bs4", "mailparser_reply", "mailparser_reply.constants"):
        monkeypatch.setitem(sys.modules, name, None)
    mailtext._marks.cache_clear()
    yield
    mailtext._marks.cache_clear()


@pytest.mark.parametrize(
    "text",
    [
        f"{SAID}\n\nOn Mon, 3 Nov 2026 at 10:12, Anna <a@b.sg> wrote:\n> Dear Mei\n> Anna",
        f"{SAID}\n\nOn Mon, 3 Nov 2026 at 10:12, Anna Berg-Somebody\n<a@b.sg> wrote:\n\n> Dear Mei",
        f"{SAID}\n\nAm 03.11.2026 um 10:00 schrieb Anna <a@b.sg>:\n> Liebe Mei",
        f"{SAID}\n\nLe lun. 3 nov. 2026 à 10:12, Anna <a@b.sg> a écrit :\n> Chère Mei",
        f"{SAID}\n\n-----Original Message-----\nFrom: Anna\nSent: Monday\nTo: Mei\n\nDear Mei",
        f"{SAID}\n\nFrom: Anna <a@b.sg>\nSent: Monday 3 November\nTo: Mei\nSubject: x\n\nDear Mei",
        f"On Mon, 3 Nov 2026, Anna <a@b.sg> wrote:\n> Dear Mei\n> Anna\n\n{SAID}",
        f"> Dear Mei\n\n{SAID}\n> Anna",
        f"{SAID}\n-- \nMei Tan\nCFO",
        f"{SAID}\n\nBest regards,\nMei Tan\nCFO, GreenTech",
        f"{SAID}\n\nMit freundlichen Grüßen\nMei",
        f"{SAID}\n\nSent from my iPhone\n\n> On 3 Nov 2026, at 10:12, Anna <a@b.sg> wrote:\n> x",
    ],
)
def test_quoted_mail_and_signatures_are_cut(text: str) -> None:
    assert mailtext.latest(text) == SAID


@pytest.mark.parametrize(
    "text",
    [
        f"Hi Anna,\n\nThanks, {SAID}\n\nMei",
        "Thank you,\nwe will order 50 seats next week.\n\nMei",
        "- one\n- two",
        "Forwarded:\nFrom here on",
        "---------- Forwarded message ---------\nFrom: A <a@b.sg>\nDate: Mon\nTo: y\n\ntext",
        "Best regards,\nMei",
    ],
)
def test_what_only_looks_like_it_stays(text: str) -> None:
    assert mailtext.latest(text) == text


def test_a_forwarded_message_is_cut_below_the_words_above_it() -> None:
    text = "For you.\n\n---------- Forwarded message ---------\nFrom: A <a@b.sg>\nDate: Mon\n\ntext"
    assert mailtext.latest(text) == "For you."


def test_without_the_library_the_standard_marks_count(without_library: None) -> None:
    assert not mailtext.has_library()
    quoted = f"{SAID}\n\nOn Monday 3, Anna wrote:\n> Dear Mei\n-- \nMei"
    assert mailtext.latest(quoted) == SAID
    assert mailtext.latest(f"{SAID}\n\nBest regards,\nMei") == f"{SAID}\n\nBest regards,\nMei"
    assert mailtext.without_markup("<p>Hi</p>") == ""


def test_flowing_lines_are_one_paragraph() -> None:
    assert mailtext.unfolded("one \ntwo\n three\n-- \nMei") == "one two\nthree\n-- \nMei"


def test_html_becomes_lines_and_loads_nothing() -> None:
    html = (
        "<html><head><title>x</title><style>p {}</style></head><body><!-- hidden -->"
        "<div>Hi <b>Anna</b>,</div><p>two&nbsp;lines<br>here</p><script>run()</script>"
        "<img src='https://track.example/1.gif'><table><tr><td>a</td><td>b</td></tr></table>"
        "<div class='gmail_quote'>old</div><blockquote type='cite'>older</blockquote></body></html>"
    )
    assert mailtext.without_markup(html) == "Hi Anna,\n\ntwo lines\nhere\n\na b"
    assert mailtext.without_markup("<blockquote type=cite>all of it</blockquote>") == "all of it"
    outlook = "<p>new</p><div id='divRplyFwdMsg'>From: x</div><p>old</p>"
    assert mailtext.without_markup(outlook) == "new"


def test_a_long_text_is_cut_and_says_so() -> None:
    text, cut = mailtext.bounded("x" * (mailtext.LONGEST + 1))
    assert (len(text), text[-1], cut) == (mailtext.LONGEST + 1, "…", True)
    assert mailtext.bounded("x" * mailtext.LONGEST) == ("x" * mailtext.LONGEST, False)


HOSTILE = (
    *("On ", "\n", "El ", "Thanks,\n", "Best regards\n", "From: a\n", "> On x wrote:\n", "-- \n"),
    *("_" * 40 + "\n", "mail ", "This e-mail is confidential. ", "\u200b\n", "--\nx\n"),
)


@pytest.mark.parametrize("piece", HOSTILE)
def test_no_text_takes_long(piece: str) -> None:
    began = time.process_time()
    mailtext.latest(piece * (1_000_000 // len(piece)))
    assert time.process_time() - began < 3


@pytest.mark.parametrize(
    "piece", ["<div>", "<a ", "<", "</", "<!--", "<![x]>", "<![CDATA[", "&amp", "<a x='>", "<?"]
)
def test_no_markup_takes_long(piece: str) -> None:
    began = time.process_time()
    mailtext.without_markup(piece * (1_000_000 // len(piece)))
    assert time.process_time() - began < 8
