"""The nouns of the book: every record with its fields, and every closed vocabulary.

A field is named once, here. Columns of lists, JSON and CSV shapes, command
options, import headers, the edit form and the `--where` language all read
these declarations. What a user can rename (stages, tiers, custom fields) comes
from the configuration; what is closed stands here and in a CHECK of the schema.
"""

from __future__ import annotations

from datetime import date, datetime

from acctcli.model.field import (
    BY_ADDRESS,
    BY_ALIAS,
    BY_MAIN_ADDRESS,
    BY_NUMBER,
    COUNTRY,
    CURRENCY,
    DAY,
    EMAIL,
    EVERY,
    FLAG,
    INTEGER,
    LINK,
    LINKEDIN,
    LONG,
    MINUTES,
    MOMENT,
    MONEY,
    NUMBER,
    PERCENT,
    PHONE,
    PROFILE,
    STAGE,
    TEXT,
    TIER,
    WEBSITE,
    Record,
    Ref,
    choice,
    column,
    ref,
)

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
    linkedin: str | None = column(LINKEDIN, "LinkedIn handle", finds=BY_ADDRESS)
    profiles: tuple[str, ...] = column(
        PROFILE,
        "their pages elsewhere, as x.com/meitan",
        many=True,
        flag="profile",
        rows=("contact_profile", "profile"),
        came=3,
        finds=BY_ADDRESS,
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
    close_date: date | None = column(DAY, "when it should close", flag="close", spans=True)
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
    starts_on: date | None = column(DAY, "first day of the term", flag="starts", look="near")
    ends_on: date | None = column(
        DAY, "last day of the term; a renewal is due then", flag="ends", spans=True
    )
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
