from __future__ import annotations

from acctcli.config import CADENCE, SETTINGS, STAGES, Config


def test_two_configs_share_nothing_that_can_change() -> None:
    Config().cadence["key"] = 1
    Config().values["me.name"] = "x"
    assert Config().cadence == CADENCE
    assert Config()["me.name"] == ""


def test_every_default_is_of_its_type_and_keys_are_unique() -> None:
    assert all(type(s.default) is s.type for s in SETTINGS)
    assert len({s.key for s in SETTINGS}) == len(SETTINGS)


def test_the_default_stages_are_those_of_the_contract() -> None:
    assert [(s.name, s.probability, s.category) for s in STAGES] == [
        ("prospecting", 10, "pipeline"),
        ("qualification", 20, "pipeline"),
        ("needs-analysis", 30, "pipeline"),
        ("proposal", 60, "best-case"),
        ("negotiation", 80, "commit"),
        ("won", 100, "closed"),
        ("lost", 0, "omitted"),
    ]
    assert [s.name for s in STAGES if s.open] == [s.name for s in STAGES[:5]]
