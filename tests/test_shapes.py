"""The shapes of pages: each page has its shape, and no start pays for shapes."""

from __future__ import annotations

import ast
import contextlib
import io
import json
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints, is_typeddict
from unittest import mock

import pytest
from tests.store.sync import clashing

import acctcli
from acctcli.main import run
from acctcli.model import KINDS
from acctcli.render import emit
from acctcli.results import Page, Table
from acctcli.shapes import records
from acctcli.shapes.account import AccountPage, EventJson, GroupEventJson
from acctcli.shapes.activity import ActivityPage
from acctcli.shapes.brief import BriefPage
from acctcli.shapes.campaign import CampaignMemberJson, CampaignPage, CampaignsPage
from acctcli.shapes.deal import BoardPage, DealPage, MovementRow
from acctcli.shapes.forecast import ForecastPage
from acctcli.shapes.groups import FamiliesPage, FamilyTreeJson
from acctcli.shapes.health import HealthPage, HealthRow
from acctcli.shapes.importing import ImportPage
from acctcli.shapes.log import LogPage
from acctcli.shapes.merging import AccountPairRow, ContactPairRow, MergePage
from acctcli.shapes.people import CardPage, ContactPage, MapPage
from acctcli.shapes.performance import PerformancePage
from acctcli.shapes.pipeline import PipelinePage
from acctcli.shapes.plan import PlanPage
from acctcli.shapes.playbook import PlaybookPage, PlaybookRow
from acctcli.shapes.product import ProductPage
from acctcli.shapes.purchase import PurchasePage, RenewalRow
from acctcli.shapes.quality import QualityPage
from acctcli.shapes.quote import QuotePage
from acctcli.shapes.reconcile import ReconcilePage
from acctcli.shapes.renewals import RenewalsPage
from acctcli.shapes.retention import RetentionPage
from acctcli.shapes.review import DueReviewRow, ReviewPage
from acctcli.shapes.score import ScorePage, ScoreRow
from acctcli.shapes.segments import AccountSegmentRow, ContactSegmentRow, DealSegmentRow
from acctcli.shapes.sources import SourcesPage
from acctcli.shapes.sync import ConflictRow, SyncedJson, SyncStatusPage
from acctcli.shapes.today import AgendaLineJson, TodayPage
from acctcli.shapes.week import WeekPage
from acctcli.shapes.whitespace import WhitespacePage
from acctcli.shapes.winloss import WinLossPage
from acctcli.values.fields import columns_of

SOURCE = Path(acctcli.__file__).parent

ROOMS = {"book", "render", "values"}
"""Packages that use shapes: those that write and draw pages, and `values` for periods."""

NAMES = ("greentech ltd", "A-0002", "A-0005", "A-0009")
"""Accounts of the sample book: one with everything, and some without."""

DEALS = ("platform rollout", "Resort maintenance desk", "Platform for claims")

KINDS_OF_RECORDS = {
    "AccountJson": "account",
    "ContactJson": "contact",
    "WholeContactJson": "contact",
    "LogJson": "log",
    "WholeLogJson": "log",
    "TaskJson": "task",
    "DealJson": "deal",
    "WholeDealJson": "deal",
    "ItemJson": "item",
    "PurchaseJson": "purchase",
    "WholePurchaseJson": "purchase",
    "ProductJson": "product",
    "ReviewJson": "review",
    "ObjectiveJson": "objective",
    "CampaignJson": "campaign",
    "QuoteJson": "quote",
    "QuoteLineJson": "quote_line",
}

