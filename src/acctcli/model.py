"""The nouns of the book: every record, every field, every closed vocabulary.

A field is named once, here. Columns of lists, JSON and CSV shapes, command
options, import headers, the edit form and the `--where` language all read
these declarations. What a user can rename (stages, tiers, custom fields) comes
from the configuration; what is closed stands here and in a CHECK of the schema.

`Record` does what a frozen, keyword-only dataclass would: twelve generated
dataclasses cost every command 10 to 30 ms of start-up, this costs none.

Nothing here may do input or output, or know a clock, a database or a terminal.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, ClassVar, Self, dataclass_transform

from acctcli.frozen import Frozen

# How a value is typed, stored and shown. See `values` for the reading of each.
TEXT = "text"  # one line
LONG = "long"  # a paragraph, newlines allowed
INTEGER = "integer"
NUMBER = "number"  # a quantity: may have decimals
PERCENT = "percent"  # 0 to 100, whole
MONEY = "money"  # integer minor units; the record's `currency` says of what
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
LINK = "link"  # an address of the web, perhaps with a title before it
MINUTES = "minutes"
EVERY = "every"  # a repetition such as 2w
REF = "ref"  # another record

# How a value finds its record, beside the name of it.
BY_NUMBER = "number"  # given by the program
BY_ADDRESS = "address"  # no two records should share it
BY_MAIN_ADDRESS = "main address"  # one that says who it is, whatever the name
BY_ALIAS = "alias"  # another name
ADDRESSES = (BY_ADDRESS, BY_MAIN_ADDRESS)

ACCOUNT_KINDS = ("company", "individual")
STATUSES = ("lead", "prospect", "customer", "former")
ROLES = (
    "economic-buyer",
    "decision-maker",
    "champion",
    "executive-sponsor",
    "technical-buyer",
    "influencer",
    "evaluator",
    "end-user",
    "procurement",
    "legal",
    "budget-owner",
    "gatekeeper",
    "blocker",
    "coach",
)
LEVELS = ("high", "medium", "low")
STANCES = ("champion", "supporter", "neutral", "skeptic", "opponent")
LOG_KINDS = (
    "call",
    "email",
    "meeting",
    "demo",
    "proposal",
    "social",
    "note",
    "ticket",
    "survey",
)
ENTRY_KINDS = (*LOG_KINDS, "deal", "purchase", "review", "task")
"""What the timeline of an account is made of."""

DIRECTIONS = ("in", "out")
OWERS = ("us", "them")
CATEGORIES = ("pipeline", "best-case", "commit", "closed", "omitted")
DEAL_TYPES = ("new", "upsell", "cross-sell", "renewal")
PAYMENTS = ("cash", "credit")
RECURRENCES = ("none", "monthly", "yearly")
SCALES = ("nps", "csat")
RATINGS = ("red", "amber", "green")
OBJECTIVE_STATES = ("open", "met", "dropped")

HIGHEST_SCORE = 10
"""The best answer to a survey: NPS goes from 0 to 10, CSAT from 1 to 5."""

HIGHEST_CSAT = 5

TWO_WAY_KINDS = ("call", "meeting", "demo")
"""Interactions that are two-way by nature; an email or a social message is
two-way only when it came in, and a note, ticket or survey never is."""


Row = dict[str, Any]
"""A record as a query gives it: stored values by the names of fields."""

Values = dict[str, Any]
"""What is to be written of a record: stored values by the names of fields."""


class Ref(Frozen):
    """A reference to another record: what a machine follows and what a person reads."""

    id: str
    name: str


class Field:
    """Everything any layer needs to know about one field of a record."""

    __slots__ = (
        "came",
        "choices",
        "custom",
        "day",
        "default",
        "derived",
        "ends",
        "finds",
        "fixed",
        "flag",
        "help",
        "many",
        "name",
        "past",
        "required",
        "rows",
        "signed",
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
        stays: bool = False,
        day: str = "",
        came: int = 1,
        finds: str = "",
        ends: bool = False,
    ) -> None:
        self.name = name
        self.type = type
        self.help = help
        self.flag = flag  # a shorter word for its option: `--close` for close_date
        self.choices = choices  # the vocabulary of a CHOICE
        self.target = target  # the kind that a REF points to
        self.many = many
        self.rows = rows  # (table, column) where a list keeps its values
        self.required = required
        self.default = default
        self.fixed = fixed  # given by the program, never typed
        self.derived = derived  # computed on reading; on demand only, never in JSON or CSV shapes
        self.custom = custom
        self.past = past  # a day or moment of what has happened: never one to come
        self.signed = signed  # an amount that may be below zero
        self.day = day  # of a moment: the field whose day a time alone is meant of
        self.came = came  # the version of the schema that brought it: see `adopted`
        self.stays = stays  # a reference that is never changed: the record belongs there for good
        self.finds = finds  # how its value finds the record: one of BY_NUMBER and those after it
        self.ends = ends  # a day or moment that says, by being there, that the record is over

    @property
    def column(self) -> str:
        """The SQL column that holds the value (a list has rows instead)."""
        return f"{self.name}_id" if self.type == REF else self.name

    @property
    def id_name(self) -> str:
        """The name under which a reference's id comes out: `account_id`, `contact_ids`."""
        return f"{self.name.removesuffix('s')}_ids" if self.many else f"{self.name}_id"

    @property
    def options(self) -> tuple[str, ...]:
        """The options that set it, the everyday one first."""
        names = (self.flag, self.name) if self.flag else (self.name,)
        return tuple(f"--{name.replace('_', '-')}" for name in names)

    @property
    def word(self) -> str:
        """One item of a list in a word: `email`, `tag`, `contact`."""
        return self.name.removesuffix("s") if self.type == REF else self.flag or self.name

    def item_options(self, verb: str) -> tuple[str, ...]:
        """The options that `add` one item to a list or `remove` one, the everyday one first."""
        return tuple(
            f"--{verb}-{word}" for word in dict.fromkeys((self.word, self.flag or self.word))
        )

    @property
    def label(self) -> str:
        """The name as a person reads it: `close date`."""
        return self.name.replace("_", " ")


