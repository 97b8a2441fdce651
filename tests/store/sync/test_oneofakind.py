from __future__ import annotations

from tests.store.sync.pairing import Paired, settle

Two = tuple[Paired, Paired]


def begin(two: Two, *names: str) -> Two:
    for name in names:
        two[0]("account", "add", name)
    settle(*two)
    return two


def test_an_account_has_one_main_contact_the_later(two: Two) -> None:
    ann, ben = begin(two, "Acme")
    for name in ("Pat One", "Kim Two"):
        ann("contact", "add", name, "--account", "Acme")
    settle(*two)
    ann("contact", "edit", "Pat One", "--primary")
    ben("contact", "edit", "Kim Two", "--primary")
    settle(*two)
    for one in two:
        assert one.rows('SELECT name FROM contact WHERE "primary" = 1') == [("Kim Two",)]


def test_the_same_item_of_a_list_after_a_merge_is_one(two: Two) -> None:
    ann, ben = begin(two, "Acme", "Globex")
    ann("account", "tag", "Acme", "--add", "expo")
    settle(*two)
    ann("account", "merge", "Acme", "Globex", "--yes")
    ben("account", "tag", "Globex", "--add", "expo")
    settle(*two)
    for one in two:
        assert one.rows("SELECT tag FROM tag") == [("expo",)]
    ann("account", "tag", "Acme", "--remove", "expo")
    settle(*two)
    assert ann.rows("SELECT tag FROM tag") == ben.rows("SELECT tag FROM tag")


def test_the_texts_of_a_second_plan_fill_the_first(two: Two) -> None:
    ann, ben = begin(two, "Acme", "Globex")
    ann("account", "plan", "Acme", "--goal", "double it")
    settle(*two)
    ann("account", "merge", "Acme", "Globex", "--yes")
    ben("account", "plan", "Globex", "--goal", "halve it", "--need", "speed")
    settle(*two)
    for one in two:
        assert one.rows("SELECT goals, needs FROM plan") == [("double it", "speed")]
        assert one.conflicts() == [("merged", {"goals": "double it"}, {"goals": "halve it"})]


def test_each_change_of_a_deal_begins_where_the_one_before_ended(two: Two) -> None:
    ann, ben = begin(two, "Acme")
    ann("deal", "add", "Acme", "Licence", "--amount", "1000")
    settle(*two)
    ann("deal", "move", "Licence", "proposal")
    ben("deal", "move", "Licence", "negotiation")
    settle(*two)
    sql = "SELECT old, new FROM deal_change WHERE field = 'stage' ORDER BY changed_on, created_at"
    for one in two:
        assert one.rows(sql) == [("prospecting", "proposal"), ("proposal", "negotiation")]
        assert one.value("SELECT stage FROM deal") == "negotiation"


def test_two_records_that_were_told_apart_and_are_one_by_now(two: Two) -> None:
    ann, ben = begin(two, "Acme", "Acme Labs")
    ben("account", "dupes", "--not-same", "Acme", "Acme Labs")
    ann("account", "merge", "Acme", "Acme Labs", "--yes")
    settle(*two)
    assert [one.rows("SELECT name FROM account") for one in two] == [[("Acme",)], [("Acme",)]]
