"""A hint is a command that runs as it stands, or asks for what only the user knows.

A tour over the sample book, over an empty one and through mistakes collects every command that
is printed, and runs each on a copy of the book: it ends with 0, or asks a question on a terminal.
No word of it is a placeholder, and none is broken over lines. With ACCTCLI_LONG_TESTS the tour goes
with every command to every record.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple
from unittest import mock

import pexpect
import pytest
from tests.conftest import TODAY
from tests.promises.processes import LONG
from tests.promises.test_hostile_text import OUR_COLOURS, Terminal
from tests.promises.test_line_breaks import READ
from tests.promises.test_voice import said, texts
from tests.test_documentation import command_problem

from acctcli.main import COMMANDS, run
from acctcli.model import KINDS

pytestmark = pytest.mark.slow

# As `render.messages` knows a command: its words are one space apart, and one that is not quoted
# does not end in a sign of the sentence.
WORD = r"""(?:"[^"]*"|'[^']*'|[^\s"'()·]*[^\s"'()·.,;:?!…])+"""
HINT = re.compile(rf"(?<![\w/.-])acct(?: (?:{'|'.join(COMMANDS)}|--help)\b)(?: {WORD})*")

PLACEHOLDER = re.compile(r"^(?:[A-Z]{2,}(?:\.\.\.)?|\"?…\"?|what (?:was|is|to)\b.*)$")
CAPITALS = {"CFO", "CEO", "CTO", "USD", "SGD", "EUR", "GBP", "JPY", "MYR", "AUD", "SG"}

WIDE, USUAL = 2000, 80

MANY, PARTS = 12, 3
"""Of a kind with `MANY` records or more, a command is about one part in `PARTS`."""

MISTAKES = (
    "acount",
    "account lst",
    "account show",
    "account show nobody",
    "account show a",
    "account add",
    "account add Selatmark",
    'account add "Selatmark Freight Pte Ltd"',
    "account list --teir key",
    "account list --where tier",
    "account list --segment none",
    "account segments --delete none",
    "account score --explain",
    "account archive selatmark",
    "account qualify selatmark",
    "account delete selatmark",
    "account merge selatmark nobody",
    "contact add nobody --account nobody",
    "contact show nobody",
    "contact move isaac --to nobody",
    "contact unlink isaac --account selatmark",
    "log call selatmark Talked --with nobody",
    "log call selatmark Talked --next Call --due fri",
    "log show nothing",
    "deal show nothing",
    "deal move nothing won",
    "deal lose nothing",
    "deal item nothing --add nothing",
    "task done nothing",
    "task add selatmark Call --due never",
    "purchase show nothing",
    "product show nothing",
    "product delete --yes 'Standard Support'",
    "review show selatmark",
    "review run selatmark --summary Fine",
    "review health --explain",
    "search",
    "undo 9999",
    "undo --redo",
    "undo 4 --redo",
    "history nothing",
    "config get me.curency",
    "config set me.curency SGD",
    "config unset fields.account",
    "config set nothing 1",
    "db restore nothing",
    "db query 'DELETE FROM account'",
    "db query 'SELECT nothing'",
    "db schema nothing",
    "export",
    "import",
    "import nothing.csv",
    "import --preset nothing x.csv",
    "help nothing",
)
"""Command lines that are refused or change something, and say what comes next."""

NAMES = ("O'Brien & Söhne", "-Dash Ltd-", 'The "Q" $(Group)', "Two; rm", "Back\\slash", "--all")

TERM = ("--starts", "2025-12-20", "--ends", "2026-12-20", "--on", "2025-12-20")

ODD: tuple[tuple[str, ...], ...] = (
    ("db", "init"),
    *(("account", "add", "--tier", "key", "--", name) for name in NAMES),
    *(("product", "add", "--", name) for name in NAMES),
    *(("contact", "add", "--account", f"A-000{n}", "--", f"Pat {n}") for n in range(1, 7)),
    *(("deal", "add", "--", f"A-000{n}", name) for n, name in enumerate(NAMES, 1)),
    *(
        ("purchase", "add", f"A-000{n}", "1200", "--currency", "USD", f"--product={name}", *TERM)
        for n, name in enumerate(NAMES, 1)
    ),
    *(("account", "list", "--tier", "key", f"--save={name}") for name in NAMES[:1]),
)
"""A book whose names have signs that a shell interprets."""

ODD_MISTAKES: tuple[tuple[str, ...], ...] = (
    *(("product", "delete", "--yes", "--", name) for name in NAMES),
    *(("deal", "win", "--", name) for name in NAMES),
    *(("account", "show", "--", f"{name}x") for name in NAMES),
    *(("account", "archive", "--", name) for name in NAMES),
    *(("log", "call", f"A-000{n}", "Talked", "--with", "nobody") for n in range(1, 7)),
)

ELSEWHERE = {"acct db shell --write", "acct today -i"}
"""Hints that open another program, or read single keys: both need a real terminal."""


class Shown(NamedTuple):
    code: int
    text: str


def shown(*words: str, width: int = WIDE) -> Shown:
    """Run the program at a terminal where every question is answered with Enter.

    Their editor changes nothing.
    """
    seen = {"TERM": "xterm-256color", "COLUMNS": str(width), "EDITOR": "true", "PAGER": "cat"}
    with (
        tempfile.TemporaryFile() as out,
        mock.patch.object(sys, "stdin", Terminal(io.BytesIO(), "utf-8")),
        mock.patch.object(sys, "stdout", Terminal(os.fdopen(os.dup(out.fileno()), "wb"), "utf-8")),
        mock.patch.object(sys, "stderr", Terminal(os.fdopen(os.dup(out.fileno()), "wb"), "utf-8")),
        mock.patch("builtins.input", side_effect=EOFError),
        mock.patch.dict(os.environ, seen),
    ):
        code = run(list(words))
        for stream in (sys.stdout, sys.stderr):
            stream.close()
        out.seek(0)
        return Shown(code, OUR_COLOURS.sub("", out.read().decode()))


def hints(text: str) -> Iterator[str]:
    for line in text.splitlines():
        yield from (found[0] for found in HINT.finditer(line))


def alike(hint: str) -> str:
    """A hint without the records that it names."""
    return re.sub(r"\bA-\d{4}\b|\b(?=\w*\d)[0-9a-f]{4,}\b", "#", hint)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory, sample_book: Path) -> Iterator[Path]:
    """The sample book, with an empty one beside it, in a home of their own."""
    home = tmp_path_factory.mktemp("hints")
    places = {"HOME": str(home), "XDG_DATA_HOME": str(home), "ACCTCLI_TODAY": TODAY}
    places["ACCTCLI_CONFIG"] = str(home / "config.toml")
    with mock.patch.dict(os.environ, places):
        os.environ.pop("ACCTCLI_DB", None)
        shutil.copyfile(sample_book, home / "book.db")
        (home / "book.db").chmod(0o600)
        saved = ("account", "list", "--tier", "key", "--save", "Key accounts")
        assert shown("--db", str(home / "book.db"), *saved).code == 0
        assert shown("--db", str(home / "empty.db"), "db", "init").code == 0
        for line in ODD:
            assert shown("--db", str(home / "odd.db"), *line).code == 0, line
        yield home / "book.db"


def calls(book: Path) -> Iterator[tuple[str, ...]]:
    """Every command that reads, of the records that it can be about.

    Of many records each command gets a part, and the next command another part.
    """
    with closing(sqlite3.connect(book)) as con:
        for place, (name, several) in enumerate(READ.items()):
            for words in several:
                kinds = [word[1:-1] for word in words if word.startswith("{")]
                ids = (
                    [row[0] for row in con.execute(f'SELECT id FROM "{kinds[0]}" ORDER BY id')]
                    if kinds
                    else [""]
                )
                for id in ids if LONG or len(ids) < MANY else ids[place % PARTS :: PARTS]:
                    yield *name.split(), *(id if word.startswith("{") else word for word in words)


@pytest.fixture(scope="module")
def told(sample: Path) -> dict[tuple[Path, tuple[str, ...]], str]:
    """What each call of the tour printed, by book and words."""
    texts = {}
    empty, odd = sample.with_name("empty.db"), sample.with_name("odd.db")
    tour = [(book, words) for book in (sample, odd, empty) for words in calls(book)]
    tour += [(sample, ("today", "--all")), (sample, ("today", "--explain"))]
    tour += [(odd, words) for words in ODD_MISTAKES]
    tour += [(book, tuple(shlex.split(line))) for book in (sample, empty) for line in MISTAKES]
    for book, words in tour:
        before = book.read_bytes()
        texts[book, words] = shown("--db", str(book), *words).text
        if book.read_bytes() != before and words[0] != "db":
            book.write_bytes(before)
    return texts


@pytest.fixture(scope="module")
def found(told: dict[tuple[Path, tuple[str, ...]], str]) -> dict[str, tuple[Path, str]]:
    """Each kind of hint once: where it was seen, and how it reads."""
    hint_of: dict[str, tuple[Path, str]] = {}
    for (book, _), text in told.items():
        for hint in hints(text):
            hint_of.setdefault(f"{book.stem} {alike(hint)}", (book, hint))
    return hint_of


def test_the_tour_finds_hints(found: dict[str, tuple[Path, str]]) -> None:
    assert len(found) > 80
    said = {hint for _, hint in found.values()}
    for hint in ("acct account add", "acct deal show", "acct today --all", "acct account list"):
        assert hint in said


def test_no_hint_has_a_placeholder(found: dict[str, tuple[Path, str]]) -> None:
    wrong = [
        hint
        for _, hint in found.values()
        if any(PLACEHOLDER.match(word) and word not in CAPITALS for word in shlex.split(hint))
    ]
    assert wrong == []


def test_every_hint_is_a_command_that_exists(found: dict[str, tuple[Path, str]]) -> None:
    assert [said for _, hint in found.values() if (said := command_problem(hint))] == []


def test_every_hint_runs_or_asks(
    found: dict[str, tuple[Path, str]], sample: Path, tmp_path: Path
) -> None:
    failed = []
    places = {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path), "ACCTCLI_TODAY": TODAY}
    with mock.patch.dict(os.environ, places):
        for book, hint in found.values():
            if hint in ELSEWHERE:
                continue
            copy = tmp_path / "copy.db"
            shutil.copy(book, copy)
            code, said = shown("--db", str(copy), *shlex.split(hint)[1:])
            asked = code == 130 and "?" in said
            if code != 0 and not asked:
                failed.append(f"{hint}: {code} {said.strip().splitlines()[-1]}")
    assert failed == []


def test_the_source_has_no_placeholder_in_a_command() -> None:
    """Neither has what the tour does not reach; help may have them."""
    names = "NAME|TITLE|TEXT|ID|NUMBER|STAGE|AMOUNT|FILE|RATE|PERSON|TABLE"
    words = "|".join((names, *(kind.upper() for kind in KINDS)))
    pattern = re.compile(rf"\bacct [a-z{{}} -]+(?:\b(?:{words})\b|[\"']?…)")
    told_by_help = re.compile(r"COMMAND|--save NAME|\bSELECT\b")
    assert [
        f"{where}: {text}"
        for where, text in texts(said)
        if where.startswith("src") and pattern.search(text) and not told_by_help.search(text)
    ] == []


def test_a_hint_asks_on_a_real_terminal(sample: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    shutil.copy(sample, copy)
    words = ["-m", "acctcli", "--db", str(copy), "contact", "add", "--account", "A-0001"]
    with pexpect.spawn(sys.executable, words, encoding="utf-8", timeout=30) as program:
        program.expect(r"Name\?|name\?")
        program.sendline("Pat O'Brien")
        program.expect("Added contact Pat O'Brien")
        program.expect(pexpect.EOF)
        program.wait()
    assert program.exitstatus == 0


def test_no_hint_is_broken_over_lines(
    sample: Path, told: dict[tuple[Path, tuple[str, ...]], str]
) -> None:
    """At 80 columns each is still there, whole; only one that is longer may be broken."""
    broken = []
    for words in calls(sample):
        usual = shown("--db", str(sample), *words, width=USUAL).text
        broken += [
            f"{' '.join(words)}: {hint}"
            for hint in dict.fromkeys(hints(told[sample, words]))
            if hint not in usual and len(hint) < USUAL - 2 and hint.split(" ")[2] in usual
        ]
    assert broken == []