def column(type: str, help: str, **options: Any) -> Any:
    """Declare a field in a `Record`; the name comes from the attribute."""
    return Field(type, help, **options)


def declare(**fields: Field) -> dict[str, Field]:
    """Fields of rows that are no record's, named by their keywords."""
    for name, field in fields.items():
        field.name = name
    return fields


def named(fields: Mapping[str, Field], typed: str) -> Field | None:
    """The field that a person means: by its name, with - for _, or by its option's word."""
    name = typed.strip().lower().replace("-", "_")
    return (
        fields.get(typed)
        or fields.get(name)
        or next((f for f in fields.values() if f.flag and f.flag.replace("-", "_") == name), None)
    )


def choice(help: str, choices: tuple[str, ...], **options: Any) -> Any:
    """Declare a field with a closed vocabulary."""
    return Field(CHOICE, help, choices=choices, **options)


def ref(target: str, help: str, **options: Any) -> Any:
    """Declare a field that points to one record of another kind."""
    return Field(REF, help, target=target, **options)


@dataclass_transform(kw_only_default=True, frozen_default=True)
class _Declared:
    """Tells type checkers that subclasses take their fields by name, as a dataclass does."""


class Record(_Declared):
    """One immutable record; `fields` describes it."""

    fields: ClassVar[dict[str, Field]] = {}
    _blank: ClassVar[dict[str, Any]] = {}

    id: str = column(TEXT, "the record's id", fixed=True)
    created_at: datetime = column(MOMENT, "when it was entered", fixed=True)
    updated_at: datetime = column(MOMENT, "when it was last changed", fixed=True)

    def __init_subclass__(cls) -> None:
        declared = {**Record.__dict__, **cls.__dict__}
        # id first, the book-keeping moments last: the order of JSON keys and CSV columns.
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
        """A copy with `changes` made."""
        return type(self)(**{**self.__dict__, **changes})


