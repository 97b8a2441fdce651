"""What every noun does the same way: read what was typed, add, edit, list, delete.

A noun's file adds only what is its own: what a missing value means, what else
changes along. Everything typed is read before the transaction opens; names of
other records are resolved inside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from acctcli import text
from acctcli.book.asked import Given, Query, query_of
from acctcli.cli.kit.session import Session
from acctcli.errors import AcctError, Conflict, Invalid, Missing, NotFound, UsageError
from acctcli.frozen import Frozen
from acctcli.model import KINDS, OWERS, REF, STAGE, TIER, Field
from acctcli.model import named as named_field
from acctcli.render.emit import check_columns
from acctcli.results import Done, Table
from acctcli.store import filters, lookup, queries
from acctcli.store import records as store
from acctcli.store.filters import Condition
from acctcli.values.fields import Reading, as_json, read_field, read_values

if TYPE_CHECKING:
    import sqlite3

    from acctcli.book.lists import Lists
    from acctcli.store.journal import Writing
    from acctcli.store.segments import Segment

Values = dict[str, Any]

UNCHANGED = "Nothing to change: it is so already."
"""What every command says that found all as it should be, and left no trace for `undo`."""

GROUPS = 3
"""Into so many groups an edit of several records is told apart by what changed in each."""


class Read(Frozen):
    """Typed values after reading: references are still text, custom fields stand apart."""

    values: Values
    custom: Values


def read_given(session: Session, kind: str, given: Given, *, currency: str | None = None) -> Read:
    """Read what was typed for one record; `currency` is the one it has already."""
    known = session.fields(kind)
    typed: dict[str, str | list[str]] = dict(given.typed)
    says = dict(given.says)
    for pair in given.custom_typed:
        name, equals, value = pair.partition("=")
        name = name.strip()
        field = named_field(known, name)
        if not equals:
            raise UsageError(f'--set "{text.safe(pair)}" must be written field=value')
        if field is None or not given.offers(field):
            settable = [n for n, f in known.items() if given.offers(f)]
            near = text.near(name, settable, limit=1)
            hint = f" Near: {near[0]}." if near else ""
            raise UsageError(
                f'--set: {kind} has no field "{text.safe(name)}" to set.{hint} '
                f"Known: {', '.join(settable)}"
            )
        if field.name in typed:
            first = typed[field.name]
            first = first if isinstance(first, str) else "; ".join(first)
            by = f" ({says[field.name]})" if field.name in says else ""
            raise UsageError(
                f"{field.name} is given twice: {text.quoted(first)}{by} and "
                f"{text.quoted(value)} (--set {field.name}). Give one"
            )
        typed[field.name] = value
        says[field.name] = f"--set {field.name}"
    found = read_values(known, typed, session.reading, currency=currency, says=says)
    from acctcli.domain.rules import refuse_emptied  # a read does without

    refuse_emptied(kind, found)
    custom = {name: found.pop(name) for name in list(found) if known[name].custom}
    return Read(found, custom)


def read_dated(session: Session, kind: str, typed: str, option: str) -> Values:
    """The text and the day it is due in `Find a champion::fri`; the day may be left out.

    Of a task also whose it is, at the end: `Name their lawyer::fri::them`.
    """
    found: Values = {}
    words, mark, owner = typed.rpartition("::")
    if kind == "task" and mark and owner.strip().lower() in OWERS:
        found["owed_by"] = owner.strip().lower()
        typed = words
    words, mark, day = typed.rpartition("::")
    if not mark:
        return {"text": text.one_line(typed, option), **found}
    what = f"{option} {text.quoted(typed)}: the day"
    due = read_field(KINDS[kind].fields["due"], day, session.reading, what=what)
    return {"text": text.one_line(words, option), "due": due, **found}


def resolve(
    con: sqlite3.Connection, kind: str, found: Values, *, account_id: str | None = None
) -> None:
    """Turn the names of other records into their ids, in place; those of `account_id` win."""
    # The account first: the others are looked for near it.
    for name, value in sorted(found.items(), key=lambda item: item[0] != "account"):
        field = KINDS[kind].fields.get(name)
        if field is None or field.type != REF or value in (None, ()):
            continue
        near = account_id or found.get("account")
        typed = value if field.many else (value,)
        ids = tuple(_resolve_one(con, field, one, near) for one in typed)
        found[name] = ids if field.many else ids[0]


def _resolve_one(con: sqlite3.Connection, field: Field, typed: str, near: str | None) -> str:
    if near is not None and field.target in ("contact", "deal", "log", "review"):
        return lookup.find_near_account(con, field.target, typed, near).id
    return lookup.find(con, field.target, typed).id


def insert(
    tx: Writing,
    kind: str,
    read: Read,
    *,
    duplicate: bool = False,
    options: Mapping[str, str] | None = None,
) -> str:
    """Add one record whose references are resolved, unless another one has its address.

    `options` says by field which options of a command of another kind fill it.
    """
    if not duplicate:
        store.refuse_twin(tx, kind, read.values)
    return store.insert(tx, kind, read.values, read.custom, options=options)


def edit(
    session: Session,
    kind: str,
    named: Sequence[str],
    given: Given,
    *,
    duplicate: bool = False,
) -> Done:
    """Change the same fields of one or several records, in one transaction.

    Without anything given, one record is opened as a form in the editor.
    """
    from acctcli.cli.kit import form

    typed_names = session.names_given(kind, named)
    change = _Change(session, kind, duplicate)
    if not given.empty:
        return change.apply(typed_names, given, {})
    if len(typed_names) != 1:
        raise UsageError(f"a form is for one {kind}; to change several, give options")
    with session.read() as con:
        found = session.find(con, kind, typed_names[0])
        row = queries.get(con, kind, session.fields(kind), found.id)
    filled = form.ask(session, kind, row, given)
    if filled is None:
        return Done([], {}, f"{names_of(kind, [found])} was left as it was.")
    with form.kept_if_refused(session, kind, filled.text):
        return change.apply([found.id], filled.given, row)


class _Change(Frozen):
    """The edit of one command, before it is known what was typed."""

    session: Session
    kind: str
    duplicate: bool

    def apply(self, named: Sequence[str], given: Given, shown: Mapping[str, Any]) -> Done:
        """Do it to every named record; `shown` is what a form showed of the record before."""
        session, kind = self.session, self.kind
        from acctcli.book.lists import Lists  # a list or a page does without

        changed: dict[str, tuple[str, ...]] = {}
        lists = Lists(session, kind, given)
        with session.write() as tx:
            found = session.find_all(tx.con, kind, named)
            for record in found:
                row = queries.get(tx.con, kind, session.fields(kind), record.id)
                refuse_overtaken(row, shown, given.typed)
                with said_of(record, among=found), lacking(kind, given, form=bool(shown)):
                    before = self._one(tx, record, row, given, lists)
                if before:
                    lists.replaced(row, before)
                    changed[record.id] = tuple(before)
            lists.refuse_absent()
            says = changed_sentence(kind, found, changed, lists.says)
            return done(session, tx, kind, [r.id for r in found], says)

    def _one(
        self,
        tx: Writing,
        record: lookup.Found,
        row: Mapping[str, Any],
        given: Given,
        lists: Lists,
    ) -> dict[str, Any]:
        kind = self.kind
        read = read_given(self.session, kind, given, currency=row.get("currency"))
        resolve(tx.con, kind, read.values, account_id=record.account_id)
        lists.change(tx.con, record, row, read.values)
        if not self.duplicate:
            stands = {n: _as_row(row, kind, n) for n in read.values}
            new = {n: lists.new(stands[n], v) for n, v in read.values.items() if stands[n] != v}
            store.refuse_twin(tx, kind, new, own_id=record.id)
        return store.update(tx, kind, record.id, read.values, read.custom)


@contextmanager
def said_of(record: lookup.Found, *, among: Sequence[lookup.Found]) -> Iterator[None]:
    """Have an error say which of several records it is about."""
    try:
        yield
    except Invalid as error:
        if len(among) > 1:
            error.message = f"{text.safe(record.name or record.id)}: {error.message}"
        raise


@contextmanager
def lacking(kind: str, given: Given, *, form: bool = False) -> Iterator[None]:
    """Have the refusal of a record that lacks a field name the way to give it."""
    try:
        yield
    except Missing as error:
        flag = given.says.get(error.field) or KINDS[kind].fields[error.field].options[0]
        error.message += f". {'Fill in ' + error.field if form else f'Give {flag}'}"
        raise


def refuse_overtaken(
    row: Mapping[str, Any], shown: Mapping[str, Any], names: Iterable[str]
) -> None:
    """Refuse a form if somebody else changed one of these fields while it was open."""
    for name in names:
        if shown and shown.get(name) != row.get(name):
            raise Conflict(f"{name.replace('_', ' ')} was changed meanwhile by another command")


def _as_row(row: Mapping[str, Any], kind: str, name: str) -> Any:
    field = KINDS[kind].fields[name]
    return row.get(field.id_name if field.type == REF else name)


def changed_sentence(
    kind: str,
    found: Sequence[lookup.Found],
    changed: Mapping[str, tuple[str, ...]],
    more: Callable[[str], str] = lambda name: "",
) -> str:
    """What an edit did, in words: `Changed tier, emails of Mei Tan (emails: was mei@x.sg).`.

    `changed` has the fields of each record, by its id, that were not so before; `more` gives
    what else is to be said of a field.
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
    return f"Changed {text.sentence_list(parts, GROUPS)}{beside}."


