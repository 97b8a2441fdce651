"""Promise 14: text in the book, or on the command line, cannot drive the terminal.

One book holds every payload in every free text of every kind of record. Every command of the
program then prints it, on a terminal and into a pipe; a new command that needs words must be added
to `CALLS`. The bytes are checked.
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

import pytest
from tests import books
from tests.conftest import TODAY
from tests.store.sync import clashing

from acctcli import config, text
from acctcli.csvtext import write_csv
from acctcli.main import root
from acctcli.main import run as main
from acctcli.model import KINDS, LONG, NOUNS, TEXT
from acctcli.render import theme
from acctcli.store.sync import machine
from acctcli.store.sync.machine import Machine

PAYLOADS = {
    "control": "\x1b[2J\x1b[95;7mcsi\x9b31mc1\rover\x08\x08print\x07\x7f"
    "\x1b]8;;http://x.test\x1b\\link\x1b]8;;\x1b\\\x1b]52;c;eA==\x07\x1b]52;c;eA==\x1b\\",
    "bidi": "inv\u202eoice\u2066exe\u2069\u200f\u200b\u2060\ufeff\U000e0041\U000e007fz",
    "markup": r"[red]quux[/red] Quuz[/bold] C:\[tmp] :100: [link=http://x.test]corge[/link] "
    "[bold]grault[/] [[garply]] :smiley:",
}
"""What is tried, by name. None holds a line feed: a name with one is refused."""

OUR_COLOURS = re.compile(r"\x1b\[(?:(?:0|1|2|31|32|33)(?:;(?=\d)|(?=m)))+m")
"""The styles of render.theme; the payloads ask for others."""

AS_TYPED = {
    "quux": ("[red]", "[/red]"),
    "Quuz": ("", "[/bold]"),
    "C:\\": ("", "[tmp]"),
    "corge": ("[link=http://x.test]", "[/link]"),
    "grault": ("[bold]", "[/]"),
    "garply": ("[[", "]]"),
    "smiley": (":", ":"),
}
"""A word of the markup payload, and the text that must be around it wherever it is printed."""


def toml(value: str) -> str:
    """Return a text for a settings file, with every character that is not plain escaped."""
    plain = (c if c.isascii() and c.isprintable() and c not in '\\"' else None for c in value)
    signs = (p or f"\\U{ord(c):08x}" for p, c in zip(plain, value, strict=True))
    return f'"{"".join(signs)}"'


STAGE, TIER, OWNER = "stage {}", "tier {}", "owner {}"
"""Names of the settings that hold a payload."""


def settings() -> str:
    """Return settings with the payloads wherever a user may choose a word."""
    lines = ["[me]", f"name = {toml('seller ' + ''.join(PAYLOADS.values()))}", 'currency = "SGD"']
    lines += ["[cadence]", *(f"{tier} = {days}" for tier, days in config.CADENCE.items())]
    lines += [f"{toml(TIER.format(payload))} = 7" for payload in PAYLOADS.values()]
    lines += ["[reviews]"]
    lines += [f"{toml(TIER.format(payload))} = 70" for payload in PAYLOADS.values()]
    for payload in PAYLOADS.values():
        own = config.Stage(STAGE.format(payload), 30, "pipeline")
        lines += stage(own)
    for each in config.STAGES:
        lines += stage(each)
    every = ", ".join(map(toml, PAYLOADS.values()))
    words = ", ".join(f"{toml(payload)} = 5" for payload in PAYLOADS.values())
    tiers = ", ".join(f"{toml(TIER.format(payload))} = 5" for payload in PAYLOADS.values())
    owners = [f"{toml(OWNER.format(payload))} = 5000" for payload in PAYLOADS.values()]
    playbooks = [
        f"[playbook.{toml(f'play {payload}')}]\ntasks = [{{ text = {toml(payload)}, due = '+1d' }}]"
        for payload in PAYLOADS.values()
    ]
    help = toml("help " + "".join(PAYLOADS.values()))
    return "\n".join(
        [
            *lines,
            f"[fields.account.segment]\ntype = 'text'\nhelp = {help}",
            f"[fields.account.choice]\ntype = 'choice'\nchoices = [{every}]\nhelp = {help}",
            f"[fields.account.street]\ntype = 'choice'\nchoices = [{every}]",
            f"[icp.industry]\nmatch = {{ {words} }}",
            f"[icp.choice]\nweight = 5\nmatch = {{ {words} }}",
            f"[icp.tier]\nmatch = {{ {tiers} }}",
            "[quota]\ncurrency = 'SGD'\ntotal = 50000",
            *owners,
            *playbooks,
        ]
    )


def stage(one: config.Stage) -> list[str]:
    """Return a stage for the settings."""
    return [
        "[[stages]]",
        f"name = {toml(one.name)}\nprobability = {one.probability}\ncategory = '{one.category}'",
    ]


class Printed(NamedTuple):
    """The bytes that one run wrote, as text, and its exit code."""

    code: int
    out: str
    err: str


class Terminal(io.TextIOWrapper):
    """A stream that claims to be a terminal."""

    def isatty(self) -> bool:
        return True


def printed(*words: str, terminal: bool, typed: str = "", width: int = 2000) -> Printed:
    """Run the program here, with a terminal or a pipe that it believes in."""
    stream: type[io.TextIOWrapper] = Terminal if terminal else io.TextIOWrapper
    seen = {"TERM": "xterm-256color", "COLUMNS": str(width), "EDITOR": "true"}
    with (
        tempfile.TemporaryFile() as out,
        tempfile.TemporaryFile() as err,
        # A command that replaces or closes a stream must not take pytest's.
        mock.patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed.encode()))),
        mock.patch.object(sys, "stdout", stream(os.fdopen(os.dup(out.fileno()), "wb"), "utf-8")),
        mock.patch.object(sys, "stderr", stream(os.fdopen(os.dup(err.fileno()), "wb"), "utf-8")),
        mock.patch.dict(os.environ, seen),
    ):
        code = main(list(words))
        for one in (sys.stdout, sys.stderr):
            one.close()
        out.seek(0)
        err.seek(0)
        return Printed(code, out.read().decode(), err.read().decode())


def what_acts(written: str, *, colours: bool = False) -> set[str]:
    """Return the characters in the program's output that could act on a terminal."""
    left = OUR_COLOURS.sub("", written) if colours else written
    return {c for c in left if c not in "\n\t" and text.safe(f"a{c}") != f"a{c}"}