class Account(Record):
    """A company or person that the seller sells to: the unit of the book."""

    number: str = column(TEXT, "account number, given automatically", fixed=True, finds=BY_NUMBER)
    name: str = column(TEXT, "name of the account", required=True)
    kind: str = choice("company or individual", ACCOUNT_KINDS, default="company")
    status: str = choice("where the relationship stands", STATUSES, default="prospect")
    tier: str | None = column(TIER, "how much attention the account gets")
    parent: Ref | None = ref("account", "the account that owns this one")
    owner: str | None = column(TEXT, "who looks after the account")
    industry: str | None = column(TEXT, "line of business")
    website: str | None = column(WEBSITE, "the account's own domain", finds=BY_MAIN_ADDRESS)
    other_websites: tuple[str, ...] = column(
        WEBSITE,
        "further domains of the account",
        many=True,
        flag="other-website",
        rows=("account_website", "website"),
        came=3,
        finds=BY_ADDRESS,
    )
    phone: str | None = column(PHONE, "switchboard", finds=BY_ADDRESS)
    other_phones: tuple[str, ...] = column(
        PHONE,
        "further numbers of the account",
        many=True,
        flag="other-phone",
        rows=("account_phone", "number"),
        came=3,
        finds=BY_ADDRESS,
    )
    aliases: tuple[str, ...] = column(
        TEXT,
        "other names it goes by",
        many=True,
        flag="alias",
        rows=("account_alias", "alias"),
        came=3,
        finds=BY_ALIAS,
    )
    street: str | None = column(TEXT, "street and number")
    city: str | None = column(TEXT, "city")
    region: str | None = column(TEXT, "state or region")
    postal_code: str | None = column(TEXT, "postal code")
    country: str | None = column(COUNTRY, "country, as a code or a name")
    employees: int | None = column(INTEGER, "how many people work there")
    annual_revenue: int | None = column(MONEY, "revenue of a year", flag="revenue")
    currency: str | None = column(CURRENCY, "currency of the revenue")
    source: str | None = column(TEXT, "where the account came from")
    description: str | None = column(LONG, "what one should know")
    tags: tuple[str, ...] = column(TEXT, "free labels", many=True, flag="tag", rows=("tag", "tag"))
    links: tuple[str, ...] = column(
        LINK,
        "documents and pages, each an address with a title before it or none",
        many=True,
        flag="link",
        rows=("account_link", "link"),
        came=3,
    )
    cadence_days: int | None = column(
        INTEGER, "days between touches, instead of the tier's", flag="cadence"
    )
    snoozed_until: date | None = column(DAY, "leave out of today until then")
    archived_at: datetime | None = column(MOMENT, "when it was archived", fixed=True, ends=True)
    last_touch: datetime | None = column(
        MOMENT, "last real two-way touch", fixed=True, derived=True
    )
    next_step: date | None = column(DAY, "nearest open task", fixed=True, derived=True)


