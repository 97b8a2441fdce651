"""vCards of all versions: which cell each property fills, and what is left out."""

from __future__ import annotations

import io
import sys

import pytest

from acctcli.errors import Invalid
from acctcli.interop.cardfile import Cards, read_cards
from acctcli.interop.rows import BadRow, FileRow
from acctcli.interop.textfile import TextFile


def cards(*bodies: str | bytes, encoding: str | None = None) -> Cards:
    data = b"".join(
        b"BEGIN:VCARD\r\n" + (b.encode() if isinstance(b, str) else b) + b"\r\nEND:VCARD\r\n"
        for b in bodies
    )
    text = TextFile(io.BytesIO(data), "x.vcf", encoding)
    return read_cards(text, encoded=bool(encoding))


def person(body: str | bytes, encoding: str | None = None) -> dict[str, object]:
    (row,) = cards(body, encoding=encoding).people.records()
    assert isinstance(row, FileRow), row
    return row.cells


def company(body: str) -> dict[str, object]:
    (row,) = cards(body).companies.records()
    assert isinstance(row, FileRow), row
    return row.cells


def refusal(body: str | bytes) -> str:
    (row,) = cards(body).people.records()
    assert isinstance(row, BadRow), row
    return row.reason


def test_a_card_of_apple() -> None:
    assert person(
        "VERSION:3.0\nN:Tan;Mei;;Dr.;\nFN:Dr. Mei Tan\nORG:GreenTech Ltd;Finance;Treasury\n"
        "TITLE:CFO\nUID:ABC-1\nEMAIL;type=INTERNET;type=HOME:mei@tan.sg\n"
        "EMAIL;type=INTERNET;type=WORK;type=pref:mei@greentech.sg\n"
        "item1.TEL:+65 6221 0000\nitem1.X-ABLabel:_$!<WorkFAX>!$_\nTEL;type=CELL:+65 9123 4567\n"
        "item2.ADR;type=WORK;type=pref:;;1 Raffles Place\\, #20-01;Singapore;;048616;Singapore\n"
        "item2.X-ABADR:sg\nitem3.URL;type=pref:https://linkedin.com/in/meitan\n"
        "item3.X-ABLabel:LinkedIn\nX-SOCIALPROFILE;type=twitter;x-user=mt:http://twitter.com/mt\n"
        "NICKNAME:Mimi\nCATEGORIES:vip,myContacts\nNOTE:Short\\nmails\\, please\n"
        "BDAY;X-APPLE-OMIT-YEAR=1604:1604-04-12\nPHOTO;ENCODING=b;TYPE=JPEG:QUJD\n"
        "X-ABShowAs:PERSON"
    ) == {
        "UID": "ABC-1",
        "FN": "Dr. Mei Tan",
        "NICKNAME": ["Mimi"],
        "ORG": "GreenTech Ltd",
        "Department": "Finance, Treasury",
        "TITLE": "CFO",
        "EMAIL": ["mei@greentech.sg", "mei@tan.sg"],
        "TEL": ["+65 9123 4567"],
        "FAX": ["+65 6221 0000"],
        "Street": "1 Raffles Place, #20-01",
        "City": "Singapore",
        "Postal code": "048616",
        "Country": "Singapore",
        "LinkedIn": "https://linkedin.com/in/meitan",
        "X-SOCIALPROFILE": ["http://twitter.com/mt"],
        "CATEGORIES": ["vip"],
        "NOTE": "Short\nmails, please\nBirthday: 12 Apr".replace("please\n", "please\n\n"),
    }


def test_a_card_of_version_2_1() -> None:
    found = person(
        "VERSION:2.1\nN;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:M=FCller;J=F6rg\n"
        "TEL;WORK;VOICE;PREF:+49 30 1\nTEL;CELL:+49 170 2\nEMAIL;INTERNET:j@neu.de\n"
        "NOTE;ENCODING=QUOTED-PRINTABLE:eins=0D=0A=\nzwei\nAGENT:\nBEGIN:VCARD\nFN:Other\n"
        "END:VCARD\nROLE:Buyer"
    )
    assert (found["FN"], found["TEL"]) == ("Jörg Müller", ["+49 30 1", "+49 170 2"])
    assert (found["NOTE"], found["TITLE"]) == ("eins\nzwei", "Buyer")


def test_a_card_of_version_4_0() -> None:
    found = person(
        "VERSION:4.0\nFN:Mei Tan\nUID:urn:uuid:4fbe8971-0bc3-424c-9c26-36c3e1eff6b1\n"
        "TEL;VALUE=uri;PREF=2:tel:+65-6221-0000;ext=5\nTEL;VALUE=uri;PREF=1:tel:+65-9123-4567\n"
        "EMAIL:mailto:mei@x.sg\nBDAY:--0412\nIMPP:sip:mei@x.sg\n"
        "SOCIALPROFILE;SERVICE-TYPE=GitHub:meitan\nX-LINKEDIN:mei-tan"
    )
    assert found["UID"] == "4fbe8971-0bc3-424c-9c26-36c3e1eff6b1"
    assert found["TEL"] == ["+65-9123-4567", "+65-6221-0000;ext=5"]
    assert (found["EMAIL"], found["NOTE"]) == (["mei@x.sg"], "Birthday: 12 Apr")
    assert found["X-SOCIALPROFILE"] == ["https://github.com/meitan"]
    assert found["LinkedIn"] == "https://linkedin.com/in/mei-tan"


