"""What the walk through the agenda comes to, and how it stands after each command."""

from __future__ import annotations

from acctcli.book import walk
from acctcli.book.context import Context
from acctcli.book.walk import Stop
from acctcli.store import records


def stops(context: Context, limit: int | None = None) -> list[Stop]:
    with context.read() as con:
        return walk.stops(context, con, [], limit)


def greentech(context: Context) -> Stop:
    return next(stop for stop in stops(context) if stop.called == "greentech")


def test_the_stops_are_the_lines_of_today_in_their_order(sample: Context) -> None:
    found = stops(sample)
    assert found[0].account == "Tessaline Semiconductor Pte Ltd"
    assert found[2].called == "greentech"
    assert len({stop.key for stop in found}) == len(found) == 10
    assert stops(sample, limit=3) == found[:3]


def test_a_reason_has_the_record_it_is_about_and_the_command(sample: Context) -> None:
    first = greentech(sample)
    with sample.read() as con:
        promise, objective = walk.reasons(sample, con, first)
    assert promise.says.startswith("Send phased quote — promised Mei Tan")
    assert promise.record is not None
    assert promise.record[0] == "task"
    assert promise.command == f"acct task done {promise.short}"
    assert (objective.kind, objective.key[0]) == ("objective", "objective")
    assert promise.key != objective.key


def test_what_was_answered_is_gone(sample: Context) -> None:
    first = greentech(sample)
    with sample.read() as con:
        before = walk.reasons(sample, con, first)
    assert before[0].record is not None
    with sample.write() as tx:
        records.update(tx, "task", before[0].record[1], {"done_at": "2026-11-22T12:00:00Z"})
    with sample.read() as con:
        after = walk.reasons(sample, con, first)
    assert [reason.key for reason in after] == [reason.key for reason in before[1:]]


def test_a_task_of_no_account_is_a_stop_of_its_own(context: Context) -> None:
    with context.write() as tx:
        task = records.insert(tx, "task", {"text": "Renew the licence", "due": "2026-11-20"})
    (stop,) = stops(context)
    assert (stop.account, stop.called) == (None, "")
    with context.read() as con:
        (reason,) = walk.reasons(context, con, stop)
    assert reason.record == ("task", task)
