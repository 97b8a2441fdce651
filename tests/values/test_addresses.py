from __future__ import annotations

import doctest
import subprocess
import sys
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acctcli.errors import AcctError, Invalid
from acctcli.values import addresses

ANY_TEXT = st.text(st.characters(codec=None))
READERS: dict[str, Callable[[str], str]] = {
    "email": addresses.email,
    "phone": lambda typed: addresses.phone(typed, "SG"),
    "website": addresses.website,
    "linkedin": addresses.linkedin,
    "country": addresses.country,
}
WORDS = st.text(st.sampled_from("abZ2éßİ\u094d\u3002-._%/@ "), min_size=1, max_size=8)
NAMES = st.text(st.sampled_from("abZ2éßİ\u094d-_"), min_size=1, max_size=8)
LIKELY = {
    "email": st.builds("{}@{}.{}".format, WORDS, WORDS, NAMES) | st.emails(),
    "phone": st.from_regex(r"\+?[0-9 ()/-]{3,16}( ?(x|ext|;ext=)[0-9]{1,7})?", fullmatch=True),
    "website": st.builds(
        "{}{}.{}".format, st.sampled_from(["", "www.", "http://", "xn--"]), NAMES | WORDS, NAMES
    ),
    "linkedin": st.builds(
        "{}{}".format, st.sampled_from(["", "in/", "company/", "linkedin.com/in/"]), NAMES | WORDS
    ),
    "country": st.sampled_from([*addresses.EVERYDAY_NAMES.values(), *addresses.OTHER_NAMES]),
}


LONGEST_HOST = f"{'x' * 63}.{'x' * 63}.{'x' * 63}.{'x' * 58}.sg"
LONGEST_EMAIL = f"m@{LONGEST_HOST[1:]}"
# 63 characters in its ASCII form, which begins with "xn--".
LONGEST_LABEL = f"{'x' * 55}ü"
CAPITAL = f"xn--{'Üb'.encode('punycode').decode()}.de"


def refusal(read: Callable[..., str], *typed: str | None) -> Invalid:
    with pytest.raises(Invalid) as refused:
        read(*typed)
    return refused.value


@pytest.mark.parametrize("field", READERS)
@given(st.data())
def test_any_text_is_read_for_good_or_refused_in_one_way(field: str, data: st.DataObject) -> None:
    typed = data.draw(ANY_TEXT | LIKELY[field])
    read = READERS[field]
    refused = ""
    try:
        stored = read(typed)
    except AcctError as error:
        refused = error.message
    if refused:
        assert refused.startswith(f"{field} ")
    else:
        assert read(stored) == stored


@pytest.mark.parametrize("field", READERS)
def test_a_refusal_begins_with_the_field_and_the_value(field: str) -> None:
    assert refusal(READERS[field], " a@@b\x1b ").message.startswith(rf'{field} "a@@b\x1b" is not ')
    assert refusal(READERS[field], " ").message == f"{field} is empty. Write at least one character"


def test_a_refusal_names_the_place_that_it_was_given() -> None:
    assert refusal(addresses.email, "x", "column Mail").message.startswith('column Mail "x" is not')
    assert refusal(addresses.phone, "x", "SG", "--phone").message.startswith('--phone "x" is not')


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (" Mei@GreenTech.SG ", "mei@greentech.sg"),
        ("Mei Tan <mei@x.sg>", "mei@x.sg"),
        ("<mei@x.sg>", "mei@x.sg"),
        ("MAILTO:mei@x.sg?subject=hello", "mei@x.sg"),
        ("o'neil+crm@mail.x.co.uk", "o'neil+crm@mail.x.co.uk"),
        ("josé@bücher.de", "josé@bücher.de"),
        ("jose\u0301@xn--bcher-kva.de", "josé@bücher.de"),
        *(
            (address, address)
            for address in (f"{'m' * 64}@x.sg", f"m@{'x' * 63}.sg", LONGEST_EMAIL)
        ),
    ],
)
def test_emails(typed: str, stored: str) -> None:
    assert addresses.email(typed) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "mei@@greentech",
        "mei@greentech",
        "greentech.sg",
        "@x.sg",
        "mei@",
        "mei tan@x.sg",
        "mei@x.sg, raj@x.sg",
        "mei@x.sg;raj@x.sg",
        "mei@x.sg\u200b",
        "mei@x.sg\x1b[31m",
        ".mei@x.sg",
        "mei..tan@x.sg",
        "mei@-x.sg",
        "mei@x..sg",
        "mei@10.0.0.1",
        "mei@x.sg:80",
        "<>",
        "é" * 33 + "@x.sg",
        "mei@" + "x" * 64 + ".sg",
        "mei@" + "x." * 126 + "sg",
        "m" * 65 + "@x.sg",
        "mei@x.sg>",
        "<mei@x.sg",
        "me\u200bi@x.sg",
        f"m{LONGEST_EMAIL}",
    ],
)
def test_what_is_not_an_email(typed: str) -> None:
    assert " is not an address. Write it like " in refusal(addresses.email, typed).message


