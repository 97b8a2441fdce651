"""Keep the documentation true: run its examples and write the command reference.

Every fenced block marked `console` in README.md and docs/*.md runs from top to
bottom, with one book per page, and the output of the program replaces the old
output. `--check` changes nothing and fails if anything would change.

The pictures of its screens are drawn by `pictures.py`, from a real terminal.

A page runs on a fixed day with fixed ids, so that the output is the same on
every machine. `<!-- clock 2026-11-22 17:30 -->` before a block sets the time for what
follows. A line with a pipe or a redirection goes through the shell. If a
page needs a program that is not installed, it stays as it is, with a message
(and with ACCTCLI_NO_SKIPS, as in CI, the script then fails).
"""

from __future__ import annotations

import contextlib
import io
import os
import random
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

TODAY = "2026-11-22"
NOW = 1_795_348_800 * 10**9  # noon of that day, in nanoseconds
ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "docs" / "reference.md"
TOPICS = ROOT / "docs" / "topics.md"
SYSTEMS = ROOT / "docs" / "systems.md"
OURS = {REFERENCE, TOPICS, SYSTEMS}
PAGES = [ROOT / "README.md", *sorted({*(ROOT / "docs").glob("*.md"), *OURS})]
MANUAL = ROOT / "docs" / "man"
BLOCK = re.compile(r"(?ms)^```console\n(.*?)^```$")
CLOCK = re.compile(r"(?m)^<!-- clock (.*) -->$")
OTHER_PROGRAMS = ("jq", "sqlite3")

os.environ |= {
    "TZ": "UTC",
    "COLUMNS": "80",
    "LINES": "40",
    "PAGER": "cat",
    "NO_COLOR": "1",
    "ACCTCLI_TODAY": TODAY,
}
os.environ |= {"LC_ALL": "C.UTF-8"}
os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"


class Screen(io.TextIOWrapper):
    """A stdout or stderr in memory that claims to be a terminal."""

    def __init__(self, buffer: io.BytesIO) -> None:
        super().__init__(buffer, encoding="utf-8", newline="", write_through=True)

    def isatty(self) -> bool:
        """Say that this is a terminal."""
        return True


def run_acct(words: list[str]) -> str:
    """Return what a terminal shows for one command, stdout and stderr together."""
    from acctcli.main import run

    screen = Screen(io.BytesIO())
    with contextlib.redirect_stdout(screen), contextlib.redirect_stderr(screen):
        run(words)
    assert isinstance(screen.buffer, io.BytesIO)
    return screen.buffer.getvalue().decode()


def run_line(line: str) -> str:
    """Return what a terminal shows for one line of an example."""
    if re.search(r"[|<>&;]", re.sub(r"'[^']*'|\"[^\"]*\"", "", line)):
        done = subprocess.run(
            ["bash", "-c", line], capture_output=True, text=True, check=False, env=os.environ
        )
        return done.stdout + done.stderr
    words = shlex.split(line)
    if words[0] == "export":
        name, _, value = words[1].partition("=")
        os.environ[name] = value
        return ""
    if words[0] == "acct":
        return run_acct(words[1:])
    done = subprocess.run(words, capture_output=True, text=True, check=False, env=os.environ)
    return done.stdout + done.stderr


def date_files(home: Path) -> None:
    """Date the files of a shared book by the clock of the page: a status shows their times."""
    from acctcli.values.typed_moments import read_clock

    now = read_clock(os.environ["ACCTCLI_TODAY"]).now.timestamp()
    for file in (*home.glob("*.sync.lock"), *home.glob("**/*.acct")):
        os.utime(file, (now, now))


def run_block(block: str) -> str:
    """Return the block with the output of each `$` line after it."""
    shown = []
    for line in block.splitlines():
        if line.startswith("$ "):
            shown.append(line)
            output = run_line(line.removeprefix("$ ")).replace(os.environ["HOME"], "~")
            date_files(Path(os.environ["HOME"]))
            shown += [part.rstrip() for part in output.rstrip("\n").split("\n")] if output else []
    return "\n".join(shown) + "\n"


