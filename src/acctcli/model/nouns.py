"""The nouns of the book: every record with its fields, and every closed vocabulary.

A field is named once, here. Columns of lists, JSON and CSV shapes, options, import headers, the
edit form and the `--where` language all read these declarations. What a user can rename (stages,
tiers, custom fields) comes from the settings; closed vocabularies are here and in a CHECK of the
schema.
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
    SHARE,
    STAGE,
    TEXT,
    TIER,
    TODAY,
    WEBSITE,
    Record,
    Ref,
    choice,
    column,
    days,
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
LOG_KINDS = ("call", "email", "meeting", "demo", "proposal", "social", "note", "ticket", "survey")
ENTRY_KINDS = (*LOG_KINDS, "deal", "purchase", "review", "task")
"""The kinds of entries in the timeline of an account."""

DIRECTIONS = ("in", "out")
OWERS = ("us", "them")
CATEGORIES = ("pipeline", "best-case", "commit", "closed", "omitted")
DEAL_TYPES = ("new", "upsell", "cross-sell", "renewal")
PAYMENTS = ("cash", "credit")
RECURRENCES = ("none", "monthly", "yearly")
SCALES = ("nps", "csat")
RATINGS = ("red", "amber", "green")
OBJECTIVE_STATES = ("open", "met", "dropped")

SEGMENTED = ("account", "contact", "deal")
"""Kinds of which lists are saved."""

HIGHEST_SCORE = 10
"""The highest score of a survey: NPS has 0 to 10, CSAT 1 to 5."""

HIGHEST_CSAT = 5

TWO_WAY_KINDS = ("call", "meeting", "demo")
"""Interactions that are always two-way.

