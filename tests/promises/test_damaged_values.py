"""An invalid stored value never makes a screen unusable.

Another program wrote a value that its column cannot have: a day that does not exist, a word outside
the vocabulary, bytes that are no text. Every command that reads still answers; `db check` names the
table, the column and the record; the commands that write can correct it, and `undo` restores it.

CI damages every column at once, each in another row, and runs a sample of the commands. With
ACCTCLI_LONG_TESTS all commands run in all formats, thirty times over, and each column is damaged by
itself with every invalid value.
"""

from __future__ import annotations

import os
import random
import shlex
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from tests.books import configure
from tests.conftest import TODAY, Program, Result
from tests.promises.processes import LONG
from tests.store.sync import clashing

from acctcli import text
from acctcli.main import root
from acctcli.model import NOUNS
from acctcli.render.emit import FORMATS
from acctcli.store import migrations, sanity
from acctcli.store.sync import machine
from acctcli.store.sync.machine import Machine

CONFIG = """
[me]
name = "Kim"
currency = "SGD"

[fields.account.segment]
type = "text"

[fields.account.renewed]
type = "date"

[fields.account.seats]
type = "integer"

[fields.deal.margin]
type = "number"

[rates]
base = "SGD"
USD = 1.35
EUR = 1.45
GBP = 1.7

[quota]
total = "500k"

[icp.industry]
match = { energy = 10, retail = 6 }

[icp.size]
field = "employees"
at_least = [[50, 4], [200, 7]]

[icp.seats]
at_least = [[10, 5]]
"""

REQUIRED = """
[required.all]
account = ["industry", "segment"]
"""
"""Required fields that the sample book does not satisfy."""

WRITTEN = """
account edit greentech --set segment=north --set renewed=2026-05-01 --set seats=40
account plan greentech --goal "Every site" --objective "First phase::2026-12-15"
account list --tier key --where "last_touch < -3d" --save "Key ones"
account list --tier growth --save "Growing ones"
account add "Orchidea Mutual" --tier key --duplicate
contact add "Mei Tan" --account kisarabe --email mei@elsewhere.test --duplicate
contact link mei@elsewhere.test --account greentech --role coach
contact move "Raj Nair" --to "Orchidea Mutual Bank" --on 2026-11-01
deal edit "platform rollout" --set margin=12.5
deal item "platform rollout" --add "Premium Support" --quantity 3 --unit-price 1200 --discount 5
deal contact "platform rollout" "Ana Lim" --role economic-buyer
deal edit "platform rollout" --close 2027-01-31
review run greentech --summary "On track" --risk "Single champion" --next-review 2026-12-01
task add greentech "Send the figures" --due 2026-11-10 --every 1m --contact "Ana Lim"
task snooze "send the figures" 2026-11-23
account edit kisarabe --snoozed-until 2026-11-24
account edit greentech --other-website greentech.example --other-phone "+65 6123 4568" --alias GT
account edit greentech --link "Plan https://plan.example/1"
contact edit "Ana Lim" --alias "A. Lim" --profile x.com/analim --tag golf --birthday 1980-02-03
deal edit "platform rollout" --tag big --link https://quote.example/1
deal edit "platform rollout" --amount +1k --note "One site more"
deal quote "platform rollout" --tax 9 --contact "Ana Lim" --intro "As discussed" --terms "30 days"
quote line Q-2026-0001 1 --recurring yearly --starts 2027-01-01
quote send Q-2026-0001
quote decline Q-2026-0001 --reason Price
deal quote "platform rollout"
log survey kisarabe "Would recommend us" --csat 4
task add greentech "Demo" --at "2026-12-01 14:30" --duration 1h --place "Room 4"
deal forecast --commit 450k --period 2027
campaign add "Spring push" greentech "Ana Lim" --starts 2026-11-01 --ends 2026-12-01 --note Visit
campaign member "Spring push" "Ana Lim" --state replied
campaign log "Spring push" greentech email "Sent the offer"
deal edit "platform rollout" --campaign "Spring push"
playbook add --example onboarding
playbook add --example renewal
playbook run onboarding kisarabe
playbook run onboarding "platform rollout"
playbook run --due
playbook stop onboarding "Kisarabe Seimitsu KK" --yes
account tag greentech --add expo
undo
"""
"""What the sample book lacks: a row in every table, and each field with a value somewhere."""

IMPORTED = "Id,name,industry,segment\n77,Fresh Foods,food,south\n"