@contextlib.contextmanager
def fresh_machine() -> Iterator[None]:
    """Run in an empty home without a book, in a folder of its own, with ids from a seed."""
    chance = random.Random(7)
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        places = {
            "HOME": name,
            "XDG_DATA_HOME": str(home / ".local/share"),
            "XDG_CONFIG_HOME": str(home / ".config"),
            "USER": "kim",
        }
        with (
            mock.patch.dict(os.environ, places),
            mock.patch("acctcli.ids.random_bytes", chance.randbytes),
            # Ids that are made from other ids, as those of a playbook's tasks, are the same too.
            mock.patch("acctcli.ids.time", SimpleNamespace(time_ns=lambda: NOW)),
            mock.patch("acctcli.ids._last_stamp", 0),
            # A slow machine shows no progress that a fast one does not.
            mock.patch("acctcli.render.waiting.SILENT_SECONDS", float("inf")),
        ):
            for name in ("ACCTCLI_DB", "ACCTCLI_CONFIG"):
                os.environ.pop(name, None)
            for folder in (ROOT / "docs" / "data").glob("*"):
                shutil.copy(folder, home)
            os.chdir(home)
            try:
                yield
            finally:
                os.chdir(before)
                os.environ.pop("ACCTCLI_DB", None)


def refreshed(page: str) -> str:
    """Return the text of a page with the output of every example refreshed."""
    parts, start = [], 0
    with fresh_machine():
        for found in BLOCK.finditer(page):
            between = page[start : found.start()]
            for clock in CLOCK.findall(between):
                os.environ["ACCTCLI_TODAY"] = clock
            parts += [between, f"```console\n{run_block(found[1])}```"]
            start = found.end()
    return "".join([*parts, page[start:]])


def missing_programs(page: str) -> list[str]:
    """Return the programs that the examples of a page call and that are not installed."""
    lines = [line for block in BLOCK.findall(page) for line in block.splitlines()]
    called = {p for p in OTHER_PROGRAMS for line in lines if re.search(rf"^\$.*\b{p}\b", line)}
    return sorted(p for p in called if shutil.which(p) is None)


def reference() -> str:
    """Return the command reference: the help of every command, in the order of `acct --help`."""
    from acctcli.main import COMMANDS

    parts = [
        "# Command reference\n",
        "Generated from the program by `make docs`. `acct COMMAND --help` prints the same text.\n",
        f"```text\n{run_acct(['--help'])}```\n",
    ]
    for name in COMMANDS:
        parts.append(f"## acct {name}\n\n```text\n{run_acct([name, '--help'])}```\n")
        for verb in verbs_of(name):
            parts.append(
                f"### acct {name} {verb}\n\n```text\n{run_acct([name, verb, '--help'])}```\n"
            )
    return re.sub(r"[ \t]+\n", "\n", "\n".join(parts))


def topics() -> str:
    """Return the help topics as one page, with what days and amounts mean on a fixed day."""
    from acctcli import topics
    from acctcli.values.typed_moments import read_clock

    parts = [
        "# Help topics\n\nGenerated from the program by `make docs`. `acct help TOPIC` prints the "
        f"same text for your day and currency. Here today is {TODAY} and the currency is USD.\n"
    ]
    for name in topics.TOPICS:
        parts.append(re.sub(r"(?m)^#", "##", topics.markdown(name, read_clock(TODAY), "USD")))
    return "\n".join(parts)


def systems() -> str:
    """Return the page of the tables that an import knows, and of what other systems cannot hold."""
    from acctcli.interop import exporters, headers
    from acctcli.interop.wizards import PRESETS, files_of
    from acctcli.model import KINDS

    tables = exporters.known()
    parts = [
        "# Files of other systems\n\nGenerated from the tables of the program by `make docs`. "
        "`acct import` knows these exports by their header, whatever further columns they have, "
        "and says which it read. A field with several columns takes the first that is filled; "
        "`+` joins columns; a list takes all of them.\n"
    ]
    for system in dict.fromkeys(table.system for table in tables):
        parts.append(f"## {system}\n\n| export | becomes | columns |\n|---|---|---|")
        for table in tables:
            if table.system == system:
                found = "; ".join(
                    f"{field} ← {', '.join(' + '.join(way) for way in ways)}"
                    for field, ways in table.columns.items()
                )
                parts.append(f"| {table.object} | {table.kind} | {found} |")
        parts.append("")
    parts.append(
        "## What the imports of other systems cannot hold\n\n`acct export --preset SYSTEM DIR` "
        "writes a file per object, and counts what your book has of these fields.\n\n"
        "| system | records without a file | fields without a column |\n|---|---|---|"
    )
    for preset in PRESETS:
        files = files_of(preset)
        kinds = {file.kind for file in files}
        without = [kind.plural for name, kind in KINDS.items() if name in NOUNS - kinds]
        lacking = []
        for name in sorted(kinds, key=list(KINDS).index):
            held = {field for file in files if file.kind == name for field in file.held}
            free = [
                field.label
                for field in KINDS[name].fields.values()
                if field.name not in {*held, *UNSAID} and not field.derived
            ]
            lacking.append(f"{KINDS[name].name}: {', '.join(free)}")
        parts.append(f"| {preset} | {', '.join(without)} | {'; '.join(lacking)} |")
    parts.append(
        "\n## Other columns\n\nIn any other file, a column is found by one of these names. They "
        "compare without case, blanks and punctuation.\n"
    )
    for kind, fields in headers.words().items():
        parts.append(f"### {KINDS[kind].plural.capitalize()}\n\n| field | columns |\n|---|---|")
        parts += [_words_of(field, names) for field, names in fields.items()]
        parts.append("")
    parts.append(
        "## Columns in German, French, Spanish and Dutch\n\nAn import says which columns it read "
        "by one of these.\n"
    )
    for kind, fields in headers.words(headers.ABROAD).items():
        parts.append(f"### {KINDS[kind].plural.capitalize()} abroad\n")
        parts.append("| field | columns |\n|---|---|")
        parts += [_words_of(field, names) for field, names in fields.items()]
        parts.append("")
    return "\n".join(parts).rstrip() + "\n"


