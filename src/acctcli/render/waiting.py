"""What a person sees while something takes longer than a second."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

SILENT_SECONDS = 1.0
"""What ends sooner shows nothing."""


@contextmanager
def counted(what: str) -> Iterator[Callable[[int], None]]:
    """Show a count on stderr; yields a function that takes how many are done so far."""
    from rich.console import Console
    from rich.status import Status

    began = time.monotonic()
    shown: list[Status] = []

    def progress(count: int) -> None:
        if time.monotonic() - began < SILENT_SECONDS:
            return
        said = f"{what}: {count:,}"
        if shown:
            shown[0].update(said)
        else:
            shown.append(Status(said, console=Console(stderr=True)))
            shown[0].start()

    try:
        yield progress
    finally:
        for one in shown:
            one.stop()
