"""vCards into the book: whose account, what a second import does, and files that mean harm."""

from __future__ import annotations

import shutil
import tempfile
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.books import dump
from tests.conftest import TODAY, Program
from tests.filling import filled_once

from acctcli.book.context import Context
from acctcli.book.imports import bring_in
from acctcli.book.imports.recipe import Asked
from acctcli.errors import Invalid


def card(*lines: str) -> str:
    return "\r\n".join(("BEGIN:VCARD", "VERSION:3.0", *lines, "END:VCARD", ""))


@pytest.fixture
@filled_once
def greentech(run: Program) -> None:
    run("account", "add", "GreenTech Ltd", "--website", "greentech.sg", "--alias", "GTL")


def bring(run: Program, folder: Path, text: str, *options: str) -> tuple[int, str, str]:
    (folder / "people.vcf").write_text(text, encoding="utf-8")
    return run("import", str(folder / "people.vcf"), *options)


def field(run: Program, person: str, name: str) -> object:
    return run("contact", "show", person, "-f", "json").json()[name]


@pytest.mark.usefixtures("greentech")
def test_an_account_is_named_by_org_or_by_the_mail_domain(run: Program, tmp_path: Path) -> None:
    done = bring(
        *(run, tmp_path),
        card("FN:Mei Tan", "ORG:gtl;Finance", "EMAIL:mei@tan.sg")
        + card("FN:Raj Nair", "EMAIL:raj@eu.greentech.sg")
        + card("FN:Ana Diaz", "ORG:Green Technology", "EMAIL:ana@greentech.sg"),
    )
    assert done[0] == 0, done
    assert '"Green Technology" as GreenTech Ltd' in done[2]
    for person in ("Mei Tan", "Raj Nair", "Ana Diaz"):
        assert field(run, person, "account") == "GreenTech Ltd"
    assert field(run, "Mei Tan", "department") == "Finance"


@pytest.mark.usefixtures("greentech")
def test_of_two_accounts_of_one_name_the_mail_domain_tells(run: Program, tmp_path: Path) -> None:
    run("account", "add", "GreenTech Ltd", "--website", "greentech.de", "--duplicate")
    text = card("FN:Bo Li", "ORG:GreenTech Ltd", "EMAIL:bo@greentech.de")
    assert bring(run, tmp_path, text)[0] == 0
    assert run("contact", "list", "--account", "A-0002", "-f", "ids").out
    refused = bring(run, tmp_path, card("FN:Al Li", "ORG:GreenTech Ltd", "EMAIL:al@x.example"))
    assert (refused[0], "matches" in refused[2]) == (4, True)


@pytest.mark.usefixtures("greentech")
def test_an_unknown_company_is_refused_or_added_with_its_address(
    run: Program, tmp_path: Path
) -> None:
    text = card(
        *("FN:Bo Li", "ORG:Neu AG", "EMAIL:bo@neu.de", "URL:https://neu.de"),
        "ADR;TYPE=WORK:;;Hauptstr. 1;Berlin;;10115;Germany",
    )
    refused = bring(run, tmp_path, text)
    assert refused[0] == 3 or refused[0] == 4
    assert "--create-accounts" in refused[2]
    assert bring(run, tmp_path, text, "--create-accounts")[0] == 0
    account = run("account", "show", "Neu AG", "-f", "json").json()
    assert (account["website"], account["city"], account["country"]) == ("neu.de", "Berlin", "DE")
    assert field(run, "Bo Li", "account") == "Neu AG"
    assert "Nothing to import" in bring(run, tmp_path, text, "--create-accounts")[2]


def test_people_without_a_company_are_imported_and_named(run: Program, tmp_path: Path) -> None:
    code, _, err = bring(run, tmp_path, card("FN:Bob", "TEL:+6581234567"))
    assert (code, "1 card with no company" in err, "--default account=" in err) == (0, True, True)
    run("account", "add", "Acme")
    code, _, err = bring(run, tmp_path, card("FN:Zoe"), "--default", "account=acme")
    assert (code, "no company" in err, field(run, "Zoe", "account")) == (0, False, "Acme")


