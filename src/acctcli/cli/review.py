"""`acct review`: looking at one account as a whole, and at which accounts it is time to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from acctcli import text
from acctcli.book import reading, writing
from acctcli.book.asked import Given, Query
from acctcli.cli.kit import nouns, options
from acctcli.cli.kit.commands import Noun
from acctcli.cli.kit.options import Yes
from acctcli.cli.kit.session import Session
from acctcli.configfile import MOST_DAYS
from acctcli.domain import agenda
from acctcli.domain.cadence import AccountFacts
from acctcli.errors import NotFound, UsageError
from acctcli.model import DAY, INTEGER, KINDS, Field
from acctcli.results import Done, Page, Table
from acctcli.store import lookup, queries
from acctcli.store.facts import agenda as sql
from acctcli.values import fields
from acctcli.values.dates import iso, parse_iso_day, say_day

if TYPE_CHECKING:
    import sqlite3

    from acctcli.book.writing import Values

noun = Noun(
    "review",
    "Account reviews, and which are due.",
    elsewhere={"health": "health", "brief": "brief"},
)

REVIEW = KINDS["review"].fields
ACCOUNT = KINDS["account"].fields

DUE_FIELDS = {
    "account": REVIEW["account"],
    "number": ACCOUNT["number"],
    "tier": ACCOUNT["tier"],
    "last_review": Field(DAY, "when the last one was held", name="last_review"),
    "next_review": Field(DAY, "when it is due", name="next_review"),
    "days_late": Field(INTEGER, "days since it was due; below zero: until then", name="days_late"),
    "rating": REVIEW["rating"],
    "health": REVIEW["health"],
}
DUE_COLUMNS = [name for name in DUE_FIELDS if name != "number"]

Reviews = Annotated[list[str], options.arguments("review", "Their ids, or - for ids on stdin.")]
OneReview = Annotated[str, options.argument("account", "An account, for its last one; or an id.")]


@noun.command(
    "due",
    examples=[
        "acct review due",
        "acct review due --within 30 --tier strategic,key",
        "acct review due -f csv > reviews.csv",
    ],
)
def due(
    session: Session,
    query: Query = options.filters(
        "account", "tier", "owner", "tags", table=True, columns=list(DUE_FIELDS)
    ),
    within: Annotated[
        int, typer.Option("--within", metavar="DAYS", help="Also those due within so many days.")
    ] = 0,
) -> Table:
    """Which accounts to review: the day their last review set, else by the rhythm of their tier.

    Rhythms are set in config.toml under [reviews]. A customer that never was reviewed
    is due only in the two first tiers.
    """
    if not 0 <= within <= MOST_DAYS:
        raise UsageError(f"--within {within} is not a number of days from 0 to {MOST_DAYS:,}")
    today = session.clock.today
    with session.read() as con:
        chosen = reading.conditions_of(session, con, "account", query)
        conditions = [*sql.awake(today), *chosen]
        accounts = [AccountFacts(row) for row in sql.accounts(con, conditions)]
        held = {row[0]: agenda.ReviewFacts(row) for row in sql.reviews(con)}
    rows: list[dict[str, Any]] = []
    for account in accounts:
        last = held.get(account.id)
        day = agenda.review_due(account, last, session.config)
        if day is None or day > today + timedelta(days=within):
            continue
        rows.append(
            {
                "id": account.id,
                "account": account.name,
                "account_id": account.id,
                "number": account.number,
                "tier": account.tier,
                "last_review": last.held_on if last else None,
                "next_review": iso(day),
                "days_late": (today - day).days,
                "rating": last.rating if last else None,
                "health": last.health if last else None,
            }
        )
    rows.sort(key=lambda row: (row["next_review"], text.key(row["account"])))
    return Table(
        "due review",
        "due reviews",
        DUE_FIELDS,
        rows,
        DUE_COLUMNS,
        list(DUE_FIELDS),
        {},
        "Hold one: acct review run NAME",
        "No review is due.",
        today,
    )


@noun.command(
    "run",
    examples=[
        'acct review run greentech --summary "On track" --risk "Single champion"'
        " --next-review 2026-12-01",
        'acct review run greentech --rating amber --action "Find a champion::fri"',
        "acct review run greentech",
    ],
)
def run(
    session: Session,
    account: Annotated[str, options.argument("account", "Its name, number, domain or id.")],
    given: Given = options.fields("review", skip=("account", "health"), clears=("next_review",)),
    actions: Annotated[
        list[str],
        typer.Option(
            "--action",
            metavar="TEXT[::DAY][::them]",
            help="A task that comes out of it; ::DAY says by when, ::them that it is theirs. "
            "Repeat it for more.",
        ),
    ] = [],
) -> Done:
    """Hold a review: what was found, what comes out of it, when to look again.

    The health of today is kept with it, and is its rating unless you give one. Without
    options you are asked, with what happened since the last review in view.
    """
    if given.empty and not actions:
        if not session.interactive:
            raise UsageError(
                'say what was found: --summary "…" --risk "…" --action "…::fri"; '
                "on a terminal you are asked"
            )
        from acctcli.cli import interview

        answers = interview.hold(session, account)
        with answers.kept_if_refused(session):
            return _hold(session, answers.account, answers.given, answers.actions)
    return _hold(session, account, given, actions)


ACTION_OPTIONS = {"due": "--action TEXT::DAY"}
"""What fills the fields of a task that comes out of a review."""


def _hold(session: Session, account: str, given: Given, actions: Sequence[str]) -> Done:
    """Save a review with the tasks that come out of it."""
    today = session.clock.today
    read = writing.read_given(session, "review", given)
    held_on = parse_iso_day(read.values.setdefault("held_on", iso(today)))
    tasks = [read_action(session, typed) for typed in actions]
    with session.write() as tx:
        found = session.find(tx.con, "account", account)
        read.values["account"] = found.id
        _keep_health(session, tx.con, found.id, read.values)
        if "next_review" not in read.values:
            read.values["next_review"] = by_rhythm(session, tx.con, found.id, held_on)
        id = writing.insert(tx, "review", read)
        for task in tasks:
            own = {**task, "account": found.id, "review": id}
            writing.insert(tx, "task", writing.Read(own, {}), options=ACTION_OPTIONS)
        says = _sentence(found.name, read.values, len(tasks), today)
        return nouns.done(session, tx, "review", [id], says)


def read_action(session: Session, typed: str) -> Values:
    """The task in `Find a champion::fri`; the day may be left out."""
    return writing.read_dated(session, "task", typed, "--action")


def _keep_health(
    session: Session, con: sqlite3.Connection, account_id: str, review: Values
) -> None:
    """Put today's health into a review that is held today, and what it rests on.

    Of an earlier day nobody knows what was known then.
    """
    review["health"] = None
    review.setdefault("rating", None)
    if review["held_on"] != iso(session.clock.today):
        return
    from acctcli.book.health import inputs, one

    health = one(session, con, account_id).health
    review |= {"health": health.score, "inputs": inputs(health)}
    if review["rating"] is None:
        review["rating"] = health.band


def by_rhythm(
    session: Session, con: sqlite3.Connection, account_id: str, held_on: date
) -> str | None:
    """The day on which the account's tier has it reviewed again, if it has a rhythm."""
    row = queries.get(con, "account", ACCOUNT, account_id)
    rhythm = session.config.review_rhythm.get(row["tier"] or "")
    return iso(held_on + timedelta(days=rhythm)) if rhythm else None


