"""`acct report`: what the book says as a whole.

What a report tells is a module of `book.reports`, imported when that report is called.
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

noun = Noun("report", "What the book says as a whole: pipeline, retention, performance.")

PERIODS = ("this year", "last year", "this quarter", "last quarter", "last month")

BREAKDOWNS = ("owner", "product", "quarter", "tier", "industry")
"""The keys of `domain.performance.KEYS`, which help and completion do without."""


def _period(help: str) -> Any:
    """`--period`; `help` says what it is for, and what it is unless given."""
    offered = offers.words(PERIODS)
    return typer.Option(
        "--period", metavar="PERIOD", help=help, show_default=False, autocompletion=offered
    )


def _page(session: Session, report: Report, drawing: str, html: str) -> Page:
    """A report as a page; `drawing` and `html` name what draws it."""
    return Page(report.data, drawing, session.clock.today, report.table, html=html)


@noun.command(
    "week",
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
            help="Which week, or any other period.",
            autocompletion=offers.words(("this week", "last week", *PERIODS)),
        ),
    ] = "this week",
    query: Query = options.filters("account", "owner", "tier", table=True, html=True),
) -> Page:
    """Sum up a week in words: talks, deals won and lost, promises, what is at risk, what is next.

    In Markdown (-f md) it is a note that can be sent. Deals and interactions are their
    owner's; everything else is the owner's of the account.
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
        typer.Option("--as-of", metavar="DAY", help="As it stood at the end of that day."),
    ] = None,
) -> Page:
    """Show open deals by stage as they stood on a day, conversion, velocity, and what is rotting.

    Read from the history of each deal. Owner, type and product have none: they are today's.
    """
    from acctcli.book.reports.pipeline import report

    found = report(session, query, as_of)
    return _page(session, found, "pipeline:pipeline", "html.reports:pipeline")


@noun.command(
    "retention",
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
        str | None, _period("The twelve months that end with it; today unless given.")
    ] = None,
    recurring: Annotated[
        bool, typer.Option("--recurring", help="Only what comes again, monthly or yearly.")
    ] = False,
) -> Page:
    """Show how much of last year's revenue stayed, grew and went, and whose it was.

    NRR is what the customers of the year before bring now, in percent; GRR is the
    same without what grew. Segments tell who buys lately, often and for much.
    """
    from acctcli.book.reports.retention import report

    found = report(session, query, period, recurring)
    return _page(session, found, "customers:retention", "html.reports:retention")


@noun.command(
    "whitespace",
    examples=[
        "acct report whitespace",
        "acct report whitespace --html whitespace.html",
        "acct report whitespace --tier key --where 'industry = energy'",
        "acct report whitespace -f json | jq '.candidates[] | select(.lift > 1.5)'",
    ],
)
def whitespace(
    session: Session,
    query: Query = options.filters("account", "owner", "tier", table=True, html=True),
) -> Page:
    """Show which account buys which product, and what else accounts like it buy.

    Alike are accounts of one industry or one tier; all of the book teaches,
    whatever is asked for. Groups that are too small to say anything are named.
    """
    from acctcli.book.reports.whitespace import report

    found = report(session, query)
    return _page(session, found, "customers:whitespace", "html.reports:whitespace")


@noun.command(
    "activity",
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
    period: Annotated[str | None, _period("Which weeks; the last 13 unless given.")] = None,
) -> Page:
    """Show interactions by kind, week and owner, and which tiers are covered.

    An account is on cadence if it had a two-way touch within its cadence, as of the
    last day of the period.
    """
    from acctcli.book.reports.activity import report

    found = report(session, query, period)
    return _page(session, found, "reports:activity", "html.reports:activity")


@noun.command(
    "performance",
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
        _period("Which deals: opened or closed then; 5 quarters unless given, or all."),
    ] = None,
    by: Annotated[
        str,
        typer.Option(
            "--by",
            help=f"What the table is by: {', '.join(BREAKDOWNS)}.",
            autocompletion=offers.words(BREAKDOWNS),
        ),
    ] = "owner",
) -> Page:
    """Show what was opened and won, how fast and by whom, and what the best do differently.

    Attainment is against [quota] of the settings. The best are the top quarter of
    the owners by revenue.
    """
    from acctcli.book.reports.performance import report

    found = report(session, query, period, by)
    return _page(session, found, "reports:performance", "html.reports:performance")


@noun.command(
    "sources",
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
        str | None, _period("Only accounts that came then; all unless given.")
    ] = None,
) -> Page:
    """Show for each source and tag how many leads became customers, for how much, how fast.

    An account came on its first day in the book. Everything that became of it since
    is counted, whatever the period.
    """
    from acctcli.book.reports.sources import report

    found = report(session, query, period)
    return _page(session, found, "reports:sources", "html.reports:sources")


@noun.command(
    "quality",
    examples=[
        "acct report quality",
        "acct report quality --html quality.html",
        "acct report quality --account greentech",
        "acct report quality --tier strategic,key -f csv > mend.csv",
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
    """Show how complete, fresh and consistent the data of your accounts is.

    Each account has a score of 100, less something for every field that your rules
    require or that reports live on, for silence, and for what contradicts itself.
    Each flaw comes with the command that mends it.
    """
    from acctcli.book.reports.quality import report

    found = report(session, query, accounts, limit)
    return _page(session, found, "quality:report", "html.reports:quality")
