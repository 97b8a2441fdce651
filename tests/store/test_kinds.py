"""What is said of kinds is declared with them; tables keyed by kind elsewhere are known by name."""

from __future__ import annotations

import ast
from pathlib import Path

from acctcli.model import KINDS
from acctcli.store import kinds

SOURCE = Path(__file__).parents[2] / "src" / "acctcli"

WORDS, SQL, PICTURE = "words of a screen", "SQL of that module only", "what a page draws"

LEFT = {
    "book/merging.py SAID": WORDS,
    "cli/kit/nouns.py COUNTED": WORDS,
    "cli/kit/nouns.py _START": "the option that a form starts at",
    "cli/kit/options.py _EXAMPLE_FILTERS": "examples of a help page",
    "domain/rules.py _RULES": "functions: a declaration cannot hold them without a circle",
    "interop/headers.py PARTS": "names of columns in the files of others",
    "interop/headers.py WORDS": "names of columns in the files of others",
    "interop/headers.py _FILLED_IN": "what an import adds",
    "render/quality.py _CALLED": WORDS,
    "render/timeline.py SIGNS": PICTURE,
    "store/check.py _LISTS": "derived from the lists, and one table more",
    "store/columns.py DERIVED": SQL,
    "store/erase.py _LINKS": "what in a row names a person",
    "store/facts/quality.py _READ": SQL,
    "store/kinds.py PART_OF": "derived from the declarations, and two tables that no kind has",
    "store/leftovers.py NOTED_IN": "which text keeps what a merge leaves",
    "store/lookup.py STILL_OPEN": SQL,
    "store/lookup.py _ADDRESSES": SQL,
    "store/lookup.py _ALIASES": SQL,
    "store/matching.py IDENTITY": "its order is that of an import",
    "store/matching.py _ADDRESSES": SQL,
    "store/matching.py _IDENTIFYING": "the address that finds a record",
    "store/matching.py _SOUGHT_BY": "the part of an identity that has an index",
    "store/merge.py DISTINCT": "two kinds that can be merged",
    "store/names.py _BESIDE": SQL,
    "store/names.py _NEWEST_FIRST": SQL,
    "store/records.py NAMED_APART": "what tells two records apart",
    "store/records.py _TWINS": SQL,
    "store/references.py _ADDRESSES": SQL,
    "store/sanity.py OVER": "what a wrong value is read as",
    "store/search.py _TEXTS": SQL,
}
"""Tables keyed by kind, with the reason why each is not a declaration; it only gets shorter."""


def keyed_by_kind() -> set[str]:
    """The dictionaries at the top of a module of which most keys are kinds."""
    found = set()
    for path in SOURCE.rglob("*.py"):
        if path.name == "model.py":
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
