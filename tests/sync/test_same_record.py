"""Two machines change one record before they meet: what is kept, and what each of them hears."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.conftest import Program
from tests.syncing import Machine, rest, same, shared

Two = tuple[Machine, Machine]


@pytest.fixture
def two(run: Program, tmp_path: Path) -> Two:
    """Two machines that share a book with three accounts, a contact at each."""
    ann, ben = shared(run, tmp_path, "ann", "ben")
    for name in ("Acme", "Globex", "Initech"):
        ann("account", "add", name)
        ann("contact", "add", f"Pat {name}", "--account", name)
    rest((ann, ben))
    return ann, ben


def test_different_fields_are_both_kept(two: Two) -> None:
    ann, ben = two
    ann("account", "edit", "Acme", "--city", "Oslo")
    ben("account", "edit", "Acme", "--industry", "steel")
    same(two)
    for one in two:
        assert one.rows("SELECT city, industry FROM account WHERE name = 'Acme'") == [
            ("Oslo", "steel")
        ]
        assert one.conflicts() == []


def test_of_the_same_field_the_later_edit_stands_and_the_other_is_listed(two: Two) -> None:
    ann, ben = two
    ann("account", "edit", "Globex", "--city", "Paris")
    ben("account", "edit", "Globex", "--city", "Lyon", "--industry", "steel")
    same(two)
    for one in two:
        assert one.value("SELECT city FROM account WHERE name = 'Globex'") == "Lyon"
        [conflict] = one.conflicts()
        assert "Paris" in str(conflict)
        assert "Lyon" in str(conflict)


def test_the_later_edit_stands_even_if_it_syncs_first(two: Two) -> None:
    ann, ben = two
    ann("account", "edit", "Globex", "--city", "Paris")
    ben("account", "edit", "Globex", "--city", "Lyon")
    ben.sync()
    ann.sync()
    same(two)
    assert ann.value("SELECT city FROM account WHERE name = 'Globex'") == "Lyon"


def test_what_was_set_aside_can_be_taken(two: Two) -> None:
    ann, ben = two
    ann("account", "edit", "Globex", "--city", "Paris")
    ben("account", "edit", "Globex", "--city", "Lyon")
    same(two)
    [conflict] = ann.conflicts()
    ann("sync", "take", conflict["id"])
    assert ann.conflicts() == []
    same(two)
    assert ben.value("SELECT city FROM account WHERE name = 'Globex'") == "Paris"
    # It was an ordinary edit, and so is its undo.
    ann("undo")
    same(two)
    assert ben.value("SELECT city FROM account WHERE name = 'Globex'") == "Lyon"


def test_a_conflict_that_is_dismissed_is_listed_no_more(two: Two) -> None:
    ann, ben = two
    ann("account", "edit", "Globex", "--city", "Paris")
    ben("account", "edit", "Globex", "--city", "Lyon")
    same(two)
    [conflict] = ann.conflicts()
    ann("sync", "dismiss", conflict["id"])
    assert ann.conflicts() == []
    assert len(ben.conflicts()) == 1
    assert ann.value("SELECT city FROM account WHERE name = 'Globex'") == "Lyon"


def test_the_same_value_on_both_is_no_conflict(two: Two) -> None:
    ann, ben = two
    for one in two:
        one("account", "edit", "Globex", "--city", "Lyon")
        one("account", "tag", "Globex", "--add", "expo")
    same(two)
    assert ann.conflicts() == ben.conflicts() == []
    assert ann.rows("SELECT tag FROM tag") == [("expo",)]


def test_an_edit_that_saw_another_wins_whatever_the_clocks_say(two: Two) -> None:
    ann, ben = two
    ben("account", "edit", "Acme", "--region", "far", at="2027-11-01 12:00")
    ben.sync()
    ann.sync()
    ann("account", "edit", "Acme", "--region", "near")
    same(two)
    assert ben.value("SELECT region FROM account WHERE name = 'Acme'") == "near"
    ben("account", "edit", "Acme", "--region", "old clock", at="2020-01-01 12:00")
    same(two)
    assert ann.value("SELECT region FROM account WHERE name = 'Acme'") == "old clock"
    assert ann.conflicts() == ben.conflicts() == []


def test_of_a_record_deleted_there_and_edited_here_all_can_be_brought_back(two: Two) -> None:
    ann, ben = two
    ann("account", "delete", "Globex", "--yes")
    ben("account", "edit", "Globex", "--city", "Nice")
    ben("log", "call", "Globex", "call after")
    same(two)
    for one in two:
        assert "Globex" not in one.names()
        assert "call after" not in one.names("log")
        assert any("Nice" in str(conflict) for conflict in one.conflicts())
        assert any("call after" in str(conflict) for conflict in one.conflicts())
    ann("undo")
    same(two)
    for one in two:
        assert one.value("SELECT city FROM account WHERE name = 'Globex'") == "Nice"
        assert "call after" in one.names("log")
        assert "Pat Globex" in one.names("contact")


def test_what_is_added_to_a_merged_account_is_at_the_one_that_stayed(two: Two) -> None:
    ann, ben = two
    ann("account", "merge", "Acme", "Globex", "--yes")
    ben("log", "call", "Globex", "to the merged one")
    ben("contact", "add", "New Person", "--account", "Globex")
    same(two)
    for one in two:
        found = one.rows(
            "SELECT a.name FROM log l JOIN account a ON a.id = l.account_id "
            "UNION ALL SELECT a.name FROM contact c JOIN account a ON a.id = c.account_id "
            "WHERE c.name = 'New Person'"
        )
        assert found == [("Acme",), ("Acme",)]


def test_of_two_merged_into_each_other_one_lives_on_with_all_of_both(two: Two) -> None:
    ann, ben = two
    for name in ("East Corp", "West Corp"):
        ann("account", "add", name)
        ann("account", "tag", name, "--add", name[:4].lower())
        ann("log", "note", name, f"note {name}")
    rest(two)
    ann("account", "merge", "East Corp", "West Corp", "--yes")
    ben("account", "merge", "West Corp", "East Corp", "--yes")
    same(two)
    for one in two:
        [id] = [id for (id,) in one.rows("SELECT id FROM account WHERE name LIKE '%t Corp'")]
        assert one.value("SELECT count(*) FROM log WHERE account_id = ?", id) == 2
        tags = one.rows("SELECT tag FROM tag WHERE account_id = ? ORDER BY tag", id)
        assert tags == [("east",), ("west",)]


def test_merged_on_one_machine_and_deleted_on_the_other(two: Two) -> None:
    ann, ben = two
    ann("account", "merge", "Acme", "Globex", "--yes")
    ben("account", "delete", "Acme", "--yes")
    same(two)
    ben("undo")
    same(two)
    assert "Acme" in ann.names()
    assert "Pat Globex" in ann.names("contact")


def test_each_above_the_other_makes_no_circle(two: Two) -> None:
    ann, ben = two
    ann("account", "edit", "Acme", "--parent", "Globex")
    ben("account", "edit", "Globex", "--parent", "Acme")
    same(two)
    assert ann.value("SELECT count(*) FROM account WHERE parent_id IS NOT NULL") == 1


def test_an_account_has_one_primary_contact(two: Two) -> None:
    ann, ben = two
    ann("contact", "add", "Second Person", "--account", "Acme")
    rest(two)
    ann("contact", "edit", "Pat Acme", "--primary")
    ben("contact", "edit", "Second Person", "--primary")
    same(two)
    assert ann.rows('SELECT name FROM contact WHERE "primary"') == [("Second Person",)]


def test_a_plan_on_each_machine_is_one_plan(two: Two) -> None:
    ann, ben = two
    ann("account", "plan", "Acme", "--need", "cheaper power")
    ben("account", "plan", "Acme", "--strategy", "through the CFO")
    same(two)
    for one in two:
        assert one.rows("SELECT needs, strategy FROM plan") == [
            ("cheaper power", "through the CFO")
        ]


def test_the_plans_of_merged_accounts_become_one_and_no_text_is_lost(two: Two) -> None:
    ann, ben = two
    ann("account", "plan", "Acme", "--need", "cheaper power")
    rest(two)
    ann("account", "merge", "Acme", "Globex", "--yes")
    ben("account", "plan", "Globex", "--need", "more sites", "--strategy", "through the CFO")
    same(two)
    for one in two:
        assert one.rows("SELECT needs, strategy FROM plan") == [
            ("cheaper power", "through the CFO")
        ]
        assert any("more sites" in str(conflict) for conflict in one.conflicts())


def test_a_repeating_task_done_on_both_machines_has_one_successor(two: Two) -> None:
    ann, _ = two
    ann("task", "add", "Acme", "check in", "--due", "2026-12-01", "--every", "2w")
    rest(two)
    for one in two:
        one("task", "done", "check in")
    same(two)
    assert ann.value("SELECT count(*) FROM task") == 2
    assert ann.value("SELECT count(*) FROM task WHERE done_at IS NULL") == 1


def test_a_playbook_set_off_on_both_machines_runs_once(two: Two) -> None:
    ann, _ = two
    ann("playbook", "add", "--example", "onboarding")
    ann("deal", "add", "Acme", "licence", "--amount", "1000")
    rest(two)
    for one in two:
        one("deal", "win", "licence", "--no-purchase")
    same(two)
    for one in two:
        assert one.value("SELECT count(*) FROM playbook_run") == 1
        tasks = [text for (text,) in one.rows("SELECT text FROM task")]
        assert len(tasks) == len(set(tasks)) > 0


def test_a_quote_of_which_each_machine_changed_a_line_is_summed_anew(two: Two) -> None:
    ann, ben = two
    ann("deal", "add", "Acme", "licence", "--amount", "100")
    ann("deal", "quote", "licence", "--valid", "30d")
    ann("quote", "line", "Q-2026-0001", "--add", "Support", "--unit-price", "50")
    rest(two)
    ann("quote", "line", "Q-2026-0001", "1", "--quantity", "2")
    ben("quote", "line", "Q-2026-0001", "2", "--quantity", "3")
    same(two)
    for one in two:
        assert one.rows("SELECT net, gross FROM quote") == [(35_000, 35_000)]
    # A machine that joins sums it too, and nothing is sent for it.
    assert all(one.sync()["quiet"] for one in two)


def test_an_undo_travels_as_any_edit(two: Two) -> None:
    ann, ben = two
    ann("account", "edit", "Acme", "--city", "Oslo")
    same(two)
    ann("undo")
    same(two)
    assert ben.value("SELECT city FROM account WHERE name = 'Acme'") is None
    ann("undo", "--redo")
    same(two)
    assert ben.value("SELECT city FROM account WHERE name = 'Acme'") == "Oslo"


def test_an_undo_refuses_what_another_machine_changed_since(two: Two) -> None:
    ann, ben = two
    ann("account", "edit", "Initech", "--industry", "mine")
    number = str(ann.value("SELECT max(seq) FROM command"))
    rest(two)
    ben("account", "edit", "Initech", "--industry", "theirs")
    rest(two)
    for words in (("undo",), ("undo", number)):
        refused = ann.tries(*words)
        assert refused.code == 4, refused
        assert "Initech" in refused.err
    assert ann.value("SELECT industry FROM account WHERE name = 'Initech'") == "theirs"


def test_plain_undo_passes_over_the_commands_of_others(two: Two) -> None:
    ann, ben = two
    ann("account", "edit", "Acme", "--city", "Oslo")
    ben("account", "edit", "Globex", "--city", "Rome")
    rest(two)
    done = ann("undo")
    assert "Acme" in done.err
    assert ann.value("SELECT city FROM account WHERE name = 'Globex'") == "Rome"
    assert ann.value("SELECT city FROM account WHERE name = 'Acme'") is None


def test_the_command_of_another_machine_is_undone_by_its_number(two: Two) -> None:
    ann, ben = two
    ben("account", "edit", "Globex", "--city", "Rome")
    rest(two)
    number = ann.value("SELECT max(seq) FROM command WHERE origin IS NOT NULL")
    ann("undo", str(number))
    same(two)
    assert ben.value("SELECT city FROM account WHERE name = 'Globex'") is None


def test_the_history_tells_who_changed_what_on_which_machine(two: Two) -> None:
    ann, ben = two
    ben("deal", "add", "Initech", "licence", "--amount", "1000")
    ben("deal", "edit", "licence", "--amount", "2000")
    rest(two)
    commands = ann("history", "-f", "json").json()
    [added] = [one for one in commands if one["what"].startswith("Added deal")]
    assert (added["who"], added["origin"]) == ("ben", "ben")
    ben("deal", "move", "licence", "negotiation")
    rest(two)
    entries = ann("history", "Initech", "-f", "json").json()
    [stage] = [one for one in entries if one["field"] == "stage"]
    assert (stage["who"], stage["origin"], stage["new"]) == ("ben", "ben", "negotiation")
    assert "ben" in ann("history", "Initech", "-f", "table").out
    # What they typed stays with them.
    assert ann.value("SELECT count(*) FROM command WHERE typed LIKE '%negotiation%'") == 0


def test_a_search_finds_what_came_from_the_other_machine(two: Two) -> None:
    ann, ben = two
    ben("log", "note", "Acme", "quokka pricing")
    ben("account", "edit", "Globex", "--description", "wombat")
    rest(two)
    assert len(ann("search", "quokka", "-f", "ids").out.split()) == 1
    assert len(ann("search", "wombat", "-f", "ids").out.split()) == 1
    ben("log", "delete", ben.value("SELECT id FROM log"), "--yes")
    rest(two)
    assert ann.tries("search", "quokka", "-f", "ids").out == ""


def test_a_quote_accepted_on_both_machines_is_one_purchase(two: Two) -> None:
    ann, ben = two
    ann("deal", "add", "Acme", "Rollout", "--amount", "1000")
    ann("deal", "quote", "Rollout", "--valid", "2026-12-31")
    ann("quote", "send", "Q-2026-0001")
    rest(two)
    for one in two:
        one("quote", "accept", "Q-2026-0001")
    same(two)
    assert ben.rows("SELECT amount FROM purchase") == [(100_000,)]
    # A purchase that was moved to another deal stays there, and the deal is recorded anew.
    ann("deal", "add", "Acme", "More", "--amount", "5")
    (id,) = ann.rows("SELECT id FROM purchase")[0]
    ann("purchase", "edit", id, "--deal", "More")
    ann("deal", "reopen", "Rollout")
    ann("deal", "win", "Rollout", "--purchase")
    same(two)
    assert ben.value("SELECT count(*) FROM purchase") == 2


def test_what_was_merged_in_a_circle_and_deleted_is_not_found(run: Program, tmp_path: Path) -> None:
    ann, ben = shared(run, tmp_path, "ann", "ben")
    ann("account", "add", "Acme")
    ann("account", "add", "Globex")
    rest((ann, ben))
    ids = [id for (id,) in ann.rows("SELECT id FROM account")]
    ann("account", "merge", "Acme", "Globex", "--yes")
    ben("account", "merge", "Globex", "Acme", "--yes")
    same((ann, ben))
    ann("account", "delete", ann.names()[0], "--yes")
    same((ann, ben))
    for one in (ann, ben):
        for id in ids:
            assert one.tries("account", "show", id).code == 3