An email or a social message is two-way only if it came in; notes, tickets and surveys never are.
"""


class Account(Record):
    """A company or person that the user sells to."""

    number: str = column(
        TEXT, "account number, assigned automatically", fixed=True, finds=BY_NUMBER
    )
    name: str = column(TEXT, "name of the account", required=True)
    kind: str = choice("company or individual", ACCOUNT_KINDS, default="company")
    status: str = choice("where the relationship stands", STATUSES, default="prospect")
    tier: str | None = column(TIER, "how much attention the account gets")
    parent: Ref | None = ref("account", "parent account")
    owner: str | None = column(TEXT, "account owner (the colleague in charge)")
    industry: str | None = column(TEXT, "industry")
    website: str | None = column(WEBSITE, "main website", finds=BY_MAIN_ADDRESS)
    other_websites: tuple[str, ...] = column(
        WEBSITE,
        "other websites",
        many=True,
        flag="other-website",
        rows=("account_website", "website"),
        came=3,
        finds=BY_ADDRESS,
    )
    phone: str | None = column(PHONE, "main phone number", finds=BY_ADDRESS)
    other_phones: tuple[str, ...] = column(
        PHONE,
        "other phone numbers",
        many=True,
        flag="other-phone",
        rows=("account_phone", "number"),
        came=3,
        finds=BY_ADDRESS,
    )
    aliases: tuple[str, ...] = column(
        TEXT,
        "other names for the account",
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
    country: str | None = column(COUNTRY, "country name or two-letter code")
    employees: int | None = column(INTEGER, "number of employees")
    annual_revenue: int | None = column(MONEY, "annual revenue", flag="revenue")
    currency: str | None = column(CURRENCY, "currency of the annual revenue")
    source: str | None = column(TEXT, "where the account came from, such as referral or web")
    description: str | None = column(LONG, "notes about the account")
    tags: tuple[str, ...] = column(TEXT, "tags", many=True, flag="tag", rows=("tag", "tag"))
    links: tuple[str, ...] = column(
        LINK,
        "web links, each with a title in front if you like",
        many=True,
        flag="link",
        rows=("account_link", "link"),
        came=3,
    )
    cadence_days: int | None = days(
        "days between contacts, instead of the tier's cadence", flag="cadence"
    )
    snoozed_until: date | None = column(DAY, "leave out of today until this day")
    archived_at: datetime | None = column(MOMENT, "when it was archived", fixed=True, ends=True)
    last_touch: datetime | None = column(MOMENT, "last two-way touch", fixed=True, derived=True)
    next_step: date | None = column(DAY, "due day of the next open task", fixed=True, derived=True)


class Contact(Record):
    """A person, with their role at the account where they work now."""

    name: str = column(TEXT, "full name", required=True)
    aliases: tuple[str, ...] = column(
        TEXT,
        "other names for the person",
        many=True,
        flag="alias",
        rows=("contact_alias", "alias"),
        came=3,
        finds=BY_ALIAS,
    )
    account: Ref | None = ref("account", "account they work at")
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
        "social profiles, such as x.com/meitan",
        many=True,
        flag="profile",
        rows=("contact_profile", "profile"),
        came=3,
        finds=BY_ADDRESS,
    )
    birthday: date | None = column(DAY, "date of birth", past=True, dated=True, came=3)
    role: str | None = choice("role in the buying group", ROLES)
    influence: str | None = choice("influence on the decision", LEVELS)
    stance: str | None = choice("attitude towards you", STANCES)
    reports_to: Ref | None = ref("contact", "manager")
    primary: bool = column(FLAG, "primary contact of the account", default=False)
    do_not_contact: bool = column(FLAG, "asked not to be contacted", default=False)
    notes: str | None = column(LONG, "notes about the person")
    since: date | None = column(DAY, "day they joined the account", past=True)
    tags: tuple[str, ...] = column(
        TEXT, "tags", many=True, flag="tag", rows=("contact_tag", "tag"), came=3
    )
    last_touch: datetime | None = column(
        MOMENT, "last two-way touch with them", fixed=True, derived=True
    )


class Affiliation(Record):
    """A further or earlier link between a person and an account.

    The contact itself has the current link (`account`, `role`, `title`, `since`); when a person
    moves, the old one becomes a record of this kind, with dates.
    """

    contact: Ref = ref("contact", "the person", required=True)
    account: Ref = ref("account", "the account", required=True)
    title: str | None = column(TEXT, "job title there")
    role: str | None = choice("role in the buying group there", ROLES)
    from_on: date | None = column(DAY, "first day", past=True)
    to_on: date | None = column(DAY, "last day; empty if it still holds", past=True, ends=True)


class Log(Record):
    """One interaction with an account: a call, a message, a meeting, a ticket."""

    account: Ref = ref("account", "account", required=True)
    kind: str = choice("kind of interaction", LOG_KINDS, required=True)
    direction: str | None = choice("in: they contacted you; out: you contacted them", DIRECTIONS)
    at: datetime = column(MOMENT, "when it happened", required=True, past=True)
    summary: str = column(TEXT, "what was said, in one line", required=True)
    body: str | None = column(LONG, "full text or notes")
    contacts: tuple[Ref, ...] = ref(
        "contact",
        "people who took part",
        many=True,
        flag="with",
        rows=("log_contact", "contact_id"),
    )
    deal: Ref | None = ref("deal", "deal it was about")
    duration: int | None = column(MINUTES, "how long it took, such as 45m or 1h30m")
    outcome: str | None = column(TEXT, "outcome")
    attempt: bool = column(
        *(FLAG, "nobody answered; does not count as contact"),
        default=False,
        flag="no-answer",
        came=3,
    )
    score: int | None = column(INTEGER, "survey score: NPS 0-10 or CSAT 1-5")
    scale: str | None = choice("scale of the survey score", SCALES, came=3)
    resolved_at: datetime | None = column(
        MOMENT, "when the ticket was resolved", past=True, ends=True
    )
    opened: datetime | None = column(
        MOMENT, "when a ticket that is still open was opened", fixed=True, derived=True
    )
    answer_by: str | None = choice(
        "who owes the answer to an open ticket", OWERS, fixed=True, derived=True
    )
    campaign: Ref | None = ref("campaign", "campaign it was part of", came=8)


class Task(Record):
    """A next step or a promise, of ours or theirs."""

    account: Ref | None = ref("account", "account")
    text: str = column(TEXT, "what to do", required=True)
    due: date | None = column(DAY, "due day")
    at: datetime | None = column(
        MOMENT, "start of an appointment; it is due on that day", day="due", came=3
    )
    duration: int | None = column(MINUTES, "how long it takes, such as 45m or 1h30m", came=3)
    place: str | None = column(TEXT, "place of the appointment", came=3)
    owed_by: str = choice("who owes it: us or them", OWERS, default="us")
    contact: Ref | None = ref("contact", "contact it was promised to or by")
    deal: Ref | None = ref("deal", "deal it is for")
    done_at: datetime | None = column(MOMENT, "when it was done", past=True, ends=True)
    snoozed_until: date | None = column(DAY, "leave out of today until this day")
    every: str | None = column(EVERY, "repeat this long after it is done, such as 2w or monthly")
    first_due: date | None = column(
        DAY, "first due day of a repeating task; sets the day of the month"
    )
    log: Ref | None = ref("log", "interaction in which it was promised")
    review: Ref | None = ref("review", "review it came from")
    playbook: Ref | None = ref("playbook_run", "playbook it came from", came=7, fixed=True)


class Deal(Record):
    """Something that may be sold; every change of stage, amount and close date is kept."""

    account: Ref = ref("account", "account to sell to", required=True)
    title: str = column(TEXT, "title of the deal", required=True)
    stage: str = column(STAGE, "stage of the deal", required=True)
    amount: int | None = column(MONEY, "amount", signed=False)
    currency: str | None = column(CURRENCY, "currency of the amount")
    probability: float | None = column(
        SHARE, "chance to win, in percent; default: that of the stage"
    )
    category: str | None = choice("forecast category; default: that of the stage", CATEGORIES)
    close_date: date | None = column(DAY, "expected close date", flag="close", spans=True)
    type: str | None = choice("type of business", DEAL_TYPES)
    product: Ref | None = ref("product", "main product")
    source: str | None = column(TEXT, "where the deal came from")
    lost_reason: str | None = column(TEXT, "reason it was lost")
    competitor: str | None = column(TEXT, "main competitor")
    owner: str | None = column(TEXT, "deal owner")
    opened_on: date = column(DAY, "day it was opened", required=True, flag="opened", past=True)
    closed_on: date | None = column(DAY, "day it was won or lost", flag="closed", ends=True)
    tags: tuple[str, ...] = column(
        TEXT, "tags", many=True, flag="tag", rows=("deal_tag", "tag"), came=3
    )
    links: tuple[str, ...] = column(
        LINK,
        "web links, each with a title in front if you like",
        many=True,
        flag="link",
        rows=("deal_link", "link"),
        came=3,
    )
    contacts: tuple[Ref, ...] = ref(
        "contact",
        "people with a role in the deal",
        many=True,
        flag="contact",
        rows=("deal_contact", "contact_id"),
        fixed=True,
        derived=True,
    )
    next_step: date | None = column(DAY, "due day of the next open task", fixed=True, derived=True)
    closes: date | None = column(DAY, "day it closed or should close", fixed=True, derived=True)
    campaign: Ref | None = ref("campaign", "campaign it came from", came=8)


class Item(Record):
    """An item of a deal: a product with its quantity, unit price and discount."""

    deal: Ref = ref("deal", "the deal", required=True)
    account: Ref = ref("account", "the deal's account", required=True, fixed=True)
    product: Ref = ref("product", "the product", required=True)
    quantity: float = column(NUMBER, "quantity", default=1)
    unit_price: int | None = column(MONEY, "unit price, in the deal's currency", signed=False)
    currency: str | None = column(CURRENCY, "the deal's currency", fixed=True)
    discount: float | None = column(SHARE, "discount in percent")


class DealContact(Record):
    """A person's part in one deal."""

    deal: Ref = ref("deal", "the deal", required=True)
    account: Ref = ref("account", "the deal's account", required=True, fixed=True)
    contact: Ref = ref("contact", "the person", required=True)
    role: str | None = choice("role in this deal", ROLES)


