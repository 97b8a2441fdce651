"""QR codes: the squares of the library, with a light border, or the way to install it."""

from __future__ import annotations

import sys
from unittest import mock

import pytest
import segno

from acctcli.errors import Invalid, UsageError
from acctcli.interop import qrcode


def test_the_squares_are_those_of_the_code_with_a_border() -> None:
    found = qrcode.squares("BEGIN:VCARD\r\nFN:Müller\r\nEND:VCARD\r\n")
    code = segno.make_qr(
        "BEGIN:VCARD\r\nFN:Müller\r\nEND:VCARD\r\n", error="l", boost_error=False, encoding="utf-8"
    )
    inside = [row[qrcode.QUIET : -qrcode.QUIET] for row in found[qrcode.QUIET : -qrcode.QUIET]]
    assert inside == [[bool(square) for square in row] for row in code.matrix]
    assert not any(found[0] + found[1] + found[-1] + [row[0] for row in found])


def test_a_text_that_no_code_holds_is_refused() -> None:
    with pytest.raises(Invalid, match="too long"):
        qrcode.squares("x" * 5000)


def test_without_the_library_the_way_to_install_it_is_said() -> None:
    with (
        mock.patch.dict(sys.modules, {"segno": None}),
        pytest.raises(UsageError, match="pipx inject acctcli segno"),
    ):
        qrcode.squares("x")
