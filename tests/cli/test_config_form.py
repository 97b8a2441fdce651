"""The form of a book's settings is TOML, whatever is set."""

from __future__ import annotations

import re
import tomllib

from acctcli.cli import config_form
from acctcli.config import FILE, SETTINGS, Config
from acctcli.configfile import from_document, legal
from acctcli.configvalues import CHECKS, TAKEN
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


def test_every_setting_has_its_meaning_its_values_and_its_default() -> None:
    book, own = config_form.write({}, Config()), config_form.personal("")
    for setting in SETTINGS:
        form = own if setting.home == FILE else book
        meaning = f"{setting.help[0].upper()}{setting.help[1:]}. Takes {legal(setting)}; "
        assert meaning in form, setting.key
        assert f"\n# {setting.name} = " in form
    assert set(CHECKS.values()) <= set(TAKEN)


def test_what_is_set_stands_without_a_sign() -> None:
    form = config_form.write({"today": {"closing_days": 21}}, Config())
    assert "Takes 0 to 36,500; default: 14.\nclosing_days = 21\n" in form
    assert "\n# step_days = 14\n" in form


def test_ones_own_file_keeps_every_word_of_its_own() -> None:
    written = '# mine\n[me]\nname = "Kim"  # me\n\n# more\n[other]\nx = 1\n'
    form = config_form.personal(written)
    lines = [line for line in written.splitlines() if line]
    assert [line for line in form.splitlines() if line in lines] == lines
    added: dict[str, object] = {"today": {}, "quote": {}, "hooks": {}}
    assert tomllib.loads(form) == {**tomllib.loads(written), **added}
    assert form.count("name = ") == 1
    assert form.index('name = "Kim"') < form.index("# country") < form.index("[other]")
    assert config_form.personal(form) == form, "nothing is added twice"


def test_ones_own_settings_can_be_had_by_removing_the_signs() -> None:
    lines = [re.sub(r"^# (\w+ = )", r"\1", line) for line in config_form.personal("").splitlines()]
    from_document(tomllib.loads("\n".join(lines)))