class Contact(Record):
    """A person, with the part they play at the account where they are now."""

    name: str = column(TEXT, "the person's name", required=True)
    aliases: tuple[str, ...] = column(
        TEXT,
        "other names they go by",
        many=True,
        flag="alias",
        rows=("contact_alias", "alias"),
        came=3,
        finds=BY_ALIAS,
    )
    account: Ref | None = ref("account", "where they work now")
    title: str | None = column(TEXT, "job title")
    department: str | None = column(TEXT, "department")
    emails: tuple[str, ...] = column(
        EMAIL,
        "email addresses",
        many=True,
        flag="email",
        rows=("email", "address"),
        finds=BY_MAIN_ADDRESS,
    )
    phones: tuple[str, ...] = column(
        PHONE,
        "phone numbers",
        many=True,
        flag="phone",
        rows=("phone", "number"),
        finds=BY_ADDRESS,
    )
    linkedin: str | None = column(LINKEDIN, "LinkedIn handle")
    profiles: tuple[str, ...] = column(
        PROFILE,
        "their pages elsewhere, as x.com/meitan",
        many=True,
        flag="profile",
        rows=("contact_profile", "profile"),
        came=3,
    )
    birthday: date | None = column(DAY, "the day they were born on", past=True, came=3)
    role: str | None = choice("part in the buying group", ROLES)
    influence: str | None = choice("weight of their word", LEVELS)
    stance: str | None = choice("for or against us", STANCES)
    reports_to: Ref | None = ref("contact", "their manager")
    primary: bool = column(FLAG, "the first person to call", default=False)
    do_not_contact: bool = column(FLAG, "asked to be left alone", default=False)
    notes: str | None = column(LONG, "what one should know")
    since: date | None = column(DAY, "since when they are at this account", past=True)
    tags: tuple[str, ...] = column(
        TEXT, "free labels", many=True, flag="tag", rows=("contact_tag", "tag"), came=3
    )
    last_touch: datetime | None = column(
        MOMENT, "last interaction with them", fixed=True, derived=True
    )


class Affiliation(Record):
    """A further or earlier link between a person and an account.

    The link that holds now stands in the contact itself (`account`, `role`,
    `title`, `since`); a person who moves leaves the old one here, with dates.
    """

    contact: Ref = ref("contact", "the person", required=True)
    account: Ref = ref("account", "the account", required=True)
    title: str | None = column(TEXT, "job title there")
    role: str | None = choice("part in the buying group there", ROLES)
    from_on: date | None = column(DAY, "from when", past=True)
    to_on: date | None = column(DAY, "until when; empty: still", past=True, ends=True)


class Log(Record):
    """One interaction with an account: a call, a message, a meeting, a ticket."""

    account: Ref = ref("account", "with whom", required=True)
    kind: str = choice("what it was", LOG_KINDS, required=True)
    direction: str | None = choice("in: they came to us; out: we went to them", DIRECTIONS)
    at: datetime = column(MOMENT, "when it happened", required=True, past=True)
    summary: str = column(TEXT, "one line on what was said", required=True)
    body: str | None = column(LONG, "the whole text")
    contacts: tuple[Ref, ...] = ref(
        "contact", "who was there", many=True, flag="with", rows=("log_contact", "contact_id")
    )
    deal: Ref | None = ref("deal", "the deal it was about")
    duration: int | None = column(MINUTES, "how long it took")
    outcome: str | None = column(TEXT, "what came of it")
    attempt: bool = column(FLAG, "nobody was reached: it is no contact", default=False, came=3)
    score: int | None = column(INTEGER, "survey: NPS 0-10, or CSAT 1-5")
    scale: str | None = choice("survey: what the score is one of", SCALES, came=3)
    resolved_at: datetime | None = column(
        MOMENT, "ticket: when it was resolved", past=True, ends=True
    )


class Task(Record):
    """A next step or a promise, on either side."""

    account: Ref | None = ref("account", "for which account")
    text: str = column(TEXT, "what is to be done", required=True)
    due: date | None = column(DAY, "by when")
    at: datetime | None = column(
        MOMENT, "when an appointment begins; it is due on that day", day="due", came=3
    )
    duration: int | None = column(MINUTES, "how long it takes", came=3)
    place: str | None = column(TEXT, "where it takes place", came=3)
    owed_by: str = choice("who promised it", OWERS, default="us")
    contact: Ref | None = ref("contact", "to whom or by whom")
    deal: Ref | None = ref("deal", "for which deal")
    done_at: datetime | None = column(MOMENT, "when it was done", past=True, ends=True)
    snoozed_until: date | None = column(DAY, "leave out of today until then")
    every: str | None = column(EVERY, "repeats this long after it is done")
    first_due: date | None = column(
        DAY, "first due day of a repeating task: gives the day of the month"
    )
    log: Ref | None = ref("log", "where it was promised")
    review: Ref | None = ref("review", "the review that asked for it")


