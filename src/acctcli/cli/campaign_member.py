"""`acct campaign member`: who is in a campaign, and how far it got with each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from acctcli import text
from acctcli.cli.campaign import (
    HOW_TO_ADD,
    FromSegments,
    OneCampaign,
    WithTags,
    noun,
    say_opted_out,
    selection,
    states_named,
)
from acctcli.cli.kit import nouns, offers
from acctcli.cli.kit.session import Session
from acctcli.errors import NotFound, UsageError
from acctcli.model import MEMBER_STATES
from acctcli.results import Done, Table
from acctcli.store import records as store
from acctcli.values.vocabulary import one_of

if TYPE_CHECKING:
    from acctcli.store.campaigns import Chosen
    from acctcli.store.journal import Writing
    from acctcli.store.lookup import Found

BY_RECORDS = "auto"
"""The word for a state that follows from the records again."""

STATES = (*MEMBER_STATES, BY_RECORDS)


@noun.command(
    "member",
    reads=True,
    examples=[
        "acct campaign member spring",
        "acct campaign member spring mei kan-code",
        "acct campaign member spring --segment Champions",
        "acct campaign member spring mei --state replied",
        "acct campaign member spring 'Mei Tan' --remove",
        "acct campaign member spring --state planned -f ids",
    ],
)
def member(
    session: Session,
    campaign: OneCampaign,
    members: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="ACCOUNT|CONTACT...",
            help="Accounts and people to add or change, or - for ids on stdin.",
            show_default=False,
            autocompletion=offers.accounts_and_people,
        ),
    ] = None,
    segment: FromSegments = [],
    tag: WithTags = [],
    state: Annotated[
        str | None,
        typer.Option(
            "--state",
            metavar="STATE",
            help="Set this state by hand; auto: follow the records. Without names: list only these "
            f"states. One of: {', '.join(STATES)}.",
            autocompletion=offers.words(STATES),
        ),
    ] = None,
    remove: Annotated[
        bool, typer.Option("--remove", help="Take them out of the campaign.")
    ] = False,
) -> Table | Done:
    """List the members of a campaign, or add, change or remove them.

    A state set by hand stays until you set it to auto. To remove members, give whole names or ids.
    """
    wanted = selection(session, members, segment, tag)
    if wanted.empty:
        if remove:
            raise UsageError("--remove needs names of accounts or people")
        from acctcli.book import campaigns

        states = states_named(state)
        with session.read() as con:
            found = session.find(con, "campaign", campaign)
            table = campaigns.members(session, con, found.id, states)
        return table.replace(
            empty=f"No members of {text.safe(found.name)}{' in this state' if states else ' yet'}.",
            footer="" if table.rows else HOW_TO_ADD,
        )
    if remove and (state is not None or segment or tag):
        raise UsageError("--remove takes names or ids alone: leave the other options out")
    with session.write() as tx:
        found = session.find(tx.con, "campaign", campaign)
        if remove:
            says = _remove(tx, found, wanted.names)
            return nouns.done(session, tx, "campaign", [found.id], says)
        from acctcli.book import choosing
        from acctcli.store import campaigns as sql

        chosen = choosing.chosen(session, tx.con, wanted)
        set_to = _state(state)
        joined = sql.add(tx, found.id, chosen, state=set_to)
        changed = _set(tx, found, joined.there, set_to) if state is not None else 0
        parts = []
        if joined.new:
            as_what = f", as {set_to}" if set_to else ""
            parts.append(f"Added {choosing.said(joined.new)} to {text.safe(found.name)}{as_what}.")
        if changed:
            what = f"set to {set_to}" if set_to else "follows the records again"
            members_said = text.plural(changed, "member")
            parts.append(f"State of {members_said} of {text.safe(found.name)} {what}.")
        elif joined.there:
            were = "was" if len(joined.there) == 1 else "were"
            parts.append(f"{choosing.said(joined.there).capitalize()} {were} in it already.")
        says = " ".join(parts) or nouns.UNCHANGED
        done = nouns.done(session, tx, "campaign", [found.id], says)
        opted_out = choosing.opted_out(tx.con, joined.new)
    say_opted_out(session, opted_out)
    return done


def _state(typed: str | None) -> str | None:
    """Return the state to store: None for `auto`."""
    if typed is None:
        return None
    word = one_of(typed, STATES, "--state")
    return None if word == BY_RECORDS else word


def _set(tx: Writing, campaign: Found, members: Sequence[Chosen], state: str | None) -> int:
    """Set the state of members by hand; return how many it changed."""
    from acctcli.store import campaigns as sql

    return sum(
        bool(store.update(tx, "campaign_member", sql.member_id(campaign.id, who), {"state": state}))
        for who in members
    )


def _remove(tx: Writing, campaign: Found, names: Sequence[str]) -> str:
    """Take members out of a campaign; return a sentence."""
    from acctcli.book import choosing
    from acctcli.store import campaigns as sql

    removed = list[str]()
    for typed in names:
        kind, id, name = choosing.account_or_person(tx.con, typed, whole=True)
        member = sql.member_id(campaign.id, sql.Chosen(kind, id))
        if tx.read("campaign_member", member) is None:
            if text.safe(name) in removed:
                continue  # named twice, by name and by id perhaps
            raise NotFound(f"{text.safe(name)} is not in campaign {text.safe(campaign.name)}")
        store.delete(tx, "campaign_member", member)
        removed.append(text.safe(name))
    who = text.sentence_list(removed, 3)
    return f"Removed {who} from {text.safe(campaign.name)}."
