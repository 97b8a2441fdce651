"""A logo as a data URI."""

from __future__ import annotations

from base64 import b64decode
from pathlib import Path

import pytest

from acctcli.book import logos
from acctcli.errors import Invalid, UsageError

PNG = b"\x89PNG\r\n\x1a\n" + b"rest"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xffrest", "image/jpeg"),
        (b"GIF89arest", "image/gif"),
        (b"RIFF0000WEBPrest", "image/webp"),
        (b'<?xml version="1.0"?><svg xmlns="x"/>', "image/svg+xml"),
    ],
)
def test_a_picture_is_known_by_what_it_holds(tmp_path: Path, data: bytes, kind: str) -> None:
    file = tmp_path / "logo.txt"
    file.write_bytes(data)
    head, comma, coded = logos.data_uri(str(file)).partition(",")
    assert (head, comma, b64decode(coded)) == (f"data:{kind};base64", ",", data)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"<html>", "is not a PNG"),
        (PNG + bytes(logos.MOST_BYTES), "has more than"),
        (None, "No such"),
    ],
)
def test_another_file_is_refused(tmp_path: Path, data: bytes | None, says: str) -> None:
    file = tmp_path / "logo.png"
    if data is not None:
        file.write_bytes(data)
    with pytest.raises(Invalid, match=says):
        logos.data_uri(str(file))


def test_a_home_that_is_nobodys_is_said() -> None:
    with pytest.raises(UsageError, match="there is no such home folder"):
        logos.data_uri("~nobody-of-this-name/logo.png")
