"""The output of `--html` in a real browser: no errors, dark and light, printed.

Each page of the sample book is loaded by `file://`. The browser records whatever the page would
load or complain about, so that "nothing is fetched" is observed and not only claimed.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.conftest import Program
from tests.promises import browser
from tests.promises.browser import A4, Browser
from tests.render.documents import DOCUMENTS

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(browser.PROGRAM is None, reason="chromium is missing"),
]

WHITE = 255, 255, 255

CONTRAST = """
(() => {
  const parts = color => color.match(/[0-9.]+/g).map(Number);
  const light = color => {
    const [r, g, b] = parts(color).map(v => v / 255)
      .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = node => {
    for (; node; node = node.parentElement) {
      const color = getComputedStyle(node).backgroundColor;
      if (!/, 0\\)$/.test(color)) return color;
    }
    return "rgb(255, 255, 255)";
  };
  let least = 21;
  for (const node of document.querySelectorAll("body *:not(svg, svg *)")) {
    if (![...node.childNodes].some(one => one.nodeType === 3 && one.data.trim())) continue;
    const [a, b] = [light(getComputedStyle(node).color), light(ground(node))].sort((x, y) => x - y);
    least = Math.min(least, (b + 0.05) / (a + 0.05));
  }
  return least;
})()
"""
"""The least contrast of any text with what is behind it, as WCAG counts it."""


@pytest.fixture(scope="module")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One browser for all pages."""
    with browser.started(tmp_path_factory.mktemp("browser")) as started:
        yield started


def sample_page(run: Program, book: Path, folder: Path, name: str) -> Path:
    """The file of a document of the sample book."""
    file = folder / f"{name}.html"
    made = run("--db", book, *DOCUMENTS[name].words, "--html", file)
    assert made.code == 0, made.err
    return file


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_page_is_shown_as_it_should(
    name: str, tab: Browser, run: Program, sample_book: Path, tmp_path: Path
) -> None:
    file = sample_page(run, sample_book, tmp_path, name)
    tab.show(file)
    assert (tab.loads, tab.faults) == ([file.as_uri()], [])
    assert len(tab.value("document.querySelector('h1').innerText")) > 3
    assert tab.value("document.compatMode") == "CSS1Compat"
    assert tab.pixel() == WHITE
    assert tab.value(CONTRAST) >= 4.5

    tab.prefer("dark")
    assert max(tab.pixel()) < 64
    assert tab.value(CONTRAST) >= 4.5

    for width in (800, 390):  # a small window, a phone
        tab.show(file, width=width)
        assert tab.value("document.documentElement.scrollWidth") <= width

    sheets = tab.printed()
    assert set(sheets) == {A4}
    assert len(sheets) <= DOCUMENTS[name].sheets


def test_dark_is_not_for_paper(
    tab: Browser, run: Program, sample_book: Path, tmp_path: Path
) -> None:
    tab.show(sample_page(run, sample_book, tmp_path, "brief"))
    tab.prefer("dark", media="print")
    assert tab.pixel() == WHITE
    assert tab.value(CONTRAST) >= 4.5


HOSTILE = (
    "<script>document.title='ran'</script>\"><img src=x onerror=\"document.title='ran'\">"
    "<svg onload=document.title='ran'><style>*{display:none}</style></title></svg><base href=x:>"
)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_hostile_name_does_nothing(name: str, tab: Browser, run: Program, tmp_path: Path) -> None:
    called, file = f"GreenTech {HOSTILE}", tmp_path / "page.html"
    for words in (
        ("account", "add", called, "--description", HOSTILE, "--tag", HOSTILE, "--owner", HOSTILE),
        ("contact", "add", HOSTILE, "--account", "greentech", "--title", HOSTILE),
        (*DOCUMENTS[name].words, "--html", str(file)),
    ):
        done = run(*words)
        assert done.code == 0, done.err
    tab.show(file)
    assert (tab.loads, tab.faults) == ([file.as_uri()], [])
    assert tab.value("document.title") != "ran"
    assert tab.value("document.querySelectorAll('script, img, base, body style').length") == 0
    if DOCUMENTS[name].of_account:
        assert tab.value("document.querySelector('h1').innerText") == " ".join(called.split())


def test_the_policy_stops_what_would_slip_through(
    tab: Browser, run: Program, sample_book: Path, tmp_path: Path
) -> None:
    file = sample_page(run, sample_book, tmp_path, "brief")
    more = "<script>document.title = 'ran'</script><img src='http://localhost:1/x'></body>"
    file.write_text(file.read_text("utf-8").replace("</body>", more), "utf-8")
    tab.show(file)
    assert tab.value("document.title") != "ran"
    assert len(tab.faults) == 2
    assert all("Content Security Policy" in fault for fault in tab.faults)


PIXEL = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
"""A picture of one pixel."""


def test_a_quote_is_shown_with_its_logo_and_printed_on_one_sheet(
    tab: Browser, run: Program, tmp_path: Path
) -> None:
    logo, file = tmp_path / "logo.png", tmp_path / "quote.html"
    logo.write_bytes(PIXEL)
    for words in (
        ("account", "add", "GreenTech", "--street", "18 Tuas Crescent", "--city", "Singapore"),
        ("deal", "add", "greentech", f"Rollout {HOSTILE}", "--amount", "SGD 1,234,567.89"),
        ("config", "set", "quote.logo", str(logo)),
        ("config", "set", "quote.sender", f"Kim {HOSTILE}"),
        ("deal", "quote", "rollout", "--tax", "7.7", "--terms", f"30 days\n{HOSTILE}"),
        ("quote", "line", "Q-2026-0001", "1", "--recurring", "yearly", "--starts", "2027-01-01"),
        ("quote", "show", "Q-2026-0001", "--html", str(file)),
    ):
        done = run(*words)
        assert done.code == 0, done.err
    tab.show(file)
    embedded = f"data:image/png;base64,{b64encode(PIXEL).decode()}"
    assert (tab.loads, tab.faults) == ([file.as_uri(), embedded], [])
    assert tab.value("document.title") != "ran"
    assert tab.value("document.querySelectorAll('script, base, body style').length") == 0
    assert tab.value("document.images.length") == 1
    assert tab.value("document.images[0].naturalWidth") == 1
    assert "1,329,629.62" in tab.value("document.body.innerText")
    assert tab.value(CONTRAST) >= 4.5
    tab.prefer("dark")
    assert tab.value(CONTRAST) >= 4.5
    for width in (800, 390):
        tab.show(file, width=width)
        assert tab.value("document.documentElement.scrollWidth") <= width
    assert tab.printed() == [A4]
