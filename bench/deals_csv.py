"""A pipeline export of the usual untidy form, as large as the real one in the docs.

8,800 deals of 85 accounts: dates as M/D/YYYY, foreign stages, the ids of another system. Seeded, so
that every run imports the same file.
"""

from __future__ import annotations

import csv
import random
from datetime import date, timedelta
from pathlib import Path

COUNT = 8_800


def write(folder: Path, count: int = COUNT, seed: int = 1) -> None:
    """Write accounts.csv, products.csv and deals.csv (of `count` deals) into the folder."""
    chance = random.Random(seed)
    accounts = [f"Account {n:03d}" for n in range(85)]
    products = [f"Product {n}" for n in range(7)]
    _table(folder / "accounts.csv", ["name", "industry"], [[a, "retail"] for a in accounts])
    _table(folder / "products.csv", ["name", "price"], [[p, "100"] for p in products])
    rows = []
    for n in range(count):
        opened = date(2016, 10, 20) + timedelta(days=chance.randrange(400))
        closed = opened + timedelta(days=chance.randrange(1, 120))
        stage = chance.choice(("Won", "Lost", "Prospecting", "Proposal"))
        done = stage in ("Won", "Lost")
        rows.append(
            [
                f"OPP{n:05d}",
                f"Agent {chance.randrange(30)}",
                chance.choice(products),
                chance.choice(accounts),
                stage,
                _american(opened),
                _american(closed) if done else "",
                str(chance.randrange(10, 5000)) if done else "",
            ]
        )
    header = ["opportunity_id", "sales_agent", "product", "account", "deal_stage"]
    _table(folder / "deals.csv", [*header, "engage_date", "close_date", "close_value"], rows)


def _american(day: date) -> str:
    return f"{day.month}/{day.day}/{day.year}"


def _table(path: Path, header: list[str], rows: list[list[str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])
