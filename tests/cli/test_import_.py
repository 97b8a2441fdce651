from __future__ import annotations

import csv
import json
import os
import stat
import sys
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from tests.books import configure, dump, value
from tests.conftest import Program, Result

from acctcli.store import backup

DEMO = Path(str(files("acctcli.demo")))

ACCOUNTS = """\
account,sector,year_established,revenue,office_location,subsidiary_of
Bluth Company,technology,1993,1242.32,United States,Acme Corporation
Acme Corporation,technology,1996,1100.04,Philipines,
Cancity,retail,2001,718.62,Korea,
"""
PRODUCTS = """\
product,series,sales_price
GTX Basic,GTX,550
GTX Pro,GTX,"4,821"
"""
DEALS = """\
opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value
1C1I,Moses Frase,GTX Basic,Cancity,Won,10/20/2016,3/21/2017,1054
Z063,Darcel Schlecht,GTXPro,Bluth Company,Lost,10/25/2016,3/11/2017,0
HAXM,James Ascencio,GTXPro,,Engaging,11/3/2016,,
6CWZ,Anna Snelling,GTX Basic,Cancity,Prospecting,,,
"""
AS_DEALS = (
    *("--key", "opportunity_id", "--create-accounts", "--default", "account=Unassigned"),
    *("--value", "stage:Engaging=needs-analysis", "--value", "product:GTXPro=GTX Pro"),
)


class Folder:
    """A folder of files to import."""

    def __init__(self, path: Path, run: Program) -> None:
        self.path = path
        self._run = run

    def import_(self, name: str, content: str | bytes, *words: str) -> Result:
        """Write a file (as UTF-8) and import it."""
        data = content.encode() if isinstance(content, str) else content
        (self.path / name).write_bytes(data)
        return self._run("import", self.path / name, *words)

    def taken(self, name: str, content: str | bytes, *words: str) -> str:
        """Import a file that must be accepted; return the sentence."""
        done = self.import_(name, content, *words)
        assert done.code == 0, done.err
        assert done.out == ""
        return done.err

    def refused(self, name: str, content: str | bytes, *words: str, code: int = 4) -> str:
        """Import a file that must be refused; return the message."""
        done = self.import_(name, content, *words)
        assert (done.code, done.out) == (code, ""), done
        assert "Traceback" not in done.err
        return done.err

    def outcome(self, name: str, content: str | bytes, *words: str) -> dict[str, Any]:
        """Return the outcome of a dry run, as JSON."""
        done = self.import_(name, content, "--dry-run", "-f", "json", *words)
        assert done.code == 0, done.err
        found: dict[str, Any] = done.json()
        assert not found["written"]
        return found


@pytest.fixture
def folder(tmp_path: Path, run: Program) -> Folder:
    path = tmp_path / "in"
    path.mkdir()
    return Folder(path, run)


def listed(run: Program, kind: str, *words: str) -> list[dict[str, Any]]:
    every = ["--all"] if kind == "deal" else []
    found: list[dict[str, Any]] = run(kind, "list", "-f", "json", *every, *words).json()
    return found


def by_name(run: Program, kind: str, title: str = "name") -> dict[str, dict[str, Any]]:
    return {record[title]: record for record in listed(run, kind)}


@pytest.fixture
def maven(folder: Folder) -> Folder:
    """Add the accounts and products that the deals above name."""
    folder.taken(
        "accounts.csv", ACCOUNTS, "--unit", "revenue=m", "--value", "country:Philipines=Philippines"
    )
    folder.taken("products.csv", PRODUCTS)
    return folder


# An untidy export


def test_accounts_with_parents_further_down(folder: Folder, run: Program) -> None:
    said = folder.taken(
        *("accounts.csv", ACCOUNTS, "--as", "account", "--unit", "revenue=m"),
        *("--value", "country:Philipines=Philippines"),
    )
    assert said.splitlines() == [
        "acct: accounts.csv: amounts are taken as USD (me.currency): --default currency=EUR",
        "acct: accounts.csv: left out: year_established",
        "Imported 3 accounts: 3 new.",
    ]
    found = by_name(run, "account")
    assert found["Bluth Company"]["parent"] == "Acme Corporation"
    assert [found[n]["country"] for n in ("Acme Corporation", "Cancity")] == ["PH", "KR"]
    assert found["Acme Corporation"]["annual_revenue"] == 1_100_040_000
    assert [a["number"] for a in found.values()] == ["A-0002", "A-0001", "A-0003"]


def test_deals_close_on_their_close_date(maven: Folder, run: Program) -> None:
    said = maven.taken("deals.csv", DEALS, *AS_DEALS)
    assert said.splitlines() == [
        'acct: deals.csv: "close_date" reads as month/day/year: no other order fits',
        'acct: deals.csv: "engage_date" reads as month/day/year: no other order fits',
        "acct: deals.csv: amounts are taken as USD (me.currency): --default currency=EUR",
        "Imported 4 deals: 4 new. Added 1 account that rows name: Unassigned.",
    ]
    found = by_name(run, "deal", "title")
    won, lost = found["1C1I"], found["Z063"]
    assert (won["stage"], won["opened_on"], won["closed_on"]) == ("won", "2016-10-20", "2017-03-21")
    assert (won["amount"], won["currency"], won["probability"]) == (1054, "USD", 100)
    assert (won["category"], won["owner"], won["account"]) == ("closed", "Moses Frase", "Cancity")
    assert (lost["closed_on"], lost["category"], lost["product"]) == (
        *("2017-03-11", "omitted", "GTX Pro"),
    )
    assert (found["HAXM"]["account"], found["HAXM"]["stage"]) == ("Unassigned", "needs-analysis")
    assert (found["HAXM"]["closed_on"], found["HAXM"]["probability"]) == (None, 30)
    assert found["6CWZ"]["opened_on"] == "2026-11-22"
    changes = run("export", "--as", "deal_change", "-f", "json").json()
    assert [(c["deal"], c["old"], c["new"], c["changed_on"]) for c in changes] == [
        ("Z063", None, "lost", "2017-03-11"),
        ("1C1I", None, "won", "2017-03-21"),
    ]


def test_the_same_file_again_changes_nothing(maven: Folder, book: Path) -> None:
    maven.taken("deals.csv", DEALS, *AS_DEALS)
    before, commands = dump(book), value(book, "SELECT count(*) FROM command")
    said = maven.taken("deals.csv", DEALS, *AS_DEALS)
    assert said.endswith("Nothing to import: 4 deals, already up to date.\n")
    assert dump(book) == before
    assert value(book, "SELECT count(*) FROM command") == commands


