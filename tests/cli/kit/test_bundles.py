"""Options as parameters, and several of them behind one."""

from __future__ import annotations

import inspect

from acctcli.cli.kit.bundles import Bundle, option


def test_an_option_is_a_keyword_that_typer_understands() -> None:
    made = option("to", ("--to", "-t"), "Where to.", metavar="FILE", panel="Output")
    assert made.kind is inspect.Parameter.KEYWORD_ONLY
    assert made.default is None
    (declared,) = made.annotation.__metadata__
    assert {*declared.param_decls} | {declared.default} >= {"--to", "-t"}
    assert declared.help == "Where to."


def test_a_bundle_says_what_it_is_for() -> None:
    assert Bundle.shows is False
    assert tuple(Bundle.clears) == ()
