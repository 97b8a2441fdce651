"""Seeded books to measure on: the same seed gives the same book, apart from ids and moments.

The records are written with the store's own bulk insert, so journal and search index are as full as
a user's would be.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from acctcli import model
from acctcli.config import CADENCE, STAGES
from acctcli.store import journal, records


class Size(NamedTuple):
    """How many records of each kind a book has."""

    accounts: int
    contacts: int
    logs: int
    deals: int
    tasks: int
    purchases: int


LARGE = Size(10_000, 30_000, 100_000, 20_000, 20_000, 20_000)
MEDIUM = Size(500, 1_500, 20_000, 2_000, 1_000, 1_500)
SMALL = Size(50, 150, 500, 100, 100, 100)

_FIRST = [
    "Ana",
    "Ben",
    "Chia",
    "Dov",
    "Eve",
    "Finn",
    "Gita",
    "Hugo",
    "Ines",
    "Jan",
    "Kim",
    "Lena",
    "Mei",
    "Noor",
    "Olga",
    "Pia",
    "Raj",
    "Sam",
]
_LAST = [
    "Abel",
    "Berg",
    "Chen",
    "Diaz",
    "Evans",
    "Fujita",
    "Gupta",
    "Huang",
    "Ito",
    "Jones",
    "Khan",
    "Lim",
    "Mori",
    "Nair",
    "Ong",
    "Park",
]
WORDS = [
    "pricing",
    "rollout",
    "renewal",
    "support",
    "pilot",
    "scope",
    "budget",
    "legal",
    "security",
    "training",
    "board",
    "migration",
    "data",
    "report",
    "contract",
    "discount",
    "quote",
    "timeline",
    "risk",
    "decision",
    "reference",
    "demo",
]
_INDUSTRIES = ("energy", "retail", "software", "medical", "finance", "telecom", "services")


def _term(chance: random.Random, today: date) -> dict[str, object]:
    """Return the fields that make a purchase a contract of a year, which ended or will end."""
    starts = today - timedelta(days=chance.randrange(1, 400))
    ends = starts + timedelta(days=364)
    days = {"starts_on": starts.isoformat(), "ends_on": ends.isoformat()}
    return {"recurring": "yearly", "purchased_on": starts.isoformat(), **days}


def make(path: Path, size: Size, today: date, seed: int = 1) -> None:
    """Write a book of this size that ends on `today`."""
    chance = random.Random(seed)
    with journal.writing(
        path,
        now=f"{today.isoformat()}T09:00:00Z",
        today=today.isoformat(),
        who="bench",
        typed="bench",
        create=True,
        notice=print,
    ) as tx:

        def add(kind: str, rows: list[dict[str, Any]]) -> list[str]:
            return records.insert_all(tx, kind, [(row, {}) for row in rows])

        def back(days: int) -> str:
            return (today - timedelta(days=chance.randrange(days))).isoformat()

        def part() -> dict[str, str]:
            return {
                "role": chance.choice(model.ROLES),
                "influence": chance.choice(model.LEVELS),
                "stance": chance.choice(model.STANCES),
            }

        def sentence() -> str:
            return " ".join(chance.choices(WORDS, k=6))

        rows = [
            {
                "name": f"{chance.choice(_LAST)} {chance.choice(WORDS)} {n:05d}",
                "kind": "company",
                "status": chance.choice(model.STATUSES[1:3]),
                # As in a real book: most accounts have no cadence of their own.
                "tier": chance.choice(tuple(CADENCE)) if chance.random() < 0.25 else None,
                "industry": chance.choice(_INDUSTRIES),
                "country": chance.choice(("SG", "DE", "US", "JP")),
            }
            for n in range(size.accounts)
        ]
        accounts = add("account", rows)
        owners = [chance.choice(accounts) for _ in range(size.contacts)]
        contacts = add(
            "contact",
            [
                {
                    "name": f"{chance.choice(_FIRST)} {chance.choice(_LAST)} {n:05d}",
                    "account": account,
                    # Most people in a large book have nothing but their contact details.
                    **(part() if chance.random() < 0.3 else {}),
                    "emails": (f"p{n}@example.org",),
                    "primary": False,
                    "do_not_contact": False,
                }
                for n, account in enumerate(owners)
            ],
        )
        people: dict[str, list[str]] = {}
        for contact, account in zip(contacts, owners, strict=True):
            people.setdefault(account, []).append(contact)
        logs = []
        for _ in range(size.logs):
            account = chance.choice(accounts)
            known = people.get(account)
            logs.append(
                {
                    "account": account,
                    "kind": chance.choice(("call", "email", "meeting", "note")),
                    "direction": chance.choice(("in", "out")),
                    "at": f"{back(700)}T10:00:00Z",
                    "summary": sentence(),
                    "contacts": (chance.choice(known),) if known else (),
                }
            )
        add("log", logs)
        deals = []
        for n in range(size.deals):
            # Deals of several years: most of them are closed.
            open_now = chance.random() < 0.15
            stage = chance.choice(STAGES[:-2] if open_now else STAGES[-2:])
            opened = today - timedelta(days=chance.randrange(30, 500))
            closed = opened + timedelta(days=chance.randrange(5, 30))
            ahead = today + timedelta(days=chance.randrange(-20, 150))
            deals.append(
                {
                    "account": chance.choice(accounts),
                    "title": f"Deal {n:05d}",
                    "stage": stage.name,
                    "probability": stage.probability,
                    "category": stage.category,
                    "amount": chance.randrange(1, 200) * 100_000,
                    "currency": "SGD",
                    "opened_on": opened.isoformat(),
                    "closed_on": None if stage.open else closed.isoformat(),
                    "close_date": (ahead if stage.open else closed).isoformat(),
                }
            )
        add("deal", deals)
        add(
            "task",
            [
                {
                    "account": chance.choice(accounts),
                    "text": sentence(),
                    "due": (today + timedelta(days=chance.randrange(-5, 60))).isoformat(),
                    "owed_by": chance.choice(model.OWERS),
                    "done_at": f"{back(30)}T10:00:00Z" if chance.random() < 0.85 else None,
                }
                for _ in range(size.tasks)
            ],
        )
        add(
            "purchase",
            [
                {
                    "account": chance.choice(accounts),
                    "amount": chance.randrange(1, 90) * 10_000,
                    "currency": "SGD",
                    "purchased_on": back(700),
                    "recurring": "none",
                    "reconciled": False,
                    **(_term(chance, today) if place % 3 == 0 else {}),
                }
                for place in range(size.purchases)
            ],
        )
        # However many accounts there are, one seller holds four reviews a day for a quarter.
        reviewed = chance.sample(accounts, k=min(250, size.accounts // 2))
        add(
            "review",
            [
                {
                    "account": account,
                    "held_on": back(90),
                    "health": chance.randrange(40, 95),
                    "rating": chance.choice(model.RATINGS),
                    "summary": sentence(),
                }
                for account in reviewed
            ],
        )