PAGES: Sequence[tuple[Any, tuple[str, ...]]] = [
    *((AccountPage, ("account", "show", name)) for name in NAMES),
    *((BriefPage, ("review", "brief", name)) for name in NAMES),
    *((HealthPage, ("review", "health", name)) for name in NAMES),
    *((MapPage, ("contact", "map", name)) for name in NAMES),
    *((PlanPage, ("account", "plan", name)) for name in NAMES),
    (BoardPage, ("deal", "board")),
    *((DealPage, ("deal", "show", title)) for title in DEALS),
    (ReviewPage, ("review", "show", "greentech ltd")),
    (FamiliesPage, ("account", "tree")),
    (FamilyTreeJson, ("account", "tree", "suria")),
    (WeekPage, ("report", "week")),
    (WeekPage, ("report", "week", "2026")),
    (TodayPage, ("today", "-f", "table")),
    (TodayPage, ("today", "-f", "table", "--all", "--explain")),
    (TodayPage, ("today", "-f", "table", "--tier", "strategic", "--owner", "Nobody")),
    (ForecastPage, ("deal", "forecast")),
    (ForecastPage, ("deal", "forecast", "--period", "all", "--by", "month")),
    (ForecastPage, ("deal", "forecast", "--period", "last quarter", "--by", "owner")),
    *((ContactPage, ("contact", "show", name)) for name in ("mei tan", "Wendy Sng")),
    (CardPage, ("contact", "show", "mei tan", "--qr")),
    (LogPage, ("log", "show", "{log}")),
    (ProductPage, ("product", "show", "tidewright platform")),
    (PurchasePage, ("purchase", "show", "{purchase}")),
    *((ScorePage, ("account", "score", name)) for name in NAMES),
    (MergePage, ("account", "merge", "A-0002", "A-0005", "--dry-run")),
    (MergePage, ("contact", "merge", "mei tan", "raj nair", "--dry-run")),
    (ActivityPage, ("report", "activity")),
    (PerformancePage, ("report", "performance")),
    *((PerformancePage, ("report", "performance", "--by", by)) for by in ("tier", "quarter")),
    (PipelinePage, ("report", "pipeline")),
    (PipelinePage, ("report", "pipeline", "--as-of", "2026-06-30")),
    (QualityPage, ("report", "quality")),
    (RetentionPage, ("report", "retention")),
    (RetentionPage, ("report", "retention", "--recurring", "--period", "2025")),
    (SourcesPage, ("report", "sources")),
    (SourcesPage, ("report", "sources", "--period", "2026")),
    (WhitespacePage, ("report", "whitespace")),
    (RenewalsPage, ("report", "renewals")),
    (CampaignPage, ("campaign", "show", "second sites")),
    (CampaignsPage, ("campaign", "report")),
    (WinLossPage, ("report", "winloss")),
    (ReconcilePage, ("purchase", "reconcile", "{statement}", "--dry-run")),
]
"""Shapes, with commands whose pages have them; `{log}` is the id of an interaction.

`{statement}` is a file of bank lines of which one pays a purchase.
"""

LISTS: Sequence[tuple[Any, tuple[str, ...]]] = [
    (HealthRow, ("review", "health")),
    (ScoreRow, ("account", "score")),
    (DueReviewRow, ("review", "due", "--within", "365")),
    (PlaybookRow, ("playbook", "list")),
    (CampaignMemberJson, ("campaign", "member", "second sites")),
    (AccountSegmentRow, ("account", "segments")),
    (ContactSegmentRow, ("contact", "segments")),
    (DealSegmentRow, ("deal", "segments")),
    (MovementRow, ("deal", "changes", "--since", "2026-01-01")),
    (RenewalRow, ("purchase", "renewals", "--days", "400")),
    (EventJson, ("account", "timeline", "greentech ltd")),
    (GroupEventJson, ("account", "timeline", "--group", "greentech ltd")),
    (AgendaLineJson, ("today", "-f", "json")),
    (AccountPairRow, ("account", "dupes", "--likeness", "30")),
    (ContactPairRow, ("contact", "dupes", "--likeness", "30")),
]
"""Shapes, with commands whose rows have them."""

BEFORE_LISTS = (
    ("playbook", "add", "--example", "onboarding"),
    ("playbook", "add", "--example", "renewal"),
    ("playbook", "run", "onboarding", "greentech ltd"),
    ("account", "list", "--tier", "key", "--save", "Best"),
    ("contact", "list", "--role", "champion", "--save", "Best"),
    ("deal", "list", "--open", "--save", "Best"),
    ("account", "add", "Greentech", "--duplicate"),
    ("contact", "add", "Mei Tan", "--account", "greentech ltd", "--duplicate"),
)
"""Commands without which some of these lists are empty."""


@contextlib.contextmanager
def results() -> Iterator[list[Page | Table]]:
    """Yield the pages and lists that commands return meanwhile."""
    found: list[Page | Table] = []

    def keep(result: object, output: object) -> None:
        if isinstance(result, Page | Table):
            found.append(result)

    with mock.patch.object(emit, "emit", keep), contextlib.redirect_stderr(io.StringIO()):
        yield found


