from __future__ import annotations

from typing import Any

import pytest

from acctcli.cli.kit.tools import Tool, tools
from acctcli.errors import UsageError
from acctcli.main import root


@pytest.fixture(scope="module")
def every() -> dict[str, Tool]:
    return {tool.name: tool for tool in tools(root(), write=True)}


@pytest.mark.parametrize(
    ("tool", "given", "words"),
    [
        ("today", {}, "today --format json"),
        ("today", {"all": True}, "today --all --format json"),
        ("account_show", {"account": "-x"}, "account show --format json -- -x"),
        ("account_list", {"tier": ["key", "smb"]}, "account list --tier=key --tier=smb"),
        ("account_list", {"tier": "key", "limit": 3}, "account list --tier=key --limit=3"),
        ("deal_add", {"account": "acme", "title": ["Big", "one"]}, "-- acme Big one"),
        ("account_edit", {"accounts": ["a"], "owner": ""}, "account edit --owner= --format json"),
        ("task_done", {"tasks": ["1", "2"]}, "task done --format json -- 1 2"),
    ],
)
def test_a_call_becomes_the_words_of_a_command_line(
    every: dict[str, Tool], tool: str, given: dict[str, Any], words: str
) -> None:
    assert words in " ".join(every[tool].line(given))


def test_a_flag_has_both_answers(every: dict[str, Tool]) -> None:
    flags = [p for p in every["purchase_edit"].command.params if p.name == "auto_renews"]
    (flag,) = flags
    assert every["purchase_edit"].line({"auto_renews": False})[2] == flag.secondary_opts[0]
    assert every["purchase_edit"].line({"auto_renews": True})[2] == flag.opts[0]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"sort": ["a", "b"]}, "sort is one value, and not 2"),
        ({"archived": 1}, "archived is true or false"),
        ({"html": "x"}, 'unknown argument "html"'),
    ],
)
def test_what_does_not_fit_is_refused(
    every: dict[str, Tool], given: dict[str, Any], says: str
) -> None:
    with pytest.raises(UsageError, match=says):
        every["account_list"].line(given)


def test_a_schema_names_what_is_required_and_no_path(every: dict[str, Tool]) -> None:
    for tool in every.values():
        schema = tool.schema
        assert {*schema.get("required", ())} <= schema["properties"].keys()
        assert all(kind.get("description") for kind in schema["properties"].values()), tool.name
        assert tool.summary
    assert every["account_delete"].destroys
    assert not every["account_show"].destroys
    assert every["account_list"].schema["properties"]["limit"]["type"] == "integer"
    assert every["account_list"].schema["properties"]["tier"]["type"] == "array"