def test_a_later_export_updates_and_keeps_what_was_done_by_hand(
    maven: Folder, run: Program
) -> None:
    maven.taken("deals.csv", DEALS, *AS_DEALS)
    run("deal", "edit", "HAXM", "--title", "Platform", "--account", "Cancity", "--competitor", "X")
    later = DEALS.replace("Engaging,11/3/2016,,", "Won,11/3/2016,4/30/2017,4400")
    assert "1 changed, 3 the same." in maven.taken("deals.csv", later, *AS_DEALS)
    deal = by_name(run, "deal", "title")["Platform"]
    assert (deal["account"], deal["competitor"], deal["amount"]) == ("Cancity", "X", 4400)
    assert (deal["stage"], deal["closed_on"], deal["probability"]) == ("won", "2017-04-30", 100)
    changes = run("export", "--as", "deal_change", "-f", "json", "-w", 'deal = "Platform"').json()
    assert {(c["field"], c["old"], c["new"], c["changed_on"]) for c in changes} == {
        ("stage", "needs-analysis", "won", "2017-04-30"),
        ("amount", None, "440000", "2017-04-30"),
        ("close_date", None, "2017-04-30", "2017-04-30"),
    }


def test_deals_without_a_key_are_called_by_what_is_sold_to_whom(
    maven: Folder, run: Program
) -> None:
    deals = DEALS.replace("opportunity_id", "Nr").replace(",,Engaging", ",Cancity,Engaging")
    words = AS_DEALS[2:]
    maven.taken("deals.csv", deals, "--as", "deal", *words)
    assert {deal["title"] for deal in listed(run, "deal")} == {
        *("GTX Basic for Cancity", "GTX Pro for Bluth Company", "GTX Pro for Cancity"),
    }
    # Two have the same name: their order distinguishes them.
    assert "4 deals, already up to date" in maven.taken("deals.csv", deals, "--as", "deal", *words)


def test_one_undo_takes_back_the_whole_import(maven: Folder, run: Program, book: Path) -> None:
    before = dump(book)
    maven.taken("deals.csv", DEALS, *AS_DEALS)
    assert run("undo").code == 0
    assert dump(book) == before
    assert "4 new" in maven.taken("deals.csv", DEALS, *AS_DEALS)


def test_every_kind_is_found_again_without_any_id(run: Program, book: Path) -> None:
    first = run("import", DEMO)
    assert first.code == 0, first.err
    before = dump(book)
    again = run("import", DEMO, "-f", "json")
    assert again.code == 0, again.err
    counts = {f["kind"]: (f["new"], f["changed"], f["same"]) for f in again.json()["files"]}
    assert len(counts) == len([*DEMO.glob("*.csv")])
    assert all(new == changed == 0 < same for new, changed, same in counts.values()), counts
    assert dump(book) == before


# Columns


def test_the_kind_must_be_said_where_the_columns_do_not(folder: Folder) -> None:
    kinds = "account, contact, log, task, deal, purchase, product or review"
    assert folder.refused("x.csv", "name,Nr\nAcme,1\n", code=2) == (
        f"acct: x.csv: its rows could be account, contact or product. Give --as: {kinds}\n"
    )
    assert "do not show" in folder.refused("x.csv", "a,b\n1,2\n", code=2)
    assert folder.refused("x.csv", "a,b\n1,2\n", "--as", "lead", code=2) == (
        f'acct: --as "lead" is not a kind of record (use {kinds})\n'
    )
    assert "1 new" in folder.taken("x.csv", "name,Nr\nAcme,1\n", "--as", "accounts")


def test_columns_are_named_and_left_out(folder: Folder, run: Program) -> None:
    rows = "Who,Line,Source,Size\nAcme,energy,expo,5\n"
    said = folder.taken(
        *("x.csv", rows, "--as", "account", "--map", "name=who", "--map", "industry=LINE"),
        *("--map", "source="),
    )
    assert "acct: x.csv: left out: Source, Size\n" in said
    (account,) = listed(run, "account")
    assert (account["name"], account["industry"], account["source"]) == ("Acme", "energy", None)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--map", "name=Nmae"), '--map name: x.csv has no column "Nmae". Did you mean name'),
        (("--map", "name=Foo"), '--map name: x.csv has no column "Foo". Columns: name, website'),
        (
            ("--map", "indstry=name"),
            '--map: no account field "indstry". Did you mean industry?',
        ),
        (("--map", "name"), '--map "name" must be written field=Column'),
        (("--key", "Id"), '--key: x.csv has no column "Id". Columns: name, website'),
        (("--value", "status=Kunde"), "must be written field:theirs=ours"),
        (("--value", "x:a=b"), '--value: no account field "x"'),
        (("--default", "number=A-0001"), '--default: no account field "number"'),
        (("--unit", "name=m"), "--unit name: only an amount has a unit"),
        (("--unit", "revenue=x"), "--unit annual_revenue=x: write k, m or bn"),
        (("--date-format", "german"), "--date-format german does not say"),
        (("--encoding", "klingon"), 'unknown --encoding "klingon"'),
        (("--preset", "x"), None),
    ],
)
def test_mistakes_in_options(folder: Folder, words: Sequence[str], message: str | None) -> None:
    rows = "name,website\nAcme,acme.com\n"
    if message is None:
        assert "None is saved yet" in folder.refused("x.csv", rows, *words, code=3)
    else:
        assert message in folder.refused("x.csv", rows, "--as", "account", *words, code=2)


def test_a_file_of_which_no_column_is_known(folder: Folder) -> None:
    assert folder.refused("x.csv", "a,b\n1,2\n", "--as", "task", code=2) == (
        "acct: x.csv: none of its columns is known for tasks. Name them with --map: a, b\n"
    )


def test_a_required_column_that_is_missing(folder: Folder) -> None:
    said = folder.refused("x.csv", "title,stage\nA,won\nB,lost\n", "--as", "deal")
    assert said == (
        "acct: x.csv: 2 of 2 rows are refused, and nothing was imported. "
        "Fix them, or skip them with --skip-invalid\n"
        "  lines 2 and 3  account is missing: add a column for it, "
        "or give --default account=\n"
    )


def test_an_empty_file_has_no_rows(folder: Folder) -> None:
    assert folder.taken("x.csv", "name,website\n").endswith("Nothing to import: no rows.\n")
    assert "Nothing to import: no rows." in folder.taken("x.json", "[]", "--as", "contact")


def test_other_encodings_and_delimiters_are_said(folder: Folder, run: Program) -> None:
    said = folder.taken("x.csv", "name;website\nMüller;m.de\n".encode("utf-16"))
    assert said.startswith("acct: x.csv: UTF-16\nacct: x.csv: semicolon-separated\n")
    cp1252 = "name,website\nSöhne,s.de\n".encode("cp1252")
    assert "--encoding" in folder.refused("y.csv", cp1252)
    folder.taken("y.csv", cp1252, "--encoding", "cp1252")
    assert set(by_name(run, "account")) == {"Müller", "Söhne"}


