"""Ask a person for missing arguments and options; refuse them to a script.

Every required argument and option is treated alike: on a terminal it is asked for, read as the
option or field would be, and asked again until it can be read. The answer is added to the command
line, so that the history has the whole command. Nothing here is imported until something is
missing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from acctcli import text
from acctcli.cli.kit import questions
from acctcli.cli.kit.session import Session
from acctcli.cli.kit.wording import Question
from acctcli.errors import Cancelled, Lacking, UsageError
from acctcli.model import DAY, KINDS, Field
from acctcli.render.emit import say
from acctcli.store import lookup, queries
from acctcli.store.columns import OPEN_TICKET
from acctcli.store.filters import Condition
from acctcli.values import fields

if TYPE_CHECKING:
    from acctcli.cli.kit.commands import Command


NAMED_BY_ID = ("log", "task", "review", "purchase")
"""Kinds without a name of their own, whose ids nobody knows by heart."""

NAMED_BY_PEOPLE = ("account", "contact", "deal", "product", "quote", "campaign", *NAMED_BY_ID)
"""Kinds that are looked up by what people type."""

OFFERED = 8
"""Records that are shown before the question."""


def completed(command: Command, ctx: Any, words: list[str], error: Any) -> list[str]:
    """Return the words of a command line plus the answer for what was missing.

    Raises `error` unchanged, which says what is missing, if nobody can be asked.
    """
    session: Session = ctx.obj
    param = _missing(command, ctx, words)
    asked = command.asks.get(param.name)
    if not session.can_ask:
        if asked is not None and asked.from_stdin:
            raise UsageError(f"{_called(param)} is missing. {asked.from_stdin}")
        raise error
    _look_up(session, command, ctx, words, param)
    _offer(session, param, words)
    answer = _ask(session, param, asked)
    if param.param_type_name == "option":
        return session.answered(words, [f"{param.opts[0]}={answer}"])
    # A word that begins with a dash is no option here.
    dash = ["--"] if answer.startswith("-") and "--" not in words else []
    return session.answered(words, [*dash, answer], last=True)


def filled(command: Command, ctx: Any, error: Lacking) -> bool:
    """Ask for a field that the rules require of a record; False if nobody can be asked.

    The answer is then among the parameters of the command, as if its option had been given.
    """
    session: Session = ctx.obj
    params = {param.name: param for param in command.params}
    param = params.get(error.field)
    if not session.can_ask:
        return False
    if param is not None and ctx.params.get(error.field) in (None, []):
        answer = _ask(session, param, command.asks.get(error.field) or _of_field(error))
        ctx.params[error.field] = [answer] if isinstance(ctx.params[error.field], list) else answer
        session.answered([], [f"{param.opts[0]}={answer}"])
        return True
    # A custom field has no option; the rules name it with its own words.
    given = ctx.params.get("set_")
    custom = session.fields(error.of).get(error.field) if error.of in KINDS else None
    if custom is None or not custom.custom or given is None:
        return False
    if any(one.partition("=")[0].strip() == error.field for one in given):
        return False
    answer = _ask(session, params["set_"], _of_field(error))
    ctx.params["set_"] = [*given, f"{error.field}={answer}"]
    session.answered([], [f"--set={error.field}={answer}"])
    return True


def record(session: Session, kind: str, missing: str) -> str:
    """Ask for a record that is needed only because an option is missing; return its name.

    Raises `UsageError` with the text `missing` if nobody can be asked.
    """
    if not session.can_ask:
        raise UsageError(missing)
    answer = _answered(f"Which {KINDS[kind].one}?", _finder(session, kind))
    if not answer:
        raise UsageError(missing)
    session.answered([], [answer])
    return answer


def optional_record(session: Session, kind: str, question: str) -> str:
    """Ask for a record that may be left out; return its name, or ""."""
    answer = _answered(question, _finder(session, kind))
    if answer:
        flag = next(one for one in KINDS["contact"].fields[kind].options)
        session.answered([], [f"{flag}={answer}"])
    return answer


def _of_field(error: Lacking) -> Question:
    return Question(f"{error.field.replace('_', ' ').capitalize()}?", (error.of, error.field))


def _missing(command: Command, ctx: Any, words: list[str]) -> Any:
    """Return the first missing parameter, in the order of help.

    A single word is taken for the last of two arguments, except that `acct task snooze 3f9a` has
    its task and lacks the day.
    """
    given, _, _ = command.make_parser(ctx).parse_args(args=list(words))
    arguments = [one for one in command.params if one.param_type_name == "argument"]
    for param in command.params:
        if param.required and not (
            isinstance(given.get(param.name), str | list | tuple) and given[param.name]
        ):
            last = arguments[-1] if param in arguments else param
            single = param.nargs == -1 and last is not param
            return last if single and isinstance(given.get(last.name), str) else param
    raise AssertionError("nothing is missing")


def _look_up(session: Session, command: Command, ctx: Any, words: list[str], missing: Any) -> None:
    """Look up the records that were named, so that no answer is typed for one that is not there."""
    given, _, _ = command.make_parser(ctx).parse_args(args=list(words))
    for param in command.params:
        kind = _kind_of(param)
        # The parser takes a single word for the last of two arguments, which is the missing one.
        single = param.nargs == -1 and not given.get(param.name)
        typed = given.get(missing.name if single else param.name)
        if kind is None or not isinstance(typed, str | list | tuple):
            continue
        for name in [typed] if isinstance(typed, str) else typed:
            if name and name != "-":
                with session.read() as con:
                    session.find(con, kind, name)


def _kind_of(param: Any) -> str | None:
    """Return the kind of record that an argument names, or an option with a metavar of it."""
    kind = _called(param).lower().removesuffix("s")
    if kind in NAMED_BY_PEOPLE:
        return kind
    is_option = param.param_type_name == "option"
    return "account" if is_option and param.metavar == "ACCOUNT" else None


def _offer(session: Session, param: Any, words: list[str]) -> None:
    """Show the latest records of a kind that has only ids, before asking for one of them."""
    kind = _kind_of(param)
    if kind not in NAMED_BY_ID:
        return
    conditions = {"task": [queries.OPEN_TASKS]}.get(kind, [])
    if kind == "log" and any(word.startswith("--resolved-at") for word in words):
        conditions = [Condition(OPEN_TICKET, [])]
    fields = session.fields(kind)
    with session.read() as con:
        listing = queries.Listing(conditions, KINDS[kind].order, OFFERED)
        rows = queries.select(con, kind, fields, listing)
        short = lookup.short_ids(con, kind, [row["id"] for row in rows])
    for row in rows:
        account = f"{text.safe(row['account'])}: " if row["account"] else ""
        say(text.clip(f"  {short[row['id']]}  {account}{text.safe(row[KINDS[kind].title])}", 78))


def _called(param: Any) -> str:
    """Return `TITLE` or `--reason`, as in help."""
    if param.param_type_name == "option":
        return str(param.opts[0])
    return str(param.metavar).removesuffix("...")


def _ask(session: Session, param: Any, asked: Question | None) -> str:
    question = f"{param.help.rstrip('.')}?"
    read: Callable[[str], object] = _any
    if asked is not None:
        question = asked.question
        if asked.field is not None:
            field = session.fields(asked.field[0])[asked.field[1]]
            question += _choices(session, field)
            read = _reader(session, field)
    elif (kind := _kind_of(param)) is not None:
        question = f"Which {KINDS[kind].one}?"
        read = _finder(session, kind)
    answer = _answered(question, read)
    if not answer:
        raise UsageError(f"{_called(param)} is empty. Nothing was saved")
    return answer


def _answered(question: str, read: Callable[[str], object]) -> str:
    try:
        return questions.ask(question, read)
    except (KeyboardInterrupt, EOFError) as error:
        raise Cancelled("nothing was saved") from error


def _any(typed: str) -> str:
    if typed == "-":
        raise UsageError("- would read stdin, which is this terminal. Type the answer here")
    return typed


def _choices(session: Session, field: Field) -> str:
    """Return ` (prospecting, qualification, …)`: the words of a field, if there are few."""
    from acctcli.values import vocabulary

    words = vocabulary.words_of(field, session.config)
    return f" ({', '.join(words)})" if words else ""


def _reader(session: Session, field: Field) -> Callable[[str], object]:
    # The question names the field; an error need not do it again.
    what = "DAY" if field.type == DAY else ""
    return lambda typed: fields.read_field(field, typed, session.reading, what=what)


def _finder(session: Session, kind: str) -> Callable[[str], object]:
    with session.read():  # an unreadable book is not the fault of an answer
        pass

    def find(typed: str) -> object:
        with session.read() as con:
            return session.find(con, kind, _any(typed))

    return find


def with_what_was_answered(session: Session, message: str) -> str:
    """Add the command line with the answers to an error, so that they are not lost."""
    return f"{message.rstrip('.')}. Your command was: {text.safe(session.typed)}"
