from __future__ import annotations

from typing import Any

import pytest
from tests.store.making import add

from acctcli.errors import Conflict, Invalid
from acctcli.store import conflicts, records
from acctcli.store.journal import Writing


@pytest.mark.parametrize(
    ("kind", "there", "values", "says"),
    [
        (
            "account",
            {"website": "a.sg"},
            {"website": "a.sg"},
            r"Old \(A-0001\) already has the website",
        ),
        ("account", {"phone": "+651"}, {"phone": "+651"}, r"Old \(A-0001\) already has the phone"),
        ("contact", {"emails": ("x@a.sg",)}, {"emails": ("y@a.sg", "x@a.sg")}, "has the email"),
        ("contact", {"phones": ("+651",)}, {"phones": ("+651",)}, "has the phone"),
        ("product", {}, {"name": "ÓLD"}, "has the name"),
        ("account", {}, {"name": " old"}, r"Old \(A-0001\) already has the name"),
        ("contact", {}, {"name": "OLD"}, r"Old \(.{4}\) already has the name"),
    ],
)
def test_a_second_record_with_the_same_address_is_refused(
    kind: str, there: dict[str, Any], values: dict[str, Any], says: str, tx: Writing
) -> None:
    id = add(tx, kind, name="Old", **there)
    with pytest.raises(Conflict, match=says) as refused:
        conflicts.refuse_twin(tx, kind, {"name": "New", **values})
    assert refused.value.candidates == (id,)
    assert "--duplicate" in str(refused.value)
    conflicts.refuse_twin(tx, kind, {"name": "Old", **values}, own_id=id)
    conflicts.refuse_twin(tx, kind, {"name": "New"})


def test_another_address_is_no_twin(tx: Writing) -> None:
    here: dict[str, Any] = {"website": "acme.com", "phone": "+651"}
    id = add(tx, "account", name="Acme", **here)
    add(tx, "contact", name="Mei", emails=("mei@acme.com",), phones=("+652",))
    conflicts.refuse_twin(tx, "account", {"website": "acme.sg", "phone": "+653"})
    conflicts.refuse_twin(tx, "account", here, own_id=id)
    conflicts.refuse_twin(tx, "contact", {"emails": ("m@acme.com",), "phones": ("+654",)})
    conflicts.refuse_twin(tx, "contact", {"emails": (), "phones": ()})


def test_a_person_of_the_same_name_elsewhere_is_another_one(tx: Writing) -> None:
    one, other = (add(tx, "account", name=name) for name in ("A", "B"))
    mei = add(tx, "contact", name="Mei Tan", account=one)
    for values in ({"account": other}, {}):
        conflicts.refuse_twin(tx, "contact", {"name": "Mei Tan", **values})
    with pytest.raises(Conflict, match=r"^Mei Tan at A \(.{4}\) already has the name MEI TAN"):
        conflicts.refuse_twin(tx, "contact", {"name": "MEI TAN", "account": one})
    elsewhere = add(tx, "contact", name="mei tan", account=other)
    raj = add(tx, "contact", name="Raj", account=one)
    # An edit changes only a part of what identifies somebody.
    for id, values in ((elsewhere, {"account": one}), (raj, {"name": "Mei Tan"})):
        with pytest.raises(Conflict) as refused:
            conflicts.refuse_twin(tx, "contact", values, own_id=id)
        assert refused.value.candidates == (mei,)
    conflicts.refuse_twin(tx, "contact", {"title": "CFO"}, own_id=elsewhere)
    conflicts.refuse_twin(tx, "contact", {"name": "MEI TAN"}, own_id=mei)


def test_nobody_stands_above_themselves(tx: Writing) -> None:
    a, b, c = (add(tx, "account", name=name) for name in "ABC")
    records.update(tx, "account", b, {"parent": a})
    records.update(tx, "account", c, {"parent": b})
    for target in (a, b, c):
        with pytest.raises(Invalid, match="an account cannot be above itself"):
            conflicts.refuse_cycle(tx, "account", "parent", a, target)
    conflicts.refuse_cycle(tx, "account", "parent", c, a)
    conflicts.refuse_cycle(tx, "account", "parent", a, None)


def test_a_circle_that_is_there_already_ends_the_search(tx: Writing) -> None:
    a, b, c = (add(tx, "contact", name=name) for name in "ABC")
    records.update(tx, "contact", a, {"reports_to": b})
    records.update(tx, "contact", b, {"reports_to": a})
    conflicts.refuse_cycle(tx, "contact", "reports_to", c, a)