def test_json_json_lines_and_stdin(folder: Folder, run: Program) -> None:
    rows = [{"name": "Acme", "tags": ["a", "b"], "employees": 5, "annual_revenue": 1.50}]
    folder.taken("x.json", json.dumps({"companies": rows}), "--as", "account")
    folder.taken("x.jsonl", json.dumps(rows[0] | {"name": "Betatech"}), "--as", "account")
    assert run("import", "-", "--as", "account", input="name,city\nCondax,Oslo\n").code == 0
    found = by_name(run, "account")
    assert set(found) == {"Acme", "Betatech", "Condax"}
    assert (found["Acme"]["tags"], found["Acme"]["employees"]) == (["a", "b"], 5)
    assert run("account", "list", "--columns", "annual_revenue", "-f", "csv").out.split() == [
        *("annual_revenue", "1.50", "1.50", '""'),
    ]


def test_custom_fields_and_required_ones(folder: Folder, run: Program, home: Path) -> None:
    configure(
        home,
        '[fields.account.segment]\ntype = "choice"\nchoices = ["north", "south"]\n'
        '[required.key]\naccount = ["owner"]\ncontact = ["title"]\n',
    )
    folder.taken("x.csv", "name,Segment,tier\nAcme,NORTH,\n", "--as", "account")
    assert listed(run, "account")[0]["segment"] == "north"
    assert 'unknown segment "west"' in folder.refused(
        "x.csv", "name,segment\nB,west\n", "--as", "account"
    )
    said = folder.refused("x.csv", "name,tier\nB,key\n", "--as", "account")
    assert "x.csv line 2: owner must be given (the [required] rules of the book)" in said
    folder.taken("x.csv", "name,tier,owner\nB,key,Kim\n", "--as", "account")
    assert "title must be given" in folder.refused(
        "x.csv", "name,account\nMei,B\nRaj,Acme\n", "--as", "contact"
    )


# Which record a row is about


def test_an_empty_cell_leaves_the_field_as_it_is(folder: Folder, run: Program) -> None:
    run("account", "add", "Acme", "--industry", "energy", "--city", "Oslo")
    said = folder.taken("x.csv", "name,industry,city\nACME,,Bergen\n", "--as", "account")
    assert said == "Imported 1 account: 1 changed.\n"
    (account,) = listed(run, "account")
    assert (account["name"], account["industry"], account["city"]) == ("ACME", "energy", "Bergen")


def test_accounts_are_found_by_website_before_their_name(folder: Folder, run: Program) -> None:
    run("account", "add", "GreenTech Ltd", "--website", "greentech.sg")
    folder.taken("x.csv", "Company,URL\nGreenTech Pte Ltd,https://www.greentech.sg/about\n")
    assert [a["name"] for a in listed(run, "account")] == ["GreenTech Pte Ltd"]


def test_accounts_are_found_by_their_number(folder: Folder, run: Program) -> None:
    run("account", "add", "GreenTech Ltd")
    edited = run("account", "list", "--columns", "number,name,tier", "-f", "csv").out
    folder.taken("x.csv", edited.replace("Ltd,", "Pte,key"), "--as", "account")
    (account,) = listed(run, "account")
    assert (account["name"], account["tier"]) == ("GreenTech Pte", "key")


def test_our_own_id_finds_a_record_whatever_else_is_edited(folder: Folder, run: Program) -> None:
    run("account", "add", "Acme")
    run("task", "add", "acme", "Call", "--due", "2026-12-01")
    exported = run("export", "--as", "task").out
    folder.taken("x.csv", exported.replace("Call,2026-12-01", "Write,2026-12-02"))
    (task,) = listed(run, "task")
    assert (task["text"], task["due"]) == ("Write", "2026-12-02")


def test_people_are_found_by_email_else_by_name_and_account(folder: Folder, run: Program) -> None:
    run("account", "add", "Acme")
    run("contact", "add", "Mei Tan", "--account", "acme", "--email", "mei@acme.com")
    folder.taken("x.csv", "Name,Email,Job title\nMei Tan-Lim,MEI@acme.com,CFO\n")
    folder.taken("x.csv", "Name,Company,Department\nmei tan-lim,Acme,Finance\n", "--as", "contact")
    (person,) = listed(run, "contact")
    assert (person["name"], person["title"]) == ("mei tan-lim", "CFO")
    assert person["department"] == "Finance"


def test_a_foreign_column_adds_to_a_list_and_our_own_replaces_it(
    folder: Folder, run: Program
) -> None:
    run("contact", "add", "Mei", "--email", "mei@a.com", "--email", "mei@b.com")
    folder.taken("x.csv", "Name,E-mail\nMei,mei@b.com\n", "--as", "contact")
    assert listed(run, "contact")[0]["emails"] == ["mei@a.com", "mei@b.com"]
    folder.taken("x.csv", "name,emails\nMei,mei@b.com; mei@c.com\n", "--as", "contact")
    assert listed(run, "contact")[0]["emails"] == ["mei@b.com", "mei@c.com"]


def test_the_same_row_twice_is_one_and_two_that_differ_are_refused(folder: Folder) -> None:
    rows = "name,city\nAcme,Oslo\nAcme,Oslo\n"
    assert folder.taken("x.csv", rows, "--as", "account") == (
        "Imported 2 accounts: 1 new, 1 the same.\n"
    )
    said = folder.refused("y.csv", "name,city\nB,Oslo\nb,Bergen\n", "--as", "account")
    assert "y.csv line 3: the same account is already on line 2. Remove one, or tell" in said
    keyed = "Id,name,city\n1,C,Oslo\n1,C,Bergen\n"
    assert "line 3: the same account" in folder.refused(
        "z.csv", keyed, "--as", "account", "--key", "Id"
    )


def test_events_that_look_alike_are_as_many_as_the_rows(folder: Folder, run: Program) -> None:
    run("account", "add", "Acme")
    rows = "account,date,amount\nAcme,2026-01-05,10\nAcme,2026-01-05,10\n"
    assert "2 new" in folder.taken("x.csv", rows, "--as", "purchase")
    assert "2 purchases, already up to" in folder.taken("x.csv", rows, "--as", "purchase")
    assert "1 new, 2 the same" in folder.taken(
        "x.csv", rows + "Acme,2026-01-05,10\n", "--as", "purchase"
    )


