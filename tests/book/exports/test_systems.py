"""The book as files for another system, and back by their header alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Program

from acctcli.interop.wizards import PRESETS, files_of
from acctcli.model import KINDS

NOT_COMPARED = {"id", "created_at", "updated_at", "number", "kind"}

ROUNDED = {
    # Systems have a close date of their own, and their moments have no seconds.
    "log": {"at", "resolved_at", "duration"},
    "task": {"done_at", "due"},
}

IDENTITY: dict[str, tuple[str, ...]] = {
    "account": ("name",),
    "contact": ("name", "account"),
    "deal": ("title", "account", "amount"),
    "task": ("text", "account"),
}


def records(run: Program, book: Path, kind: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = run("--db", book, "export", "--as", kind, "-f", "json").json()
    return found


def written(run: Program, book: Path, preset: str, folder: Path) -> tuple[list[Path], str]:
    done = run("--db", book, "export", "--preset", preset, folder)
    assert done.code == 0, done.err
    return sorted(folder.iterdir()), done.err


@pytest.mark.parametrize("preset", PRESETS)
def test_what_the_format_holds_comes_back(
    run: Program, sample_book: Path, tmp_path: Path, preset: str
) -> None:
    files, _ = written(run, sample_book, preset, tmp_path / preset)
    new = tmp_path / "new.db"
    back = run("--db", new, "import", *files, "--create")
    assert back.code == 0, back.err
    for kind, names in IDENTITY.items():
        [file, *_] = [file for file in files_of(preset) if file.kind == kind]
        ours, theirs = records(run, sample_book, kind), records(run, new, kind)
        assert len(ours) == len(theirs)
        by_name = {tuple(one[name] for name in names): one for one in theirs}
        compared = {
            name: count
            for name, count in file.held.items()
            if name not in NOT_COMPARED | ROUNDED.get(kind, set())
        }
        for one in ours:
            other = by_name[tuple(one[name] for name in names)]
            for name, count in compared.items():
                value = one[name]
                if count and KINDS[kind].fields[name].many:
                    value = value[:count]
                if kind == "deal" and name in ("category", "lost_reason", "probability"):
                    continue  # a system without a word for these has those of the stage
                assert other[name] == value, (kind, one["id"], name)


@pytest.mark.parametrize("preset", PRESETS)
def test_interactions_keep_their_people_and_deals(
    run: Program, sample_book: Path, tmp_path: Path, preset: str
) -> None:
    files, _ = written(run, sample_book, preset, tmp_path / preset)
    new = tmp_path / "new.db"
    run("--db", new, "import", *files, "--create")
    ours = {(one["summary"], one["at"][:16]): one for one in records(run, sample_book, "log")}
    theirs = {(one["summary"], one["at"][:16]): one for one in records(run, new, "log")}
    assert theirs
    for key, one in theirs.items():
        assert one["account"] == ours[key]["account"]
        if one["contacts"]:
            assert one["contacts"] == ours[key]["contacts"]


def test_what_the_files_cannot_hold_is_said(
    run: Program, sample_book: Path, tmp_path: Path
) -> None:
    _, said = written(run, sample_book, "hubspot", tmp_path / "files")
    assert "not in the files: " in said
    assert "purchases" in said
    assert "stance of 78 contacts" in said
    assert "Import them in this order." in said


def test_files_that_are_there_are_not_written_over(
    run: Program, sample_book: Path, tmp_path: Path
) -> None:
    files, _ = written(run, sample_book, "zoho", tmp_path / "files")
    again = run("--db", sample_book, "export", "--preset", "zoho", tmp_path / "files")
    assert (again.code, "To overwrite it: --force" in again.err) == (4, True)
    forced = run("--db", sample_book, "export", "--preset", "zoho", tmp_path / "files", "--force")
    assert forced.code == 0
    assert all(file.stat().st_mode & 0o777 == 0o600 for file in files)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--preset", "hubspt", "x"), "Did you mean hubspot?"),
        (("--preset", "hubspot"), "acct export --preset hubspot hubspot-files"),
        (("--preset", "hubspot", "-"), "Name a folder"),
        (("--preset", "hubspot", "x", "--as", "deal"), "takes only a folder"),
        (("x", "--as", "deal"), "for a folder write --all DIR, or --preset"),
    ],
)
def test_a_preset_needs_a_system_and_a_folder(
    run: Program, words: tuple[str, ...], said: str
) -> None:
    done = run("export", *words)
    assert (done.code, said in done.err) == (2, True), done.err


def test_a_system_may_be_named_where_the_header_does_not_tell(
    run: Program, tmp_path: Path, book: Path
) -> None:
    file = tmp_path / "x.csv"
    file.write_text("Name,Phone,BillingCity\nAcme,+6562211234,Oslo\n")
    done = run("import", file, "--preset", "salesforce")
    assert "read as Salesforce Account" in done.err
    assert [one["city"] for one in records(run, book, "account")] == ["Oslo"]
    refused = run("import", file, "--preset", "xero")
    assert (refused.code, "of no export of Xero that is known" in refused.err) == (2, True)
