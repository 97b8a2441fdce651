"""Contacts as cards: every field that is filled, and the same book after a way back."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from unicodedata import normalize

import pytest
import vobject
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.books import configure, dump
from tests.conftest import TODAY, Program
from tests.filling import filled_once

from acctcli.book.context import Context
from acctcli.book.exports import cards
from acctcli.book.imports import bring_in
from acctcli.book.imports.recipe import Asked
from acctcli.model import KINDS
from acctcli.store import queries, records


@pytest.fixture
@filled_once
def mei(run: Program, home: Path) -> str:
    """Return the id of a contact with every field filled."""
    configure(
        home, '[me]\ncountry = "SG"\n[fields.contact]\nshoe = {type = "text", help = "shoe size"}'
    )
    run("account", "add", "GreenTech; Ltd", "--website", "greentech.sg", "--city", "Singapore")
    run("contact", "add", "Raj Nair", "--account", "greentech")
    done = run(
        *("contact", "add", "Mei Tan", "--account", "greentech", "--title", "CFO, acting"),
        *("--department", "Finance", "--email", "mei@greentech.sg", "--email", "m@tan.sg"),
        *("--phone", "+6562210000", "--phone", "+6562210000;ext=5", "--linkedin", "mei-tan"),
        *("--profile", "x.com/mei", "--alias", "Mimi", "--birthday", "1980-04-12"),
        *("--role", "economic-buyer", "--influence", "high", "--stance", "supporter"),
        *("--reports-to", "raj", "--primary", "--do-not-contact", "--notes", "  One\n\ntwo; three"),
        *("--since", "2020-01-01", "--tag", "vip", "--set", "shoe=38\\", "-f", "ids"),
    )
    assert done.code == 0, done.err
    return done.out.strip()


def card(run: Program, *words: str) -> dict[str, list[object]]:
    """Return the properties of the first card that another program reads, by name."""
    text = run("contact", *words, "-f", "vcf").out
    read = vobject.readOne(text)
    return {name: [one.value for one in lines] for name, lines in read.contents.items()}


def test_a_card_has_every_field_that_is_filled(run: Program, mei: str) -> None:
    found = card(run, "show", "Mei Tan")
    assert (found["version"], found["uid"]) == (["3.0"], [f"urn:uuid:{mei}"])
    assert (found["fn"], found["n"][0].family) == (["Mei Tan"], "Tan")  # type: ignore[attr-defined]
    assert (found["org"], found["title"]) == ([["GreenTech; Ltd", "Finance"]], ["CFO, acting"])
    assert found["email"] == ["mei@greentech.sg", "m@tan.sg"]
    assert found["tel"] == ["+6562210000", "+6562210000;ext=5"]
    assert found["url"] == ["https://greentech.sg"]
    assert found["x-socialprofile"] == [
        *("https://www.linkedin.com/in/mei-tan", "https://x.com/mei")
    ]
    assert (found["nickname"], found["bday"]) == (["Mimi"], ["1980-04-12"])
    assert found["note"] == ["  One\n\ntwo; three"]
    assert found["categories"] == ["vip,do-not-contact"] or found["categories"] == [
        ["vip", "do-not-contact"]
    ]
    assert found["x-manager"] == ["Raj Nair"]
    own = {name: value for name, (value, *_) in found.items() if name.startswith("x-acctcli-")}
    del own["x-acctcli-account-id"]
    assert own == {
        "x-acctcli-role": "economic-buyer",
        "x-acctcli-influence": "high",
        "x-acctcli-stance": "supporter",
        "x-acctcli-primary": "yes",
        "x-acctcli-since": "2020-01-01",
        "x-acctcli-shoe": "38\\",
        "x-acctcli-do-not-contact": "yes",
    }


@pytest.mark.usefixtures("mei")
def test_the_way_back_changes_nothing(run: Program, book: Path, tmp_path: Path) -> None:
    before = dump(book)
    (tmp_path / "all.vcf").write_text(run("contact", "list", "-f", "vcf").out, newline="")
    done = run("import", str(tmp_path / "all.vcf"))
    assert (done.code, "Nothing to import: 2 contacts" in done.err) == (0, True)
    assert dump(book) == before


@pytest.mark.usefixtures("mei")
def test_another_book_gets_the_same_people(run: Program, tmp_path: Path) -> None:
    (tmp_path / "all.vcf").write_text(run("contact", "list", "-f", "vcf").out, newline="")
    other = str(tmp_path / "other.db")
    done = run(
        *("--db", other, "import", str(tmp_path / "all.vcf"), "--create", "--create-accounts")
    )
    assert done.code == 0, done.err
    person = run("--db", other, "contact", "show", "Mei Tan", "-f", "json").json()
    assert (person["account"], person["title"]) == ("GreenTech; Ltd", "CFO, acting")
    assert (person["do_not_contact"], person["tags"]) == (True, ["vip"])
    assert (person["linkedin"], person["profiles"]) == ("mei-tan", ["x.com/mei"])
    assert (person["role"], person["stance"]) == ("economic-buyer", "supporter")
    assert person["phones"] == ["+6562210000", "+6562210000;ext=5"]
    account = run("--db", other, "account", "show", "greentech", "-f", "json").json()
    assert (account["website"], account["city"]) == ("greentech.sg", "Singapore")


@pytest.mark.usefixtures("mei")
def test_a_renamed_account_does_not_lose_its_people(run: Program, tmp_path: Path) -> None:
    text = run("contact", "list", "-f", "vcf").out
    (tmp_path / "all.vcf").write_text(text.replace("GreenTech\\; Ltd", "Condax"), newline="")
    run("account", "add", "Condax")
    assert "2 changed" in run("import", str(tmp_path / "all.vcf")).err
    assert run("contact", "show", "Mei Tan", "-f", "json").json()["account"] == "Condax"


def test_an_empty_list_has_no_card(run: Program) -> None:
    run("account", "add", "Acme")
    assert run("contact", "list", "-f", "vcf").out == ""


@pytest.mark.usefixtures("mei")
def test_the_small_card_has_nothing_that_is_only_for_us(run: Program) -> None:
    page = run("contact", "show", "Mei Tan", "--qr", "-f", "json").json()
    assert "Mei Tan" in page["card"]
    assert "mei@greentech.sg" in page["card"]
    for secret in ("supporter", "One", "vip", "do-not-contact", "X-ACCTCLI", "UID"):
        assert secret not in page["card"]


def test_the_picture_and_the_text_of_a_card_exclude_each_other(run: Program) -> None:
    run("contact", "add", "Mei Tan")
    done = run("contact", "show", "Mei Tan", "--qr", "-f", "vcf")
    assert (done.code, "give only one" in done.err) == (2, True)
    assert "█" in run("contact", "show", "Mei Tan", "--qr", env={"COLUMNS": "80"}).out


lines = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=20)
shown = lines.map(lambda text: normalize("NFC", text).strip()).filter(
    lambda text: any(char.isalnum() for char in text)
)
lists = st.lists(shown.filter(lambda text: not {*";,"} & {*text}), max_size=3, unique=True)
bodies = st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"])), max_size=3).map(
    lambda parts: normalize("NFC", "\n".join(parts)).strip("\n").rstrip()
)
notes = bodies.map(lambda text: text if any(map(str.isalnum, text)) else None)
people = st.fixed_dictionaries(
    {"name": shown, "title": st.none() | shown, "department": st.none() | shown},
    optional={"tags": lists.map(tuple), "aliases": lists.map(tuple), "notes": notes},
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(people, min_size=1, max_size=3, unique_by=lambda one: one["name"]), st.booleans())
def test_whatever_people_are_called_they_come_back(
    empty_book: Path, written: list[dict[str, object]], placed: bool
) -> None:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "book.db"
        shutil.copy(empty_book, path)
        context = Context(db=str(path), today=TODAY)
        with context.write() as tx:
            place = {}
            if placed:
                place["account"] = records.insert(tx, "account", {"name": "Acme; Ltd"})
            for one in written:
                records.insert(tx, "contact", {**one, **place})
        before = dump(path)
        with context.read() as con:
            rows = queries.select(con, "contact", KINDS["contact"].fields)
            text = "".join(cards.written(context, con, rows))
        (Path(name) / "x.vcf").write_text(text, encoding="utf-8", newline="")
        loaded = bring_in.load(context, [str(Path(name) / "x.vcf")], Asked())
        done = bring_in.write(context, loaded, Asked())
        assert done.judgement.writes == 0
        assert dump(path) == before