def test_an_address_that_is_another_records(folder: Folder, run: Program) -> None:
    run("contact", "add", "Mei", "--phone", "+6561234567")
    rows = "name,phones\nRaj,+65 6123 4567\n"
    said = folder.refused("x.csv", rows, "--as", "contact")
    assert 'phones "+6561234567" already belongs to Mei (' in said
    assert "To keep both: --duplicate" in said
    assert "1 new" in folder.taken("x.csv", rows, "--as", "contact", "--duplicate")
    new = "name,phones\nAna,+6561230000\nBo,+6561230000\n"
    assert 'phones "+6561230000" already belongs to line 2' in folder.refused("z.csv", new)
    twins = "name,website\nA,a.com\nB,a.com\n"
    assert "the same account is already on line 2" in folder.refused("y.csv", twins)
    assert "2 new" in folder.taken("y.csv", twins, "--duplicate")


def test_the_currency_of_a_record_stays_where_the_file_says_none(
    folder: Folder, run: Program
) -> None:
    run("account", "add", "Acme")
    run("deal", "add", "acme", "Rollout", "--amount", "JPY 500")
    rows = "account,title,amount\nAcme,Rollout,700\n"
    folder.taken("x.csv", rows, "--as", "deal", "--default", "currency=EUR")
    (deal,) = listed(run, "deal")
    assert (deal["amount"], deal["currency"]) == (700, "JPY")
    folder.taken("x.csv", rows.replace("700", "EUR 500"), "--as", "deal")
    (deal,) = listed(run, "deal")
    assert (deal["amount"], deal["currency"]) == (500, "EUR")


def test_the_currency_of_new_amounts(folder: Folder, run: Program, home: Path) -> None:
    configure(home, '[me]\ncurrency = "SGD"\n')
    rows = 'name,price,currency\nA,"1,200.50",EUR\nB,5,\n'
    folder.taken("x.csv", rows, "--as", "product")
    folder.taken("y.csv", "name,price\nC,5\n", "--as", "product", "--default", "currency=USD")
    found = by_name(run, "product")
    assert [(found[n]["price"], found[n]["currency"]) for n in "ABC"] == [
        *((1200.5, "EUR"), (5, "SGD"), (5, "USD")),
    ]


# What rows name


def test_advice_that_several_rows_share_is_said_once(folder: Folder, run: Program) -> None:
    rows = "name,account\nA,Konex\nB,Condax\nC,Valemont\n"
    said = folder.refused("x.csv", rows, "--as", "contact").splitlines()
    assert said[1:] == [
        '  lines 2, 3 and 4  account "Konex", "Condax" and "Valemont": no such account. '
        "To add missing accounts: --create-accounts",
    ]
    tried = run("import", folder.path / "x.csv", "--as", "contact", "--dry-run").out
    assert tried.count("--create-accounts") == 1


def test_names_that_fit_nothing_or_several(folder: Folder, run: Program) -> None:
    for name in ("GreenTech Ltd", "Greentech GmbH", "Konex"):
        run("account", "add", name)
    rows = "name,account\nA,greentech\nB,Konexx\nC,kon\n"
    said = folder.refused("x.csv", rows, "--as", "contact")
    assert said.splitlines()[1:] == [
        '  line 2  account "greentech" matches Greentech GmbH (A-0002) and GreenTech Ltd (A-0001). '
        "Write the whole name",
        '  line 3  account "Konexx": no such account. Did you mean Konex (A-0003)? '
        "To add missing accounts: --create-accounts",
    ]


def test_a_name_in_part_is_understood_and_said(folder: Folder, run: Program) -> None:
    run("account", "add", "Konex")
    said = folder.taken("x.csv", "name,account\nC,kon\n", "--as", "contact")
    assert said == 'acct: "kon" was read as Konex\nImported 1 contact: 1 new.\n'
    assert listed(run, "contact")[0]["account"] == "Konex"


def test_created_accounts_never_stand_for_a_part_of_another_name(
    folder: Folder, run: Program
) -> None:
    run("account", "add", "Acme Corp")
    rows = "name,account\nA,Acme\nB,acme\nC,Acme Corp\n"
    said = folder.taken("x.csv", rows, "--as", "contact", "--create-accounts")
    assert said == (
        "acct: Acme was added. Similar: Acme Corp (A-0001)\n"
        "Imported 3 contacts: 3 new. Added 1 account that rows name: Acme.\n"
    )
    assert [c["account"] for c in listed(run, "contact")] == ["Acme", "Acme", "Acme Corp"]


def test_an_account_is_only_created_for_a_row_that_is_taken(folder: Folder, run: Program) -> None:
    rows = "name,account,emails\nA,Acme,a@acme.com\nB,Betatech,b@@beta\n"
    folder.taken("x.csv", rows, "--as", "contact", "--create-accounts", "--skip-invalid")
    assert list(by_name(run, "account")) == ["Acme"]


def test_accounts_are_not_created_where_the_rules_ask_for_more(folder: Folder, home: Path) -> None:
    configure(home, '[required.all]\naccount = ["owner"]\n')
    rows = "name,account\nA,Acme\n"
    said = folder.refused("x.csv", rows, "--as", "contact", "--create-accounts", code=2)
    assert "--create-accounts knows only names, and an account needs owner" in said


def test_managers_may_stand_further_down_but_not_in_a_circle(folder: Folder, run: Program) -> None:
    rows = "name,reports_to\nAna,Raj\nRaj,Mei\nMei,\n"
    folder.taken("x.csv", rows)
    assert by_name(run, "contact")["Ana"]["reports_to"] == "Raj"
    said = folder.refused("x.csv", rows.replace("Mei,\n", "Mei,Ana\n"))
    assert "reports to: a contact cannot be above itself, directly or through others" in said
    circle = "name,parent\nA,B\nB,A\n"
    assert "lines 2 and 3  parent: an account cannot be" in folder.refused("y.csv", circle)


def test_people_and_deals_are_looked_for_at_the_account_of_the_row(
    folder: Folder, run: Program
) -> None:
    for name in ("Acme", "Betatech"):
        run("account", "add", name)
        run("contact", "add", "Mei Tan", "--account", name)
        run("deal", "add", name, "Platform")
    run("contact", "add", "Raj", "--account", "Acme")
    run("deal", "add", "Acme", "Rollout")
    rows = "account,kind,date,summary,contacts,deal\n"
    folder.taken("x.csv", rows + "Betatech,call,2026-11-20,Hello,Mei Tan; Raj,Platform\n")
    (log,) = listed(run, "log")
    contact_of = {(c["name"], c["account"]): c["id"] for c in listed(run, "contact")}
    deal_of = {(d["title"], d["account"]): d["id"] for d in listed(run, "deal")}
    assert log["contact_ids"] == [contact_of["Mei Tan", "Betatech"], contact_of["Raj", "Acme"]]
    assert log["deal_id"] == deal_of["Platform", "Betatech"]
    said = folder.refused("y.csv", rows + "Betatech,call,2026-11-20,Hi,,Rollout\n")
    assert 'deal "Rollout": no such deal' in said


