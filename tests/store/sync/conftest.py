from __future__ import annotations

from pathlib import Path

import pytest
from tests.conftest import Program
from tests.store.sync.pairing import Paired, paired


@pytest.fixture
def two(run: Program, tmp_path: Path) -> tuple[Paired, Paired]:
    """Two machines that share an empty book."""
    ann, ben = paired(run, tmp_path, "ann", "ben")
    return ann, ben
