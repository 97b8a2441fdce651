"""How functions become commands: lazy groups, shared sets of options, one result per command.

A noun's module makes a `Noun` and decorates functions. A parameter whose default is a `Bundle`
stands for several options (all fields of a record, the options of every list) and receives their
values as one object. A command is only built when it is called, completed or asked for help:
building all of them would take longer than running one.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from functools import partial
from importlib import import_module
from typing import Annotated, Any, TypeVar

import typer

from acctcli import text
from acctcli.cli.kit.bundles import Bundle, option
from acctcli.cli.kit.offers import Completer
from acctcli.cli.kit.output import OutputOptions
from acctcli.cli.kit.session import Session
from acctcli.cli.kit.typer_inside import (
    BadOptionUsage,
    CommandInfo,
    MissingParameter,
    TyperArgument,
    TyperCommand,
    TyperGroup,
    get_command_from_info,
)
from acctcli.cli.kit.wording import Question
from acctcli.errors import AcctError, Lacking, UsageError
from acctcli.frozen import Frozen
from acctcli.render import emit
from acctcli.render.emit import FORMATS
from acctcli.results import Lines, Output
from acctcli.values.fields import MAX_INTEGER

F = TypeVar("F", bound=Callable[..., Any])


class CommandSpec(Frozen):
    """A command before it is built."""

    name: str
    function: Callable[..., Any]
    examples: tuple[str, ...]
    reads: bool = False
    tool: bool = True
    hidden: bool = False
    html: bool = False
    plain: bool = False
    sets_off: bool = False
    formats: tuple[str, ...] = ()
    usual: tuple[str, ...] = FORMATS
    table: bool = False


def _switch(flag: str, help: str, *, hidden: bool = True) -> inspect.Parameter:
    """Declare an option that every command takes; one at the top is hidden in their help."""
    name = flag[2:].replace("-", "_")
    return option(name, (flag,), help, type=bool, default=False, hidden=hidden)


NO_PAGER = _switch("--no-pager", "Never use a pager.")
NO_HOOKS = _switch("--no-hooks", "Run none of your hooks.")
NO_PLAYBOOKS = _switch("--no-playbooks", "Do not start any playbooks.")
SAID_NO_PLAYBOOKS = _switch("--no-playbooks", "Do not start any playbooks.", hidden=False)


class Noun:
    """The commands of one noun (or of the top level), in the order of help.

    `elsewhere` names commands in further modules (below `acctcli.cli`), which are imported when
    such a command is called, or when help lists all of them.
    """

    def __init__(self, name: str, help: str, *, elsewhere: Mapping[str, str] | None = None) -> None:
        self.name = name
        self.help = help
        self.specs: dict[str, CommandSpec] = {}
        self.elsewhere = elsewhere or {}

    @property
    def names(self) -> list[str]:
        """Return the names of all commands, without importing anything."""
        return list(dict.fromkeys((*self.specs, *self.elsewhere)))

    def find(self, name: str) -> CommandSpec | None:
        """Return the command of that name, or None."""
        if name not in self.specs and name in self.elsewhere:
            import_module(f"acctcli.cli.{self.elsewhere[name]}")
        return self.specs.get(name)

    def command(
        self,
        name: str,
        *,
        examples: Sequence[str],
        reads: bool = False,
        tool: bool = True,
        hidden: bool = False,
        html: bool = False,
        plain: bool = False,
        sets_off: bool = False,
        formats: Sequence[str] = (),
        usual: Sequence[str] = FORMATS,
        table: bool = False,
    ) -> Callable[[F], F]:
        """Register a function as a command; its help shows `examples`, which are tested.

        It `reads` if it leaves the book as it is, or writes only with one of its options. Agents
        get it as a `tool` (those that may only read, if it `reads`), unless it replaces the book,
        reads files, says which programs run on the machine, or is for a person at a terminal.

        Its result can be shown in every format, so it has `--format`; with `html` it can also be a
        document, and with `table` it is a page that has one for CSV. `formats` are those that only
        this command has, beside the `usual` ones. A `plain` command prints text for one use, and
        has neither. The help of one that often `sets_off` playbooks says how to prevent it.
        """

        def register(function: F) -> F:
            self.specs[name] = CommandSpec(
                *(name, function, tuple(examples), reads, tool, hidden, html, plain),
                *(sets_off, tuple(formats), tuple(usual), table),
            )
            return function

        return register

    def group(self) -> LazyGroup:
        """Return the command group for Typer."""
        return LazyGroup(self)


def description(function: Callable[..., Any]) -> str:
    """Return a function's docstring: the command's help.

    `python -OO` drops docstrings; then it is read from the source file, if there is one.
    """
    found = inspect.getdoc(function)
    if found is None and sys.flags.optimize > 1:
        from acctcli.cli.kit import helptext

        found = helptext.docstrings(function.__code__.co_filename).get(
            function.__code__.co_firstlineno
        )
    return found or ""


def summary(function: Callable[..., Any]) -> str:
    """Return the first line of a function's docstring: the command's short help."""
    return description(function).partition("\n")[0]


def _show_help(ctx: Any, _: Any, asked: bool) -> None:
    """Show the help of a command, and end it."""
    if not asked or ctx.resilient_parsing:
        return
    session = ctx.find_root().obj
    # `acct --help` is read before there is a session with settings.
    output = session.shown_as if isinstance(session, Session) else Output(pager=lambda: "")
    emit.emit(Lines(ctx.get_help().splitlines()), output)
    ctx.exit()


class Once:
    """A command or group that refuses a single-value option if it is given twice.

    In Typer's parser the last one wins, and the first is lost without a message.
    """

    def parse_args(self, ctx: Any, args: list[str]) -> Any:
        """Parse the words of the line. An error in an option names its command."""
        try:
            return super().parse_args(ctx, args)  # type: ignore[misc]  # of the class beside it
        except BadOptionUsage as error:
            error.ctx = error.ctx or ctx
            raise

    def get_help_option(self, ctx: Any) -> Any:
        """Return `--help`, which goes through the pager as `acct help` does."""
        option = super().get_help_option(ctx)  # type: ignore[misc]  # that of the class beside it
        if option is not None:
            option.callback = _show_help
        return option

    def make_parser(self, ctx: Any) -> Any:
        """Return the parser, whose options check for earlier values."""
        parser = super().make_parser(ctx)  # type: ignore[misc]  # that of the class beside it
        if not ctx.resilient_parsing:  # completion never reports errors
            for option in {*parser._long_opt.values(), *parser._short_opt.values()}:
                option.process = partial(_process_once, option, option.process)
        return parser


def _process_once(option: Any, process: Callable[[Any, Any], None], value: Any, state: Any) -> None:
    """Accept the value of an option, unless it would replace an earlier one."""
    flag = option.obj.opts[0]
    if option.action == "store" and option.dest in state.opts:
        both = f"{_quoted(state.opts[option.dest])} and {_quoted(value)}"
        raise UsageError(f"{flag} is given twice: {both}. Give one")
    if option.action == "store_const" and state.opts.get(option.dest, option.const) != option.const:
        raise UsageError(f"{flag} and {option.obj.secondary_opts[0]} are both given. Give one")
    process(value, state)


def _quoted(value: Any) -> str:
    """Return what was typed for an option; one may take two words."""
    return text.quoted(" ".join(value) if isinstance(value, tuple | list) else value)


class Command(Once, TyperCommand):
    """A command with our own help, and with completion for its parameters."""

    spec: CommandSpec
    offers: Mapping[str, Completer] = {}
    asks: Mapping[str, Question] = {}
    clearing: frozenset[str] = frozenset()

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the words of the command line; a person is asked for missing ones.

        Raises `UsageError` for too many words.
        """
        ctx.allow_extra_args = True
        words = list(args)
        while True:
            try:
                rest: list[str] = super().parse_args(ctx, list(words))
                break
            except MissingParameter as error:
                from acctcli.cli.kit import asking

                words = asking.completed(self, ctx, words, error)
        if ctx.args and not ctx.resilient_parsing:
            from acctcli.cli.kit import mistakes

            raise UsageError(mistakes.unexpected(ctx.args, ctx.command_path))
        return rest

    def invoke(self, ctx: Any) -> Any:
        """Run it, unless a typed value is empty or too large to mean anything."""
        # The values that Click has parsed: Typer turns an empty path into the current folder.
        for name, value in ctx.params.items():
            for one in value if isinstance(value, tuple | list) else (value,):
                if one == "" or (type(one) is int and abs(one) > MAX_INTEGER):
                    self._refuse(name, one)
        while True:
            try:
                return super().invoke(ctx)
            except AcctError as error:
                from acctcli.cli.kit import asking

                if isinstance(error, Lacking) and asking.filled(self, ctx, error):
                    continue
                if ctx.obj.was_asked:
                    error.message = asking.with_what_was_answered(ctx.obj, error.message)
                raise

    def _refuse(self, name: str, value: str | int) -> None:
        """Refuse an empty option from a script (`--db "$BOOK"`), and an excessive number."""
        param = next(param for param in self.params if param.name == name)
        called = param.opts[0] if param.param_type_name == "option" else param.metavar
        if value != "":
            raise UsageError(f"{called} {value} is too large")
        # A default may be empty, and required values have their own message.
        if value == param.default or name in self.clearing:
            return
        if param.param_type_name == "option" or not param.required:
            from acctcli.cli.kit import mistakes

            raise UsageError(mistakes.EMPTY.format(called))

    def get_help(self, ctx: Any) -> str:
        """Return the help text, made on request."""
        from acctcli.cli.kit import helptext

        params = self.get_params(ctx)
        calls = helptext.call(ctx.command_path, params)
        about = description(self.spec.function)
        sections = helptext.options(params) | helptext.see_also(params)
        return helptext.page(calls, about, sections, self.spec.examples)


