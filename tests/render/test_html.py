"""The HTML documents: valid, self-contained, complete, and safe against hostile texts."""

from __future__ import annotations

import json
import re
import shutil
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import jinja2
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.conftest import TODAY, Program
from tests.render.documents import DOCUMENTS

from acctcli import text
from acctcli.main import root
from acctcli.render import theme
from acctcli.render.html import document as html
from acctcli.render.html import svg

VOID = {"meta", "br", "link", "img", "input", "hr"}
FETCHING = {"src", "href", "srcset", "data", "action", "poster", "background", "xlink:href"}


class Parsed(HTMLParser):
    """A parsed document: its text, its elements, and whether each one is closed."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.said: list[str] = []
        self.feed(markup)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert "svg" in self.open, f"<{tag}/> closes itself in SVG only"
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.said.append(data)

    @property
    def words(self) -> str:
        """Return its text on one line."""
        return " ".join("".join(self.said).split())

    def named(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of all elements of a name."""
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture
def sample(sample_book: Path, tmp_path: Path) -> tuple[str, str]:
    """Return the options for a copy of the sample book."""
    return "--db", shutil.copy(sample_book, str(tmp_path / "sample.db"))


@pytest.fixture(params=DOCUMENTS)
def markup(request: pytest.FixtureRequest, run: Program, sample: tuple[str, str]) -> str:
    """Return the document of each page in turn."""
    made = run(*sample, *DOCUMENTS[request.param].words, "--html", "-")
    assert (made.code, made.err) == (0, "")
    return made.out


def test_every_command_that_writes_documents_is_known() -> None:
    found = {
        tuple(words.split())
        for words, command in root().every()
        if any("--html" in param.opts for param in command.params)
    }
    # The sample book has no quote: tests/render/html has tests of its own for its document.
    known = {document.words[:2] for document in DOCUMENTS.values()} | {("quote", "show")}
    assert found == known


