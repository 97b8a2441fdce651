from __future__ import annotations

from collections.abc import Sequence

import pytest

from acctcli.domain.coverage import RolePlayed, gaps


@pytest.mark.parametrize(
    ("people", "missing"),
    [
        ([], ["economic-buyer", "champion"]),
        ([RolePlayed("economic-buyer", None)], ["champion"]),
        ([RolePlayed("decision-maker", "champion")], []),
        ([RolePlayed("champion", None), RolePlayed("end-user", "supporter")], ["economic-buyer"]),
    ],
)
def test_gaps(people: Sequence[RolePlayed], missing: list[str]) -> None:
    assert gaps(people) == missing
