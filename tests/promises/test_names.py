"""A name is visible, and the same in every form that it can be written in."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from tests.commands import do
from tests.conftest import Program
from tests.filling import filled_once

from acctcli.errors import Invalid
from acctcli.model import KINDS, LONG, NOUNS, TEXT
from acctcli.store.settings import strictly_document

NOTHING = ("\u200b", "\u202e\u2066", "\u0301", "\x1b", "\u3164", "\u2800", " \u00a0\u200b ")

TEXTS = [
    (kind, field)
    for kind in NOUNS
    for field in KINDS[kind].fields.values()
    if field.type in (TEXT, LONG) and not (field.fixed or field.derived)
]


@pytest.fixture
@filled_once
def records(run: Program) -> None:
    do(
        run,
        ("account", "add", "Acme"),
        ("contact", "add", "Mei Tan", "--account", "acme"),
        ("log", "note", "acme", "Said"),
        ("task", "add", "acme", "Do"),
        ("deal", "add", "acme", "Rollout", "--amount", "5 SGD"),
        ("product", "add", "Gold"),
        ("purchase", "add", "acme", "5 SGD"),
        ("review", "run", "acme", "--summary", "Fine"),
    )


@pytest.mark.usefixtures("records")
@pytest.mark.parametrize(("kind", "field"), TEXTS, ids=lambda part: getattr(part, "name", part))
def test_no_text_shows_nothing(kind: str, field: object, run: Program, tmp_path: Path) -> None:
    name = getattr(field, "name", "")
    (id,) = run(kind, "list", "-f", "ids").out.split()
    before = run(kind, "list", "-f", "json").out
    for nothing in NOTHING:
        done = run(kind, "edit", id, "--set", f"{name}={nothing}")
        assert done.code == 4, (nothing, done)
        assert "shows nothing" in done.err
        file = tmp_path / "their.csv"
        file.write_text(f"id,{name}\n{id},{nothing}\n", encoding="utf-8")
        done = run("import", file, "--as", kind)
        if nothing.strip():
            assert done.code == 4, (nothing, done)
    assert run(kind, "list", "-f", "json").out == before


@pytest.mark.usefixtures("records")
@pytest.mark.parametrize("nothing", NOTHING, ids=ascii)
def test_nothing_new_has_a_name_that_shows_nothing(nothing: str, run: Program, home: Path) -> None:
    for words in (
        ("account", "add", nothing),
        ("contact", "add", nothing),
        ("product", "add", nothing),
        ("task", "add", "acme", nothing),
        ("log", "call", "acme", nothing),
        ("deal", "add", "acme", nothing),
        ("account", "tag", "acme", "--add", nothing),
        ("account", "list", "--tier", "key", "--save", nothing),
        ("account", "plan", "acme", "--objective", nothing),
        ("deal", "lose", "rollout", "--reason", nothing),
    ):
        done = run(*words)
        assert done.code == 4, (words, done)
    for typed in (
        f'[cadence]\n"{escaped(nothing)}" = 5\n',
        f"[fields.account.x]\ntype = 'choice'\nchoices = [\"{escaped(nothing)}\"]\n",
        f"[quota]\ncurrency = 'SGD'\n\"{escaped(nothing)}\" = 5\n",
    ):
        with pytest.raises(Invalid):
            strictly_document(tomllib.loads(typed), {})


def escaped(value: str) -> str:
    """The text as TOML has it in quotation marks."""
    return "".join(f"\\u{ord(char):04x}" for char in value)


FORMS = (
    "Caf\u00e9",
    "Cafe\u0301",
    "CAF\u00c9",
    "CAFE\u0301",
    "cafe",
    "Ca\u200bf\u00e9",
    "\uff23af\u00e9",
)


@pytest.mark.parametrize("form", FORMS, ids=ascii)
def test_one_name_is_one_account_at_every_door(form: str, run: Program, tmp_path: Path) -> None:
    do(run, ("account", "add", "Caf\u00e9"), ("account", "add", "Other"))
    for words in (("account", "add", form), ("account", "edit", "Other", "--name", form)):
        done = run(*words)
        assert (done.code, "--duplicate" in done.err) == (4, True), done
    assert run("account", "show", form, "-f", "json").json()["number"] == "A-0001"
    assert len(run("account", "list", "--where", f"name = '{form}'", "-f", "ids").out.split()) == 1
    for columns, row in (("name,city", f"{form},Oslo"), ("name,account,title", f"Mei,{form},CFO")):
        file = tmp_path / "their.csv"
        file.write_text(f"{columns}\n{row}\n", encoding="utf-8")
        kind = "account" if "city" in columns else "contact"
        done = run("import", file, "--as", kind, "--create-accounts")
        assert done.code == 0, done.err
    accounts = run("account", "list", "-f", "json").json()
    assert sorted(one["number"] for one in accounts) == ["A-0001", "A-0002"]
    (person,) = run("contact", "list", "-f", "json").json()
    assert person["account_id"] == next(a["id"] for a in accounts if a["number"] == "A-0001")


def test_two_forms_of_one_name_in_one_file_are_one_account(run: Program, tmp_path: Path) -> None:
    file = tmp_path / "their.csv"
    file.write_text("name,account\nMei,Caf\u00e9\nRaj,CAFE\u0301\n", encoding="utf-8")
    assert run("import", file, "--as", "contact", "--create-accounts").code == 0
    assert len(run("account", "list", "-f", "ids").out.split()) == 1