def differences(shape: Any, value: Any, where: str = "page") -> Iterator[str]:
    """Yield what of a value does not match its shape, each with its place."""
    if is_typeddict(shape):
        yield from _in_object(shape, value, where)
        return
    origin, parts = get_origin(shape), get_args(shape)
    if shape is Any or shape is object:
        return
    if origin in (Union, UnionType):
        if not any(not list(differences(part, value, where)) for part in parts):
            ours = [part for part in parts if part is not NoneType]
            yield from differences(ours[0], value, where)
    elif origin is Literal:
        if value not in parts:
            yield f"{where}: {value!r} is none of {parts}"
    elif isinstance(origin, type) and issubclass(origin, Sequence):
        if not isinstance(value, list | tuple):
            yield f"{where}: {value!r} is no list"
            return
        for one in value:
            yield from differences(parts[0], one, f"{where}[]")
    elif isinstance(origin, type):
        if not isinstance(value, dict):
            yield f"{where}: {value!r} is no object"
            return
        for name, one in value.items():
            yield from differences(parts[1], one, f"{where}.{name}")
    elif shape is float:
        if not isinstance(value, int | float) or isinstance(value, bool):
            yield f"{where}: {value!r} is no number"
    elif not isinstance(value, shape) or (shape is int and isinstance(value, bool)):
        yield f"{where}: {value!r} is no {shape.__name__}"


def of_records(shape: Any) -> set[str]:
    """Return all keys of the record in a shape: shapes declare only those that pages read.

    At run time, a `TypedDict` does not know its bases, only their keys.
    """
    return {
        name
        for record, kind in KINDS_OF_RECORDS.items()
        if getattr(records, record).__required_keys__ <= shape.__required_keys__
        for name, _ in columns_of(KINDS[kind].fields, list(KINDS[kind].fields))
    }