READING: dict[str, Sequence[str]] = {
    "today": (
        "",
        "--all --explain",
        "--account {account}",
        "--segment 'Key ones'",
        "--group {account}",
    ),
    "account list": (
        "",
        "--archived --sort -last_touch,next_step,renewed,seats,annual_revenue,created_at",
        "--where 'last_touch < -1d or next_step > today or annual_revenue > 1k or tier = key'",
        "--where 'seats > 3 or renewed < today or created_at < today or employees > 10'",
        "--columns number,name,tier,status,kind,parent,annual_revenue,tags,cadence_days,"
        "snoozed_until,last_touch,next_step,segment,renewed,seats,country,phone,website",
        "--segment 'Key ones'",
    ),
    "account show": ("{account}",),
    "account timeline": (
        "{account}",
        "{account} --since 2026-01-01 --limit 5",
        "--group {account}",
    ),
    "account tree": ("", "{account}"),
    "account dupes": ("--likeness 60",),
    "account plan": ("{account}",),
    "account score": ("", "{account} --explain"),
    "account segments": ("",),
    "contact segments": ("",),
    "deal segments": ("",),
    "contact list": ("--sort -last_touch,since", "--account {account}", "--group {account}"),
    "contact show": ("{contact}",),
    "contact dupes": ("--likeness 60",),
    "contact map": ("{account}",),
    "log list": (
        "--sort at,-duration,score,resolved_at --account {account}",
        "--since 2026-10-01 --until 2026-11-20",
        "--where 'at > -60d and duration > 5m'",
    ),
    "log show": ("{log}",),
    "task list": ("--all --sort due,done_at,snoozed_until", "--overdue", "--due-by 2026-12-31"),
    "deal list": (
        "--sort -amount,probability,stage,close_date,next_step",
        "--closing 'this quarter'",
        "--where 'amount > 10k and close_date < 2027-06-01 or probability > 20 or margin > 3'",
    ),
    "deal show": ("{deal}",),
    "quote list": ("--sort -gross,valid_until,version", "--where 'gross > 1k or status = sent'"),
    "quote show": ("{quote}",),
    "quote line": ("{quote}",),
    "deal board": ("",),
    "deal changes": ("--since 2026-06-01",),
    "deal forecast": ("--by owner", "--by tier", "--period 'next quarter'"),
    "purchase list": ("--sort -amount,ends_on,quantity", "--where 'ends_on > today'"),
    "purchase show": ("{purchase}",),
    "purchase renewals": ("--days 400",),
    "campaign list": ("--sort -starts_on,members", "--where 'starts_on > 2026-01-01'"),
    "campaign show": ("{campaign}",),
    "campaign member": ("{campaign}", "{campaign} --state replied"),
    "campaign report": ("",),
    "campaign export": ("{campaign}",),
    "purchase totals": ("", "--period 2026"),
    "product list": ("--sort -price",),
    "product show": ("{product}",),
    "playbook list": ("",),
    "playbook show": ("onboarding", "renewal"),
    "review due": ("--within 400",),
    "review list": ("--sort -health,next_review",),
    "review show": ("{review}",),
    "review health": ("", "{account} --explain"),
    "review brief": ("{account}",),
    "report pipeline": ("", "--as-of 2026-09-30"),
    "report retention": ("",),
    "report whitespace": ("",),
    "report activity": ("", "--period 2026-08-01..2026-11-15"),
    "report performance": ("", "--by owner"),
    "report sources": ("",),
    "report renewals": ("",),
    "report winloss": ("", "--period 2026"),
    "report week": ("", "2026"),
    "report quality": ("", "--account {account}"),
    "search": ("green", "--kind contact tan"),
    "export": tuple(f"--as {kind}" for kind in NOUNS),
    "history": ("", "{account}", "{deal} --since 2026-01-01", "{contact}", "--kind deal"),
    "undo": ("--dry-run",),
    "import": ("--presets", "{file} --as account --dry-run --key Id"),
    "config list": ("",),
    "config get": ("me.name",),
    "db path": ("",),
    "db check": ("",),
    "db backup": ("--list",),
    "sync status": ("",),
    "sync conflicts": ("", "{account}", "--all"),
    "db tables": ("",),
    "db schema": ("",),
    "db query": ("'SELECT * FROM account'", "'SELECT * FROM change'"),
}
"""How each command that reads is called; `{account}` and the like are ids."""

