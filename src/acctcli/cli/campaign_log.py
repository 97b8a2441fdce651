"""`acct campaign log`: one interaction with each of several members of a campaign."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from acctcli import text
from acctcli.book import logs
from acctcli.book.asked import Given
from acctcli.book.writing import Read
from acctcli.cli.campaign import InStates, OneCampaign, noun, selection, states_named
from acctcli.cli.kit import nouns, offers, options
from acctcli.cli.kit.session import Session
from acctcli.cli.log import BESIDE, Beside, read_log
from acctcli.errors import Invalid, NotFound, UsageError
from acctcli.model import LOG_KINDS
from acctcli.results import Done

if TYPE_CHECKING:
    import sqlite3

    from acctcli.book.campaigns import JudgedMember
    from acctcli.store.lookup import Found

_GIVEN: Any = options.fields(
    "log",
    skip=(
        *("account", "kind", "summary", "contacts", "campaign"),
        *("score", "scale", "resolved_at"),
    ),
)


@noun.command(
    "log",
    examples=[
        "acct campaign log spring mei email 'Sent the renewal offer'",
        "acct campaign log spring --state planned email 'Sent the invitation'",
        "acct campaign log spring mei email 'Wants a call next week' --in --next 'Call Mei' "
        "--due fri",
    ],
)
def log(
    session: Session,
    campaign: OneCampaign,
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="[WHO]... KIND SUMMARY...",
            help="Members (- for ids on stdin), the kind of interaction, and what was said. "
            f"KIND is one of: {', '.join(LOG_KINDS)}.",
            show_default=False,
            autocompletion=offers.accounts_and_people,
        ),
    ],
    state: InStates = None,
    given: Given = _GIVEN,
    beside: Beside = BESIDE,
) -> Done:
    """Log one interaction with each of these members, or with all members in a state.

    Each is an ordinary interaction that names the campaign, so it moves the member's state: to
    reached if it went out, to replied if it came in, to meeting if it is a meeting or demo. --state
    leaves out members who asked not to be contacted or have no account.
    """
    names, kind, summary = _parts(words)
    states = states_named(state)
    if names and states:
        raise UsageError("--state chooses the members: leave out their names")
    if not names and not states:
        raise UsageError("name members before the kind, or choose them with --state planned")
    wanted = selection(session, names, (), ())
    read, promises = read_log(session, kind, summary, given, beside)
    direction = read.values.get("direction")
    outward = kind in logs.ADDRESSING and direction != "in"
    with session.write() as tx:
        found = session.find(tx.con, "campaign", campaign)
        if names:
            members, left = _named(session, tx.con, found, wanted.names), ""
        else:
            members, left = _in_states(session, tx.con, found, states, outward=outward)
        ids, opted_out = list[str](), dict[str, None]()
        for one in members:
            member = one.member
            own = Read({**read.values, "campaign": found.id}, read.custom)
            if member.contact_id is not None:
                own.values["contacts"] = (member.contact_id,)
            assert member.works_at is not None, "members without an account are left out"
            logged = logs.add(tx, member.works_at, own, promises)
            ids.append(logged.row["id"])
            opted_out |= dict.fromkeys(logged.not_to_contact)
        says = _sentence(members, kind, found)
        done = nouns.done(session, tx, "log", ids, says, beside=left)
    if opted_out:
        who = text.sentence_list([text.safe(name) for name in opted_out], 3)
        session.notice(f"{who} asked not to be contacted")
    return done


def _parts(words: Sequence[str]) -> tuple[list[str], str, list[str]]:
    """Split `mei raj email Sent the offer` into members, kind and summary."""
    at = next((place for place, word in enumerate(words) if word.lower() in LOG_KINDS), None)
    if at is None:
        raise UsageError(
            f"no kind of interaction in {text.quoted(' '.join(words))}: write the members, then "
            f"{text.one_of(LOG_KINDS)}, then what was said"
        )
    if at + 1 == len(words):
        raise UsageError(f"write what was said after {words[at]}")
    return list(words[:at]), words[at].lower(), list(words[at + 1 :])


def _named(
    session: Session, con: sqlite3.Connection, campaign: Found, names: Sequence[str]
) -> list[JudgedMember]:
    """Return the members that were named. Raises `NotFound` for who is no member."""
    from acctcli.book import campaigns, choosing

    judged = campaigns.judged(session, con, [campaign.id])[campaign.id].members
    by_id = {one.member.contact_id or one.member.account_id: one for one in judged}
    found = {}
    for typed in names:
        _, id, name = choosing.account_or_person(con, typed)
        if id not in by_id:
            words = (text.shell_word(campaign.name, campaign.id), text.shell_word(name, id))
            raise NotFound(
                f"{text.safe(name)} is not in campaign {text.safe(campaign.name)}. "
                f"To add: acct campaign member {' '.join(words)}"
            )
        found[id] = by_id[id]
    for one in found.values():
        if one.member.works_at is None:
            raise Invalid(
                f"{text.safe(one.member.contact or '')} has no account to log it at. Give one: "
                f"acct contact edit {str(one.member.contact_id)[-4:]} --account"
            )
    return list(found.values())


def _in_states(
    session: Session,
    con: sqlite3.Connection,
    campaign: Found,
    states: Sequence[str],
    *,
    outward: bool,
) -> tuple[list[JudgedMember], str]:
    """Return the members in some states, and a sentence about those who are left out."""
    from acctcli.book import campaigns

    judged = campaigns.judged(session, con, [campaign.id])[campaign.id].members
    members = [one for one in judged if one.state in states]
    opted_out = [one for one in members if outward and one.member.do_not_contact]
    nowhere = [one for one in members if one not in opted_out and one.member.works_at is None]
    left = [
        *([f"{len(opted_out)} asked not to be contacted"] if opted_out else []),
        *([f"{len(nowhere)} without an account"] if nowhere else []),
    ]
    kept = [one for one in members if one not in opted_out and one not in nowhere]
    if not kept:
        why = f" ({', '.join(left)})" if left else ""
        raise NotFound(
            f"no member of {text.safe(campaign.name)} is {text.one_of(states)}{why}. "
            "Nothing was logged"
        )
    return kept, f"Left out: {', '.join(left)}." if left else ""


def _sentence(members: Sequence[JudgedMember], kind: str, campaign: Found) -> str:
    """Return `Logged email with Mei Tan, for Spring push.`, or count many."""
    whom = text.plural(len(members), "member")
    if len(members) <= 3:
        names = [one.member.contact or one.member.account or "" for one in members]
        whom = text.sentence_list([text.safe(name) for name in names])
    return f"Logged {kind} with {whom}, for {text.safe(campaign.name)}."