def _in_object(shape: Any, value: Any, where: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{where}: {value!r} is no object"
        return
    hints = get_type_hints(shape)
    yield from (f"{where}.{name} is missing" for name in shape.__required_keys__ - value.keys())
    known = hints.keys() | of_records(shape)
    yield from (f"{where}.{name} is not in the shape" for name in value.keys() - known)
    for name in hints.keys() & value.keys():
        yield from differences(hints[name], value[name], f"{where}.{name}")


@pytest.mark.parametrize(
    ("shape", "words"), PAGES, ids=lambda one: " ".join(one) if isinstance(one, tuple) else ""
)
def test_a_page_is_of_its_shape(sample_book: Path, shape: Any, words: tuple[str, ...]) -> None:
    (page,) = results_of(sample_book, words)
    assert isinstance(page, Page)
    assert sorted(set(differences(shape, page.data))) == []


def results_of(book: Path, words: Sequence[str]) -> list[Page | Table]:
    """Run a command; `{kind}` among its words is replaced by the id of a record of that kind."""
    ids = {"statement": str(Path(__file__).parent / "data" / "statement.csv")}
    with contextlib.closing(sqlite3.connect(book)) as con:
        for kind in ("log", "purchase"):
            (ids[kind],) = con.execute(f"SELECT min(id) FROM {kind}").fetchone()
    with results() as found:
        assert run(["--db", str(book), *(word.format(**ids) for word in words)]) == 0
    return found


@pytest.mark.parametrize(
    ("shape", "words"), LISTS, ids=lambda one: " ".join(one) if isinstance(one, tuple) else ""
)
def test_the_rows_of_a_list_are_of_their_shape(
    sample_book: Path, tmp_path: Path, shape: Any, words: tuple[str, ...]
) -> None:
    book = tmp_path / "book.db"
    shutil.copy(sample_book, book)
    for prepared in BEFORE_LISTS:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            assert run(["--db", str(book), *prepared]) == 0
    (table,) = results_of(book, words)
    assert isinstance(table, Table)
    assert table.rows
    assert sorted({said for row in table.rows for said in differences(shape, row)}) == []
    assert {"id" in row for row in table.rows} == {table.has_ids or "id" in table.fields}


@pytest.mark.parametrize("name", ["onboarding", "renewal"])
def test_the_page_of_a_playbook_is_of_its_shape(
    sample_book: Path, tmp_path: Path, name: str
) -> None:
    book = tmp_path / "book.db"
    shutil.copy(sample_book, book)
    for prepared in BEFORE_LISTS:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            assert run(["--db", str(book), *prepared]) == 0
    (page,) = results_of(book, ("playbook", "show", name))
    assert isinstance(page, Page)
    assert sorted(set(differences(PlaybookPage, page.data))) == []
    assert page.data["runs" if name == "onboarding" else "due"]


def test_the_page_of_a_quote_is_of_its_shape(sample_book: Path, tmp_path: Path) -> None:
    book = tmp_path / "book.db"
    shutil.copy(sample_book, book)
    for words in (
        ("deal", "quote", "platform rollout", "--tax", "7.7"),
        ("quote", "send", "Q-2026-0001"),
        ("deal", "quote", "platform rollout", "--copy"),
    ):
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            assert run(["--db", str(book), *words]) == 0
    for shape, shown in (
        (QuotePage, ("quote", "show", "Q-2026-0001")),
        (DealPage, ("deal", "show", "platform rollout")),
    ):
        (page,) = results_of(book, shown)
        assert isinstance(page, Page)
        assert sorted(set(differences(shape, page.data))) == []


def test_the_pages_of_a_shared_book_are_of_their_shapes(sample_book: Path, tmp_path: Path) -> None:
    book, hub = tmp_path / "book.db", tmp_path / "hub"
    hub.mkdir()
    shutil.copy(sample_book, book)
    with (
        contextlib.redirect_stdout(io.StringIO()) as out,
        contextlib.redirect_stderr(io.StringIO()),
    ):
        assert run(["--db", str(book), "sync", "init", str(hub)]) == 0
        assert run(["--db", str(book), "sync", "now", "-f", "json"]) == 0
    synced = json.loads(out.getvalue().partition("\n")[2])
    assert sorted(set(differences(SyncedJson, synced))) == []
    account = clashing.id_of(book, "account", "GreenTech Ltd")
    clashing.clash(book, f"{0:036}", "account", account, {"city": "Rome"}, {"city": "Oslo"})
    (page,) = results_of(book, ("sync", "status"))
    assert isinstance(page, Page)
    assert sorted(set(differences(SyncStatusPage, page.data))) == []
    (table,) = results_of(book, ("sync", "conflicts"))
    assert isinstance(table, Table)
    assert [list(differences(ConflictRow, row)) for row in table.rows] == [[]]


def test_the_outcome_of_an_import_is_of_its_shape(sample_book: Path, tmp_path: Path) -> None:
    file = tmp_path / "accounts.csv"
    file.write_text("name,tier,city\nGreenTech Ltd,key,Bonn\nNew One,growth,Bonn\nBad,wrong,Bonn\n")
    (page,) = results_of(sample_book, ("import", str(file), "--dry-run"))
    assert isinstance(page, Page)
    assert [page.data[name] for name in ("new", "changed", "refused")] == [1, 1, 1]
    assert sorted(set(differences(ImportPage, page.data))) == []


def test_a_shape_tells_what_does_not_fit() -> None:
    assert list(differences(int | None, None)) == []
    assert list(differences(int, True)) == ["page: True is no int"]
    assert list(differences(Sequence[int], ["a"])) == ["page[]: 'a' is no int"]
    missing = sorted(differences(WeekPage, {"until": 3, "unknown": 1}))
    assert "page.unknown is not in the shape" in missing
    assert "page.until: 3 is no str" in missing
    assert "page.talked is missing" in missing


@pytest.mark.parametrize(("record", "kind"), KINDS_OF_RECORDS.items())
def test_the_shape_of_a_record_has_fields_of_its_kind(record: str, kind: str) -> None:
    fields = {name for name, _ in columns_of(KINDS[kind].fields, list(KINDS[kind].fields))}
    assert getattr(records, record).__required_keys__ <= fields


def imports(path: Path) -> Iterator[bool]:
    """Yield for each import of a shape in a module whether it is only for type checkers."""
    tree = ast.parse(path.read_text("utf-8"))
    checked = {
        id(node)
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and ast.unparse(block.test) == "TYPE_CHECKING"
        for node in ast.walk(block)
    }
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(module=str(name)) | ast.Import(names=[ast.alias(name=name)]):
                if f"{name}.".startswith("acctcli.shapes."):
                    yield id(node) in checked
            case _:
                pass


def test_shapes_are_for_type_checkers_alone() -> None:
    using = set()
    for path in SOURCE.rglob("*.py"):
        room = path.relative_to(SOURCE).parts[0]
        found = list(imports(path))
        if found and room != "shapes":
            using.add(room)
            assert all(found), f"{path.relative_to(SOURCE)}: import it under TYPE_CHECKING"
    assert using <= ROOMS