NOT_READING = """
account add, account edit, account tag, account snooze, account archive, account delete,
account merge, account qualify, account handover,
contact add, contact edit, contact move, contact link, contact unlink, contact delete,
contact merge, contact tag,
log call, log email, log meeting, log demo, log proposal, log social, log note, log ticket,
log survey, log add, log edit, log delete, task add, task done, task snooze, task reopen,
task edit, task delete, deal add, deal edit, deal move, deal win, deal lose, deal reopen,
deal tag, deal delete, deal item, deal contact, deal quote, quote edit, quote send, quote accept,
quote decline, quote delete, campaign add, campaign edit, campaign log, campaign delete,
purchase add, purchase renew, purchase edit, purchase reconcile,
purchase delete, product add, product edit, product delete, review run, review edit, review delete,
playbook add, playbook run, playbook stop,
sync init, sync join, sync now, sync take, sync dismiss, sync hand-over, sync compact, sync leave,
sync new-key, sync member, sync hub-sql,
config path, config set, config unset, config edit, db init, db restore, db shell, completion, demo,
help, mcp
"""
"""Commands that write, and those that do not need a book."""

LISTS = ("json", "table", "csv", "md", "tsv", "ids") if LONG else ("json", "table", "csv")
PAGES = {
    **dict.fromkeys(
        (
            *("account show", "account score", "account plan", "account tree", "contact show"),
            *("contact map", "log show", "deal show", "quote show", "deal board", "deal forecast"),
            *(
                "purchase show",
                "product show",
                "playbook show",
                "campaign show",
                "campaign report",
                "review show",
                "review health",
                "review brief",
            ),
            *("import", "report pipeline", "report quality", "report performance", "report week"),
            "sync status",
        ),
        ("json", "table", "md") if LONG else ("json", "table"),
    ),
    "export": ("json", "csv", "jsonl") if LONG else ("json", "csv"),
    "campaign export": ("json", "csv", "jsonl") if LONG else ("json", "csv"),
}
"""The formats that lists have, and those of commands that show something else."""


class Damage(NamedTuple):
    """An invalid value for one column of one row."""

    table: str
    column: str
    value: Any
    row: int

    @property
    def name(self) -> str:
        """The name of the case in a failing test."""
        return f"{self.table}.{self.column} = {self.value!r} (row {self.row})"


DAYS = ("", "soon", "2026-13-45", "2026-02-30", "9999-12-31", "0001-01-01", "2026-11-22T09:00:00Z")
MOMENTS = ("", "yesterday", "2026-11-22", "2026-13-45T10:00:00Z", "9999-12-31T23:59:59Z")
NUMBERS = (-1, 2**63 - 1, 101)
WORDS = ("", "nonsense")
BYTES = b"Gr\xfcn\xff\x00\x9f"
TEXTS = ("", "   ", "two\nlines", "x" * 600)

NOBODY = "00000000-0000-7000-8000-000000000000"

FITTING: dict[str, Sequence[Any]] = {
    "day": DAYS,
    "moment": MOMENTS,
    "integer": NUMBERS,
    "percent": NUMBERS,
    "minutes": NUMBERS,
    "money": NUMBERS,
    "number": (-1.5, 1e300, float("inf")),
    "flag": (2, -1),
    "choice": WORDS,
    "tier": WORDS,
    "stage": WORDS,
    "currency": ("", "XX?", "usd", "BTC"),
    "country": ("", "Singapore", "ZZ"),
    "every": ("", "often", "0d"),
    "ref": ("", NOBODY),
    "email": ("", "nobody", "@"),
    "phone": ("", "call me", "+"),
}
"""Invalid values of a column, by its content."""


def fitting(table: str, column: str, declared: str) -> Sequence[Any]:
    """Return the invalid values for a column of a table."""
    own = IDS if column == "id" else OWN.get((table, column))
    if own is not None:
        return own
    field = sanity.field_of(table, column)
    kind = field.type if field is not None else ""
    if (column, table) == (sanity.LISTS.get(table, ("",))[0], table):
        kind = sanity.LISTS[table][1]
    if column in ("created_at", "updated_at") or (table, column) == ("command", "at"):
        kind = "moment"
    elif column.endswith("_id") and column != "record_id":
        kind = "ref"
    if declared == "TEXT":
        return (*FITTING.get(kind, TEXTS), BYTES)
    return FITTING.get(kind, NUMBERS)


