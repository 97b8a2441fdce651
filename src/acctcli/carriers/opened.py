"""Open the carrier at an address."""

from __future__ import annotations

import re
from pathlib import Path

from acctcli.carriers.carrier import Carrier, Refused
from acctcli.errors import AcctError, Invalid, NotFound
from acctcli.text import quoted

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)://")


def opened(address: str, *, key: Path | None = None) -> Carrier:
    """Return the carrier at an address: a folder, or ``postgresql://USER@HOST/DATABASE``.

    With a `key`, what goes there is sealed. Nothing connects before the first call. Raises
    `Invalid` for any other kind of address, and `UsageError` if a library is not installed.
    """
    made = _plain(address)
    if key is None:
        return made
    from acctcli.carriers.seal import Sealed

    return Sealed(made, key)


def shown(address: str) -> str:
    """Return an address for people, without its password."""
    if is_database(address):
        from acctcli.carriers import postgres

        return postgres.shown(address)
    return address


def is_database(address: str) -> bool:
    """Whether an address names a PostgreSQL database."""
    match = _SCHEME.match(address)
    return match is not None and match[1].lower() in ("postgresql", "postgres")


def _plain(address: str) -> Carrier:
    if is_database(address):
        from acctcli.carriers.postgres import Postgres

        return Postgres(address)
    if match := _SCHEME.match(address):
        raise Invalid(
            f"{quoted(match[0])} is not supported. Name a folder, or a database as "
            "postgresql://USER@HOST/DATABASE"
        )
    if not address.strip():
        raise Invalid("the address is empty. Name a folder, or postgresql://USER@HOST/DATABASE")
    from acctcli.carriers.folder import Folder

    try:
        return Folder(Path(address).expanduser().absolute())
    except RuntimeError:
        raise Invalid(f"{quoted(address)} begins with ~ and the name of nobody here") from None


def gone(address: str, where: str, book: str) -> AcctError:
    """Return the error for a shared book of this machine that is not there any more."""
    if is_database(address):
        return Refused(
            f"you are not a member of the shared book {book} in {where} (any more). Your book "
            "stays as it is. To stop syncing it: acct sync leave --no-sync"
        )
    return NotFound(
        f"{where} has no shared book {book} (any more). If the folder is not complete yet, wait "
        "for the program that syncs it. If it is lost, write it again: acct sync compact"
    )
