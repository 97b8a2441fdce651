"""Promise 18: nothing leaves the machine; and which modules a plain read may load.

The tour uses every noun in processes whose Python exits when anything uses the network, by whatever
library: the interpreter reports it to an audit hook.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest
from tests.conftest import Program
from tests.filling import filled_once
from tests.letters import MAILBOX

WATCHED = """
import os, sys

def refuse(event, arguments):
    if event.startswith(("socket.", "urllib.", "http.", "ftplib.", "smtplib.", "webbrowser.")):
        os.write(2, f"NETWORK {event} {arguments}\\n".encode())
        os._exit(99)

sys.addaudithook(refuse)
from acctcli.main import run
"""
"""The start of a program in which a look-up, a socket or a request ends the process."""

TOUR = (
    WATCHED
    + """
import shlex
for line in sys.stdin.read().splitlines():
    status = run(shlex.split(line))
    if status:
        print("FAILED", status, line)
        sys.exit(status)
"""
)

LINES = """
account add "GreenTech Ltd" --tier strategic --website greentech.example --phone "+65 6221 1234"
account list
account edit greentech --industry software
account show greentech
account timeline greentech
account show greentech --html {folder}/greentech.html
account tree greentech
account tag greentech --add pilot
account dupes
contact add "Mei Tan" --account greentech --email mei@greentech.example --role champion
contact list
contact show mei
contact tag mei --add pilot
log call greentech "Walked Mei through pricing" --with mei --next "Send quote" --due fri
log email greentech "Sent it" --with mei
log list
task add greentech "Prepare the review" --due fri
task list
task done "prepare the review"
product add Suite --price "100 SGD"
product list
deal add greentech Rollout --amount "120k SGD" --close eoq
deal move rollout negotiation
deal item rollout --add suite
deal board
deal forecast
deal tag rollout --add pilot
deal list
deal show rollout
deal win rollout
purchase list
purchase add greentech "500 SGD" --product suite
purchase renewals
review run greentech --summary "All well"
review list
review brief greentech --html {folder}/brief.html
review due
report pipeline
report activity
report whitespace
report retention
today
search pricing
config set me.name Sam
config list
export --all {folder}/out
import {folder}/out/accounts.csv --as account
config set me.emails kim@fjordsoft.example
import {mail} --create-accounts --create-contacts
history
undo
db check
db backup
db restore
db path
completion bash
demo {folder}/demo.db
sync init {folder}/hub
sync now
sync status
sync conflicts
sync compact
sync leave --yes
"""


@pytest.mark.slow
def test_the_whole_tour_without_a_network(tmp_path: Path) -> None:
    (tmp_path / "hub").mkdir()
    toured = subprocess.run(
        [sys.executable, "-c", TOUR],
        input=LINES.format(folder=tmp_path, mail=MAILBOX).strip(),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "NETWORK" not in toured.stderr
    assert toured.returncode == 0, (toured.stdout[-200:], toured.stderr[-500:])


def test_the_watch_sees_a_connection() -> None:
    watched = subprocess.run(
        [sys.executable, "-c", WATCHED + "import socket\nsocket.getaddrinfo('localhost', 1)"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert watched.returncode == 99
    assert "NETWORK socket.getaddrinfo" in watched.stderr


# What a read loads

HEAVY = {"rich", "dateutil", "sqlite_utils", "phonenumbers", "pycountry", "rapidfuzz", "tomlkit"}
HEAVY |= {"jinja2", "markupsafe"}
HEAVY |= {"socket", "ssl", "urllib.request", "http.client", "asyncio", "email.message"}
HEAVY |= {"importlib.resources", "psycopg", "pyrage"}

LOADING = """
import sys
from acctcli.main import run
status = run(sys.argv[1:])
print("LOADED", *sorted(sys.modules), file=sys.stderr)
sys.exit(status)
"""


def loaded(words: Sequence[str]) -> set[str]:
    """Return the modules in memory after a command, which must succeed, into a pipe."""
    ran = subprocess.run(
        [sys.executable, "-c", LOADING, *words],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-500:]
    return set(ran.stderr.rpartition("LOADED ")[2].split())


@pytest.fixture
@filled_once
def filled(run: Program) -> None:
    """Make a book in the default place with one of most things."""
    for words in (
        ("account", "add", "GreenTech", "--tier", "key", "--phone", "+65 6221 1234"),
        ("contact", "add", "Mei Tan", "--account", "greentech"),
        ("log", "call", "greentech", "Pricing", "--next", "Send quote", "--due", "2026-11-20"),
        ("product", "add", "Suite", "--price", "100 SGD"),
        ("deal", "add", "greentech", "Rollout", "--amount", "5k SGD", "--close", "2026-12-15"),
        ("purchase", "add", "greentech", "10 SGD", "--product", "suite"),
        ("review", "run", "greentech", "--summary", "Well"),
    ):
        done = run(*words)
        assert done.code == 0, done.err


READS = [
    "account list",
    "account list --limit 5 --sort -name",
    "contact list",
    "log list",
    "task list",
    "deal list",
    "purchase list",
    "purchase renewals",
    "purchase totals",
    "product list",
    "review list",
    "review due",
    "deal forecast -f json",
    "deal board -f json",
    "deal changes",
    "search pricing",
    "search pricing -f json",
    "today",
    "today -f json",
    "history -f json",
    "account show greentech -f json",
    "account timeline greentech -f json",
    "contact show mei -f json",
    "deal show rollout -f json",
    "db path -f json",
]
READS += [f"{name} list -f json" for name in ("account", "contact", "deal", "log", "task")]


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("line", READS)
def test_a_read_into_a_pipe_loads_nothing_heavy(line: str) -> None:
    modules = loaded(line.split())
    assert modules.isdisjoint(HEAVY)
    assert "csv" not in modules
    assert of_shared_books(modules) == set()


def of_shared_books(modules: Iterable[str]) -> set[str]:
    """Return the modules that only `acct sync` needs; `db path` asks who this machine is."""
    packages = ("acctcli.store.sync.", "acctcli.book.sync", "acctcli.carriers")
    found = {name for name in modules if name.startswith(packages)}
    return found - {"acctcli.store.sync.machine"}


@pytest.mark.usefixtures("filled")
def test_a_logged_call_neither_draws_nor_asks_libraries() -> None:
    modules = loaded(["log", "call", "greentech", "Back again"])
    assert modules.isdisjoint(HEAVY)
    assert of_shared_books(modules) == set()


def test_the_program_itself_loads_nothing_heavy() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import acctcli.main, sys; print(*sys.modules)"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    modules = set(done.stdout.split())
    assert modules.isdisjoint({*HEAVY, "csv"})
    assert of_shared_books(modules) == set()
