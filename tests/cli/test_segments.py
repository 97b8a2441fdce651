from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.cli.test_completion import offers
from tests.conftest import Program
from tests.filling import filled_once

from acctcli.book.asked import Query, query_of
from acctcli.errors import Invalid
from acctcli.model import KINDS


@pytest.fixture
@filled_once
def book_of_four(run: Program) -> None:
    """Four accounts: two key ones, of which one is quiet, one of Singapore, one archived."""
    for words in (
        ("add", "GreenTech Ltd", "--tier", "key", "--country", "SG", "--tag", "expo"),
        ("add", "Cobaltine", "--tier", "key", "--owner", "Kim Lee"),
        ("add", "Kan Code", "--tier", "smb", "--tag", "expo", "--status", "lead"),
        ("add", "Old Co", "--tier", "key"),
        ("archive", "old co"),
    ):
        done = run("account", *words)
        assert done.code == 0, done.err


def names(run: Program, *words: str) -> list[str]:
    listed = run("account", "list", *words, "-f", "json")
    assert listed.code == 0, listed.err
    return [row["name"] for row in listed.json()]


def kept(run: Program) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = run("account", "segments", "-f", "json").json()
    return rows


@pytest.mark.usefixtures("book_of_four")
def test_a_list_is_kept_and_asked_again(run: Program) -> None:
    saved = run("account", "list", "--tier", "key", "--sort", "-name", "--save", "Key ones")
    assert saved.out.count("\n") == 2
    assert saved.err == "acct: Saved segment Key ones: --tier key --sort -name.\n"
    assert names(run, "--segment", "key ones") == ["GreenTech Ltd", "Cobaltine"]
    assert run("account", "add", "Delta", "--tier", "key").code == 0
    assert names(run, "--segment", "Key") == ["GreenTech Ltd", "Delta", "Cobaltine"]


@pytest.mark.usefixtures("book_of_four")
def test_further_filters_narrow_a_segment_down(run: Program) -> None:
    run("account", "list", "--tier", "key,smb", "--where", "not name = delta", "--save", "two")
    assert names(run, "--segment", "two", "--tag", "expo") == ["GreenTech Ltd", "Kan Code"]
    # For one field both must hold: the segment, and the filter beside it.
    assert names(run, "--segment", "two", "--tier", "smb,strategic") == ["Kan Code"]
    assert names(run, "--segment", "two", "--tag", "expo", "--where", "country = SG") == [
        "GreenTech Ltd"
    ]


@pytest.mark.usefixtures("book_of_four")
def test_order_and_columns_come_along_until_others_are_asked_for(run: Program) -> None:
    options = ("--sort", "-name", "--columns", "name,tier")
    run("account", "list", "--tier", "key", *options, "--save", "key")
    assert run("account", "list", "--segment", "key").out == "GreenTech Ltd\tkey\nCobaltine\tkey\n"
    asked = run("account", "list", "--segment", "key", "--sort", "name", "--columns", "name")
    assert asked.out == "Cobaltine\nGreenTech Ltd\n"


@pytest.mark.usefixtures("book_of_four")
def test_relative_days_mean_what_they_mean_on_the_day_of_use(run: Program) -> None:
    run("account", "list", "--where", "created_at < -30d", "--save", "old")
    assert names(run, "--segment", "old") == []
    later = run("--today", "2030-01-01", "account", "list", "--segment", "old", "-f", "ids")
    assert later.out.count("\n") == 3


@pytest.mark.usefixtures("book_of_four")
def test_saving_again_replaces_and_says_so_and_undo_brings_back(run: Program) -> None:
    run("account", "list", "--tier", "key", "--save", "Expo")
    again = run("account", "list", "--tag", "expo", "--save", "expo")
    assert again.err == "acct: Saved segment expo: --tag expo. It was: --tier key.\n"
    assert [row["name"] for row in kept(run)] == ["expo"]
    assert run("undo").code == 0
    assert [(row["name"], row["filters"]) for row in kept(run)] == [("Expo", "--tier key")]


