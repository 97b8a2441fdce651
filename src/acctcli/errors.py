"""What can go wrong, as exceptions that carry their exit code.

Any layer raises these; ``main`` alone turns one into a single line on stderr
and an exit status. A message says what is wrong, where, and what to do next.
Nothing in here prints, and nothing here may import the rest of the package.
"""

from __future__ import annotations

from collections.abc import Sequence


class AcctError(Exception):
    """A failure that the user can understand; `exit_code` follows the output contract.

    `candidates` are names or ids that the user may have meant; they are part of the message on a
    terminal and a list under ``--format json``.
    """

    exit_code = 1
    kind = "unexpected"

    def __init__(self, message: str, *, candidates: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.candidates = tuple(candidates)


class UsageError(AcctError):
    """The command line itself is wrong: an unknown column, a date with two readings."""

    exit_code = 2
    kind = "usage"


class NotFound(AcctError):
    """No record, file or setting has the given name."""

    exit_code = 3
    kind = "not_found"


class Invalid(AcctError):
    """The data cannot be accepted: invalid, ambiguous, or in conflict with existing data."""

    exit_code = 4
    kind = "invalid"


class Lacking(Invalid):
    """A record of the kind `of` lacks the field named `field`."""

    def __init__(self, message: str, field: str, of: str) -> None:
        super().__init__(message)
        self.field = field
        self.of = of


class Missing(Lacking):
    """A record lacks a field that every record of its kind needs in its state."""


class Unmet(Lacking):
    """A record lacks a field that the `[required]` settings ask for."""


class Ambiguous(Invalid):
    """Several records match one name."""

    kind = "ambiguous"


class Conflict(Invalid):
    """The change contradicts something that is already in the book."""

    kind = "conflict"


class Busy(AcctError):
    """Another process held the database for longer than we wait."""

    exit_code = 5
    kind = "busy"


class StorageError(AcctError):
    """The database file or its disk has a problem."""

    exit_code = 6
    kind = "storage"


class Cancelled(AcctError):
    """The user interrupted the command; nothing was changed."""

    exit_code = 130
    kind = "interrupted"
