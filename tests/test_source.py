"""What holds for the source code as a whole, and what no other tool checks."""

from __future__ import annotations

import re
from pathlib import Path

SOURCE = Path(__file__).parents[1] / "src" / "acctcli"


def lines_with(pattern: str) -> list[str]:
    return [
        f"{path.relative_to(SOURCE)}:{number}"
        for path in SOURCE.rglob("*.py")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(pattern, line)
    ]


def test_no_statement_numbers_its_parameters() -> None:
    # With `?1` and a sequence, Python 3.12 warns that a later version will refuse the call.
    assert lines_with(r"\?\d") == []


def test_no_expression_is_possessive() -> None:
    # Python 3.11.2, as Debian 12 has it, matches `(…)*+` and `(?>…)` wrongly.
    assert lines_with(r"(?<!\()[)\]][*+?]\+|\(\?>") == []