@pytest.mark.usefixtures("book_of_four")
def test_segments_are_listed_with_how_many_are_in_them(run: Program) -> None:
    run("account", "list", "--tier", "key", "--save", "key")
    run("account", "list", "--owner", "Kim Lee", "--where", "tier = key", "--save", "Kim's")
    rows = run("account", "segments").out.splitlines()
    assert [row.split("\t")[1:] for row in rows] == [
        ["key", "2", "--tier key"],
        ["Kim's", "1", "--owner 'Kim Lee' --where 'tier = key'"],
    ]


@pytest.mark.usefixtures("book_of_four")
def test_a_segment_is_deleted_and_its_accounts_stay(run: Program) -> None:
    run("account", "list", "--tier", "key", "--save", "key")
    gone = run("account", "segments", "--delete", "key")
    assert (gone.code, gone.err) == (0, "Deleted segment key. To undo: acct undo\n")
    assert kept(run) == []
    assert len(names(run)) == 3
    assert run("undo").code == 0
    assert [row["name"] for row in kept(run)] == ["key"]


@pytest.mark.usefixtures("book_of_four")
def test_an_unknown_name_is_not_found_and_near_ones_are_named(run: Program) -> None:
    run("account", "list", "--tier", "key", "--save", "Singapore energy")
    for words in (("list", "--segment"), ("segments", "--delete")):
        missed = run("account", *words, "Singapor energie")
        assert missed.code == 3
        assert "Did you mean Singapore energy" in missed.err
        assert "All: acct account segments" in missed.err
    assert run("account", "list", "--segment", "").code == 2


@pytest.mark.usefixtures("book_of_four")
@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--save", "all"), "nothing to keep"),
        (("--tier", "key", "--limit", "2", "--save", "x"), "leave out --limit"),
        (("--tier", "key", "--offset", "2", "--save", "x"), "leave out --limit and --offset"),
        (("--tier", "key", "--archived", "--save", "x"), "--archived"),
        (("--segment", "key", "--save", "x"), "--segment"),
        (("--where", "tiger = key", "--save", "x"), "tiger"),
        (("--tier", "key", "--columns", "tiger", "--save", "x"), "tiger"),
    ],
)
def test_what_cannot_be_kept_is_refused_and_nothing_is(
    run: Program, words: tuple[str, ...], says: str
) -> None:
    run("account", "list", "--tier", "key", "--save", "key")
    refused = run("account", "list", *words)
    assert refused.code == 2
    assert says in refused.err
    assert [row["name"] for row in kept(run)] == ["key"]


@pytest.mark.usefixtures("book_of_four")
@pytest.mark.parametrize(
    "words",
    [
        ("today",),
        ("review", "due"),
        ("review", "health"),
        ("report", "activity"),
        ("report", "performance"),
        ("report", "quality"),
        ("report", "retention"),
        ("report", "sources"),
        ("report", "whitespace"),
    ],
    ids=" ".join,
)
def test_whatever_is_about_accounts_takes_a_segment(run: Program, words: tuple[str, ...]) -> None:
    run("account", "list", "--tag", "expo", "--save", "expo")
    assert run(*words, "--segment", "expo").code == 0
    assert run(*words, "--segment", "nobody").code == 3


@pytest.mark.usefixtures("book_of_four")
def test_health_is_that_of_everybody_in_the_segment(run: Program) -> None:
    """Without a segment, health is about customers and prospects."""
    run("account", "list", "--tag", "expo", "--save", "expo")
    found = run("review", "health", "--segment", "expo", "-f", "json").json()
    assert {row["account"] for row in found} == {"GreenTech Ltd", "Kan Code"}
    refused = run("review", "health", "greentech", "--segment", "expo")
    assert refused.code == 2


@pytest.mark.usefixtures("book_of_four")
def test_what_a_segment_names_may_be_gone(run: Program) -> None:
    run("account", "edit", "cobaltine", "--parent", "greentech")
    run("account", "list", "--parent", "greentech", "--save", "family")
    run("account", "list", "--tier", "key", "--save", "key")
    assert run("account", "delete", "greentech ltd", "--yes").code == 0
    broken = run("account", "list", "--segment", "family")
    assert broken.code == 3
    assert broken.err.startswith('acct: segment family: no account "greentech".')
    listed = run("account", "segments", "-f", "json")
    assert [(row["name"], row["accounts"]) for row in listed.json()] == [
        ("family", None),
        ("key", 1),
    ]
    assert 'segment family: no account "greentech".' in listed.err


