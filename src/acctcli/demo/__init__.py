"""The sample book: an invented seller's accounts, as the CSV files of `acct demo`.

It is imported like anybody's spreadsheet, so it shows the import as well as the screens. Every day
in it is written relative to the day of loading (`-19d`, `3w`, `-2d 14:30`): the promise that is two
days late today is two days late whenever the book is loaded. People and companies are invented,
addresses end in `.example`. No code belongs here, and no calendar date into the files.
"""

from __future__ import annotations

from collections.abc import Mapping

FILES = (
    ("account", "accounts.csv"),
    ("product", "products.csv"),
    ("contact", "contacts.csv"),
    ("campaign", "campaigns.csv"),
    ("campaign_member", "campaign_members.csv"),
    ("deal", "deals.csv"),
    ("purchase", "purchases.csv"),
    ("log", "logs.csv"),
    ("task", "tasks.csv"),
    ("review", "reviews.csv"),
    ("plan", "plans.csv"),
    ("objective", "objectives.csv"),
)
"""Kind and file name, in an order in which every reference finds its record."""

SETTINGS: Mapping[str, Mapping[str, str | float]] = {
    "rates": {"base": "SGD", "EUR": 1.5, "JPY": 0.0088, "USD": 1.3},
    "quota": {"currency": "SGD", "total": "300k"},
}
"""The settings of the sample book: rates for one line over its currencies, and a quota."""
