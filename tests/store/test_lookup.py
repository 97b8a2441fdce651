from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.store.making import add

from acctcli import ids
from acctcli.errors import Ambiguous, NotFound
from acctcli.model import KINDS
from acctcli.store import lookup, records
from acctcli.store.journal import Writing


@pytest.fixture
def ending(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Make the next ids end in these digits."""

    def end(digits: str) -> None:
        tail = bytes.fromhex(digits.rjust(16, "0"))
        monkeypatch.setattr(ids, "random_bytes", lambda count: tail)

    return end


def name_of(tx: Writing, kind: str, typed: str, *, whole: bool = False) -> str:
    return lookup.find(tx.con, kind, typed, whole=whole).name


# Each way to name a record


def test_an_account_is_found_by_everything_that_is_its_own(tx: Writing) -> None:
    id = add(tx, "account", name="GreenTech Ltd", website="greentech.sg", phone="+6561234567")
    add(tx, "account", name="Konex")
    for typed in (
        id,
        id.upper(),
        id[-4:],
        id[-7:],
        id[-20:],
        "A-0001",
        "a-0001",
        "greentech.sg",
        "https://www.GreenTech.sg/about",
        "+65 6123 4567",
        "GreenTech Ltd",
        " greentech  LTD ",
        "gréèntech ltd",
        "green",
        "ltd",
    ):
        assert lookup.find(tx.con, "account", typed) == lookup.Found(id, "GreenTech Ltd", id)


def test_a_contact_is_found_by_each_email_and_phone(tx: Writing) -> None:
    account = add(tx, "account", name="GreenTech Ltd")
    id = add(
        tx,
        "contact",
        name="Mei Tan",
        account=account,
        emails=("mei@greentech.sg", "mei@home.sg"),
        phones=("+6561234567", "+6561234568;ext=12"),
    )
    add(tx, "contact", name="Raj Nair", emails=("raj@x.sg",), phones=("+6569999999",))
    for typed in (
        "MEI@greentech.sg",
        "mei@home.sg",
        "+65 6123 4567",
        "+6561234568 ext 12",
        "mei",
        id[-4:],
    ):
        assert lookup.find(tx.con, "contact", typed) == lookup.Found(id, "Mei Tan", account)


@pytest.mark.parametrize("kind", ["log", "purchase", "review"])
def test_a_record_without_a_name_is_found_by_its_id(kind: str, tx: Writing) -> None:
    account = add(tx, "account", name="GreenTech Ltd")
    id = add(tx, kind, account=account)
    assert lookup.find(tx.con, kind, id[-4:]).id == id
    assert lookup.find(tx.con, kind, id).account_id == account
    with pytest.raises(NotFound, match=rf'^no {KINDS[kind].one} "green"\. All: acct {kind} list$'):
        lookup.find(tx.con, kind, "green")


# Which kind of match is stronger


def test_an_exact_name_wins_over_a_start_and_a_start_over_a_part(tx: Writing) -> None:
    for name in ("Acme", "Acme Corp", "New Acme"):
        add(tx, "account", name=name)
    assert name_of(tx, "account", "ACME") == "Acme"
    assert name_of(tx, "account", "acme c") == "Acme Corp"
    assert name_of(tx, "account", "new") == "New Acme"
    add(tx, "account", name="Old Zotware (Asia)")
    assert name_of(tx, "account", "zot") == "Old Zotware (Asia)"
    assert name_of(tx, "account", "asia") == "Old Zotware (Asia)"
    assert name_of(tx, "account", "zotware (as") == "Old Zotware (Asia)"


def test_a_part_is_a_word_or_the_start_of_one(tx: Writing) -> None:
    for name in ("Acme Corp", "Herzog & Søn", "O'Neil-Baker", "東京電力", "GreenTech"):
        add(tx, "account", name=name)
    assert name_of(tx, "account", "corp") == "Acme Corp"
    assert name_of(tx, "account", "son") == "Herzog & Søn"
    assert name_of(tx, "account", "& s") == "Herzog & Søn"
    assert name_of(tx, "account", "neil") == "O'Neil-Baker"
    assert name_of(tx, "account", "bak") == "O'Neil-Baker"
    assert name_of(tx, "account", "電力") == "東京電力"  # a script without spaces
    for middle in ("cme", "orp", "zog", "eil", "tech"):
        with pytest.raises(NotFound, match="Did you mean "):
            name_of(tx, "account", middle)


# Commands that destroy


def test_in_full_a_part_of_a_name_names_nobody(tx: Writing) -> None:
    for name in ("Acme Labs", "Acmé", "Acme Ltd"):
        add(tx, "account", name=name)
    assert name_of(tx, "account", " ACME ", whole=True) == "Acmé"
    assert name_of(tx, "account", "A-0003", whole=True) == "Acme Ltd"
    for part in ("acme l", "labs", "acm"):
        with pytest.raises(NotFound) as refused:
            name_of(tx, "account", part, whole=True)
        assert str(refused.value).startswith(f'no account "{part}". Did you mean Acm')
        assert str(refused.value).endswith("? Use the whole name, or the id")
        assert refused.value.candidates
    with pytest.raises(NotFound, match=r'^no account "zed"\. All: acct account list$'):
        name_of(tx, "account", "zed", whole=True)


def test_in_full_every_way_to_name_a_record_counts(
    tx: Writing, ending: Callable[[str], None]
) -> None:
    """A record that was found by its address must not be found again under another's name."""
    ending("cafe")
    konex = add(tx, "account", name="Konex", website="zed.example")
    ending("1111")
    zed = add(tx, "account", name="zed.example")
    assert name_of(tx, "account", "zed.example") == "Konex"
    with pytest.raises(Ambiguous, match=r'"zed\.example" matches 2 accounts: .*\. Use the id$'):
        name_of(tx, "account", "zed.example", whole=True)
    add(tx, "account", name=konex)
    assert name_of(tx, "account", konex, whole=True) == "Konex"
    records.delete(tx, "account", konex)
    with pytest.raises(NotFound):
        name_of(tx, "account", konex, whole=True)
    assert lookup.find(tx.con, "account", "zed.example", whole=True).id == zed


def test_in_full_a_task_that_is_done_is_another_one(tx: Writing) -> None:
    add(tx, "task", text="Send quote", done_at="2026-11-20T09:00:00Z")
    add(tx, "task", text="Send quote")
    assert name_of(tx, "task", "send quote") == "Send quote"
    with pytest.raises(Ambiguous, match='"send quote" matches 2 tasks'):
        name_of(tx, "task", "send quote", whole=True)


def test_a_start_that_fits_several_is_not_settled_by_a_part(tx: Writing) -> None:
    for name in ("Acme Corp", "Acme Ltd", "New Acme"):
        add(tx, "account", name=name)
    with pytest.raises(Ambiguous) as refused:
        lookup.find(tx.con, "account", "acme")
    assert refused.value.candidates == ("Acme Corp (A-0001)", "Acme Ltd (A-0002)")
    assert str(refused.value) == (
        '"acme" matches 2 accounts: Acme Corp (A-0001); Acme Ltd (A-0002). '
        "Use more of the name, or the id"
    )


def test_two_of_the_same_name_are_told_apart_by_account_and_id(tx: Writing) -> None:
    ones = [add(tx, "account", name=name) for name in ("GreenTech", "Konex")]
    people = [add(tx, "contact", name="Mei Tan", account=one) for one in ones]
    with pytest.raises(Ambiguous) as refused:
        lookup.find(tx.con, "contact", "mei tan")
    tails = [lookup.short_ids(tx.con, "contact", people)[id] for id in people]
    assert refused.value.candidates == (
        f"Mei Tan, GreenTech ({tails[0]})",
        f"Mei Tan, Konex ({tails[1]})",
    )
    found = lookup.find(tx.con, "contact", "mei tan", account_id=ones[1])
    assert found.id == people[1]


def test_many_candidates_are_counted(tx: Writing) -> None:
    for number in range(8):
        add(tx, "account", name=f"Acme {number}")
    with pytest.raises(Ambiguous, match=r"matches 8 accounts: .* and 3 more\. Use more") as refused:
        lookup.find(tx.con, "account", "acme")
    assert len(refused.value.candidates) == 5
    for number in range(5):
        add(tx, "account", name=f"Bolt {number}")
    with pytest.raises(Ambiguous, match=r"matches 5 accounts: .*Bolt 4 \(A-0013\)\. Use more"):
        lookup.find(tx.con, "account", "bolt")


def test_a_tail_that_is_also_somebody_elses_name_is_ambiguous(
    tx: Writing, ending: Callable[[str], None]
) -> None:
    ending("cafe")
    add(tx, "account", name="Konex")
    ending("1111")
    add(tx, "account", name="Cafe Milano")
    with pytest.raises(Ambiguous, match=r"Konex \(A-0001\); Cafe Milano \(A-0002\)"):
        lookup.find(tx.con, "account", "cafe")
    assert name_of(tx, "account", "0cafe") == "Konex"
    assert name_of(tx, "account", "cafe m") == "Cafe Milano"


def test_a_tail_needs_four_digits_and_must_be_unique(
    tx: Writing, ending: Callable[[str], None]
) -> None:
    account = add(tx, "account", name="GreenTech")
    logs = []
    for digits in ("123abcde", "456abcde", "fffffff1"):
        ending(digits)
        logs.append(add(tx, "log", account=account))
    with pytest.raises(Ambiguous, match='"bcde" matches 2 interactions'):
        lookup.find(tx.con, "log", "bcde")
    assert lookup.find(tx.con, "log", "3abcde").id == logs[0]
    with pytest.raises(NotFound):
        lookup.find(tx.con, "log", "ff1")
    assert lookup.short_ids(tx.con, "log", logs) == dict(
        zip(logs, ("3abcde", "6abcde", "fff1"), strict=True)
    )


def test_an_address_two_share_is_ambiguous(tx: Writing) -> None:
    for name in ("GreenTech", "GreenTech Asia"):
        add(tx, "account", name=name, website="greentech.sg")
    with pytest.raises(Ambiguous, match=r'"greentech\.sg" matches 2 accounts'):
        lookup.find(tx.con, "account", "greentech.sg")


@pytest.mark.parametrize("name", ["Booking.com", "a@b", "+1 Media", "St. Mary", "C++ Club", "@"])
def test_a_name_with_the_signs_of_an_address_is_found(name: str, tx: Writing) -> None:
    add(tx, "account", name=name)
    add(tx, "account", name="Other")
    assert name_of(tx, "account", name) == name


@pytest.mark.parametrize(
    "name", ["100%", "A_B", "O'Neil", 'The "Best"', "Åse & Søn", "株式会社", "🙂"]
)
def test_signs_mean_only_themselves(name: str, tx: Writing) -> None:
    add(tx, "account", name=name)
    add(tx, "account", name="1000 AxB O Neil Best")
    assert name_of(tx, "account", name) == name


def test_an_open_task_is_meant_before_a_finished_one(tx: Writing) -> None:
    add(tx, "task", text="Send quote", done_at="2026-11-20T09:00:00Z")
    add(tx, "task", text="Send quote to Mei")
    assert name_of(tx, "task", "send quote") == "Send quote to Mei"


def test_an_open_objective_is_meant_before_one_that_was_met(tx: Writing) -> None:
    account = add(tx, "account", name="A")
    add(tx, "objective", account=account, text="Second plant", state="met")
    assert name_of(tx, "objective", "second plant") == "Second plant"
    add(tx, "objective", account=account, text="Second plant live")
    assert name_of(tx, "objective", "second plant") == "Second plant live"


def test_a_name_as_long_as_an_id_is_a_name(tx: Writing) -> None:
    name = "The Very Long Name of a Company, KG "[:35] + "x"
    add(tx, "account", name=name)
    assert len(name) == 36
    assert name_of(tx, "account", name) == name_of(tx, "account", name, whole=True) == name


def test_what_has_no_name_is_called_by_what_it_is_of(tx: Writing) -> None:
    ones = [add(tx, "account", name=name) for name in ("Acme", "Konex")]
    products = [add(tx, "product", name=name) for name in ("Support", "Training")]
    for account, product in zip(ones, products, strict=True):
        purchase = add(tx, "purchase", account=account, product=product)
        review = add(tx, "review", account=account)
        name = "Acme" if account == ones[0] else "Konex"
        bought = name_of(tx, "purchase", purchase)
        assert name in bought
        assert ("Support" in bought) == (product == products[0])
        assert name in name_of(tx, "review", review)


def test_near_an_account_its_own_records_win(tx: Writing) -> None:
    green, konex = (add(tx, "account", name=name) for name in ("GreenTech", "Konex"))
    add(tx, "deal", title="Platform", account=green)
    other = add(tx, "deal", title="Platform rollout", account=konex)
    assert lookup.find_near_account(tx.con, "deal", "platform", konex).id == other
    only = add(tx, "deal", title="Support", account=green)
    assert lookup.find_near_account(tx.con, "deal", "support", konex).id == only


def test_an_account_has_the_people_who_are_linked_to_it(tx: Writing) -> None:
    green, konex = (add(tx, "account", name=name) for name in ("GreenTech", "Konex"))
    now = add(tx, "contact", name="Mei Tan", account=green)
    once = add(tx, "contact", name="Raj Nair", account=green)
    add(tx, "affiliation", contact=now, account=konex)
    add(tx, "affiliation", contact=once, account=konex, to_on="2026-01-01")
    assert lookup.find(tx.con, "contact", "mei", account_id=konex).id == now
    with pytest.raises(NotFound):
        lookup.find(tx.con, "contact", "raj", account_id=konex)


@pytest.mark.parametrize(
    ("name", "handle"),
    [
        ("GreenTech Ltd", "greentech"),
        ("X-Ray Systems", "x-ray"),
        ("Acme", "A-0001"),  # Acme Tools starts with it too
        ("Abba", "A-0001"),  # the digits of an id
        ("Cap Gemini", "A-0001"),  # short
        ("3Com Corp", "A-0001"),
        ("Müller KG", "muller"),
        ("東京電力 KK", "A-0001"),
        ("O'Neil Bros", "A-0001"),
    ],
)
def test_what_an_account_is_called_on_a_command_line(name: str, handle: str, tx: Writing) -> None:
    id = add(tx, "account", name=name)
    add(tx, "account", name="Acme Tools")
    other = add(tx, "account", name="Konex")
    assert lookup.handles(tx.con, [id, other]) == {id: handle, other: "konex"}
    assert lookup.find(tx.con, "account", handle).id == id
    assert lookup.account_names(tx.con, [id, other, id]) == {id: name, other: "Konex"}


def test_the_first_three_of_exactly_a_name(tx: Writing) -> None:
    ids = [add(tx, "account", name=name) for name in ("Acme", "ACME", "Acme Tools", "acme", "Acmé")]
    named = [f"{name} (A-000{n})" for name, n in (("Acme", 1), ("ACME", 2), ("acme", 4))]
    assert lookup.namesakes(tx.con, "account", "acme") == named
    rest = [*named[1:], "Acmé (A-0005)"]
    assert lookup.namesakes(tx.con, "account", "acme", but=ids[0]) == rest
    assert lookup.namesakes(tx.con, "account", "Konex") == []


# Nobody


def test_only_who_is_there_is_near(tx: Writing) -> None:
    green, konex = (add(tx, "account", name=name) for name in ("GreenTech", "Konex"))
    add(tx, "deal", title="Platform", account=green)
    own = add(tx, "deal", title="Platforms", account=konex)
    with pytest.raises(NotFound) as refused:
        lookup.find(tx.con, "deal", "plattform", account_id=konex)
    assert refused.value.candidates == (f"Platforms, Konex ({own[-4:]})",)


def test_a_person_whom_nobody_knows_can_be_added_to_the_account(tx: Writing) -> None:
    account = add(tx, "account", name="Green Tech")
    with pytest.raises(NotFound) as refused:
        lookup.find_near_account(tx.con, "contact", "Mei Tan", account)
    assert str(refused.value).endswith("New: acct contact add 'Mei Tan' --account 'Green Tech'")
    for whole, kind in ((True, "contact"), (False, "deal")):
        with pytest.raises(NotFound) as refused:
            lookup.find_near_account(tx.con, kind, "Mei Tan", account, whole=whole)
        assert str(refused.value).endswith(f"All: acct {kind} list")


def test_nobody_of_that_name_names_the_nearest(tx: Writing) -> None:
    add(tx, "account", name="GreenTech Ltd")
    add(tx, "account", name="Konex")
    with pytest.raises(NotFound) as refused:
        lookup.find(tx.con, "account", "grentech")
    assert str(refused.value) == (
        'no account "grentech". Did you mean GreenTech Ltd (A-0001)? All: acct account list'
    )
    assert refused.value.candidates == ("GreenTech Ltd (A-0001)",)


@pytest.mark.parametrize(
    "typed", ["", "  ", "\u200b", "\u0301", "'; DROP TABLE account; --", "%", "*"]
)
def test_what_names_nobody_is_said_and_does_nothing(typed: str, tx: Writing) -> None:
    add(tx, "account", name="GreenTech Ltd")
    with pytest.raises(NotFound, match=r"^no account "):
        lookup.find(tx.con, "account", typed)


def test_an_error_shows_a_hostile_name_made_safe_and_short(tx: Writing) -> None:
    add(tx, "account", name="\x1b[31mEvil\u202e Inc")
    with pytest.raises(NotFound) as refused:
        lookup.find(tx.con, "account", "Evl Inc\x1b]0;" + "x" * 5000)
    assert "\x1b" not in str(refused.value)
    assert len(str(refused.value)) < 200
    with pytest.raises(NotFound, match=r"Did you mean \\x1b\[31mEvil\\u202e Inc \(A-0001\)"):
        lookup.find(tx.con, "account", "[31mEvill Inc")


# The ids people see


@given(st.lists(st.integers(0, 2**62 - 1), min_size=1, max_size=30, unique=True))
def test_the_ids_that_are_shown_are_unique_and_lead_back(numbers: list[int]) -> None:
    made = [f"01a20128-e349-7f68-{0x8000 | n >> 48:04x}-{n & (2**48 - 1):012x}" for n in numbers]

    class Book:
        def execute(self, sql: str, parameters: list[str] = []) -> list[tuple[str]]:  # noqa: B006
            return [(id,) for id in made if not parameters or id[-4:] in parameters]

    short = lookup.short_ids(Book(), "log", made)  # type: ignore[arg-type]
    for id in made:
        assert len(short[id]) >= lookup.TAIL
        assert not short[id].startswith("-")
        assert [other for other in made if other.endswith(short[id])] == [id]


def test_no_ids_need_no_query(tx: Writing) -> None:
    assert lookup.short_ids(tx.con, "log", []) == {}


def test_accounts_that_differ_by_their_legal_form_are_near(tx: Writing) -> None:
    add(tx, "account", name="Acme Corp.")
    add(tx, "account", name="Acme Tools")
    assert lookup.near_accounts(tx.con, "ACME") == ["Acme Corp. (A-0001)"]
    assert lookup.near_accounts(tx.con, "Zotware") == []


def test_no_more_of_a_name_is_asked_for_where_all_are_called_the_same(tx: Writing) -> None:
    for name in ("GreenTech Ltd", "greentech ltd"):
        add(tx, "account", name=name)
    for typed in ("greentech ltd", "green"):
        with pytest.raises(Ambiguous, match=r"matches 2 accounts: .*\. Use the id$"):
            lookup.find(tx.con, "account", typed)


def test_tasks_of_one_name_are_told_apart_by_their_day_and_whether_they_are_done(
    tx: Writing,
) -> None:
    account = add(tx, "account", name="GreenTech")
    states: list[dict[str, Any]] = [{"due": "2026-12-06"}, {"done_at": "2026-11-22T12:00:00Z"}, {}]
    for more in states:
        add(tx, "task", account=account, text="Weekly check", **more)
    with pytest.raises(Ambiguous) as refused:
        name_of(tx, "task", "weekly check", whole=True)
    shown = {one.rpartition(" (")[0] for one in refused.value.candidates}
    task = "Weekly check, GreenTech"
    assert shown == {f"{task}, due 2026-12-06", f"{task}, done", task}


@pytest.mark.parametrize(
    "typed",
    [
        *("mueller", "Müller Jürg", "jürg muller", "0770 0900601", "07700-900601", "+447700900601"),
        *("https://www.linkedin.com/in/jurg-m/", "https://x.com/JurgM?s=1", "o\u2019neill"),
    ],
)
def test_a_person_is_found_as_their_name_and_addresses_are_typed(tx: Writing, typed: str) -> None:
    id = add(
        tx,
        "contact",
        name="Jürg Müller O'Neill",
        phones=("+447700900601",),
        linkedin="jurg-m",
        profiles=("x.com/jurgm",),
    )
    add(tx, "contact", name="Jürgen Mull")
    assert lookup.find(tx.con, "contact", typed).id == id


def test_the_end_of_a_number_of_two_people_is_refused(tx: Writing) -> None:
    for name, phone in (("Ana", "+447700900601"), ("Bo", "+6567700900601")):
        add(tx, "contact", name=name, phones=(phone,))
    with pytest.raises(Ambiguous):
        lookup.find(tx.con, "contact", "0770 0900601")
    with pytest.raises(NotFound):
        lookup.find(tx.con, "contact", "0770 0900601", whole=True)


def test_letters_that_look_like_an_umlaut_written_out_are_none(tx: Writing) -> None:
    add(tx, "account", name="Blunt Tools")
    with pytest.raises(NotFound):
        lookup.find(tx.con, "account", "blue")
    id = add(tx, "account", name="Mueller KG")
    for typed in ("müller", "kg müll"):
        assert lookup.find(tx.con, "account", typed).id == id


def test_accounts_of_one_number_are_named_with_their_ids(tx: Writing) -> None:
    one, other = add(tx, "account", name="Acme"), add(tx, "account", name="Konex")
    tx.update("account", other, {"number": "A-0001"})
    short = lookup.short_ids(tx.con, "account", [one, other])
    with pytest.raises(Ambiguous) as refused:
        lookup.find(tx.con, "account", "A-0001")
    assert set(refused.value.candidates) == {
        f"Acme (A-0001, {short[one]})",
        f"Konex (A-0001, {short[other]})",
    }
