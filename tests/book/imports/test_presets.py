"""Import options that are saved under a name."""

from __future__ import annotations

import io

import pytest

from acctcli.book.context import Context
from acctcli.book.imports import bring_in, presets
from acctcli.book.imports.recipe import Asked
from acctcli.errors import NotFound


def test_what_an_import_keeps_is_used_listed_and_forgotten(context: Context) -> None:
    asked = Asked("account", map=("city=Town",))
    loaded = bring_in.load(context, ["-"], asked, io.BytesIO(b"name,Town\nAcme,Oslo\n"))
    bring_in.write(context, loaded, asked, save_as="crm")
    assert {name: kept.words() for name, kept in presets.every(context).items()} == {
        "crm": asked.words()
    }
    assert presets.over(context, "crm", Asked(map=("city=Ort",))).map == ("city=Ort",)
    assert presets.forget(context, "crm").words() == asked.words()
    with pytest.raises(NotFound):
        presets.over(context, "crm", Asked())