IDS = ("", "gone", BYTES)
JSON = ("", "no json", "[]", "null", "{}", '{"id": 5}', "9" * 400)
OWN: dict[tuple[str, str], Sequence[Any]] = {
    ("account", "number"): ("", "A-", "nonsense", BYTES),
    ("custom", "value"): ("", "nonsense", "2026-13-45", "1e999", BYTES),
    ("custom", "kind"): ("", "planet", BYTES),
    ("deal_change", "old"): ("", "2026-13-45", "12.5", "limbo", BYTES),
    ("deal_change", "new"): ("", "2026-13-45", "12.5", "limbo", BYTES),
    ("review_input", "input"): ("", "touch", "touch=many", "=", BYTES),
    ("segment", "filters"): ("", "'", "--nonsense", "--where 'tier ='", BYTES),
    ("added", "tbl"): ("", "planet", BYTES),
    ("added", "kind"): ("", "planet", BYTES),
    ("added", "rows"): (*JSON, '["id", 5]', BYTES),
    ("change", "before"): (*JSON, BYTES),
    ("change", "after"): (*JSON, BYTES),
    ("change", "tbl"): ("", "planet", BYTES),
    ("change", "kind"): ("", "planet", BYTES),
    ("change", "op"): ("", "explode"),
    ("command", "undoes"): (-1, 2**63 - 1),
    ("command", "undone_by"): (-1, 2**63 - 1),
    ("preset", "options"): (*JSON, BYTES),
    ("search_doc", "kind"): ("", "planet", BYTES),
}
"""Columns with their own rules, and their invalid values."""

UNTOUCHED = {
    ("command", "seq"),
    ("added", "seq"),
    ("change", "seq"),
    ("search_doc", "doc"),
    ("command", "file_change"),
    ("command", "file_schema"),
}
"""Numbers from SQLite, and the marks of a sound book, which no value can fake."""


def columns(path: Path) -> Iterator[tuple[str, str, str]]:
    """Every table, column and declared type of a book; the index's own tables are SQLite's."""
    with closing(sqlite3.connect(path)) as con:
        for table in (*sanity.RECORDS, *sanity.LOCAL):
            for _, column, declared, *_ in con.execute(f'PRAGMA table_info("{table}")').fetchall():
                if (table, column) not in UNTOUCHED:
                    yield table, column, declared


def damage(path: Path, damages: Sequence[Damage]) -> None:
    """Write what another program may have written, whatever the file's constraints."""
    with closing(sqlite3.connect(path)) as con, con:
        con.execute("PRAGMA ignore_check_constraints = ON")
        con.execute("PRAGMA foreign_keys = OFF")
        for table, column, value, row in damages:
            mark = "CAST(? AS TEXT)" if isinstance(value, bytes) else "?"
            con.execute(f'UPDATE "{table}" SET "{column}" = {mark} WHERE rowid = ?', (value, row))