@pytest.mark.parametrize(
    ("typed", "country", "stored"),
    [
        ("+65 6123 4567", None, "+6561234567"),
        ("6123-4567", "SG", "+6561234567"),
        ("(020) 7946 0958", "GB", "+442079460958"),
        ("+44 (0)20 7946 0958", "SG", "+442079460958"),
        ("+65 6123 4567 ext. 12", None, "+6561234567;ext=12"),
        ("tel:+65-6123-4567;ext=12", None, "+6561234567;ext=12"),
        ("\uff0b\uff16\uff15 6123 4567", None, "+6561234567"),
        ("+39 06 698 82022", None, "+390669882022"),
        ("+1 212 555 0100", None, "+12125550100"),
    ],
)
def test_phones(typed: str, country: str | None, stored: str) -> None:
    assert addresses.phone(typed, country) == stored


@pytest.mark.parametrize("typed", ["12", "hello", "+12", "6123 4567 / 6765 4321", "+999 1234567"])
def test_what_is_not_a_phone(typed: str) -> None:
    message = refusal(addresses.phone, typed, "SG").message
    assert message.startswith(f'phone "{typed}" is not a phone number')
    assert message.endswith(". Write it in full, like +65 6123 4567")


@pytest.mark.parametrize(
    ("country", "code"), [("SG", "+65"), ("US", "+1"), ("CA", "+1"), ("AQ", None), ("XX", None)]
)
def test_calling_codes(country: str, code: str | None) -> None:
    assert addresses.calling_code(country) == code


@pytest.mark.parametrize(
    ("typed", "country", "place"),
    [
        ("12", "SG", " in SG"),
        ("hello", "SG", " in SG"),
        ("+12", "SG", ""),
        ("+12", None, ""),
        ("hello", None, ""),
        ("+999 1234567", None, ""),
        ("+999 1234567", "SG", ""),
    ],
)
def test_a_phone_number_is_refused_with_the_country_that_it_was_read_for(
    typed: str, country: str | None, place: str
) -> None:
    message = refusal(addresses.phone, typed, country).message
    assert message.startswith(f'phone "{typed}" is not a phone number{place}. ')


