"""Which messages are in the book."""

from __future__ import annotations

from pathlib import Path

from tests.commands import do
from tests.conftest import Program
from tests.letters import ME, letter, mbox

from acctcli.book.context import Context
from acctcli.store.messages import KeptMessage, deleted, foreign_id, kept


def test_an_interaction_is_found_by_its_message(run: Program, tmp_path: Path) -> None:
    run("config", "set", "me.emails", ME)
    account = run("account", "add", "GreenTech", "--website", "greentech.sg", "-f", "ids").out
    assert run("import", mbox(tmp_path / "a.mbox", [letter()])).code == 0
    with Context().read() as con:
        found = kept(con)
    assert found == {"1@greentech.sg": [KeptMessage(account.strip(), account.strip(), None)]}
    assert foreign_id("1@greentech.sg", "x") == "1@greentech.sg x"


def test_what_was_deleted_is_known_until_it_is_restored(run: Program, tmp_path: Path) -> None:
    def gone() -> int:
        with Context().read() as con:
            return len(deleted(con))

    do(run, ("config", "set", "me.emails", ME))
    do(run, ("account", "add", "GreenTech", "--website", "greentech.sg"))
    do(run, "import", str(mbox(tmp_path / "a.mbox", [letter()])))
    do(run, "undo")
    assert gone() == 0
    do(run, "import", str(tmp_path / "a.mbox"))
    do(run, "log", "delete", do(run, "log", "list", "-f", "ids").out.strip(), "--yes")
    assert gone() == 1
    do(run, "undo")
    assert gone() == 0
