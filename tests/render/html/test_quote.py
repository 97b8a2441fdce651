"""A quote as a document: the seller's words, and nothing that runs or is fetched."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.cli.quoting import FIRST, deal  # noqa: F401 - a fixture
from tests.commands import do
from tests.conftest import Program
from tests.render.test_html import HOSTILE, Parsed

from acctcli import text

pytestmark = pytest.mark.usefixtures("deal")


def document(run: Program) -> str:
    made = run("quote", "show", FIRST, "--html", "-")
    assert made.code == 0, made.err
    return made.out


def test_a_document_has_the_words_of_the_seller(run: Program, tmp_path: Path) -> None:
    logo = tmp_path / "logo.png"
    logo.write_bytes(b"\x89PNG\r\n\x1a\nrest")
    do(
        run,
        ("config", "set", "quote.sender", "Kim & Co"),
        ("config", "set", "quote.terms", "Payable in 30 days"),
        ("config", "set", "quote.logo", str(logo)),
        ("deal", "quote", "rollout", "--tax", "9", "--contact", "mei"),
    )
    markup = document(run)
    words = Parsed(markup).words
    for said in ("Kim & Co", "Payable in 30 days", "Attention: Mei Tan", "29,789.70"):
        assert said in words
    assert "valid until 22 Dec 2026" in words
    assert "draft" in words
    assert 'src="data:image/png;base64,' in markup
    assert "img-src data:;" in markup
    assert re.findall(r"https?://", markup) == []


def test_a_document_of_a_sent_quote_has_its_day(run: Program) -> None:
    do(run, ("deal", "quote", "rollout"), ("quote", "send", FIRST, "--on", "yesterday"))
    words = Parsed(document(run)).words
    assert "21 Nov 2026" in words
    assert "draft" not in words


@pytest.mark.parametrize("payload", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_is_only_read(run: Program, payload: str) -> None:
    do(
        run,
        ("deal", "quote", "rollout", "--title", payload, "--intro", payload, "--terms", payload),
        ("quote", "edit", FIRST, "--sender", payload, "--recipient", payload),
        ("quote", "line", FIRST, "1", "--text", payload),
    )
    markup = document(run)
    parsed = Parsed(markup)
    assert not {"script", "img", "b"} & {element for element, _ in parsed.elements}
    assert " ".join(text.safe(payload).split()) in parsed.words
    assert text.safe(markup, newlines=True) == markup
    for _, attributes in parsed.elements:
        assert not any(name.startswith("on") for name in attributes)


def test_a_logo_that_is_gone_is_said(run: Program) -> None:
    do(run, ("config", "set", "quote.logo", "/nowhere/logo.png"), ("deal", "quote", "rollout"))
    refused = run("quote", "show", FIRST, "--html", "-")
    assert (refused.code, 'quote.logo "/nowhere/logo.png": No such file' in refused.err) == (
        4,
        True,
    )
    assert run("quote", "show", FIRST).code == 0
