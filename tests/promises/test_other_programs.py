"""Address books and calendars read what we write, and we read what they are tested with.

`.ci/run` installs khard and khal, and names with ACCTCLI_SAMPLES the folder of the cards and
calendars that vobject and khard are tested with.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.conftest import Program
from tests.filling import filled_once

SAMPLES = os.environ.get("ACCTCLI_SAMPLES", "")
"""A folder with the source packages of other programs; the tests of each bring cards along."""

pytestmark = pytest.mark.slow


def other(name: str, *words: str | Path) -> str:
    """Run another program and return what it prints."""
    done = subprocess.run(
        [shutil.which(name) or name, *map(str, words)],
        capture_output=True,
        check=False,
        timeout=60,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def needs(name: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(shutil.which(name) is None, reason=f"{name} is not installed")


@pytest.fixture
@filled_once
def sample(run: Program) -> None:
    """A book with a person, an appointment and a contract."""
    run("account", "add", "GreenTech; Ltd", "--tier", "key", "--city", "Singapore")
    person = ("--title", "CFO", "--email", "mei@greentech.sg", "--phone", "+6562210000")
    run("contact", "add", "Mei Tan-Müller", "--account", "greentech", *person, "--notes", "a, b\nc")
    when = ("--at", "2026-12-02 09:00", "--duration", "45m", "--place", "Room 4, HQ")
    run("task", "add", "greentech", "Demo", *when)
    run("purchase", "add", "greentech", "1200", "--on", "2026-01-01", "--ends", "2026-12-31")


@needs("khard")
@pytest.mark.usefixtures("sample")
def test_khard_reads_our_cards(run: Program, tmp_path: Path) -> None:
    cards = tmp_path / "cards"
    cards.mkdir()
    (cards / "mei.vcf").write_text(run("contact", "show", "Mei", "-f", "vcf").out, newline="")
    config = tmp_path / "khard.conf"
    config.write_text(f"[addressbooks]\n[[test]]\npath = {cards}\n[general]\n")
    page = other("khard", "-c", config, "show", "Mei")
    for text in ("Mei Tan-Müller", "GreenTech; Ltd", "CFO", "mei@greentech.sg", "+6562210000"):
        assert text in page
    assert "a, b" in page


@needs("khal")
@pytest.mark.usefixtures("sample")
def test_khal_reads_our_calendar_and_a_newer_one_moves_what_was_moved(
    run: Program, tmp_path: Path
) -> None:
    folder = tmp_path / "calendar"
    folder.mkdir()
    config = tmp_path / "khal.conf"
    config.write_text(
        f"[calendars]\n[[test]]\npath = {folder}\n[sqlite]\npath = {tmp_path / 'khal.db'}\n"
        "[locale]\nlocal_timezone = UTC\ndefault_timezone = UTC\ntimeformat = %H:%M\n"
        "dateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n"
        "datetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n"
    )

    def events() -> str:
        target = tmp_path / "ahead.ics"
        run("export", "--calendar", str(target), "--force")
        other("khal", "-c", config, "import", "--batch", "-a", "test", target)
        return other("khal", "-c", config, "list", "2026-11-22", "60d")

    assert "09:00-09:45 Demo (GreenTech; Ltd)" in events()
    moved = run("task", "edit", "Demo", "--at", "2026-12-02 11:00")
    assert moved.code == 0, moved.err
    shown = events()
    assert "11:00-11:45 Demo" in shown
    assert "09:00" not in shown
    assert "Contract ends: GreenTech; Ltd" in shown


def samples(*suffixes: str) -> Iterator[tuple[str, bytes]]:
    """Yield the files with these endings in the packages of other programs."""
    for package in sorted(Path(SAMPLES).glob("*.tar.gz")):
        with tarfile.open(package) as archive:
            for member in archive:
                content = archive.extractfile(member)
                if content is not None and member.name.endswith(suffixes):
                    yield member.name, content.read()


@pytest.mark.skipif(not SAMPLES, reason="ACCTCLI_SAMPLES names no folder of other programs")
def test_the_cards_that_other_programs_are_tested_with_are_read(
    run: Program, tmp_path: Path
) -> None:
    run("account", "add", "Acme")
    read = 0
    for name, content in samples(".vcf"):
        (tmp_path / "x.vcf").write_bytes(content)
        done = run("import", str(tmp_path / "x.vcf"), "--dry-run", "--default", "country=DE")
        assert done.code in (0, 2, 4), (name, done.err)
        read += done.code == 0
    assert read > 20


def test_the_calendars_that_our_libraries_are_tested_with_are_read(
    run: Program, tmp_path: Path
) -> None:
    import icalendar
    import recurring_ical_events

    run("account", "add", "Acme")
    read = total = 0
    for library in (icalendar, recurring_ical_events):
        for path in sorted(Path(str(library.__file__)).parent.rglob("*.ics")):
            shutil.copy(path, tmp_path / "x.ics")
            done = run(
                *("import", str(tmp_path / "x.ics"), "--dry-run", "--default", "account=Acme")
            )
            assert done.code in (0, 2, 4), (path.name, done.err)
            read += done.code == 0
            total += 1
    assert total > 200
    assert read > 0.85 * total