class Deal(Record):
    """Something that may be sold; every change of stage, amount and close date is kept."""

    account: Ref = ref("account", "to whom", required=True)
    title: str = column(TEXT, "what it is called", required=True)
    stage: str = column(STAGE, "how far it has come", required=True)
    amount: int | None = column(MONEY, "what it is worth", signed=False)
    currency: str | None = column(CURRENCY, "currency of the amount")
    probability: int | None = column(PERCENT, "chance to win; the stage's unless given")
    category: str | None = choice("forecast category; the stage's unless given", CATEGORIES)
    close_date: date | None = column(DAY, "when it should close", flag="close")
    type: str | None = choice("new business or more of it", DEAL_TYPES)
    product: Ref | None = ref("product", "the product it is mainly about")
    source: str | None = column(TEXT, "where the deal came from")
    lost_reason: str | None = column(TEXT, "why it was lost")
    competitor: str | None = column(TEXT, "against whom")
    owner: str | None = column(TEXT, "whose deal it is")
    opened_on: date = column(DAY, "when it was opened", required=True, flag="opened", past=True)
    closed_on: date | None = column(DAY, "when it was won or lost", flag="closed", ends=True)
    tags: tuple[str, ...] = column(
        TEXT, "free labels", many=True, flag="tag", rows=("deal_tag", "tag"), came=3
    )
    links: tuple[str, ...] = column(
        LINK,
        "documents and pages, each an address with a title before it or none",
        many=True,
        flag="link",
        rows=("deal_link", "link"),
        came=3,
    )
    next_step: date | None = column(DAY, "nearest open task", fixed=True, derived=True)


class Item(Record):
    """A line of a deal: so many of a product, at a unit price, less a discount."""

    deal: Ref = ref("deal", "the deal", required=True)
    account: Ref = ref("account", "the deal's account", required=True, fixed=True)
    product: Ref = ref("product", "the product", required=True)
    quantity: float = column(NUMBER, "how many", default=1)
    unit_price: int | None = column(MONEY, "price of one, in the deal's currency", signed=False)
    currency: str | None = column(CURRENCY, "the deal's currency", fixed=True)
    discount: int | None = column(PERCENT, "percent off")


class DealContact(Record):
    """A person's part in one deal."""

    deal: Ref = ref("deal", "the deal", required=True)
    account: Ref = ref("account", "the deal's account", required=True, fixed=True)
    contact: Ref = ref("contact", "the person", required=True)
    role: str | None = choice("part in this deal", ROLES)


class DealChange(Record):
    """One change of a deal's stage, amount or close date; appended, never rewritten."""

    deal: Ref = ref("deal", "the deal", required=True)
    account: Ref = ref("account", "the deal's account", required=True)
    changed_on: date = column(DAY, "the day it changed", required=True, past=True)
    field: str = choice("what changed", ("stage", "amount", "close_date"), required=True)
    old: str | None = column(TEXT, "what it was")
    new: str | None = column(TEXT, "what it became")
    note: str | None = column(TEXT, "why it changed")


class Purchase(Record):
    """Something that was bought: the account's transaction history."""

    account: Ref = ref("account", "by whom", required=True)
    deal: Ref | None = ref("deal", "the deal it came from")
    product: Ref | None = ref("product", "what was bought")
    quantity: float | None = column(NUMBER, "how many")
    amount: int | None = column(MONEY, "for how much", required=True)
    currency: str | None = column(CURRENCY, "currency of the amount")
    purchased_on: date = column(DAY, "when", required=True, flag="on", past=True)
    payment: str | None = choice("how it was paid", PAYMENTS)
    starts_on: date | None = column(DAY, "first day of the term", flag="starts")
    ends_on: date | None = column(DAY, "last day of the term; a renewal is due then", flag="ends")
    recurring: str = choice("does it come again", RECURRENCES, default="none")
    renews: Ref | None = ref("purchase", "the earlier contract that it renews", came=3)
    notice_days: int | None = column(
        INTEGER, "days before its end by which notice is given", flag="notice", came=3
    )
    auto_renews: bool = column(
        FLAG, "goes on by itself unless notice is given", default=False, came=3
    )
    reconciled: bool = column(FLAG, "agreed with the books", default=False)