def _sentence(name: str, review: Values, actions: int, today: date) -> str:
    held_on = parse_iso_day(review["held_on"])
    on = "" if held_on == today else f" of {say_day(held_on, today)}"
    health = review["health"]
    found = [review["rating"], None if health is None else f"health {health}"]
    outcome = ", ".join(part for part in found if part)
    parts = [f"Review of {text.safe(name)}{on} kept" + (f": {outcome}" if outcome else "")]
    if actions:
        parts.append(text.plural(actions, "action"))
    if review["next_review"]:
        parts.append(f"again {say_day(parse_iso_day(review['next_review']), today)}")
    return f"{'; '.join(parts)}."


@noun.command(
    "list",
    examples=[
        "acct review list --account greentech",
        "acct review list --where 'rating = red and held_on > -90d' -f csv",
    ],
)
def list_(session: Session, query: Query = options.listing("review", "account", "rating")) -> Table:
    """List the reviews that were held, the newest first."""
    return nouns.table(session, "review", query, footer="One in full: acct review show ID")


@noun.command("show", examples=["acct review show greentech", "acct review show 3f9a -f json"])
def show(session: Session, review: OneReview) -> Page:
    """Show a review with what came out of it, and the one before it."""
    known = session.fields("review")
    with session.read() as con:
        row = queries.get(con, "review", known, _one(session, con, review), as_stored=True)
        actions = reading.whole(session, con, "task", queries.by_id("review_id", row["id"]))
        held_on = fields.known(row["held_on"])
        earlier = sql.reviews_before(row["account_id"], held_on, row["id"])
        before = reading.whole(session, con, "review", earlier, limit=1)
        data = {
            **fields.as_json(known, row),
            "actions": actions,
            "previous": before[0] if before else None,
        }
    return Page(data, "reviews:review", session.clock.today)


def _one(session: Session, con: sqlite3.Connection, typed: str) -> str:
    """The id of the review that is named by its own id, or by its account for the last one."""
    try:
        return session.find(con, "review", typed).id
    except NotFound:
        account = session.find(con, "account", typed)
    found = queries.select(con, "review", REVIEW, last_of(account.id), names=("id",))
    if not found:
        name = text.safe(account.name)
        (number,) = lookup.handles(con, [account.id]).values()
        raise NotFound(f"no review of {name} yet. Hold one: acct review run {number}")
    id: str = found[0]["id"]
    return id


def last_of(account_id: str) -> queries.Listing:
    """The last review of an account; of several on one day the one that was entered last."""
    own = queries.by_id("account_id", account_id)
    return queries.Listing([own], sort="-held_on,-id", limit=1)


@noun.command(
    "edit",
    examples=[
        "acct review edit 3f9a --next-review 2w",
        'acct review edit 3f9a --rating red --risk "Champion leaves"',
        "acct review edit 3f9a",
    ],
)
def edit(
    session: Session,
    reviews: Reviews,
    given: Given = options.fields("review", skip=("account",), clears=True),
) -> Done:
    """Change fields; without options, the review opens as a form in your editor."""
    return nouns.edit(session, "review", reviews, given)


@noun.command("delete", examples=["acct review delete 3f9a"])
def delete(session: Session, reviews: Reviews, yes: Yes = False) -> Done:
    """Delete reviews; the tasks that came out of them stay. `undo` brings them back."""
    return nouns.delete(session, "review", reviews, yes=yes)
