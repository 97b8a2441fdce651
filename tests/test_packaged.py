"""The tables that come with the package."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import acctcli
from acctcli import packaged

SOURCE = Path(acctcli.__file__).parent
TABLES = sorted(SOURCE.rglob("*.toml"))


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_every_table_can_be_read(path: Path) -> None:
    package = ".".join(("acctcli", *path.parent.relative_to(SOURCE).parts))
    assert packaged.table(package, path.stem)


def test_they_are_read_in_one_way() -> None:
    """Settings are no tables of the package, nor is the file that says who a machine is."""
    readers = {
        path.name
        for path in SOURCE.rglob("*.py")
        if re.search(r"\btomllib\.loads?\(", path.read_text("utf-8"))
    }
    assert readers == {"packaged.py", "configfile.py", "machine.py"}
