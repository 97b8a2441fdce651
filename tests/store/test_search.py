from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests import books, strain
from tests.store.making import add, writing

from acctcli.errors import UsageError
from acctcli.store import records, search
from acctcli.store.journal import Writing
from acctcli.store.opening import snapshot


def titles(tx: Writing, typed: str, **options: str | int) -> list[str]:
    search.refresh(tx.con, tx.touched)
    return [hit.title for hit in search.find(tx.con, typed, **options)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "others", "typed"),
    [
        ("O'Neil Brothers", ["Onella"], ["O'Neil", "o'neil", "neil"]),
        ("foo-bar", ["foo baz bar", "foobar"], ["foo-bar", "foo-b", "FOO-BAR"]),
        ("AT&T", ["at the t"], ["AT&T", "at&t"]),
        ("c++ club", ["c club", "cafe"], ["c++", "C++ cl"]),
        ('The "Best" (north)', ["best north"], ['"best"', "(north)", '"', "("]),
        ("100% sure", ["1000 sure"], ["100%", "%"]),
        ("A_B", ["axb"], ["A_B", "_"]),
        ("a*b:c^d", ["abcd"], ["a*b", "*", "b:c", "c^d", "^"]),
        ("{x} -y ~z", ["xyz"], ["{x}", "-y", "~", "{"]),
        ("back\\slash", ["backslash"], ["back\\slash", "\\"]),
        ("NEAR AND OR NOT", ["other"], ["near", "AND", "OR NOT"]),
        ("Café Noir", ["other"], ["cafe", "CAFÉ", "cafe\u0301"]),
        ("Søren Łoś", ["other"], ["soren", "søren", "los", "ŁOŚ"]),
        ("Straße", ["other"], ["strasse", "straße", "STRASSE"]),
        ("ＡＣＭＥ", ["other"], ["acme", "ＡＣＭ"]),  # noqa: RUF001
        ("Acme", ["other"], ["ＡＣＭＥ"]),  # noqa: RUF001
        ("株式会社サンプル", ["株式"], ["株式会社", "会社", "サンプル", "プル 株式"]),
        ("ABC有限公司", ["ABC"], ["有限", "公司", "abc 公司", "C有限"]),
        ("บริษัทตัวอย่าง", ["other"], ["ตัวอย่าง", "บริษัท"]),
        ("한국어 회사", ["other"], ["한국", "회사"]),
        ("🙂 Smile", ["other"], ["🙂", "🙂 smi"]),
        ("x² ⅷ", ["other"], ["x²", "ⅷ"]),
        ("مكتب", ["other"], ["مكت"]),
    ],
)
def test_signs_and_scripts_are_found_as_they_are_typed(
    name: str, others: list[str], typed: list[str], tx: Writing
) -> None:
    for each in (name, *others):
        add(tx, "account", name=each)
    for one in typed:
        assert titles(tx, one) == [name], one


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20))
def test_no_text_is_read_as_a_query(typed: str) -> None:
    with closing(sqlite3.connect(":memory:")) as con:
        con.execute("CREATE TABLE account (id, number, name_key)")
        con.execute("CREATE TABLE account_alias (account_id, alias)")
        con.execute("CREATE TABLE search_doc (doc INTEGER PRIMARY KEY, kind, record_id)")
        con.execute("CREATE VIRTUAL TABLE search USING fts5 (title, body)")
        con.execute("INSERT INTO search_doc VALUES (1, 'account', '1')")
        con.execute("INSERT INTO search (rowid, title, body) VALUES (1, ?, '')", (typed,))
        found = search.find(con, typed)
        assert [hit.title for hit in found] == [typed] or not typed.isprintable()


def test_every_word_must_begin_some_word_of_the_record(tx: Writing) -> None:
    account = add(tx, "account", name="GreenTech Ltd", industry="energy", tags=("expo",))
    add(tx, "log", account=account, summary="Walked Mei through pricing", body="phased rollout")
    assert titles(tx, "gre ener") == ["GreenTech Ltd"]
    assert titles(tx, "exp ltd") == ["GreenTech Ltd"]
    assert titles(tx, "pric phas") == ["Walked Mei through pricing"]
    assert titles(tx, "pricing energy") == titles(tx, "phased expo") == []
    assert titles(tx, "ricing") == []


