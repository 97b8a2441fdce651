"""Options as parameters, and several of them behind one."""

from __future__ import annotations

import inspect
from typing import Annotated

import typer

from acctcli.cli.kit.bundles import Together, option
from acctcli.cli.kit.session import Session
from acctcli.frozen import Frozen


def test_an_option_is_a_keyword_that_typer_understands() -> None:
    made = option("to", ("--to", "-t"), "Where to.", metavar="FILE", panel="Output")
    assert made.kind is inspect.Parameter.KEYWORD_ONLY
    assert made.default is None
    (declared,) = made.annotation.__metadata__
    assert {*declared.param_decls} | {declared.default} >= {"--to", "-t"}
    assert declared.help == "Where to."


class Wanted(Frozen):
    name: Annotated[str | None, typer.Option("--name", help="Whose.")] = None
    count: Annotated[int, typer.Option("--count", help="How many.")] = 3


def test_the_fields_of_a_class_are_options_and_what_was_given_is_one_object() -> None:
    bundle = Together(Wanted)
    name, count = bundle.parameters()
    assert (name.name, name.default) == ("name", None)
    assert (count.name, count.default) == ("count", 3)
    assert count.annotation.__metadata__[0].help == "How many."
    made = bundle.collect({"name": "Mei", "count": 5}, Session(()))
    assert made == Wanted("Mei", 5)