def test_every_element_is_closed_and_named(markup: str) -> None:
    parsed = Parsed(markup)
    assert markup.startswith("<!doctype html>\n")
    assert parsed.named("html") == [{"lang": "en"}]
    assert len(parsed.named("title")) > 0
    assert len(parsed.named("h1")) == len(parsed.named("main")) == 1
    assert all(attributes.get("scope") in ("col", "row") for attributes in parsed.named("th"))
    drawings = [a for a in parsed.named("svg") if a.get("aria-hidden") != "true"]
    assert all(attributes["role"] == "img" for attributes in drawings)
    assert markup.count('role="img"><title>') == len(drawings)
    ids = [attributes["id"] for _, attributes in parsed.elements if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_nothing_is_fetched_and_nothing_runs(markup: str) -> None:
    parsed = Parsed(markup)
    names = {name for name, _ in parsed.elements}
    assert not names & {"script", "link", "img", "iframe", "object", "embed", "form", "a", "base"}
    for name, attributes in parsed.elements:
        assert not FETCHING & set(attributes), name
        assert not any(attribute.startswith("on") for attribute in attributes), name
    assert not re.search(r"https?://|//[a-z]|@import|url\(", markup)
    policies = [
        attributes["content"]
        for attributes in parsed.named("meta")
        if attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    assert len(policies) == 1
    assert str(policies[0]).startswith("default-src 'none';")


# Whether everything is there

ID = re.compile("_ids?$")

NOT_SAID = {
    *("id", "record", "code", "created_at", "updated_at", "currency", "kind", "direction", "at"),
    *("strongest", "owed_by", "supporters", "moved_on", "opened_on", "spoke_on"),
    # This is on a record's own page only.
    *("body", "outcome", "notes", "department", "linkedin", "category", "type", "deal"),
}
"""What no document has, or in other words; exceptions of one document are in `DOCUMENTS`."""

SAID_AS = {
    "country": theme.country,
    "role": lambda role: role.replace("-", " "),
    "annual_revenue": lambda amount: theme.short_amount(amount, "SGD"),
    "amount": lambda amount: theme.amount(amount, None),
    "before": lambda amount: theme.amount(amount, None),
    "last_touch": lambda moment: theme.ago(moment, date.fromisoformat(TODAY)),
}
"""How texts are printed that are not printed as they are, by their key."""


def facts(data: Any, left_out: set[str], key: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text, day and amount of a page as it should be printed, with its key."""
    match data:
        case dict():
            for name, value in data.items():
                if {name, f"{key}.{name}"}.isdisjoint(left_out) and not ID.search(name):
                    yield from facts(value, left_out, name)
        case list():
            for value in data:
                yield from facts(value, left_out, key)
        case str() if key in SAID_AS:
            yield key, SAID_AS[key](data)
        case str() if re.fullmatch(r"\d{4}-\d\d-\d\d", data):
            yield key, html.day(data)
        case str() if not re.fullmatch(r"[0-9.]+", data):
            yield key, " ".join(data.split())


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_fact_of_the_page_is_said(name: str, run: Program, sample: tuple[str, str]) -> None:
    words, not_said = DOCUMENTS[name].words, NOT_SAID | DOCUMENTS[name].not_said
    data = json.loads(run(*sample, *words, "-f", "json").out, parse_float=str)
    said = Parsed(run(*sample, *words, "--html", "-").out).words
    found = list(facts(data, not_said))
    assert len(found) > 10
    assert [fact for fact in found if fact[1] not in said] == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_book_in_which_next_to_nothing_is_known(name: str, run: Program) -> None:
    assert run("account", "add", "GreenTech").code == 0
    made = run(*DOCUMENTS[name].words, "--html", "-")
    assert made.code == 0, made.err
    assert Parsed(made.out).words


# Hostile texts

HOSTILE = {
    "script": "<script>alert(1)</script>",
    "attribute": "\"><img src=x onerror='alert(1)'>",
    "entity": "&lt;b&gt; &amp; </title></style></svg><!--",
    "template": "{{ 7 * 7 }} {% raw %} {# #}",
    "control": "\x1b[2J\x9b31m\x07\x7f\rover",
    "bidi": "inv\u202eoice\u2066exe\u2069\u200f\u200b\ufeff\U000e0041",
}


@pytest.mark.slow
@pytest.mark.parametrize("name", DOCUMENTS)
@pytest.mark.parametrize("payload", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_is_only_read(name: str, payload: str, run: Program) -> None:
    at = ("--account", "greentech")
    for words in (
        ("account", "add", "GreenTech", "--description", payload, "--industry", payload),
        ("account", "edit", "greentech", "--tag", payload, "--city", payload, "--owner", payload),
        ("contact", "add", f"Mei {payload}", *at, "--title", payload, "--stance", "champion"),
        ("deal", "add", "greentech", f"Roll {payload}", "--amount", "5 SGD", "--close", "today"),
        ("log", "call", "greentech", payload, "--with", "mei", "--at", "2026-11-20"),
        ("task", "add", "greentech", payload),
        ("product", "add", payload),
        ("purchase", "add", "greentech", "10 SGD", "--product", payload, "--recurring", "yearly"),
        ("review", "run", "greentech", "--summary", payload, "--risk", payload),
        ("account", "plan", "greentech", "--goal", payload, "--objective", payload),
        ("account", "edit", "greentech", "--name", f"GreenTech {payload}"),
    ):
        done = run(*words)
        assert done.code == 0, (words, done.err)
    made = run(*DOCUMENTS[name].words, "--html", "-")
    assert made.code == 0, made.err
    markup = made.out
    parsed = Parsed(markup)
    assert not {"script", "img", "b"} & {element for element, _ in parsed.elements}
    if DOCUMENTS[name].of_account:
        assert " ".join(text.safe(payload).split()) in parsed.words
    assert text.safe(markup, newlines=True) == markup
    for _, attributes in parsed.elements:
        assert not any(attribute.startswith("on") for attribute in attributes)


def test_a_name_that_is_missing_is_an_error_not_a_blank() -> None:
    environment = html.environment(date.fromisoformat(TODAY))
    with pytest.raises(jinja2.UndefinedError):
        environment.from_string("{{ data.nome }}").render(data={"name": "x"})


def test_every_template_is_sound() -> None:
    environment = html.environment(date.fromisoformat(TODAY))
    names = environment.list_templates()
    assert {"base.html", "macros.html", "style.css"} <= set(names)
    for name in names:
        environment.get_template(name)
        source, _, _ = environment.loader.get_source(environment, name)  # type: ignore[union-attr]
        assert "|safe" not in source


# Drawings

NUMBERS = st.floats(0, 1e12)
LABELS = st.text(max_size=12)


def drawn(markup: str) -> ET.Element:
    """A drawing read as XML, as strict as can be; control characters as a document has them."""
    return ET.fromstring(text.safe(str(markup), newlines=True))


def numbers_of(element: ET.Element) -> Iterator[float]:
    for one in element.iter():
        for name in ("x", "y", "width", "height", "cx", "cy", "x1", "y1"):
            if name in one.attrib:
                yield float(one.attrib[name])
        for point in one.attrib.get("points", "").replace(",", " ").split():
            yield float(point)


def title(element: ET.Element) -> str:
    return element[0].text or "" if element[0].tag == "title" else ""


@example(1.0, 1.0, "\U000e0100")
@given(NUMBERS, st.floats(1e-6, 1e12), LABELS)
def test_a_bar_fits_and_what_is_there_shows(value: float, most: float, says: str) -> None:
    bar = drawn(svg.bar(value, most, says))
    wide = float(bar[2].attrib["width"])
    assert 0 <= wide <= 100
    assert (wide > 0) == (value > 0)
    # In a document, a combining mark joins the sign before the title; alone it has none.
    assert title(bar) == text.safe(f">{says}", newlines=True).removeprefix(">")


@given(st.lists(st.tuples(LABELS, st.none() | NUMBERS), max_size=30), LABELS)
def test_lines_and_columns_stay_inside(points: list[svg.Point], says: str) -> None:
    for drawing in (svg.line(points, says), svg.columns(points, says)):
        element = drawn(drawing)
        _, _, wide, high = map(float, element.attrib["viewBox"].split())
        assert all(0 <= number <= max(wide, high) for number in numbers_of(element))
    values = [value for _, value in points]
    spark = drawn(svg.sparkline(values, says))
    assert bool(spark.findall("circle")) == any(value is not None for value in values)


def test_a_gap_breaks_the_line() -> None:
    line = drawn(svg.sparkline([1, 2, None, 5, None, 3, 4], "x"))
    assert len(line.findall("polyline")) == 2
    alone, end = line.findall("circle")
    assert (alone.attrib["cy"], end.attrib["cx"]) == ("3", "87")


@given(st.lists(st.tuples(LABELS, st.floats(0, 1e9), LABELS), min_size=1, max_size=4))
def test_a_stack_is_as_long_as_its_parts(parts: list[tuple[str, float, str]]) -> None:
    stack = drawn(svg.stack(parts, "x"))
    wide = sum(float(rect.attrib["width"]) for rect in stack.findall("rect"))
    assert wide <= 101
    assert len(stack.findall("rect")) == sum(value > 0 for _, value, _ in parts)


def test_a_heat_map_says_each_figure() -> None:
    rows = [("call", [0, 3, 12], "15"), ('mail <"&>', [1, 0, 0], "1")]
    heat = drawn(svg.heat(rows, ["week 1", "week 2", "week 3"], "calls and mails"))
    cells = [(rect.attrib["class"], title(rect)) for rect in heat.findall("rect")]
    assert cells == [
        ("level-0", "call, week 1: 0"),
        ("level-2", "call, week 2: 3"),
        ("level-4", "call, week 3: 12"),
        ("level-1", 'mail <"&>, week 1: 1'),
        ("level-0", 'mail <"&>, week 2: 0'),
        ("level-0", 'mail <"&>, week 3: 0'),
    ]
    assert [one.text for one in heat.findall("text")] == [
        *("call", "3", "12", "15"),
        *('mail <"&>', "1", "1"),
    ]


def test_an_account_with_contacts_is_not_said_to_have_none(
    run: Program, sample: tuple[str, str]
) -> None:
    page = run(*sample, "account", "show", "greentech", "--html", "-").out
    people = page.partition(">People<")[2].partition("</section>")[0]
    assert "no contacts" not in people
    assert re.search(r">missing</span>\s+champion", people)
