"""Mail as the tables of an import."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.conftest import Program
from tests.letters import ME, letter, mbox

from acctcli.book.context import Context
from acctcli.book.imports import mail
from acctcli.book.imports.recipe import Asked, Stranger
from acctcli.errors import UsageError


def test_people_and_companies_come_before_the_messages_that_name_them(
    run: Program, tmp_path: Path
) -> None:
    run("config", "set", "me.emails", ME)
    box = mbox(tmp_path / "a.mbox", [letter(f"p{n}@new.sg", id=str(n)) for n in range(3)])
    asked = Asked(create_accounts=True, create_contacts=True)
    loaded = mail.load(Context(today="2026-11-22"), [box], asked)
    kinds = [(one.plan.recipe.kind, one.table.count) for one in loaded]
    assert kinds == [("account", 1), ("contact", 3), ("log", 3)]
    assert [row.cells["name"] for row in loaded[1].table.rows()] == ["p0", "p1", "p2"]
    # The rows are kept: they can be read again.
    assert [*loaded[2].table.records()] == [*loaded[2].table.records()]


def test_each_message_read_is_reported(run: Program, tmp_path: Path) -> None:
    run("config", "set", "me.emails", ME)
    box = mbox(tmp_path / "a.mbox", [letter("a@new.sg"), letter("b@new.sg", id="2")])
    told: list[object] = []

    @contextmanager
    def watched(count: int, name: str) -> Iterator[Callable[[int], None]]:
        told.append((count, name))
        yield told.append

    [loaded] = mail.load(Context(today="2026-11-22"), [box], Asked(), watched)
    assert told == [(2, "a.mbox"), 1, 1]
    assert loaded.plan.mail is not None
    assert loaded.plan.mail.strangers == [
        Stranger("new.sg", 2, "acct account add new.sg --website new.sg")
    ]


def test_the_most_frequent_address_is_suggested_as_one_s_own(run: Program, tmp_path: Path) -> None:
    run("account", "add", "Condax")
    letters = [letter("a@new.sg"), letter(ME, "b@new.sg", id="2"), letter("info@x.sg", id="3")]
    with pytest.raises(UsageError, match=rf"acct config set me\.emails {ME}$"):
        mail.load(Context(), [mbox(tmp_path / "a.mbox", letters)], Asked())
    for number, none in enumerate(([], [letter("a@new.sg")])):
        with pytest.raises(UsageError, match=r"Set them: acct config set me\.emails$"):
            mail.load(Context(), [mbox(tmp_path / f"{number}.mbox", none)], Asked())