def test_words_of_the_account_count_for_its_records(tx: Writing) -> None:
    acme = add(tx, "account", name="Acme Corp", aliases=("Wile & Co",))
    other = add(tx, "account", name="Betatech")
    for account in (acme, other):
        add(tx, "contact", name="Jane Doe", account=account)
        add(tx, "deal", account=account, title=f"Rollout {account[-4:]}")
        add(tx, "log", account=account, summary="Pricing talk", body="a rollout by Jane")
        add(tx, "task", account=account, text="Send the rollout plan")
    search.refresh(tx.con, tx.touched)

    def found(typed: str, **options: str) -> list[tuple[str, str | None]]:
        hits = search.find(tx.con, typed, **options)  # type: ignore[arg-type]
        return [(hit.kind, hit.account_id) for hit in hits]

    assert found("jane acme") == [("contact", acme), ("log", acme)]
    assert found("acme jan") == found("jane corp") == found("Jane wile") == found("jane A-0001")
    assert found("jane acme corp") == [("contact", acme), ("log", acme)]
    assert {kind for kind, _ in found("rollout acme")} == {"deal", "log", "task"}
    assert found("rollout acme", kind="task") == [("task", acme)]
    assert found("rollout acme", account_id=other) == []
    assert found("jane acme", account_id=acme) == [("contact", acme), ("log", acme)]
    # The account alone does not match its records, and a part of a word does not match its name.
    assert found("acme") == found("acme corp") == [("account", acme)]
    assert found("jane cme") == found("jane rp") == []


def test_an_account_that_is_called_all_of_it_shows_what_has_one_of_the_words(tx: Writing) -> None:
    account = add(tx, "account", name="Green Tech")
    add(tx, "deal", account=account, title="Green rollout")
    add(tx, "deal", account=account, title="Support")
    assert titles(tx, "green tech") == ["Green Tech", "Green rollout"]
    assert titles(tx, "green 株") == []


def test_words_with_signs_may_be_those_of_the_account(tx: Writing) -> None:
    account = add(tx, "account", name="AT&T")
    add(tx, "contact", name="Jane Doe", account=account)
    other = add(tx, "account", name="at the t")
    add(tx, "contact", name="Jane Roe", account=other)
    kabu = add(tx, "account", name="株式会社サンプル")
    add(tx, "contact", name="山口恵", account=kabu)
    assert titles(tx, "jane at&t") == ["Jane Doe"]
    assert titles(tx, "山口 株式会社") == ["山口恵"]
    assert titles(tx, "サンプル 山口") == ["山口恵"]


def test_a_name_goes_before_any_other_text_and_that_of_an_account_first(tx: Writing) -> None:
    account = add(tx, "account", name="Green Long Name Of Many Words Ltd")
    add(tx, "log", account=account, summary="Green")
    add(tx, "contact", name="Somebody", account=account, notes="green " * 9)
    add(tx, "deal", account=account, title="Green deal")
    assert titles(tx, "green") == [
        *("Green Long Name Of Many Words Ltd", "Green deal", "Green", "Somebody")
    ]


def test_words_in_very_many_names_are_asked_of_accounts_if_little_else_fits(tx: Writing) -> None:
    for number in range(search._FEW + 1):
        account = add(tx, "account", name=f"Acme {number}")
        add(tx, "log", account=account, summary="Talk of pricing")
    assert len(titles(tx, "pricing acme")) == 50
    for number in range(3):
        add(tx, "log", account=account, summary=f"Acme pricing {number}")
    assert titles(tx, "pricing acme", limit=3) == [f"Acme pricing {n}" for n in (2, 1, 0)]
    assert len(titles(tx, "pricing acme", limit=4)) == 4


def test_the_hits_are_counted_without_their_texts(tx: Writing) -> None:
    account = add(tx, "account", name="Acme")
    for number in range(60):
        add(tx, "log", account=account, summary=f"Pricing {number}")
    add(tx, "log", account=account, summary="c++ pricing")
    search.refresh(tx.con, tx.touched)
    assert search.count(tx.con, ["pricing"]) == 61
    assert search.count(tx.con, ["pricing", "acme"], kind="log") == 61
    assert search.count(tx.con, ["c++"]) == 1
    assert search.count(tx.con, ["nothing"]) == 0


