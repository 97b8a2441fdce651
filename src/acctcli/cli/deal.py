"""`acct deal`: what may be sold, and how far it has come."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from acctcli import text
from acctcli.book import reading, writing
from acctcli.book.asked import Given, Query
from acctcli.book.deals import Typed, enter, named, page
from acctcli.book.outcomes import left_over, outcome
from acctcli.cli.kit import nouns, offers, options
from acctcli.cli.kit.commands import Noun
from acctcli.cli.kit.options import Yes
from acctcli.cli.kit.session import Session
from acctcli.cli.kit.wording import Question
from acctcli.domain import pipeline
from acctcli.errors import Invalid, UsageError
from acctcli.model import KINDS, Row
from acctcli.results import Done, Page, Table
from acctcli.store import deals as sql
from acctcli.store import lookup, queries
from acctcli.values import dates, fields, money

if TYPE_CHECKING:
    import sqlite3

    from acctcli.store.journal import Writing


noun = Noun(
    "deal",
    "Deals: stages, board, forecast.",
    elsewhere={
        "win": "deal_win",
        "item": "deal_items",
        "contact": "deal_contacts",
        "segments": "segments",
        "board": "deal_board",
        "changes": "deal_board",
        "forecast": "deal_forecast",
        "quote": "deal_quote",
    },
)

Deals = Annotated[list[str], options.arguments("deal")]
WHY_LOST = Question("Why was it lost?")
OneDeal = Annotated[str, options.argument("deal", "Deal title or id.")]
WhyNote = Annotated[
    str | None,
    typer.Option("--note", help="Why it changed. Saved in the deal's history.", show_default=False),
]
Competitor = Annotated[
    str | None,
    typer.Option(
        "--competitor",
        help="Competitor it was lost to.",
        autocompletion=offers.values("deal", KINDS["deal"].fields["competitor"]),
    ),
]
On = Annotated[
    str | None, typer.Option("--on", metavar="DAY", help="Day it closed. Default: today.")
]


@noun.command(
    "add",
    sets_off=True,
    examples=[
        'acct deal add greentech "Platform rollout" --amount 120k --currency SGD '
        "--close 2026-12-15 --stage proposal",
        'acct deal add konex "Renewal 2027" --type renewal --amount "EUR 36,000" --close "14 jan"',
    ],
)
def add(
    session: Session,
    account: Annotated[str, options.argument("account", "Account to sell to.")],
    title: Annotated[str, typer.Argument(help="Title of the deal.", show_default=False)],
    given: Given = options.fields("deal", skip=("account", "title")),
) -> Done:
    """Add a deal. A won or lost stage closes it at once."""
    read = writing.read_given(session, "deal", given.plus(account=account, title=title))
    read = writing.owned(session, read)
    with session.write() as tx:
        id = writing.insert(tx, "deal", read)
        row = queries.get(tx.con, "deal", session.fields("deal"), id)
        short = lookup.short_ids(tx.con, "deal", [id])[id]
        opened = nouns.with_days(session, "deal", read, "close_date", "closed_on")
        says = f"Added deal {short} {described(row)}, {_closing(session, row)}{opened}."
        beside = ""
        if row["type"] == "renewal":
            from acctcli.book import contracts  # most deals renew none

            beside = " ".join(contracts.says_gaps(session, tx.con, [id]))
        return nouns.done(session, tx, "deal", [id], says, beside=beside)


@noun.command(
    "list",
    reads=True,
    examples=[
        "acct deal list --open --sort -amount",
        "acct deal list --closing 'this quarter' --stage negotiation,proposal",
        'acct deal list --where "amount > 100k and next_step is empty"',
        'acct deal list --contact "mei tan" --open',
        "acct deal list --won --closing 2026 -f csv > won.csv",
        "acct deal list --open --where 'amount > 100k' --save 'big ones'",
        "acct deal list --risk --closing 'this quarter'",
    ],
)
def list_(
    session: Session,
    query: Query = options.listing(
        *("deal", "stage", "account", "contacts", "owner", "type", "category", "product"),
        *("source", "tags", "campaign"),
    ),
    open_: Annotated[bool, typer.Option("--open", help="Only open deals: the default.")] = False,
    won: Annotated[bool, typer.Option("--won", help="Only won deals.")] = False,
    lost: Annotated[bool, typer.Option("--lost", help="Only lost deals.")] = False,
    all_: Annotated[bool, typer.Option("--all", help="Open, won and lost deals.")] = False,
    closing: Annotated[
        str | None,
        typer.Option(
            "--closing",
            metavar="PERIOD",
            help="Only deals that close or closed in this period.",
            autocompletion=offers.words(
                ("this month", "next month", "this quarter", "next quarter")
            ),
        ),
    ] = None,
    risk: Annotated[
        bool, typer.Option("--risk", help="Only open deals, the riskiest first, with the reasons.")
    ] = False,
    save: Annotated[str | None, options.save("deal")] = None,
) -> Table:
    """List open deals by close date, or those that were won or lost.

    --all and --closing include closed deals, and so do --stage, --category and --where if they ask
    for something that only closed deals have.
    """
    if all_ and (open_ or won or lost):
        raise UsageError("--all lists open, won and lost deals: leave out the others")
    standing = tuple(
        word for word, wanted in (("open", open_), ("won", won), ("lost", lost)) if wanted
    )
    if risk:
        return _by_risk(session, query.replace(standing=standing, closing=closing or ""), save)
    usual = not (standing or all_ or closing is not None or query.asks_for_closed)
    narrows = query.narrows
    query = query.replace(standing=("open",) if usual else standing, closing=closing or "")
    footer = "Details: acct deal show"
    if usual:
        from acctcli.render.theme import BETWEEN

        footer += f"{BETWEEN}closed ones too: acct deal list --all"

    def none() -> str:
        return "No open deals match." if narrows else _no_open_deals(session)

    with nouns.saving(session, "deal", save, query):
        return nouns.table(session, "deal", query, footer=footer, none=none if usual else None)


def _no_open_deals(session: Session) -> str:
    """Return the sentence for a list without open deals: how to begin, or where closed ones are."""
    with session.read() as con:
        closed = queries.count(con, "deal")
    if closed:
        return "No open deals. Closed ones: acct deal list --all"
    return nouns.empty_sentence("deal", filtered=False)


def _by_risk(session: Session, query: Query, save: str | None) -> Table:
    """Return the open deals that fit, the riskiest first."""
    if save is not None or query.sort or set(query.standing) - {"open"}:
        raise UsageError(
            "--risk lists open deals by their risk: leave out --sort, --won and --save"
        )
    from acctcli.book import risks  # most lists do without

    with session.read() as con:
        conditions = [sql.OPEN, *reading.conditions_of(session, con, "deal", query)]
        rows = risks.rows(session, con, conditions)
        chosen = rows[query.offset or 0 :][: query.limit]
        short = lookup.short_ids(con, "deal", [row["id"] for row in chosen])
    names = list(risks.FIELDS)
    return Table(
        *("deal", "deals", risks.FIELDS, chosen, names[1:], names, short),
        footer="Details: acct deal show",
        empty=nouns.none_in_view("deal", len(rows), query.limit, query.offset)
        or ("No open deals match." if query.narrows else _no_open_deals(session)),
        today=session.clock.today,
        drawing="deals:by_risk",
    )


@noun.command(
    "show",
    reads=True,
    examples=['acct deal show "platform rollout"', "acct deal show 3f9a -f json"],
)
def show(session: Session, deal: OneDeal) -> Page:
    """Show a deal: its history, items, people and next steps."""
    with session.read() as con:
        data = page(session, con, session.find(con, "deal", deal).id)
    return Page(data, "deals:deal", session.clock.today)


@noun.command(
    "edit",
    sets_off=True,
    examples=[
        "acct deal edit 'platform rollout' --amount 135k --close '31 jan'",
        "acct deal list --owner Kim --open -f ids | acct deal edit - --owner Lee",
        "acct deal edit 3f9a",
    ],
)
def edit(
    session: Session,
    deals: Deals,
    given: Given = options.fields("deal", clears=True),
    note: WhyNote = None,
) -> Done:
    """Edit fields. Without options, the deal opens as a form in your editor."""
    if note is not None and given.empty:
        raise UsageError("--note alone changes nothing: give what changes, too")
    return nouns.edit(session, "deal", deals, given, note=noted(note))


@noun.command(
    "tag",
    examples=[
        "acct deal tag 'platform rollout' --add flagship",
        "acct deal list --owner Kim --open -f ids | acct deal tag - --remove q4",
    ],
)
def tag(
    session: Session,
    deals: Deals,
    add: Annotated[list[str], options.tags_to_add("deal")] = [],
    remove: Annotated[list[str], options.tags_to_remove("deal")] = [],
) -> Done:
    """Add tags to deals, or remove them."""
    return nouns.tag(session, "deal", deals, add, remove)


@noun.command(
    "move",
    sets_off=True,
    examples=[
        "acct deal move 'platform rollout' negotiation",
        "acct deal list --stage prospecting --owner Kim -f ids | acct deal move - qualification",
        "acct deal move 'starter kit' lost --reason 'Budget cut'",
    ],
)
def move(
    session: Session,
    deals: Deals,
    stage: Annotated[
        str,
        typer.Argument(
            help="Stage to move them to.",
            show_default=False,
            autocompletion=offers.values("deal", KINDS["deal"].fields["stage"]),
        ),
        Question("Which stage?", ("deal", "stage")),
    ],
    lost_reason: Annotated[
        str | None,
        typer.Option(
            "--reason",
            help="Reason, if they are lost.",
            show_default=False,
            autocompletion=offers.values("deal", KINDS["deal"].fields["lost_reason"]),
        ),
        WHY_LOST,
    ] = None,
    note: WhyNote = None,
) -> Done:
    """Move deals to a stage, with its probability and category.

    Moving a deal to a lost stage needs --reason, as `acct deal lose` does.
    """
    typed = {"stage": stage, "lost_reason": lost_reason}
    if lost_reason is not None:
        field = KINDS["deal"].fields["stage"]
        target = fields.read_field(field, stage, session.reading, what="STAGE")
        if target not in [s.name for s in session.config.stages if s.lost]:
            raise UsageError(f"--reason is for lost deals, and {target} is not a lost stage")

    def says(before: Row, after: Row) -> str:
        return f"Moved {named(after)} from {before['stage']} to {after['stage']}."

    return close(session, deals, lambda con, row: typed, says, "Moved", note=note)


@noun.command(
    "lose",
    sets_off=True,
    examples=[
        'acct deal lose "starter kit" --reason "Budget cut"',
        "acct deal lose 77c1 --reason Price --competitor Globex --on yesterday",
    ],
)
def lose(
    session: Session,
    deals: Deals,
    reason: Annotated[
        str,
        typer.Option(
            "--reason",
            help="Reason.",
            show_default=False,
            autocompletion=offers.values("deal", KINDS["deal"].fields["lost_reason"]),
        ),
        WHY_LOST,
    ],
    competitor: Competitor = None,
    on: On = None,
    note: WhyNote = None,
) -> Done:
    """Close deals as lost, with the reason."""
    if not reason.strip():
        raise UsageError("--reason is empty. Write why the deal was lost")
    typed = {
        "stage": pipeline.lost(session.config.stages).name,
        "lost_reason": reason,
        "competitor": competitor,
        "closed_on": on,
    }

    def says(before: Row, after: Row) -> str:
        why = text.safe(after["lost_reason"])
        to = f", to {text.safe(after['competitor'])}" if after["competitor"] else ""
        what = f"Lost {described(after)}{came(before, after)}{to}: {why.removesuffix('.')}"
        day = when(session, before, after)
        return text.ended(what) + day[1:] if day.startswith(".") else what + day

    return close(session, deals, lambda con, row: typed, says, "Lost", note=note)


@noun.command(
    "reopen",
    examples=["acct deal reopen 'starter kit'", "acct deal reopen 77c1 --stage qualification"],
)
def reopen(
    session: Session,
    deals: Deals,
    stage: Annotated[
        str | None,
        typer.Option(
            "--stage",
            help="Stage to reopen it at. Default: the last open stage.",
            autocompletion=offers.values("deal", KINDS["deal"].fields["stage"]),
        ),
    ] = None,
    note: WhyNote = None,
) -> Done:
    """Reopen won or lost deals at the stage they had before."""
    stages = session.config.stages
    open_ones = [s.name for s in stages if s.open]
    if stage is not None:
        field = KINDS["deal"].fields["stage"]
        stage = str(fields.read_field(field, stage, session.reading, what="--stage"))
        if stage not in open_ones:
            raise Invalid(
                f"--stage {stage} is not an open stage. Open stages: {', '.join(open_ones)}"
            )

    def typed(con: sqlite3.Connection, row: Row) -> dict[str, str | None]:
        if row["closed_on"] is None:
            return {}
        left = [name for name in sql.stages_before(con, row["id"]) if name in open_ones]
        return {"stage": stage or (left[0] if left else pipeline.first_open(stages).name)}

    def says(before: Row, after: Row) -> str:
        return f"Reopened {named(after)} at {after['stage']}."

    return close(session, deals, typed, says, "Reopened", note=note)


@noun.command("delete", examples=["acct deal delete 77c1 --yes"])
def delete(
    session: Session,
    deals: Annotated[list[str], options.whole_names("deal")],
    yes: Yes = False,
) -> Done:
    """Delete deals with their items and history; `undo` brings them back."""
    return nouns.delete(session, "deal", deals, yes=yes)


def noted(typed: str | None) -> str | None:
    """Return the note for the history of deals. Raises `UsageError` for an empty text."""
    if typed is not None and not typed.strip():
        raise UsageError("--note is empty. Write why the deal changed")
    return None if typed is None else text.one_line(typed, "--note")


Says = Callable[[Row, Row], str]


def close(
    session: Session,
    deals: Sequence[str],
    typed: Typed,
    says: Says,
    verb: str,
    *,
    note: str | None = None,
    then: Callable[[Writing, Sequence[Row]], str] | None = None,
) -> Done:
    """Move deals to a stage, with everything that it implies; each change gets the note.

    `typed` returns the fields of one deal as if they had been typed, `says` the sentence of one
    deal from its old and new row; `verb` begins the sentence of several. `then` does what follows
    from the deals that moved, and returns what to say of it.
    """
    names = session.names_given("deal", deals)
    kept = noted(note)
    with session.write() as tx:
        tx.note = kept
        found = session.find_all(tx.con, "deal", names)
        sentence = closed(session, tx, found, typed, says, verb, then) or nouns.UNCHANGED
        done = nouns.done(session, tx, "deal", [d.id for d in found], sentence)
        for said in left_over(tx.con, done.ids):
            session.notice(said)
    return done


def closed(
    session: Session,
    tx: Writing,
    found: Sequence[lookup.Found],
    typed: Typed,
    says: Says,
    verb: str,
    then: Callable[[Writing, Sequence[Row]], str] | None = None,
) -> str:
    """Move deals to a stage inside a transaction, as `close` does; return a sentence, or ""."""
    sentences, beside = list[str](), list[str]()
    moved: list[Row] = []
    for one in enter(session, tx, found, typed):
        if not one.moved:
            of_it = {one.deal.id: one.changed}
            beside.append(nouns.changed_sentence("deal", [one.deal], of_it))
            continue
        moved.append(one.after)
        sentences.append(says(one.before, one.after))
    if len(sentences) > 3:
        sentences = [f"{verb} {text.plural(len(sentences), 'deal')}."]
    if len(beside) > 3:
        beside = [f"Changed {text.plural(len(beside), 'other deal')} that were there already."]
    followed = [then(tx, moved)] if then and moved else []
    return " ".join(filter(None, (*sentences, *followed, *beside)))


def described(row: Row) -> str:
    """Return `"Platform rollout", 120,000 SGD`."""
    if row["amount"] is None:
        return named(row)
    return f"{named(row)}, {money.say(row['amount'], row['currency'])}"


def _closing(session: Session, row: Row) -> str:
    if row["closed_on"] is not None:
        return f"{outcome(row)} {_day(session, row['closed_on'])}"
    if row["close_date"] is not None:
        today = dates.iso(session.clock.today)
        past = ", which is in the past" if row["close_date"] < today else ""
        return f"closes {_day(session, row['close_date'])}{past}"
    return f"at {row['stage']}, no close date"


def came(before: Row, after: Row) -> str:
    """Return `, from negotiation after 88 days`: the previous stage, and how long it was open."""
    stage = f", from {text.safe(before['stage'])}"
    if after["opened_on"] is None or before["opened_on"] != after["opened_on"]:
        return stage
    opened, closed = (dates.parse_iso_day(after[name]) for name in ("opened_on", "closed_on"))
    days = (closed - opened).days
    return f"{stage} after {text.plural(days, 'day')}" if days else f"{stage} on its first day"


def when(session: Session, before: Row, after: Row) -> str:
    """Return the end of a sentence: `, Fri 20 Nov.`, if it was not today."""
    day = _day(session, after["closed_on"])
    ending = "." if day == "today" else f", {day}."
    moved = before["opened_on"] != after["opened_on"]
    return f"{ending} It counts as opened on that day too." if moved else ending


def _day(session: Session, stored: str) -> str:
    return dates.say_day(dates.parse_iso_day(stored), session.clock.today)
