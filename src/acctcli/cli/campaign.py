"""`acct campaign`: whom an approach is meant for, how far it got, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from acctcli import paths, text
from acctcli.book import writing
from acctcli.book.asked import Given, Query
from acctcli.cli.kit import nouns, offers, options
from acctcli.cli.kit.commands import Noun
from acctcli.cli.kit.options import Duplicate, Yes
from acctcli.cli.kit.session import Session
from acctcli.errors import UsageError
from acctcli.model import MEMBER_STATES
from acctcli.results import Done, Output, Page, Table
from acctcli.values.vocabulary import one_of

if TYPE_CHECKING:
    from acctcli.book.choosing import Selection

noun = Noun(
    "campaign",
    "Campaigns: people to contact, and the results.",
    elsewhere={"member": "campaign_member", "log": "campaign_log"},
)

Campaigns = Annotated[list[str], options.arguments("campaign")]
OneCampaign = Annotated[str, options.argument("campaign", "Campaign name or id.")]
HOW_TO_ADD = "How to add some: acct help campaign member"
FromSegments = Annotated[
    list[str],
    typer.Option(
        "--segment",
        metavar="NAME",
        help="Everybody in this segment of accounts or contacts today. Repeat for more.",
        autocompletion=offers.segments("account"),
    ),
]
WithTags = Annotated[
    list[str],
    typer.Option(
        "--tag",
        metavar="TAG",
        help="Every account and person with this tag today. Repeat for more.",
        autocompletion=offers.tags,
    ),
]
InStates = Annotated[
    str | None,
    typer.Option(
        "--state",
        metavar="STATE",
        help=f"Only members in this state: {', '.join(MEMBER_STATES)}. Commas separate several.",
        autocompletion=offers.words(MEMBER_STATES),
    ),
]


def selection(
    session: Session, names: Sequence[str] | None, segments: Sequence[str], tags: Sequence[str]
) -> Selection:
    """Return what was typed to choose members; `-` among the names reads ids from stdin."""
    from acctcli.book.choosing import Selection

    given = session.names_given("member", names) if names else []
    each = [tag for typed in tags for tag in typed.split(",") if tag.strip()]
    return Selection(tuple(given), tuple(segments), tuple(each))


def states_named(typed: str | None) -> tuple[str, ...]:
    """Return the states that were typed, separated by commas; none without any."""
    words = typed.split(",") if typed is not None else []
    return tuple(one_of(word, MEMBER_STATES, "--state") for word in words)


@noun.command(
    "add",
    examples=[
        'acct campaign add "Spring renewal push" --tag expo --source webinar',
        'acct campaign add "Pilot users" greentech mei --starts today --ends eoq',
        'acct contact list --role champion -f ids | acct campaign add "Champions" -',
    ],
)
def add(
    session: Session,
    name: Annotated[str, typer.Argument(help="Name of the campaign.", show_default=False)],
    members: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="ACCOUNT|CONTACT...",
            help="Accounts and people, or - for ids on stdin.",
            show_default=False,
            autocompletion=offers.accounts_and_people,
        ),
    ] = None,
    segment: FromSegments = [],
    tag: WithTags = [],
    given: Given = options.fields("campaign", skip=("name",)),
    duplicate: Duplicate = False,
) -> Done:
    """Add a campaign with its members: as chosen now, by name, segment or tag.

    A segment is read once: records that match it later do not become members. To add more:
    acct campaign member
    """
    from acctcli.book import choosing
    from acctcli.store import campaigns

    wanted = selection(session, members, segment, tag)
    read = writing.read_given(session, "campaign", given.plus(name=name))
    with session.write() as tx:
        chosen = choosing.chosen(session, tx.con, wanted)
        id = writing.insert(tx, "campaign", read, duplicate=duplicate)
        campaigns.add(tx, id, chosen)
        days = nouns.with_days(session, "campaign", read)
        with_whom = f" with {choosing.said(chosen)}" if chosen else ""
        says = f"Added campaign {text.safe(read.values['name'])}{with_whom}{days}."
        hint = "" if chosen else HOW_TO_ADD
        done = nouns.done(session, tx, "campaign", [id], says, hint=hint)
        opted_out = choosing.opted_out(tx.con, chosen)
    say_opted_out(session, opted_out)
    return done


def say_opted_out(session: Session, names: Sequence[str]) -> None:
    """Say who of the new members asked not to be contacted."""
    if names:
        who = text.sentence_list([text.safe(name) for name in names], 3)
        session.notice(f"{who} asked not to be contacted: exports leave them out")


@noun.command(
    "list",
    reads=True,
    examples=[
        "acct campaign list",
        "acct campaign list --where 'members > 10' --sort -starts_on -f csv",
    ],
)
def list_(session: Session, query: Query = options.listing("campaign", "source")) -> Table:
    """List campaigns, latest start first."""
    return nouns.table(
        *(session, "campaign", query),
        with_derived=("members",),
        footer="Details: acct campaign show. To compare: acct campaign report",
    )


@noun.command(
    "show",
    reads=True,
    table=True,
    examples=[
        "acct campaign show spring",
        "acct campaign show spring -f csv > members.csv",
        "acct campaign show spring -f json | jq .figures",
    ],
)
def show(session: Session, campaign: OneCampaign) -> Page:
    """Show a campaign: how far it got with its members, and what came of it.

    The state of a member follows from interactions and deals, unless you set it by hand. Only what
    names the campaign counts; deals that may have come from it are listed separately.
    """
    from acctcli.book import campaigns

    with session.read() as con:
        id = session.find(con, "campaign", campaign).id
        data = campaigns.page(session, con, id)
        table = campaigns.members(session, con, id)
    return Page(data, "campaigns:page", session.clock.today, table)


@noun.command(
    "edit",
    examples=[
        "acct campaign edit spring --ends 2026-12-18 --source webinar",
        'acct campaign edit spring --name "Spring renewals"',
    ],
)
def edit(
    session: Session,
    campaigns: Campaigns,
    given: Given = options.fields("campaign", clears=True),
    duplicate: Duplicate = False,
) -> Done:
    """Edit fields. Without options, the campaign opens as a form in your editor."""
    return nouns.edit(session, "campaign", campaigns, given, duplicate=duplicate)


@noun.command(
    "report",
    reads=True,
    table=True,
    examples=[
        "acct campaign report",
        "acct campaign report spring webinar",
        "acct campaign report -f csv > campaigns.csv",
    ],
)
def report(
    session: Session,
    campaigns: Annotated[
        list[str] | None,
        options.arguments("campaign", "Campaigns to compare. Default: all of them."),
    ] = None,
) -> Page:
    """Compare campaigns: members, replies, meetings, deals and what they brought."""
    from acctcli.book import campaigns as book

    names = session.names_given("campaign", campaigns) if campaigns else []
    with session.read() as con:
        ids = [one.id for one in session.find_all(con, "campaign", names)] if names else []
        found = book.compared(session, con, ids)
    return Page(found.data, "campaigns:compared", session.clock.today, found.table)


@noun.command(
    "export",
    reads=True,
    examples=[
        "acct campaign export spring > mail.csv",
        "acct campaign export spring --state planned --output mail.csv --force",
    ],
)
def export(
    session: Session,
    campaign: OneCampaign,
    state: InStates = None,
    to: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help="Write to FILE. Default, and -: stdout."
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite FILE if it exists.")] = False,
    excel_safe: Annotated[
        bool,
        typer.Option(
            "--excel-safe", help="Make CSV safe for spreadsheets: add a BOM and escape formulas."
        ),
    ] = False,
) -> Table | Done:
    """Write the list for a mail program as CSV: address, first and last name, company.

    People who asked not to be contacted, left the company or have no email address are left out and
    counted. An account gets mail through its primary contact. acct sends nothing by itself.
    """
    from acctcli import files
    from acctcli.book import campaigns
    from acctcli.render import emit

    format = session.output.format or "csv"
    if excel_safe and format != "csv":
        raise UsageError("--excel-safe goes with --format csv")
    states = states_named(state)
    with session.read() as con:
        found = session.find(con, "campaign", campaign)
        judged = campaigns.judged(session, con, [found.id])[found.id].members
        wanted = [one.member.id for one in judged if not states or one.state in states]
        mailing = campaigns.mailing(con, wanted)
    table = campaigns.mail_table(mailing, found.name)
    said = campaigns.mailing_said(mailing.as_json)
    target = paths.typed(to) if to is not None and to != emit.STDOUT else None
    if target is None:
        session.output = Output(format, None, excel_safe)
        session.notice(said)
        return table
    parts = emit.file_text(table, format, rows=table.rows, excel_safe=excel_safe)
    files.write_private(target, parts, force=force)
    session.output = Output()
    return Done([], {}, f"Wrote {text.safe(str(target))}: {said}")


@noun.command("delete", examples=["acct campaign delete 'Spring renewal push' --yes"])
def delete(
    session: Session,
    campaigns: Annotated[list[str], options.whole_names("campaign")],
    yes: Yes = False,
) -> Done:
    """Delete campaigns with their members; interactions and deals stay. `undo` brings them back."""
    return nouns.delete(session, "campaign", campaigns, yes=yes)
