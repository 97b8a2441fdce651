r"""A line break is shown as one, or as a sign for one: nobody reads a `\n` that is not theirs.

The sample book, with a line break in every long text, goes through every command that reads, in
every format and at widths from a phone's to a wide screen's. A text on one line has `↵` for its
line break; only TSV, and CSV on a terminal, write it as `\n`.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from unittest import mock

import pytest
from tests.conftest import TODAY
from tests.promises import processes
from tests.promises.test_hostile_text import COMMANDS, printed
from tests.store.sync import clashing

from acctcli.model import KINDS, LONG

TEXT = "Alpha beginning\n\nomega ending"
ESCAPED = re.compile(r"Alpha beginning\\n\\nomega ending(\\nand more)?")

WIDTHS = (20, 40, 80, 120)

SCREENS = [
    (width, terminal)
    for place, width in enumerate(WIDTHS)
    for terminal in (True, False)
    if processes.LONG or terminal is (place % 2 == 0)
]
"""Widths, each of a terminal and of a pipe; by turns, without ACCTCLI_LONG_TESTS."""

READ: dict[str, tuple[tuple[str, ...], ...]] = {
    "today": ((), ("--all",)),
    "account list": ((), ("--columns", "number,name,description")),
    "account show": (("{account}",),),
    "account timeline": (("{account}",),),
    "account tree": ((),),
    "account dupes": (("--likeness", "1"),),
    "account plan": (("{account}",),),
    "account score": ((), ("{account}",)),
    "account segments": ((),),
    "contact segments": ((),),
    "deal segments": ((),),
    "contact list": ((), ("--columns", "name,emails,phones,notes")),
    "contact show": (("{contact}",),),
    "contact map": (("{account}",),),
    "contact dupes": (("--likeness", "1"),),
    "log list": (("-n", "20"), ("--columns", "summary,body", "-n", "20")),
    "log show": (("{log}",),),
    "task list": ((),),
    "deal list": ((),),
    "deal show": (("{deal}",),),
    "deal item": (("{deal}",),),
    "deal contact": (("{deal}",),),
    "deal board": ((),),
    "deal changes": ((),),
    "deal forecast": ((),),
    "quote list": ((), ("--columns", "number,title,intro,terms,sender,recipient")),
    "quote show": (("{quote}",),),
    "quote line": (("{quote}",),),
    "campaign list": ((), ("--columns", "name,notes")),
    "campaign show": (("{campaign}",),),
    "campaign member": (("{campaign}",),),
    "campaign report": ((),),
    "purchase list": ((),),
    "purchase show": (("{purchase}",),),
    "purchase renewals": ((),),
    "purchase totals": ((),),
    "product list": ((),),
    "product show": (("{product}",),),
    "playbook list": ((),),
    "playbook show": (("onboarding",),),
    "review due": ((),),
    "review list": ((), ("--columns", "account,summary,strengths,risks,opportunities")),
    "review show": (("{review}",),),
    "review health": (("{account}",), ("{account}", "--explain")),
    "review brief": (("{account}",),),
    "report pipeline": ((), ("--as-of", "2026-09-01")),
    "report retention": ((),),
    "report whitespace": ((),),
    "report activity": ((),),
    "report performance": ((), ("--by", "product")),
    "report sources": ((),),
    "report renewals": ((),),
    "report winloss": ((),),
    "report week": ((), ("2026",)),
    "report quality": ((),),
    "search": (("omega",),),
    "history": ((), ("{account}",)),
    "config list": ((),),
    "db check": ((),),
    "db backup": (("--list",),),
    "db restore": ((),),
    "db query": (("SELECT name, description FROM account LIMIT 5",),),
    "import": (("--presets",),),
    "sync conflicts": ((), ("{account}",)),
}
"""Every command that shows something of the book, and how it is called."""

ONLY_WRITE = {
    *(f"{noun} {verb}" for noun in KINDS for verb in ("add", "edit", "delete", "tag", "merge")),
    *(f"log {kind}" for kind in ("call", "email", "meeting", "demo", "proposal", "social")),
    *(f"log {kind}" for kind in ("note", "ticket", "survey")),
    *(
        "account archive",
        "account handover",
        "account qualify",
        "contact move",
        "contact link",
        "contact unlink",
    ),
    *("task done", "task snooze", "task reopen", "review run", "account snooze", "purchase renew"),
    "purchase reconcile",
    *("playbook add", "playbook run", "playbook stop"),
    *("campaign log", "campaign export"),
    *("deal quote", "quote send", "quote accept", "quote decline"),
    *("deal move", "deal win", "deal lose", "deal reopen", "undo", "export", "completion", "demo"),
    *("help", "mcp"),
    *("config path", "config get", "config set", "config unset", "config edit"),
    *("db path", "db init", "db shell", "db tables", "db schema"),
    *("sync init", "sync join", "sync now", "sync status", "sync take", "sync dismiss"),
    *("sync hand-over", "sync compact", "sync new-key", "sync leave", "sync member"),
    "sync hub-sql",
}
"""The other commands: they print a sentence, or write a file."""


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory, sample_book: Path) -> Path:
    """The sample book, with line breaks in all long texts."""
    path = tmp_path_factory.mktemp("breaks") / "book.db"
    around = {"ACCTCLI_CONFIG": str(path.with_name("config.toml")), "ACCTCLI_TODAY": TODAY}
    shutil.copyfile(sample_book, path)
    path.chmod(0o600)
    with mock.patch.dict(os.environ, around):
        fill(path)
    return path


def fill(path: Path) -> None:
    """Put line breaks into the sample book, and what it lacks."""
    with closing(sqlite3.connect(path)) as con, con:
        for kind, noun in KINDS.items():
            for field in noun.fields.values():
                if field.type == LONG and kind not in ("segment", "setting"):
                    con.execute(f'UPDATE "{kind}" SET "{field.column}" = ?', (TEXT,))
    words = ("--db", str(path), "account", "list", "--tier", "key", "--save", "Keys")
    assert printed(*words, terminal=False).code == 0
    quote = ("--db", str(path), "deal", "quote", "platform rollout")
    texts = [w for name in ("intro", "terms", "sender", "recipient") for w in (f"--{name}", TEXT)]
    assert printed(*quote, *texts, terminal=False).code == 0
    first = ("--db", str(path), "account", "list", "-n", "1", "-f", "ids")
    (account,) = printed(*first, terminal=False).out.split()
    edit = ("account", "edit", account, "--description", f"{TEXT}\nand more")
    assert printed("--db", str(path), *edit, terminal=False).code == 0
    cells = {"description": TEXT, "industry": "retail"}
    clashing.clash(path, f"{0:036}", "account", account, cells, {**cells, "city": "Rome"})
    for play in (("add", "--example", "onboarding"), ("run", "onboarding", account)):
        assert printed("--db", str(path), "playbook", *play, terminal=False).code == 0
    assert printed("--db", str(path), "db", "check", "--fix", terminal=False).code == 0
    assert printed("--db", str(path), "db", "backup", terminal=False).code == 0


@pytest.fixture(scope="module")
def known(sample: Path) -> dict[str, str]:
    """Return a record of each kind, the one with most data."""
    with closing(sqlite3.connect(sample)) as con:
        (account,) = con.execute(
            "SELECT account_id FROM log GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"
        ).fetchone()
        found = {
            kind: con.execute(f'SELECT id FROM "{kind}" ORDER BY id LIMIT 1').fetchone()[0]
            for kind in (
                *("contact", "log", "deal", "quote", "campaign", "purchase", "product", "review"),
            )
        }
    return {"account": account, **found}


def test_every_command_is_here() -> None:
    assert set(COMMANDS) - ONLY_WRITE == set(READ)


@pytest.mark.slow
@pytest.mark.parametrize("name", READ)
def test_no_break_is_written_as_an_escape(name: str, sample: Path, known: dict[str, str]) -> None:
    for typed in READ[name]:
        words = ("--db", str(sample), *name.split(), *(w.format(**known) for w in typed))
        for width, terminal in SCREENS:
            got = printed(*words, "-f", "table", terminal=terminal, width=width)
            assert got.code == 0, (words, got.err)
            assert "\\n" not in got.out, (words, width, got.out)
            assert "\\n" not in got.err, (words, width, got.err)
        for form in ("md", "tsv"):
            got = printed(*words, "-f", form, terminal=False)
            assert got.code == 0, (words, got.err)
            left = ESCAPED.sub("", got.out) if form == "tsv" else got.out
            assert "\\n" not in left, (words, form, got.out)


LISTS = [name for name, calls in READ.items() if any("--columns" in call for call in calls)]


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("form", ["table", "md"])
def test_a_break_in_a_list_has_a_sign(
    name: str, form: str, sample: Path, known: dict[str, str]
) -> None:
    for typed in READ[name]:
        if "--columns" not in typed:
            continue
        words = ("--db", str(sample), *name.split(), *(w.format(**known) for w in typed))
        got = printed(*words, "-f", form, terminal=False, width=400)
        assert "Alpha beginning ↵ omega ending" in got.out
        assert "Alpha beginning\n" not in got.out
        plain = printed(*words, "-f", "table", terminal=True, width=20).out
        assert "omega ending" in plain or "…" in plain


@pytest.mark.parametrize(
    "name",
    [
        *("account show", "review brief"),
        *(n for n in READ if n.startswith("report ")),
    ],
)
def test_a_document_shows_a_break_as_one(name: str, sample: Path, known: dict[str, str]) -> None:
    typed = (w.format(**known) for w in READ[name][0])
    words = ("--db", str(sample), *name.split(), *typed, "--html", "-")
    got = printed(*words, terminal=False)
    assert got.code == 0, got.err
    assert "\\n" not in got.out.partition("</style>")[2]
    for found in re.finditer(r"<[^<>]*>[^<>]*Alpha beginning\s+omega ending", got.out):
        assert 'class="text"' in found[0], found[0]


def test_each_currency_stands_on_a_line_of_its_own(sample: Path) -> None:
    words = ("--db", str(sample), "report", "pipeline", "-f", "table")
    page = printed(*words, terminal=False, width=80).out
    assert re.search(r"^qualification +\d+ +█\S* +[\d,]+ EUR\n +[\d,]+ SGD$", page, re.MULTILINE)
    narrow = printed(*words, terminal=False, width=30).out
    assert re.search(r"[\d,]+ EUR,\s+[\d,]+ SGD", narrow)
