"""Options that many commands share, each set defined once.

Options for fields come from the record's declaration: a field declared in `model` has its option,
its help and its completion.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

from acctcli import model
from acctcli.book.asked import GROUP, GROUP_OPTION, Given, ListChange, Query
from acctcli.cli.kit import offers
from acctcli.cli.kit.bundles import Bundle, option
from acctcli.cli.kit.output import (
    columns_option,
    excel_option,
    format_option,
    html_options,
    take_output,
)
from acctcli.cli.kit.paging import in_order, order_and_page
from acctcli.cli.kit.session import Session
from acctcli.cli.kit.wording import Question
from acctcli.errors import UsageError
from acctcli.model import KINDS, SEGMENTED, Field

Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask for confirmation.")]
Duplicate = Annotated[
    bool,
    typer.Option("--duplicate", help="Save it even if another one has the same name or address."),
]

OnlyAccounts = Annotated[
    list[str],
    typer.Option(
        "--account",
        metavar="ACCOUNT",
        help="Only this account. Repeat for more.",
        autocompletion=offers.records("account"),
    ),
]

OnlyGroup = Annotated[
    list[str],
    typer.Option(
        GROUP_OPTION,
        metavar="ACCOUNT",
        help="Only this account and all accounts below it. Separate several with commas.",
        show_default=False,
        autocompletion=offers.records("account"),
        rich_help_panel="Filters",
    ),
]
"""Accounts, each with everything below it."""

SnoozedUntil = Annotated[
    str,
    typer.Argument(
        help="The day it comes back.",
        metavar="DAY",
        show_default=False,
        autocompletion=offers.values("task", KINDS["task"].fields["snoozed_until"]),
    ),
    Question("Until which day?", ("task", "snoozed_until")),
]
"""The day on which a snoozed account or task comes back."""

# The headings of options in help.
_FIELDS, _FILTERS = "Fields", "Filters"


def argument(kind: str, help: str) -> Any:
    """Declare an argument that names one record of a kind, with completion of names."""
    return typer.Argument(
        help=help, metavar=kind.upper(), show_default=False, autocompletion=offers.records(kind)
    )


def arguments(kind: str, help: str = "", *, of_account: bool = False) -> Any:
    """Declare an argument that names several records of a kind; `-` reads them from stdin.

    With `of_account`, TAB first offers those of the account that is named on the line.
    """
    return typer.Argument(
        help=help or f"The {KINDS[kind].several}, or - for ids on stdin.",
        metavar=f"{kind.upper()}...",
        show_default=False,
        autocompletion=offers.records(kind, of_account=of_account),
    )


def whole_names(kind: str) -> Any:
    """Declare an argument of a command that destroys: `nouns.condemned` needs whole names."""
    several = KINDS[kind].several
    return arguments(kind, f"The {several}, by whole name or id, or - for ids on stdin.")


def save(kind: str) -> Any:
    """Return the option that saves the filters of a list as a segment."""
    return typer.Option(
        "--save",
        metavar="NAME",
        help="Save these filters as a segment.",
        autocompletion=offers.segments(kind),
    )


def tags_to_add(kind: str) -> Any:
    """Declare the option that adds tags to records."""
    return typer.Option(
        *("--add", "-a"),
        metavar="TAG",
        help="Tags to add, separated by commas.",
        autocompletion=offers.values(kind, KINDS[kind].fields["tags"]),
    )


def tags_to_remove(kind: str) -> Any:
    """Declare the option that removes tags from records."""
    return typer.Option(
        *("--remove", "-r"),
        metavar="TAG",
        help="Tags to remove, separated by commas.",
        autocompletion=offers.held(kind, KINDS[kind].fields["tags"]),
    )


def form_option() -> inspect.Parameter:
    """Return the option that reads a filled form from a file, instead of the editor."""
    return option(
        "form",
        ("--form",),
        "Read a saved form instead of opening the editor; - reads it from stdin.",
        metavar="FILE",
    )


class FieldOptions(Bundle):
    """An option for every field of a kind that a user may set, and `--set` for custom ones."""

    def __init__(
        self,
        kind: str,
        skip: Sequence[str],
        renamed: Mapping[str, str],
        clears: bool | Sequence[str],
    ) -> None:
        self.kind = kind
        self.renamed = renamed
        self.names = [
            name for name, f in KINDS[kind].fields.items() if not (f.fixed or name in skip)
        ]
        self.clears = clears if isinstance(clears, Sequence) else self.names if clears else ()
        # Items can be added to the lists of an existing record, and removed from them.
        self.lists = [n for n in self.names if clears is True and KINDS[kind].fields[n].many]

    def parameters(self) -> list[inspect.Parameter]:
        """Return one option per field, and two more for a list of an existing record."""
        found = []
        for name in self.names:
            field = KINDS[self.kind].fields[name]
            found.append(_field_option(self.kind, field, self._flags(name)))
            if name in self.lists:
                found += [_item_option(self.kind, field, verb) for verb in ("add", "remove")]
        found.append(
            option(
                "set_",
                ("--set",),
                "Set any field by name, custom fields included. An empty value clears it.",
                type=list[str],
                default=[],
                metavar="FIELD=VALUE",
                complete=offers.field_names(self.kind),
                panel=_FIELDS,
            )
        )
        if self.clears is self.names:
            found.append(form_option())
        return found

    def _flags(self, name: str) -> tuple[str, ...]:
        if name in self.renamed:
            return (self.renamed[name],)
        return KINDS[self.kind].fields[name].options

    def collect(self, given: dict[str, Any], session: Session) -> Given:
        """Return what was typed, by field name."""
        typed: dict[str, str | list[str]] = {}
        for name in self.names:
            value = given[name]
            if isinstance(value, bool):
                typed[name] = "yes" if value else "no"
            elif value not in (None, []):
                typed[name] = value
        says = {name: self._flags(name)[0] for name in self.names}
        lists = tuple(self._change(name, given) for name in self.lists if _changes(name, given))
        found = Given(typed, says, tuple(given["set_"]), tuple(self.names), lists)
        form = given.get("form") or ""
        if form and not found.empty:
            raise UsageError("--form has all fields: leave the other options out")
        return found.replace(form=form)

    def _change(self, name: str, given: Mapping[str, Any]) -> ListChange:
        field = KINDS[self.kind].fields[name]
        flags = (field.item_options(verb)[0] for verb in ("add", "remove"))
        return ListChange(name, tuple(given[f"add_{name}"]), tuple(given[f"remove_{name}"]), *flags)


def _changes(name: str, given: Mapping[str, Any]) -> bool:
    return bool(given[f"add_{name}"] or given[f"remove_{name}"])


def _item_option(kind: str, field: Field, verb: str) -> inspect.Parameter:
    """Declare the option that adds an item to a list, or removes one."""
    where = "Add one to" if verb == "add" else "Remove one from"
    help = f"{where} the {field.label}. Repeat for more."
    offered = offers.values(kind, field) if verb == "add" else offers.held(kind, field)
    return option(
        f"{verb}_{field.name}",
        field.item_options(verb),
        help,
        type=list[str],
        default=[],
        metavar=_metavar(field),
        complete=offered,
        panel=_FIELDS,
    )


def _field_option(kind: str, field: Field, flags: tuple[str, ...]) -> inspect.Parameter:
    if field.type == model.FLAG:
        on = flags[0]
        word = on.removeprefix("--")
        both = f"{on}/--{word.removeprefix('no-') if word.startswith('no-') else f'no-{word}'}"
        return option(field.name, (both,), _sentence(field), type=bool | None, panel=_FIELDS)
    if field.many:
        return option(
            field.name,
            flags,
            f"{_sentence(field)} Repeat for more, or separate with semicolons.",
            type=list[str],
            default=[],
            metavar=_metavar(field),
            complete=offers.values(kind, field),
            panel=_FIELDS,
        )
    return option(
        field.name,
        flags,
        _sentence(field),
        metavar=_metavar(field),
        complete=offers.values(kind, field),
        panel=_FIELDS,
    )


def _one_word(field: Field) -> str:
    return field.word if field.many else field.label


def _sentence(field: Field) -> str:
    words = field.help[0].upper() + field.help[1:] + "."
    if field.choices:
        return f"{words} One of: {', '.join(field.choices)}."
    return words


def _metavar(field: Field) -> str:
    if field.type == model.REF:
        return field.target.upper()
    return {
        model.DAY: "DAY",
        model.MOMENT: "WHEN",
        model.MONEY: "AMOUNT",
        model.INTEGER: "N",
        model.NUMBER: "N",
        model.PERCENT: "PERCENT",
        model.SHARE: "PERCENT",
        model.CURRENCY: "CODE",
        model.TIER: "TIER",
        model.STAGE: "STAGE",
        model.CHOICE: field.name.upper(),
    }.get(field.type, "TEXT")


def fields(
    kind: str,
    *,
    skip: Sequence[str] = (),
    renamed: Mapping[str, str] | None = None,
    clears: bool | Sequence[str] = False,
) -> Any:
    """Declare a parameter with an option for every field; `renamed` changes the name of options.

    With `clears`, an empty value is allowed: it clears the field of an existing record, or leaves
    one of the named fields without its default. Lists of an existing record have options to add and
    remove items.
    """
    return FieldOptions(kind, skip, renamed or {}, clears)


def _group_option() -> inspect.Parameter:
    return inspect.Parameter(
        GROUP, inspect.Parameter.KEYWORD_ONLY, default=[], annotation=OnlyGroup
    )


class FilterOptions(Bundle):
    """The options that narrow down a page: common filters and `--where`."""

    shows = True

    def __init__(
        self,
        kind: str,
        filters: Sequence[str],
        *,
        table: bool = False,
        html: bool = False,
        columns: Sequence[str] = (),
        formats: Sequence[str] = (),
    ) -> None:
        self.kind = kind
        self.filters = filters
        self.formats = formats  # those that only this list has
        self.table = table  # whether the page has a table for CSV
        self.html = html  # whether it can be an HTML document
        self.columns = columns  # the fields of a table whose columns can be chosen
        # Whether its records are accounts, or belong to one.
        self.of_accounts = kind == "account" or "account" in KINDS[kind].fields

    def parameters(self) -> list[inspect.Parameter]:
        """Return the filters, and the options for output."""
        shown = [columns_option(offers.words(list(self.columns)))] if self.columns else []
        shown += [format_option(), excel_option()] if self.table else [format_option()]
        return [*self.narrowing(), *shown, *(html_options() if self.html else ())]

    def narrowing(self) -> list[inspect.Parameter]:
        """Return an option for each common field, and `--where`."""
        known = KINDS[self.kind].fields
        found = []
        for name in self.filters:
            field = known[name]
            found.append(
                option(
                    name,
                    field.options,
                    f"Filter by {_one_word(field)}. Separate several with commas.",
                    type=list[str],
                    default=[],
                    metavar=_metavar(field),
                    complete=offers.values(self.kind, field),
                    panel=_FILTERS,
                )
            )
        if self.of_accounts:
            found.append(_group_option())
        where = option(
            "where",
            ("--where", "-w"),
            f'Only records that match, e.g. "{KINDS[self.kind].example}".',
            type=list[str],
            default=[],
            metavar="FILTER",
            complete=offers.filters(self.kind),
            panel=_FILTERS,
        )
        if self.kind not in SEGMENTED:
            return [*found, where]
        segment = option(
            "segment",
            ("--segment",),
            f"Only {KINDS[self.kind].several} in this segment (a saved list).",
            metavar="NAME",
            complete=offers.segments(self.kind),
            panel=_FILTERS,
        )
        return [*found, where, segment]

    def collect(self, given: dict[str, Any], session: Session) -> Query:
        """Return the query; the session gets the options for output."""
        take_output(session, given, self.formats)
        known = KINDS[self.kind].fields
        filters = tuple(
            (name, value, known[name].options[0]) for name in self.filters for value in given[name]
        )
        filters += tuple((GROUP, value, GROUP_OPTION) for value in given.get(GROUP, ()))
        return Query(tuple(given["where"]), filters, "", None, 0, given.get("segment"))


class ListOptions(FilterOptions):
    """The options of every list: filters, columns, order, page, format."""

    def parameters(self) -> list[inspect.Parameter]:
        """Return filters first, then the options that every list has."""
        return [
            *self.narrowing(),
            *order_and_page(offers.columns(self.kind)),
            format_option(self.formats),
            excel_option(),
        ]

    def collect(self, given: dict[str, Any], session: Session) -> Query:
        """Return the query with its order and page; the session gets the options for output."""
        return in_order(super().collect(given, session), given)


def filters(
    kind: str,
    *names: str,
    table: bool = False,
    html: bool = False,
    columns: Sequence[str] = (),
) -> Any:
    """Declare a parameter with filters for a page, with options for these fields.

    `table` says that the page has a table, which `-f csv` writes, `columns` are the columns that
    `--columns` may choose, `html` says that the page can be an HTML document.
    """
    return FilterOptions(kind, names, table=table, html=html, columns=columns)


def listing(kind: str, *filters: str, formats: Sequence[str] = ()) -> Any:
    """Declare a parameter with the options of a list, with options for these fields.

    `formats` are those that only this list has.
    """
    return ListOptions(kind, filters, formats=formats)
