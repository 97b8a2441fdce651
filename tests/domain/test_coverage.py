from __future__ import annotations

from collections.abc import Sequence

import pytest

from acctcli.domain.coverage import Part, gaps


@pytest.mark.parametrize(
    ("people", "missing"),
    [
        ([], ["economic-buyer", "champion"]),
        ([Part("economic-buyer", None)], ["champion"]),
        ([Part("decision-maker", "champion")], []),
        ([Part("champion", None), Part("end-user", "supporter")], ["economic-buyer"]),
    ],
)
def test_gaps(people: Sequence[Part], missing: list[str]) -> None:
    assert gaps(people) == missing