def test_a_company_s_card_becomes_an_account(run: Program, tmp_path: Path) -> None:
    text = card("KIND:org", "ORG:Solar Works", "URL:https://solar.sg", "UID:s-1", "NOTE:Old") + (
        card("FN:Mei Tan", "ORG:Solar Works")
    )
    assert bring(run, tmp_path, text)[0] == 0
    assert run("account", "show", "solar", "-f", "json").json()["website"] == "solar.sg"
    renamed = bring(run, tmp_path, text.replace("ORG:Solar Works", "ORG:Solar Works Pte"))
    assert "is now called" in renamed[2]


def test_the_id_finds_a_person_again_and_nothing_is_taken_away(
    run: Program, tmp_path: Path
) -> None:
    text = card("FN:Mei Tan", "UID:1", "EMAIL:m@x.sg", "NOTE:Likes tea", "CATEGORIES:vip")
    bring(run, tmp_path, text)
    run("contact", "edit", "Mei Tan", "--add-email", "mei@y.sg", "--add-tag", "expo")
    run("contact", "edit", "Mei Tan", "--notes", "Met in May")
    moved = text.replace("m@x.sg", "new@x.sg").replace("FN:Mei Tan", "FN:Mei Tan-Lee")
    assert "1 changed" in bring(run, tmp_path, moved)[2]
    assert field(run, "Mei Tan-Lee", "emails") == ["m@x.sg", "mei@y.sg", "new@x.sg"]
    assert field(run, "Mei Tan-Lee", "tags") == ["vip", "expo"]
    assert field(run, "Mei Tan-Lee", "notes") == "Met in May\n\nLikes tea"
    assert "Nothing to import" in bring(run, tmp_path, moved)[2]


def test_the_id_of_a_record_of_ours_is_that_record(run: Program, tmp_path: Path) -> None:
    id = run("contact", "add", "Mei Tan", "-f", "ids").out.strip()
    text = card(f"UID:urn:uuid:{id}", "FN:Mei Tan", "TITLE:CFO")
    assert "1 changed" in bring(run, tmp_path, text)[2]
    assert run("contact", "show", id, "-f", "json").json()["title"] == "CFO"


@pytest.mark.parametrize(
    "option", [("--delimiter", ";"), ("--as", "deal"), ("--date-format", "dmy")]
)
def test_options_of_other_formats_are_refused(
    run: Program, tmp_path: Path, option: tuple[str, str]
) -> None:
    code, _, err = bring(run, tmp_path, card("FN:X"), *option)
    assert (code, "does not go with cards" in err) == (2, True)


def test_fields_can_be_mapped_and_left_out(run: Program, tmp_path: Path) -> None:
    text = card("FN:X Y", "TITLE:CFO", "NOTE:secret", "FAX:1")
    assert bring(run, tmp_path, text, "--map", "notes=", "--map", "department=TITLE")[0] == 0
    assert (field(run, "X Y", "notes"), field(run, "X Y", "department")) == (None, "CFO")


def test_cards_come_through_a_pipe_too(run: Program) -> None:
    done = run("import", "-", input=card("FN:Mei Tan"))
    assert (done.code, "1 contact: 1 new" in done.err) == (0, True)


def test_a_bad_card_among_others_is_skipped_on_request(run: Program, tmp_path: Path) -> None:
    text = card("FN:Mei Tan") + card("TEL:1") + card("FN:Raj Nair") + "BEGIN:VCARD\nFN:Cut"
    code, _, err = bring(run, tmp_path, text)
    assert (code, "line 5" in err, "line 13" in err) == (4, True, True)
    code, _, err = bring(run, tmp_path, text, "--skip-invalid")
    assert (code, "2 contacts: 2 new" in err) == (0, True)


BAD = {
    "binary": bytes(range(256)) * 400,
    "a picture": b"\x89PNG\r\n\x1a\n" + b"\0" * 5000,
    "empty": b"",
    "truncated": b"BEGIN:VCARD\nFN:Mei",
    "no end": b"BEGIN:VCARD\n" * 3000,
    "only ends": b"END:VCARD\n" * 3000,
    "nul": b"BEGIN:VCARD\nFN:a\0b\nUID:\0\nEND:VCARD\n",
    "another encoding": b"BEGIN:VCARD\nFN:M\xfcller\nEND:VCARD\n",
    "unmarked utf-16": "BEGIN:VCARD\nFN:M\nEND:VCARD\n".encode("utf-16-le"),
    "nested": b"BEGIN:VCARD\nFN:x\nAGENT:\n" * 2000 + b"END:VCARD\n" * 2000,
    "many properties": b"BEGIN:VCARD\nFN:x\n" + b"TEL:1\n" * 200_000 + b"END:VCARD\n",
    "a long name": b"BEGIN:VCARD\nFN:" + b"x" * 5000 + b"\nEND:VCARD\n",
    "folded for ever": b"BEGIN:VCARD\nFN:x\n" + b" y\n" * 900_000 + b"END:VCARD\n",
}