def test_names_of_people_in_part_and_of_several_that_are_new(folder: Folder, run: Program) -> None:
    run("account", "add", "Acme")
    run("contact", "add", "Mei Tan", "--account", "acme")
    run("contact", "add", "Raj Nair")
    rows = "account,kind,date,summary,contacts\n"
    said = folder.taken("x.csv", rows + "Acme,call,2026-11-20,Hello,mei; raj\n")
    assert '"mei" was read as Mei Tan\n' in said
    assert '"raj" was read as Raj Nair\n' in said
    people = "name,account,reports_to\nBo,Acme,\nBo,,\nAna,,Bo\n"
    assert (
        'line 4: reports_to "Bo" matches Bo (line 2) and Bo (line 3). Write the whole name'
        in folder.refused("y.csv", people)
    )


def test_the_account_of_a_row_may_follow_from_its_deal(folder: Folder, run: Program) -> None:
    run("account", "add", "Acme")
    run("deal", "add", "acme", "Platform")
    run("product", "add", "GTX", "--price", "5")
    folder.taken("x.csv", "deal,product,quantity\nPlatform,GTX,3\n", "--as", "item")
    (item,) = run("export", "--as", "item", "-f", "json").json()
    assert (item["account"], item["quantity"]) == ("Acme", 3)


def test_ids_of_theirs_that_came_with_a_key(folder: Folder, run: Program) -> None:
    folder.taken("a.csv", "Id,name\n001xA,Acme\n001xB,Beta\n", "--as", "account", "--key", "Id")
    folder.taken("c.csv", "Name,AccountId\nMei,001xB\n", "--as", "contact")
    assert listed(run, "contact")[0]["account"] == "Beta"
    said = folder.refused("c.csv", "Name,AccountId\nRaj,001xC\n", "--as", "contact")
    assert 'AccountId "001xC": no account has this id here.' in said
    assert "--map account_id=" in said
    folder.taken("c.csv", "Name,AccountId\nRaj,001xC\n", "--as", "contact", "--map", "account_id=")


def test_an_id_and_a_name_of_two_records(folder: Folder, run: Program) -> None:
    for name in ("Acme", "Betatech"):
        run("account", "add", name)
    run("contact", "add", "Mei", "--account", "Acme")
    exported = run("export", "--as", "contact").out
    said = folder.refused("x.csv", exported.replace("Acme", "Betatech"))
    assert 'account "Betatech" is not the account with the id beside it' in said
    # An account that was renamed since still has the id.
    run("account", "edit", "Acme", "--name", "Acme Corp")
    assert "1 contact, already up to date" in folder.taken("x.csv", exported)


def test_a_row_that_names_a_refused_one_is_refused(folder: Folder, run: Program) -> None:
    rows = "name,parent,country\nTop,,Atlantis\nMiddle,Top,\nLow,Middle,\nOther,,\n"
    outcome = folder.outcome("x.csv", rows, "--as", "account", "--skip-invalid")
    assert (outcome["new"], outcome["refused"]) == (1, 3)
    circle = "name,parent\nTop,Low\nLow,Top\nUnder,Low\nOther,\n"
    outcome = folder.outcome("x.csv", circle, "--as", "account")
    assert [r["reason"].partition(":")[0] for r in outcome["files"][0]["refusals"]] == [
        *("parent", "parent", "it names a record that is refused itself"),
    ]
    folder.taken("x.csv", circle, "--as", "account", "--skip-invalid")
    assert list(by_name(run, "account")) == ["Other"]


# Days


def test_days_in_two_orders(folder: Folder, run: Program) -> None:
    run("account", "add", "Acme")
    rows = "account,date,amount\nAcme,01/02/2026,5\nAcme,03/04/2026,6\n"
    said = folder.refused("x.csv", rows, "--as", "purchase")
    assert said == (
        'acct: x.csv: "date": "01/02/2026" reads as day/month or as month/day, and so does every '
        "other value. Choose one: --date-format dmy or mdy\n"
    )
    folder.taken("x.csv", rows, "--as", "purchase", "--date-format", "%d/%m/%Y")
    assert {p["purchased_on"] for p in listed(run, "purchase")} == {"2026-02-01", "2026-04-03"}


def test_interactions_that_are_still_to_come(folder: Folder, run: Program) -> None:
    run("account", "add", "Acme")
    rows = "account,kind,at,summary\nAcme,email,2026-11-20,Hi\nAcme,call,2026-12-24,Ho\n"
    assert "line 3: at Thu 24 Dec 2026" in folder.refused("x.csv", rows)
    folder.taken("x.csv", rows, "--skip-invalid")
    assert listed(run, "log")[0]["direction"] == "out"


# All or nothing


def test_one_refused_row_is_one_line_and_nothing_is_written(folder: Folder, book: Path) -> None:
    folder.taken("a.csv", "name,city\nAcme,Oslo\n", "--as", "account")
    before = dump(book)
    rows = "name,email\nA,a@x.com\n" + "B\x1b[31m,b@@x\n" + "C,c@x.com\n"
    assert folder.refused("c.csv", rows, "--as", "contact") == (
        'acct: c.csv line 3: email "b@@x" is not an address. Write it like mei@greentech.sg. '
        "Nothing was imported. Fix the row, or skip it with --skip-invalid\n"
    )
    assert dump(book) == before


def test_refusals_under_json_are_one_object(folder: Folder) -> None:
    rows = "name,email\nA,a@@x\nB,b@@x\n"
    error = json.loads(folder.refused("c.csv", rows, "--as", "contact", "-f", "json"))["error"]
    assert (error["code"], error["kind"]) == (4, "invalid")
    assert "2 of 2 rows" in error["message"]


def test_the_objects_of_an_array_are_counted_as_items(folder: Folder) -> None:
    rows = [{"name": "A"}, {"name": "B", "emails": "b@@x"}]
    assert "x.json item 2: emails" in folder.refused("x.json", json.dumps(rows), "--as", "contact")
    lines = "\n".join(map(json.dumps, rows))
    assert "x.jsonl line 2: emails" in folder.refused("x.jsonl", lines, "--as", "contact")


def test_many_refusals_of_one_kind_are_a_line(folder: Folder) -> None:
    rows = "name,email\n" + "".join(f"P{n},p{n}@@x\n" for n in range(50))
    lines = folder.refused("c.csv", rows, "--as", "contact").splitlines()
    assert len(lines) == 2
    assert lines[1].startswith('  lines 2, 3 and 48 more  email "p0@@x", "p1@@x", "p2@@x", "p3@@x"')
    assert "and 46 more is not an address." in lines[1]