@pytest.mark.usefixtures("book_of_four")
def test_segments_travel_with_the_book(run: Program, tmp_path: Path) -> None:
    run("account", "list", "--where", 'name = "GreenTech Ltd"', "--save", "one")
    folder, other = tmp_path / "out", tmp_path / "other.db"
    assert run("export", "--all", folder).code == 0
    assert run("--db", other, "import", folder, "--create").code == 0
    found = run("--db", other, "account", "list", "--segment", "one", "--columns", "name")
    assert found.out == "GreenTech Ltd\n"
    assert run("import", folder).code == 0  # replaced by itself, it stays as it is
    assert [row["name"] for row in kept(run)] == ["one"]


@pytest.mark.usefixtures("book_of_four")
def test_filters_that_were_written_by_hand_wrongly_are_refused(
    run: Program, tmp_path: Path
) -> None:
    path = tmp_path / "segments.csv"
    path.write_text("name,filters\nkey,--tier\n", encoding="utf-8")
    refused = run("import", path, "--as", "segment")
    assert refused.code == 4
    assert '"--tier" is not a list of filters' in refused.err


@pytest.mark.usefixtures("book_of_four")
def test_a_campaign_goes_over_a_segment(run: Program) -> None:
    run("account", "list", "--tier", "key", "--save", "key")
    ids = run("account", "list", "--segment", "key", "-f", "ids").out
    assert run("account", "tag", "-", "--add", "spring", input=ids).code == 0
    assert names(run, "--tag", "spring") == ["Cobaltine", "GreenTech Ltd"]


@pytest.mark.usefixtures("book_of_four")
def test_the_shell_offers_segments(run: Program) -> None:
    run("account", "list", "--tier", "key", "--save", "Key ones")
    run("account", "list", "--tag", "expo", "--save", "Expo")
    assert offers(["account", "list", "--segment"], "k") == ["Key ones"]
    assert offers(["review", "due", "--segment"], "") == ["Expo", "Key ones"]
    assert offers(["account", "segments", "--delete"], "e") == ["Expo"]


anything = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
filters = st.tuples(st.sampled_from(["tier", "tags", "parent"]), anything)


@given(st.lists(filters), st.lists(anything), anything, anything)
def test_what_was_typed_comes_back_from_its_words(
    filters: list[tuple[str, str]], where: list[str], sort: str, columns: str
) -> None:
    known = KINDS["account"].fields
    typed = tuple((name, value, known[name].options[0]) for name, value in filters)
    query = Query(tuple(where), typed, sort, None, 0, columns=columns)
    assert query_of("account", query.words) == query


@pytest.mark.parametrize("words", ["--tier", "tier key", "--colour red", "--tier 'key", "key"])
def test_words_that_are_no_filters_are_refused(words: str) -> None:
    with pytest.raises(Invalid, match="not a list of filters"):
        query_of("account", words)


# Contacts and deals


@pytest.fixture
@filled_once
def book_of_deals(run: Program, book_of_four: None) -> None:
    """Two champions and a buyer; an open, a won and a lost deal."""
    for words in (
        ("contact", "add", "Mei Tan", "--account", "greentech", "--role", "champion"),
        ("contact", "add", "Kim Lee", "--account", "cobaltine", "--role", "champion"),
        ("contact", "add", "Raj Nair", "--account", "greentech", "--role", "economic-buyer"),
        ("deal", "add", "greentech", "Rollout", "--amount", "USD 50k", "--close", "2026-12-15"),
        ("deal", "add", "cobaltine", "Pilot", "--amount", "USD 5k", "--close", "2027-02-15"),
        ("deal", "add", "greentech", "Starter", "--amount", "USD 70k"),
        ("deal", "add", "cobaltine", "Gone", "--amount", "USD 90k"),
        ("deal", "win", "starter"),
        ("deal", "lose", "gone", "--reason", "price"),
    ):
        done = run(*words)
        assert done.code == 0, done.err