def _labels(names: Iterable[str]) -> str:
    return ", ".join(name.replace("_", " ") for name in names)


def names_of(kind: str, found: Sequence[lookup.Found]) -> str:
    """`GreenTech Ltd`, or `31 accounts` where there are many."""
    if len(found) > 3:
        return text.plural(len(found), KINDS[kind].name, KINDS[kind].plural)
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
    """The result of a write, with the records as they stand now; also writes the history.

    What is said `beside`, of other records, is no part of the history, nor of an undo.
    """
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


def conditions_of(
    session: Session, con: sqlite3.Connection, kind: str, query: Query
) -> list[Condition]:
    """The SQL conditions of a list's filters, those of its segment included."""
    queries.add_functions(con)
    known = session.fields(kind)
    reading = reading_in(session, con)
    found = []
    if query.segment is not None:
        found = conditions_of_segment(session, con, _segment(con, query.segment))
    if query.where:
        from acctcli.store import where_sql  # brings the parser along

        found += [where_sql.compile_text(typed, kind, known, reading) for typed in query.where]
    by_field: dict[str, list[Condition]] = {}
    for name, typed, flag in query.filters:
        field = known[name]
        alternatives = by_field.setdefault(name, [])
        if field.type == REF:
            ids = _ids_named(con, field.target, typed)
            alternatives += [filters.points_to(kind, field, id) for id in ids]
        else:
            alternatives += [
                filters.test(kind, field, "=", one.strip(), reading, what=flag)
                for one in typed.split(",")
            ]
    found += [filters.any_of(alternatives) for alternatives in by_field.values()]
    return found


