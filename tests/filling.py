"""Books that a fixture fills by commands: filled once, and copied from then on.

A dozen commands take longer than most tests that start from what they made.
"""

from __future__ import annotations

import copy
import os
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

from acctcli.files import make_private_folder

P = ParamSpec("P")
R = TypeVar("R")

Files = dict[Path, bytes]


def filled_once(fill: Callable[P, R]) -> Callable[P, R]:
    """Decorate a fixture that does nothing but change the files of the test's home.

    It runs once per state of the home that it meets. Each further test gets the files that it left
    then, byte for byte, and an equal answer.
    """
    left: dict[frozenset[tuple[Path, bytes]], tuple[R, Files]] = {}

    @wraps(fill)
    def fill_or_copy(*args: P.args, **named: P.kwargs) -> R:
        home = Path(os.environ["HOME"])
        met = frozenset(files_in(home).items())
        if met in left:
            put(home, left[met][1])
        else:
            answer = fill(*args, **named)
            left[met] = (answer, files_in(home))
        return copy.deepcopy(left[met][0])

    return fill_or_copy


def files_in(home: Path) -> Files:
    """Return the content of every file below a folder."""
    return {path.relative_to(home): path.read_bytes() for path in home.rglob("*") if path.is_file()}


def put(home: Path, files: Files) -> None:
    """Write files below a folder, as private as the program makes them."""
    for name, content in files.items():
        path = home / name
        make_private_folder(path.parent)
        path.write_bytes(content)
        path.chmod(0o600)