class Product(Record):
    """Something the seller offers."""

    name: str = column(TEXT, "name of the product", required=True)
    family: str | None = column(TEXT, "product family")
    price: int | None = column(MONEY, "list price", signed=False)
    currency: str | None = column(CURRENCY, "currency of the price")
    active: bool = column(FLAG, "still sold", default=True)


class Review(Record):
    """A look at one account on one day, kept as it was seen then."""

    account: Ref = ref("account", "which account", required=True, stays=True)
    held_on: date = column(DAY, "when it was held", required=True, flag="on", past=True)
    health: int | None = column(PERCENT, "health of the account on that day")
    inputs: tuple[str, ...] = column(
        TEXT,
        "what the health rested on, as input=score",
        many=True,
        fixed=True,
        rows=("review_input", "input"),
    )
    rating: str | None = choice("the reviewer's own colour", RATINGS)
    summary: str | None = column(LONG, "where the account stands")
    strengths: str | None = column(LONG, "what goes well", flag="strength")
    risks: str | None = column(LONG, "what could go wrong", flag="risk")
    opportunities: str | None = column(LONG, "what more could be done", flag="opportunity")
    next_review: date | None = column(DAY, "when to look again")


class Plan(Record):
    """What one wants with an account, and how: at most one for each account."""

    account: Ref = ref("account", "of which account", required=True, stays=True)
    needs: str | None = column(LONG, "what the account needs", flag="need")
    goals: str | None = column(LONG, "what we want to reach there", flag="goal")
    challenges: str | None = column(LONG, "what stands in the way", flag="challenge")
    competitors: str | None = column(LONG, "who else is there", flag="competitor")
    strategy: str | None = column(LONG, "how we go about it")


class Objective(Record):
    """A result that the plan of an account aims at, by a day."""

    account: Ref = ref("account", "of whose plan", required=True, stays=True)
    text: str = column(TEXT, "what is to be reached", required=True)
    due: date | None = column(DAY, "by when")
    state: str = choice("what became of it", OBJECTIVE_STATES, default="open")
    closed_on: date | None = column(DAY, "when it was met or dropped", past=True)


class Segment(Record):
    """A list of accounts under a name: its filters, asked anew each time it is used."""

    name: str = column(TEXT, "what the list is called", required=True)
    filters: str = column(LONG, "its filters and order, as typed", required=True)


class Setting(Record):
    """A setting of the book: what it is called, and its value as JSON."""

    key: str = column(TEXT, "which setting: today.closing_days, stages", required=True, stays=True)
    value: str = column(LONG, "its value, as JSON", required=True)
    position: int = column(INTEGER, "its place among the others", default=0)


class DistinctAccount(Record):
    """That two accounts are not the same, however alike they look."""

    account: Ref = ref("account", "the one", required=True)
    other: Ref = ref("account", "the other", required=True)


class DistinctContact(Record):
    """That two people are not the same, however alike they look."""

    contact: Ref = ref("contact", "the one", required=True)
    other: Ref = ref("contact", "the other", required=True)


