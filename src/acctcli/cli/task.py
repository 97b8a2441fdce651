"""`acct task`: next steps and promises, ours and theirs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from acctcli import text
from acctcli.book import appointments, writing
from acctcli.book.asked import Given, Query
from acctcli.cli.kit import nouns, options, wording
from acctcli.cli.kit.commands import Noun
from acctcli.cli.kit.options import Yes
from acctcli.cli.kit.session import Session
from acctcli.errors import UsageError
from acctcli.model import KINDS, Values
from acctcli.results import Done, FileText, Table
from acctcli.store import filters, lookup, queries
from acctcli.store import records as store
from acctcli.values.dates import day_of, iso, parse_iso_day, say_day
from acctcli.values.times import has_time
from acctcli.values.typed_moments import read_moment

if TYPE_CHECKING:
    from datetime import date

    from acctcli.store.journal import Writing

noun = Noun("task", "Tasks and promises, yours and theirs.")

FIELDS = KINDS["task"].fields

OVERLAPS_SAID = 3
"""How many overlaps are named one by one."""

Tasks = Annotated[list[str], options.arguments("task", "Ids or texts, or - for ids on stdin.")]


@noun.command(
    "add",
    examples=[
        'acct task add greentech "Send phased quote" --due fri --contact mei',
        'acct task add greentech "Reference call" --owed-by them --due 2w',
        'acct task add greentech "Check in" --due 1m --every 1m',
        'acct task add greentech "QBR" --at "tomorrow 9am" --duration 1h --place "Their office"',
    ],
)
def add(
    session: Session,
    account: Annotated[
        str, options.argument("account", "Account name, number, domain or id; - for ids on stdin.")
    ],
    what: Annotated[
        list[str],
        wording.argument("TEXT", "What to do, in one line; - reads it from stdin."),
        wording.asked("What is to be done?"),
    ],
    given: Given = options.fields(
        "task", skip=("account", "text", "done_at", "snoozed_until", "first_due", "log", "review")
    ),
) -> Done:
    """Add a task of yours, or with `--owed-by them` something they promised.

    With `--at` it is an appointment: `acct today` lists the day's appointments first. If it
    overlaps another, `acct` says so.
    """
    words = wording.text_of(what, "TEXT")
    read = writing.read_given(session, "task", given.plus(text=words))
    _tell_dropped_time(session, given)
    typed = session.names_given("account", [account])
    with session.write() as tx:
        found = session.find_all(tx.con, "account", typed)
        ids = []
        for one in found:
            own = writing.Read(dict(read.values), read.custom)
            own.values["account"] = one.id
            ids.append(writing.insert(tx, "task", own))
        at = {one.id: one.name for one in found}
        nouns.tell_elsewhere(session, tx.con, [own.values.get("contact")], at)
        owed = ", owed by them" if read.values.get("owed_by") == "them" else ""
        kind, whose = ("appointment", "with") if read.values.get("at") else ("task", "for")
        says = (
            f'Added {kind} "{text.safe(read.values["text"])}" {whose} '
            f"{nouns.names_of('account', found)}{owed}{_due(session, read.values)}."
        )
        done = nouns.done(session, tx, "task", ids, says)
    return _with_overlaps(session, done)


@noun.command(
    "list",
    reads=True,
    examples=[
        "acct task list --account greentech",
        "acct task list --overdue --owed-by us",
        "acct task list --due-by fri -f ids | acct task snooze - 'next monday'",
        "acct task list --owed-by us -f ics > tasks.ics",
    ],
)
def list_(
    session: Session,
    query: Query = options.listing(
        *("task", "account", "owed_by", "contact", "deal"), formats=("ics",)
    ),
    overdue: Annotated[bool, typer.Option("--overdue", help="Only overdue tasks.")] = False,
    due_by: Annotated[
        str | None, typer.Option("--due-by", help="Only tasks due by this day.", metavar="DAY")
    ] = None,
    done: Annotated[bool, typer.Option("--done", help="Show done tasks instead.")] = False,
    all_: Annotated[bool, typer.Option("--all", help="Show open and done tasks.")] = False,
) -> Table | FileText:
    """List open tasks, most urgent first.

    -f ics writes appointments as calendar events, and other tasks as to-dos.
    """
    if done and all_:
        raise UsageError("--done and --all contradict each other: give only one")
    if overdue and (done or all_):
        raise UsageError("--overdue is about open tasks: leave out --done and --all")
    more = [] if all_ else [queries.DONE_TASKS if done else queries.OPEN_TASKS]
    for relation, day, flag in (("<", "today", "--overdue"), ("<=", due_by, "--due-by")):
        if day is not None and (flag != "--overdue" or overdue):
            more.append(
                filters.test("task", FIELDS["due"], relation, day, session.reading, what=flag)
            )
    shown = list(KINDS["task"].table)
    if done or all_:
        shown.append("done_at")
    if done and not query.sort:
        query = query.replace(sort="-done_at")
    table = nouns.table(
        session,
        "task",
        query,
        more=more,
        names=shown,
        footer="To mark one as done: acct task done",
        # There may be tasks anyway: done ones, or ones that are not due yet.
        none=(lambda: "No tasks match.") if more else None,
    )
    if session.output.format == "ics":
        from acctcli.book.exports import calendar  # most lists are tables

        return FileText(list(calendar.of_tasks(table.rows)))
    return table


@noun.command(
    "done",
    examples=[
        "acct task done 3f9a",
        'acct task done "phased quote" --at "yesterday 17:00"',
        "acct task list --account greentech -f ids | acct task done -",
    ],
)
def done(
    session: Session,
    tasks: Tasks,
    at: Annotated[
        str,
        typer.Option(
            "--at", help="When it was done. Default: now.", metavar="WHEN", show_default=False
        ),
    ] = "now",
) -> Done:
    """Mark tasks as done. A repeating task comes back with its next due day."""
    moment = read_moment(at, session.clock, "--at")
    typed = session.names_given("task", tasks)
    with session.write() as tx:
        found = session.find_all(tx.con, "task", typed)
        finished = []
        for one in found:
            row = queries.get(tx.con, "task", FIELDS, one.id)
            if row["done_at"] is not None:
                continue
            with writing.said_of(one, among=found):
                store.update(tx, "task", one.id, {"done_at": iso(moment)})
            finished.append(one)
        says = _done_sentence(session, tx, found, finished, day_of(moment))
        hint = _log_hint(tx, finished)
        return nouns.done(session, tx, "task", [one.id for one in found], says, hint=hint)


def _done_sentence(
    session: Session,
    tx: Writing,
    found: Sequence[lookup.Found],
    finished: Sequence[lookup.Found],
    day: date,
) -> str:
    if not finished:
        return f"Nothing to change: {nouns.names_of('task', found)} was already done."
    today = session.clock.today
    on = "" if day == today else f", {say_day(day, today)}"
    says = text.ended(f"Done: {nouns.names_of('task', finished)}{on}")
    if tx.followed:
        short = lookup.short_ids(tx.con, "task", list(tx.followed))
        again = [queries.get(tx.con, "task", FIELDS, id) for id in tx.followed]
        days = [
            f"{say_day(parse_iso_day(row['due']), session.clock.today)} ({short[row['id']]})"
            for row in again
        ]
        says += f" Repeats {text.sentence_list(days)}."
    return says


def _log_hint(tx: Writing, finished: Sequence[lookup.Found]) -> str:
    """Return how to log the result of an appointment that is over."""
    if len(finished) != 1:
        return ""
    row = queries.get(tx.con, "task", FIELDS, finished[0].id)
    if row["at"] is None or row["account_id"] is None:
        return ""
    (name,) = lookup.handles(tx.con, [row["account_id"]]).values()
    return f"To log what was said: acct log meeting {name}"


@noun.command(
    "snooze",
    examples=[
        "acct task snooze 3f9a 77c1 fri",
        'acct task snooze qbr "fri 3pm"',
        "acct task list --overdue -f ids | acct task snooze - 1w",
    ],
)
def snooze(
    session: Session,
    tasks: Tasks,
    until: options.SnoozedUntil,
) -> Done:
    """Leave tasks out of `today` until a day. The due day stays.

    An appointment moves to that day, at its own time unless you give another.
    """
    return _with_overlaps(session, nouns.snooze(session, "task", tasks, until))


@noun.command("reopen", examples=["acct task reopen 3f9a"])
def reopen(session: Session, tasks: Tasks) -> Done:
    """Reopen tasks that were marked as done."""
    typed = session.names_given("task", tasks)
    with session.write() as tx:
        found = session.find_all(tx.con, "task", typed)
        changed, repeating = [], []
        for one in found:
            row = queries.get(tx.con, "task", FIELDS, one.id)
            if row["done_at"] is None:
                continue
            again = {"done_at": None, "snoozed_until": None}
            if row["every"] and queries.is_carried_on(tx.con, one.id):
                # The task that followed it continues the series: two would double it.
                again["every"] = None
                repeating.append(one)
            store.update(tx, "task", one.id, again)
            changed.append(one)
        if not changed:
            says = f"Nothing to change: {nouns.names_of('task', found)} is already open."
        else:
            says = f"Reopened: {nouns.names_of('task', changed)}."
        if repeating:
            says += f" No longer repeats: {nouns.names_of('task', repeating)}."
        return nouns.done(session, tx, "task", [one.id for one in found], says)


@noun.command(
    "edit",
    examples=[
        "acct task edit 3f9a --due tomorrow",
        'acct task edit "phased quote" --owed-by them --contact raj',
        "acct task edit 3f9a",
    ],
)
def edit(
    session: Session,
    tasks: Tasks,
    given: Given = options.fields(
        "task", skip=("done_at", "first_due", "log", "review"), clears=True
    ),
) -> Done:
    """Edit fields. Without options, the task opens as a form in your editor."""
    done = nouns.edit(session, "task", tasks, given)
    _tell_dropped_time(session, given)
    moves = given.empty or {"at", "due", "duration"} & given.typed.keys()
    return _with_overlaps(session, done) if moves else done


@noun.command("delete", examples=["acct task delete 3f9a"])
def delete(
    session: Session,
    tasks: Annotated[list[str], options.whole_names("task")],
    yes: Yes = False,
) -> Done:
    """Delete tasks; `undo` brings them back."""
    return nouns.delete(session, "task", tasks, yes=yes)


def _tell_dropped_time(session: Session, given: Given) -> None:
    """Say that a due day has no time, where one was typed: perhaps an appointment was meant."""
    due = given.typed.get("due")
    if isinstance(due, str) and has_time(due):
        session.notice("--due is a day, and its time was left out. For an appointment: --at")


def _with_overlaps(session: Session, done: Done) -> Done:
    """Show which other appointments these overlap, and return the same answer."""
    with session.read() as con:
        said = list(appointments.overlaps(con, done.ids, session.clock.today))
    for overlap in said[:OVERLAPS_SAID]:
        session.notice(overlap)
    if len(said) > OVERLAPS_SAID:
        session.notice(f"{text.plural(len(said) - OVERLAPS_SAID, 'more overlap')}")
    return done


def _due(session: Session, given: Values) -> str:
    """Return `, due tomorrow`, or for an appointment `, tomorrow 09:00 to 10:00, Room 4`."""
    today = session.clock.today
    if given.get("at"):
        past = ", which is in the past" if given["at"] < iso(session.clock.now) else ""
        return f", {appointments.said(given, today)}{past}"
    if given.get("due") is None:
        return ""
    day = parse_iso_day(given["due"])
    late = ", which is in the past" if day < today else ""
    return f", due {say_day(day, today)}{late}"
