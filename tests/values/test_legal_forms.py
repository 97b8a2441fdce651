"""The list of legal forms."""

from __future__ import annotations

from acctcli.values import legal_forms


def test_no_form_is_listed_that_is_no_word_or_that_everybody_uses() -> None:
    forms = legal_forms.after() | legal_forms.before()
    assert () not in forms
    assert forms.isdisjoint({("is",), ("me",), ("da",), ("eu",), ("ii",), ("and",), ("group",)})


def test_longer_forms_that_are_joined_come_before_those_they_end_with() -> None:
    for place, form in enumerate(legal_forms.joined()):
        assert not any(form.endswith(shorter) for shorter in legal_forms.joined()[:place])
