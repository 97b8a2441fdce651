"""`acct playbook`: tasks that a change or a day sets off, and their runs."""

from __future__ import annotations

from typing import Annotated

import typer

from acctcli import text
from acctcli.book import playbooks
from acctcli.cli.kit import nouns, offers
from acctcli.cli.kit.commands import Noun
from acctcli.cli.kit.options import Yes
from acctcli.cli.kit.session import Session
from acctcli.configplaybooks import EXAMPLES
from acctcli.errors import UsageError
from acctcli.model import INTEGER, TEXT, Field, declare
from acctcli.results import Done, Page, Table

noun = Noun("playbook", "Playbooks: tasks by stage, tier or event.")

FIELDS = declare(
    playbook=Field(TEXT, "name of the playbook"),
    when=Field(TEXT, "what sets it off; empty if it is not in the settings any more"),
    tasks=Field(INTEGER, "how many tasks it adds"),
    open=Field(INTEGER, "runs with open tasks"),
    started=Field(INTEGER, "all runs"),
    due=Field(INTEGER, "records that it could be started for today"),
)

OnePlaybook = Annotated[
    str,
    typer.Argument(
        metavar="PLAYBOOK",
        help="Name of the playbook.",
        show_default=False,
        autocompletion=offers.playbooks,
    ),
]
FEW = 3


@noun.command("list", reads=True, examples=["acct playbook list", "acct playbook list -f json"])
def list_(session: Session) -> Table:
    """List playbooks: what sets each off, its tasks and its open runs.

    Playbooks are settings of the book. To edit them: acct config edit
    """
    rows = playbooks.rows(session)
    names = list(FIELDS)
    return Table(
        "playbook",
        "playbooks",
        FIELDS,
        rows,
        names,
        names,
        {},
        "Details: acct playbook show",
        "No playbooks yet. Begin with: acct playbook add --example onboarding",
        has_ids=True,
    )


@noun.command("show", reads=True, examples=["acct playbook show onboarding"])
def show(session: Session, playbook: OnePlaybook) -> Page:
    """Show a playbook: its tasks, its runs, and where it is due."""
    return Page(playbooks.page(session, playbook), "playbooks:page", session.clock.today)


@noun.command(
    "add",
    examples=[
        "acct playbook add --example onboarding",
        "acct playbook add --example renewal",
    ],
)
def add(
    session: Session,
    example: Annotated[
        str,
        typer.Option(
            "--example",
            metavar="NAME",
            help=f"Example to add: {text.one_of(EXAMPLES)}.",
            show_default=False,
            autocompletion=offers.words(list(EXAMPLES)),
        ),
    ],
) -> Done:
    """Add an example playbook to the book's settings, for you to adapt.

    To write one of your own: acct config edit
    """
    known = {text.key(name): name for name in EXAMPLES}
    name = known.get(text.key(example))
    if name is None:
        raise UsageError(f"--example: {text.unknown('example', example, list(EXAMPLES))}")
    with session.write() as tx:
        added = playbooks.add_example(session, tx, name)
    tasks = text.plural(len(added.tasks), "task")
    says = f"Added playbook {name}: {added.when} adds {tasks}."
    return Done(
        [],
        {},
        says,
        [{"playbook": name, "when": added.when}],
        hint="To change it: acct config edit",
    )


@noun.command(
    "run",
    examples=[
        "acct playbook run onboarding greentech",
        "acct playbook run --due --dry-run",
        "acct playbook run --due",
    ],
)
def run(
    session: Session,
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PLAYBOOK [ACCOUNT|DEAL]...",
            help="The playbook, and what to start it for; - for ids on stdin.",
            show_default=False,
            autocompletion=offers.playbooks,
        ),
    ] = None,
    due: Annotated[
        bool, typer.Option("--due", help="Start everything whose day has come.")
    ] = False,
    again: Annotated[
        bool, typer.Option("--again", help="Start it again for the same record.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be started, and change nothing.")
    ] = False,
) -> Done:
    """Start a playbook by hand, or with --due all whose day has come.

    Name a contract by the id of its purchase, or by its account if it has only one. A playbook
    starts only once for the same record unless you add --again.
    """
    name, *subjects = words or [""]
    if due and (subjects or again):
        raise UsageError("--due starts what is due: leave out records and --again")
    if not due and not subjects:
        raise UsageError(
            "name a playbook and an account, deal or contract; or start what is due with --due"
        )
    chosen = playbooks.named(session, name) if name else None
    typed = session.names_given("account", subjects) if subjects else []
    today = session.clock.today
    with session.write(keep=not dry_run) as tx:
        if chosen is None or due:
            started = playbooks.start_due(session, tx, chosen)
        else:
            started = playbooks.start_for(session, tx, chosen, typed, again=again)
        begun = [one for one in started if one.runs]
        says = " ".join(one.says_of(today) for one in begun)
        ids = [id for one in begun for id in one.runs]
        if not begun:
            hint = "" if due else "To start it again: --again"
            what = "nothing is due" if due else "it was started for this before"
            return Done([], {}, f"Nothing to start: {what}.", hint=hint)
        if dry_run:
            return Done([], {}, f"Would start: {says}", [one.as_json for one in begun], one=False)
        return nouns.done(session, tx, "playbook_run", ids, f"Started: {says}")


@noun.command(
    "stop",
    examples=[
        "acct playbook stop onboarding greentech --yes",
        "acct playbook stop onboarding 'platform rollout' --keep-tasks",
    ],
)
def stop(
    session: Session,
    playbook: OnePlaybook,
    subject: Annotated[
        str,
        typer.Argument(
            metavar="ACCOUNT|DEAL",
            help="Whole name, number or id of an account, a deal or a contract.",
            show_default=False,
            autocompletion=offers.records("account"),
        ),
    ],
    keep_tasks: Annotated[bool, typer.Option("--keep-tasks", help="Keep its open tasks.")] = False,
    yes: Yes = False,
) -> Done:
    """Stop the open runs of a playbook at an account, or for a deal or contract.

    Open tasks of a run are deleted; done ones stay. `undo` brings them back.
    """
    with session.read() as con:
        runs = playbooks.open_runs(session, con, playbook, subject)
    open = sum(run.open for run in runs)
    where = text.sentence_list(
        [text.safe(name) for name in dict.fromkeys(run.deal or run.account for run in runs)], FEW
    )
    what = f"{text.safe(runs[0].playbook)} for {where}"
    if not keep_tasks:
        session.confirm(f"Stop {what} and delete {text.plural(open, 'open task')}?", yes=yes)
    with session.write() as tx:
        runs = playbooks.open_runs(session, tx.con, playbook, subject)
        tasks = playbooks.stop(session, tx, runs, keep_tasks=keep_tasks)
        done = "kept" if keep_tasks else "deleted"
        says = f"Stopped {what}: {text.plural(tasks, 'open task')} {done}."
        return nouns.done(session, tx, "playbook_run", [run.id for run in runs], says)
