"""Handing accounts over to a colleague: who owns them from now on, and what goes along.

The owner of an account counts for every deal that has none of its own, also for those that are
closed. So before an account gets another owner, closed deals get the one whose they were, and so do
open deals that stay. A promise goes with its deal, and without one with the account.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from acctcli import text
from acctcli.book.context import Context
from acctcli.errors import UsageError
from acctcli.frozen import Frozen
from acctcli.model import KINDS, Row
from acctcli.store import handed, lookup, queries, records
from acctcli.values import money
from acctcli.values.fields import read_field

if TYPE_CHECKING:
    import sqlite3

    from acctcli.store.journal import Writing


class Going(Frozen):
    """An account that changes hands. Rows of deals have title, amount and currency.

    `giver` is its owner so far, or who hands it over. `mine` are the giver's open deals, `others`
    those of somebody else, who keeps them. `closed` are closed deals without an owner of their own,
    `unnamed` the ids of the giver's deals that have none either. `promises` are those that are
    open: who owes each, and the id of its deal.
    """

    id: str
    name: str
    owner: str | None
    giver: str
    mine: Sequence[Row]
    others: Sequence[Row]
    closed: Sequence[str]
    unnamed: frozenset[str]
    promises: Sequence[tuple[str, str | None]]

    def along(self, *, keep_deals: bool) -> list[str]:
        """Return who owes each promise that goes along; one of a deal that stays does not."""
        staying = {deal["id"] for deal in (*self.others, *(self.mine if keep_deals else ()))}
        return [owed_by for owed_by, deal in self.promises if deal not in staying]


class HandedOver(Frozen):
    """What was handed over: the accounts that changed hands, and a sentence that says so."""

    changed: Sequence[Going]
    says: str


def receiver(context: Context, con: sqlite3.Connection, typed: str) -> str:
    """Return the name of who takes over, spelled as an owner of the book is spelled already."""
    name = read_field(KINDS["account"].fields["owner"], typed, context.reading, what="--to")
    if not name:
        raise UsageError("--to is empty. Name the colleague who takes over")
    key = text.key(str(name))
    return next((one for one in handed.owners(con) if text.key(one) == key), str(name))


def look(
    context: Context, con: sqlite3.Connection, found: Sequence[lookup.Found], to: str
) -> list[Going]:
    """Return what goes along with those of the accounts that are not the receiver's already."""
    ids = [one.id for one in found]
    accounts = _by_account(context, con, "account", ids, "id", ("name", "owner"))
    names = ("title", "amount", "currency", "owner", "account")
    deals = _by_account(context, con, "deal", ids, "account_id", (*names, "closed_on"))
    tasks = _by_account(
        context, con, "task", ids, "account_id", ("owed_by", "account", "deal", "done_at")
    )
    going = []
    for one in found:
        (account,) = accounts[one.id]
        owner = account["owner"]
        if owner is not None and text.key(owner) == text.key(to):
            continue
        giver = owner or context.who
        unowned = [deal for deal in deals.get(one.id, ()) if deal["owner"] is None]
        open_ = [deal for deal in deals.get(one.id, ()) if deal["closed_on"] is None]
        mine = [
            deal
            for deal in open_
            if deal["owner"] is None or text.key(deal["owner"]) == text.key(giver)
        ]
        still = [task for task in tasks.get(one.id, ()) if task["done_at"] is None]
        going.append(
            Going(
                one.id,
                account["name"],
                owner,
                giver,
                mine,
                [deal for deal in open_ if deal not in mine],
                [deal["id"] for deal in unowned if deal["closed_on"] is not None],
                frozenset(deal["id"] for deal in unowned),
                [(task["owed_by"], task["deal_id"]) for task in still],
            )
        )
    return going


def _by_account(
    context: Context,
    con: sqlite3.Connection,
    kind: str,
    ids: Sequence[str],
    column: str,
    names: Sequence[str],
) -> dict[str, list[Row]]:
    listing = queries.Listing([queries.by_ids(column, ids)], "created_at")
    rows: dict[str, list[Row]] = {}
    for row in queries.select(con, kind, context.fields(kind), listing, names=names):
        rows.setdefault(row[column], []).append(row)
    return rows