def rows(path: Path, table: str) -> list[int]:
    """Return the rows of a table, except those that the commands name by id."""
    asked = tuple(ids_of(path).values())
    key = "id" if table in sanity.RECORDS else "0"
    with closing(sqlite3.connect(path)) as con:
        found = con.execute(
            f'SELECT rowid FROM "{table}" WHERE {key} NOT IN ({", ".join("?" * len(asked))}) '
            "ORDER BY rowid",  # ids are new each time: without an order, a seed would not be a case
            asked,
        )
        return [row for (row,) in found]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a book with rows in every table, and every field with a value somewhere."""
    from acctcli.main import run as main

    folder = tmp_path_factory.mktemp("damaged")
    path = folder / "book.db"
    (folder / "fresh.csv").write_text(IMPORTED)
    names = {"ACCTCLI_CONFIG": str(folder / "config.toml"), "ACCTCLI_TODAY": TODAY}
    before = dict(os.environ)
    os.environ.update(names)
    try:
        assert main(["demo", str(path)]) == 0
        configure(folder, CONFIG, book=path)
        commands = [shlex.split(line) for line in WRITTEN.strip().splitlines()]
        fresh = str(folder / "fresh.csv")
        commands.append(
            ["import", fresh, "--as", "account", "--key", "Id", "--save-preset", "mine"]
        )
        for words in commands:
            assert main(["--db", str(path), *words]) == 0, words
        configure(folder, CONFIG + REQUIRED, book=path)
    finally:
        os.environ.clear()
        os.environ.update(before)
    with closing(sqlite3.connect(path)) as con, con:
        for kind in ("account", "contact"):
            con.execute(
                f"INSERT INTO distinct_{kind} SELECT substr('{NOBODY}', 1, 35) || rowid, "
                "created_at, updated_at, updated_by, id, "
                f"(SELECT id FROM {kind} LIMIT 1 OFFSET 1) FROM {kind} LIMIT 1"
            )
        # What a bundle leaves, and an erased person.
        con.execute("INSERT INTO bundle SELECT seq, 'a1', 'Kim', at FROM command LIMIT 1")
        con.execute("INSERT INTO erased VALUES (?)", (NOBODY[:-1] + "1",))
        (account,) = con.execute("SELECT id FROM account ORDER BY id LIMIT 1").fetchone()
    away = str(folder / "away")
    machine.write(path, Machine("0a1b2c3d", "laptop", away, ("book",), "book", "book"))
    clashing.laptop(path)
    clashing.clash(path, f"{0:036}", "account", account, {"city": "Rome"}, {"city": "Oslo"})
    assert [one for one in (*sanity.RECORDS, *sanity.LOCAL) if not rows(path, one)] == []
    return path


def ids_of(path: Path) -> dict[str, str]:
    """Return the records that the commands are called with: those of the account with most data."""
    with closing(sqlite3.connect(path)) as con:
        account = con.execute("SELECT id FROM account WHERE name LIKE 'GreenTech%'").fetchone()[0]
        found = {"account": account}
        for kind in ("contact", "deal", "log", "review", "purchase", "quote"):
            found[kind] = con.execute(
                f"SELECT id FROM {kind} WHERE account_id = ? ORDER BY id DESC", (account,)
            ).fetchone()[0]
        found["quote_line"] = con.execute(
            "SELECT id FROM quote_line WHERE quote_id = ?", (found["quote"],)
        ).fetchone()[0]
        found["task"] = con.execute("SELECT id FROM task WHERE every IS NOT NULL").fetchone()[0]
        found["segment"] = con.execute("SELECT id FROM segment WHERE name = 'Key ones'").fetchone()[
            0
        ]
        found["campaign"] = con.execute(
            "SELECT id FROM campaign WHERE name = 'Spring push'"
        ).fetchone()[0]
        found["product"] = con.execute("SELECT id FROM product ORDER BY id").fetchone()[0]
    return found


def test_every_command_is_known_to_read_or_not() -> None:
    others = {name.strip() for name in NOT_READING.split(",")}
    unknown = [name for name, _ in root().every() if name not in READING and name not in others]
    assert not unknown, "say in READING how to call them, or put them into NOT_READING"


@pytest.fixture(scope="module")
def calls(sound: Path) -> list[tuple[str, ...]]:
    """Return every way of reading, in every format that a command has."""
    places = {**ids_of(sound), "file": str(sound.parent / "fresh.csv")}
    tree = root()
    found: list[tuple[str, ...]] = []
    for name, variants in READING.items():
        command: Any = tree
        for part in name.split():
            command = command.get_command(None, part)
        options = {option for param in command.params for option in param.opts}
        formats = PAGES.get(name, LISTS) if "--format" in options else ()
        for variant in variants:
            words = (*name.split(), *shlex.split(variant.format(**places)))
            found += [(*words, "-f", format) for format in formats] or [words]
            if "--html" in options:
                found.append((*words, "--html", "-"))
    return found


def called(run: Program, path: Path, words: Sequence[str]) -> Result:
    """Run one command line on a book, with the settings beside it."""
    settings = str(path.parent / "config.toml")
    return run("--db", path, *words, env={"ACCTCLI_CONFIG": settings, "COLUMNS": "200"})


@pytest.mark.slow
def test_a_sound_book_is_shown_in_every_format_or_the_format_is_refused(
    sound: Path, calls: list[tuple[str, ...]], run: Program
) -> None:
    ways = dict.fromkeys(words[:-2] for words in calls if words[-2] == "-f")
    others = [(*words, "-f", format) for words in ways for format in FORMATS]
    found = [
        (words, got)
        for words in others
        if words not in calls
        and not answered(words, got := called(run, sound, words), legal=True)
        and not (got.code == 2 and got.err.startswith(f"acct: --format {words[-1]} "))
    ]
    assert found == []


@pytest.fixture
def book(sound: Path, tmp_path: Path) -> Path:
    """A copy of the sound book, to be damaged."""
    for name in ("book.db", "book.db.sync.toml", "config.toml", "fresh.csv"):
        shutil.copy(sound.parent / name, tmp_path / name)
    return tmp_path / "book.db"


def everywhere(path: Path, seed: int) -> list[Damage]:
    """Damage every column, each in a random row with a random invalid value."""
    chance = random.Random(seed)
    found = []
    for table, column, declared in columns(path):
        places = rows(path, table)
        values = fitting(table, column, declared)
        # An empty id would be what empty references point to.
        value = chance.choice(values[1:] if column == "id" else values)
        found.append(Damage(table, column, value, chance.choice(places)))
    return found


def answered(words: Sequence[str], got: Result, *, legal: bool = False) -> bool:
    """Whether a command answered, and not with an error caused by an invalid value.

    With `legal`, the value is odd but valid: the book is sound.
    """
    if words[:2] == ("db", "check"):
        if legal and got.code == 0 and "is sound" in got.out + got.err:
            return True
        # What may be meant, such as a tier that the settings lack, is a warning and no problem.
        return got.code in (0, 4) and ("problem" in got.out + got.err or "warning" in got.out)
    if words[0] == "undo":
        # It may refuse because records are not as the command left them.
        return got.code == 0 or (got.code == 4 and "cannot be undone" in got.err)
    if words[-2:] == ("-f", "ids") and "--format ids " in got.err:
        return got.code == 2  # as of any book: a page is of no one record, other columns are no ids
    if words[:2] == ("playbook", "show") and got.code == 3 and "cannot be read" in got.err:
        return "unknown playbook" in got.err  # its section and the names in its runs are damaged
    if got.code == 2 and " of the book cannot be read and is left out" in got.err:
        return True  # a custom field whose declaration is damaged is unknown
    return got.code == 0


def refused(
    run: Program, path: Path, calls: Sequence[Sequence[str]], *, legal: bool = False
) -> list[str]:
    """Return the calls that do not answer on a book, with their messages."""
    found = []
    for words in calls:
        got = called(run, path, words)
        if not answered(words, got, legal=legal) or "Traceback" in got.err:
            found.append(f"{' '.join(words)}: {got.code} {got.err}")
    return found


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(30) if LONG else (1,))
def test_wrong_values_everywhere_take_no_screen_away(
    book: Path, calls: list[tuple[str, ...]], run: Program, seed: int
) -> None:
    damages = everywhere(book, seed)
    damage(book, damages)
    some = calls if LONG else random.Random(seed).sample(calls, 70)
    assert refused(run, book, some) == [], damages


def alone() -> list[tuple[str, str, int]]:
    """Return every column with the number of each invalid value; the columns are the schema's."""
    with closing(sqlite3.connect(":memory:")) as con:
        migrations.migrate(con)
        found = []
        for table in (*sanity.RECORDS, *sanity.LOCAL):
            for _, column, declared, *_ in con.execute(f'PRAGMA table_info("{table}")').fetchall():
                if (table, column) not in UNTOUCHED:
                    values = fitting(table, column, declared)
                    found += [(table, column, number) for number in range(len(values))]
    return found


