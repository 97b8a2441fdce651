"""Where the book, the configuration and the backups live on this machine.

The environment wins over the platform's own places: `ACCTCLI_DB` names the
book, `ACCTCLI_CONFIG` the configuration. A variable that is set but empty is a mistake of a
script, and never the default: another book would be read and written in silence. Nothing
here opens or creates a file.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from acctcli.errors import UsageError

APP = "acctcli"


def typed(path: str | Path) -> Path:
    """A path as people type it: `~` is their home. Raises `UsageError` for a home nobody has."""
    try:
        return Path(path).expanduser()
    except RuntimeError:
        raise UsageError(
            f"{path}: there is no such home folder. Write ./~name for a file"
        ) from None


def variable(name: str) -> str | None:
    """An environment variable that names something. Raises `UsageError` if it is empty."""
    given = os.environ.get(name)
    if given is not None and not given.strip():
        raise UsageError(f"{name} is set, but empty. Unset it, or give it a value")
    return given


def _folder(xdg: str, usual: str, asked: str) -> Path:
    """The program's own folder of one kind on this machine.

    platformdirs knows every platform, and costs a twentieth of a whole command to load. On
    Linux with nothing set the answer is one line of the XDG Base Directory Specification;
    everything else is left to platformdirs. A test compares the two.
    """
    if sys.platform == "linux" and not os.environ.get(xdg):
        return Path(usual).expanduser() / APP
    import platformdirs

    folder: Path = getattr(platformdirs, asked)(APP)
    return folder


def default_book() -> Path:
    """The book that is used when nothing else is named; its folder may not exist yet."""
    return _folder("XDG_DATA_HOME", "~/.local/share", "user_data_path") / "book.db"


def book(given: str | None = None) -> tuple[Path, bool]:
    """The path of the book, and whether it was named (a named file is never created unasked).

    `given` is the text of `--db`; without it `ACCTCLI_DB` counts, then the default place.
    """
    if given is not None and not given.strip():
        raise UsageError("--db is empty. Leave it out, or name a file")
    named = given or variable("ACCTCLI_DB")
    if named:
        return typed(named), True
    return default_book(), False


def config_file() -> Path:
    """The path of `config.toml`; it may not exist."""
    named = variable("ACCTCLI_CONFIG")
    if named:
        return typed(named)
    return _folder("XDG_CONFIG_HOME", "~/.config", "user_config_path") / "config.toml"


def backups(book_path: Path) -> Path:
    """The folder for the backups of one book: beside it, so that they move together."""
    return book_path.parent / f"{book_path.stem}-backups"


def kept_texts(book_path: Path) -> Path:
    """The folder for what was typed and refused, so that no input is lost."""
    return book_path.parent / f"{book_path.stem}-refused"
