"""Mail as rows of an import: messages become interactions, their people and companies records.

`interop` reads the files, and `correspondence` decides which accounts a message belongs to. From
there on, mail is imported like any other file. Nothing is downloaded, and of attachments only the
names are kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from itertools import islice
from pathlib import Path
from typing import Any

from acctcli import extras, text
from acctcli.book.context import Context
from acctcli.book.imports import options
from acctcli.book.imports.attendees import AddressBook, to_add
from acctcli.book.imports.correspondence import AMONG_US, COLUMNS, NOBODY, Correspondence, Gathered
from acctcli.book.imports.recipe import Asked, FoundMail, ImportPlan, Loaded, Stranger
from acctcli.errors import Invalid, UsageError
from acctcli.interop import mailtext
from acctcli.interop.mailfile import MailFile, read_mail
from acctcli.interop.mailmessage import REPLY, UNSENT, read_message
from acctcli.interop.rows import BadRow, FileRow, FileTable, KeptRows
from acctcli.recipes import Recipe
from acctcli.spool import Spool
from acctcli.store import messages
from acctcli.values import identity

Advance = Callable[[int], None]

Watched = Callable[[int, str], AbstractContextManager[Advance]]
"""Shows the progress of reading: (number of messages, name) → what takes the messages done."""

_FOR_MAIL = frozenset(("kind", "default", "create_accounts", "create_contacts", "duplicate"))
"""Options that mail takes."""

FROM_MAIL = "mail"
"""The format of rows that are made of the addresses in messages."""

_SAMPLE = 500  # messages in which the user's own address is looked for


def unwatched(count: int, name: str) -> AbstractContextManager[Advance]:
    """Show no progress."""
    return nullcontext(lambda done: None)


def load(
    context: Context, paths: Sequence[Path], asked: Asked, watched: Watched = unwatched
) -> list[Loaded]:
    """Read files of mail; returns their messages as rows, after the people whom they add.

    Raises `UsageError` for an option that is not for mail, and if `me.emails` is empty: without it,
    nobody can tell which messages went out.
    """
    _refuse_options(asked)
    files = [read_mail(path) for path in paths]
    own: tuple[str, ...] = context.config["me.emails"]
    if not own:
        raise UsageError(_who_are_you(files))
    with context.read() as con:
        book = AddressBook(con, own)
        kept, deleted = messages.kept(con), messages.deleted(con)
    fields = context.fields("log")
    defaults, _ = options.defaults(asked.default, "log", fields)
    correspondence = Correspondence(
        book,
        kept,
        deleted,
        context.clock,
        create_accounts=asked.create_accounts,
        create_contacts=asked.create_contacts,
        has_date="at" in defaults,
    )
    recipe = Recipe(
        kind="log",
        fields=fields,
        columns={name: (name,) for name in COLUMNS if name != messages.KEY},
        defaults=defaults,
        key=messages.KEY,
        own=True,
        lists_added=frozenset(("contacts",)),
    )
    loaded = [
        _load(path, file, recipe, correspondence, watched)
        for path, file in zip(paths, files, strict=True)
    ]
    return [*_added(context, correspondence, [one.name for one in loaded]), *loaded]


def _refuse_options(asked: Asked) -> None:
    said = [name for name in asked.given() if name not in _FOR_MAIL]
    if said:
        it = "it" if len(said) == 1 else "them"
        raise UsageError(f"{options.flags(said)}: not for mail. Leave {it} out")
    if asked.kind not in ("", "log", "logs"):
        raise UsageError(f"--as {text.safe(asked.kind)}: messages become interactions (--as log)")
    others = [pair for pair in asked.default if options.about(pair) != "at"]
    if others:
        raise UsageError(f"--default {text.safe(others[0])}: mail takes only --default at=")


def _who_are_you(files: Sequence[MailFile]) -> str:
    """Return the error for `me.emails` that is empty, with the address that most messages have."""
    found: Counter[str] = Counter()
    for file in files:
        for read, _ in islice(file.open_messages(), _SAMPLE):
            try:
                message = read_message(read())
            except Invalid:
                continue
            people = {one.address.lower() for one in (message.sender, *message.recipients)}
            found.update(address for address in people if identity.identifies("email", address))
    says = "mail needs your own addresses, to tell what you sent from what you got"
    first, second = (*found.most_common(2), ("", 0), ("", 0))[:2]
    address = text.shell_word(first[0])
    if not address or first[1] == second[1]:
        return f"{says}. Set them: acct config set me.emails"
    return f"{says}. If the address in most messages is yours: acct config set me.emails {address}"


def _load(
    path: Path,
    file: MailFile,
    recipe: Recipe,
    correspondence: Correspondence,
    watched: Watched,
) -> Loaded:
    """Read the messages of one file into rows that are kept for reading them again."""
    rows = Spool[FileRow | BadRow](_packed, _unpacked)
    gathered = Gathered()
    with watched(file.count, file.name) as advance:
        for number, (read, unsent) in enumerate(file.open_messages(), 1):
            advance(1)
            if unsent:
                gathered.left_out[UNSENT] += 1
                continue
            try:
                message = read_message(read())
            except Invalid as error:
                rows.append(BadRow(number, error.message, [], None))
                continue
            for row in correspondence.rows(number, message, gathered):
                rows.append(row)
    table = FileTable(
        COLUMNS,
        file.form,
        None,
        file.notes,
        len(rows),
        lambda: iter(rows),
        KeptRows(file.name, file.form),
        counted_in="message",
    )
    strangers = _strangers(gathered.strangers, correspondence)
    found = FoundMail(file.count, dict(gathered.left_out.most_common()), strangers)
    return Loaded(path, file.name, table, ImportPlan(recipe, [], _notes(gathered), mail=found))


def _packed(row: FileRow | BadRow) -> tuple[Any, ...]:
    return (isinstance(row, FileRow), *row)


def _unpacked(packed: tuple[Any, ...]) -> FileRow | BadRow:
    readable, *values = packed
    return FileRow(*values) if readable else BadRow(*values)


# Whom the messages name


def _added(
    context: Context, correspondence: Correspondence, names: Sequence[str]
) -> Iterator[Loaded]:
    """Yield the accounts and people that messages name and that are to be added."""
    name = text.sentence_list(names)
    accounts = [
        {"id": one.id, "name": one.address, "website": one.address}
        for one in correspondence.accounts.values()
    ]
    people = [
        {
            "id": one.id,
            "name": correspondence.name_of(one.address),
            "emails": one.address,
            "account_id": one.account_id,
        }
        for one in correspondence.people.values()
    ]
    for kind, rows, place in (("account", accounts, "domain"), ("contact", people, "person")):
        if rows:
            yield _of_records(context, name, kind, rows, place)


def _of_records(
    context: Context, name: str, kind: str, rows: Sequence[dict[str, str]], place: str
) -> Loaded:
    columns = [*rows[0]]
    recipe = Recipe(
        kind=kind,
        fields=context.fields(kind),
        columns={column: (column,) for column in columns},
        own=True,
        lists_added=frozenset(("emails",)),
    )

    def records() -> Iterator[FileRow]:
        for number, row in enumerate(rows, 1):
            yield FileRow(number, dict(row))

    original = KeptRows(name, FROM_MAIL)
    table = FileTable(columns, FROM_MAIL, None, [], len(rows), records, original, counted_in=place)
    return Loaded(None, name, table, ImportPlan(recipe, [], []))


# What to say


def _strangers(found: Counter[str], correspondence: Correspondence) -> list[Stranger]:
    """Return the unknown domains and addresses, each with the command that adds it."""
    ordered = sorted(found.items(), key=lambda one: (-one[1], one[0]))
    return [Stranger(who, count, _command(who, correspondence)) for who, count in ordered]


def _command(who: str, correspondence: Correspondence) -> str:
    if "@" not in who and correspondence.is_of_several(who):
        return "acct account dupes"
    return to_add(who, correspondence.name_of(who))


def _notes(gathered: Gathered) -> list[str]:
    """Return what was found and left out, in sentences."""
    found = []
    if gathered.left_out:
        counts = [
            text.plural(count, why, _PLURALS.get(why))
            for why, count in gathered.left_out.most_common()
        ]
        found.append(f"left out: {text.sentence_list(counts, len(counts))}")
    if gathered.repeated:
        found.append(f"{text.plural(gathered.repeated, 'message')} there already counted once")
    if gathered.other_content:
        found.append(
            f"{text.plural(gathered.other_content, 'message')} with the Message-ID of another one "
            "and another sender or date left out"
        )
    if gathered.deleted:
        found.append(f"{text.plural(gathered.deleted, 'message')} that you deleted here left out")
    if gathered.by_received:
        found.append(
            f"{text.plural(gathered.by_received, 'message')} without a usable date: "
            "the day of receipt counts"
        )
    if gathered.with_deal:
        found.append(
            f"{text.plural(gathered.with_deal, 'message')} linked to the deal of the message "
            "they answer"
        )
    if gathered.cut:
        found.append(
            f"{text.plural(gathered.cut, 'text')} cut after {mailtext.LONGEST:,} characters"
        )
    if gathered.markup_lost:
        found.append(f"{text.plural(gathered.markup_lost, 'message')} in HTML kept without text")
    if gathered.matched and not mailtext.has_library():
        found.append(
            "quoted mail and signatures are cut at their standard marks only (>, --). To read all "
            f"mail well, install:\n{extras.to_install('mail')}"
        )
    if gathered.newcomers:
        found.append(_say_newcomers(gathered.newcomers))
    return found


_PLURALS = {
    REPLY: "automatic replies",
    AMONG_US: "messages among your own addresses",
    NOBODY: "messages without a sender or recipient",
}


def _say_newcomers(found: Mapping[str, int]) -> str:
    ordered = sorted(found, key=lambda one: (-found[one], one))
    listed = text.sentence_list([f"{text.safe(one)} ({found[one]:,})" for one in ordered], 4)
    count = text.plural(len(found), "person", "people")
    verb = "is not a contact" if len(found) == 1 else "are not contacts"
    return f"{count} at your accounts {verb}: {listed}. To add them: --create-contacts"
