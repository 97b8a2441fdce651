"""What holds for the source code as a whole, and what no other tool checks."""

from __future__ import annotations

import re
from pathlib import Path

SOURCE = Path(__file__).parents[1] / "src" / "acctcli"


def test_no_statement_numbers_its_parameters() -> None:
    # With `?1` and a sequence, Python 3.12 warns that a later version will refuse the call.
    numbered = [
        f"{path.relative_to(SOURCE)}:{number}"
        for path in SOURCE.rglob("*.py")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(r"\?\d", line)
    ]
    assert numbered == []
