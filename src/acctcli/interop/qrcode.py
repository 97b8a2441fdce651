"""QR codes: the dark and light squares of a text (the extra `qr`)."""

from __future__ import annotations

from acctcli import extras
from acctcli.errors import Invalid

QUIET = 2
"""The light squares around a code, without which no camera finds it."""


def squares(content: str) -> list[list[bool]]:
    """Return the rows of a QR code, True for dark, with the light border around it.

    Raises `UsageError` without the library, and `Invalid` for a text that no code can hold.
    """
    try:
        import segno
    except ImportError:
        raise extras.missing("QR codes need", "qr") from None
    try:
        code = segno.make_qr(content, error="l", boost_error=False, encoding="utf-8")
    except segno.DataOverflowError:
        raise Invalid("the card is too long for a QR code. Write it with --format vcf") from None
    return [[bool(square) for square in row] for row in code.matrix_iter(border=QUIET)]