def test_what_is_refused_is_kept_to_be_mended(folder: Folder, run: Program) -> None:
    rows = 'name,email,note\nA,a@x.com,\nB,b@@x,"two\nlines"\nshort\n'
    said = folder.taken("c.csv", rows, "--as", "contact", "--skip-invalid")
    kept = folder.path / "c.rejects.csv"
    assert said.endswith(f"Imported 1 contact: 1 new. Skipped 2 rows, saved in {kept}.\n")
    table = list(csv.DictReader(kept.read_text().splitlines(keepends=True)))
    assert table[0]["reason"].startswith('email "b@@x" is not an address')
    assert (table[0]["name"], table[0]["note"].splitlines()) == ("B", ["two", "lines"])
    assert table[1]["reason"] == "1 cell, but the header has 3"
    if os.name == "posix":
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    mended = kept.read_text().replace("b@@x", "b@x.com").replace(",short", ',S,s@x.com,""')
    folder.taken("mended.csv", mended, "--as", "contact")
    assert len(listed(run, "contact")) == 3
    folder.taken("c.csv", rows, "--as", "contact", "--skip-invalid")
    assert (folder.path / "c.rejects-2.csv").exists()


def test_a_dry_run_shows_and_writes_nothing(folder: Folder, run: Program, book: Path) -> None:
    run("account", "add", "Konex")
    run("contact", "add", "Mei Tan", "--account", "konex", "--email", "mei@konex.com")
    before = book.read_bytes()
    rows = (
        "Name,Company,E-mail,Title,Fax\nMei Tan,Konex,mei@konex.com,CFO,1\n"
        "Raj Nair,Konexx,raj@konex.com,,\nAna Lim,Konex,ana@@konex,,\nBo,Konex,,,\n"
    )
    shown = folder.import_("contacts.csv", rows, "--dry-run")
    assert (shown.code, shown.err) == (0, "")
    assert shown.out == (
        "contacts.csv · 4 rows of contacts · UTF-8, comma · 4 columns read, 1 left out\n"
        "(Fax)\n"
        "   1 new     1 changed     0 the same     2 refused\n"
        "   line 2  Mei Tan  title: nothing → CFO\n"
        '   line 3  Company "Konexx": no such account. Did you mean Konex (A-0001)? To\n'
        "           add missing accounts: --create-accounts\n"
        '   line 4  E-mail "ana@@konex" is not an address. Write it like mei@greentech.sg\n'
        "Nothing was imported. Fix the rows and run it without --dry-run, or add\n"
        "--skip-invalid to skip 2 rows.\n"
    )
    outcome = folder.outcome("contacts.csv", rows)
    (file,) = outcome["files"]
    assert (outcome["new"], outcome["changed"], outcome["refused"]) == (1, 1, 2)
    assert (file["columns_left_out"], file["rows"], file["kind"]) == (["Fax"], 4, "contact")
    (change,) = file["changes"]
    assert (change["name"], change["line"]) == ("Mei Tan", 2)
    assert change["fields"] == {"title": {"ours": "", "theirs": "CFO"}}
    assert book.read_bytes() == before


def test_a_dry_run_says_which_accounts_would_be_added(folder: Folder, run: Program) -> None:
    run("account", "add", "Acme Corp")
    rows = "name,account\nA,Acme\nB,Betatech\n"
    shown = folder.import_("c.csv", rows, "--as", "contact", "--create-accounts", "--dry-run").out
    assert "2 accounts would be added: Acme and Betatech\n" in shown
    assert "   Acme beside Acme Corp (A-0001)\n" in shown
    assert "To import, run it without --dry-run.\n" in shown
    folder.taken("c.csv", rows, "--as", "contact", "--create-accounts")
    again = folder.import_("c.csv", rows, "--as", "contact", "--dry-run").out
    assert again.endswith("Nothing to import: everything is already in the book.\n")


def test_hostile_text_is_shown_as_escapes(folder: Folder, run: Program) -> None:
    hostile = "\x1b[31mRed\u202e [/bold]:100:"
    rows = f"name,{hostile},website\n{hostile},x,{hostile}\n"
    for words in (("--dry-run",), (), ("--skip-invalid",)):
        done = folder.import_("x.csv", rows, "--as", "account", *words)
        assert "\\x1b[31mRed\\u202e [/bold]:100:" in done.out + done.err
        assert not {"\x1b", "\u202e"} & set(done.out + done.err)


# What came of it


def test_results_for_machines(folder: Folder, run: Program) -> None:
    done = folder.import_("x.csv", "name,city\nA,Oslo\nB,Oslo\n", "--as", "account", "-f", "json")
    assert done.json()["written"]
    assert (done.json()["new"], done.json()["rejects"]) == (2, [])
    ids = folder.import_("x.csv", "name,city\nA,Rome\nB,Oslo\n", "--as", "account", "-f", "ids").out
    assert ids.split() == [by_name(run, "account")["A"]["id"]]


def imports(book: Path) -> list[Path]:
    return [made.path for made in backup.listed(book) if made.reason == "import"]


def test_every_import_that_changes_a_book_is_preceded_by_a_backup(
    folder: Folder, book: Path
) -> None:
    folder.taken("x.csv", "name,city\nAcme,Oslo\n", "--as", "account")
    assert not imports(book)  # there was nothing to lose
    before = dump(book)
    folder.taken("x.csv", "name,city\nAcme,Bergen\n", "--as", "account")
    (made,) = imports(book)
    assert dump(made) == before
    folder.taken("x.csv", "name,city\nAcme,Bergen\n", "--as", "account")  # nothing new
    folder.import_("x.csv", "name,city\nAcme,Rome\n", "--as", "account", "--dry-run")
    folder.refused("x.csv", "name,employees\nAcme,many\n", "--as", "account")
    assert imports(book) == [made]
    folder.taken("x.csv", "name,city\nNew,Oslo\n", "--as", "account")
    assert len(imports(book)) == 2


def test_a_book_of_people_alone_has_something_to_lose(folder: Folder, book: Path) -> None:
    folder.taken("x.csv", "name,title\nMei,CFO\n", "--as", "contact")
    folder.taken("x.csv", "name,title\nMei,CEO\n", "--as", "contact")
    assert len(imports(book)) == 1


