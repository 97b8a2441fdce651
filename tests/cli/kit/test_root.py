from __future__ import annotations

from acctcli.main import COMMANDS, HEADINGS, root


def test_each_noun_and_command_of_the_table_stands_under_one_heading() -> None:
    sections = root().sections()
    listed = [name for lines in sections.values() for name, _ in lines]
    assert list(sections) == list(HEADINGS)
    assert sorted(listed) == sorted(COMMANDS)


def test_a_command_is_found_below_the_nouns_that_have_one() -> None:
    assert root().named("renewals") == ["acct purchase renewals", "acct report renewals"]
    assert len(root().named("list")) == 3
    assert root().named("renew-all") == []
    assert root().named("export") == ["acct export"]
