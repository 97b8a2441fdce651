"""How the rows of one file are read: which column is which field, in what form."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from acctcli import model
from acctcli.frozen import Frozen
from acctcli.model import Field
from acctcli.values.number_columns import Decimal

Cells = Mapping[str, str]

JOINERS = {"name": " ", "street": ", "}
"""What joins the columns of a field, by its type; lists are joined by `; `."""

FURTHER = ("links", "other_phones")
"""Lists that take what does not fit into a field of one value."""

REPEATING = (
    *(model.CHOICE, model.COUNTRY, model.DAY, model.FLAG, model.MOMENT),
    *(model.PERCENT, model.SHARE, model.REF, model.STAGE, model.TIER),
)
"""Types whose columns repeat a few values."""


class Recipe(Frozen):
    """How the rows of one file are read.

    `columns` names the columns of each field; a reference has a second entry, under its `id_name`,
    for the column of ids. `translations` map the key of their word to ours, by field, and `foreign`
    the words of other systems in the form of `plain_word`; `units` are added to amounts (`m`),
    and `currencies` to those that are bare numbers, because their column is in one currency;
    `defaults` fill empty cells of new records; `orders` has the order of year, month and day in a
    column, `decimals` the decimal sign of a column of numbers, and `shares` are columns of
    percentages as shares of one; `key` is the column of foreign ids, which may be empty if it is
    `key_optional`. `lists_added` are lists to which a row adds, instead of replacing them, and
    `texts_added` are such texts; `only_new` are fields of new records only, and cells of `exact`
    ones are taken as they are. `country` and `region` are the columns of the country and the state
    for the phones of a row, and `home` the country of all others; `name_parts` are the columns of
    first and last name, if there is no column of the whole name; `outcome` is the column that says
    whether a deal is won or lost, beside its stage. A file of our `own` export has values that are
    taken as they are. `unused` are the columns without a field. Fields in `either` have several
    columns and take the first that is filled; ids of a field count if they start as `begins` says;
    `about` are the kinds that the column of the account may name. `exported` is the system whose
    export the file is. Durations may be in `seconds`, amounts of the columns `cents` in cents. With
    `lenient`, an unreadable cell is left out, unless the record needs it; with `only_empty`, a
    field that has a value keeps it.
    """

    kind: str
    fields: Mapping[str, Field]
    columns: Mapping[str, tuple[str, ...]]
    translations: Mapping[str, Mapping[str, str]] = {}
    units: Mapping[str, str] = {}
    currencies: Mapping[str, str] = {}
    defaults: Mapping[str, str] = {}
    orders: Mapping[str, str] = {}
    key: str | None = None
    lists_added: frozenset[str] = frozenset()
    texts_added: frozenset[str] = frozenset()
    only_new: frozenset[str] = frozenset()
    only_empty: bool = False
    exact: frozenset[str] = frozenset()
    foreign: Mapping[str, Mapping[str, str]] = {}
    decimals: Mapping[str, Decimal] = {}
    shares: frozenset[str] = frozenset()
    country: tuple[str, ...] = ()
    region: tuple[str, ...] = ()
    home: str | None = None
    outcome: str | None = None
    lenient: bool = False
    own: bool = False
    key_found: bool = False
    key_optional: bool = False
    name_parts: tuple[str | None, str | None] | None = None
    unused: tuple[str, ...] = ()
    either: frozenset[str] = frozenset()
    begins: Mapping[str, tuple[str, ...]] = {}
    about: tuple[str, ...] = ()
    exported: str = ""
    seconds: bool = False
    cents: frozenset[str] = frozenset()


Say = Callable[[str, str], None]
"""Reports a change that was made to a cell of the current row, with the cell."""

Remark = Callable[[str, int, str], None]
"""Reports a change to a cell that nobody asked for: what, the line, the cell."""
