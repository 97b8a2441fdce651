"""`acct review brief`: one page about an account for a meeting, to print or to send."""

from __future__ import annotations

from typing import Annotated

from acctcli.book import brief
from acctcli.cli.kit import options
from acctcli.cli.kit.session import Session
from acctcli.cli.review import noun
from acctcli.results import Page


@noun.command(
    "brief",
    reads=True,
    html=True,
    examples=[
        "acct review brief greentech",
        "acct review brief greentech -f md > brief.md",
        "acct review brief greentech --html brief.html",
    ],
)
def brief_(
    session: Session,
    account: Annotated[str, options.argument("account", "Account name, number, domain or id.")],
) -> Page:
    """Show what to know before a meeting on one page: health, people, deals, money, promises.

    It includes what has happened since the last review. As Markdown (-f md) or HTML it is
    a document that you can send.
    """
    with session.read() as con:
        data = brief.page(session, con, session.find(con, "account", account).id)
    today = session.clock.today
    return Page(data, "brief:draw", today, markdown="brief:markdown", html="html.account:meeting")