def hand_over(
    tx: Writing, going: Sequence[Going], to: str, *, keep_deals: bool, asked: int
) -> HandedOver:
    """Give the accounts to another owner, and say so in the log of each.

    With `keep_deals`, open deals stay with who had them. `asked` is how many accounts were named.
    """
    for one in going:
        for id in one.closed:
            records.update(tx, "deal", id, {"owner": one.giver}, typed=False)
        for deal in one.mine:
            if keep_deals and deal["id"] in one.unnamed:
                records.update(tx, "deal", deal["id"], {"owner": one.giver}, typed=False)
            elif not keep_deals and deal["owner"] is not None:
                records.update(tx, "deal", deal["id"], {"owner": to}, typed=False)
        records.update(tx, "account", one.id, {"owner": to})
        summary = f"Handed over from {one.giver} to {to}"
        entry = {"account": one.id, "kind": "note", "at": tx.now}
        body = "\n".join(_body(one, to, keep_deals=keep_deals)) or None
        records.insert(tx, "log", {**entry, "summary": summary, "body": body}, typed=False)
    return HandedOver(going, _sentence(going, to, keep_deals=keep_deals, asked=asked))


def _body(one: Going, to: str, *, keep_deals: bool) -> list[str]:
    """Return the lines of the log entry: each open deal with its owner, and open promises."""
    lines = []
    for deal in one.mine:
        where = f"stays with {one.giver}" if keep_deals else "goes along"
        lines.append(f"{_named(deal)} {where}")
    lines += [f"{_named(deal)} stays with {deal['owner']}" for deal in one.others]
    promised = one.along(keep_deals=keep_deals)
    for side, whose in (("us", "ours"), ("them", "theirs")):
        if count := promised.count(side):
            verb = "goes" if count == 1 else "go"
            lines.append(f"{text.plural(count, 'open promise')} of {whose} {verb} along")
    return lines


def _named(deal: Row) -> str:
    amount = ""
    if deal["amount"] is not None and deal["currency"]:
        amount = f", {money.say(deal['amount'], deal['currency'])}"
    return f"Deal {deal['title']}{amount}"


def _sentence(going: Sequence[Going], to: str, *, keep_deals: bool, asked: int) -> str:
    """Return who got what, for the answer and the history."""
    to = text.safe(to)
    if not going:
        return f"{to} already owns {'it' if asked == 1 else 'all of them'}."
    givers = [text.safe(name) for name in dict.fromkeys(one.giver for one in going)]
    names = [text.safe(one.name) for one in going]
    what = text.plural(len(going), "account") if len(going) > 3 else text.sentence_list(names)
    whole = f"Handed over {what} from {text.sentence_list(givers)} to {to}."
    mine = sum(len(one.mine) for one in going)
    others = sum(len(one.others) for one in going)
    promises = sum(len(one.along(keep_deals=keep_deals)) for one in going)
    along = [text.plural(promises, "open promise")] if promises else []
    if mine and not keep_deals:
        along.insert(0, text.plural(mine, "open deal"))
    if along:
        verb = "goes" if len(along) == 1 and along[0].startswith("1 ") else "go"
        whole += f" {_upper(text.sentence_list(along))} {verb} along."
    staying = others + (mine if keep_deals else 0)
    if staying:
        verb = "stays" if staying == 1 else "stay"
        whole += f" {text.plural(staying, 'open deal')} {verb} with the owner so far."
    if asked > len(going):
        rest = text.plural(asked - len(going), "account")
        whole += f" {to} already owned {rest}."
    return whole


def _upper(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def question(going: Sequence[Going], to: str) -> str:
    """Return the question whether open deals go along; "" without any."""
    deals = [deal for one in going for deal in one.mine]
    if not deals:
        return ""
    named = text.sentence_list([_in_brackets(deal) for deal in deals])
    they = "Does it" if len(deals) == 1 else "Do they"
    return f"{text.plural(len(deals), 'open deal')}: {named}. {they} go along to {text.safe(to)}?"


def _in_brackets(deal: Row) -> str:
    title = text.safe(deal["title"])
    if deal["amount"] is None or not deal["currency"]:
        return title
    return f"{title} ({money.say(deal['amount'], deal['currency'])})"