def test_a_title_counts_more_than_a_body(tx: Writing) -> None:
    account = add(tx, "account", name="A")
    add(tx, "log", account=account, summary="Other", body="pricing and more")
    add(tx, "log", account=account, summary="Pricing")
    assert titles(tx, "pricing") == ["Pricing", "Other"]


def test_each_kind_is_found_by_what_it_says(tx: Writing) -> None:
    account = add(
        tx, "account", name="A", description="xaccount", phone="+6561234567", region="xregion"
    )
    add(tx, "contact", name="C", account=account, notes="xcontact", emails=("xmail@a.sg",))
    add(tx, "log", account=account, summary="L", outcome="xlog")
    add(tx, "task", account=account, text="xtask")
    add(tx, "deal", account=account, title="D", competitor="xdeal")
    add(tx, "product", name="P", family="xproduct")
    add(tx, "review", account=account, summary="R", risks="xreview", custom={"mood": "xcustom"})
    found = {typed: titles(tx, typed) for typed in ("xacc", "xcon", "xmail", "xlog", "xtask")}
    found |= {typed: titles(tx, typed) for typed in ("xdeal", "xproduct", "xreview", "xcustom")}
    assert found == {
        "xacc": ["A"],
        "xcon": ["C"],
        "xmail": ["C"],
        "xlog": ["L"],
        "xtask": ["xtask"],
        "xdeal": ["D"],
        "xproduct": ["P"],
        "xreview": ["R"],
        "xcustom": ["R"],
    }
    assert titles(tx, "6561234567") == titles(tx, "xregion") == ["A"]


def test_figures_of_custom_fields_are_not_words(tx: Writing) -> None:
    add(tx, "account", name="A", custom={"seats": 17, "vip": 1, "since": "2026-03-01"})
    assert titles(tx, "17") == titles(tx, "2026") == []


def test_the_index_follows_every_change(tx: Writing) -> None:
    account = add(tx, "account", name="Acme", tags=("expo",))
    assert titles(tx, "acme") == ["Acme"]
    records.update(tx, "account", account, {"name": "Betatech", "tags": ("vip",)}, {"size": "XL"})
    assert titles(tx, "acme") == titles(tx, "expo") == []
    assert titles(tx, "beta") == titles(tx, "vip") == titles(tx, "xl") == ["Betatech"]
    records.delete(tx, "account", account)
    assert titles(tx, "beta") == []


def test_a_search_is_narrowed_by_kind_account_and_count(tx: Writing) -> None:
    one, other = add(tx, "account", name="Pricing Inc"), add(tx, "account", name="Other")
    for account in (one, other, other):
        add(tx, "log", account=account, summary=f"Pricing at {account[-4:]}")
    assert titles(tx, "pricing", kind="account") == ["Pricing Inc"]
    assert len(titles(tx, "pricing", kind="log")) == 3
    assert len(titles(tx, "pricing", account_id=other)) == 2
    assert len(titles(tx, "pricing", limit=2)) == 2
    assert len(titles(tx, "%", limit=2)) == 0


def test_a_word_with_signs_is_checked_on_the_text_and_the_rest_is_left(tx: Writing) -> None:
    for name in ("c++ one", "c two", "c++ x+y three", "c++ four", "c x+y five"):
        add(tx, "account", name=name)
    assert titles(tx, "c++", limit=2) == ["c++ four", "c++ one"]
    assert titles(tx, "c++", limit=9) == ["c++ four", "c++ one", "c++ x+y three"]
    assert titles(tx, "c++ x+y") == ["c++ x+y three"]


@pytest.mark.parametrize(
    ("first", "last"),
    [
        *(("\u0e00", "\u0eff"), ("\u1000", "\u109f"), ("\u1780", "\u17ff"), ("\u3040", "\u9fff")),
        *(("\uf900", "\ufaff"), ("\uff66", "\uff9d"), ("\U00020000", "\U0003ffff")),
    ],
)
def test_scripts_without_spaces_from_their_first_character_to_the_last(
    first: str, last: str
) -> None:
    inside, outside = (first, last), (chr(ord(first) - 1), chr(ord(last) + 1))
    assert [search._joins_on(char) for char in inside] == [True, True]
    assert [search._joins_on(char) for char in outside] == [False, False]


