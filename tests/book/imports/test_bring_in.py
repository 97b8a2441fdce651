"""Files into the book without any command line: judged, written, refused, all or nothing."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from acctcli.book.context import Context
from acctcli.book.imports import bring_in
from acctcli.book.imports.recipe import Asked
from acctcli.errors import Invalid, UsageError
from acctcli.store import queries

ROWS = "name,tier\nAcme,key\nKonex,smb\n"


def file(folder: Path, text: str = ROWS, name: str = "accounts.csv") -> str:
    (folder / name).write_text(text)
    return str(folder / name)


def accounts(context: Context) -> int:
    with context.read() as con:
        return queries.count(con, "account")


def test_a_file_is_judged_and_then_written(context: Context, tmp_path: Path) -> None:
    loaded = bring_in.load(context, [str(file(tmp_path))], Asked("account"))
    judged = bring_in.judge(context, loaded, Asked())
    assert (len(judged.files[0].new), accounts(context)) == (2, 0)
    steps: list[int] = []
    done = bring_in.write(context, loaded, Asked(), advance=steps.append)
    assert done.says == "Imported 2 accounts: 2 new."
    assert (done.rejects, accounts(context)) == ([], 2)
    assert sum(steps) == 3 * 2  # read, judged, written
    again = bring_in.write(context, loaded, Asked())
    assert again.says.startswith("Nothing to import: 2 accounts, already up to date")


def test_a_row_that_is_refused_is_named_or_kept_beside(context: Context, tmp_path: Path) -> None:
    path = file(tmp_path, ROWS + "Third,gold\n")
    loaded = bring_in.load(context, [str(path)], Asked("account"))
    with pytest.raises(Invalid, match=r"line 4: .*gold"):
        bring_in.write(context, loaded, Asked())
    assert accounts(context) == 0
    done = bring_in.write(context, loaded, Asked(), skip_invalid=True)
    assert accounts(context) == 2
    (kept,) = done.rejects
    assert "Third,gold" in kept.read_text()


def test_an_imported_primary_contact_takes_over_and_two_of_one_file_stay(
    context: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(context, "notice", said.append)

    def bring(*rows: str) -> list[str]:
        text = "\n".join(("name,account,primary", *rows))
        loaded = bring_in.load(context, [file(tmp_path, text)], Asked("contact"))
        bring_in.write(context, loaded, Asked(create_accounts=True))
        with context.read() as con:
            names = con.execute('SELECT name FROM contact WHERE "primary" = 1 ORDER BY name')
            return [name for (name,) in names]

    assert bring("Mei,Acme,yes", "Raj,Acme,no", "Kim,Konex,yes") == ["Kim", "Mei"]
    assert said == []
    assert bring("Raj,Acme,yes") == ["Kim", "Raj"]
    assert said == ["no longer primary contact, because the import has another: Mei"]
    assert bring("Raj,Acme,yes", "Mei,Acme,yes") == ["Kim", "Mei", "Raj"]
    assert bring("Ana,Acme,yes") == ["Ana", "Kim"]
    assert said[1:] == ["no longer primary contact, because the import has another: Mei and Raj"]
    assert bring("Ana,Acme,yes") == ["Ana", "Kim"]


def test_what_comes_through_a_pipe_is_handed_over(context: Context) -> None:
    (loaded,) = bring_in.load(context, ["-"], Asked("account"), io.BytesIO(ROWS.encode()))
    assert (loaded.path, loaded.name, loaded.table.count) == (None, "stdin", 2)
    with pytest.raises(UsageError, match="stdin is closed"):
        bring_in.load(context, ["-"], Asked("account"))


def test_the_files_of_a_folder_come_in_the_order_in_which_they_refer(
    context: Context, tmp_path: Path
) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    file(folder, "text,account\nCall,Acme\n", "tasks.csv")
    file(folder)
    loaded = bring_in.load(context, [str(folder)], Asked())
    assert [one.plan.recipe.kind for one in loaded] == ["account", "task"]
    assert bring_in.write(context, loaded, Asked()).says == (
        "Imported 2 accounts: 2 new; 1 task: 1 new."
    )
    with pytest.raises(UsageError, match="--key: for one file"):
        bring_in.load(context, [str(folder)], Asked(key="id"))