def _words_of(field: str, names: Sequence[str]) -> str:
    return f"| {field} | {', '.join(' '.join(name.split()) for name in names)} |"


NOUNS = {"account", "contact", "log", "task", "deal", "purchase", "product", "review"}
UNSAID = ("id", "number", "created_at", "updated_at", "archived_at")
"""Fields that a system has of its own."""

GENERATED = {REFERENCE: reference, TOPICS: topics, SYSTEMS: systems}
"""The pages that are written as a whole, each with what writes it."""


def written_manual(*, check: bool) -> list[str]:
    """Write the manual pages unless `check`, and return the names of those that differed."""
    sys.path.insert(0, str(ROOT))
    from docs import manual

    pages = manual.pages(TODAY)
    there = {page.name: page.read_text(encoding="utf-8") for page in MANUAL.glob("*.1")}
    stale = [name for name in pages.keys() | there.keys() if pages.get(name) != there.get(name)]
    if not check:
        MANUAL.mkdir(exist_ok=True)
        for name in stale:
            if name in pages:
                (MANUAL / name).write_text(pages[name], encoding="utf-8")
            else:
                (MANUAL / name).unlink()
    return [f"docs/man/{name}" for name in sorted(stale)]


def verbs_of(name: str) -> list[str]:
    """Return the commands of a noun; none for a command at the top level."""
    from acctcli.cli.kit.commands import LazyGroup
    from acctcli.main import root

    command = root().get_command(None, name)
    return command.list_commands(None) if isinstance(command, LazyGroup) else []


def refreshed_pictures(*, check: bool) -> list[str]:
    """Draw the pictures that are out of date, or with `check` only name them."""
    from docs import pictures

    with fresh_machine():
        book = Path("book.db").resolve()
        run_acct(["demo", str(book)])
        return [str(path.relative_to(ROOT)) for path in pictures.refresh(book, check=check)]


def main() -> int:
    """Refresh every page, or with --check report which ones are out of date."""
    check = "--check" in sys.argv[1:]
    stale = []
    skipped = 0
    for page in PAGES:
        before = page.read_text(encoding="utf-8") if page.exists() else ""
        missing = missing_programs(before)
        if missing:
            print(f"{page.relative_to(ROOT)}: skipped, needs {', '.join(missing)}")
            skipped += 1
            continue
        after = GENERATED[page]() if page in GENERATED else refreshed(before)
        if after != before:
            stale.append(str(page.relative_to(ROOT)))
            if not check:
                page.write_text(after, encoding="utf-8")
    stale += written_manual(check=check)
    from docs import pictures

    missing = pictures.missing_programs()
    if missing:
        print(f"docs/pictures: skipped, needs {', '.join(missing)}")
        skipped += 1
    else:
        stale += refreshed_pictures(check=check)
    if stale and check:
        print(f"out of date: {', '.join(stale)}. Refresh them with: make docs", file=sys.stderr)
        return 1
    done = "out of date" if check else "refreshed"
    print(f"{len(PAGES)} pages and the pictures, {len(stale)} {done}")
    return 1 if skipped and os.environ.get("ACCTCLI_NO_SKIPS") else 0


if __name__ == "__main__":
    sys.exit(main())
