"""`acct review brief`: one page about an account for a meeting, to print or to send along."""

from __future__ import annotations

from typing import Annotated

from acctcli.book import brief
from acctcli.cli.kit import options
from acctcli.cli.kit.session import Session
from acctcli.cli.review import noun
from acctcli.results import Page


@noun.command(
    "brief",
    html=True,
    examples=[
        "acct review brief greentech",
        "acct review brief greentech -f md > brief.md",
        "acct review brief greentech --html brief.html",
    ],
)
def brief_(
    session: Session,
    account: Annotated[str, options.argument("account", "Its name, number, domain or id.")],
) -> Page:
    """Put on one page what to know before a meeting: health, people, deals, money, promises.

    With what has happened since the last review. In Markdown (-f md) it is a document
    with days in full, for others to read.
    """
    with session.read() as con:
        data = brief.page(session, con, session.find(con, "account", account).id)
    today = session.clock.today
    return Page(data, "brief:draw", today, markdown="brief:markdown", html="html.account:meeting")