def misread(written: str, *, escaped: bool) -> list[str]:
    """Where markup of the book was not printed as it was typed, unless it was cut off.

    JSON, Markdown and shell words have backslashes of their own: `escaped` leaves all out.
    """
    # Pages break lines, between words and within them.
    plain = "".join(OUR_COLOURS.sub("", written).split())
    wrong = [
        emoji
        for emoji in "\N{HUNDRED POINTS SYMBOL}\N{SMILING FACE WITH OPEN MOUTH}"
        if emoji in plain
    ]
    for word, (before, after) in AS_TYPED.items():
        looked_for = word
        if escaped:
            looked_for, plain = word.replace("\\", ""), plain.replace("\\", "")
        for found in re.finditer(re.escape(looked_for), plain):
            head, tail = plain[: found.start()], plain[found.end() :]
            cut = "\u2026" in tail[: len(after)]
            if not head.endswith(before) or not (tail.startswith(after) or cut):
                wrong.append(plain[max(0, found.start() - 30) : found.end() + 20])
    return wrong


def check(words: tuple[str, ...], got: Printed, *, terminal: bool, format: str = "") -> None:
    """Fail if the output could act on a terminal, or is not the text of the book."""
    assert "this is a bug in acct" not in got.err, (words, got.err)
    # The lines of CSV end in CR LF.
    out = got.out.replace("\r\n", "\n") if format == "csv" else got.out
    assert what_acts(out, colours=terminal) == set(), (words, got.out)
    assert what_acts(got.err, colours=terminal) == set(), (words, got.err)
    assert misread(out, escaped=format in ("json", "md")) == [], words


# The book

