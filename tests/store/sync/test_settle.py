from __future__ import annotations

from tests.store.sync.pairing import Paired, settle

Two = tuple[Paired, Paired]


def begin(two: Two, *names: str) -> Two:
    for name in names:
        two[0]("account", "add", name)
    settle(*two)
    return two


def test_what_is_added_to_a_deleted_account_is_kept_and_comes_back(two: Two) -> None:
    ann, ben = begin(two, "Acme")
    ann("account", "delete", "Acme", "--yes")
    ben("account", "edit", "Acme", "--city", "Nice")
    ben("log", "call", "Acme", "call after")
    settle(*two)
    for one in two:
        assert one.value("SELECT count(*) FROM account") == 0
        assert one.value("SELECT count(*) FROM log") == 0
        (edited,) = [lost for why, _, lost in one.conflicts() if "city" in lost]
        (added,) = [lost for why, _, lost in one.conflicts() if "summary" in lost]
        assert (edited, added["summary"]) == ({"city": "Nice"}, "call after")
    ann("undo")
    settle(*two)
    for one in two:
        assert one.value("SELECT city FROM account") == "Nice"
        assert one.value("SELECT summary FROM log") == "call after"


def test_references_follow_a_merge(two: Two) -> None:
    ann, ben = begin(two, "Acme", "Globex")
    ann("account", "merge", "Acme", "Globex", "--yes")
    ben("log", "call", "Globex", "to the merged one")
    ben("task", "add", "Globex", "send it")
    settle(*two)
    for one in two:
        named = "SELECT a.name FROM log l JOIN account a ON a.id = l.account_id"
        assert one.value(named + " WHERE summary = 'to the merged one'") == "Acme"
        named = "SELECT a.name FROM task t JOIN account a ON a.id = t.account_id"
        assert one.value(named) == "Acme"


def test_of_two_merged_into_each_other_one_lives_with_all_of_both(two: Two) -> None:
    ann, ben = begin(two, "East", "West")
    for name in ("East", "West"):
        ann("log", "note", name, f"note {name}")
    settle(*two)
    ann("account", "merge", "East", "West", "--yes")
    ben("account", "merge", "West", "East", "--yes")
    settle(*two)
    assert [one.rows("SELECT name FROM account") for one in two] == [[("West",)], [("West",)]]
    for one in two:
        assert one.value("SELECT count(DISTINCT summary) FROM log WHERE kind = 'note'") >= 2


def test_a_circle_of_parents_loses_its_latest_link(two: Two) -> None:
    ann, ben = begin(two, "East", "West", "North")
    ann("account", "edit", "East", "--parent", "West")
    ben("account", "edit", "West", "--parent", "North")
    settle(*two)
    ben("account", "edit", "West", "--parent", "")
    settle(*two)
    ann("account", "edit", "North", "--parent", "West")
    ben("account", "edit", "West", "--parent", "North")
    settle(*two)
    parents = "SELECT a.name, p.name FROM account a LEFT JOIN account p ON p.id = a.parent_id"
    found = [dict(one.rows(parents)) for one in two]
    assert found[0] == found[1]
    assert found[0] == {"East": "West", "West": None, "North": "West"}
    ann("account", "edit", "North", "--parent", "")
    settle(*two)
    assert [dict(one.rows(parents))["West"] for one in two] == ["North", "North"]


def test_what_belongs_to_a_deal_is_under_its_account(two: Two) -> None:
    ann, ben = begin(two, "Acme", "Globex")
    ann("deal", "add", "Acme", "Licence", "--amount", "1000")
    ann("product", "add", "Seat", "--price", "10")
    settle(*two)
    ann("deal", "edit", "Licence", "--account", "Globex")
    ben("deal", "item", "Licence", "--add", "Seat", "--quantity", "3")
    settle(*two)
    for one in two:
        sql = "SELECT a.name FROM item i JOIN account a ON a.id = i.account_id"
        assert one.value(sql) == "Globex"


def test_a_reference_to_what_is_gone_shows_nothing_and_comes_back(two: Two) -> None:
    ann, ben = begin(two, "Acme", "Group")
    ann("account", "delete", "Group", "--yes")
    ben("account", "edit", "Acme", "--parent", "Group")
    settle(*two)
    assert [one.value("SELECT parent_id FROM account") for one in two] == [None, None]
    ann("undo")
    settle(*two)
    for one in two:
        assert one.value("SELECT count(*) FROM account WHERE parent_id IS NOT NULL") == 1
