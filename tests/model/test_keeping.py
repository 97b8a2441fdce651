from __future__ import annotations

from acctcli.model import KINDS, NOUNS, keeping


def test_records_about_the_book_are_no_nouns_that_a_user_meets() -> None:
    about = {kind.name for kind in KINDS.values() if kind.record.__module__ == keeping.__name__}
    assert about == {
        *("segment", "commitment", "setting"),
        *("distinct_account", "distinct_contact"),
    }
    assert not about & {*NOUNS}