@pytest.mark.slow
@pytest.mark.parametrize(
    ("table", "column", "number"), alone() if LONG else random.Random(7).sample(alone(), 8)
)
def test_a_wrong_value_takes_no_screen_away(
    book: Path, calls: list[tuple[str, ...]], run: Program, table: str, column: str, number: int
) -> None:
    declared = {(t, c): d for t, c, d in columns(book)}[table, column]
    value = fitting(table, column, declared)[number]
    if column == "id" or (table, column) == ("preset", "name"):  # there is one of each
        damages = [Damage(table, column, value, rows(book, table)[0])]
    else:
        with closing(sqlite3.connect(book)) as con:
            every = [row for (row,) in con.execute(f'SELECT rowid FROM "{table}"')]
        # Half of the rows: valid values must still be shown.
        damages = [Damage(table, column, value, row) for row in every[::2]]
    damage(book, damages)
    # All columns by all commands would take hours; each command meets most columns anyway.
    chance = random.Random(f"{table}.{column}.{number}")
    some = chance.sample(calls, 30 if LONG else 10)
    assert refused(run, book, some, legal=is_legal(table, column, value)) == []


# What `db check` says

LEGAL: dict[str, Sequence[Any]] = {
    "long": ("two\nlines", "x" * 600),
    "integer": (2**63 - 1, 101),
    "minutes": (2**63 - 1, 101),
    "money": (2**63 - 1, 101),
    "country": ("ZZ",),
}
"""Values that are odd but valid, by the content of their columns."""

LEGAL_TEXTS: dict[tuple[str, str], Sequence[Any]] = {
    ("custom", "value"): ("nonsense", "2026-13-45", "1e999"),
    ("deal_change", "old"): ("2026-13-45", "12.5", "limbo"),
    ("deal_change", "new"): ("2026-13-45", "12.5", "limbo"),
    ("segment", "filters"): ("--nonsense", "--where 'tier ='"),
    ("change", "after"): ("{}", '{"id": 5}'),
    ("change", "before"): ('{"id": 5}',),
    ("preset", "options"): ("{}", '{"id": 5}'),
}
"""The same for columns with their own rules."""


def is_legal(table: str, column: str, value: Any) -> bool:
    """Whether a value that a column is damaged with is valid after all."""
    if isinstance(value, bytes):
        return False
    if (table, column) in OWN:
        return value in LEGAL_TEXTS.get((table, column), ())
    field = sanity.field_of(table, column)
    if (table, column) == ("log", "score"):
        return False
    if field is not None:
        signed = field.type in ("money", "number") and field.signed and -2 < value < 0
        return signed or value in LEGAL.get(field.type, ())
    if column == "position":
        return bool(value >= 0)
    if table in sanity.LOCAL:
        return column != "record_id"
    return column in ("updated_by", "field") and str(value).strip() != ""


