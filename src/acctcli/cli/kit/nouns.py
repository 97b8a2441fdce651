"""What the commands of all nouns share: add, edit, list and delete.

A noun's module adds only what is special about it: what a missing value means, what else changes.
`book` reads and writes the records.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from acctcli import text
from acctcli.book import reading, writing
from acctcli.book.asked import Given, ListChange, Query
from acctcli.cli.kit.session import Session
from acctcli.errors import Conflict, UsageError
from acctcli.model import DAY, KINDS, MOMENT, MONEY, STAGE, TIER
from acctcli.model.counting import counted
from acctcli.render.emit import SPECIAL, check_columns, is_terminal
from acctcli.results import Done, Table
from acctcli.store import lookup, queries
from acctcli.store import records as store
from acctcli.store.filters import Condition
from acctcli.values import dates, money
from acctcli.values.fields import as_json

if TYPE_CHECKING:
    import sqlite3

    from acctcli.store.journal import Writing


UNCHANGED = "Nothing to change: already up to date."
"""The answer of every command that changed nothing, and so left no trace for `undo`."""

GROUPS = 3
"""Up to this many groups of records, a sentence says what changed in each."""


def edit(
    session: Session,
    kind: str,
    named: Sequence[str],
    given: Given,
    *,
    duplicate: bool = False,
    note: str | None = None,
) -> Done:
    """Change the same fields of one or several records, in one transaction.

    Without any value, one record is opened as a form in the editor. The note says why a deal
    changes.
    """
    from acctcli.cli.kit import form

    typed_names = session.names_given(kind, named)
    if not given.empty:
        return _edit(session, kind, typed_names, given, duplicate=duplicate, note=note)
    if len(typed_names) != 1:
        raise UsageError(f"a form is for one {kind}; to change several, give options")
    with session.read() as con:
        found = session.find(con, kind, typed_names[0])
        row = queries.get(con, kind, session.fields(kind), found.id)

    def use(filled: form.Filled) -> Done:
        changed = form.changed(session, kind, given, filled)
        if changed.empty:
            return Done([], {}, f"{names_of(kind, [found])}: nothing changed.")
        return _edit(session, kind, [found.id], changed, duplicate=duplicate, shown=row)

    shown = form.shown(session, kind, row, given)
    return form.submitted(session, shown, f"{kind}.toml", use, file=given.form)


def _edit(
    session: Session,
    kind: str,
    named: Sequence[str],
    given: Given,
    *,
    duplicate: bool,
    shown: Mapping[str, Any] = {},
    note: str | None = None,
) -> Done:
    with session.write() as tx:
        tx.note = note
        edited = writing.edit(session, tx, kind, named, given, duplicate=duplicate, shown=shown)
        days = days_typed(session, kind, edited.values)
        amounts = _amounts_typed(kind, edited.values)

        def more(name: str) -> str:
            return edited.lists.says(name) or days.get(name) or amounts.get(name, "")

        says = changed_sentence(kind, edited.found, edited.changed, more)
        for id, names in edited.changed.items():
            if {"contact", "contacts"} & {*names}:
                row = queries.get(tx.con, kind, session.fields(kind), id)
                set_anew = row["contact_ids"] if "contacts" in names else [row["contact_id"]]
                people = edited.lists.added.get("contacts", set_anew)
                tell_elsewhere(session, tx.con, people, {row["account_id"]: row["account"]})
        ids = [record.id for record in edited.found]
        return done(session, tx, kind, ids, says, beside=" ".join(edited.also))


def changed_sentence(
    kind: str,
    found: Sequence[lookup.Found],
    changed: Mapping[str, tuple[str, ...]],
    more: Callable[[str], str] = lambda name: "",
) -> str:
    """Return a sentence about an edit: `Changed tier, emails of Mei Tan (emails: was mei@x.sg).`.

    `changed` has the changed fields of each record, by its id; `more` adds text about a field.
    """
    if not changed:
        return UNCHANGED
    alike: dict[tuple[str, ...], list[lookup.Found]] = {}
    for record in found:
        if record.id in changed:
            alike.setdefault(changed[record.id], []).append(record)
    parts = [f"{_labels(names)} of {names_of(kind, of)}" for names, of in alike.items()]
    fields = list(dict.fromkeys(name for names in alike for name in names))
    if len(parts) > GROUPS:
        several = [record for of in alike.values() for record in of]
        parts = [f"{_labels(fields)} of {names_of(kind, several)}, not each of all"]
    said = {name: what for name in fields if (what := more(name))}
    told = [f"{_labels([n])}: {what}" if len(fields) > 1 else what for n, what in said.items()]
    beside = f" ({'; '.join(told)})" if told else ""
    return text.ended(f"Changed {text.sentence_list(parts, GROUPS)}{beside}")


def days_typed(session: Session, kind: str, values: Mapping[str, Any]) -> dict[str, str]:
    """Return the days among values for people, by field, except today.

    After "3 oct", the user must see which day was meant before it becomes an error.
    """
    fields, today = session.fields(kind), session.clock.today
    found = {}
    for name, value in values.items():
        type = fields[name].type if name in fields else ""
        if type in (DAY, MOMENT) and value:
            moment = dates.parse_iso_moment(value) if type == MOMENT else None
            day = dates.day_of(moment) if moment else dates.parse_iso_day(value)
            if day != today:
                found[name] = dates.say_day(day, today)
    return found


def _amounts_typed(kind: str, values: Mapping[str, Any]) -> dict[str, str]:
    """Return the amounts among values for people: `+5k` was typed, and became 50,000 GBP."""
    currency = values.get("currency")
    return {
        name: money.say(value, currency)
        for name, value in values.items()
        if currency and value is not None and name in KINDS[kind].fields
        if KINDS[kind].fields[name].type == MONEY
    }


def with_days(session: Session, kind: str, read: writing.Read, *but: str) -> str:
    """Return `, opened on Sun 15 Nov`: the days of a new record, for its sentence."""
    days = days_typed(session, kind, {**read.values, **read.custom})
    said = [f"{_labels([name])} {day}" for name, day in days.items() if name not in but]
    return "".join(f", {one}" for one in said)


def _labels(names: Iterable[str]) -> str:
    return ", ".join(name.replace("_", " ") for name in names)


def tell_elsewhere(
    session: Session,
    con: sqlite3.Connection,
    contact_ids: Iterable[str | None],
    accounts: Mapping[str, str],
) -> None:
    """Say who of the people that a record names is at none of its accounts (names by id)."""
    people = [id for id in contact_ids if id]
    if not people:
        return
    from acctcli.store.people import elsewhere  # most records name nobody

    where = text.safe(next(iter(accounts.values()))) if len(accounts) == 1 else "these accounts"
    for name, at in elsewhere(con, people, list(accounts)):
        here = f"at {text.safe(at)}, not at {where}" if at else f"not linked to {where}"
        session.notice(f"{text.safe(name)} is {here}")


def names_of(kind: str, found: Sequence[lookup.Found]) -> str:
    """Return `GreenTech Ltd`, or `31 accounts` for many."""
    if len(found) > 3:
        return text.plural(len(found), KINDS[kind].one, KINDS[kind].several)
    return ", ".join(text.safe(record.name or kind) for record in found)


def done(
    session: Session,
    tx: Writing,
    kind: str,
    ids: Sequence[str],
    says: str,
    *,
    beside: str = "",
    hint: str = "",
) -> Done:
    """Return the result of a write, with the current records; also write the history.

    `beside` is a sentence about other records; it is not part of the history or of an undo.
    """
    if tx.set_off:
        from acctcli.book import starting  # most books have no playbooks

        started = starting.start_set_off(tx, session.clock.today)
        says = " ".join(filter(None, (says, starting.said(started, session.clock.today))))
    tx.says = says
    says = f"{says} {beside}" if beside else says
    rows: list[dict[str, Any]] = []
    if session.output.format in ("json", "jsonl"):
        known = session.fields(kind)
        listing = queries.Listing([queries.by_ids("id", ids)])
        found = queries.select(tx.con, kind, known, listing, as_stored=True)
        by_id = {row["id"]: row for row in found}
        rows = [as_json(known, by_id[id]) for id in ids if id in by_id]
    short = lookup.short_ids(tx.con, kind, list(ids))
    return Done(list(ids), short, says, rows, one=len(ids) == 1, hint=hint)


def table(
    session: Session,
    kind: str,
    query: Query,
    *,
    more: Sequence[Condition] = (),
    names: Sequence[str] | None = None,
    with_derived: Sequence[str] = (),
    footer: str = "",
    called: tuple[str, str] | None = None,
    none: Callable[[], str] | None = None,
) -> Table:
    """Return the result of a `list` command.

    `names` are its columns instead of those of the kind; `with_derived` are computed fields that
    its JSON and CSV have too. `called` is what its records are, if they are only some of their
    kind: one, and several. `none` returns the sentence for a list where nothing matches.
    """
    known = session.fields(kind)
    all_names = [n for n, f in known.items() if not f.derived or n in with_derived]
    shown = list(names or KINDS[kind].table)
    with session.read() as con:
        conditions = [*more, *reading.conditions_of(session, con, kind, query)]
        query = reading.as_saved(con, kind, query)
        if session.output.columns is None and query.columns:
            session.output = session.output.replace(columns=query.columns)
        output = session.output
        if output.columns:
            wanted: Sequence[str] = check_columns(output.columns, known)
        elif output.format in ("json", "jsonl", "csv", *SPECIAL):
            wanted = all_names
        elif output.format == "ids":
            wanted = ("id",)
        else:
            wanted = shown
        ranks = {TIER: session.config.tiers, STAGE: [s.name for s in session.config.stages]}
        listing = queries.Listing(conditions, query.sort, query.limit, query.offset, ranks)
        # Another program needs a readable value, or none.
        exact = output.format not in SPECIAL
        rows = queries.select(con, kind, known, listing, names=wanted, as_stored=exact)
        people = output.format in (None, "table", "md")
        short = lookup.short_ids(con, kind, [r["id"] for r in rows]) if people else {}
        summed = []
        if rows and output.format in (None, "table") and is_terminal():
            from acctcli.book import totals  # a pipe does without

            summed = totals.of_list(
                *(con, kind, conditions, session.config), shown=len(rows), called=called
            )
        empty = ""
        if not rows and (query.limit == 0 or query.offset):
            total = queries.count(con, kind, conditions)
            empty = none_in_view(kind, total, query.limit, query.offset, called)
    if not rows and not empty:
        filtered = f"No {called[1]} match." if called else ""
        empty = none() if none else filtered or empty_sentence(kind, filtered=query.narrows)
    return Table(
        kind,
        KINDS[kind].several,
        known,
        rows,
        shown,
        all_names,
        short,
        footer,
        empty,
        session.clock.today,
        totals=summed,
    )


@contextmanager
def saving(
    session: Session, kind: str, save: str | None, query: Query, *, archived: bool = False
) -> Iterator[None]:
    """Keep the filters of the list that is made within as a segment, if a name is given for it."""
    if save is None:
        yield
        return
    from acctcli.book import segments  # most lists are not kept

    segments.check(kind, query, archived=archived)
    yield  # listed first: what cannot be listed is not worth keeping
    session.notice(segments.keep(session, kind, save, query))


def empty_sentence(kind: str, *, filtered: bool) -> str:
    """Return the sentence for an empty list: nothing matches, or how to begin."""
    if filtered:
        return f"No {KINDS[kind].several} match."
    return f"No {KINDS[kind].several} yet. Start with: {KINDS[kind].starts_with}"


def none_in_view(
    kind: str,
    total: int,
    limit: int | None,
    offset: int = 0,
    called: tuple[str, str] | None = None,
) -> str:
    """Return the sentence for a list that only --limit or --offset left empty, else ""."""
    if not total:
        return ""
    in_all = text.plural(total, *(called or (KINDS[kind].one, KINDS[kind].several)))
    if limit == 0:
        return f"Showing 0 of {in_all} (--limit 0)."
    return f"Nothing left at --offset {offset}: there {'is' if total == 1 else 'are'} {in_all}."


def condemned(
    session: Session, con: sqlite3.Connection, kind: str, typed: Sequence[str]
) -> list[lookup.Found]:
    """Return the records that a command is about to destroy, each named in full.

    Every such command uses this and never `session.find`: part of a name would match another record
    when the same command is typed again.
    """
    return session.find_all(con, kind, typed, whole=True)


def tag(
    session: Session, kind: str, named: Sequence[str], add: Sequence[str], remove: Sequence[str]
) -> Done:
    """Add tags to records and remove some; each text may have several, separated by commas."""
    adding, removing = _tags(add), _tags(remove)
    if not adding and not removing:
        raise UsageError("nothing to change: give --add or --remove")
    tags = ListChange("tags", adding, removing, "--add", "--remove")
    return edit(session, kind, named, Given({}, {}, lists=(tags,)))


def _tags(typed: Sequence[str]) -> tuple[str, ...]:
    """Return the tags of an option that takes several."""
    parts = (one.strip() for several in typed for one in several.split(","))
    return tuple(part for part in parts if part.strip("; "))


def with_belongings(con: sqlite3.Connection, kind: str, found: Sequence[lookup.Found]) -> str:
    """Return the names of records, and what would be deleted with them."""
    counts = store.belongings(con, kind, [record.id for record in found])
    return f"{names_of(kind, found)} with {counted(counts)}" if counts else names_of(kind, found)


Refuse = Callable[["sqlite3.Connection", lookup.Found], None]


def snooze(session: Session, kind: str, named: Sequence[str], until: str) -> Done:
    """Leave one or several records out of `today` until a day, in one transaction.

    An appointment would be missed if it was left out: it moves to the day.
    """
    from acctcli.book import appointments  # other commands do without
    from acctcli.values.typed_dates import read_day

    day = read_day(until, session.clock.today, "DAY")
    typed = session.names_given(kind, named)
    with session.write() as tx:
        found = session.find_all(tx.con, kind, typed)
        changed, moved = list[lookup.Found](), list[tuple[lookup.Found, str]]()
        tasks = kind == "task"
        for one in found:
            at = appointments.moved_to(session, tx, one.id, until, day) if tasks else None
            values = {"snoozed_until": dates.iso(day)} if at is None else {"at": at}
            with writing.said_of(one, among=found):
                if store.update(tx, kind, one.id, values):
                    if at is None:
                        changed.append(one)
                    else:
                        moved.append((one, at))
        parts = []
        if changed:
            said = dates.say_day(day, session.clock.today)
            parts.append(f"Snoozed {names_of(kind, changed)} until {said}.")
        if moved:
            when = dates.local(dates.parse_iso_moment(moved[0][1]))
            said = dates.say_day(when.date(), session.clock.today)
            time = f" {when:%H:%M}" if len({at for _, at in moved}) == 1 else ""
            parts.append(f"Moved {names_of(kind, [one for one, _ in moved])} to {said}{time}.")
        says = " ".join(parts) or UNCHANGED
        return done(session, tx, kind, [one.id for one in found], says)


def delete(
    session: Session,
    kind: str,
    named: Sequence[str],
    *,
    yes: bool,
    refuse: Refuse | None = None,
    then: Callable[[Writing], str] | None = None,
) -> Done:
    """Remove records with all they own, after asking; `undo` brings them back.

    `refuse` raises for a record that must stay: before the question, and in the transaction.
    `then` does what follows from the deletion, and returns what to say of it.
    """
    typed_names = session.names_given(kind, named)
    with session.read() as con:
        found = condemned(session, con, kind, typed_names)
        if refuse is not None:
            for record in found:
                refuse(con, record)
        what = with_belongings(con, kind, found)
    session.confirm(f"Delete {what}?", yes=yes)
    with session.write() as tx:
        what = with_belongings(tx.con, kind, found)
        for record in found:
            if tx.read(kind, record.id) is None:
                raise Conflict(
                    f"{text.safe(record.name)} was deleted meanwhile. Nothing was changed"
                )
            if refuse is not None:
                refuse(tx.con, record)
            store.delete(tx, kind, record.id)
        followed = then(tx) if then is not None else ""
        deleted = f"{text.ended(f'Deleted {what}')}{_sent_on(tx, kind)}"
        tx.says = " ".join(filter(None, (deleted, followed)))
        says = f"{tx.says} To undo: acct undo"
        short = {r.id: r.id[-lookup.TAIL :] for r in found}
        return Done([r.id for r in found], short, says, one=len(found) == 1)


def _sent_on(tx: Writing, kind: str) -> str:
    """Return a sentence about people of a deleted account who moved to another one, or ""."""
    if kind != "account":
        return ""
    # The deletion changed them, and they still exist.
    people = [tx.read("contact", id) for id, of in tx.touched.items() if of == "contact"]
    stay = [text.safe(person["name"]) for person in people if person is not None]
    if not stay:
        return ""
    who = text.sentence_list(stay) if len(stay) <= 3 else f"{len(stay):,} people"
    verb = "stays" if len(stay) == 1 else "stay"
    return f" {who} {verb}, at another account."
