from __future__ import annotations

from pathlib import Path

from tests.conftest import Program


def dossiers(run: Program, folder: Path, *accounts: str) -> tuple[str, str]:
    """Return the Markdown and the HTML of a handover of these accounts."""
    done = run("account", "handover", *accounts, "--to", "Ben", "--pack", folder)
    assert done.code == 0, done.err
    read = [(folder / name).read_text("utf-8") for name in ("dossier.md", "dossier.html")]
    return read[0], read[1]


def test_one_account_is_the_title_and_several_are_parts(run: Program, tmp_path: Path) -> None:
    run("account", "add", "Acme")
    run("account", "add", "Birch")
    one, _ = dossiers(run, tmp_path / "one", "Acme")
    assert one.startswith("# Acme\n")
    assert "\n## Who they are\n" in one
    several, document = dossiers(run, tmp_path / "both", "Acme", "Birch")
    assert several.startswith("# 2 accounts\n")
    assert "\n## Acme\n" in several
    assert "\n### Who they are\n" in several
    assert '<a href="#account-2">Birch</a>' in document


def test_text_of_the_book_shows_as_it_is_and_does_nothing(run: Program, tmp_path: Path) -> None:
    run("account", "add", "Acme", "--set", "description=<script>x</script> *bold* \u202e")
    markdown, document = dossiers(run, tmp_path / "one", "Acme")
    assert "\\<script\\>x\\</script\\> \\*bold\\*" in markdown
    assert "<script>" not in document
    assert "\u202e" not in markdown + document
