"""`acct contact`: the people at the accounts, and where they move."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from acctcli import text
from acctcli.book import writing
from acctcli.book.asked import Given, Query
from acctcli.cli.kit import nouns, offers, options
from acctcli.cli.kit.commands import Noun
from acctcli.cli.kit.options import Duplicate, Yes
from acctcli.cli.kit.session import Session
from acctcli.errors import Invalid, UsageError
from acctcli.model import KINDS, Row
from acctcli.results import Done, FileText, Page, Table
from acctcli.store import lookup, people, queries
from acctcli.values.dates import in_full, iso, say_day
from acctcli.values.fields import read_values

if TYPE_CHECKING:
    from acctcli.store.journal import Writing

noun = Noun(
    "contact",
    "The people at your accounts.",
    elsewhere={"map": "map", "dupes": "dupes", "merge": "dupes", "segments": "segments"},
)

FIELDS = KINDS["contact"].fields

People = Annotated[list[str], options.arguments("contact")]
OnePerson = Annotated[str, options.argument("contact", "Contact name, email, phone or id.")]


def _text_option(*flags: str, field: str, help: str) -> Any:
    """Declare an option like a field of contacts, for commands that do not take all fields."""
    return typer.Option(
        *flags,
        help=help,
        show_default=False,
        autocompletion=offers.values("contact", FIELDS[field]),
    )


def _day_option(*flags: str, help: str) -> Any:
    return typer.Option(
        *flags,
        help=help,
        metavar="DAY",
        show_default=False,
        autocompletion=offers.values("contact", FIELDS["since"]),
    )


def _account_option(flag: str, help: str) -> Any:
    return typer.Option(
        flag,
        help=help,
        metavar="ACCOUNT",
        show_default=False,
        autocompletion=offers.records("account"),
    )


Title = Annotated[str | None, _text_option("--title", field="title", help="Job title there.")]
Role = Annotated[
    str | None, _text_option("--role", field="role", help="Role in the buying group there.")
]


@noun.command(
    "add",
    examples=[
        'acct contact add "Mei Tan" --account greentech --title CFO --email mei@greentech.sg',
        'acct contact add "Raj Nair" --account greentech --role technical-buyer --reports-to mei',
    ],
)
def add(
    session: Session,
    name: Annotated[str, typer.Argument(help="Full name.", show_default=False)],
    given: Given = options.fields("contact", skip=("name",)),
    duplicate: Duplicate = False,
) -> Done:
    """Add a contact. Only the name is needed; a terminal asks for the account."""
    if "account" not in given.typed and session.interactive:
        given = _asked_account(session, given)
    read = writing.read_given(session, "contact", given.plus(name=name))
    with session.write() as tx:
        namesakes = lookup.namesakes(tx.con, "contact", read.values["name"])
        id = writing.insert(tx, "contact", read, duplicate=duplicate)
        row = queries.get(tx.con, "contact", FIELDS, id)
        days = nouns.with_days(session, "contact", read)
        says = f"Added contact {_with_place(row)}{days}."
        beside = [_of_the_same_name(namesakes)]
        if read.values.get("primary"):
            from acctcli.book import places  # most people are not primary

            beside.insert(0, places.only_primary(tx, id))
        said = " ".join(filter(None, beside))
        hint = ""
        if row["account"] is None:
            short = lookup.short_ids(tx.con, "contact", [id])[id]
            hint = f"To say where they work: acct contact edit {short} --account"
        return nouns.done(session, tx, "contact", [id], says, beside=said, hint=hint)


def _asked_account(session: Session, given: Given) -> Given:
    """Ask a person on a terminal where the contact works, which may be nowhere yet."""
    from acctcli.cli.kit import asking  # usually it is given

    if account := asking.optional_record(session, "account", "At which account? Enter for none"):
        return given.plus(account=account)
    return given


@noun.command(
    "list",
    reads=True,
    examples=[
        "acct contact list --account greentech",
        "acct contact list --role economic-buyer,champion --sort last_touch",
        'acct contact list --where "stance in (skeptic, opponent)" -f csv > worries.csv',
        "acct contact list --role champion --where 'last_touch < -30d' --save 'quiet champions'",
        "acct contact list --segment 'quiet champions' -f ids | acct contact tag - --add call",
        "acct contact list --account greentech -f vcf > greentech.vcf",
    ],
)
def list_(
    session: Session,
    query: Query = options.listing(
        *("contact", "account", "role", "influence", "stance", "department", "tags"),
        formats=("vcf",),
    ),
    save: Annotated[str | None, options.save("contact")] = None,
) -> Table | FileText:
    """List contacts. --account includes people linked to it from other accounts.

    -f vcf writes contact cards with all fields, for a phone or an address book.
    """
    with nouns.saving(session, "contact", save, query):
        table = nouns.table(session, "contact", query, footer="Details: acct contact show")
    if session.output.format != "vcf":
        return table
    from acctcli.book.exports import cards  # most lists are tables

    with session.read() as con:
        return FileText(list(cards.written(session, con, table.rows)))


@noun.command(
    "show",
    reads=True,
    examples=[
        "acct contact show mei",
        "acct contact show mei@greentech.sg -f json",
        "acct contact show mei -f vcf > mei.vcf",
        "acct contact show mei --qr",
    ],
    formats=("vcf",),
)
def show(
    session: Session,
    contact: OnePerson,
    qr: Annotated[
        bool, typer.Option("--qr", help="Show a QR code that adds the contact to a phone.")
    ] = False,
) -> Page | FileText:
    """Show a contact: current and past accounts, deals, latest interactions, open tasks."""
    if qr or session.output.format == "vcf":
        return _card(session, contact, qr=qr)
    from acctcli.book.people import person  # a list does not need it

    with session.read() as con:
        data = person(session, con, session.find(con, "contact", contact).id)
    return Page(data, "people:contact", session.clock.today)


def _card(session: Session, contact: str, *, qr: bool) -> Page | FileText:
    """Return the card of a contact: all of it as text, or the small one as a picture."""
    from acctcli.book.exports import cards  # most pages are none

    with session.read() as con:
        id = session.find(con, "contact", contact).id
        row = queries.get(con, "contact", session.fields("contact"), id)
        if not qr:
            return FileText(list(cards.written(session, con, [row])))
        if session.output.format == "vcf":
            raise UsageError("--qr and --format vcf are two forms of a card: give only one")
        data = {"id": id, "name": row["name"], "card": cards.brief(con, row)}
    return Page(data, "qr:draw", session.clock.today)


@noun.command(
    "edit",
    examples=[
        "acct contact edit mei --stance champion --influence high",
        "acct contact edit mei --add-email m.tan@greentech.sg",
        "acct contact list --account condax -f ids | acct contact edit - --department Finance",
        "acct contact edit mei",
    ],
)
def edit(
    session: Session,
    contacts: People,
    given: Given = options.fields("contact", clears=True),
    duplicate: Duplicate = False,
) -> Done:
    """Edit fields. Without options, the contact opens as a form in your editor.

    --account corrects a wrong account, and forgets the old one. If the person changed companies,
    use `acct contact move`, which keeps both.
    """
    return nouns.edit(session, "contact", contacts, given, duplicate=duplicate)


@noun.command(
    "tag",
    examples=[
        "acct contact tag mei raj --add webinar,newsletter",
        "acct contact list --account condax -f ids | acct contact tag - --remove webinar",
    ],
)
def tag(
    session: Session,
    contacts: People,
    add: Annotated[list[str], options.tags_to_add("contact")] = [],
    remove: Annotated[list[str], options.tags_to_remove("contact")] = [],
) -> Done:
    """Add tags to contacts, or remove them."""
    return nouns.tag(session, "contact", contacts, add, remove)


@noun.command(
    "move",
    examples=[
        "acct contact move mei --to kan-code --title CFO",
        'acct contact move "Raj Nair" --to condax --role champion --on 2026-11-01',
    ],
)
def move(
    session: Session,
    contacts: People,
    to: Annotated[str, _account_option("--to", "The account where they work now.")],
    title: Title = None,
    role: Role = None,
    on: Annotated[str, _day_option("--on", help="The day they moved. Default: today.")] = "today",
) -> Done:
    """Move contacts to a new company, and keep the old one with its dates."""
    day = _past_day(session, on, "--on")
    new = _read(session, title=title, role=role)
    namesakes: list[str] = []

    def change(tx: Writing, row: Row, account_id: str) -> None:
        people.move(tx, row, account_id, **new, on=iso(day))
        namesakes.extend(lookup.namesakes(tx.con, "contact", row["name"], but=row["id"]))

    def says(who: str, where: str, before: Sequence[Row]) -> str:
        sentence = f"{who} {'is' if len(before) == 1 else 'are'} now at {where}"
        left = {row["account"] for row in before}
        until = f"until {say_day(day, session.clock.today)}"
        if left == {before[0]["account"]} and before[0]["account"]:
            sentence += f"; at {text.safe(before[0]['account'])} {until}"
        elif left != {None}:
            places = [
                f"{text.safe(row['name'])} at {text.safe(row['account'])}"
                for row in before
                if row["account"]
            ]
            sentence += f"; {text.sentence_list(places)} {until}"
        return f"{sentence}. {_of_the_same_name(namesakes)}".rstrip()

    return _change_place(session, contacts, to, change, says)


@noun.command(
    "link",
    examples=[
        "acct contact link mei --account kan-code --role coach",
        "acct contact link mei --account condax --from 2019-04-01 --to 2022-03-31",
    ],
)
def link(
    session: Session,
    contacts: People,
    account: Annotated[str, _account_option("--account", "Account to link them to.")],
    title: Title = None,
    role: Role = None,
    from_: Annotated[str | None, _day_option("--from", help="First day of the link.")] = None,
    to: Annotated[str | None, _day_option("--to", help="Last day, if the link has ended.")] = None,
) -> Done:
    """Link contacts to another account besides their own."""
    first = _past_day(session, from_, "--from") if from_ else None
    last = _past_day(session, to, "--to") if to else None
    if first and last and first > last:
        raise Invalid(f"--from {in_full(first)} is after --to {in_full(last)}. Change one of them")
    new = _read(session, title=title, role=role)
    from_on, to_on = (iso(day) if day else None for day in (first, last))

    def change(tx: Writing, row: Row, account_id: str) -> None:
        people.link(tx, row, account_id, **new, from_on=from_on, to_on=to_on)

    def says(who: str, where: str, _: Sequence[Row]) -> str:
        days = [
            f" {word} {say_day(day, session.clock.today)}"
            for word, day in (("from", first), ("until", last))
            if day
        ]
        return f"Linked {who} to {where}{''.join(days)}."

    return _change_place(session, contacts, account, change, says)


@noun.command(
    "unlink",
    examples=[
        "acct contact unlink 'Mei Tan' --account kan-code",
        "acct contact unlink mei@greentech.sg --account kan-code --on 2026-10-31",
        "acct contact unlink 'Mei Tan' --account kan-code --forget",
    ],
)
def unlink(
    session: Session,
    contacts: Annotated[list[str], options.whole_names("contact")],
    account: Annotated[
        str, _account_option("--account", "The account they have left, by whole name or id.")
    ],
    on: Annotated[
        str | None, _day_option("--on", help="Last day of the link. Default: today.")
    ] = None,
    forget: Annotated[
        bool,
        typer.Option(
            "--forget", help="Remove the link as a mistake, earlier links to the account included."
        ),
    ] = False,
) -> Done:
    """End a contact's link to another account, and keep it as history."""
    if forget and on is not None:
        raise UsageError("--on and --forget contradict each other: give only one")
    day = _past_day(session, on or "today", "--on")

    def change(tx: Writing, row: Row, account_id: str) -> None:
        if forget:
            people.forget_links(tx, row, account_id)
        else:
            people.unlink(tx, row, account_id, on=iso(day))

    def says(who: str, where: str, _: Sequence[Row]) -> str:
        if forget:
            return f"Removed every link of {who} to {where}."
        when = "" if day == session.clock.today else f" on {say_day(day, session.clock.today)}"
        return f"Ended the link of {who} to {where}{when}."

    return _change_place(session, contacts, account, change, says, whole=True)