PLAIN: Mapping[str, Mapping[str, Any]] = {
    "account": {"kind": "company"},
    "log": {"at": f"{TODAY}T09:00:00Z", "kind": "call"},
    "deal": {"amount": 1000, "currency": "SGD", "close_date": "2026-11-20"},
    "task": {"due": "2026-11-20"},
    "purchase": {
        "amount": 1000,
        "currency": "SGD",
        "purchased_on": "2026-01-01",
        "ends_on": "2026-12-01",
    },
    "campaign": {"starts_on": "2026-11-01"},
    "campaign_member": {"state": "replied", "joined_on": "2026-11-01"},
    "product": {"price": 500, "currency": "SGD"},
    "review": {"held_on": "2026-11-01"},
    "quote": {"version": 1, "status": "draft", "currency": "SGD", "net": 5, "tax": 0, "gross": 5},
    "quote_line": {"position": 1, "quantity": 1, "unit_price": 5, "currency": "SGD"},
    "objective": {"due": "2026-11-01"},
}
"""The required values of a record besides its free texts."""

POINTS_TO = {
    "contact": ("account",),
    "log": ("account",),
    "task": ("account",),
    "deal": ("account", "product"),
    "purchase": ("account", "product"),
    "review": ("account",),
    "quote": ("account", "deal", "contact"),
    "quote_line": ("quote", "product"),
    "campaign_member": ("campaign", "contact", "account"),
    "plan": ("account",),
    "objective": ("account",),
}


def hostile(kind: str, payload: str, known: Mapping[str, str]) -> dict[str, Any]:
    """Return a record as JSON, with the payload in each of its free texts."""
    row: dict[str, Any] = {"name": ""} if kind == "account" else {}
    for name, field in KINDS[kind].fields.items():
        if field.type not in (TEXT, LONG) or field.fixed or field.derived:
            continue
        row[name] = [payload] if field.many else payload
        if field.type == LONG:
            row[name] = f"{payload}\n{payload}"
    if kind == "account":
        row |= {"segment": payload, "choice": payload, "tier": TIER.format(payload)}
    if kind in ("account", "deal"):
        row["owner"] = OWNER.format(payload)
    row.update({f"{target}_id": known[target] for target in POINTS_TO.get(kind, ())})
    row |= PLAIN.get(kind, {})
    if kind == "quote":
        del row["reason"]  # a draft has none
        row["number"] = f"Q-{1 + list(PAYLOADS.values()).index(payload):04d}"
    if kind == "deal":
        row["stage"] = STAGE.format(payload)
    return row


class Book(NamedTuple):
    """A full book: its path, and the id of each kind's record by payload."""

    path: Path
    settings: Path
    ids: Mapping[str, Mapping[str, str]]


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """Make the book with everything in it, by importing JSON."""
    folder = tmp_path_factory.mktemp("hostile")
    path, settings_file = folder / "book.db", folder / "config.toml"
    settings_file.write_text(settings(), encoding="utf-8")
    ids: dict[str, dict[str, str]] = {name: {} for name in PAYLOADS}
    around = {"ACCTCLI_CONFIG": str(settings_file), "ACCTCLI_TODAY": TODAY}
    order = ["account", "product", *(n for n in NOUNS if n not in ("account", "product"))]
    order += ["plan", "objective", "quote", "quote_line", "campaign", "campaign_member"]
    with mock.patch.dict(os.environ, around):
        assert printed("--db", str(path), "db", "init", terminal=False).code == 0
        for kind in order:
            for name, payload in PAYLOADS.items():
                file = folder / "rows.json"
                rows = [hostile(kind, payload, ids[name])]
                file.write_text(json.dumps(rows), encoding="utf-8")
                words = ("--db", str(path), "import", str(file), "--as", kind, "-f", "json")
                keep = ("--save-preset", f"preset {payload}") if kind == "account" else ()
                done = printed(*words, *keep, terminal=False)
                assert done.code == 0, (kind, done.err)
                if kind not in (*NOUNS, "quote", "campaign"):
                    continue  # it has no list
                listed = printed("--db", str(path), kind, "list", "-f", "ids", terminal=False)
                new = set(listed.out.split()) - {i[kind] for i in ids.values() if kind in i}
                (ids[name][kind],) = new
        for payload in PAYLOADS.values():
            for listing in (
                ("account", "list", "--tier", TIER.format(payload)),
                ("contact", "list", "--role", "champion"),
                ("deal", "list", "--open"),
            ):
                saving = ("--db", str(path), *listing, "--save", f"segment {payload}")
                done = printed(*saving, terminal=False)
                assert done.code == 0, done.err
        for name, payload in PAYLOADS.items():
            play = ("playbook", "run", f"play {payload}", ids[name]["account"])
            done = printed("--db", str(path), *play, terminal=False)
            assert done.code == 0, done.err
    shared(path, ids)
    shutil.copyfile(path, f"{settings_file}.db")
    return Book(path, settings_file, ids)


