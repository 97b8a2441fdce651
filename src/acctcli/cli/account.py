"""`acct account`: the companies and people that you sell to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any

import typer

from acctcli import text
from acctcli.book import reading, writing
from acctcli.book.asked import Given, Query
from acctcli.cli.kit import nouns, offers, options
from acctcli.cli.kit.commands import Noun
from acctcli.cli.kit.options import Duplicate, Yes
from acctcli.cli.kit.session import Session
from acctcli.errors import UsageError
from acctcli.model import ENTRY_KINDS, KINDS, Row
from acctcli.results import Done, Page, Table
from acctcli.store import lookup, queries
from acctcli.store import records as store
from acctcli.values import dates

noun = Noun(
    "account",
    "Companies and people you sell to.",
    elsewhere={
        "dupes": "dupes",
        "merge": "dupes",
        "plan": "plan",
        "score": "score",
        "qualify": "qualify",
        "segments": "segments",
        "handover": "handover",
    },
)

Accounts = Annotated[list[str], options.arguments("account")]
OneAccount = Annotated[str, options.argument("account", "Account name, number, domain or id.")]


@noun.command(
    "add",
    sets_off=True,
    examples=[
        'acct account add "GreenTech Ltd" --tier strategic --industry energy --country SG',
        'acct account add "Kim Lee" --kind individual --tag expo --set region=north',
    ],
)
def add(
    session: Session,
    name: Annotated[str, typer.Argument(help="Account name.", show_default=False)],
    given: Given = options.fields("account", skip=("name",)),
    duplicate: Duplicate = False,
) -> Done:
    """Add an account. Only the name is needed."""
    read = writing.owned(session, writing.read_given(session, "account", given.plus(name=name)))
    with session.write() as tx:
        near = lookup.near_accounts(tx.con, read.values["name"])
        id = writing.insert(tx, "account", read, duplicate=duplicate)
        row = tx.read("account", id) or {}
        days = nouns.with_days(session, "account", read)
        says = f"Added account {row['number']} {text.safe(read.values['name'])}{days}."
        similar = "Similar account" if len(near) == 1 else "Similar accounts"
        beside = f"{similar}: {'; '.join(near)}." if near else ""
        return nouns.done(session, tx, "account", [id], says, beside=beside)


@noun.command(
    "list",
    reads=True,
    examples=[
        "acct account list --tier strategic,key --sort -annual_revenue",
        'acct account list --where "country = SG and not tag = expo" -f csv > singapore.csv',
        "acct account list --tag expo -f ids | acct account edit - --tier growth",
        "acct account list --tier key --where 'last_touch < -30d' --save quiet",
        "acct account list --segment quiet --country SG",
    ],
)
def list_(
    session: Session,
    query: Query = options.listing(
        "account", "tier", "status", "industry", "country", "owner", "parent", "tags", "kind"
    ),
    archived: Annotated[
        bool, typer.Option("--archived", help="Include archived accounts.")
    ] = False,
    save: Annotated[str | None, options.save("account")] = None,
) -> Table:
    """List accounts. Archived ones are left out."""
    more = [] if archived else [queries.NOT_ARCHIVED]
    footer = "Details: acct account show"
    names = [*KINDS["account"].table, *(["archived_at"] if archived else [])]
    with nouns.saving(session, "account", save, query, archived=archived):
        return nouns.table(session, "account", query, more=more, names=names, footer=footer)


@noun.command(
    "edit",
    sets_off=True,
    examples=[
        "acct account edit greentech --tier key --owner Kim",
        "acct account edit A-0007 --set region=north",
        "acct account edit greentech",
    ],
)
def edit(
    session: Session,
    accounts: Accounts,
    given: Given = options.fields("account", clears=True),
    duplicate: Duplicate = False,
) -> Done:
    """Edit fields. Without options, the account opens as a form in your editor."""
    done = nouns.edit(session, "account", accounts, given, duplicate=duplicate)
    return _with_missed(session, done) if given.typed.get("snoozed_until") else done


@noun.command(
    "show",
    reads=True,
    html=True,
    examples=[
        "acct account show greentech",
        "acct account show A-0001 -f json | jq .health",
        "acct account show greentech --html greentech.html",
    ],
)
def show(session: Session, account: OneAccount) -> Page:
    """Show an account: the page to read before a call."""
    from acctcli.book.account import page

    with session.read() as con:
        id = session.find(con, "account", account).id
        data = page(session, con, id)
        if session.is_shared(con):
            from acctcli.book.sync import reminders  # most books are not shared

            if notice := reminders.of_account(session, con, id):
                session.notice(notice)
    return Page(data, "account:draw", session.clock.today, html="html.account:page")


@noun.command(
    "timeline",
    reads=True,
    examples=[
        "acct account timeline greentech --since 3m",
        "acct account timeline greentech --kind call,meeting --limit 10",
        "acct account timeline --group greentech --since 30d",
        "acct account timeline greentech -f json",
    ],
)
def timeline_(
    session: Session,
    account: Annotated[
        str | None,
        options.argument("account", "Account name, number, domain or id. Or give --group."),
    ] = None,
    group: options.OnlyGroup = [],
    kind: Annotated[
        list[str],
        typer.Option(
            "--kind",
            "-k",
            help=f"Only these kinds: {', '.join(ENTRY_KINDS)}.",
            autocompletion=offers.words(ENTRY_KINDS),
            show_default=False,
        ),
    ] = [],
    since: Annotated[
        str | None, typer.Option("--since", metavar="DAY", help="Only from this day on.")
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", "-n", min=0, help="Show at most N.")
    ] = None,
) -> Table:
    """Show everything that happened at an account or in a group, newest first."""
    from acctcli.book.account import ENTRY_FIELDS, GROUP_ENTRY_FIELDS, entries, group_entries

    kinds = [one.strip() for typed in kind for one in typed.split(",")] or list(ENTRY_KINDS)
    for one in kinds:
        if one not in ENTRY_KINDS:
            raise UsageError(text.unknown("--kind", one, ENTRY_KINDS))
    today = session.clock.today
    first = None
    if since:
        from acctcli.values.periods import read_since  # lists of accounts do not need it

        first = read_since(since, today, fiscal=session.config["fiscal.start"])
    if account is not None and group:
        raise UsageError("ACCOUNT is one account, --group is many: give one of them")
    if account is None and not group:
        from acctcli.cli.kit import asking  # usually one of them is given

        account = asking.record(session, "account", "ACCOUNT is missing. Name one, or give --group")
    rows: Sequence[Mapping[str, Any]]
    with session.read() as con:
        if account is None:
            fields = GROUP_ENTRY_FIELDS
            rows = group_entries(con, reading.in_groups(con, group), kinds, first, limit)
        else:
            fields = ENTRY_FIELDS
            found = session.find(con, "account", account)
            rows = entries(con, found.id, kinds, first, limit)
    short = {row["id"]: row["id"][-lookup.TAIL :] for row in rows}
    shown = ("day", "kind", "direction", "account", "text", "contacts")
    return Table(
        "entry",
        "entries",
        fields,
        rows,
        [name for name in shown if name in fields],
        list(fields),
        short,
        empty="Showing nothing (--limit 0)." if limit == 0 else "Nothing has happened here yet.",
        today=today,
        drawing="timeline:draw" if account is not None else "timeline:of_group",
    )


@noun.command(
    "tree",
    reads=True,
    examples=[
        "acct account tree",
        "acct account tree greentech",
        "acct account tree -f csv > groups.csv",
        "acct account tree greentech -f json | jq .group.converted",
    ],
    table=True,
)
def tree_(
    session: Session,
    account: Annotated[
        str | None, options.argument("account", "Account whose group to show. Default: all.")
    ] = None,
) -> Page:
    """Show parent accounts and their subsidiaries as a tree, with totals.

    The line of a parent shows its whole group; "itself" is the parent alone. Archived accounts and
    former customers count for amounts and last contact but not for health, and archived ones not
    for renewals.
    """
    from acctcli.book.groups import tree

    with session.read() as con:
        found = tree(session, con, account)
    return Page(found.data, "groups:tree", session.clock.today, found.table)


@noun.command(
    "tag",
    sets_off=True,
    examples=[
        "acct account tag greentech kan-code --add expo,vip",
        "acct account list --tier smb -f ids | acct account tag - --remove expo",
    ],
)
def tag(
    session: Session,
    accounts: Accounts,
    add: Annotated[list[str], options.tags_to_add("account")] = [],
    remove: Annotated[list[str], options.tags_to_remove("account")] = [],
) -> Done:
    """Add tags to accounts, or remove them."""
    return nouns.tag(session, "account", accounts, add, remove)


@noun.command(
    "snooze",
    examples=[
        "acct account snooze greentech 2w",
        "acct account list --tag expo -f ids | acct account snooze - 'next monday'",
    ],
)
def snooze(
    session: Session,
    accounts: Accounts,
    until: options.SnoozedUntil,
) -> Done:
    """Leave accounts out of `today` until a day. Lists what comes up before then."""
    return _with_missed(session, nouns.snooze(session, "account", accounts, until))


def _with_missed(session: Session, done: Done) -> Done:
    """Name what `today` will not say of snoozed accounts, and return the same answer."""
    if done.says == nouns.UNCHANGED:
        return done
    from acctcli.book import snoozing

    with session.read() as con:
        said = snoozing.missed(session, con, done.ids)
    return done.replace(says="\n".join([done.says, *said]))


@noun.command(
    "archive",
    examples=["acct account archive cobaltine", "acct account archive cobaltine --undo"],
)
def archive(
    session: Session,
    accounts: Accounts,
    undo: Annotated[bool, typer.Option("--undo", help="Bring them back from the archive.")] = False,
) -> Done:
    """Archive accounts: keep everything, but leave them out of lists and `today`."""
    now = None if undo else dates.iso(session.clock.now)

    def values(row: Row) -> dict[str, Any]:
        return {} if bool(row["archived_at"]) is not undo else {"archived_at": now}

    if undo:
        return _change(session, accounts, values, "Brought back")
    return _change(session, accounts, values, "Archived", hint="To undo: acct undo")


def _change(
    session: Session,
    accounts: list[str],
    values: Callable[[Row], dict[str, Any]],
    verb: str,
    *,
    hint: str = "",
) -> Done:
    """Change each account by the values for its row, in one transaction."""
    named = session.names_given("account", accounts)
    with session.write() as tx:
        found = session.find_all(tx.con, "account", named)
        changed = []
        for one in found:
            row = queries.get(tx.con, "account", session.fields("account"), one.id)
            if store.update(tx, "account", one.id, values(row)):
                changed.append(one)
        says = nouns.UNCHANGED
        if changed:
            says = f"{verb} {nouns.names_of('account', changed)}."
        ids = [one.id for one in found]
        return nouns.done(session, tx, "account", ids, says, hint=hint if changed else "")


@noun.command("delete", examples=["acct account delete A-0012 --yes"])
def delete(
    session: Session,
    accounts: Annotated[list[str], options.whole_names("account")],
    yes: Yes = False,
) -> Done:
    """Delete accounts with everything that belongs to them; `undo` brings them back."""
    return nouns.delete(session, "account", accounts, yes=yes)
