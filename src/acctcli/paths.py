"""Where the book, the configuration and the backups live on this machine.

The environment wins over the platform's own places: `ACCTCLI_DB` names the
book, `ACCTCLI_CONFIG` the configuration. Nothing here opens or creates a file.
"""

from __future__ import annotations

import os
from pathlib import Path

APP = "acctcli"


def default_book() -> Path:
    """The book that is used when nothing else is named; its folder may not exist yet."""
    from platformdirs import user_data_path

    return user_data_path(APP) / "book.db"


def book(given: str | None = None) -> tuple[Path, bool]:
    """The path of the book, and whether it was named (a named file is never created unasked).

    `given` is the text of `--db`; without it `ACCTCLI_DB` counts, then the default place.
    """
    named = given or os.environ.get("ACCTCLI_DB")
    if named:
        return Path(named).expanduser(), True
    return default_book(), False


def config_file() -> Path:
    """The path of `config.toml`; it may not exist."""
    named = os.environ.get("ACCTCLI_CONFIG")
    if named:
        return Path(named).expanduser()
    from platformdirs import user_config_path

    return user_config_path(APP) / "config.toml"


def backups(book_path: Path) -> Path:
    """The folder for the backups of one book: beside it, so that they move together."""
    return book_path.parent / f"{book_path.stem}-backups"


def kept_texts(book_path: Path) -> Path:
    """The folder for what was typed and refused, so that no input is lost."""
    return book_path.parent / f"{book_path.stem}-refused"