def _segment(con: sqlite3.Connection, name: str) -> Segment:
    from acctcli.store import segments  # most lists have none

    return segments.find(con, name)


def conditions_of_segment(
    session: Session, con: sqlite3.Connection, segment: Segment
) -> list[Condition]:
    """The SQL conditions of a saved list. Errors say that it is one that does not fit any more."""
    try:
        return conditions_of(session, con, "account", query_of("account", segment.filters))
    except AcctError as error:
        error.message = f"segment {text.safe(segment.name)}: {error.message}"
        raise


def reading_in(session: Session, con: sqlite3.Connection) -> Reading:
    """The reading of a filter's values: the names of records are looked up in the open book."""
    return session.reading.replace(find=lambda kind, typed: lookup.find(con, kind, typed).id)


def _ids_named(con: sqlite3.Connection, kind: str, typed: str) -> list[str]:
    """The ids of the records in a list of names; `Smith, Ltd` may also be one name."""
    try:
        return [lookup.find(con, kind, typed).id]
    except NotFound:
        if "," not in typed:
            raise
    return [lookup.find(con, kind, one).id for one in typed.split(",")]


def whole(
    session: Session,
    con: sqlite3.Connection,
    kind: str,
    *fitting: Condition,
    limit: int | None = None,
) -> list[dict[str, Any]]:
    """The records of a kind that fit, as JSON objects: a part of some page."""
    known = session.fields(kind)
    listing = queries.Listing(fitting, limit=limit)
    rows = queries.select(con, kind, known, listing, as_stored=True)
    return [as_json(known, row) for row in rows]