def named(findings: list[dict[str, Any]], one: Damage, id: str) -> bool:
    """Whether `db check` reports a column of a row."""
    if one.table == "search_doc":
        return any(finding["check"] == "search" for finding in findings)
    place = f"{one.table}.{one.column} "
    return any(
        finding["what"].startswith(place) and finding["record_id"] == id for finding in findings
    ) or any(
        finding["check"] == "settings" and str(one.value) in finding["what"] for finding in findings
    )


def test_db_check_names_table_column_and_record(book: Path, run: Program) -> None:
    damages = [one for one in everywhere(book, 2) if not is_legal(*one[:3])]
    damage(book, damages)
    findings = called(run, book, ("db", "check", "-f", "json")).json()
    unnamed = []
    for one in damages:
        with closing(sqlite3.connect(book)) as con:
            con.text_factory = text.legible
            key = sanity.key_of(one.table)
            (id,) = con.execute(
                f'SELECT "{key}" FROM "{one.table}" WHERE rowid = ?', (one.row,)
            ).fetchone()
        if not named(findings, one, str(id)):
            unnamed.append(one.name)
    assert not unnamed, "\n".join(unnamed)


# Putting it right, and back

CORRECTED: Sequence[tuple[str, str, Any, str]] = (
    ("deal", "close_date", "soon", "deal edit {deal} --close 2027-01-15"),
    ("deal", "close_date", "soon", "deal edit {deal} --close ''"),
    ("deal", "opened_on", "", "deal edit {deal} --opened 2026-05-01"),
    ("deal", "closed_on", "soon", "deal reopen {deal}"),
    ("deal", "currency", "XX?", "deal edit {deal} --amount 'SGD 5k'"),
    ("deal", "probability", 500, "deal edit {deal} --probability 50"),
    ("deal", "category", "nonsense", "deal move {deal} negotiation"),
    ("deal", "stage", "nonsense", "deal lose {deal} --reason price"),
    ("deal", "title", BYTES, "deal edit {deal} --title Green"),
    ("account", "status", "nonsense", "account edit {account} --status customer"),
    ("account", "archived_at", "soon", "account archive {account} --undo"),
    ("account", "employees", -3, "account edit {account} --employees ''"),
    ("account", "name", BYTES, "account delete {account} -y"),
    ("contact", "created_at", "soon", "contact delete {contact} -y"),
    ("contact", "do_not_contact", 7, "contact edit {contact} --do-not-contact"),
    ("contact", "since", "soon", "contact edit {contact} --since 2026-01-01"),
    ("log", "at", "soon", "log edit {log} --at '2026-11-01 10:00'"),
    ("log", "kind", "nonsense", "log edit {log} --kind call"),
    ("log", "resolved_at", "soon", "log edit {log} --resolved-at ''"),
    ("task", "due", "soon", "task edit {task} --due 2026-12-01"),
    ("task", "done_at", "soon", "task reopen {task}"),
    ("task", "every", "often", "task edit {task} --every 1m"),
    ("task", "owed_by", "nonsense", "task edit {task} --owed-by us"),
    ("purchase", "purchased_on", "soon", "purchase edit {purchase} --on 2026-01-01"),
    ("purchase", "currency", "XX?", "purchase edit {purchase} --amount 'SGD 5'"),
    ("purchase", "recurring", "nonsense", "purchase edit {purchase} --recurring yearly"),
    ("purchase", "quantity", float("inf"), "purchase edit {purchase} --quantity 3"),
    ("quote", "valid_until", "soon", "quote edit {quote} --valid 2027-01-01"),
    ("quote_line", "quantity", float("inf"), "quote line {quote} all --quantity 3"),
    ("review", "held_on", "soon", "review edit {review} --on 2026-01-01"),
    ("review", "rating", "nonsense", "review edit {review} --rating green"),
    ("product", "active", 9, "product edit {product} --no-active"),
    ("product", "price", -1, "product edit {product} --price 'SGD 5'"),
)
"""An invalid value, and the command that overwrites it."""


