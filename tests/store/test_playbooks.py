from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.store.making import add, writing

from acctcli.store import playbooks


def test_a_deal_stalls_without_a_step_and_without_a_sign_of_life(book: Path) -> None:
    with writing(book) as tx:
        acme = add(tx, "account", name="Acme")
        kept = add(tx, "account", name="Gone", archived_at="2026-11-01T00:00:00Z")
        old: dict[str, Any] = {"opened_on": "2026-09-01"}
        stalled = add(tx, "deal", account=acme, title="Stalled", **old)
        add(tx, "deal", account=acme, title="New", opened_on="2026-11-20")
        add(tx, "deal", account=kept, title="Archived", **old)
        stepped = add(tx, "deal", account=acme, title="With a step", **old)
        add(tx, "task", account=acme, deal=stepped, text="Call")
        talked = add(tx, "deal", account=acme, title="Talked about", **old)
        add(tx, "log", account=acme, deal=talked)
        assert playbooks.stalled(tx.con, "2026-10-23") == [stalled]


def run_for(deal: str, account: str) -> dict[str, Any]:
    return {
        "playbook": "onboarding",
        "about": "deal",
        "account": account,
        "deal": deal,
        "started_on": "2026-11-20",
    }


def test_a_run_counts_its_tasks_and_is_found_by_what_it_is_about(book: Path) -> None:
    with writing(book) as tx:
        acme = add(tx, "account", name="Acme")
        deal = add(tx, "deal", account=acme, title="Rollout")
        run = add(tx, "playbook_run", **run_for(deal, acme))
        add(tx, "task", account=acme, text="A", playbook=run, due="2026-12-01")
        add(tx, "task", account=acme, text="B", playbook=run, done_at="2026-11-21T09:00:00Z")
        (found,) = playbooks.runs(tx.con, "onboarding")
        assert (found.open, found.done, found.next) == (1, 1, "2026-12-01")
        assert playbooks.runs(tx.con, "other") == []
        assert playbooks.started(tx.con, "onboarding", "deal", [deal]) == {deal}
        assert playbooks.started(tx.con, "onboarding", "account", [acme]) == set()
        assert len(playbooks.open_tasks(tx.con, run)) == 1


def test_only_people_who_may_be_contacted_are_offered(book: Path) -> None:
    with writing(book) as tx:
        acme = add(tx, "account", name="Acme")
        mei = add(tx, "contact", account=acme, name="Mei Tan", primary=True)
        add(tx, "contact", account=acme, name="Raj", do_not_contact=True)
        assert list(playbooks.people_of_accounts(tx.con, [acme])) == [(acme, mei, "Mei Tan", 1)]