def table(
    session: Session,
    kind: str,
    query: Query,
    *,
    more: Sequence[Condition] = (),
    names: Sequence[str] | None = None,
    footer: str = "",
) -> Table:
    """The result of a `list` command."""
    known = session.fields(kind)
    all_names = [n for n, f in known.items() if not f.derived]
    shown = list(names or KINDS[kind].table)
    with session.read() as con:
        conditions = [*more, *conditions_of(session, con, kind, query)]
        if query.segment is not None:
            query = _as_saved(session, con, query)
        output = session.output
        if output.columns:
            wanted: Sequence[str] = check_columns(output.columns, known)
        elif output.format in ("json", "jsonl", "csv"):
            wanted = all_names
        elif output.format == "ids":
            wanted = ("id",)
        else:
            wanted = shown
        ranks = {TIER: session.config.tiers, STAGE: [s.name for s in session.config.stages]}
        listing = queries.Listing(conditions, query.sort, query.limit, query.offset, ranks)
        rows = queries.select(con, kind, known, listing, names=wanted, as_stored=True)
        people = output.format in (None, "table", "md")
        short = lookup.short_ids(con, kind, [r["id"] for r in rows]) if people else {}
    return Table(
        kind,
        KINDS[kind].plural,
        known,
        rows,
        shown,
        all_names,
        short,
        footer,
        empty_sentence(kind, filtered=query.narrows or query.offset > 0),
        session.clock.today,
    )


def _as_saved(session: Session, con: sqlite3.Connection, query: Query) -> Query:
    """A query with the order of its segment, whose columns are shown; unless others are asked."""
    kept = query_of("account", _segment(con, query.segment or "").filters)
    if session.output.columns is None and kept.columns:
        session.output = session.output.replace(columns=kept.columns)
    return query.replace(sort=query.sort or kept.sort)


_START = {
    "account": "acct account add NAME",
    "contact": "acct contact add NAME --account ACCOUNT",
    "log": 'acct log call ACCOUNT "what was said"',
    "task": 'acct task add ACCOUNT "what is to be done" --due fri',
    "deal": "acct deal add ACCOUNT TITLE --amount 10k",
    "purchase": "acct purchase add ACCOUNT AMOUNT",
    "product": "acct product add NAME",
    "review": "acct review run ACCOUNT",
}
"""The command that makes the first record of a kind."""


def empty_sentence(kind: str, *, filtered: bool) -> str:
    """What is said where a list has no rows: that none fits, or how to begin."""
    if filtered:
        return f"No {KINDS[kind].name} fits."
    return f"No {KINDS[kind].plural} yet. Start with: {_START[kind]}"


def condemned(
    session: Session, con: sqlite3.Connection, kind: str, typed: Sequence[str]
) -> list[lookup.Found]:
    """The records that a command is about to destroy; it names each in full.

    Every such command looks its records up here, never by `session.find`: a part of a name
    would mean the next record when the same command is typed again.
    """
    return session.find_all(con, kind, typed, whole=True)


COUNTED = {
    "log": ("log entry", "log entries"),
    "affiliation": ("link", "links"),
    "deal_contact": ("part in a deal", "parts in deals"),
}
"""What rows are called that a sentence counts, where that is not the name of their kind."""


def counted(counts: Mapping[str, int]) -> str:
    """`3 contacts, 2 deals and 14 log entries`."""
    said = [
        text.plural(count, *COUNTED.get(table, (KINDS[table].name, KINDS[table].plural)))
        for table, count in counts.items()
    ]
    return text.sentence_list(said, len(said))


def with_belongings(con: sqlite3.Connection, kind: str, found: Sequence[lookup.Found]) -> str:
    """The names of records, and what would go with them if they were deleted."""
    counts = store.belongings(con, kind, [record.id for record in found])
    return f"{names_of(kind, found)} with {counted(counts)}" if counts else names_of(kind, found)


Refuse = Callable[["sqlite3.Connection", lookup.Found], None]


def delete(
    session: Session,
    kind: str,
    named: Sequence[str],
    *,
    yes: bool,
    refuse: Refuse | None = None,
) -> Done:
    """Remove records with all they own, after asking; `undo` brings them back.

    `refuse` raises for a record that must stay: before the question, and at the deed.
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
        tx.says = f"Deleted {what}.{_sent_on(tx, kind)}"
        says = f"{tx.says} Back with: acct undo"
        short = {r.id: r.id[-lookup.TAIL :] for r in found}
        return Done([r.id for r in found], short, says, one=len(found) == 1)


def _sent_on(tx: Writing, kind: str) -> str:
    """A sentence on the people of a deleted account who are at another one by now, if any."""
    if kind != "account":
        return ""
    # The deletion touched them, and they are still there.
    people = [tx.read("contact", id) for id, of in tx.touched.items() if of == "contact"]
    stay = [text.safe(person["name"]) for person in people if person is not None]
    if not stay:
        return ""
    who = text.sentence_list(stay) if len(stay) <= 3 else f"{len(stay):,} people"
    verb = "stays" if len(stay) == 1 else "stay"
    return f" {who} {verb}, at another account."
