"""`acct contact map`: who decides at an account, who supports us, and who is missing."""

from __future__ import annotations

from typing import Annotated

from acctcli.book import people
from acctcli.cli.contact import noun
from acctcli.cli.kit import options
from acctcli.cli.kit.session import Session
from acctcli.results import Page


@noun.command(
    "map",
    reads=True,
    examples=["acct contact map greentech", "acct contact map greentech -f json | jq .gaps"],
)
def map_(
    session: Session,
    account: Annotated[str, options.argument("account", "Its number, name or id.")],
) -> Page:
    """Draw the buying group of an account: reporting lines, roles, influence and stance.

    Below the map are missing roles, and the support for each open deal: red without a key player on
    your side, amber with one, green with one who decides. For an account in a group, the map also
    names people you know at its other accounts.
    """
    with session.read() as con:
        data = people.page(session, con, session.find(con, "account", account).id)
    return Page(data, "map:draw", session.clock.today)
