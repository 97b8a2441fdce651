"""The project's figures: start-up, growth, import. `make bench` prints them as one table.

Each limit is a promise of the project (docs/architecture.md, "Fast"); a figure
above it is marked and the run ends with status 1. `--once` runs everything once,
on one small book, and judges no figure: it shows that the measuring works.
`--million` measures a book of a million interactions instead of all else, and `--sync` shared
books.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from bench import books, contacts_csv, deals_csv, million, pairs, sync
from bench.pairs import Figure, Ratio, environment, once, pair

PYTHON = sys.executable
ACCT = str(Path(PYTHON).with_name("acct"))
BASE = [PYTHON, "-c", "import typer, sqlite3"]


def start_up(sample: dict[str, str], terminal: dict[str, str]) -> Iterator[Figure]:
    """Whole commands against `python -c "import typer, sqlite3"`."""
    completion = sample | {"_ACCT_COMPLETE": "bash"}
    breaks = " \t\n\"'><=;|&(:"
    for what, words, env, limit in (
        ("account list -f json", ["account", "list", "-f", "json"], sample, 1.35),
        ("today -f json", ["today", "-f", "json"], sample, 1.45),
        ("account list, a table", ["account", "list", "-f", "table"], terminal, 2.0),
        ("log call", ["log", "call", "greentech", "Walked through pricing"], sample, 1.7),
        ("--help", ["--help"], sample, 2.4),
        ("account add --help", ["account", "add", "--help"], sample, 2.4),
        ("completion of an account", ["acct account show gre", breaks], completion, 1.5),
        ("completion of --with", ["acct log call greentech --with m", breaks], completion, 1.5),
        ("completion of --where", ["acct deal list --where 'stage = n", breaks], completion, 1.5),
    ):
        found = pair([ACCT, *words], BASE, env=env)
        yield Figure(f"start-up: {what}", found.ratio, limit, "x", found.seconds)


def growth(sample: dict[str, str], large: dict[str, str], middle: int) -> Iterator[Figure]:
    """Run the same command on a book of 10,000 accounts and on the sample book.

    `middle` is the number of an account of the large book.
    """
    account = f"A-{middle:04d}"
    for what, words, small_words, limit in (
        ("account show", ["account", "show", account], ["account", "show", "greentech"], 1.3),
        (
            "log call",
            ["log", "call", account, "Pricing"],
            ["log", "call", "greentech", "Pricing"],
            1.3,
        ),
        ("search, a name", ["search", f"{middle:05d}"], ["search", "selatmark"], 1.3),
        # Words that are each in a quarter of all interactions: every match must be ranked.
        ("search, common words", ["search", "reference pricing"], ["search", "pricing"], 1.4),
        ("account list --limit 50", ["account", "list", "--limit", "50"], [], 1.3),
        # Half of the accounts are on the list, and all of them are judged, worded and printed.
        ("today", ["today", "-f", "json"], [], 6.2),
    ):
        other = [ACCT, *(small_words or words)]
        found: Ratio = pair([ACCT, *words], other, env=large, other_env=sample, runs=9)
        yield Figure(f"growth: {what}", found.ratio, limit, "x", found.seconds)


def judgement(medium: dict[str, str], accounts: int) -> Iterator[Figure]:
    """Compare commands that judge a book or an account with a list of the same accounts."""
    account = f"A-{accounts // 2:04d}"
    for words in (
        ["today"],
        ["review", "health"],
        ["review", "health", account],
        ["review", "due"],
        ["review", "brief", account],
        ["account", "score"],
        ["account", "show", account],
        ["account", "dupes"],
        ["contact", "map", account],
        ["deal", "board"],
        ["deal", "changes", "--since", "30d ago"],
        ["deal", "forecast"],
        ["purchase", "renewals"],
        ["report", "pipeline"],
        ["report", "pipeline", "--as-of", "90d ago"],
        ["report", "activity"],
        ["report", "retention"],
        ["report", "renewals"],
        ["report", "whitespace"],
        ["report", "performance"],
        ["report", "sources"],
        ["report", "winloss"],
        ["report", "quality"],
        ["report", "week"],
    ):
        found = pair(
            [ACCT, *words, "-f", "json"],
            [ACCT, "account", "list", "-f", "json"],
            env=medium,
            runs=11,
        )
        what = f"{accounts} accounts: {' '.join(words)}"
        yield Figure(what, found.ratio, 2.0, "x", found.seconds)


def bulk(folder: Path, count: int) -> Iterator[Figure]:
    """Import thousands of deals, with journal, search index and deal history."""
    deals_csv.write(folder, count)
    env = environment(str(folder / "import.db"))
    once([ACCT, "db", "init"], env)
    once([ACCT, "import", str(folder / "accounts.csv"), "--as", "account"], env)
    once([ACCT, "import", str(folder / "products.csv"), "--as", "product"], env)
    seconds = once(
        [ACCT, "import", str(folder / "deals.csv"), "--as", "deal", "--key", "opportunity_id"], env
    )
    yield Figure(f"import of {count:,} deals", seconds, 4.0, "s", seconds)


def usual(folder: Path, sample: dict[str, str], *, only_once: bool) -> Iterator[Figure]:
    """Yield all figures except those of a book of a million."""
    large_size, medium_size = (books.SMALL,) * 2 if only_once else (books.LARGE, books.MEDIUM)
    print(
        f"making a book of {large_size.accounts:,} accounts and {large_size.logs:,} interactions …",
        file=sys.stderr,
    )
    large_path = folder / "large.db"
    books.make(large_path, large_size, date.today())
    large = environment(str(large_path))
    medium_path = large_path
    if not only_once:
        medium_path = folder / "medium.db"
        books.make(medium_path, medium_size, date.today())
    medium = environment(str(medium_path))
    yield from start_up(sample, sample | {"FORCE_COLOR": "1"})
    yield from growth(sample, large, large_size.accounts // 2)
    yield from judgement(medium, medium_size.accounts)
    yield from bulk(folder, 100 if only_once else deals_csv.COUNT)
    yield from contacts_csv.figures(
        *(folder, sample, ACCT),
        timed=200 if only_once else contacts_csv.TIMED,
        many=200 if only_once else contacts_csv.MANY,
        runs=1 if only_once else 3,
    )


def main() -> int:
    """Measure and print; return 1 if a figure is above its limit."""
    only_once = "--once" in sys.argv[1:]
    if only_once:
        pairs.most_runs = 1
    above = 0
    with tempfile.TemporaryDirectory(prefix="acct-bench-") as name:
        folder = Path(name)
        sample = environment(str(folder / "sample.db"))
        once([ACCT, "demo", str(folder / "sample.db")], sample)
        measured: list[Iterator[Figure]] = []
        if not {"--million", "--sync"} & set(sys.argv[1:]):
            measured.append(usual(folder, sample, only_once=only_once))
        if only_once:
            measured.append(million.figures(folder, sample, 2_000, runs=1))
        elif "--million" in sys.argv[1:]:
            measured.append(million.figures(folder, sample, 1_000_000, runs=3))
        if only_once or "--sync" in sys.argv[1:]:
            measured.append(sync.figures(folder, only_once=only_once))
        print(f"{'what':46} {'found':>8} {'limit':>8}   seconds")
        for figures in measured:
            for figure in figures:
                passed = only_once or figure.value <= figure.limit
                above += not passed
                print(
                    f"{figure.what:46} {figure.value:7.2f}{figure.unit} "
                    f"{figure.limit:7.2f}{figure.unit}   {figure.seconds:.3f}"
                    f"{'' if passed else '  above the limit'}",
                    flush=True,
                )
    return 1 if above else 0


if __name__ == "__main__":
    sys.exit(main())
