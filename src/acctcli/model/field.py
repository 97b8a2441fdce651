"""What a field of a record is, and how records are made of fields.

`Record` does what a frozen, keyword-only dataclass would do, but generating dataclasses would take
a good part of every start.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, Literal, Self, dataclass_transform

from acctcli.frozen import Frozen

# How a value is typed, stored and shown. `values` reads each type.
TEXT = "text"  # one line
LONG = "long"  # a text of several lines
INTEGER = "integer"
NUMBER = "number"  # a quantity: may have decimals
PERCENT = "percent"  # 0 to 100, whole
SHARE = "share"  # 0 to 100 percent: may have decimals
MONEY = "money"  # integer minor units of the record's `currency`
CURRENCY = "currency"  # ISO 4217
COUNTRY = "country"  # ISO 3166 alpha-2
DAY = "day"
MOMENT = "moment"
FLAG = "flag"
CHOICE = "choice"  # one of a closed vocabulary
TIER = "tier"  # one of the user's tiers
STAGE = "stage"  # one of the user's stages
EMAIL = "email"
PHONE = "phone"
WEBSITE = "website"
LINKEDIN = "linkedin"
PROFILE = "profile"  # a person's page in a network: x.com/meitan
LINK = "link"  # a web address, optionally with a title before it
MINUTES = "minutes"
EVERY = "every"  # a repetition such as 2w
REF = "ref"  # another record

# How a value finds its record, beside the record's name.
BY_NUMBER = "number"  # given by the program
BY_ADDRESS = "address"  # no two records should share it
BY_MAIN_ADDRESS = "main address"  # identifies a person, whatever their name
BY_ALIAS = "alias"  # another name
ADDRESSES = (BY_ADDRESS, BY_MAIN_ADDRESS)

TODAY = "today"
"""Among the fields that a length counts from: if none of them has a day, it begins today."""

Look = Literal["ahead", "back", "near"]
"""In which direction a day without a year (or a weekday) is read.

A future day (`due`) is the next "3 Oct", a past day (`held_on`) the last one; other days the
nearest.
"""

Row = dict[str, Any]
"""A record as a query returns it: stored values by field name."""

Values = dict[str, Any]
"""What is to be written of a record: stored values by field name."""


class Ref(Frozen):
    """A reference to another record: its id, and its name for people."""

    id: str
    name: str


class Field:
    """Everything any layer needs to know about one field of a record."""

    __slots__ = (
        "came",
        "choices",
        "counts_from",
        "custom",
        "dated",
        "day",
        "default",
        "derived",
        "ends",
        "finds",
        "fixed",
        "flag",
        "help",
        "look",
        "many",
        "most",
        "name",
        "past",
        "required",
        "rows",
        "signed",
        "spans",
        "stays",
        "target",
        "type",
    )

    def __init__(
        self,
        type: str,
        help: str,
        *,
        name: str = "",
        flag: str = "",
        choices: tuple[str, ...] = (),
        target: str = "",
        many: bool = False,
        rows: tuple[str, str] | None = None,
        required: bool = False,
        default: Any = None,
        fixed: bool = False,
        derived: bool = False,
        custom: bool = False,
        past: bool = False,
        signed: bool = True,
        most: int | None = None,
        stays: bool = False,
        day: str = "",
        came: int = 1,
        finds: str = "",
        ends: bool = False,
        look: Look | None = None,
        spans: bool = False,
        counts_from: tuple[str, ...] = (),
        dated: bool = False,
    ) -> None:
        self.name = name
        self.type = type
        self.help = help
        self.flag = flag  # a shorter name of its option: `--close` for close_date
        self.choices = choices  # the vocabulary of a CHOICE
        self.target = target  # the kind that a REF points to
        self.many = many
        self.rows = rows  # (table, column) of a list's values
        self.required = required
        self.default = default
        self.fixed = fixed  # set by the program, never typed
        self.derived = derived  # computed on reading; only on demand, never in JSON or CSV shapes
        self.custom = custom
        self.past = past  # a day or moment in the past: never a future one
        self.signed = signed  # an amount that may be below zero
        self.most = most  # the highest number that it takes
        self.day = day  # for a moment: the field with the day of a time that is typed alone
        self.came = came  # the version of the schema that added it: see `adopted`
        self.stays = stays  # a reference that never changes
        self.finds = finds  # how its value finds the record: one of BY_NUMBER and those after it
        self.ends = ends  # a day or moment whose presence means that the record is over
        self.spans = spans  # a month, quarter or year may be typed for its last day
        # A length such as `1y` counts from the first of these fields that has a day; see TODAY.
        self.counts_from = counts_from
        self.dated = dated  # a day whose year must be typed: no year is the likely one
        # How "3 Oct" is read: as the next, the last or the nearest one.
        self.look = look or _look_of(type, over=past or ends, of_a_day=bool(day), custom=custom)

    @property
    def column(self) -> str:
        """The SQL column of the value (a list has rows instead)."""
        return f"{self.name}_id" if self.type == REF else self.name

    @property
    def id_name(self) -> str:
        """The output name of a reference's id: `account_id`, `contact_ids`."""
        return f"{self.name.removesuffix('s')}_ids" if self.many else f"{self.name}_id"

    @property
    def options(self) -> tuple[str, ...]:
        """The options that set it, the most common one first."""
        names = (self.flag, self.name) if self.flag else (self.name,)
        return tuple(f"--{name.replace('_', '-')}" for name in names)

    @property
    def word(self) -> str:
        """One word for an item of a list: `email`, `tag`, `contact`."""
        return self.name.removesuffix("s") if self.type == REF else self.flag or self.name

    def item_options(self, verb: str) -> tuple[str, ...]:
        """Return the options that `add` or `remove` an item of a list, the most common first."""
        return tuple(
            f"--{verb}-{word}" for word in dict.fromkeys((self.word, self.flag or self.word))
        )

    @property
    def label(self) -> str:
        """The name for people: `close date`."""
        return self.name.replace("_", " ")