@noun.command(
    "delete",
    examples=[
        "acct contact delete 'Mei Tan'",
        "acct contact delete mei@greentech.sg --erase",
        "acct contact list -w 'not account ~ a' -f ids | acct contact delete - --yes",
    ],
)
def delete(
    session: Session,
    contacts: Annotated[list[str], options.whole_names("contact")],
    erase: Annotated[
        bool,
        typer.Option(
            "--erase", help="Erase for good from book, history and backups. Cannot be undone."
        ),
    ] = False,
    yes: Yes = False,
) -> Done:
    """Delete contacts. Their interactions stay with the account; `undo` brings them back.

    --erase cannot be undone: it removes the person from the history and all backups too,
    and replaces their full name in texts by [erased].
    """
    if erase:
        return _erase(session, contacts, yes=yes)
    return nouns.delete(session, "contact", contacts, yes=yes)


def _erase(session: Session, named: Sequence[str], *, yes: bool) -> Done:
    from acctcli.store import erase
    from acctcli.store.sync.machine import is_shared

    typed = session.names_given("contact", named)
    with session.read() as con:
        found = nouns.condemned(session, con, "contact", typed)
        what = nouns.with_belongings(con, "contact", found)
    names = nouns.names_of("contact", found)
    session.confirm(
        f"Erase {what} from the book, its history and all its backups? No undo brings them back.",
        yes=yes,
    )
    ids = [person.id for person in found]
    now = iso(session.clock.now)
    fields = session.config.custom.get("contact", {}).values()
    common = {choice for field in fields for choice in field.choices}
    done = erase.contacts(
        session.book, ids, now=now, who=session.who, common=common, notice=session.notice
    )
    says = (
        f"Erased {names}, for good: named in {text.plural(done.mentions, 'other text')}, "
        f"{text.plural(done.backups, 'backup')} rewritten."
    )
    if done.left:
        says += f" The same name also belongs to: {text.sentence_list(done.left)}."
    if done.elsewhere:
        files = text.sentence_list([text.safe(file) for file in done.elsewhere], 20)
        says += f" Your own files still name them; delete them yourself: {files}."
    says += " acct cannot find copies and exports in other places."
    if is_shared(session.book):
        says += (
            " The other machines erase them too when they sync, with the contacts that were merged "
            "with them there: acct sync now"
        )
    short = {id: id[-lookup.TAIL :] for id in ids}
    return Done(ids, short, says, one=len(ids) == 1)