def test_everybody_is_found_by_their_own_number_only(tx: Writing) -> None:
    for name, number in (("Mei", "+6561234567"), ("Raj", "+6569999999")):
        add(tx, "contact", name=name, phones=(number,), emails=(f"{name}@x.sg",))
    assert titles(tx, "6561234567") == ["Mei"]
    assert titles(tx, "raj@x.sg") == ["Raj"]


def test_a_hit_says_what_it_is_and_shows_the_words_around_the_match(tx: Writing) -> None:
    account = add(tx, "account", name="Acme")
    body = "one two three four five six seven eight nine ten eleven twelve needle thirteen"
    id = add(tx, "log", account=account, summary="Talked", body=body)
    search.refresh(tx.con, tx.touched)
    (hit,) = search.find(tx.con, "needle")
    assert (hit.kind, hit.id, hit.account_id, hit.title) == ("log", id, account, "Talked")
    assert "needle" in hit.excerpt
    assert hit.excerpt.startswith("…")


def test_the_index_can_be_made_again_and_agrees_with_the_records(book: Path) -> None:
    with writing(book) as tx:
        account = add(tx, "account", name="Søren", custom={"size": "XL"})
        add(tx, "review", account=account)
    with snapshot(book) as con:
        assert search.disagreeing(con) == 0
    with writing(book) as tx:
        before = tx.con.execute("SELECT title, body FROM search ORDER BY title").fetchall()
        search.rebuild(tx.con)
        again = tx.con.execute("SELECT title, body FROM search ORDER BY title").fetchall()
        assert again == before
        tx.con.execute("UPDATE search SET body = 'x' WHERE title = 'Søren'")
        assert search.disagreeing(tx.con) == 1
        search.rebuild(tx.con)
        assert search.disagreeing(tx.con) == 0


def test_every_disagreement_counts_and_refreshing_leaves_none(book: Path) -> None:
    def disagreeing() -> int:
        with snapshot(book) as con:
            return search.disagreeing(con)

    with writing(book) as tx:
        ids = [add(tx, "account", name=name) for name in ("Acme", "Betatech", "Konex")]
    with writing(book) as tx:
        records.update(tx, "account", ids[0], {"name": "Ácme"})
        records.delete(tx, "account", ids[1])
    assert disagreeing() == 0
    assert books.value(book, "SELECT count(*) FROM search_doc") == 2
    books.change(book, "INSERT INTO search (rowid, title, body) VALUES (99, 'loose', '')")
    assert disagreeing() == 1
    books.change(book, "INSERT INTO search_doc (kind, record_id) VALUES ('deal', 'gone')")
    assert disagreeing() == 2
    books.change(book, "DELETE FROM search_doc WHERE record_id = ?", ids[2])
    assert disagreeing() == 4  # what it leaves has no owner either
    with writing(book) as tx:
        search.rebuild(tx.con)
    assert disagreeing() == 0


def test_a_long_note_is_searched_in_a_time_that_grows_with_its_length(tx: Writing) -> None:
    account = add(tx, "account", name="A")

    def taking(words: int) -> float:
        add(tx, "log", account=account, summary=f"Note {words}", body="price " * words)
        search.refresh(tx.con, tx.touched)
        return strain.seconds(lambda: search.find(tx.con, f"price {words}"))

    assert strain.is_linear(taking(5_000), taking(40_000), times=8)


def test_more_than_a_line_is_not_looked_for(tx: Writing) -> None:
    add(tx, "account", name="x" * 500)
    assert titles(tx, "x" * 500) == ["x" * 500]
    with pytest.raises(UsageError, match="has 501 characters"):
        titles(tx, "x" * 501)
    assert titles(tx, "acme " * 100) == []


def test_a_kind_that_is_none_in_the_index_takes_no_search_away(tx: Writing) -> None:
    for name in ("Green One", "Green Two"):
        add(tx, "account", name=name)
    search.refresh(tx.con, tx.touched)
    tx.touched.clear()
    tx.con.execute("UPDATE search_doc SET kind = 'planet' WHERE doc = 1")
    assert titles(tx, "green") == ["Green Two"]
