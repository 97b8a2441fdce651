"""`acct report`: reports on the whole book.

Each report is a module of `book.reports`, imported when that report is called.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from acctcli.book.asked import Query
from acctcli.cli.kit import offers, options
from acctcli.cli.kit.commands import Noun
from acctcli.cli.kit.session import Session
from acctcli.results import Page

if TYPE_CHECKING:
    from acctcli.book.reports.scope import Report

noun = Noun("report", "Reports on the whole book: pipeline, retention, performance.")

PERIODS = ("this year", "last year", "this quarter", "last quarter", "last month")

BREAKDOWNS = ("owner", "product", "quarter", "tier", "industry")
"""The keys of `domain.performance.KEYS`, without an import for help and completion."""


def _period(help: str) -> Any:
    """Declare `--period`; `help` says what it selects, and its default."""
    offered = offers.words(PERIODS)
    return typer.Option(
        "--period", metavar="PERIOD", help=help, show_default=False, autocompletion=offered
    )


def _page(session: Session, report: Report, drawing: str, html: str) -> Page:
    """Return a report as a page; `drawing` and `html` name the functions that draw it."""
    return Page(report.data, drawing, session.clock.today, report.table, html=html)


@noun.command(
    "week",
    reads=True,
    examples=[
        "acct report week",
        "acct report week 'last week' -f md > week.md",
        "acct report week --owner Kim --html week.html",
        "acct report week 'Q4 2026' -f csv > quarter.csv",
    ],
)
def week(
    session: Session,
    period: Annotated[
        str,
        typer.Argument(
            metavar="PERIOD",
            help="A week, or any other period. Default: this week.",
            autocompletion=offers.words(("this week", "last week", *PERIODS)),
        ),
    ] = "this week",
    query: Query = options.filters("account", "owner", "tier", table=True, html=True),
) -> Page:
    """Sum up a week in words: conversations, deals, promises, risks, and what is next.

    As Markdown (-f md) it is a note that you can send. With --owner, deals and interactions
    count by their own owner, and everything else by the owner of the account.
    """
    from acctcli.book.reports.week import report

    found = report(session, query, period)
    return Page(
        found.data,
        "week:draw",
        session.clock.today,
        found.table,
        markdown="week:markdown",
        html="html.week:week",
    )


@noun.command(
    "pipeline",
    reads=True,
    examples=[
        "acct report pipeline",
        "acct report pipeline --html pipeline.html",
        "acct report pipeline --as-of '30 jun' --owner Kim",
        "acct report pipeline --as-of 2026-09-30 -f csv > pipeline.csv",
    ],
)
def pipeline(
    session: Session,
    query: Query = options.filters(
        "deal", "owner", "account", "type", "product", table=True, html=True
    ),
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of", metavar="DAY", help="Show the pipeline as it stood at the end of this day."
        ),
    ] = None,
) -> Page:
    """Show the pipeline on a day: open deals by stage, conversion, velocity and rotting deals.

    The figures come from the history of each deal. Owner, type and product have no history, so
    today's values are used.
    """
    from acctcli.book.reports.pipeline import report

    found = report(session, query, as_of)
    return _page(session, found, "pipeline:pipeline", "html.reports:pipeline")


@noun.command(
    "retention",
    reads=True,
    examples=[
        "acct report retention",
        "acct report retention --html retention.html",
        "acct report retention --period 2025 --tier strategic,key",
        "acct report retention --recurring",
        "acct report retention -f csv > customers.csv",
    ],
)
def retention(
    session: Session,
    query: Query = options.filters("account", "owner", "tier", table=True, html=True),
    period: Annotated[
        str | None, _period("Twelve months ending with this period or day. Default: today.")
    ] = None,
    recurring: Annotated[
        bool, typer.Option("--recurring", help="Only customers with recurring purchases.")
    ] = False,
) -> Page:
    """Show how much of the recurring revenue of a year ago stayed, grew or was lost.

    NRR is what the customers of a year ago bring in a year now, in percent of what they brought
    then; GRR is the same without growth. One-off sales are shown separately, as repeat revenue. RFM
    groups sort customers by how recently, how often and for how much they buy.
    """
    from acctcli.book.reports.retention import report

    found = report(session, query, period, recurring)
    return _page(session, found, "customers:retention", "html.reports:retention")


@noun.command(
    "whitespace",
    reads=True,
    examples=[
        "acct report whitespace",
        "acct report whitespace --html whitespace.html",
        "acct report whitespace --tier key --where 'industry = energy'",
        "acct report whitespace -f json | jq '.candidates[] | select(.lower > 0.5)'",
    ],
)
def whitespace(
    session: Session,
    query: Query = options.filters("account", "owner", "tier", table=True, html=True),
) -> Page:
    """Show which account buys which product, and what similar accounts buy.

    What another account of the same group bought comes first. Accounts are similar if they
    share an industry or a tier. The whole book is compared, whatever the filters. Industries
    and tiers that are too small to compare are listed.
    """
    from acctcli.book.reports.whitespace import report

    found = report(session, query)
    return _page(session, found, "customers:whitespace", "html.reports:whitespace")


@noun.command(
    "activity",
    reads=True,
    examples=[
        "acct report activity",
        "acct report activity --html activity.html",
        "acct report activity --period 'last quarter' --owner Kim",
        "acct report activity --period 2026 -f csv > activity.csv",
    ],
)
def activity(
    session: Session,
    query: Query = options.filters("account", "owner", "tier", table=True, html=True),
    period: Annotated[str | None, _period("Weeks to cover. Default: the last 13.")] = None,
) -> Page:
    """Show interactions by kind, week and owner, and the share of each tier on cadence.

    An account is on cadence if it had a two-way touch within its cadence, as of the
    last day of the period.
    """
    from acctcli.book.reports.activity import report

    found = report(session, query, period)
    return _page(session, found, "reports:activity", "html.reports:activity")


@noun.command(
    "performance",
    reads=True,
    examples=[
        "acct report performance",
        "acct report performance --html performance.html",
        "acct report performance --by product --period 2026",
        "acct report performance --by quarter -f csv > quarters.csv",
    ],
)
def performance(
    session: Session,
    query: Query = options.filters("account", "owner", "tier", table=True, html=True),
    period: Annotated[
        str | None,
        _period("Deals opened or closed in this period, or all. Default: 5 quarters."),
    ] = None,
    by: Annotated[
        str,
        typer.Option(
            "--by",
            help=f"Break it down by: {', '.join(BREAKDOWNS)}.",
            autocompletion=offers.words(BREAKDOWNS),
        ),
    ] = "owner",
) -> Page:
    """Show deals opened and won, how fast and by whom, and what top sellers do differently.

    Attainment is measured against [quota] in the settings. Top sellers are the top quarter
    of owners by revenue.
    """
    from acctcli.book.reports.performance import report

    found = report(session, query, period, by)
    return _page(session, found, "reports:performance", "html.reports:performance")


@noun.command(
    "renewals",
    reads=True,
    examples=[
        "acct report renewals",
        "acct report renewals --tier strategic,key",
        "acct report renewals --html renewals.html",
        "acct report renewals -f csv > renewals.csv",
    ],
)
def renewals(
    session: Session,
    query: Query = options.filters("account", "owner", "tier", table=True, html=True),
) -> Page:
    """Forecast which recurring revenue will be renewed in the next four quarters.

    Each contract that ends counts with the renewal rate of the book, lowered if the health of
    its account is amber or red.
    """
    from acctcli.book.reports.renewals import report

    found = report(session, query)
    return _page(session, found, "renewal_forecast:report", "html.reports:renewals")


@noun.command(
    "winloss",
    reads=True,
    examples=[
        "acct report winloss",
        "acct report winloss --period 2026 --html winloss.html",
        "acct report winloss -f json | jq '.groups[] | select(.parts)'",
    ],
)
def winloss(
    session: Session,
    query: Query = options.filters("account", "owner", "tier", table=True, html=True),
    period: Annotated[
        str | None, _period("Only deals that closed in this period. Default: all.")
    ] = None,
) -> Page:
    """Show why deals are won and lost: win rates by what deals have in common.

    By source, competitor, type, size, people involved and reason. A group is pointed out only if
    its 95 % interval does not overlap that of all the others.
    """
    from acctcli.book.reports.winloss import report

    found = report(session, query, period)
    return _page(session, found, "winloss:report", "html.reports:winloss")


@noun.command(
    "sources",
    reads=True,
    examples=[
        "acct report sources",
        "acct report sources --html sources.html",
        "acct report sources --period 2026",
        "acct report sources -f json | jq '.tags[] | select(.name == \"expo\")'",
    ],
)
def sources(
    session: Session,
    query: Query = options.filters("account", "owner", "tier", table=True, html=True),
    period: Annotated[
        str | None, _period("Only accounts added in this period. Default: all.")
    ] = None,
) -> Page:
    """Show how many leads became customers by source and tag, for how much and how fast.

    The period is about the day an account was added. Everything since then counts.
    """
    from acctcli.book.reports.sources import report

    found = report(session, query, period)
    return _page(session, found, "reports:sources", "html.reports:sources")


@noun.command(
    "quality",
    reads=True,
    examples=[
        "acct report quality",
        "acct report quality --html quality.html",
        "acct report quality --account greentech",
        "acct report quality --tier strategic,key -f csv > flaws.csv",
        "acct report quality -f json | jq -r '.accounts[].flaws[].command'",
    ],
)
def quality(
    session: Session,
    query: Query = options.filters("account", "tier", "owner", "status", table=True, html=True),
    accounts: options.OnlyAccounts = [],
    limit: Annotated[
        int | None,
        typer.Option("--limit", "-n", min=0, metavar="N", help="Show at most N accounts."),
    ] = None,
) -> Page:
    """Show how complete, current and consistent your account data is.

    Each account starts at 100 and loses points for missing required or recommended fields,
    for long silence, and for contradictions. Each flaw comes with the command that fixes it.
    """
    from acctcli.book.reports.quality import report

    found = report(session, query, accounts, limit)
    return _page(session, found, "quality:report", "html.reports:quality")
