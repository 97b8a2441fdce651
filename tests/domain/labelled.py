"""Pairs of accounts and of people, of which a person said whether they are the same."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from acctcli.domain.dedupe import company_pairs, person_pairs
from acctcli.domain.likeness import Company, Person

LIST = Path(__file__).parents[1] / "data" / "duplicates.csv"
"""Addresses are separated by spaces: a website, `@` and the domain that their people write from,
an email, a phone with its `+`, `in:` and a LinkedIn handle."""


class Labelled(NamedTuple):
    """Two records of one kind, and whether they are the same."""

    kind: str
    same: bool
    names: str
    one: Company | Person
    other: Company | Person


def pairs() -> list[Labelled]:
    """Return the list; each record has an id of its own."""
    found = []
    with LIST.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file)):
            one, other = (
                _record(row["kind"], f"{number:03}{place}", row[place], row[f"{place}_at"], given)
                for place in ("one", "other")
                for given in [row[f"{place}_addresses"].split()]
            )
            names = f"{row['one']} / {row['other']}"
            found.append(Labelled(row["kind"], row["same"] == "yes", names, one, other))
    return found


def _record(kind: str, id: str, name: str, at: str, given: Sequence[str]) -> Company | Person:
    domains = [one[1:] for one in given if one.startswith("@")]
    phones = [one for one in given if one.startswith("+")]
    handles = [one[3:] for one in given if one.startswith("in:")]
    emails = [one for one in given if "@" in one[1:]]
    if kind == "contact":
        return Person(id, name, at or None, next(iter(handles), None), (), emails, phones, ())
    websites = [one for one in given if not one.startswith(("@", "+"))]
    return Company(id, name, at or None, None, (), websites, phones, domains)


def found(labelled: Sequence[Labelled]) -> dict[frozenset[str], int]:
    """Return how alike each suggested pair is, by its two ids, with all records in one book."""
    companies = [r for pair in labelled for r in (pair.one, pair.other) if isinstance(r, Company)]
    people = [r for pair in labelled for r in (pair.one, pair.other) if isinstance(r, Person)]
    return {
        frozenset((pair.one_id, pair.other_id)): pair.likeness
        for pair in (*company_pairs(companies), *person_pairs(people))
    }


def measured() -> tuple[list[str], list[str], int, int]:
    """Return the names of missed and of false pairs, and how many are the same and are not."""
    labelled = pairs()
    suggested = found(labelled)
    hit = [frozenset((pair.one.id, pair.other.id)) in suggested for pair in labelled]
    missed = [
        pair.names for pair, is_hit in zip(labelled, hit, strict=True) if pair.same and not is_hit
    ]
    false = [
        pair.names for pair, is_hit in zip(labelled, hit, strict=True) if is_hit and not pair.same
    ]
    same = sum(pair.same for pair in labelled)
    return missed, false, same, len(labelled) - same