def test_a_short_phone_needs_a_country() -> None:
    assert refusal(addresses.phone, "6123 4567", None).message == (
        'phone "6123 4567" has no country code. Write it with + and the code, or set [me] country'
    )


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("greentech.sg", "greentech.sg"),
        ("https://www.GreenTech.sg:443/about?x=1#y", "greentech.sg"),
        ("HTTP://user:secret@greentech.sg/", "greentech.sg"),
        ("//greentech.sg", "greentech.sg"),
        ("greentech.sg.", "greentech.sg"),
        ("10.sg", "10.sg"),
        ("greentech.sg/?next=https://x.sg", "greentech.sg"),
        ("www.greentech.sg", "greentech.sg"),
        ("www.com", "www.com"),
        ("shop.greentech.co.uk", "shop.greentech.co.uk"),
        ("\uff47reen\uff0esg", "green.sg"),
        ("BÜCHER.de", "bücher.de"),
        ("xn--bcher-kva.de", "bücher.de"),
        ("xn--strae-oqa.de", "straße.de"),  # not strasse.de, which is another host
        ("xn--a.de", "xn--a.de"),
        (CAPITAL, CAPITAL),  # nobody can type a host with a capital letter
        ("हिन्दी.भारत", "हिन्दी.भारत"),
        *((host, host) for host in (LONGEST_HOST, f"{LONGEST_LABEL}.de", "x" * 63 + ".sg")),
    ],
)
def test_websites(typed: str, stored: str) -> None:
    assert addresses.website(typed) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "localhost",
        "GreenTech Ltd",
        "mei@greentech.sg",
        "javascript:alert(1)",
        "ftp://greentech.sg",
        "http://[::1]/",
        "10.0.0.1",
        "a..b",
        "-a.sg",
        "a.sg:x",
        "https://",
        "x" * 64 + ".sg",
        f"x{LONGEST_LABEL}.de",
        "xn--abc-.de",
        f"x.{LONGEST_HOST[1:]}",
    ],
)
def test_what_is_not_a_website(typed: str) -> None:
    message = refusal(addresses.website, typed).message
    assert message.endswith(" is not a web address. Write the host, like greentech.sg")


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("https://www.linkedin.com/in/mei-tan/", "mei-tan"),
        ("sg.linkedin.com/in/Mei-Tan/en?trk=x#y", "mei-tan"),
        ("in/mei-tan", "mei-tan"),
        ("/in/mei-tan/", "mei-tan"),
        ("@mei-tan", "mei-tan"),
        ("mei-tan", "mei-tan"),
        ("mei", "mei"),
        ("https://linkedin.com/in/jos%C3%A9-p", "josé-p"),
        ("https://www.linkedin.com/company/HP/about/", "company/hp"),
        ("company/booking.com", "company/booking.com"),
        ("school/nus", "school/nus"),
        ("x" * 100, "x" * 100),
    ],
)
def test_linkedin_pages(typed: str, stored: str) -> None:
    assert addresses.linkedin(typed) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "Mei Tan",
        "linkedin.com",
        "linkedin.com/in/",
        "https://x.com/mei-tan",
        "https://notlinkedin.com/in/mei-tan",
        "feed/mei-tan",
        "company",
        "company/..",
        "mei%00tan",
        "me",
        "x" * 101,
    ],
)
def test_what_is_not_a_linkedin_page(typed: str) -> None:
    message = refusal(addresses.linkedin, typed).message
    assert message.endswith(
        " is not a LinkedIn page. Write the handle, like mei-tan or company/greentech"
    )


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("SG", "SG"),
        ("sg", "SG"),
        ("SGP", "SG"),
        ("Singapore", "SG"),
        ("UK", "GB"),
        ("England", "GB"),
        ("United Kingdom of Great Britain and Northern Ireland", "GB"),
        ("USA", "US"),
        ("U.S.A.", "US"),
        ("United States of America", "US"),
        ("Korea", "KR"),
        ("South Korea", "KR"),
        ("Korea, South", "KR"),
        ("Korea, Republic of", "KR"),
        ("Korea (Republic of)", "KR"),
        ("Republic of Korea", "KR"),
        ("Islamic Republic of Iran", "IR"),
        ("Antigua, and Barbuda", "AG"),
        ("North Korea", "KP"),
        ("The Netherlands", "NL"),
        ("TURKIYE", "TR"),
        ("Turkey", "TR"),
        ("cote d'ivoire", "CI"),
        ("Côte d\u2019Ivoire", "CI"),
        ("Viet Nam", "VN"),
        ("Vietnam", "VN"),
        ("Democratic Republic of the Congo", "CD"),
        ("Republic of the Congo", "CG"),
        ("Bosnia & Herzegovina", "BA"),
        ("St. Lucia", "LC"),
        ("Guinea Bissau", "GW"),
        ("Niger", "NE"),
        ("Nigeria", "NG"),
    ],
)
def test_countries(typed: str, code: str) -> None:
    assert addresses.country(typed) == code


def test_a_misspelt_country_is_not_guessed() -> None:
    refused = refusal(addresses.country, "Philipines")
    assert refused.candidates == ("Philippines (PH)",)
    assert refused.message == (
        'country "Philipines" is not a country. '
        "Did you mean Philippines (PH)? Write the two-letter code"
    )
    assert refusal(addresses.country, "Nigerr").candidates == ("Niger (NE)", "Nigeria (NG)")


def test_a_country_without_neighbours() -> None:
    refused = refusal(addresses.country, "Atlantis")
    assert refused.candidates == ()
    assert refused.message == 'country "Atlantis" is not a country. Write the two-letter code'


def test_names_of_countries_are_those_in_use_and_are_read_back() -> None:
    assert addresses.country_name("SG") == "Singapore"
    assert addresses.country_name("KR") == "South Korea"
    assert addresses.country_name("US") == "United States"
    assert addresses.country_name("ZZ") == "ZZ"
    codes = sorted(set(addresses.country_codes().values()))
    assert len(codes) >= 249
    assert [addresses.country(addresses.country_name(code)) for code in codes] == codes
    assert [code for code in codes if "," in addresses.country_name(code)] == [
        "BQ"  # three islands, which are just that
    ]


def test_the_examples_in_the_docstrings() -> None:
    result = doctest.testmod(addresses)
    assert result.attempted >= 4
    assert result.failed == 0


def test_importing_loads_nothing_heavy() -> None:
    heavy = ("babel", "idna", "iso3166", "phonenumbers", "pycountry", "rapidfuzz", "rich")
    script = "import sys, acctcli.values.addresses, acctcli.text; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stdout.split()
    assert "acctcli.values.addresses" in loaded
    assert not set(heavy) & set(loaded)


@pytest.mark.parametrize(
    ("own", "code"),
    [
        ("Deutschland", "DE"),
        ("Österreich", "AT"),
        ("España", "ES"),
        ("België", "BE"),
        ("Norge", "NO"),
    ],
)
def test_a_country_has_the_name_that_it_gives_itself(own: str, code: str) -> None:
    assert addresses.country(own) == code
