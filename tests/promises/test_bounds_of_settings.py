"""Every setting at the end of what it takes: no number of a judgement is divided by nothing.

All whole and decimal settings of a book are set to their least at once, and to their most. `acct
config edit` says in its form what each takes, so the test reads the bounds where a user reads them.
"""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest
import tomlkit
from tests.books import configure
from tests.conftest import Program

from acctcli import weights
from acctcli.config import BOOK, Spec
from acctcli.configfile import legal

CALLS = """
today --all --explain
account list
account show greentech
account tree
account score
account score greentech --explain
contact map greentech
deal list --risk
deal board
deal forecast --explain
purchase list
purchase renewals
product list
review health
review health greentech --explain
review brief greentech
review due
report week
report pipeline
report retention
report renewals
report whitespace
report activity
report performance
report sources
report winloss
report quality
"""


def ends_of(spec: Spec) -> tuple[float, float] | None:
    """Return the least and the most that a setting takes, as its form says; None for a text."""
    found = re.match(r"(-?[\d,]+) to ([\d,]+)", legal(spec))
    if spec.type not in (int, float) or found is None:
        return None
    least, most = (float(end.replace(",", "")) for end in found.groups())
    return spec.type(least), spec.type(most)


def numbers() -> dict[str, tuple[float, float]]:
    every = {spec.key: ends_of(spec) for spec in weights.every() if spec.home == BOOK}
    return {key: ends for key, ends in every.items() if ends is not None}


@pytest.mark.parametrize("end", [0, 1], ids=["least", "most"])
def test_no_bound_of_a_setting_takes_a_screen_away(
    run: Program, home: Path, sample_book: Path, end: int
) -> None:
    demo = home / "demo.db"
    shutil.copyfile(sample_book, demo)
    document = tomlkit.document()
    for key, ends in numbers().items():
        section, _, name = key.partition(".")
        document.setdefault(section, {})[name] = ends[end]
    configure(home, tomlkit.dumps(document), book=demo)
    for line in CALLS.strip().splitlines():
        for form in ("table", "json"):
            done = run("--db", str(demo), *shlex.split(line), "-f", form)
            assert done.code == 0, (line, done.err)
            assert not re.search(r"\b(nan|inf)\b", done.out, re.I), line


def test_the_bounds_are_those_of_the_check(run: Program) -> None:
    found = numbers()
    assert len(found) > 150
    for key in ("renewals.usual", "renewals.amber", "renewals.red", "whitespace.confidence"):
        assert found[key] == (0, 100)
    for key in ("reorder.gaps", "reorder.least", "rfm.months", "today.quote_days"):
        least, most = found[key]
        for value in (least - 1, most + 1):
            assert run("config", "set", key, "--", str(int(value))).code == 4
        for value in (least, most):
            assert run("config", "set", key, "--", str(int(value))).code == 0