class Kind(Frozen):
    """One noun: its class, its names, and the columns a table shows of it."""

    name: str  # also the table and the prefix of commands
    plural: str
    record: type[Record]
    title: str  # the field that names a record of this kind to a person
    table: tuple[str, ...]  # columns of a list on a terminal and in TSV
    order: str  # how a list is sorted unless told otherwise, as in --sort
    keyed: bool = False  # found by name: `name_key` holds how its title compares
    part_of: str = ""  # the kind whose records its own are parts of
    fact: tuple[str, ...] = ()  # there is one for what these fields say: its id is made of them
    identity: tuple[str, ...] = ()  # the fields that tell its records apart where there is no id
    indexed: int = 1  # how many of these, from the first on, find few records by an index
    unique: bool = False  # no two have one identity: the second is the first again …
    namesakes: bool = False  # … unless the user says that another one is meant
    to_do: tuple[str, str | None] | None = (
        None  # a field, and its value in what is still to be done
    )
    beside: tuple[str, ...] = ()  # the fields that tell what completion offers from its like
    searched: tuple[str, ...] = ()  # what a search reads: first what a hit is headed by
    notes: str = ""  # the text that takes what has no field of its own, as a merge leaves it

    @property
    def fields(self) -> dict[str, Field]:
        """The built-in fields by name, in the order of JSON and CSV."""
        return self.record.fields


def _kinds(*kinds: Kind) -> dict[str, Kind]:
    return {kind.name: kind for kind in kinds}


KINDS = _kinds(
    Kind(
        "account",
        "accounts",
        Account,
        "name",
        ("number", "name", "tier", "status", "industry", "country", "last_touch", "next_step"),
        "name",
        keyed=True,
        identity=("name",),
        unique=True,
        namesakes=True,
        beside=("number",),
        searched=(
            *("name", "number", "industry", "website", "phone", "city", "region", "country"),
            *("owner", "source", "description"),
        ),
        notes="description",
    ),
    Kind(
        "contact",
        "contacts",
        Contact,
        "name",
        ("id", "name", "account", "title", "role", "influence", "stance", "last_touch"),
        "name",
        keyed=True,
        identity=("name", "account"),
        unique=True,
        namesakes=True,
        beside=("account",),
        searched=("name", "title", "department", "linkedin", "notes"),
        notes="notes",
    ),
    Kind(
        "affiliation",
        "affiliations",
        Affiliation,
        "title",
        ("contact", "account", "title", "role", "from_on", "to_on"),
        "from_on",
        part_of="contact",
        identity=("contact", "account", "from_on"),
    ),
    Kind(
        "log",
        "logs",
        Log,
        "summary",
        ("id", "at", "account", "kind", "direction", "summary", "contacts"),
        "-at",
        identity=("account", "at", "summary"),
        indexed=2,
        beside=("at", "account", "summary"),
        searched=("summary", "body", "outcome"),
    ),
    Kind(
        "task",
        "tasks",
        Task,
        "text",
        ("id", "due", "account", "text", "owed_by"),
        "due",
        keyed=True,
        identity=("account", "text", "due"),
        to_do=("done_at", None),
        beside=("account",),
        searched=("text", "place"),
    ),
    Kind(
        "deal",
        "deals",
        Deal,
        "title",
        ("id", "account", "title", "stage", "amount", "currency", "close_date", "probability"),
        "close_date",
        keyed=True,
        identity=("title", "account"),
        beside=("account",),
        searched=("title", "competitor", "lost_reason", "source", "owner"),
    ),
    Kind(
        "item",
        "items",
        Item,
        "product",
        ("id", "product", "quantity", "unit_price", "currency", "discount"),
        "created_at",
        part_of="deal",
        identity=("deal", "product"),
    ),
    Kind(
        "deal_contact",
        "deal_contacts",
        DealContact,
        "contact",
        ("contact", "role"),
        "contact",
        part_of="deal",
        identity=("deal", "contact"),
    ),
    Kind(
        "deal_change",
        "deal_changes",
        DealChange,
        "field",
        ("changed_on", "deal", "field", "old", "new"),
        "changed_on",
        part_of="deal",
        identity=("deal", "changed_on", "field", "old", "new"),
    ),
    Kind(
        "purchase",
        "purchases",
        Purchase,
        "product",
        ("id", "purchased_on", "account", "product", "amount", "currency", "ends_on", "recurring"),
        "-purchased_on",
        identity=("account", "purchased_on", "product", "amount"),
        indexed=2,
        beside=("purchased_on", "account"),
    ),
    Kind(
        "product",
        "products",
        Product,
        "name",
        ("id", "name", "family", "price", "currency", "active"),
        "name",
        keyed=True,
        identity=("name",),
        unique=True,
        namesakes=True,
        beside=("family",),
        searched=("name", "family"),
    ),
    Kind(
        "review",
        "reviews",
        Review,
        "held_on",
        ("id", "held_on", "account", "rating", "health", "summary", "next_review"),
        "-held_on",
        identity=("account", "held_on"),
        indexed=2,
        beside=("held_on", "account"),
        searched=("summary", "strengths", "risks", "opportunities"),
    ),
    Kind(
        "plan",
        "plans",
        Plan,
        "account",
        ("account", "goals", "strategy"),
        "account",
        fact=("account",),
        identity=("account",),
        searched=("strategy", "needs", "goals", "challenges", "competitors"),
    ),
    Kind(
        "objective",
        "objectives",
        Objective,
        "text",
        ("id", "due", "account", "text", "state"),
        "due",
        keyed=True,
        identity=("account", "text", "due"),
        to_do=("state", "open"),
        beside=("account",),
        searched=("text",),
    ),
    Kind(
        "segment",
        "segments",
        Segment,
        "name",
        ("name", "filters"),
        "name",
        keyed=True,
        identity=("name",),
        unique=True,
        beside=("filters",),
    ),
    Kind(
        "setting",
        "settings",
        Setting,
        "key",
        ("key", "value"),
        "position",
        fact=("key",),
        identity=("key",),
        unique=True,
    ),
    Kind(
        "distinct_account",
        "distinct_accounts",
        DistinctAccount,
        "account",
        ("account", "other"),
        "account",
        part_of="account",
        fact=("account", "other"),
        identity=("account", "other"),
    ),
    Kind(
        "distinct_contact",
        "distinct_contacts",
        DistinctContact,
        "contact",
        ("contact", "other"),
        "contact",
        part_of="contact",
        fact=("contact", "other"),
        identity=("contact", "other"),
    ),
)

