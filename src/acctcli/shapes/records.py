"""Records as parts of pages: the fields that pages read.

A record has all fields of its kind, and custom fields. An invalid stored value
(`values.fields.Unreadable`) is a string in JSON, whatever its type here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict


class AccountHeadJson(TypedDict):
    """The head of every page about one account."""

    id: str
    number: str
    name: str
    tier: str | None
    status: str


class AccountJson(AccountHeadJson):
    """An account."""

    kind: str
    parent: str | None
    industry: str | None
    owner: str | None
    source: str | None
    description: str | None
    website: str | None
    other_websites: Sequence[str]
    phone: str | None
    other_phones: Sequence[str]
    aliases: Sequence[str]
    tags: Sequence[str]
    links: Sequence[str]
    street: str | None
    postal_code: str | None
    city: str | None
    region: str | None
    country: str | None
    employees: int | None
    annual_revenue: str | None
    currency: str | None
    cadence_days: int | None
    snoozed_until: str | None
    archived_at: str | None


class ContactJson(TypedDict):
    """A person."""

    id: str
    name: str
    title: str | None
    role: str | None
    influence: str | None
    stance: str | None
    primary: bool
    do_not_contact: bool
    reports_to_id: str | None


class WholeContactJson(ContactJson):
    """A person with all fields that their own page shows."""

    aliases: Sequence[str]
    account: str | None
    department: str | None
    emails: Sequence[str]
    phones: Sequence[str]
    linkedin: str | None
    profiles: Sequence[str]
    birthday: str | None
    reports_to: str | None
    notes: str | None
    since: str | None
    tags: Sequence[str]


class LogJson(TypedDict):
    """An interaction."""

    id: str
    at: str
    kind: str
    direction: str | None
    summary: str
    contacts: Sequence[str]


class WholeLogJson(LogJson):
    """An interaction with all fields that its own page shows."""

    account: str
    body: str | None
    deal: str | None
    campaign: str | None
    duration: int | None
    outcome: str | None
    attempt: bool
    score: int | None
    scale: str | None
    resolved_at: str | None


class TaskJson(TypedDict):
    """A task: ours, or what they owe us."""

    id: str
    text: str
    due: str | None
    at: str | None
    duration: int | None
    place: str | None
    owed_by: str
    done_at: str | None
    contact: str | None
    deal_id: str | None
    playbook: str | None


class DealJson(TypedDict):
    """A deal."""

    id: str
    title: str
    stage: str
    amount: str | None
    currency: str | None
    probability: str | None
    close_date: str | None


class WholeDealJson(DealJson):
    """A deal with the fields that pages about deals show."""

    account: str | None
    category: str | None
    type: str | None
    product: str | None
    owner: str | None
    source: str | None
    campaign: str | None
    competitor: str | None
    opened_on: str | None
    closed_on: str | None
    lost_reason: str | None
    tags: Sequence[str]
    links: Sequence[str]


class ItemJson(TypedDict):
    """An item of a deal."""

    id: str
    product: str | None
    quantity: str | int | None
    unit_price: str | None
    currency: str | None
    discount: str | None


class PurchaseJson(TypedDict):
    """A purchase."""

    id: str
    account: str | None
    product: str | None
    amount: str | None
    currency: str | None
    purchased_on: str
    ends_on: str | None


class WholePurchaseJson(PurchaseJson):
    """A purchase with all fields that its own page shows."""

    deal: str | None
    quantity: str | None
    payment: str | None
    starts_on: str | None
    recurring: str
    renews: str | None
    notice_days: int | None
    auto_renews: bool
    standalone: bool
    lapsed_ok: bool
    reconciled: bool
    invoice: str | None
    paid_on: str | None
    paid_ref: str | None


class ProductJson(TypedDict):
    """A product."""

    id: str
    name: str
    family: str | None
    price: str | None
    currency: str | None
    active: bool
    notice_days: int | None


class TotalJson(TypedDict):
    """A sum in one currency."""

    currency: str
    amount: str


class ReviewJson(TypedDict):
    """A review of an account."""

    id: str
    account: str
    held_on: str
    rating: str | None
    health: int | None
    summary: str | None
    strengths: str | None
    risks: str | None
    opportunities: str | None
    next_review: str | None


class ObjectiveJson(TypedDict):
    """An objective of a plan."""

    id: str
    text: str
    due: str | None
    state: str
    closed_on: str | None


class QuoteJson(TypedDict):
    """A quote."""

    id: str
    number: str
    version: int
    deal: str | None
    deal_id: str
    account: str | None
    title: str
    status: str
    contact: str | None
    valid_until: str | None
    sent_on: str | None
    answered_on: str | None
    reason: str | None
    net: str | None
    tax: str | None
    gross: str | None
    currency: str | None
    recipient: str | None
    sender: str | None
    intro: str | None
    terms: str | None


class QuoteLineJson(TypedDict):
    """A line of a quote."""

    id: str
    position: int
    product: str | None
    text: str
    quantity: str | int | None
    unit_price: str | None
    currency: str | None
    discount: str | None
    tax_rate: str | None
    starts_on: str | None
    ends_on: str | None
    recurring: str


class CampaignJson(TypedDict):
    """A campaign."""

    id: str
    name: str
    source: str | None
    starts_on: str | None
    ends_on: str | None
    notes: str | None
