"""Names of companies: legal forms, what compares, and what tells two names apart."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acctcli.values import addresses, business_words, company_names, legal_forms
from acctcli.values.company_names import company_key, compared

ANY_TEXT = st.text(min_size=1, max_size=30)


@pytest.mark.parametrize(
    "name",
    [
        "ACME",
        "Acme Corp",
        "Acme Corp.",
        "Acme, Inc.",
        "Acme Pte. Ltd.",
        "Acme GmbH & Co. KG",
        "Acme S.A.",
        "Acme S. p. A.",
        "Acme A/S",
        "Acmé Company Limited",
        "Acme \u2013 Ltd",
    ],
)
def test_companies_that_differ_by_legal_form_only(name: str) -> None:
    assert company_key(name) == "acme"


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Co", "co"),
        ("Inc. Corp", "inc"),
        ("AS Roma", "as roma"),
        ("Acme Group", "acme group"),
        ("AT&T", "at and t"),
        ("Smith & Sons Ltd", "smith and sons"),
        ("L\u2019Oréal", "loreal"),
        ("Vitamin C", "vitamin c"),
        ("!!!", "!!!"),
        ("हिन्दी", "हिन्दी"),
    ],
)
def test_what_is_left_of_a_company_name(name: str, key: str) -> None:
    assert company_key(name) == key


@given(ANY_TEXT)
def test_a_company_name_always_has_a_key_of_its_own(name: str) -> None:
    key = company_key(name)
    assert company_key(key) == key


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Acme Aktiengesellschaft", "acme"),
        ("Acme KGaA", "acme"),
        ("Acme oHG", "acme"),
        ("Acme UG (haftungsbeschränkt)", "acme"),
        ("SARL Acme", "acme"),
        ("SELARL Acme", "acme"),
        ("Acme S.L.U.", "acme"),
        ("N.V. Acme S.A.", "acme"),
        ("Acme BVBA", "acme"),
        ("Acme ApS", "acme"),
        ("Acme AB (publ)", "acme"),
        ("Acme Oyj", "acme"),
        ("Acme Sp. z o.o.", "acme"),
        ("Acme sp. z o. o. sp. k.", "acme"),
        ("Acme Zrt.", "acme"),
        ("Acme d.o.o.", "acme"),
        ("Acme spol. s r.o.", "acme"),
        ("Acme a.s.", "acme"),
        ("PJSC Acme", "acme"),
        ("ООО «Ромашка»", "ромашка"),
        ("Ромашка, ООО", "ромашка"),
        ("Acme San. ve Tic. Ltd. Şti.", "acme"),
        ("Acme A.Ş.", "acme"),
        ("Acme S.A. de C.V.", "acme"),
        ("Acme S. de R.L. de C.V.", "acme"),
        ("Acme Ltda.", "acme"),
        ("Acme Private Limited", "acme"),
        ("Acme Sdn. Bhd.", "acme"),
        ("PT Acme Tbk", "acme"),
        ("Acme K.K.", "acme"),
        ("株式会社日立製作所", "日立製作所"),
        ("日立製作所 株式会社", "日立製作所"),
        ("(주)한화", "한화"),
        ("주식회사한화", "한화"),
        ("小米科技有限责任公司", "小米科技"),
        ("Acme W.L.L.", "acme"),
        ("Acme FZCO", "acme"),
        ("ΔΕΗ Α.Ε.", "δεη"),
        ("Acme Ε.Π.Ε.", "acme"),
        ("The Acme Company", "acme"),
        ("The Company", "company"),
        ("PT Solutions", "pt solutions"),
        ("IP Group plc", "ip group"),
        ("SC Johnson", "sc johnson"),
        ("AO World plc", "ao world"),
        ("Fund II", "fund ii"),
        ("株式会社", "株式会社"),
    ],
)
def test_legal_forms_of_many_countries_before_and_after_the_name(name: str, key: str) -> None:
    assert company_key(name) == key


def test_the_forms_are_written_as_names_are_read() -> None:
    for form in legal_forms.after() | legal_forms.before():
        assert form == tuple(addresses.words(" ".join(form)))
    for word in legal_forms.joined():
        assert [word] == addresses.words(word)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Intl Paper Co", "The International Paper Company"),
        ("Int'l Business Mach. Corp", "International Business Machinery"),
        ("Univ. of Leeds", "University Leeds"),
        ("Lehman Bros Mfg", "Lehman Brothers Manufacturing"),
        ("Marks & Spencer", "Marks and Spencer"),
        ("Bau und Holz GmbH", "Bau & Holz"),
        ("Müller Bau", "Mueller Bau GmbH"),
        ("Ørsted Wind", "Oersted Wind A/S"),
        ("ООО Ромашка", "Romashka"),
        ("Hermanos Ruiz y Paz", "Hnos. Ruiz & Paz"),
    ],
)
def test_the_same_words_written_differently(one: str, other: str) -> None:
    assert compared(one) == compared(other)


@pytest.mark.parametrize(
    ("name", "words"),
    [("Sol Ltd", ("sol",)), ("The Who", ("who",)), ("La Paz", ("la", "paz")), ("!!!", ("!!!",))],
)
def test_a_short_name_is_left_as_it_is(name: str, words: tuple[str, ...]) -> None:
    assert compared(name) == words


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("Acme North", "Acme South", True),
        ("Klinikum Nord", "Klinikum Süd", True),
        ("Acme Nord", "Acme North", False),
        ("First Bank", "Second Bank", True),
        ("1st National Bank", "First National Bank", False),
        ("Fund II", "Fund III", True),
        ("Store 12", "Store 13", True),
        ("Acme Austria", "Acme Australia", True),
        ("Deloitte Germany", "Deloitte France", True),
        ("Deloitte Germany", "Deloitte Deutschland", False),
        ("Smith Dental", "Smith Rental", False),
        ("Acme North", "Acme", False),
        ("Acme North", "Acme Nrth", False),
        ("Grentech Solutions", "Greentech Solutions", False),
    ],
)
def test_words_that_tell_two_companies_apart(one: str, other: str, *, apart: bool) -> None:
    assert company_names.contradict(compared(one), compared(other)) is apart
    assert company_names.contradict(compared(other), compared(one)) is apart


@pytest.mark.parametrize(
    ("one", "other", "common"),
    [
        ("Smith Dental", "Smith Rental", True),
        ("Global Tech Solutions", "Global Trade Solutions", True),
        ("Global Tech Ltd", "Global Technologies Inc", False),
        ("Smith Dental", "Smyth Rental", False),
        ("Smith", "Smith Dental", False),
    ],
)
def test_names_that_differ_in_common_words_only(one: str, other: str, *, common: bool) -> None:
    assert company_names.differ_in_common_words(compared(one), compared(other)) is common


@pytest.mark.parametrize(
    ("letters", "name", "are"),
    [
        ("IBM", "International Business Machines Corp.", True),
        ("HSBC", "Hongkong and Shanghai Banking Corporation", True),
        ("UCLA", "University of California, Los Angeles", True),
        ("IBN", "International Business Machines", False),
        ("AB", "Acme Bank", False),
    ],
)
def test_initials(letters: str, name: str, *, are: bool) -> None:
    assert company_names.are_initials(compared(letters)[0], name) is are


def test_no_word_is_both_an_abbreviation_and_the_whole_word() -> None:
    whole = business_words.whole()
    assert whole.keys().isdisjoint(whole.values())
    for word in (*whole, *business_words.common(), *business_words.linking()):
        assert [word] == addresses.words(company_names.latin(word))


def test_the_examples_in_the_docstrings() -> None:
    result = doctest.testmod(company_names)
    assert result.attempted >= 4
    assert result.failed == 0