LISTS: dict[str, tuple[str, Field]] = {
    field.rows[0]: (kind.name, field)
    for kind in KINDS.values()
    for field in kind.fields.values()
    if field.rows
}
"""The tables that keep the items of a list, one a row: of which kind, and of which field."""


def adopted(kind: str, version: int = 0) -> dict[str, Field]:
    """The fields of a kind that came with a version of the schema, or any after the first.

    People may have had a field of their own of that name before.
    """
    return {
        name: field
        for name, field in KINDS[kind].fields.items()
        if field.came > 1 and version in (0, field.came)
    }


TOGETHER: dict[str, tuple[tuple[str, ...], ...]] = {
    "account": (("annual_revenue", "currency"),),
    "contact": (("account", "title", "department", "role", "since", "primary"),),
    "log": (("score", "scale"),),
    "task": (("done_at", "every", "due", "first_due", "at"),),
    "deal": (
        ("stage", "probability", "category", "closed_on", "lost_reason"),
        ("amount", "currency"),
    ),
    "item": (("quantity", "unit_price", "currency", "discount"),),
    "purchase": (
        ("quantity", "amount", "currency"),
        ("starts_on", "ends_on", "recurring", "auto_renews"),
    ),
    "product": (("price", "currency"),),
    "review": (("health", "rating"),),
    "objective": (("state", "closed_on"),),
}
"""Fields that say one thing, by kind: where two machines disagree, one of them is right in all."""

NOUNS = ("account", "contact", "log", "task", "deal", "purchase", "product", "review")
"""The kinds a user meets as commands, imports and exports, parents before children."""

SUBJECTS = (*NOUNS, "plan", "objective")
"""The kinds that a search and the history can be narrowed down to."""
