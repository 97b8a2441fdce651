"""The options of importing a bundle; the rest is in the tests of `account handover`."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.conftest import Program
from tests.handing import Seller


@pytest.fixture
def bundle(run: Program, tmp_path: Path) -> Path:
    ann = Seller(run, tmp_path, "Ann")
    ann("account", "add", "Acme")
    return ann.hands_over("Acme", to="Ben")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--value", "stage:x"), "stage:THEIRS=OURS"),
        (("--value", "color:x=y"), "stage:THEIRS=OURS"),
        (("--map", "x"), "OURS=THEIRS"),
        (("--map", "=x"), "OURS=THEIRS"),
        (("--decimal", "comma"), "takes only"),
        (("--verbose",), "takes only"),
        (("--save-preset", "x"), "takes only"),
    ],
)
def test_options_that_say_nothing_about_a_bundle_are_refused(
    run: Program, bundle: Path, words: tuple[str, ...], why: str
) -> None:
    refused = run("import", bundle, *words)
    assert refused.code == 2
    assert why in refused.err


def test_a_bundle_is_known_without_its_ending(run: Program, bundle: Path) -> None:
    other = bundle.with_suffix(".txt")
    bundle.rename(other)
    done = run("import", other)
    assert (done.code, done.out) == (0, "A-0001\n")
