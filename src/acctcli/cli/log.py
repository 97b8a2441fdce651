"""`acct log`: what was said. The most frequent commands, so one line must be enough.

There is one command per kind, made in a loop: the same options, its own help. Planned conversations
are not logged; the next step that comes out of one is, in the same line.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

from acctcli import text
from acctcli.book import logs, writing
from acctcli.book.asked import Given, Query
from acctcli.cli.kit import nouns, offers, options, wording
from acctcli.cli.kit.bundles import Bundle, option
from acctcli.cli.kit.commands import Noun
from acctcli.cli.kit.options import Yes
from acctcli.cli.kit.session import Session, stdin_text
from acctcli.errors import UsageError
from acctcli.frozen import Frozen
from acctcli.model import KINDS, LOG_KINDS, SCALES
from acctcli.results import Done, Page, Table
from acctcli.store import filters, lookup
from acctcli.values.dates import day_of as local_day
from acctcli.values.dates import in_full, iso, parse_iso_day, parse_iso_moment, say_day

noun = Noun("log", "Log calls, emails, meetings and notes.")

FIELDS = KINDS["log"].fields

TICKETS = ("open", "resolved", "all")

TICKET_COLUMNS = {
    "open": ("id", "opened", "account", "answer_by", "summary"),
    "resolved": ("id", "at", "account", "resolved_at", "summary"),
    "all": ("id", "at", "account", "answer_by", "resolved_at", "summary"),
}

AccountName = Annotated[
    str, options.argument("account", "Account name, number, domain or id; - for ids on stdin.")
]
Summary = Annotated[
    list[str],
    wording.argument("SUMMARY", "What was said, in one line; - reads it from stdin."),
    wording.asked("What was said?"),
]
Logs = Annotated[list[str], options.arguments("log", "Ids, or - for ids on stdin.")]
OneLog = Annotated[str, options.argument("log", "Id, or its last four digits.")]


class Beside(Frozen):
    """What else a line can say: who contacted whom, and what was promised."""

    inward: bool | None
    ours: Mapping[str, str]  # our task, by field, as typed
    theirs: Mapping[str, str]


class BesideOptions(Bundle):
    """`--in/--out`, and the promises that came out of it: `--next … --due`, `--they-owe …`."""

    def parameters(self) -> list[inspect.Parameter]:
        """Return the options."""
        day = offers.values("task", KINDS["task"].fields["due"])
        return [
            option(
                "inward",
                ("--in/--out",),
                "Incoming (they contacted you) or outgoing.",
                type=bool | None,
            ),
            option("next", ("--next",), "Your next step. Adds a task.", metavar="TEXT"),
            option("due", ("--due",), "Due day of your next step.", metavar="DAY", complete=day),
            option(
                "they_owe",
                ("--they-owe",),
                "What they promised. Adds a task they owe.",
                metavar="TEXT",
            ),
            option(
                "they_due",
                ("--they-due",),
                "Due day of their promise.",
                metavar="DAY",
                complete=day,
            ),
        ]

    def collect(self, given: dict[str, Any], session: Session) -> Beside:
        """Return their values; a day needs its promise."""
        return Beside(
            given["inward"],
            _promise("--next", given["next"], "--due", given["due"]),
            _promise("--they-owe", given["they_owe"], "--they-due", given["they_due"]),
        )


def _promise(what_flag: str, what: str | None, due_flag: str, due: str | None) -> dict[str, str]:
    if due is not None and what is None:
        raise UsageError(f"{due_flag} says when, {what_flag} says what: give both, or neither")
    typed = {"text": what, "due": due}
    return {name: value for name, value in typed.items() if value is not None}


class ScoreOptions(Bundle):
    """The score of a survey: `--nps` or `--csat`, which are two scales."""

    def parameters(self) -> list[inspect.Parameter]:
        """The options."""
        return [
            option("nps", ("--nps",), "Would they recommend us? 0 to 10.", metavar="N"),
            option("csat", ("--csat",), "How satisfied are they? 1 to 5.", metavar="N"),
        ]

    def collect(self, given: dict[str, Any], session: Session) -> dict[str, str]:
        """Return the score and its scale as fields; empty if none was given."""
        scores = {scale: given[scale] for scale in SCALES if given[scale] is not None}
        if len(scores) > 1:
            raise UsageError("--nps and --csat are two scales: give one of them")
        return {
            name: typed
            for scale, score in scores.items()
            for name, typed in (("score", score), ("scale", scale))
        }


WHOLE: Any = options.fields("log", skip=("account", "kind", "summary"))
GIVEN: Any = options.fields("log", skip=("account", "kind", "summary", "score", "scale"))
BESIDE: Any = BesideOptions()
SCORED: Any = ScoreOptions()


def _log(
    session: Session, kind: str, account: str, words: list[str], given: Given, beside: Beside
) -> Done:
    """Log one interaction with each named account, and the promises made in it."""
    read, promises = read_log(session, kind, words, given, beside)
    typed = session.names_given("account", [account])
    with session.write() as tx:
        found = session.find_all(tx.con, "account", typed)
        added = [logs.add(tx, one.id, read, promises) for one in found]
        rows = [one.row for one in added]
        says = _sentence(session, rows, promises)
        hint = ""
        if promises and len(rows) == 1:
            first = added[0].tasks[0]
            short = lookup.short_ids(tx.con, "task", [first])[first]
            hint = f"To mark it as done: acct task done {short}"
        done = nouns.done(session, tx, "log", [row["id"] for row in rows], says, hint=hint)
        at = {row["account_id"]: row["account"] for row in rows}
        nouns.tell_elsewhere(session, tx.con, rows[0]["contact_ids"], at)
    if added[-1].not_to_contact:
        session.notice(f"{_names(added[-1].not_to_contact)} asked not to be contacted")
    return done


def read_log(
    session: Session, kind: str, words: list[str], given: Given, beside: Beside
) -> tuple[writing.Read, list[writing.Read]]:
    """Read an interaction, still without an account, and the promises made in it."""
    said = wording.text_of(words, "SUMMARY")
    given = _with_body(given.plus(kind=kind, summary=said))
    if words == ["-"] and "body" not in given.typed and "\n" in said:
        # The first line of a longer text is its summary, like the subject of an email.
        first, _, rest = said.partition("\n")
        given = given.plus(summary=first, body=rest.strip())
    read = writing.read_given(session, "log", given)
    read.values.setdefault("at", iso(session.clock.now))
    if beside.inward is not None:
        way = "in" if beside.inward else "out"
        if read.values.get("direction", way) != way:
            raise UsageError(f"--{way} and --direction {read.values['direction']} disagree")
        read.values["direction"] = way
    return read, _promises(session, beside)


def _with_body(given: Given) -> Given:
    """Replace `--body -` by the text of stdin. Raises `UsageError` if there is none.

    A program that failed in front of the pipe would empty the text of an interaction.
    """
    if given.typed.get("body") != "-":
        return given
    body = stdin_text()
    if not body.strip():
        raise UsageError("--body - reads stdin, but stdin is empty")
    return given.plus(body=body)


def _promises(session: Session, beside: Beside) -> list[writing.Read]:
    """Read the tasks given with the interaction."""
    found = []
    for owed_by, typed, says in (
        ("us", beside.ours, {"text": "--next", "due": "--due"}),
        ("them", beside.theirs, {"text": "--they-owe", "due": "--they-due"}),
    ):
        if typed:
            given = Given({**typed, "owed_by": owed_by}, says)
            found.append(writing.read_given(session, "task", given))
    return found


_PREPOSITIONS = {"in": "from", "out": "to", None: "with"}


def _sentence(
    session: Session, rows: Sequence[Mapping[str, Any]], promises: Sequence[writing.Read]
) -> str:
    """Return `Logged call with GreenTech Ltd (Mei Tan). Next: Send quote, due Fri 27 Nov.`."""
    today = session.clock.today
    log = rows[0]
    word = "on" if log["kind"] == "note" else _PREPOSITIONS[log["direction"]]
    whom = text.safe(log["account"])
    if len(rows) > 1:
        whom = text.plural(len(rows), "account")
    elif log["contacts"]:
        whom += f" ({_names(log['contacts'])})"
    day = local_day(parse_iso_moment(log["at"]))
    when = "" if day == today else f", {say_day(day, today)}"
    what = f"{log['kind']} attempt" if log["attempt"] else log["kind"]
    says = f"Logged {what} {word} {whom}{when}."
    for promise in promises:
        label = "Next" if promise.values["owed_by"] == "us" else "They owe"
        due = promise.values.get("due")
        by = f", due {say_day(parse_iso_day(due), today)}" if due else ""
        says += text.ended(f" {label}: {text.safe(promise.values['text'])}{by}")
    return says


def _names(names: Sequence[str]) -> str:
    return text.sentence_list([text.safe(name) for name in names])


# One command per kind: its line of help, and an example.
_BY_KIND = {
    "call": (
        "Log a call.",
        'acct log call greentech "Walked Mei through pricing" --with mei '
        '--next "Send phased quote" --due fri',
        'acct log call greentech "Left a message" --with mei --no-answer',
    ),
    "email": (
        "Log an email you sent, or one you received with --in.",
        'acct log email greentech "Board meets on 12 December" --in --with mei --body - < mail.txt',
    ),
    "meeting": (
        "Log a meeting.",
        'acct log meeting greentech "Kick-off" --with mei --with raj --duration 90m',
    ),
    "demo": (
        "Log a demo.",
        'acct log demo greentech "Showed the historian" --deal platform --outcome "wants a pilot"',
    ),
    "proposal": (
        "Log a proposal you sent, or one you received with --in.",
        'acct log proposal greentech "Phased rollout, 120k" --deal platform --at yesterday',
    ),
    "social": (
        "Log a social media message you sent, or one you received with --in.",
        'acct log social greentech "Congratulated Mei on the award" --with mei',
    ),
    "note": (
        "Log a note. It does not count as contact.",
        'acct log note greentech "New plant in Tuas, says the press"',
    ),
    "ticket": (
        "Log a support ticket.",
        'acct log ticket greentech "Export fails on the 31st" --at "yesterday 9am"',
    ),
    "survey": (
        "Log a survey answer with its score: NPS (0 to 10) or CSAT (1 to 5).",
        'acct log survey greentech "Would recommend us" --nps 9 --with mei',
        'acct log survey greentech "Support was quick" --csat 4',
    ),
}


def _register(kind: str) -> None:
    help, *examples = _BY_KIND[kind]

    def log_kind(
        session: Session,
        account: AccountName,
        summary: Summary,
        given: Given = GIVEN,
        beside: Beside = BESIDE,
    ) -> Done:
        return _log(session, kind, account, summary, given, beside)

    def log_survey(
        session: Session,
        account: AccountName,
        summary: Summary,
        score: dict[str, str] = SCORED,
        given: Given = GIVEN,
        beside: Beside = BESIDE,
    ) -> Done:
        return _log(session, kind, account, summary, given.plus(**score), beside)

    command = log_survey if kind == "survey" else log_kind
    command.__doc__ = help
    noun.command(kind, examples=examples)(command)


for _kind in LOG_KINDS:
    _register(_kind)


@noun.command(
    "add",
    examples=['acct log add --kind call greentech "Left a message" --out --outcome voicemail'],
)
def add(
    session: Session,
    account: AccountName,
    kind: Annotated[
        str,
        typer.Option(
            "--kind",
            "-k",
            help=f"Kind of interaction. One of: {', '.join(LOG_KINDS)}.",
            metavar="KIND",
            show_default=False,
            autocompletion=offers.words(LOG_KINDS),
        ),
        wording.Question("Which kind?", ("log", "kind")),
    ],
    summary: Summary,
    given: Given = WHOLE,
    beside: Beside = BESIDE,
) -> Done:
    """Log an interaction of any kind, for scripts."""
    return _log(session, kind, account, summary, given, beside)


@noun.command(
    "list",
    reads=True,
    examples=[
        "acct log list --account greentech --limit 5",
        "acct log list --kind call,meeting --since mon --until today -f csv",
        "acct log list --with mei --direction in",
        "acct log list --tickets open",
    ],
)
def list_(
    session: Session,
    query: Query = options.listing(
        *("log", "account", "kind", "direction", "deal", "contacts", "campaign")
    ),
    since: Annotated[
        str | None, typer.Option("--since", help="Only from this day on.", metavar="DAY")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", help="Only up to this day.", metavar="DAY")
    ] = None,
    tickets: Annotated[
        str | None,
        typer.Option(
            "--tickets",
            help="Only tickets: open, resolved or all.",
            metavar="WHICH",
            autocompletion=offers.words(TICKETS),
        ),
    ] = None,
) -> Table:
    """List interactions, newest first.

    For open tickets it shows how long they have been open and who has to answer: us until we have
    sent something, and again once they have written back.
    """
    today = session.clock.today
    first = last = ""
    if since is not None or until is not None:
        from acctcli.values import periods  # most lists have no range of days

        fiscal = session.config["fiscal.start"]
        if since is not None:
            first = iso(periods.read_since(since, today, fiscal=fiscal))
        if until is not None:
            last = iso(periods.read_until(until, today, "--until", fiscal))
    if first and last and first > last:
        raise UsageError(f"--since {in_full(first)} is after --until {in_full(last)}")
    more = [
        filters.test("log", FIELDS["at"], relation, day, session.reading, what=flag)
        for relation, day, flag in ((">=", first, "--since"), ("<=", last, "--until"))
        if day
    ]
    if tickets is None:
        return nouns.table(session, "log", query, more=more, footer="Details: acct log show")
    from acctcli.values.vocabulary import one_of  # most lists are not about tickets

    which = one_of(tickets, TICKETS, "--tickets")
    more.append(filters.test("log", FIELDS["kind"], "=", "ticket", session.reading, what="kind"))
    if which != "all":
        is_open = filters.Condition(filters.is_empty("log", FIELDS["resolved_at"]), [])
        more.append(is_open if which == "open" else filters.negated(is_open))
    closing = "To close one: acct log edit --resolved-at now"
    return nouns.table(
        session,
        "log",
        query,
        more=more,
        names=TICKET_COLUMNS[which],
        with_derived=("opened", "answer_by"),
        footer=closing if which == "open" else "Details: acct log show",
        called=("ticket", "tickets"),
    )


@noun.command("show", reads=True, examples=["acct log show 3f9a", "acct log show 3f9a -f json"])
def show(session: Session, log: OneLog) -> Page:
    """Show an interaction with the promises made in it."""
    with session.read() as con:
        data = logs.page(session, con, session.find(con, "log", log).id)
    return Page(data, "people:log", session.clock.today)


@noun.command(
    "edit",
    examples=[
        "acct log edit 3f9a --add-contact raj --outcome connected",
        "acct log edit 77c1 --resolved-at now",
        "acct log edit 3f9a",
    ],
)
def edit(
    session: Session,
    logs: Logs,
    given: Given = options.fields("log", clears=True),
) -> Done:
    """Edit fields. Without options, the interaction opens as a form in your editor."""
    return nouns.edit(session, "log", logs, _with_body(given))


@noun.command("delete", examples=["acct log delete 3f9a"])
def delete(session: Session, logs: Logs, yes: Yes = False) -> Done:
    """Delete interactions. Their tasks stay; `undo` brings them back."""
    return nouns.delete(session, "log", logs, yes=yes)