def shared(path: Path, ids: Mapping[str, Mapping[str, str]]) -> None:
    """Let each payload be the name of a machine, of its user, and what a conflict set aside."""
    for place, (name, payload) in enumerate(PAYLOADS.items()):
        cells = {"city": payload, "industry": payload}
        account = ids[name]["account"]
        clashing.clash(path, f"{place:032}{place:04}", "account", account, cells, cells)
        books.change(
            path,
            "INSERT INTO sync_device VALUES (?, ?, ?, 'B', '2026-11-22T09:30:00Z')",
            *(f"{place:08x}", payload, payload),
        )
    books.change(path, "INSERT INTO sync_state VALUES ('refused', ?)", "".join(PAYLOADS.values()))


@pytest.fixture
def copy(full: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Book:
    """Return a copy that a test may change."""
    path = tmp_path / "copy.db"
    shutil.copyfile(full.path, path)
    path.chmod(0o600)
    hub = str(tmp_path / "away")
    machine.write(path, Machine("0a1b2c3d", "laptop", hub, ("book",), "book", "book"))
    monkeypatch.setenv("ACCTCLI_CONFIG", str(full.settings))
    return full._replace(path=path)


# Every command

CALLS: Mapping[str, tuple[str, ...]] = {
    "sync init": ("{text}",),
    "sync join": ("{text}",),
    "sync take": ("0000",),
    "sync dismiss": ("0001", "0002"),
    "sync hand-over": ("{account}", "--to", "book"),
    "sync leave": ("--no-sync",),
    "sync member": ("add", "{text}"),
    "account add": ("{text}", "--duplicate", "--tag", "{text}"),
    "account merge": ("{account}", "{other account}", "--yes"),
    "account qualify": ("{account}", "--as", "customer", "--intent", "{text}", "--anyway"),
    "account timeline": ("{account}",),
    "account handover": ("{account}", "--to", "{text}"),
    "contact add": ("{text}", "--account", "{account}", "--title", "{text}", "--duplicate"),
    "contact edit": ("{contact}", "--title", "{text}"),
    "contact move": ("{contact}", "--to", "{other account}"),
    "contact link": ("{contact}", "--account", "{other account}"),
    "contact unlink": ("{contact}", "--account", "{other account}"),
    "contact merge": ("{contact}", "{other contact}", "--yes"),
    "account edit": ("{account}", "--industry", "{text}"),
    "account tag": ("{account}", "--add", "{text}"),
    "contact tag": ("{contact}", "--add", "{text}"),
    "deal tag": ("{deal}", "--add", "{text}"),
    "log add": ("{account}", "{text}", "--kind", "call", "--next", "{text}"),
    "log edit": ("{log}", "--outcome", "{text}"),
    "task add": ("{account}", "{text}", "--due", "fri"),
    "task snooze": ("{task}", "fri"),
    "account snooze": ("{account}", "fri"),
    "task edit": ("{task}", "--text", "{text}"),
    "deal add": ("{account}", "{text}", "--amount", "5k", "--currency", "SGD"),
    "deal edit": ("{deal}", "--competitor", "{text}"),
    "deal move": ("{deal}", "negotiation"),
    "deal lose": ("{deal}", "--reason", "{text}"),
    "deal item": ("{deal}", "--add", "{product}"),
    "deal contact": ("{deal}", "{contact}"),
    "deal reopen": ("{deal}",),
    "deal quote": ("{deal}", "--title", "{text}", "--tax", "9"),
    "quote edit": ("{quote}", "--title", "{text}"),
    "quote line": ("{quote}", "--add", "{text}", "--unit-price", "5"),
    "quote decline": ("{quote}", "--reason", "{text}"),
    "campaign add": ("New {text}", "{account}", "{contact}", "--source", "{text}"),
    "campaign edit": ("{campaign}", "--note", "{text}"),
    "campaign member": ("{campaign}", "{account}", "--state", "meeting"),
    "campaign export": ("{campaign}", "-f", "jsonl"),
    "campaign log": ("{campaign}", "{contact}", "email", "{text}"),
    "purchase add": ("{account}", "10 SGD", "--product", "{product}"),
    "purchase edit": ("{purchase}", "--amount", "5 SGD"),
    "purchase renew": ("{purchase}",),
    "purchase reconcile": ("{bank}", "--dry-run"),
    "product add": ("New {text}", "--family", "{text}"),
    "product edit": ("{product}", "--family", "{text}"),
    "playbook add": ("--example", "onboarding"),
    "playbook show": ("play {text}",),
    "playbook run": ("play {text}", "{account}", "--again"),
    "playbook stop": ("play {text}", "{account}"),
    "review run": ("{account}", "--summary", "{text}"),
    "review edit": ("{review}", "--summary", "{text}"),
    "search": ("quux",),
    "import": ("{file}", "--as", "account", "--dry-run"),
    "export": ("--as", "contact", "-f", "jsonl"),
    "config get": ("me.name",),
    "config set": ("me.name", "{text}"),
    "config unset": ("me.name",),
    "db restore": ("{backup}", "--yes"),
    "db query": ("SELECT * FROM account",),
    "completion": ("bash",),
    "mcp": ("--tools",),
}
"""How to call a command that takes more than the records it is about. {text} is the payload."""

BEFORE = {
    "contact unlink": "contact link",
    "quote accept": "quote send",
    "quote decline": "quote send",
}
"""What must be done before a command has something to do."""

REFUSED = {"product delete"}
"""Commands that are refused because the book is full; that is printed too."""

REFUSED |= {
    f"sync {verb}" for verb in ("init", "join", "now", "hand-over", "compact", "new-key", "member")
}
"""The book is shared, in a folder that is away."""

WITHOUT_TERMINAL = {"review run"}
"""Commands that ask questions on a terminal, where nobody answers here."""

NO_FORMATS = {"config path", "config set", "config unset", "config edit", "completion", "demo"}
NO_FORMATS |= {"export", "campaign export", "db shell", "help", "sync hub-sql"}
"""Commands without formats."""

QUOTING = {"config list", "config set", "export", "campaign export"}
"""Commands that print a notation with backslashes of its own, whatever the format."""

READERS = {"list", "show", "timeline", "tree", "dupes", "board", "forecast", "changes", "renewals"}
READERS |= {"today", "search", "history", "due", "report", "check", "score", "totals", "conflicts"}
"""What is in the name of the commands that take every format."""


COMMANDS = dict(root().every())


def words_of(name: str, book: Book, payload: str) -> tuple[str, ...]:
    """Return a command line that prints a payload's records."""
    own, others = book.ids[payload], book.ids["bidi" if payload != "bidi" else "control"]
    typed = CALLS.get(name)
    if typed is None:
        required = [str(p.name) for p in COMMANDS[name].params if p.required]
        # account, accounts, to: what a plain argument takes is a record of that kind.
        typed = tuple("{" + argument.removesuffix("s") + "}" for argument in required)
    known = {"text": PAYLOADS[payload], "summary": PAYLOADS[payload], **own}
    known |= {"file": str(book.path.with_name("rows.json")), "backup": str(book.settings) + ".db"}
    known |= {"bank": str(book.path.with_name("bank.csv"))}
    known |= {f"other {kind}": id for kind, id in others.items()}
    assert all(w[1:-1] in known for w in typed if w.startswith("{")), f"{name}: add it to CALLS"
    filled = tuple(known[w[1:-1]] if w.startswith("{") else w for w in typed)
    filled = tuple(w.replace("{text}", PAYLOADS[payload]) for w in filled)
    options = {option for p in COMMANDS[name].params for option in p.opts}
    return (*name.split(), *filled, *(["--yes"] * ("--yes" in options and "--yes" not in filled)))


@pytest.mark.slow
@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_prints_what_is_in_the_book_harmless(
    copy: Book, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [hostile("account", payload, {}) for payload in PAYLOADS.values()]
    copy.path.with_name("rows.json").write_text(json.dumps(rows), encoding="utf-8")
    paid = [["2026-10-01", "10.00", "SGD", payload] for payload in PAYLOADS.values()]
    statement = "".join(write_csv(["Date", "Amount", "Currency", "Description"], paid))
    copy.path.with_name("bank.csv").write_text(statement, encoding="utf-8", newline="")
    calls: set[tuple[str, ...]]
    if name == "demo":
        calls = {("demo", str(tmp_path / "demo.db"))}
    else:
        calls = {("--db", str(copy.path), *words_of(name, copy, p)) for p in PAYLOADS}
    for payload in PAYLOADS if name in BEFORE else ():
        first = ("--db", str(copy.path), *words_of(BEFORE[name], copy, payload))
        assert printed(*first, terminal=False).code == 0
    # So wide that no cell is wrapped and mixed with others.
    monkeypatch.setattr(theme, "MARKDOWN_WIDTH", 2000)
    before = copy.path.read_bytes()
    codes = set()
    for words in sorted(calls):
        formats = [("", False), ("", True)]
        if name not in NO_FORMATS:
            formats.append(("json", False))
        if READERS & {*name.split()}:
            formats += [("md", False), ("csv", True)]
        for format, terminal in formats:
            if terminal and name in WITHOUT_TERMINAL:
                continue
            asked = (*words, "-f", format) if format else words
            got = printed(*asked, terminal=terminal)
            quoting = "json" if name in QUOTING else format
            check(asked, got, terminal=terminal, format=quoting)
            codes.add(got.code)
            if format == "json" and got.code == 0:
                json.loads(got.out)
            if copy.path.read_bytes() != before:
                copy.path.write_bytes(before)
    assert (0 in codes) != (name in REFUSED), f"{name} refused every call: {got.err}"


# What is typed


@pytest.mark.slow
@pytest.mark.parametrize("name", COMMANDS)
def test_what_is_typed_comes_back_harmless_in_errors(
    copy: Book, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # a text that is taken for the name of a file makes that file
    head = ("--db", str(copy.path), *name.split())
    typed = PAYLOADS["control"] + PAYLOADS["bidi"]
    required = [typed for param in COMMANDS[name].params if param.required]
    lines = [(*head, typed), (*head, *required, typed), (*head, f"--{typed}"), (*head, "-f", typed)]
    for param in COMMANDS[name].params:
        if param.param_type_name == "option" and param.name not in NEEDS_NOBODY:
            lines.append((*head, *required, param.opts[0], typed))
    for words in lines:
        if name == "demo" or (name == "export" and "--output" in words):
            continue
        check(words, printed(*words, terminal=True), terminal=True)


NEEDS_NOBODY = {"help", "all", "output", "to"}
"""Options that get no hostile value: they name files to make."""


@pytest.mark.parametrize(
    "words",
    [
        ("{hostile}",),
        ("account", "{hostile}"),
        ("--today", "{hostile}", "today"),
        ("--db", "{hostile}", "account", "list"),
        ("import", "{hostile}"),
        ("import", "{hostile}.csv"),
        ("db", "restore", "{hostile}"),
        ("db", "query", "SELECT '{hostile}'"),
        ("db", "query", "{hostile}"),
        ("config", "set", "me.{hostile}", "x"),
        ("config", "get", "{hostile}"),
        ("account", "list", "--where", "name = '{hostile}' and"),
        ("account", "list", "--sort", "{hostile}"),
        ("account", "list", "--columns", "{hostile}"),
        ("history", "{hostile}"),
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("format", ["", "json"])
def test_errors_about_what_is_typed(copy: Book, words: tuple[str, ...], format: str) -> None:
    typed = [word.replace("{hostile}", "".join(PAYLOADS.values())) for word in words]
    asked = ("--db", str(copy.path), *typed, *(("-f", format) if format else ()))
    check(asked, printed(*asked, terminal=True), terminal=True, format="json")


def test_the_headers_and_cells_of_a_file_come_back_harmless(copy: Book, tmp_path: Path) -> None:
    odd = "".join(PAYLOADS.values()).replace("\r", "")
    for header, cell in (
        ("Name", odd),
        (odd, "x"),
        ("Close date", odd),
        (f"Name,{odd}", f"x,{odd}"),
    ):
        for kind in ("account", "deal"):
            file = tmp_path / "their.csv"
            file.write_text(f"{header}\n{cell}\n", encoding="utf-8")
            words = ("--db", str(copy.path), "import", str(file), "--as", kind, "--dry-run")
            for terminal in (True, False):
                check(words, printed(*words, terminal=terminal), terminal=terminal, format="md")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("account", "segments"), "segment "),
        (("account", "list", "--segment", "segment {text}"), ""),
        (("today", "--segment", "segment {text}"), ""),
        (("account", "segments", "--delete", "segment {text}"), "segment "),
        (("contact", "segments"), "segment "),
        (("contact", "list", "--segment", "segment {text}"), ""),
        (("deal", "segments"), "segment "),
        (("deal", "list", "--segment", "segment {text}"), ""),
        (("import", "--presets"), "preset "),
        (("import", "--delete-preset", "preset {text}"), "preset "),
        (("import", "{file}", "--preset", "preset {text}", "--dry-run"), ""),
        (("account", "list", "--tier", "tier {text}"), ""),
        (("account", "edit", "{account}", "--tier", "nope"), "tier "),
        (("deal", "move", "{deal}", "nope"), "stage "),
        (("account", "edit", "{account}", "--set", "choice=nope"), ""),
    ],
    ids=" ".join,
)
def test_names_that_people_gave_to_settings_are_harmless(
    copy: Book, words: tuple[str, ...], says: str
) -> None:
    before = copy.path.read_bytes()
    for name, payload in PAYLOADS.items():
        known = {"text": payload, "file": str(copy.path.with_name("rows.json")), **copy.ids[name]}
        rows = [hostile("account", payload, {})]
        copy.path.with_name("rows.json").write_text(json.dumps(rows), encoding="utf-8")
        for terminal, format in ((True, ""), (False, "json")):
            typed = [word.format(**known) for word in words]
            asked = ("--db", str(copy.path), *typed, *(("-f", format) if format else ()))
            got = printed(*asked, terminal=terminal)
            check(asked, got, terminal=terminal, format="json")
            assert says in got.out + got.err
            copy.path.write_bytes(before)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_offers_nothing_that_acts(
    copy: Book, shell: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("_ACCT_COMPLETE", shell)
    monkeypatch.setenv("ACCTCLI_DB", str(copy.path))
    line = "acct account show "
    asked = [line, " "] if shell == "bash" else ["account", "show", ""]
    got = printed(*asked, terminal=False)
    assert got.out
    assert what_acts(got.out) == set()


# Real terminals and pipes

ON_A_PTY = [
    ("account", "list"),
    ("today",),
    ("account", "show", "{account}"),
    ("log", "show", "{log}"),
    ("deal", "list", "-f", "csv"),
    ("export", "--as", "log"),
    ("account", "show", "{text}{text}"),
]


@pytest.mark.skipif(os.name != "posix", reason="only POSIX has ptys")
@pytest.mark.parametrize("words", ON_A_PTY, ids=" ".join)
def test_on_a_real_terminal(copy: Book, words: tuple[str, ...]) -> None:
    import pty

    known = {"text": PAYLOADS["control"], **copy.ids["control"]}
    filled = [word.format(**known) for word in words]
    end, begin = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "acctcli", "--db", copy.path, *filled],
        stdin=begin,
        stdout=begin,
        stderr=begin,
        env={**os.environ, "TERM": "xterm-256color", "COLUMNS": "120"},
    ) as process:
        os.close(begin)
        seen = b""
        while data := read_or_end(end):
            seen += data
    os.close(end)
    assert process.returncode == (3 if "{text}{text}" in words else 0)
    assert seen
    assert (
        what_acts(seen.decode().replace("\r\r\n", "\n").replace("\r\n", "\n"), colours=True)
        == set()
    )


def read_or_end(terminal: int) -> bytes:
    """Return what a program wrote to its terminal; nothing once it has exited (Linux says EIO)."""
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""


def test_csv_in_a_pipe_is_the_text_as_it_is(copy: Book) -> None:
    got = printed("--db", str(copy.path), "product", "list", "-f", "csv", terminal=False)
    assert all(payload in got.out for payload in PAYLOADS.values())


def test_json_holds_the_text_as_it_is(copy: Book) -> None:
    got = printed("--db", str(copy.path), "product", "list", "-f", "json", terminal=False)
    assert {row["name"] for row in json.loads(got.out)} == set(PAYLOADS.values())