class DealChange(Record):
    """One change of a deal's stage, amount or close date; never rewritten."""

    deal: Ref = ref("deal", "the deal", required=True)
    account: Ref = ref("account", "the deal's account", required=True)
    changed_on: date = column(DAY, "the day it changed", required=True, past=True)
    field: str = choice("what changed", ("stage", "amount", "close_date"), required=True)
    old: str | None = column(TEXT, "value before")
    new: str | None = column(TEXT, "value after")
    note: str | None = column(TEXT, "why it changed")


class Purchase(Record):
    """Something that an account bought."""

    account: Ref = ref("account", "account that bought", required=True)
    deal: Ref | None = ref("deal", "deal it came from")
    product: Ref | None = ref("product", "product bought")
    quantity: float | None = column(NUMBER, "quantity")
    amount: int | None = column(MONEY, "amount", required=True)
    currency: str | None = column(CURRENCY, "currency of the amount")
    tax_rate: float | None = column(SHARE, "tax on top of the amount, in percent", came=7)
    purchased_on: date = column(DAY, "day of the purchase", required=True, flag="on", past=True)
    payment: str | None = choice("payment: cash or credit", PAYMENTS)
    starts_on: date | None = column(DAY, "first day of the contract", flag="starts", look="near")
    ends_on: date | None = column(
        DAY,
        "last day of the contract, or its length: 1y",
        flag="ends",
        spans=True,
        counts_from=("starts_on", "purchased_on", "paid_on", TODAY),
    )
    recurring: str = choice("how often it recurs", RECURRENCES, default="none")
    renews: Ref | None = ref("purchase", "contract that this one renews", came=3)
    notice_days: int | None = days("notice period in days before the end", came=3)
    auto_renews: bool = column(FLAG, "renews automatically unless cancelled", default=False, came=3)
    standalone: bool = column(
        FLAG, "runs beside earlier contracts and renews none", default=False, came=6
    )
    lapsed_ok: bool = column(
        FLAG, "will not be renewed: do not show it as lapsed", default=False, came=6
    )
    reconciled: bool = column(FLAG, "checked against the invoice or ledger", default=False)
    invoice: str | None = column(TEXT, "number of the invoice", came=8)
    paid_on: date | None = column(DAY, "day it was paid in full", past=True, came=8)
    paid_ref: str | None = column(TEXT, "bank line that paid it", came=8)


