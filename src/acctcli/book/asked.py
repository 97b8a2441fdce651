"""What is asked of the book: values for the fields of a record, and which records of a kind."""

from __future__ import annotations

from collections.abc import Mapping

from acctcli import text
from acctcli.errors import Invalid, UsageError
from acctcli.frozen import Frozen
from acctcli.model import KINDS, NOUNS, Field

ONE_OF_NOUNS = f"{', '.join(NOUNS[:-1])} or {NOUNS[-1]}"


class ListChange(Frozen):
    """What is to come into a list field, and to go from it: as typed, with the options for it."""

    name: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    add_flag: str
    remove_flag: str


class Given(Frozen):
    """What was typed for the fields of a record, and the option that each was typed with.

    `offered` are the built-in fields that the command has options for: `--set` and the form
    reach these and the user's own, and no others. None stands for all.
    """

    typed: Mapping[str, str | list[str]]
    says: Mapping[str, str]
    custom_typed: tuple[str, ...] = ()  # `--set key=value`, not yet split
    offered: tuple[str, ...] | None = None
    lists: tuple[ListChange, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing was given at all."""
        return not (self.typed or self.custom_typed or self.lists)

    def plus(self, **typed: str | list[str] | None) -> Given:
        """The same with some more fields, those that are not None."""
        more = {name: value for name, value in typed.items() if value is not None}
        return self.replace(typed={**self.typed, **more})

    def offers(self, field: Field) -> bool:
        """Whether the command lets somebody set a field."""
        return not field.fixed and (
            field.custom or self.offered is None or field.name in self.offered
        )


class Query(Frozen):
    """What a list is asked for, as typed; `filters` are (field, typed value, option).

    `segment` names a saved list of accounts, which the rest narrows down further.
    """

    where: tuple[str, ...]
    filters: tuple[tuple[str, str, str], ...]
    sort: str
    limit: int | None
    offset: int
    segment: str | None = None
    columns: str = ""

    @property
    def narrows(self) -> bool:
        """Whether anything may be left out for not fitting."""
        return bool(self.where or self.filters or self.segment is not None)

    @property
    def words(self) -> str:
        """Filters, order and columns as the words of a command line, as a segment keeps them."""
        import shlex  # only saving a list asks for it

        pairs = [(flag, typed) for _, typed, flag in self.filters]
        pairs += [("--where", typed) for typed in self.where]
        pairs += [("--segment", self.segment)] if self.segment is not None else []
        pairs += [("--sort", self.sort)] if self.sort else []
        pairs += [("--columns", self.columns)] if self.columns else []
        return shlex.join(word for pair in pairs for word in pair)


def query_of(kind: str, words: str) -> Query:
    """The query of kept words. Raises `Invalid` for what is not as `Query.words` writes it."""
    import shlex  # only a saved list asks for it

    query = Query((), (), "", None, 0)
    flags = {flag: field.name for field in KINDS[kind].fields.values() for flag in field.options}
    try:
        given = shlex.split(words)
        for flag, typed in zip(given[::2], given[1::2], strict=True):
            match flag:
                case "--where":
                    query = query.replace(where=(*query.where, typed))
                case "--sort" | "--columns":
                    query = query.replace(**{flag.removeprefix("--"): typed})
                case _:
                    one = (flags[flag], typed, flag)
                    query = query.replace(filters=(*query.filters, one))
    except (KeyError, ValueError) as error:
        raise Invalid(f"{text.quoted(words)} is not a list of filters. Save it again") from error
    return query


def kind_named(typed: str) -> str:
    """The kind that an `--as` names, in singular or plural. Raises `UsageError` that lists them."""
    word = typed.strip().lower().replace("-", "_")
    for kind in KINDS.values():
        if word in (kind.name, kind.plural):
            return kind.name
    raise UsageError(f"--as {text.quoted(typed)} is not a kind of record (use {ONE_OF_NOUNS})")
