"""What follows from a kind is declared with it; tables by kind elsewhere are listed by name."""

from __future__ import annotations

import ast
from pathlib import Path

from acctcli.model import ADDRESSES, BY_ALIAS, BY_NUMBER, KINDS
from acctcli.store import kinds, records, sanity
from acctcli.values.dates import FIRST_DAY, FIRST_MOMENT

SOURCE = Path(__file__).parents[2] / "src" / "acctcli"

WORDS, SQL, PICTURE = "words of a screen", "SQL of that module only", "what a page draws"

LEFT = {
    "book/segments.py _EXAMPLES": WORDS,
    "book/walk.py _DID": WORDS,
    "book/account.py GROUP_ENTRY_FIELDS": "fields of an entry of a timeline",
    "book/imports/meetings.py ONLY_NEW": "what a second import of a calendar leaves as it is",
    "domain/rules.py _RULES": "functions: a declaration cannot hold them without a circle",
    "interop/headers.py PARTS": "names of columns in the files of others",
    "interop/headers.py _IDS": "names of columns of ids in the files of others",
    "interop/headers.py TELLING": "fields by which the files of others tell their kind",
    "interop/vocabularies.py WORDS": "words of other systems",
    "interop/headers.py _FILLED_IN": "what an import adds",
    "render/timeline.py SIGNS": PICTURE,
    "store/columns.py DERIVED": SQL,
    "store/facts/quality.py _READ": SQL,
    "store/kinds.py PART_OF": "derived from the declarations, and two tables that no kind has",
}
"""Tables keyed by kind, and why each is not a declaration; the list only gets shorter."""


def keyed_by_kind() -> set[str]:
    """Return the dictionaries at the top of a module whose keys are mostly kinds."""
    found = set()
    for path in SOURCE.rglob("*.py"):
        if path.parent == SOURCE / "model":
            continue
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            target = node.targets[0] if isinstance(node, ast.Assign) else None
            target = node.target if isinstance(node, ast.AnnAssign) else target
            value = getattr(node, "value", None)
            if not isinstance(target, ast.Name) or not isinstance(value, ast.Dict):
                continue
            firsts = [key.elts[0] if isinstance(key, ast.Tuple) else key for key in value.keys]
            words = [one.value for one in firsts if isinstance(one, ast.Constant)]
            if sum(word in KINDS for word in words) * 2 > len(words):
                found.add(f"{path.relative_to(SOURCE).as_posix()} {target.id}")
    return found


def test_tables_keyed_by_kind_are_known_by_name() -> None:
    assert keyed_by_kind() - LEFT.keys() == set(), "declare it on Kind or Field, or derive it"
    assert LEFT.keys() - keyed_by_kind() - {"store/kinds.py PART_OF"} == set(), "take it off"


def test_what_belongs_to_what_follows_from_the_declarations() -> None:
    assert kinds.ABOVE == {"account": "parent", "contact": "reports_to", "purchase": "renews"}
    assert ("task", "account_id") in kinds.OWNED["account"]
    assert ("item", "account_id") not in kinds.OWNED["account"]
    assert ("log_contact", "contact_id") in kinds.OWNED["contact"]
    assert ("deal_tag", "deal_id") in kinds.OWNED["deal"]
    assert kinds.LOOSE["log"] == (("task", "log_id"),)
    assert kinds.PART_OF["deal_change"] == "deal_id"
    assert kinds.FACTS["distinct_contact"] == ("contact", "other")
    assert kinds.DISTINCT == {"account": "distinct_account", "contact": "distinct_contact"}
    assert kinds.linked_to("contact") == {
        "log_contact": ("contact_id",),
        "deal_contact": ("contact_id",),
        "campaign_member": ("contact_id",),
        "distinct_contact": ("contact_id", "other_id"),
    }
    assert kinds.NAMED_APART == {
        "account": ("name",),
        "contact": ("name", "account"),
        "product": ("name",),
        "campaign": ("name",),
    }


def test_an_import_takes_each_kind_after_those_that_it_refers_to() -> None:
    order = kinds.in_order_of_import()
    assert order[0] == "setting"
    assert sorted(order) == sorted(KINDS)
    for place, name in enumerate(order):
        targets = {field.target for field in KINDS[name].fields.values()} - {"", name}
        assert targets <= set(order[:place]), name


def test_a_record_is_found_by_its_addresses_wherever_they_stand() -> None:
    assert kinds.found_by("account", ADDRESSES, "?", "phone") == (
        "SELECT id FROM account WHERE phone = ? "
        "UNION SELECT account_id FROM account_phone WHERE number = ?"
    )
    assert kinds.found_by("account", (BY_NUMBER,), "?") == "SELECT id FROM account WHERE number = ?"
    assert kinds.finding("contact", (BY_ALIAS,)) == (
        "SELECT alias, contact_id FROM contact_alias WHERE alias IS NOT NULL"
    )
    assert kinds.found_by("deal", ADDRESSES, "?") == kinds.finding("deal", ADDRESSES) == ""


def test_what_is_still_to_be_done_is_told_by_one_field() -> None:
    assert kinds.still_to_do("task") == " AND done_at IS NULL"
    assert kinds.still_to_do("objective") == " AND state IS 'open'"
    assert kinds.still_to_do("deal") == ""


def test_an_account_is_its_own_and_most_records_are_of_one() -> None:
    columns = [kinds.account_of(kind) for kind in ("account", "task", "product")]
    assert columns == ["id", "account_id", "NULL"]


def test_what_is_over_stays_over_when_its_day_cannot_be_read() -> None:
    assert sanity.OVER == {
        ("account", "archived_at"): FIRST_MOMENT,
        ("affiliation", "to_on"): FIRST_DAY,
        ("deal", "closed_on"): FIRST_DAY,
        ("log", "resolved_at"): FIRST_MOMENT,
        ("playbook_run", "stopped_on"): FIRST_DAY,
        ("task", "done_at"): FIRST_MOMENT,
    }


def test_a_question_before_a_deletion_counts_every_kind_that_goes_along() -> None:
    owned = {table for table, _ in kinds.OWNED["account"] if table in KINDS}
    # That two accounts are not the same is nothing that people would miss, and of a playbook's run
    # they see the tasks.
    assert owned - set(records.COUNTED) == {"distinct_account", "playbook_run"}
