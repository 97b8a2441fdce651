"""How a lead becomes a prospect, and a prospect a customer.

Three things should hold for a prospect: it fits, it has an intent, and there is an opportunity. The
user says what the book does not show. A customer has bought. The account keeps its source and its
history; a note records why its status changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from acctcli import text
from acctcli.book import score, writing
from acctcli.book.asked import Given
from acctcli.book.context import Context
from acctcli.book.writing import Read
from acctcli.errors import Invalid
from acctcli.frozen import Frozen
from acctcli.model import KINDS, Row
from acctcli.store import deals as deal_sql
from acctcli.store import queries
from acctcli.store import records as store
from acctcli.store.facts import score as sql
from acctcli.values import dates, fields, money

if TYPE_CHECKING:
    import sqlite3

    from acctcli.store.journal import Writing


TARGETS = ("prospect", "customer")

DEAL = KINDS["deal"].fields

DEAL_OPTIONS = {"title": "--opportunity", "amount": "--amount", "close_date": "--close"}


class Grounds(Frozen):
    """What the user says: why it fits, what they want, and the fields of a deal as typed."""

    fits: Sequence[str] = ()
    intent: str = ""
    deal: Mapping[str, str] = {}

    @property
    def empty(self) -> bool:
        """Whether the user said nothing."""
        return not self.fits and not self.intent and not self.deal


class Check(Frozen):
    """One of the three checks: what is known, and the option that would satisfy it.

    `holds` is None where it does not matter: nothing to judge it by, or not needed.
    """

    code: str
    holds: bool | None
    said: str
    give: str


def read_deal(context: Context, grounds: Grounds) -> Read | None:
    """Read the given deal as `deal add` would."""
    if not grounds.deal:
        return None
    return writing.read_given(context, "deal", Given(dict(grounds.deal), DEAL_OPTIONS))


class Qualified(Frozen):
    """The accounts before the change, and the reasons of each in words."""

    rows: Sequence[Row]
    grounds: Sequence[str]


def qualify(
    context: Context,
    tx: Writing,
    ids: Sequence[str],
    target: str,
    grounds: Grounds,
    deal: Read | None,
    *,
    anyway: bool,
) -> Qualified:
    """Change the status of all accounts, each with a note, or of none.

    `deal` is the deal of `grounds`, read. Raises `Invalid` for checks that fail, unless `anyway`.
    """
    known = context.fields("account")
    rows = [queries.get(tx.con, "account", known, id) for id in ids]
    checks = [checked(context, tx.con, row, target, grounds, deal) for row in rows]
    if not anyway:
        _refuse_gaps(rows, checks, target)
    said = [_on_grounds(own) for own in checks]
    for row, on_grounds in zip(rows, said, strict=True):
        _make(context, tx, row, target, on_grounds, deal)
    return Qualified(rows, said)


def _make(
    context: Context,
    tx: Writing,
    row: Row,
    target: str,
    on_grounds: str,
    deal: Read | None,
) -> None:
    """Change the status of one account, with a note of the reasons and the given deal."""
    deal_id = None
    if deal is not None:
        own = writing.owned(context, Read({**deal.values, "account": row["id"]}, deal.custom))
        deal_id = writing.insert(tx, "deal", own, options=DEAL_OPTIONS)
    note = f"Qualified as {target}{on_grounds}"
    summary = text.clip(note, text.MAX_LINE // 2)
    log = {
        "account": row["id"],
        "deal": deal_id,
        "kind": "note",
        "at": dates.iso(context.clock.now),
        "summary": summary,
        "body": None if summary == note else note,
    }
    store.insert(tx, "log", log, typed=False)
    store.update(tx, "account", row["id"], {"status": target})


def _on_grounds(checks: Iterable[Check]) -> str:
    """Return `: fit 78; intent: Asked for pricing; not verified: opportunity`; "" without any."""
    parts = [check.said for check in checks if check.holds]
    gaps = [check.code for check in checks if check.holds is False]
    if gaps:
        parts.append(f"not verified: {', '.join(gaps)}")
    return f": {'; '.join(parts)}" if parts else ""


def checked(
    context: Context,
    con: sqlite3.Connection,
    row: Row,
    target: str,
    grounds: Grounds,
    deal: Read | None,
) -> list[Check]:
    """Check fit, intent and opportunity of one account, by the book and by what the user says.

    For a customer, these are only shown, and the one requirement is a sale. Raises `Invalid` for an
    account that has the status already.
    """
    _refuse_status(row, target)
    sold = sql.has_bought(con, row["id"])
    as_prospect = target == "prospect"
    found = [
        _fit(context, con, row["id"], grounds.fits),
        _intent(context, con, row["id"], grounds.intent, sold=sold and as_prospect),
        _opportunity(con, row["id"], deal, sold=sold and as_prospect),
    ]
    if as_prospect:
        return found
    return [*(one if one.holds else one.replace(holds=None) for one in found), _sale(row, sold)]


def _refuse_status(row: Row, target: str) -> None:
    name, status = text.safe(row["name"]), row["status"]
    if status == "former":
        again = f"acct account edit {row['number']} --status prospect"
        raise Invalid(f"{name} is a former customer. To start over: {again}")
    if status == "customer":
        raise Invalid(f"{name} is already a customer; there is nothing to qualify")
    if status == target:
        next_one = f"acct account qualify {row['number']} --as customer"
        raise Invalid(f"{name} is already a prospect. If they have bought: {next_one}")


def _fit(context: Context, con: sqlite3.Connection, account_id: str, notes: Sequence[str]) -> Check:
    """Check the fit: a score from the bound in the settings on, or the user's words."""
    give = "--fit-note TEXT"
    part = score.fit(context, con, account_id)
    said = f"fit {part.score}" if part.score is not None else "fit"
    if notes:
        return Check("fit", True, f"{said}: {', '.join(notes)}", give)
    if part.score is None:
        return Check("fit", False if part.reasons else None, f"fit: {part.evidence}", give)
    bound = context.config["score.qualified_fit"]
    if part.score < bound:
        return Check("fit", False, f"{said}, below {bound}", give)
    return Check("fit", True, said, give)


