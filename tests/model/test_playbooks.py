from __future__ import annotations

import pytest

from acctcli.model import KINDS, Playbook


@pytest.mark.parametrize(
    ("playbook", "when", "about"),
    [
        (Playbook("p"), "by hand", ""),
        (Playbook("p", "won"), "deal won", "deal"),
        (Playbook("p", "stage", "proposal"), "stage proposal", "deal"),
        (Playbook("p", "tag", "vip"), "tag vip", "account"),
        (Playbook("p", "ends", "", 90), "contract ends in 90 days", "purchase"),
        (Playbook("p", "stalled", "", 30), "deal stalled for 30 days", "deal"),
    ],
)
def test_what_sets_it_off_reads_as_in_the_settings(
    playbook: Playbook, when: str, about: str
) -> None:
    assert (playbook.when, playbook.about) == (when, about)
    assert playbook.timed == (playbook.event in ("ends", "stalled"))


def test_a_run_belongs_to_its_account_and_a_task_knows_its_run() -> None:
    assert KINDS["playbook_run"].fields["account"].required
    assert KINDS["task"].fields["playbook"].target == "playbook_run"
