"""Who is the same: six rules, asked at every door by which a record comes in or is changed.

1. A name is no identity where the addresses differ. 2. A closed deal is never changed by a row that
does not name it by id. 3. A shared address never renames. 4. A switchboard number is normal.
5. A part replaces only its part. 6. What a merged record was called and reached at finds it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest
from tests.conftest import Program

MADE = (
    ("account", "add", "Acme Corp", "--website", "acme.com", "--phone", "+6562211111"),
    ("account", "add", "Zotware", "--website", "zotware.com"),
    *(
        ("contact", "add", name, "--account", at, "--email", email, "--phone", phone)
        for name, at, email, phone in (
            ("Mei Tan", "Acme Corp", "mei@acme.com", "+6562211111"),
            ("John Smith", "Zotware", "john@zotware.com", "+6591110000"),
        )
    ),
    ("deal", "add", "Zotware", "Renewal", "--amount", "5k", "--close", "2026-12-01"),
    ("deal", "win", "Renewal", "--on", "2026-11-01", "--no-purchase"),
)

MERGED = (
    ("account", "add", "ACME GmbH", "--website", "acme.de", "--phone", "+49301234567"),
    ("contact", "add", "Mei-Ling Lim", "--account", "ACME GmbH", "--linkedin", "meilinglim"),
    ("account", "merge", "Acme Corp", "ACME GmbH", "--yes"),
    ("contact", "merge", "Mei Tan", "Mei-Ling Lim", "--yes"),
)

PEOPLE = ("John Smith", "Mei Tan")
COMPANIES = ("Acme Corp", "Zotware")


class Case(NamedTuple):
    """A rule at a door: what is typed, with the text of FILE, and what the book has afterwards."""

    rule: int
    door: str
    typed: tuple[str, ...]
    names: tuple[str, ...]  # of all records of the kind, sorted
    file: str = ""
    code: int = 0
    says: str = ""
    kind: str = "contact"
    then: Mapping[str, Any] = MappingProxyType({})  # fields of the first record of that name
    given: tuple[tuple[str, ...], ...] = ()


ADD, EDIT = ("contact", "add"), ("contact", "edit")
IMPORT = ("import", "FILE")

CASES = [
    Case(
        *(1, "import", IMPORT, ("John Smith", *PEOPLE)),
        file="name,account,email\nJohn Smith,Zotware,js@zotware.com\n",
        says="another person of this name is here",
    ),
    Case(
        *(1, "import, within a file", IMPORT, ("Ann Lee", "Ann Lee", *PEOPLE)),
        file="name,account,email\nAnn Lee,Zotware,a@lee.com\nAnn Lee,Zotware,b@lee.com\n",
    ),
    Case(
        *(1, "import, by key", (*IMPORT, "--key", "nr"), ("John Smith", *PEOPLE)),
        file="nr,name,account,email\n77,John Smith,Zotware,js@zotware.com\n",
    ),
    Case(
        *(1, "add", (*ADD, "John Smith", "--account", "Zotware", "--email", "js@z.com"), PEOPLE),
        code=4,
        says="already has the name John Smith",
    ),
    Case(
        1,
        "add, meant",
        (*ADD, "John Smith", "--account", "Zotware", "--email", "js@z.com", "--duplicate"),
        ("John Smith", *PEOPLE),
    ),
    Case(
        *(1, "edit", (*EDIT, "mei@acme.com", "--name", "John Smith", "--account", "Zotware")),
        *(PEOPLE,),
        code=4,
        says="already has the name John Smith",
    ),
    Case(
        *(2, "import", (*IMPORT, "--as", "deal"), ("Renewal", "Renewal")),
        file="title,account,amount,currency,close\nRenewal,Zotware,9000,USD,2027-12-01\n",
        kind="deal",
    ),
    Case(
        *(2, "import, within a file", (*IMPORT, "--as", "deal"), ("New", "New", "Renewal")),
        file="title,account,close\nNew,Zotware,2027-01-01\nNew,Zotware,2027-06-01\n",
        kind="deal",
    ),
    Case(
        *(3, "import", IMPORT, PEOPLE),
        file="name,account,email\nRaj Nair,Acme Corp,mei@acme.com\n",
        code=4,
        says="belongs to Mei Tan",
    ),
    Case(
        *(3, "import of accounts", IMPORT, COMPANIES),
        file="account,website\nBlue Whale Foods,acme.com\n",
        code=4,
        says="belongs to Acme Corp",
        kind="account",
    ),
    Case(
        *(3, "import, meant", (*IMPORT, "--duplicate"), (*PEOPLE, "Raj Nair")),
        file="name,account,email\nRaj Nair,Acme Corp,mei@acme.com\n",
    ),
    Case(
        *(3, "import, a nickname", IMPORT, ("Jack Smith", "Mei Tan")),
        file="name,account,email\nJack Smith,Zotware,john@zotware.com\n",
        says='"John Smith" is now called "Jack Smith"',
    ),
    Case(
        *(3, "import, an office", IMPORT, (*PEOPLE, "Raj Nair")),
        file="name,account,email\nRaj Nair,Acme Corp,info@acme.com\n",
        given=((*EDIT, "Mei Tan", "--add-email", "info@acme.com"),),
    ),
    Case(
        *(3, "add", (*ADD, "Raj Nair", "--account", "Acme", "--email", "mei@acme.com"), PEOPLE),
        code=4,
        says="already has the email mei@acme.com",
    ),
    Case(
        *(3, "edit", (*EDIT, "John Smith", "--set", "emails=mei@acme.com"), PEOPLE),
        code=4,
        says="already has the email mei@acme.com",
    ),
    Case(
        *(3, "edit of an account", ("account", "edit", "Zotware", "--set", "website=acme.com")),
        *(COMPANIES,),
        code=4,
        says="already has the website acme.com",
        kind="account",
    ),
    Case(
        *(4, "import", (*IMPORT, "--as", "contact"), (*PEOPLE, "Raj Nair")),
        file="name,account,phone\nRaj Nair,Acme Corp,+6562211111\n",
    ),
    Case(
        *(4, "add", (*ADD, "Raj Nair", "--account", "Acme", "--phone", "+6562211111")),
        *((*PEOPLE, "Raj Nair"),),
    ),
    Case(
        *(4, "edit", (*EDIT, "Raj Nair", "--set", "phones=+6562211111"), (*PEOPLE, "Raj Nair")),
        given=((*ADD, "Raj Nair", "--account", "Acme"),),
    ),
    Case(
        *(4, "dupes", ("contact", "dupes", "--likeness", "1"), (*PEOPLE, "Mei Lim")),
        given=((*ADD, "Mei Lim", "--account", "Acme", "--phone", "+6562211111"),),
    ),
    Case(
        *(5, "import", (*IMPORT, "--as", "contact"), ("John Smith", "Mai Tan")),
        file="first name,email,title\nMai,mei@acme.com,\n",
        then={"name": "Mai Tan", "phones": ["+6562211111"]},
    ),
    Case(
        *(5, "edit", (*EDIT, "Mei Tan", "--set", "title=CFO"), PEOPLE),
        then={"name": "Mei Tan", "title": "CFO", "emails": ["mei@acme.com"]},
    ),
    Case(
        *(6, "import, by name", (*IMPORT, "--as", "account"), COMPANIES),
        file="account,industry\nACME GmbH,tools\n",
        kind="account",
        then={"name": "Acme Corp", "industry": "tools", "aliases": ["ACME GmbH"]},
        given=MERGED,
    ),
    Case(
        *(6, "import, by website", (*IMPORT, "--as", "account"), COMPANIES),
        file="account,website,phone,industry\nACME GmbH,acme.de,+49301234567,tools\n",
        kind="account",
        then={"website": "acme.com", "phone": "+6562211111", "industry": "tools"},
        given=MERGED,
    ),
    Case(
        *(6, "import, of a person", (*IMPORT, "--as", "contact"), PEOPLE),
        file="name,account,title\nMei-Ling Lim,ACME GmbH,CFO\n",
        then={"name": "Mei Tan", "title": "CFO", "aliases": ["Mei-Ling Lim"]},
        given=MERGED,
    ),
    Case(
        *(6, "import, with new accounts", (*IMPORT, "--create-accounts"), COMPANIES),
        file="name,account,email\nAnn Lee,ACME GmbH,ann@lee.com\n",
        kind="account",
        given=MERGED,
    ),
    Case(
        *(6, "import, of a shared alias", (*IMPORT, "--as", "account"), COMPANIES),
        file="account,industry\nThe Anvil,tools\n",
        code=4,
        says="the name is an alias of Acme Corp (A-0001) and Zotware (A-0002)",
        kind="account",
        given=(
            ("account", "edit", "Acme Corp", "--alias", "The Anvil"),
            ("account", "edit", "Zotware", "--alias", "The Anvil", "--duplicate"),
        ),
    ),
    Case(
        *(6, "add", ("account", "add", "acme gmbh"), COMPANIES),
        code=4,
        says="already has the alias acme gmbh",
        kind="account",
        given=MERGED,
    ),
    Case(
        *(6, "add, by website", ("account", "add", "Zed", "--website", "acme.de"), COMPANIES),
        code=4,
        says="already has the website acme.de",
        kind="account",
        given=MERGED,
    ),
    Case(
        *(6, "edit", ("account", "edit", "Zotware", "--name", "ACME GmbH"), COMPANIES),
        code=4,
        says="already has the alias ACME GmbH",
        kind="account",
        given=MERGED,
    ),
    Case(
        *(6, "search", ("search", "GmbH", "-f", "ids"), COMPANIES),
        kind="account",
        given=MERGED,
    ),
    Case(
        *(6, "lookup", ("contact", "show", "https://linkedin.com/in/meilinglim"), PEOPLE),
        says="Mei Tan",
        given=MERGED,
    ),
    Case(
        *(6, "dupes", ("account", "dupes", "-f", "tsv"), (*COMPANIES, "ACME Deutschland GmbH")),
        says="people write from acme.de",
        kind="account",
        given=(
            *MERGED,
            ("account", "add", "ACME Deutschland GmbH"),
            (*ADD, "Uwe Kurz", "--account", "ACME Deutschland", "--email", "uwe@acme.de"),
        ),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule} {case.door}")
def test_the_rule_holds_at_the_door(run: Program, tmp_path: Path, case: Case) -> None:
    for typed in (*MADE, *case.given):
        done = run(*typed)
        assert done.code == 0, done.err
    (tmp_path / "file.csv").write_text(case.file, encoding="utf-8")
    done = run(*(str(tmp_path / "file.csv") if word == "FILE" else word for word in case.typed))
    assert done.code == case.code, done.err
    assert case.says in done.out + done.err
    if case.typed[1:2] == ("dupes",) and not case.says:
        assert done.out == ""
    rows = json.loads(run(case.kind, "list", *_all(case.kind), "-f", "json").out)
    title = "title" if case.kind == "deal" else "name"
    assert sorted(row[title] for row in rows) == sorted(case.names)
    if case.then:
        name = case.then.get("name", case.names[0])
        row = next(row for row in rows if row[title] == name)
        assert {field: row[field] for field in case.then} == case.then


def _all(kind: str) -> tuple[str, ...]:
    return ("--all",) if kind == "deal" else ()


def test_a_closed_deal_stays_as_it_was(run: Program, tmp_path: Path) -> None:
    for typed in MADE:
        run(*typed)
    before = run("deal", "show", "Renewal", "-f", "json").json()
    file = tmp_path / "deals.csv"
    file.write_text("title,account,amount,currency\nRenewal,Zotware,9000,USD\n", encoding="utf-8")
    assert run("import", str(file), "--as", "deal").code == 0
    won = json.loads(run("deal", "list", "--won", "-f", "json").out)
    assert [(deal["id"], deal["amount"]) for deal in won] == [(before["id"], before["amount"])]


def test_a_restore_of_an_export_takes_everybody_as_they_are(run: Program, tmp_path: Path) -> None:
    """Two of one name stay two, closed deals stay closed, and aliases still find."""
    again = (*ADD, "John Smith", "--account", "Zotware", "--email", "js@z.com", "--duplicate")
    for typed in (*MADE, *MERGED, again):
        assert run(*typed).code == 0
    everything = ("name", "emails", "phones", "aliases", "profiles")
    listing = ("contact", "list", "-f", "json", "--columns", ",".join(everything))
    people, accounts = run(*listing).json(), run("account", "list", "-f", "json").json()
    deals = run("deal", "list", "--all", "-f", "json").json()
    assert run("export", "--all", str(tmp_path / "out")).code == 0
    other = ("--db", str(tmp_path / "other.db"))
    assert run(*other, "db", "init").code == 0
    files = (str(tmp_path / "out"),)
    done = run(*other, "import", *files)
    assert done.code == 0, done.err
    assert run(*other, *listing).json() == people
    assert [row["aliases"] for row in run(*other, "account", "list", "-f", "json").json()] == [
        row["aliases"] for row in accounts
    ]
    assert run(*other, "deal", "list", "--all", "-f", "json").json() == deals
    assert run(*other, "account", "show", "acme.de").code == 0
    unchanged = run(*other, "import", *files)
    assert unchanged.code == 0
    assert run(*other, *listing).json() == people


def test_a_row_with_our_own_id_may_rename_to_an_alias(run: Program, tmp_path: Path) -> None:
    for typed in (*MADE, *MERGED):
        run(*typed)
    (first, _) = run("account", "list", "--sort", "name", "-f", "json").json()
    file = tmp_path / "accounts.csv"
    file.write_text(f"id,name\n{first['id']},ACME GmbH\n", encoding="utf-8")
    done = run("import", str(file), "--as", "account")
    assert done.code == 0, done.err
    assert run("account", "list", "-f", "tsv", "--columns", "name").out == "ACME GmbH\nZotware\n"


@pytest.mark.parametrize("name", ["Acme", "The Acme Corp", "ACME Corporation", "Acme GmbH"])
def test_what_destroys_takes_no_other_legal_form(run: Program, name: str) -> None:
    for typed in MADE:
        run(*typed)
    for typed in (("delete", name), ("merge", "Zotware", name)):
        assert run("account", *typed, "--yes").code == 3
    assert run("account", "delete", "ACME CORP", "--yes").code == 0


def test_no_rule_is_left_out() -> None:
    assert {case.rule for case in CASES} == {1, 2, 3, 4, 5, 6}


@pytest.mark.parametrize("alias", ["Alpha", "ALPHA GMBH", "Old Alpha"])
def test_another_name_that_would_mean_somebody_else_is_refused(run: Program, alias: str) -> None:
    run("account", "add", "Alpha GmbH", "--alias", "Old Alpha")
    run("account", "add", "Zeta")
    table = f"name,alias\nGamma,{alias}\n"
    for words, stdin in (
        (("account", "add", "Gamma", "--alias", alias), ""),
        (("account", "edit", "zeta", "--alias", alias), ""),
        (("account", "edit", "zeta", "--add-alias", alias), ""),
        (("import", "-", "--as", "account"), table),
    ):
        refused = run(*words, input=stdin)
        assert refused.code == 4, words
        assert "Alpha GmbH (A-0001)" in refused.err
        assert "--duplicate" in refused.err
        assert run("account", "show", "alpha", "-f", "json").json()["number"] == "A-0001"
    assert run("account", "add", "Gamma", "--alias", alias, "--duplicate").code == 0


def test_another_name_is_compared_with_rows_before_it(run: Program) -> None:
    refused = run("import", "-", "--as", "account", input="name,alias\nAlpha,\nGamma,Alpha\n")
    assert (refused.code, "a name of line 2" in refused.err) == (4, True)
    run("import", "-", "--as", "account", input="name,alias\nAlpha,Al\nGamma,Ga\n")
    again = run("import", "-", "--as", "account", input="name,alias\nAlpha,Al\nGamma,Ga\n")
    assert (again.code, "already up to date" in again.err) == (0, True)


def test_people_of_one_account_have_names_of_their_own(run: Program) -> None:
    run("account", "add", "Acme")
    run("account", "add", "Beta")
    run("contact", "add", "Robert Ray", "--account", "acme", "--alias", "Bobby")
    for other in ("Bobby", "Robert Ray"):
        refused = run("contact", "add", "Ann", "--account", "acme", "--alias", other)
        assert (refused.code, "Robert Ray at Acme" in refused.err) == (4, True)
        assert (
            run("contact", "add", f"Ann {other}", "--account", "beta", "--alias", other).code == 0
        )


def test_an_alias_and_a_name_without_its_form_are_told_apart_by_who_typed(run: Program) -> None:
    run("account", "add", "Alpha GmbH")
    run("account", "add", "Gamma", "--alias", "Alpha", "--duplicate")
    asked = run("log", "call", "alpha", "Spoke")
    assert asked.code == 4
    assert "Alpha GmbH (A-0001)" in asked.err
    assert "Gamma (A-0002)" in asked.err
    rows = "account,kind,at,summary\nAlpha,call,2026-11-20,Spoke\n"
    read = run("import", "-", "--as", "log", input=rows)
    assert (read.code, "Alpha GmbH" in read.err, "Gamma" in read.err) == (4, True, True)
    for name, number in (("alpha gmbh", "A-0001"), ("gamma", "A-0002")):
        assert run("account", "show", name, "-f", "json").json()["number"] == number