def _intent(
    context: Context, con: sqlite3.Connection, account_id: str, given: str, *, sold: bool
) -> Check:
    """Check the intent: the user's words, the last buying signal in the log, or a purchase."""
    give = "--intent TEXT"
    if given:
        return Check("intent", True, f"intent: {given}", give)
    today = context.clock.today
    days = score.signal_days(context.config)
    first, _ = fields.bounds_of_day(today - timedelta(days=days))
    signal = sql.last_signal(con, account_id, dates.iso(first))
    if signal is not None:
        day = dates.say_day(dates.day_of(dates.parse_iso_moment(signal.at)), today)
        came = " from them" if signal.direction == "in" else ""
        said = f"intent: {signal.kind}{came} {day}, {signal.summary}"
        return Check("intent", True, said, give)
    if sold:
        return Check("intent", True, "intent: has bought", give)
    return Check("intent", False, f"intent: no buying signal in {days} days", give)


def _opportunity(
    con: sqlite3.Connection, account_id: str, deal: Read | None, *, sold: bool
) -> Check:
    """Check the opportunity: the given deal, an open one, or a purchase."""
    give = "--opportunity TITLE --amount AMOUNT --close DAY"
    if deal is not None:
        return Check("opportunity", True, f"opportunity: {_described(deal.values)}", give)
    listing = queries.Listing([queries.by_id("account_id", account_id), deal_sql.OPEN])
    open_ones = [_described(one) for one in queries.select(con, "deal", DEAL, listing)]
    if open_ones:
        return Check("opportunity", True, f"opportunity: {text.sentence_list(open_ones)}", give)
    if sold:
        return Check("opportunity", True, "opportunity: has bought", give)
    return Check("opportunity", False, "opportunity: no open deal", give)


def _sale(row: Row, sold: bool) -> Check:
    """Check for a sale: nothing that the user says can replace it."""
    give = f"acct deal win, or acct purchase add {row['number']}"
    said = "has bought" if sold else "nothing won or bought yet"
    return Check("sale", sold, said, give)


def _described(deal: Row) -> str:
    """Return `Platform rollout 120,000 SGD`."""
    if deal.get("amount") is None:
        return str(deal["title"])
    return f"{deal['title']} {money.say(deal['amount'], deal['currency'])}"


def _refuse_gaps(rows: Sequence[Row], checks: Sequence[Sequence[Check]], target: str) -> None:
    """Refuse failed checks, naming them with the options that would satisfy them."""
    lacking = [
        (row, [check for check in found if check.holds is False])
        for row, found in zip(rows, checks, strict=True)
    ]
    lacking = [(row, gaps) for row, gaps in lacking if gaps]
    if not lacking:
        return
    row, gaps = lacking[0]
    anyway = "Nothing was changed. To go ahead anyway: --anyway"
    if len(rows) == 1:
        missing = "; ".join(f"{text.safe(gap.said)} ({gap.give})" for gap in gaps)
        name = text.safe(row["name"])
        raise Invalid(f"{name} is not verified as a {target}: {missing}. {anyway}")
    each = [
        f"{text.safe(row['name'])} ({', '.join(gap.code for gap in gaps)})" for row, gaps in lacking
    ]
    raise Invalid(
        f"{len(lacking)} of {len(rows)} accounts are not verified as {target}s: "
        f"{text.sentence_list(each)}. {anyway}"
    )
