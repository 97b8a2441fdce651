"""The seller's own logo in a document: a data URI, so that nothing is fetched."""

from __future__ import annotations

from base64 import b64encode

from acctcli import paths, text
from acctcli.errors import Invalid
from acctcli.files import read_whole

MOST_BYTES = 2**20
"""A logo of more than 1 MiB would make every quote that large."""

_BEGINS = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
}


def data_uri(path: str) -> str:
    """Return a picture as a data URI; its type is detected from the content, not from the name.

    Raises `Invalid` for a file that cannot be read, is too large or is no picture.
    """
    place = f"quote.logo {text.quoted(path)}"
    try:
        data = read_whole(paths.typed(path), MOST_BYTES)
    except OSError as error:
        says = f"{place}: {error.strerror}. To leave it out: acct config unset quote.logo"
        raise Invalid(says) from None
    kind = _kind(data)
    if kind is None:
        raise Invalid(f"{place} is not a PNG, JPEG, GIF, WebP or SVG picture")
    return f"data:{kind};base64,{b64encode(data).decode()}"


def _kind(data: bytes) -> str | None:
    for begins, kind in _BEGINS.items():
        if data.startswith(begins):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    # In an <img>, a browser runs no script of an SVG and fetches nothing for it.
    return "image/svg+xml" if b"<svg" in data[:1000] else None
