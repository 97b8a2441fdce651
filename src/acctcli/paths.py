"""Where the book, the configuration and the backups are on this machine.

The environment wins over the platform's folders: `ACCTCLI_DB` names the book, `ACCTCLI_CONFIG` the
configuration. A variable that is set but empty is an error in a script, and never means the
default, or another book would be read and written silently. Nothing here opens or creates a file.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

from acctcli.errors import UsageError

APP = "acctcli"


def typed(path: str | Path) -> Path:
    """Expand a typed path: `~` is the home. Raises `UsageError` for an unknown user's home."""
    if str(path).partition("/")[0] == "~":
        return _home("write the file with its full path") / str(path)[2:]
    try:
        return Path(path).expanduser()
    except RuntimeError:
        raise UsageError(
            f"{path}: there is no such home folder. Write ./~name for a file"
        ) from None


def variable(name: str) -> str | None:
    """Return an environment variable that names something. Raises `UsageError` if it is empty."""
    given = os.environ.get(name)
    if given is not None and not given.strip():
        raise UsageError(f"{name} is set, but empty. Unset it, or give it a value")
    return given


def _home(advice: str) -> Path:
    """Return the home folder of the user; `advice` ends an error.

    Raises `UsageError` if HOME is empty or relative (files would end up in `/`, or in whichever
    folder somebody works), and for a user without a home.
    """
    wrong = os.name == "posix" and not os.environ.get("HOME", "/").startswith("/")
    with suppress(RuntimeError):
        if not wrong:
            return Path("~").expanduser()
    raise UsageError(f"HOME does not name your home folder. Set it to the full path, or {advice}")


def _folder(xdg: str, usual: str, asked: str) -> Path:
    """Return the program's own folder of one kind on this machine.

    Raises `UsageError` if a variable names a folder that depends on where somebody works.

    platformdirs knows every platform, and takes a twentieth of a whole command to load. On Linux
    with nothing set, the answer is one line of the XDG Base Directory Specification; platformdirs
    does the rest. A test compares the two.
    """
    given = os.environ.get(xdg, "").strip()  # an empty one counts as unset, says the specification
    if os.name == "posix" and not given.startswith("/"):
        home = _home("set ACCTCLI_DB and ACCTCLI_CONFIG to files")
        if given and not given.startswith("~"):
            raise UsageError(f"{xdg} is a relative path. Set it to a full one, or unset it")
        if sys.platform == "linux" and not given:
            return home / usual / APP
    import platformdirs

    folder: Path = getattr(platformdirs, asked)(APP)
    return folder


def default_book() -> Path:
    """Return the default book; its folder may not exist yet."""
    return _folder("XDG_DATA_HOME", ".local/share", "user_data_path") / "book.db"


def book(given: str | None = None) -> tuple[Path, bool]:
    """Return the path of the book, and whether it was named (a named file is not created unasked).

    `given` is the text of `--db`; without it `ACCTCLI_DB` counts, then the default place.
    """
    if given is not None and not given.strip():
        raise UsageError("--db is empty. Leave it out, or name a file")
    named = given or variable("ACCTCLI_DB")
    if named:
        return typed(named), True
    return default_book(), False


def config_file() -> Path:
    """Return the path of `config.toml`; it may not exist."""
    named = variable("ACCTCLI_CONFIG")
    if named:
        return typed(named)
    return _folder("XDG_CONFIG_HOME", ".config", "user_config_path") / "config.toml"


def backups(book_path: Path) -> Path:
    """Return the folder for the backups of a book: beside it, so that they move together."""
    return book_path.parent / f"{book_path.stem}-backups"


def kept_texts(book_path: Path) -> Path:
    """Return the folder for typed texts that were refused, so that no input is lost."""
    return book_path.parent / f"{book_path.stem}-refused"
