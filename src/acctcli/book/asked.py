"""What callers ask of the book: values for the fields of a record, and a query for records."""

from __future__ import annotations

from collections.abc import Mapping

from acctcli import text
from acctcli.errors import Invalid, UsageError
from acctcli.frozen import Frozen
from acctcli.model import KINDS, NOUNS, Field

ONE_OF_NOUNS = f"{', '.join(NOUNS[:-1])} or {NOUNS[-1]}"


DEAL_STANDINGS = ("open", "won", "lost")
"""How a deal may stand; none of them is asked for where all are."""


ONLY_CLOSED = {"stage", "category", "closed_on", "closes", "lost_reason", "competitor"}
"""Fields of deals by which closed ones may be meant."""


GROUP, GROUP_OPTION = "group", "--group"
"""The filter for an account with everything below it, which is no field, and its option."""


class ListChange(Frozen):
    """Items to add to a list field and to remove from it: as typed, with their options."""

    name: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    add_flag: str
    remove_flag: str


class Given(Frozen):
    """What was typed for the fields of a record, and the option of each value.

    `offered` are the built-in fields that the command has options for: `--set` and the form can set
    these and custom fields, and no others. None means all fields. `form` stands for all of them.
    """

    typed: Mapping[str, str | list[str]]
    says: Mapping[str, str]
    custom_typed: tuple[str, ...] = ()  # `--set key=value`, not yet split
    offered: tuple[str, ...] | None = None
    lists: tuple[ListChange, ...] = ()
    form: str = ""  # the file of a form that was kept

    @property
    def empty(self) -> bool:
        """Whether nothing was given."""
        return not (self.typed or self.custom_typed or self.lists)

    def plus(self, **typed: str | list[str] | None) -> Given:
        """Return a copy with more fields; those that are None are left out."""
        more = {name: value for name, value in typed.items() if value is not None}
        return self.replace(typed={**self.typed, **more})

    def offers(self, field: Field) -> bool:
        """Whether the command may set a field."""
        return not field.fixed and (
            field.custom or self.offered is None or field.name in self.offered
        )


class Query(Frozen):
    """What a list is asked for, as typed; `filters` are (field, typed value, option).

    `segment` names a saved list of accounts, which the other filters narrow down further.
    """

    where: tuple[str, ...]
    filters: tuple[tuple[str, str, str], ...]
    sort: str
    limit: int | None
    offset: int
    segment: str | None = None
    columns: str = ""
    standing: tuple[str, ...] = ()  # of deals: open, won, lost
    closing: str = ""  # of deals: a period, as typed

    @property
    def narrows(self) -> bool:
        """Whether any filter may leave records out."""
        narrowed = self.where or self.filters or self.standing or self.closing
        return bool(narrowed or self.segment is not None)

    @property
    def asks_for_closed(self) -> bool:
        """Whether a filter asks for deals by how they closed; a segment has its own standing."""
        if self.segment is not None:
            return True
        import re  # most lists are not of deals

        words = (word for typed in self.where for word in re.findall(r"[\w-]+", typed.lower()))
        named = {word.replace("-", "_") for word in words}
        return not ONLY_CLOSED.isdisjoint(named | {name for name, _, _ in self.filters})

    @property
    def words(self) -> str:
        """Filters, order and columns as the words of a command line, which a segment stores."""
        import shlex  # only needed to save a list

        pairs = [(flag, typed) for _, typed, flag in self.filters]
        pairs += [("--where", typed) for typed in self.where]
        pairs += [("--closing", self.closing)] if self.closing else []
        pairs += [("--segment", self.segment)] if self.segment is not None else []
        pairs += [("--sort", self.sort)] if self.sort else []
        pairs += [("--columns", self.columns)] if self.columns else []
        standing = [f"--{one}" for one in self.standing]
        return shlex.join([*standing, *(word for pair in pairs for word in pair)])


def query_of(kind: str, words: str) -> Query:
    """Return the query of stored words. Raises `Invalid` for words of another form."""
    import shlex  # only needed for a saved list

    query = Query((), (), "", None, 0)
    flags = {flag: field.name for field in KINDS[kind].fields.values() for flag in field.options}
    flags[GROUP_OPTION] = GROUP
    try:
        given = shlex.split(words)
        while kind == "deal" and given and given[0].removeprefix("--") in DEAL_STANDINGS:
            query = query.replace(standing=(*query.standing, given.pop(0).removeprefix("--")))
        for flag, typed in zip(given[::2], given[1::2], strict=True):
            match flag:
                case "--where":
                    query = query.replace(where=(*query.where, typed))
                case "--closing" if kind == "deal":
                    query = query.replace(closing=typed)
                case "--sort" | "--columns":
                    query = query.replace(**{flag.removeprefix("--"): typed})
                case _:
                    one = (flags[flag], typed, flag)
                    query = query.replace(filters=(*query.filters, one))
    except (KeyError, ValueError) as error:
        raise Invalid(f"{text.quoted(words)} is not a list of filters. Save it again") from error
    return query


def kind_named(typed: str) -> str:
    """Return the kind named by `--as`, singular or plural. Raises `UsageError`."""
    word = typed.strip().lower().replace("-", "_")
    for kind in KINDS.values():
        if word in (kind.name, kind.plural):
            return kind.name
    raise UsageError(f"--as {text.quoted(typed)} is not a kind of record (use {ONE_OF_NOUNS})")