def build(spec: CommandSpec) -> Command:
    """Return the runnable command of a spec, with its bundles expanded."""
    function, offers, asks, clearing = _spread(spec)
    command = get_command_from_info(
        CommandInfo(
            name=spec.name,
            cls=Command,
            callback=function,
            hidden=spec.hidden,
            context_settings={"help_option_names": ["--help", "-h"]},
        ),
        pretty_exceptions_short=True,
        rich_markup_mode=None,
    )
    assert isinstance(command, Command)
    for param in command.params:
        if isinstance(param, TyperArgument) and param.metavar is None and param.name:
            param.metavar = param.name.upper().replace("_", "-")
    command.spec = spec
    command.offers = offers
    command.asks = asks
    command.clearing = clearing
    return command


def _spread(
    spec: CommandSpec,
) -> tuple[Callable[..., Any], dict[str, Completer], dict[str, Question], frozenset[str]]:
    """Return a function with the bundles' options as parameters, and the session added.

    Also returns completion by parameter, which Typer does not get: it would inspect the signature
    of each such function, for a third of the time of building a command. Further, how missing ones
    are asked for, and the names of those that may be empty.
    """
    function = spec.function
    signature = inspect.signature(function, eval_str=True)
    bundles: dict[str, tuple[Bundle, list[str]]] = {}
    shows = spec.plain
    wants_session = False
    plain, spread = [], []
    clearing: set[str] = set()
    for parameter in signature.parameters.values():
        if parameter.annotation is Session:
            wants_session = True
        elif isinstance(parameter.default, Bundle):
            options = parameter.default.parameters()
            bundles[parameter.name] = (parameter.default, [o.name for o in options])
            spread += options
            shows = shows or parameter.default.shows
            clearing |= {*parameter.default.clears}
        else:
            plain.append(parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY))

    shown = (
        None
        if shows
        else OutputOptions(html=spec.html, formats=spec.formats, usual=spec.usual, table=spec.table)
    )
    own_options = shown.parameters() if shown else []
    # Help shows it before the command, and it is accepted after it too.
    no_playbooks = SAID_NO_PLAYBOOKS if spec.sets_off else NO_PLAYBOOKS
    spread += [*own_options, no_playbooks, NO_PAGER, NO_HOOKS]

    def call(**given: Any) -> Any:
        ctx = given.pop("ctx")
        session: Session = ctx.obj
        session.command = ctx.command_path.removeprefix("acct ")
        session.root = ctx.find_root().command
        if given.pop(NO_PAGER.name):
            session.paged = False
        if given.pop(NO_HOOKS.name):
            session.hooked = False
        if given.pop(NO_PLAYBOOKS.name):
            session.without_playbooks = True
        if shown:
            shown.collect({o.name: given.pop(o.name) for o in own_options}, session)
        for name, (bundle, names) in bundles.items():
            own = {n: given.pop(n) for n in names}
            given[name] = bundle.collect(own, session)
        if wants_session:
            given["session"] = session
        return function(**given), session.shown_as

    context = inspect.Parameter("ctx", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context)
    offers: dict[str, Completer] = {}
    asks: dict[str, Question] = {}
    parameters = [context, *(_apart(p, offers, asks) for p in (*plain, *spread))]
    # Typer reads the signature and, for names that are not in it, the annotations.
    made = inspect.Signature(parameters)
    call.__signature__ = made  # type: ignore[attr-defined]  # inspect reads it, no stub has it
    call.__annotations__ = {p.name: p.annotation for p in parameters}
    call.__doc__ = function.__doc__
    call.__name__ = function.__name__
    return call, offers, asks, frozenset(clearing)


