from __future__ import annotations

import pytest

from acctcli.render import waiting


def test_what_is_done_at_once_shows_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with waiting.counted("Taking in changes") as progress:
        progress(10)
    assert capsys.readouterr() == ("", "")


def test_what_takes_longer_shows_its_count(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "SILENT_SECONDS", -1)
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    with waiting.counted("Taking in changes") as progress:
        progress(10)
        progress(12_000)
    out, err = capsys.readouterr()
    assert out == ""
    assert "Taking in changes" in err
