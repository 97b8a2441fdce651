"""Kinds of records, and everything that follows from a kind.

Ownership, identity, lookup, search: other modules read these declarations instead of keeping tables
by kind.
"""

from __future__ import annotations

from acctcli.frozen import Frozen
from acctcli.model.campaigns import Campaign, CampaignMember
from acctcli.model.field import Field, Record
from acctcli.model.keeping import Commitment, DistinctAccount, DistinctContact, Segment, Setting
from acctcli.model.nouns import (
    Account,
    Affiliation,
    Contact,
    Deal,
    DealChange,
    DealContact,
    Item,
    Log,
    Objective,
    Plan,
    Product,
    Purchase,
    Review,
    Task,
)
from acctcli.model.playbooks import PlaybookRun
from acctcli.model.quoting import Quote, QuoteLine


class Kind(Frozen):
    """A noun: its class, its names, and the columns that a table shows."""

    name: str  # also its table, and its command group
    plural: str
    record: type[Record]
    title: str  # the field that names a record for people
    table: tuple[str, ...]  # columns of a list on a terminal and in TSV
    order: str  # the default order of a list, as in --sort
    keyed: bool = False  # found by name: `name_key` has the comparable form of its title
    part_of: str = ""  # the kind whose records own records of this one
    fact: tuple[str, ...] = ()  # only one record exists for their values: its id is made from them
    either: tuple[str, ...] = ()  # of these fields of the fact, the id is made from the first set
    identity: tuple[str, ...] = ()  # the fields that identify a record without an id
    indexed: int = 1  # how many of these, from the first on, an index needs to find few records
    unique: bool = False  # no two records have the same identity …
    namesakes: bool = False  # … unless the user says that they are different
    to_do: tuple[str, str | None] | None = None  # a field, and its value in open records
    beside: tuple[str, ...] = ()  # the fields that completion shows to distinguish records
    searched: tuple[str, ...] = ()  # what a search reads; the first is the title of a hit
    further: tuple[tuple[str, str], ...] = ()  # fields, and the lists of their further values
    together: tuple[tuple[str, ...], ...] = ()  # fields that only make sense together
    notes: str = ""  # the text that keeps values without a field, as after a merge
    example: str = "updated_at > -1w"  # filters that the help of a list shows
    shared: bool = False  # many records have one title, which means all of them in a filter
    first: str = ""  # the command that adds a record, where it is not `acct KIND add`
    words: tuple[str, str] = ("", "")  # for one and several records, where the names will not do

    @property
    def one(self) -> str:
        """The word for a record in a sentence: `interaction`."""
        return self.words[0] or self.name.replace("_", " ")

    @property
    def several(self) -> str:
        """The word for several records in a sentence: `interactions`."""
        return self.words[1] or self.plural.replace("_", " ")

    @property
    def starts_with(self) -> str:
        """The command that adds the first record of the kind."""
        return self.first or f"acct {self.name} add"

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
        further=(("name", "aliases"), ("website", "other_websites"), ("phone", "other_phones")),
        together=(("annual_revenue", "currency"),),
        example="tier in (key, strategic) and not tag = expo",
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
        further=(("name", "aliases"), ("linkedin", "profiles")),
        together=(("account", "title", "department", "role", "since", "primary"),),
        example="role = champion and last_touch < -30d",
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
        words=("link to an account", "links to accounts"),
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
        together=(("score", "scale"),),
        example="kind in (call, meeting) and at > -2w",
        first="acct log call",
        words=("interaction", "interactions"),
    ),
    Kind(
        "task",
        "tasks",
        Task,
        "text",
        ("id", "due", "account", "text", "owed_by"),
        "due,at",
        keyed=True,
        identity=("account", "text", "due"),
        to_do=("done_at", None),
        beside=("account",),
        searched=("text", "place"),
        together=(("done_at", "every", "due", "first_due", "at"),),
        example="due < today and owed_by = them",
    ),
    Kind(
        "deal",
        "deals",
        Deal,
        "title",
        ("id", "account", "title", "stage", "amount", "currency", "closes", "probability"),
        "closes",
        keyed=True,
        identity=("title", "account"),
        beside=("account",),
        searched=("title", "competitor", "lost_reason", "source", "owner"),
        together=(
            ("stage", "probability", "category", "closed_on", "lost_reason"),
            ("amount", "currency"),
        ),
        example="amount > 10k and close_date <= eoq",
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
        together=(("quantity", "unit_price", "currency", "discount"),),
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
        unique=True,
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
        together=(
            ("quantity", "amount", "currency", "tax_rate"),
            ("starts_on", "ends_on", "recurring", "auto_renews"),
            ("paid_on", "paid_ref"),
        ),
        example="ends_on < 90d and recurring != none",
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
        together=(("price", "currency"),),
        example="family = support and active = yes",
    ),
    Kind(
        "quote",
        "quotes",
        Quote,
        "number",
        ("number", "account", "title", "status", "gross", "currency", "valid_until"),
        "-created_at",
        keyed=True,
        identity=("number",),
        beside=("account", "title"),
        searched=("number", "title", "reason", "recipient", "intro", "terms"),
        together=(
            ("net", "tax", "gross", "currency"),
            ("status", "sent_on", "answered_on", "reason"),
        ),
        example="status = sent and valid_until < 7d",
        first="acct deal quote",
    ),
    Kind(
        "quote_line",
        "quote_lines",
        QuoteLine,
        "text",
        ("id", "text", "quantity", "unit_price", "currency", "discount", "tax_rate"),
        "position,id",
        part_of="quote",
        identity=("quote", "position", "text"),
        together=(
            ("quantity", "unit_price", "currency", "discount", "tax_rate"),
            ("starts_on", "ends_on", "recurring"),
        ),
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
        together=(("health", "rating"),),
        example="rating = red and held_on > -1y",
        first="acct review run",
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
        together=(("state", "closed_on"),),
    ),
    Kind(
        "segment",
        "segments",
        Segment,
        "name",
        ("name", "kind", "filters"),
        "name",
        keyed=True,
        identity=("name", "kind"),
        unique=True,
        beside=("filters",),
    ),
    Kind(
        "commitment",
        "commitments",
        Commitment,
        "week",
        ("week", "starts_on", "ends_on", "owner", "amount", "currency", "expected"),
        "week",
        identity=("week", "starts_on", "ends_on", "owner"),
        unique=True,
        together=(("amount", "currency", "expected"),),
    ),
    Kind(
        "campaign",
        "campaigns",
        Campaign,
        "name",
        ("id", "name", "source", "starts_on", "ends_on", "members"),
        "-starts_on,name",
        keyed=True,
        identity=("name",),
        unique=True,
        namesakes=True,
        beside=("starts_on",),
        searched=("name", "source", "notes"),
        notes="notes",
        example="starts_on >= -3m and source = webinar",
    ),
    Kind(
        "campaign_member",
        "campaign_members",
        CampaignMember,
        "campaign",
        ("id", "contact", "account", "state", "joined_on"),
        "joined_on,id",
        part_of="campaign",
        fact=("campaign", "contact", "account"),
        either=("contact", "account"),
        identity=("campaign", "contact", "account"),
    ),
    Kind(
        "playbook_run",
        "playbook_runs",
        PlaybookRun,
        "playbook",
        ("playbook", "account", "deal", "started_on", "stopped_on"),
        "started_on",
        identity=("playbook", "account", "deal", "purchase"),
        shared=True,
        words=("run of a playbook", "runs of playbooks"),
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
    if field.rows and not field.derived
}
"""The tables of list items, one item per row, with their kind and field.

Derived lists are left out: their items are records of a kind of their own.
"""


def adopted(kind: str, version: int = 0) -> dict[str, Field]:
    """Return the fields of a kind that came with a version of the schema, or any after the first.

    Users may have had a custom field of that name before.
    """
    return {
        name: field
        for name, field in KINDS[kind].fields.items()
        if field.came > 1 and version in (0, field.came)
    }


NOUNS = ("account", "contact", "log", "task", "deal", "purchase", "product", "review")
"""The kinds with commands, imports and exports, parents before children."""

EXCHANGED = (*NOUNS, "campaign", "campaign_member")
"""The kinds of which one file can be imported or exported."""

SUBJECTS = (*NOUNS, "quote", "campaign", "plan", "objective")
"""The kinds that a search and the history can be limited to."""