def _apart(
    parameter: inspect.Parameter, offers: dict[str, Completer], asks: dict[str, Question]
) -> inspect.Parameter:
    """Return the parameter without completion and question, which go to `offers` and `asks`."""
    declarations = getattr(parameter.annotation, "__metadata__", ())
    asks.update((parameter.name, one) for one in declarations if isinstance(one, Question))
    for declared in declarations:
        if not isinstance(declared, Question) and declared.autocompletion is not None:
            offers[parameter.name] = declared.autocompletion
            bare = copy(declared)  # the declaration may be shared by several commands
            bare.autocompletion = None
            annotated: Any = Annotated  # the type is only known at run time
            return parameter.replace(annotation=annotated[parameter.annotation.__origin__, bare])
    return parameter


class LazyGroup(Once, TyperGroup):
    """A group whose commands are built on first use."""

    examples: tuple[str, ...] = ()

    def __init__(self, noun: Noun) -> None:
        super().__init__(
            name=noun.name,
            help=noun.help,
            no_args_is_help=True,
            rich_markup_mode=None,
            context_settings={"help_option_names": ["--help", "-h"]},
        )
        self.noun = noun

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names of the commands, in the order of help."""
        return self.noun.names

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return the command of that name, built on its first use."""
        if cmd_name not in self.commands and (spec := self.noun.find(cmd_name)):
            self.commands[cmd_name] = build(spec)
        return self.commands.get(cmd_name)

    def every(self) -> Iterator[tuple[str, Command]]:
        """Yield every command below, hidden ones too, with the words that call it; builds all."""
        for name in self.list_commands(None):
            found = self.get_command(None, name)
            if isinstance(found, LazyGroup):
                yield from ((f"{name} {words}", command) for words, command in found.every())
            else:
                yield name, found

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command to run. Raises `UsageError`, naming a similar one, if there is none."""
        known = self.list_commands(ctx)
        if args[0] in known or args[0].startswith("-") or ctx.resilient_parsing:
            return super().resolve_command(ctx, args)
        near = ctx.find_root().command.named(args[0]) or text.near(args[0], known, limit=1)
        hint = text.did_you_mean(near)
        raise UsageError(
            f"unknown command {text.quoted(args[0])}.{hint} All: {ctx.command_path} --help",
            candidates=near,
        )

    def named(self, word: str) -> list[str]:
        """Return up to three commands of that name; only the top of the tree knows them all."""
        return []

    def summaries(self) -> list[tuple[str, str]]:
        """Return name and short help of every visible command, without building any."""
        specs = [spec for name in self.noun.names if (spec := self.noun.find(name))]
        return [(s.name, summary(s.function)) for s in specs if not s.hidden]

    def sections(self) -> dict[str, list[tuple[str, str]]]:
        """Return the commands under the headings of help."""
        return {"Commands": self.summaries()}

    def get_help(self, ctx: Any) -> str:
        """Return the help text, made on request."""
        from acctcli.cli.kit import helptext

        return helptext.page(
            f"{ctx.command_path} COMMAND [OPTIONS]",
            self.help or "",
            {**self.sections(), **helptext.options(self.get_params(ctx)), **self.topics()},
            self.examples,
            f"Help on a command: {ctx.command_path} COMMAND --help",
        )

    def topics(self) -> dict[str, list[tuple[str, str]]]:
        """Return the topics of help under their heading; only the top of the tree lists them."""
        return {}
