"""The extras of the package: libraries that only some commands need, and how to install them."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import PurePath

from acctcli.errors import UsageError

LIBRARIES: Mapping[str, tuple[str, ...]] = {
    "calendar": ("icalendar", "recurring-ical-events"),
    "mail": ("beautifulsoup4", "mail-parser-reply"),
    "mcp": ("mcp",),
    "qr": ("segno",),
    "seal": ("pyrage",),
    "team": ("psycopg[binary]",),
    "xlsx": ("openpyxl",),
}
"""The libraries of each extra, as pyproject.toml declares them."""


def to_install(extra: str) -> str:
    """Return the commands that install an extra, each on a line of its own.

    pipx keeps every program in an environment of its own, which `pip` does not reach, so only the
    command for it counts there; elsewhere nobody can say, and both are named.
    """
    # Shells would read brackets as a pattern.
    words = [f"'{one}'" if "[" in one else one for one in LIBRARIES[extra]]
    inject = f"  pipx inject acctcli {' '.join(words)}"
    ways = [inject] if _is_of_pipx() else [f"  pip install 'acctcli[{extra}]'", inject]
    return "\n".join(ways)


def missing(what: str, extra: str, otherwise: str = "") -> UsageError:
    """Return the error about an extra that is not installed.

    `what` is a subject with its verb, such as "workbooks need", and `otherwise` a sentence about
    what works without it.
    """
    libraries = " and ".join(one.partition("[")[0] for one in LIBRARIES[extra])
    other = f"{otherwise.removesuffix('.')}. " if otherwise else ""
    return UsageError(f"{what} {libraries}. {other}To install:\n{to_install(extra)}")


def _is_of_pipx() -> bool:
    return "pipx" in PurePath(sys.prefix).parts