def found(run: Program, kind: str, *words: str) -> list[str]:
    listed = run(kind, "list", *words, "-f", "json")
    assert listed.code == 0, listed.err
    return [row.get("name") or row["title"] for row in listed.json()]


@pytest.mark.usefixtures("book_of_deals")
def test_a_list_of_contacts_is_kept(run: Program) -> None:
    saved = run("contact", "list", "--role", "champion", "--sort", "-name", "--save", "Champs")
    assert saved.err == "acct: Saved segment Champs: --role champion --sort -name.\n"
    assert found(run, "contact", "--segment", "champs") == ["Mei Tan", "Kim Lee"]
    assert found(run, "contact", "--segment", "champs", "--account", "greentech") == ["Mei Tan"]
    listed = run("contact", "segments", "-f", "json").json()
    assert [(row["name"], row["contacts"]) for row in listed] == [("Champs", 2)]
    assert run("account", "segments", "-f", "json").json() == []


@pytest.mark.usefixtures("book_of_deals")
def test_a_list_of_deals_is_kept_with_how_they_stand_and_when_they_close(run: Program) -> None:
    asked = ("--open", "--where", "amount > 10k", "--closing", "Q4 2026")
    saved = run("deal", "list", *asked, "--save", "Big ones")
    assert saved.err == (
        "acct: Saved segment Big ones: --open --where 'amount > 10k' --closing 'Q4 2026'.\n"
    )
    assert found(run, "deal", "--segment", "big") == ["Rollout"]
    assert run("deal", "list", "--won", "--lost", "--save", "Closed").code == 0
    assert sorted(found(run, "deal", "--segment", "closed")) == ["Gone", "Starter"]
    assert found(run, "deal", "--segment", "closed", "--account", "cobaltine") == ["Gone"]
    assert found(run, "deal", "--segment", "closed", "--won") == ["Starter"]
    listed = run("deal", "segments", "-f", "json").json()
    assert [(row["name"], row["deals"]) for row in listed] == [("Big ones", 1), ("Closed", 2)]
    board = run("deal", "board", "--segment", "big ones", "-f", "json")
    assert (board.code, "Rollout" in board.out, "Pilot" in board.out) == (0, True, False)


@pytest.mark.usefixtures("book_of_deals")
def test_each_kind_has_names_of_its_own(run: Program) -> None:
    for kind, filters in (
        ("account", ("--tier", "key")),
        ("contact", ("--role", "champion")),
        ("deal", ("--open",)),
    ):
        assert run(kind, "list", *filters, "--save", "Hot").code == 0
    assert found(run, "contact", "--segment", "hot") == ["Kim Lee", "Mei Tan"]
    assert found(run, "deal", "--segment", "hot") == ["Rollout", "Pilot"]
    assert run("contact", "segments", "--delete", "hot").code == 0
    missed = run("contact", "list", "--segment", "hot")
    assert (missed.code, missed.err) == (3, 'acct: no segment "hot". All: acct contact segments\n')
    assert found(run, "deal", "--segment", "Hot") == ["Rollout", "Pilot"]
    assert names(run, "--segment", "hot") == ["Cobaltine", "GreenTech Ltd"]


@pytest.mark.usefixtures("book_of_deals")
def test_segments_of_every_kind_travel_and_older_exports_are_of_accounts(
    run: Program, tmp_path: Path
) -> None:
    run("account", "list", "--tier", "key", "--save", "Hot")
    run("deal", "list", "--open", "--save", "Hot")
    folder, other = tmp_path / "out", tmp_path / "other.db"
    assert run("export", "--all", folder).code == 0
    assert run("--db", other, "import", folder, "--create").code == 0
    there = run("--db", other, "deal", "list", "--segment", "hot", "-f", "json").json()
    assert [row["title"] for row in there] == ["Rollout", "Pilot"]
    assert "0 segments" not in run("--db", other, "import", folder).err
    old = tmp_path / "segments.csv"
    old.write_text("name,filters\nHot,--tier smb\n")
    assert run("import", old, "--as", "segment").code == 0
    assert names(run, "--segment", "hot") == ["Kan Code"]
    assert found(run, "deal", "--segment", "hot") == ["Rollout", "Pilot"]