@pytest.mark.parametrize("kind", BAD)
def test_a_file_that_is_no_card_is_refused_and_nothing_is_written(
    run: Program, book: Path, tmp_path: Path, kind: str
) -> None:
    run("account", "add", "Acme")
    before = dump(book)
    (tmp_path / "x.vcf").write_bytes(BAD[kind])
    done = run("import", str(tmp_path / "x.vcf"))
    assert done.code in (2, 4), done
    assert dump(book) == before


def test_text_that_drives_a_terminal_is_kept_and_shown_as_escapes(
    run: Program, tmp_path: Path
) -> None:
    name = "Mei \u202eTan\x1b]0;x\x07"
    code, _, err = bring(run, tmp_path, card(f"FN:{name}", f"ORG:{name}", "UID:\x1b[31m"))
    assert (code in (3, 4), "\x1b" in err, "\u202e" in err) == (True, False, False)
    assert bring(run, tmp_path, card(f"FN:{name}", "UID:\x1b[31m"))[0] == 0
    assert run("contact", "list", "-f", "json").json()[0]["name"] == name


def test_a_line_of_100_mb_takes_no_memory(run: Program, tmp_path: Path) -> None:
    path = tmp_path / "x.vcf"
    with path.open("wb") as file:
        file.write(b"BEGIN:VCARD\nNOTE:")
        for _ in range(100):
            file.write(b"x" * 1_000_000)
    tracemalloc.start()
    try:
        with pytest.raises(Invalid, match="more than"):
            bring_in.load(Context(today=TODAY), [str(path)], Asked())
        assert tracemalloc.get_traced_memory()[1] < 100_000_000
    finally:
        tracemalloc.stop()


def test_a_picture_is_never_fetched(run: Program, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hidden")
    text = card("FN:X Y", f"PHOTO;VALUE=uri:file://{secret}", f"LOGO:file://{secret}")
    assert bring(run, tmp_path, text)[0] == 0
    assert "hidden" not in run("contact", "show", "X Y", "-f", "json").out


# Whatever is in a card, a second import changes nothing

words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)
values = st.one_of(
    *(words, st.emails(), st.dates().map(str)),
    st.sampled_from(["Mei Tan", "Raj Nair", "GreenTech Ltd", "Acme", ";;", "\\", "a;b;c"]),
    st.sampled_from(["+6562210000", "030 1", "--0412", "acme.sg", "home,x,vip", "org", "2.1"]),
    st.sampled_from(["https://linkedin.com/in/mei", "https://x.com/mei", "champion"]),
)
NAMES = """FN N ORG TITLE ROLE EMAIL TEL URL NOTE BDAY NICKNAME CATEGORIES UID KIND VERSION ADR IMPP
    X-SOCIALPROFILE X-ABShowAs X-ACCTCLI-ROLE X-ACCTCLI-STANCE"""
names = st.sampled_from(NAMES.split())
parameters = st.sampled_from(["", ";TYPE=home", ";WORK;PREF", ";PREF=1", ";TYPE=fax"])
cards_ = st.lists(
    st.lists(st.tuples(names, parameters, values), max_size=8).map(
        lambda lines: card(*(f"{name}{how}:{value}" for name, how, value in lines))
    ),
    min_size=1,
    max_size=4,
)


@given(cards_)
def test_importing_twice_changes_nothing(empty_book: Path, texts: list[str]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copy(empty_book, folder / "book.db")
        (folder / "x.vcf").write_text("".join(texts), encoding="utf-8")
        asked = Asked(create_accounts=True)

        def bring_twice() -> tuple[int, object]:
            context = Context(db=str(folder / "book.db"), today=TODAY)
            loaded = bring_in.load(context, [str(folder / "x.vcf")], asked)
            done = bring_in.write(context, loaded, asked, skip_invalid=True)
            return done.judgement.writes, dump(folder / "book.db")

        _, first = bring_twice()
        writes, second = bring_twice()
        assert (writes, second) == (0, first)
