"""`acct review`: reviewing an account as a whole, and which accounts are due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated

import typer

from acctcli import text
from acctcli.book import reading, reviews, writing
from acctcli.book.asked import Given, Query
from acctcli.cli.kit import nouns, options
from acctcli.cli.kit.commands import Noun
from acctcli.cli.kit.options import Yes
from acctcli.cli.kit.session import Session
from acctcli.configvalues import MOST_DAYS
from acctcli.errors import UsageError
from acctcli.model import Values
from acctcli.results import Done, Page, Table
from acctcli.values.dates import parse_iso_day, say_day

noun = Noun(
    "review",
    "Account reviews, and which are due.",
    elsewhere={"health": "health", "brief": "brief"},
)

DUE_COLUMNS = [name for name in reviews.DUE_FIELDS if name != "number"]

Reviews = Annotated[list[str], options.arguments("review", "Ids, or - for ids on stdin.")]
OneReview = Annotated[
    str, options.argument("account", "Review id, or an account for its last review.")
]


@noun.command(
    "due",
    reads=True,
    examples=[
        "acct review due",
        "acct review due --within 30 --tier strategic,key",
        "acct review due -f csv > reviews.csv",
    ],
)
def due(
    session: Session,
    query: Query = options.filters(
        "account", "tier", "owner", "tags", table=True, columns=list(reviews.DUE_FIELDS)
    ),
    within: Annotated[
        int, typer.Option("--within", metavar="DAYS", help="Also reviews due within DAYS days.")
    ] = 0,
) -> Table:
    """List accounts due for review: by the date set in the last one, or by the tier's cadence.

    Set the review cadence of each tier with acct config edit, under [reviews]. A customer
    that was never reviewed is due only in the two highest tiers.
    """
    if not 0 <= within <= MOST_DAYS:
        raise UsageError(f"--within {within} is not a number of days from 0 to {MOST_DAYS:,}")
    today = session.clock.today
    with session.read() as con:
        chosen = reading.conditions_of(session, con, "account", query)
        rows = reviews.due(session, con, chosen, within)
    return Table(
        "due review",
        "due reviews",
        reviews.DUE_FIELDS,
        rows,
        DUE_COLUMNS,
        list(reviews.DUE_FIELDS),
        {},
        "Review one: acct review run",
        "No review is due.",
        today,
        has_ids=True,
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
    account: Annotated[str, options.argument("account", "Account name, number, domain or id.")],
    given: Given = options.fields("review", skip=("account", "health"), clears=("next_review",)),
    actions: Annotated[
        list[str],
        typer.Option(
            "--action",
            metavar="TEXT[::DAY][::them]",
            help="Task from the review; end with ::DAY for a due day, ::them if it is theirs. "
            "Repeat for more.",
        ),
    ] = [],
) -> Done:
    """Review an account: findings, actions, and the date of the next review.

    Today's health is saved with it, and sets the rating unless you give one. Without
    options you are asked step by step, and shown what happened since the last review.
    """
    if given.empty and not actions:
        if not session.interactive:
            raise UsageError(
                "nothing to save. Give --summary, --risk or --action; on a terminal you are asked"
            )
        from acctcli.cli import interview

        answers = interview.hold(session, account)
        with answers.kept_if_refused(session):
            return _hold(session, answers.account, answers.given, answers.actions)
    return _hold(session, account, given, actions)


def _hold(session: Session, account: str, given: Given, actions: Sequence[str]) -> Done:
    read = writing.read_given(session, "review", given)
    tasks = [reviews.read_action(session, typed) for typed in actions]
    with session.write() as tx:
        found = session.find(tx.con, "account", account)
        id = reviews.hold(session, tx, found.id, read, tasks)
        says = _sentence(found.name, read.values, len(tasks), session.clock.today)
        return nouns.done(session, tx, "review", [id], says)


def _sentence(name: str, review: Values, actions: int, today: date) -> str:
    held_on = parse_iso_day(review["held_on"])
    on = "" if held_on == today else f" of {say_day(held_on, today)}"
    health = review["health"]
    found = [review["rating"], None if health is None else f"health {health}"]
    if health is not None and review["rating"] is None:
        known = text.plural(len(review.get("inputs") or ()), "input")
        found = [f"health {health}, on {known}: too little to say"]
    outcome = ", ".join(part for part in found if part)
    parts = [f"Saved review of {text.safe(name)}{on}" + (f": {outcome}" if outcome else "")]
    if actions:
        parts.append(text.plural(actions, "action"))
    saved = f"{'; '.join(parts)}."
    if review["next_review"]:
        saved += f" Next review: {say_day(parse_iso_day(review['next_review']), today)}."
    return saved


@noun.command(
    "list",
    reads=True,
    examples=[
        "acct review list --account greentech",
        "acct review list --where 'rating = red and held_on > -90d' -f csv",
    ],
)
def list_(session: Session, query: Query = options.listing("review", "account", "rating")) -> Table:
    """List reviews, newest first."""
    return nouns.table(session, "review", query, footer="Details: acct review show")


@noun.command(
    "show", reads=True, examples=["acct review show greentech", "acct review show 3f9a -f json"]
)
def show(session: Session, review: OneReview) -> Page:
    """Show a review with its actions, next to the review before it."""
    with session.read() as con:
        data = reviews.page(session, con, reviews.find(session, con, review))
    return Page(data, "reviews:review", session.clock.today)


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
    """Edit fields. Without options, the review opens as a form in your editor."""
    return nouns.edit(session, "review", reviews, given)


@noun.command("delete", examples=["acct review delete 3f9a"])
def delete(session: Session, reviews: Reviews, yes: Yes = False) -> Done:
    """Delete reviews. Their tasks stay; `undo` brings them back."""
    return nouns.delete(session, "review", reviews, yes=yes)