def _look_of(type: str, *, over: bool, of_a_day: bool, custom: bool) -> Look:
    """Return the direction: past days look back, and so do moments, except appointments."""
    if over or (type == MOMENT and not of_a_day):
        return "back"
    return "near" if custom else "ahead"


def column(type: str, help: str, **options: Any) -> Any:
    """Declare a field in a `Record`; the name comes from the attribute."""
    return Field(type, help, **options)


def declare(**fields: Field) -> dict[str, Field]:
    """Declare fields of rows that are not records, named by the keywords."""
    for name, field in fields.items():
        field.name = name
    return fields


def named(fields: Mapping[str, Field], typed: str) -> Field | None:
    """Return the field that a person means: by its name in any case, or by its option.

    `-` equals `_`, and the word for one item names a list: `contact`. An exact match wins; if
    several names differ only in case, none is meant.
    """
    name = typed.strip().lower().replace("-", "_")
    found = fields.get(typed) or fields.get(name)
    if found is None and name:
        flagged = [f for f in fields.values() if f.flag.replace("-", "_") == name]
        cased = [f for f in fields.values() if f.name.lower() == name]
        listed = [f for f in fields.values() if f.many and f.word == name]
        found = next((of[0] for of in (flagged, cased, listed) if len(of) == 1), None)
    return found


def days(help: str, **options: Any) -> Any:
    """Declare a number of days, at most a century: any day and this number make another day."""
    return Field(INTEGER, help, most=36_500, **options)


def choice(help: str, choices: tuple[str, ...], **options: Any) -> Any:
    """Declare a field with a closed vocabulary."""
    return Field(CHOICE, help, choices=choices, **options)


def ref(target: str, help: str, **options: Any) -> Any:
    """Declare a field that refers to a record of another kind."""
    return Field(REF, help, target=target, **options)


@dataclass_transform(kw_only_default=True, frozen_default=True)
class _Declared:
    """Makes type checkers see the fields of subclasses, as in a dataclass."""


class Record(_Declared):
    """An immutable record; `fields` describes it."""

    fields: ClassVar[dict[str, Field]] = {}
    _blank: ClassVar[dict[str, Any]] = {}

    id: str = column(TEXT, "the record's id", fixed=True)
    created_at: datetime = column(MOMENT, "when it was entered", fixed=True)
    updated_at: datetime = column(MOMENT, "when it was last changed", fixed=True)

    def __init_subclass__(cls) -> None:
        declared = {**Record.__dict__, **cls.__dict__}
        # id first, created and updated last: the order of JSON keys and CSV columns.
        own = [n for n, f in cls.__dict__.items() if isinstance(f, Field)]
        fields = {}
        for name in ("id", *own, "created_at", "updated_at"):
            spec = declared[name]
            spec.name = name
            fields[name] = spec
        cls.fields = fields
        cls._blank = {n: () if f.many else f.default for n, f in fields.items()}

    def __init__(self, **values: Any) -> None:
        self.__dict__.update(self._blank, **values)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} is immutable; use replace()")

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        return hash((type(self), self.id))

    def __repr__(self) -> str:
        given = ", ".join(f"{n}={v!r}" for n, v in self.__dict__.items() if v not in (None, ()))
        return f"{type(self).__name__}({given})"

    def replace(self, **changes: Any) -> Self:
        """Return a copy with `changes`."""
        return type(self)(**{**self.__dict__, **changes})
