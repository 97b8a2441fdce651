"""The form of a book's settings is TOML, whatever is set."""

from __future__ import annotations

import tomllib

from acctcli.cli import config_form
from acctcli.config import Config
from acctcli.store.settings import rows_of, strictly_document

FULL = {
    "cadence": {"gold": 7},
    "stages": [
        {"name": "talk", "probability": 10, "category": "pipeline"},
        {"name": "won", "probability": 100, "category": "closed"},
        {"name": "lost", "probability": 0, "category": "omitted"},
    ],
    "fields": {"account": {"seats": {"type": "integer"}}},
    "required": {"gold": {"account": ["owner"]}},
    "rates": {"base": "SGD", "EUR": 1.45},
    "quota": {"Kim Lim": "200k", "Q4 2026": {"total": "650k"}},
    "icp": {"industry": {"match": {"energy": 10}}},
    "rfm": {"recency": [30, 60, 90, 120]},
    "score": {"fit": 50, "tiers": {"gold": 80}},
}


def test_a_form_says_what_is_set() -> None:
    config = strictly_document(FULL, {})
    form = config_form.write(FULL, config)
    assert dict(rows_of(tomllib.loads(form))) == dict(rows_of(FULL))


def test_the_examples_of_what_is_not_set_are_valid() -> None:
    form = config_form.write({}, Config())
    assert rows_of(tomllib.loads(form)) == ()
    taken_in = [
        line.removeprefix("# ")
        for line in form.splitlines()
        if line.startswith(("# [", "[")) or (line.startswith("# ") and " = " in line)
    ]
    document = tomllib.loads("\n".join(taken_in))
    assert document["today"]["closing_days"] == 14
    assert document["icp"]["industry"]["weight"] == 5