class Product(Record):
    """Something that the user sells."""

    name: str = column(TEXT, "name of the product", required=True)
    family: str | None = column(TEXT, "product family")
    price: int | None = column(MONEY, "list price", signed=False)
    currency: str | None = column(CURRENCY, "currency of the price")
    active: bool = column(FLAG, "still for sale", default=True)
    notice_days: int | None = days(
        "usual notice period of its contracts, in days before the end", came=6
    )


class Review(Record):
    """A review of an account on one day, kept as it was seen then."""

    account: Ref = ref("account", "account", required=True, stays=True)
    held_on: date = column(DAY, "day of the review", required=True, flag="on", past=True)
    health: int | None = column(PERCENT, "health of the account on that day")
    inputs: tuple[str, ...] = column(
        TEXT,
        "inputs of the health, as input=score",
        many=True,
        fixed=True,
        rows=("review_input", "input"),
    )
    rating: str | None = choice("your own rating", RATINGS)
    summary: str | None = column(LONG, "where the account stands")
    strengths: str | None = column(LONG, "what goes well", flag="strength")
    risks: str | None = column(LONG, "what could go wrong", flag="risk")
    opportunities: str | None = column(LONG, "what more you could sell or do", flag="opportunity")
    next_review: date | None = column(DAY, "day of the next review")


class Plan(Record):
    """The goals for an account, and how to reach them: at most one per account."""

    account: Ref = ref("account", "account", required=True, stays=True)
    needs: str | None = column(LONG, "what the account needs", flag="need")
    goals: str | None = column(LONG, "your goals for the account", flag="goal")
    challenges: str | None = column(LONG, "challenges in the way", flag="challenge")
    competitors: str | None = column(LONG, "competitors at the account", flag="competitor")
    strategy: str | None = column(LONG, "your strategy")


class Objective(Record):
    """A result that the plan of an account aims at, by a day."""

    account: Ref = ref("account", "account", required=True, stays=True)
    text: str = column(TEXT, "objective to reach", required=True)
    due: date | None = column(DAY, "due day")
    state: str = choice("state of the objective", OBJECTIVE_STATES, default="open")
    closed_on: date | None = column(DAY, "when it was met or dropped", past=True)
