"""Messages for tests of imported mail."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

ME = "kim@fjordsoft.example"
MAILBOX = Path(__file__).parents[1] / "docs" / "data" / "mail.mbox"
"""A small correspondence with three accounts."""


def letter(
    sender: str = "mei@greentech.sg",
    to: str = ME,
    *,
    id: str = "1@greentech.sg",
    date: str = "Mon, 02 Nov 2026 10:12:11 +0000",
    subject: str = "A question",
    body: str = "Do you have 40 seats?",
    **headers: str,
) -> str:
    """Return a message; an empty header is left out."""
    given = {
        "From": sender,
        "To": to,
        "Date": date,
        "Subject": subject,
        "Message-ID": f"<{id}>" if id else "",
    }
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"{name}: {value}" for name, value in given.items() if value]
    return "\n".join([*lines, "", body, ""])


def mbox(path: Path, letters: Iterable[str]) -> Path:
    """Write messages into an mbox."""
    envelope = "From somebody Mon Nov  2 10:12:11 2026\n"
    path.write_text(
        "".join(
            f"{envelope}{one.replace(chr(10) + 'From ', chr(10) + '>From ')}\n" for one in letters
        ),
        encoding="utf-8",
    )
    return path