def every_byte(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return all records as stored in the file."""
    with closing(sqlite3.connect(path)) as con:
        con.text_factory = bytes
        return {
            table: con.execute(f'SELECT * FROM "{table}" ORDER BY id').fetchall()
            for table in sanity.RECORDS
        }


@pytest.mark.parametrize(
    ("table", "column", "value", "command"),
    CORRECTED if LONG else random.Random(3).sample(CORRECTED, 8),
)
def test_a_command_puts_it_right_and_undo_brings_it_back(
    book: Path, run: Program, table: str, column: str, value: Any, command: str
) -> None:
    places = ids_of(book)
    with closing(sqlite3.connect(book)) as con:
        row = con.execute(f'SELECT rowid FROM "{table}" WHERE id = ?', (places[table],)).fetchone()
    damage(book, [Damage(table, column, value, row[0])])
    before = every_byte(book)
    done = called(run, book, shlex.split(command.format(**places)))
    assert done.code == 0, done.err
    assert "cannot be read" in done.err or (table, column) == ("deal", "stage")
    with closing(sqlite3.connect(book)) as con:
        assert not [w for w in sanity.unread(con) if (w.table, w.column) == (table, column)]
    undone = called(run, book, ("undo",))
    assert undone.code == 0, undone.err
    assert every_byte(book) == before


def test_a_currency_is_not_given_to_an_amount_of_none(book: Path, run: Program) -> None:
    deal = ids_of(book)["deal"]
    with closing(sqlite3.connect(book)) as con:
        row = con.execute("SELECT rowid FROM deal WHERE id = ?", (deal,)).fetchone()[0]
        amount = con.execute("SELECT amount FROM deal WHERE id = ?", (deal,)).fetchone()[0]
    damage(book, [Damage("deal", "currency", "XX?", row)])
    refused = called(run, book, ("deal", "edit", deal, "--currency", "SGD"))
    assert refused.code == 4
    assert f'the amount stands as "{amount}", of no currency. Give it too' in refused.err


def test_it_is_shown_as_it_stands_and_left_out_of_judgement(book: Path, run: Program) -> None:
    deal = ids_of(book)["deal"]
    with closing(sqlite3.connect(book)) as con:
        row = con.execute("SELECT rowid FROM deal WHERE id = ?", (deal,)).fetchone()[0]
    damage(
        book,
        [
            Damage("deal", "close_date", "2020-13-45", row),
            Damage("deal", "probability", 500, row),
            Damage("deal", "currency", "XX?", row),
        ],
    )
    shown = called(run, book, ("deal", "show", deal, "-f", "json")).json()
    assert (shown["close_date"], shown["probability"]) == ("2020-13-45", "500")
    assert shown["currency"] == "XX?"
    assert "2020-13-45" in called(run, book, ("deal", "show", deal)).out
    listed = called(run, book, ("deal", "list", "-f", "csv")).out
    assert "2020-13-45" in listed
    assert "XX?" in listed
    late = called(run, book, ("deal", "list", "--where", "close_date < today", "-f", "ids")).out
    assert deal not in late
    today = called(run, book, ("today", "--all", "-f", "json"))
    assert "2020" not in today.out
    # The amount, of no currency, is the fourth.
    assert "4 stored values cannot be read and count as unknown" in today.err


def test_what_is_over_stays_over(book: Path, run: Program) -> None:
    with closing(sqlite3.connect(book)) as con:
        deal, row = con.execute(
            "SELECT id, rowid FROM deal WHERE category = 'closed' LIMIT 1"
        ).fetchone()
        task, task_row = con.execute(
            "SELECT id, rowid FROM task WHERE done_at IS NOT NULL LIMIT 1"
        ).fetchone()
    damage(book, [Damage("deal", "closed_on", "soon", row)])
    damage(book, [Damage("task", "done_at", "soon", task_row)])
    assert deal not in called(run, book, ("deal", "list", "--open", "-f", "ids")).out
    assert task not in called(run, book, ("task", "list", "-f", "ids")).out
    assert called(run, book, ("deal", "show", deal, "-f", "json")).json()["closed_on"] == "soon"


def test_a_preset_of_another_program_is_shown(book: Path, run: Program) -> None:
    with closing(sqlite3.connect(book)) as con, con:
        con.execute('INSERT INTO preset VALUES (\'odd\', \'{"id": 5, "key": "Id"}\')')
    shown = called(run, book, ("import", "--presets", "-f", "json"))
    assert (shown.code, "odd" in shown.out) == (0, True), shown.err


def test_an_undo_brings_back_what_is_of_a_kind_that_is_no_text(book: Path, run: Program) -> None:
    (account,) = called(run, book, ("account", "list", "-n", "1", "-f", "ids")).out.split()
    with closing(sqlite3.connect(book)) as con, con:
        con.execute(
            "INSERT INTO external_id VALUES ('e1', CAST(? AS TEXT), 'id', '7', ?)", (BYTES, account)
        )
    assert called(run, book, ("account", "delete", account, "-y")).code == 0
    undone = called(run, book, ("undo", "--dry-run", "-f", "csv"))
    # The journal cannot say of what kind it was: nothing is brought back by halves.
    assert (undone.code, "cannot be undone" in undone.err) == (4, True), undone.err