@pytest.mark.parametrize(
    ("day", "cell", "note"),
    [
        ("1980-04-12", "1980-04-12", None),
        ("19800412", "1980-04-12", None),
        ("1980-04-12T00:00:00Z", "1980-04-12", None),
        ("--04-12", None, "Birthday: 12 Apr"),
        ("--1312", None, "Birthday: --1312"),
        ("1604-04-12", None, "Birthday: 12 Apr"),
        ("1850-04-12", None, "Birthday: 1850-04-12"),
        ("circa 1800", None, "Birthday: circa 1800"),
        ("---12", None, "Birthday: ---12"),
    ],
)
def test_a_day_of_birth_without_a_year_is_kept_in_the_notes(
    day: str, cell: str | None, note: str | None
) -> None:
    found = person(f"FN:X\nBDAY:{day}")
    assert (found.get("BDAY"), found.get("NOTE")) == (cell, note)


@pytest.mark.parametrize(
    "body",
    [
        "KIND:org\nFN:Acme Ltd\nORG:Acme Ltd",
        "ORG:Acme Ltd",
        "FN:Acme Ltd\nORG:Acme Ltd\nN:;;;;",
        "N:;Acme Ltd;;;\nFN:Acme Ltd\nORG:Acme Ltd\nX-ABShowAs:COMPANY",
    ],
)
def test_a_company_is_a_card_without_a_person(body: str) -> None:
    assert company(body)["ORG"] == "Acme Ltd"


def test_a_company_has_its_address_pages_and_phones() -> None:
    found = company(
        "KIND:org\nORG:Acme Ltd\nTEL:+65 1\nTEL:+65 2\nURL:https://acme.sg/x\nURL:acme.com\n"
        "URL:https://linkedin.com/company/acme\nADR:;Unit 3;1 Road\\nYard;City;Reg;1;SG"
    )
    assert (found["TEL"], found["Other TEL"]) == ("+65 1", ["+65 2"])
    assert (found["URL"], found["Other URL"]) == ("https://acme.sg/x", ["https://acme.com"])
    assert found["Link"] == ["https://linkedin.com/company/acme"]
    assert (found["Street"], found["Country"]) == ("Unit 3, 1 Road, Yard", "SG")


def test_groups_and_places_are_left_out_and_counted() -> None:
    found = cards(
        "KIND:group\nFN:Friends", "X-ADDRESSBOOKSERVER-KIND:group\nN:Friends", "FN:Mei Tan"
    )
    assert (found.people.count, found.notes) == (1, ["left out 2 cards of a group or a place"])


def test_an_opt_out_is_no_tag() -> None:
    found = person("FN:X\nCATEGORIES:vip,Do not contact")
    assert (found["Opt-out"], found["CATEGORIES"]) == ("yes", ["vip"])


def test_private_addresses_and_pages_are_kept_in_the_notes() -> None:
    found = person(
        "FN:X\nEMAIL:x@acme.sg\nADR;TYPE=home:;;1 Lane;Town;;;SG\nURL:https://acme.sg\n"
        "URL:https://x.example/blog\nURL;TYPE=work:https://other.example"
    )
    assert found["NOTE"] == "Address: 1 Lane, Town, SG\n\nWeb: https://x.example/blog"
    assert found["URL"] == ["https://acme.sg", "https://other.example"]
    assert "Street" not in found


def test_our_own_properties_have_the_name_of_their_field() -> None:
    assert person("FN:X\nX-ACCTCLI-REPORTS-TO:Raj Nair")["reports_to"] == "Raj Nair"


@pytest.mark.parametrize("body", ["N:;;;;", "TEL:1", "VERSION:3.0", "FN: "])
def test_a_card_that_names_nobody_is_refused(body: str) -> None:
    assert "names nobody" in refusal(body)


def test_a_card_in_another_encoding_is_refused_alone_unless_it_is_named() -> None:
    body = "FN:M\xfcller".encode("latin-1")
    assert "0xfc" in refusal(body)
    assert person(body, "cp1252")["FN"] == "Müller"
    first, second = cards(body, "FN:Mei").people.records()
    assert (type(first), second.line) == (BadRow, 4)


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16"])
def test_a_file_with_a_mark_is_read(codec: str) -> None:
    data = "BEGIN:VCARD\nFN:Müller\nEND:VCARD\n".encode(codec)
    (row,) = read_cards(TextFile(io.BytesIO(data), "x.vcf"), encoded=False).people.rows()
    assert row.cells["FN"] == "Müller"


def test_a_file_without_a_card_is_refused() -> None:
    with pytest.raises(Invalid, match="has no card"):
        read_cards(TextFile(io.BytesIO(b"hello\n"), "x.vcf"), encoded=False)


def test_nested_cards_without_end_take_no_stack() -> None:
    data = b"BEGIN:VCARD\nAGENT:\n" * 50_000
    assert sys.getrecursionlimit() < 50_000
    (row,) = read_cards(TextFile(io.BytesIO(data), "x.vcf"), encoded=False).people.records()
    assert isinstance(row, BadRow)


def test_a_form_of_address_is_left_out_of_the_name_and_said() -> None:
    found = cards("N:Lind;Rosa;;Ms.;\r\nFN:Ms. Rosa Lind", "N:Berg;Jan;;Herr Dr.;")
    names = [row.cells["FN"] for row in found.people.rows()]
    assert names == ["Rosa Lind", "Dr. Jan Berg"]
    assert found.notes == ['left out of names: "Ms." (1) and "Herr" (1)']


def test_a_company_whose_name_is_in_n_is_a_company() -> None:
    cells = company("N:Kestrel Foods;;;;\r\nFN:Kestrel Foods\r\nORG:Kestrel Foods")
    assert cells["ORG"] == "Kestrel Foods"


def test_a_picture_of_outlook_is_left_out_however_it_is_written() -> None:
    body = "FN:Mei\r\nX-MS-CARDPICTURE;TYPE=JPEG;ENCODING=BASE64:\r\n /9j/4\r\n AAQ"
    assert person(body)["FN"] == "Mei"
