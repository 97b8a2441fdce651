"""A contract that somebody should see to, in words, for the agenda."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from acctcli.domain import contracts
from acctcli.domain.contracts import Contract
from acctcli.text import plural
from acctcli.values import money
from acctcli.values.dates import MONTHS, say_day

NO_DEAL, LOST = "no renewal deal", "its renewal was lost"


def reason(contract: Contract, days: int, findings: Sequence[str], today: date) -> str:
    """Return `48k GBP contract for Seats lapsed since Sat 31 Oct (27 days)`."""
    more = "".join(f", {finding}" for finding in findings)
    match contract.standing(today):
        case contracts.DUE:
            return f"{_called(contract)} {_ends(contract, today)}; {NO_DEAL}{more}"
        case contracts.MISSED:
            return f"{_missed(contract, today)}: {_called(contract)}{more}"
    since, ago = say_day(contract.end(today), today), plural(days, "day")
    if contract.lost:
        return f"{_called(contract)} ended {since} ({ago} ago), {LOST}{more}"
    return f"{_called(contract)} lapsed since {since} ({ago}){more}"


def brief(contract: Contract, days: int, today: date) -> tuple[str, str, str]:
    """Return the same in few words: what may be clipped, what may not, and a note."""
    said = _called(contract, named=False)
    match contract.standing(today):
        case contracts.DUE:
            notice = contract.notice_by(today)
            if notice is not None and notice >= today:
                return f"{said}: notice by {say_day(notice, today)}", "", NO_DEAL
            return f"{said} ends {say_day(contract.end(today), today)}", "", NO_DEAL
        case contracts.MISSED:
            return f"{_missed(contract, today)}: {said}", "", ""
    since = say_day(contract.end(today), today)
    if contract.lost:
        return f"{said} ended {since}", "", LOST
    return f"{said} lapsed since {since}", "", plural(days, "day")


def command(
    contract: Contract, account: str, ask: str, names: Mapping[str, str], today: date
) -> str:
    """Return the command that answers: a renewal deal while it runs, a purchase once it is over.

    If its renewal was lost, the one that dismisses it. `ask` names the account in a command,
    `names` the contract.
    """
    facts = contract.facts
    if contract.standing(today) != contracts.DUE:
        if contract.lost:
            return f"acct purchase edit {names[facts.id]} --lapsed-ok"
        return f"acct purchase renew {names[facts.id]}"
    end = contract.end(today)
    year = (end + timedelta(days=1)).year
    title = " ".join([*filter(_harmless, (account, facts.product or "")), "renewal", str(year)])
    found = f'acct deal add {ask} "{title[:1].upper()}{title[1:]}" --type renewal'
    if facts.product and _harmless(facts.product):
        found += f' --product "{facts.product}"'
    if facts.amount is not None and facts.currency:
        found += f' --amount "{money.say(facts.amount, facts.currency)}"'
    return f"{found} --close {max(end, today)}"


def _called(contract: Contract, *, named: bool = True) -> str:
    """`48k GBP contract for Seats`."""
    facts = contract.facts
    if facts.amount is None or facts.currency is None:
        return f"{facts.product} contract" if facts.product else "Contract"
    worth = f"{money.short(facts.amount, facts.currency)} {facts.currency}"
    kind = "monthly contract" if contract.monthly else "contract"
    for_product = f" for {facts.product}" if facts.product and named else ""
    return f"{worth} {kind}{for_product}"


def _missed(contract: Contract, today: date) -> str:
    """`No payment for November`: the first month that is missing."""
    month = (contract.end(today) + timedelta(days=1)).month
    return f"No payment for {MONTHS[month - 1]}"


def _ends(contract: Contract, today: date) -> str:
    """`ends Tue 16 Feb (81 days)`, with the last day for notice while it is to come."""
    end, notice = contract.end(today), contract.notice_by(today)
    verb = "renews itself after" if contract.renews_itself else "ends"
    if notice is None or notice < today:
        return f"{verb} {say_day(end, today)}{_in_days(end, today)}"
    said = f"notice by {say_day(notice, today)}{_in_days(notice, today)}"
    return f"{verb} {say_day(end, today)}, {said}"


def _in_days(day: date, today: date) -> str:
    days = (day - today).days
    return f" ({plural(days, 'day')})" if days > 1 else ""


def _harmless(name: str) -> bool:
    """Whether a name between quotes is harmless in a command of any shell."""
    letters = name.translate(_HARMLESS_SIGNS)
    return name[:1] not in ("", "-") and (not letters or letters.isalnum())


_HARMLESS_SIGNS = dict.fromkeys(map(ord, " .,&+()/'-"))
