from __future__ import annotations

import subprocess
import sys

from acctcli.store import migrations
from acctcli.store.steps import released


def test_every_released_step_is_taken_in_its_order() -> None:
    assert migrations.LATEST == len(migrations.STEPS) >= len(released.STEPS)
    names = [step.__name__ for step in released.STEPS]
    assert names == [f"m{number:03}" for number in range(1, len(names) + 1)]


def test_a_book_that_has_taken_the_steps_does_not_load_them() -> None:
    program = (
        "import sys; from acctcli.store import migrations; "
        "print([m for m in sys.modules if m.startswith('acctcli.store.steps')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