def _change_place(
    session: Session,
    contacts: Sequence[str],
    account: str,
    change: Callable[[Writing, Row, str], None],
    says: Callable[[str, str, Sequence[Row]], str],
    *,
    whole: bool = False,
) -> Done:
    """Change the accounts of people: `change` is called for each, with the id of the account.

    `says` returns the sentence, from who they are, the account's name, and their previous place.
    With `whole`, something is deleted: people and account must be named in full.
    """
    typed = session.names_given("contact", contacts)
    find = nouns.condemned if whole else Session.find_all
    with session.write() as tx:
        (target,) = find(session, tx.con, "account", [account])
        found = find(session, tx.con, "contact", typed)
        before = [queries.get(tx.con, "contact", FIELDS, person.id) for person in found]
        for row in before:
            change(tx, row, target.id)
        who = nouns.names_of("contact", found)
        sentence = says(who, text.safe(target.name), before)
        return nouns.done(session, tx, "contact", [person.id for person in found], sentence)


def _read(session: Session, **typed: str | None) -> dict[str, Any]:
    """Read some fields of a contact; those that were not typed are None."""
    given = {name: value for name, value in typed.items() if value is not None}
    says = {name: f"--{name}" for name in given}
    read = read_values(FIELDS, given, session.reading, says=says)
    return {name: read.get(name) for name in typed}


def _past_day(session: Session, typed: str, flag: str) -> date:
    """Read a past day; the future is not known yet."""
    from acctcli.values.typed_dates import read_day  # lists of people do not need it

    day = read_day(typed, session.clock.today, flag, "back")
    if day > session.clock.today:
        raise Invalid(f"{flag} {in_full(day)} is in the future: record it when it has happened")
    return day


def _of_the_same_name(namesakes: Sequence[str]) -> str:
    """Return a sentence about people of the same name elsewhere, or ""."""
    return f"Same name: {'; '.join(namesakes)}." if namesakes else ""


def _with_place(row: Mapping[str, Any]) -> str:
    """Return `Mei Tan, CFO at GreenTech Ltd`, as far as it is known."""
    named = text.safe(row["name"])
    if row["title"]:
        named += f", {text.safe(row['title'])}"
    if row["account"]:
        named += f" at {text.safe(row['account'])}"
    return named