def test_small_imports_into_a_large_book_make_one_backup_a_day(
    folder: Folder, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("acctcli.book.imports.bring_in.LARGE_BOOK", 1)
    rows = "name,city\n" + "".join(f"Account {n},Oslo\n" for n in range(101))
    folder.taken("x.csv", rows, "--as", "account")
    for city in ("Bergen", "Rome"):
        folder.taken("y.csv", f"name,city\nAccount 1,{city}\n", "--as", "account")
    assert len(imports(book)) == 1
    folder.taken("x.csv", rows.replace("Oslo", "Paris"), "--as", "account")  # not a small one
    assert len(imports(book)) == 2
    for made in imports(book):
        made.rename(made.with_name(f"2020{made.name[4:]}"))
    folder.taken("y.csv", "name,city\nAccount 1,Lima\n", "--as", "account")
    assert len([made for made in imports(book) if not made.name.startswith("2020")]) == 1


def test_texts_and_lists_that_go_are_named(folder: Folder, run: Program) -> None:
    words = ("--description", "First\nlong", "--tag", "a", "--tag", "b")
    run("account", "add", "Acme", *words)
    done = folder.import_("x.csv", "name,description,tags\nAcme,Second,b; c\n", "--as", "account")
    assert done.err.splitlines() == [
        "acct: x.csv: replaced description of Acme",
        "acct: x.csv: took away tags of Acme",
        "acct: what stood there before: acct history -f json",
        "Imported 1 account: 1 changed.",
    ]
    (told,) = [
        row
        for row in run("history", "Acme", "-f", "json").json()
        if row["field"] == "description" and row["old"]
    ]
    assert told["old"] == "First\nlong"
    more = 'name,description,tags\nAcme,"Second\nand more",b; c; d\n'
    assert "replaced" not in folder.import_("x.csv", more, "--as", "account").err


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_a_bar_shows_how_far_a_long_import_is(tmp_path: Path) -> None:
    import pexpect

    file = tmp_path / "x.csv"
    file.write_text("name,city\n" + "".join(f"Account {n},Oslo\n" for n in range(2500)))
    child = pexpect.spawn(
        sys.executable, ["-m", "acctcli", "import", str(file), "--as", "account"], timeout=30
    )
    child.expect(r"x\.csv.*/7500")
    child.expect("Imported 2,500 accounts: 2,500 new.")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0


# Names that are taken


def test_a_row_does_not_get_the_name_of_another_record(folder: Folder, run: Program) -> None:
    folder.taken("x.csv", "Name,Tier\nAcme,key\nKonex,key\n", "--as", "account")
    refused = folder.refused("y.csv", "number,name\nA-0002,ACME\n", "--as", "account")
    assert 'line 2: name "ACME" is that of Acme (A-0001). To keep both: --duplicate' in refused
    taken = folder.taken("y.csv", "number,name\nA-0002,ACME\n", "--as", "account", "--duplicate")
    assert "1 changed" in taken
    again = folder.taken("y.csv", "number,name\nA-0002,ACME\n", "--as", "account")
    assert "1 account, already up to date" in again


@pytest.mark.parametrize(
    ("kind", "header"),
    [("account", "Id,Name"), ("contact", "Id,Name,Account"), ("product", "Id,Name")],
)
def test_a_key_does_not_make_one_name_two_records(folder: Folder, kind: str, header: str) -> None:
    folder.taken("firms.csv", "Name,Tier\nGreenTech,key\n", "--as", "account")
    at = ",GreenTech" if "Account" in header else ""
    rows = f"{header}\n17,Acme{at}\n18,acme{at}\n"
    words = ("--as", kind, "--key", "Id")
    refused = folder.refused("x.csv", rows, *words)
    assert 'line 3: Name "acme" is that of line 2. To keep both: --duplicate' in refused
    assert "2 new" in folder.taken("x.csv", rows, *words, "--duplicate")
    assert "already up to date" in folder.taken("x.csv", rows, *words)


def test_people_of_one_name_are_told_apart_by_their_account(folder: Folder, run: Program) -> None:
    folder.taken("firms.csv", "Name,Tier\nGreenTech,key\nKonex,key\n", "--as", "account")
    rows = "Name,Account,Title\nMei Tan,GreenTech,CFO\nMei Tan,Konex,CEO\n"
    assert "2 new" in folder.taken("x.csv", rows, "--as", "contact")
    assert "already up to date" in folder.taken("x.csv", rows, "--as", "contact")
    ids = run("contact", "list", "--account", "konex", "-f", "ids").out.strip()
    moved = f"id,name,account\n{ids},Mei Tan,GreenTech\n"
    refused = folder.refused("y.csv", moved, "--as", "contact")
    assert 'name "Mei Tan" is that of Mei Tan, GreenTech (' in refused


def test_two_rows_on_one_purchase_say_the_same_only_if_they_do(folder: Folder) -> None:
    """-1 and -2 have the same hash in Python: rows must be compared by their content."""
    folder.taken("a.csv", "Name,City\nAcme,Bonn\n", "--as", "account")
    id = "01a21aed-6bf9-7b28-9c40-a312cd325554"
    rows = f"id,account,amount,currency\n{id},Acme,-0.01,SGD\n{id},Acme,-0.02,SGD\n"
    assert "the same purchase is already on line 2" in folder.refused(
        "p.csv", rows, "--as", "purchase"
    )
    same = f"id,account,amount,currency\n{id},Acme,-0.01,SGD\n{id},Acme,-0.01,SGD\n"
    assert "1 new, 1 the same" in folder.taken("p.csv", same, "--as", "purchase")


def test_a_book_with_twins_is_restored_from_its_export(
    run: Program, tmp_path: Path, folder: Folder
) -> None:
    run("account", "add", "Acme")
    run("account", "add", "Acme", "--duplicate")
    run("contact", "add", "Mei Tan", "--account", "A-0001")
    run("contact", "add", "Mei Tan", "--account", "A-0001", "--duplicate")
    assert run("export", "--all", tmp_path / "out").code == 0
    new = ("--db", tmp_path / "new.db", "import", tmp_path / "out")
    assert run(*new, "--create").err == "Imported 2 accounts: 2 new; 2 contacts: 2 new.\n"
    again = run(*new).err
    assert again == "Nothing to import: 2 accounts and 2 contacts, already up to date.\n"


# Presets


def test_options_are_kept_under_a_name(maven: Folder, run: Program, book: Path) -> None:
    maven.taken("deals.csv", DEALS, "--as", "deal", *AS_DEALS, "--save-preset", "pipeline")
    run("undo")
    again = maven.taken("deals.csv", DEALS, "--preset", "pipeline")
    assert again.endswith("Imported 4 deals: 4 new. Added 1 account that rows name: Unassigned.\n")
    run("undo")
    words = ("--preset", "pipeline", "--default", "account=Nobody")
    assert "rows name: Nobody" in maven.taken("deals.csv", DEALS, *words)
    said = maven.refused("deals.csv", DEALS, "--preset", "pipelin", code=3)
    assert "Saved: pipeline" in said


@pytest.mark.parametrize(
    ("flag", "first", "second", "says"),
    [
        ("--default", "tier=key", "tier=smb", 'tier is given twice: "key" and "smb". Give one'),
        ("--default", "cadence=1", "cadence-days=2", "cadence_days is given twice"),
        ("--unit", "revenue=k", "revenue=m", 'annual_revenue is given twice: "k" and "m"'),
        ("--map", "revenue=Turnover", "revenue=Stage", "annual_revenue is given twice"),
        ("--value", "tier:Hot=key", "tier:hot=smb", 'tier:hot is given twice: "key" and "smb"'),
    ],
)
def test_an_option_for_one_thing_is_not_given_twice(
    folder: Folder, flag: str, first: str, second: str, says: str
) -> None:
    rows = "Name,Turnover,Stage\nAcme,5,Hot\n"
    refused = folder.refused("x.csv", rows, "--as", "account", flag, first, flag, second, code=2)
    assert f"{flag} {says}" in refused


def test_what_is_typed_takes_the_place_of_the_same_in_a_preset(
    folder: Folder, run: Program
) -> None:
    rows = "Name,Turnover\nAcme,5\n"
    defaults = ("--default", "tier=key", "--default", "currency=USD")
    folder.taken("x.csv", rows, "--as", "account", *defaults, "--save-preset", "firms")
    others = rows.replace("Acme", "Beta")
    folder.taken("y.csv", others, "--preset", "firms", "--default", "tier=smb")
    assert run("account", "show", "beta", "-f", "json").json()["tier"] == "smb"


def test_a_dry_run_keeps_no_preset(folder: Folder) -> None:
    rows = "name,city\nA,Oslo\n"
    folder.import_("x.csv", rows, "--as", "account", "--save-preset", "p", "--dry-run")
    assert "None is saved yet" in folder.refused("x.csv", rows, "--preset", "p", code=3)


# The book and folders


def test_a_book_is_only_started_where_that_is_asked(folder: Folder, run: Program) -> None:
    new = folder.path / "new.db"
    (folder.path / "x.csv").write_text("name,city\nA,Oslo\n")
    words = ("import", folder.path / "x.csv", "--as", "account")
    assert run("--db", new, *words).code == 3
    assert run("--db", new, *words, "--create", "--dry-run").code == 3
    assert not new.exists()
    assert run("--db", new, *words, "--create").code == 0
    assert value(new, "SELECT name FROM account") == "A"


def test_folders_of_an_export(folder: Folder, run: Program) -> None:
    empty = run("import", folder.path)
    assert (empty.code, "no file of an export" in empty.err) == (3, True)
    (folder.path / "contacts.csv").write_text("name,account\nMei,Acme\n")
    (folder.path / "accounts.json").write_text('[{"name": "Acme"}]')
    (folder.path / "notes.md").write_text("")
    done = run("import", folder.path)
    assert done.code == 0, done.err
    assert "left out: notes.md" in done.err
    assert "Imported 1 account: 1 new; 1 contact: 1 new." in done.err
    mapped = run("import", folder.path, "--as", "account", "--map", "name=x")
    assert (mapped.code, "--as, --map: for one file" in mapped.err) == (2, True)
    (folder.path / "accounts.csv").write_text("name\nAcme\n")
    assert "has accounts.csv and accounts.json" in run("import", folder.path).err


def test_files_that_cannot_be_read(folder: Folder, run: Program) -> None:
    assert run("import", folder.path / "none.csv").code == 3
    assert "never closed" in folder.refused("x.csv", 'name,city\n"A,Oslo\n', "--as", "account")
    assert "two columns are named" in folder.refused(
        *("x.csv", "name,name\nA,B\n", "--as", "account")
    )
    assert folder.refused("x.xlsx", b"PK\x03\x04xxxx").startswith("acct: x.xlsx is not a workbook")


def test_presets_are_listed_and_forgotten(run: Program, folder: Folder) -> None:
    rows = "Firma,Land\nGreenTech Ltd,SG\n"
    words = ("--as", "account", "--map", "name=Firma", "--default", "owner=Kim Lee", "--duplicate")
    folder.taken("x.csv", rows, *words, "--save-preset", "firms")
    listed = run("import", "--presets", "-f", "json").json()
    assert listed == [
        {
            "name": "firms",
            "options": "--as account --map name=Firma --default 'owner=Kim Lee' --duplicate",
        }
    ]
    missed = run("import", "--delete-preset", "firm")
    assert (missed.code, "Saved: firms" in missed.err) == (3, True)
    gone = run("import", "--delete-preset", "firms")
    assert gone.err.startswith('Deleted preset "firms". It was: --as account')
    assert run("import", "--presets", "-f", "json").json() == []


@pytest.mark.parametrize(
    "words",
    [("--dry-run",), ("--presets",), ("--preset", "firms"), ("--as", "account"), ("--create",)],
)
def test_a_preset_is_not_forgotten_beside_other_options(
    run: Program, folder: Folder, words: tuple[str, ...]
) -> None:
    folder.taken("x.csv", "name,city\nAcme,Bonn\n", "--as", "account", "--save-preset", "firms")
    refused = run("import", "--delete-preset", "firms", *words)
    assert (refused.code, "--delete-preset" in refused.err) == (2, True)
    assert len(run("import", "--presets", "-f", "json").json()) == 1


@pytest.mark.parametrize("words", [(), ("x.csv", "--presets"), ("x.csv", "--delete-preset", "p")])
def test_an_import_has_a_file_and_the_care_of_presets_has_none(
    run: Program, words: tuple[str, ...]
) -> None:
    refused = run("import", *words)
    assert (refused.code, "file" in refused.err) == (2, True)


def test_a_default_is_not_offered_for_a_deal_that_is_there(folder: Folder, run: Program) -> None:
    run("account", "add", "Konex")
    folder.taken("d.csv", "title,account,stage\nPilot,Konex,proposal\n", "--as", "deal")
    id = json.loads(run("deal", "list", "-f", "json").out)[0]["id"]
    lost = f"id,title,account,stage\n{id},Pilot,Konex,lost\n"
    said = folder.refused("lost.csv", lost, "--as", "deal")
    assert "lost reason is missing: add a column for it. " in said
    folder.taken(
        "why.csv", f"id,stage,why\n{id},lost,Price\n", "--as", "deal", "--map", "lost_reason=why"
    )


def test_a_contact_person_is_a_name(folder: Folder, run: Program) -> None:
    run("account", "add", "Konex")
    folder.taken("p.csv", "Company,Contact Person\nKonex,Mei Tan\n", "--as", "contact")
    assert json.loads(run("contact", "list", "-f", "json").out)[0]["name"] == "Mei Tan"


def test_several_files_of_one_kind_count_together(run: Program, tmp_path: Path) -> None:
    files = []
    for name in ("Acme", "Beta", "Gamma"):
        files.append(tmp_path / f"{name}.csv")
        files[-1].write_text(f"account,tier\n{name},key\n", encoding="utf-8")
    words = ("import", *map(str, files))
    assert "Imported 3 accounts: 3 new." in run(*words).err
    assert "Nothing to import: 3 accounts, already up to date." in run(*words).err
