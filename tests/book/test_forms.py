"""Records as forms in TOML, and forms that are kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acctcli import model
from acctcli.book import forms
from acctcli.errors import Invalid
from acctcli.model import Field
from acctcli.values.fields import cell

FIELDS = {
    "line": Field(model.TEXT, "one line", name="line"),
    "body": Field(model.LONG, "a paragraph", name="body"),
    "items": Field(model.TEXT, "some", name="items", many=True, rows=("tag", "tag")),
}
printable = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


@given(printable, printable, st.lists(printable.filter(bool)))
def test_any_text_comes_back_out_of_a_form(line: str, body: str, items: list[str]) -> None:
    line = "".join(line.splitlines())
    row = {"line": line or None, "body": body or None, "items": tuple(items)}
    written = forms.write(FIELDS, row, line)
    # A file of another system has CR LF; what a form means must not hang on that.
    for text in (written, written.replace("\n", "\r\n") if "\r" not in body else written):
        assert forms.read(text, FIELDS) == {
            "line": cell(FIELDS["line"], row["line"], {}),
            "body": body,
            "items": items,
        }


def test_values_of_toml_are_read_as_if_they_were_typed() -> None:
    fields = {name: Field(model.TEXT, "", name=name) for name in "abcdefg"}
    typed = "a = 5\nb = 1.50\nc = true\nd = 2026-12-15\ne = 2026-12-15T14:30:00Z\nf = 14:30:00\n"
    assert forms.read(typed, fields) == {
        "a": "5",
        "b": "1.50",
        "c": "yes",
        "d": "2026-12-15",
        "e": "2026-12-15 14:30:00+00:00",
        "f": "14:30:00",
    }


def test_a_mistake_in_the_form_has_its_line() -> None:
    with pytest.raises(Invalid, match=r"the form cannot be read: .*at line 2"):
        forms.read('line = "x"\nbody = \n', FIELDS)


SHOWN = '# account A: change what you like, save and close.\n\ntier = "key"\n'


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("typed", ['tier = "kye"\n', "", 'notes = """\n#! /bin/sh\n#= x\n"""\n'])
def test_a_kept_form_comes_apart_again(typed: str, ends: str) -> None:
    whole = forms.kept(forms.refused(typed, "unknown tier"), SHOWN).replace("\n", ends)
    found, shown = forms.taken_apart(whole)
    assert (found.replace("\r", "").strip(), shown) == (typed.strip(), SHOWN)


def test_a_form_of_ones_own_was_never_shown() -> None:
    assert forms.taken_apart('tier = "key"\n') == ('tier = "key"\n', None)


def test_a_refused_form_begins_with_the_last_error_alone() -> None:
    first = forms.refused(SHOWN, "unknown tier\n\x1b")
    assert first.splitlines()[0].startswith("#! unknown tier")
    assert "\x1b" not in first
    second = forms.refused(first, "no account")
    assert second == f"#! no account\n{SHOWN}"
    assert forms.parse(second) == {"tier": "key"}
