"""Command lines at random, of all nouns and about records that are there.

The words are drawn from the declarations of `model`: a new field needs no change here. Some lines
are refused, as in life.
"""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path
from typing import Any

from acctcli import model
from acctcli.config import CADENCE, STAGES
from acctcli.model import KINDS, NOUNS, Field

WORDS = ("Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Ginkgo", "Hazel", "Iris", "Juniper")
ODD = ("O'Neil & Söhne", "日本商事", "x" * 200, "a; b", "=1+1", "[red]x", "-dash", "two\nlines", "")

BY_TYPE: dict[str, tuple[str, ...]] = {
    model.LONG: ("a line", "two\nlines", "=cmd", ""),
    model.INTEGER: ("0", "7", "1,200", "9223372036854775807", "99999999999999999999", "x"),
    model.NUMBER: ("1", "2.5", "0", "-1"),
    model.PERCENT: ("0", "50", "100", "101"),
    model.MONEY: ("100", "1.5k", "SGD 20", "EUR 3", "JPY 700", "-5", "0", "1e9"),
    model.CURRENCY: ("SGD", "JPY", "KWD", "XXQ", ""),
    model.COUNTRY: ("SG", "germany", "ZZ", ""),
    model.DAY: ("today", "tomorrow", "2026-01-31", "2028-02-29", "2w", "soon", ""),
    model.MOMENT: ("now", "yesterday 9am", "2026-11-20 10:00", "2030-01-01"),
    model.FLAG: ("yes", "no"),
    model.TIER: (*CADENCE, "gold", ""),
    model.STAGE: (*(stage.name for stage in STAGES), "nowhere"),
    model.EMAIL: ("a@x.com", "b@x.com", "c@y.org", "a@x.com; d@y.org", "no", ""),
    model.PHONE: ("+6561234567", "+4930123456", "12", ""),
    model.WEBSITE: ("x.com", "y.org", "https://z.net/a", "no", ""),
    model.LINKEDIN: ("in-one", "https://www.linkedin.com/in/two", ""),
    model.MINUTES: ("30m", "2h", "x"),
    model.EVERY: ("1w", "1m", "2y", "0d", ""),
}


class Typist:
    """Draws command lines about the records of a book."""

    def __init__(self, book: Path, chance: random.Random) -> None:
        self.book = book
        self.random = chance

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Query the book, independently of the program."""
        con = sqlite3.connect(self.book)
        try:
            return con.execute(sql).fetchall()
        finally:
            con.close()

    def some(self, *options: str) -> str:
        return self.random.choice(options)

    def name(self) -> str:
        if self.random.random() < 0.12:
            return self.random.choice(ODD)
        return f"{self.random.choice(WORDS)} {self.random.choice(WORDS)}"

    def record(self, kind: str) -> str:
        """Return a record of a kind: its id, a tail of it, its name, or something unknown."""
        title = (
            KINDS[kind].title if kind in ("account", "contact", "product", "deal", "task") else "id"
        )
        found = self.rows(f'SELECT id, {title} FROM "{kind}" ORDER BY id')
        if not found or self.random.random() < 0.04:
            return self.some("nobody", "a", "ffff", "A-0001", "a@x.com")
        id, name = self.random.choice(found)
        return self.some(id, id[-6:], id[-4:], str(name))

    def value(self, kind: str, field: Field) -> str:
        if field.type == model.REF:
            return self.record(field.target)
        if field.type == model.CHOICE:
            return self.some(*field.choices, "unheard-of")
        if field.type in BY_TYPE:
            return self.some(*BY_TYPE[field.type])
        return self.name()

    def options(self, kind: str, *skip: str, most: int = 3) -> list[str]:
        """Return some fields of a kind as options, now and then as `--set`."""
        fields = [f for n, f in KINDS[kind].fields.items() if not (f.fixed or n in skip)]
        words: list[str] = []
        for field in self.random.sample(fields, k=min(self.random.randint(0, most), len(fields))):
            value = self.value(kind, field)
            if self.random.random() < 0.15:
                words += ["--set", f"{field.name}={value}"]
            elif field.type == model.FLAG:
                flag = field.options[0]
                words.append(flag if value == "yes" else flag.replace("--", "--no-", 1))
            else:
                words += [field.options[0], value]
        return words

    def several(self, kind: str) -> list[str]:
        return [self.record(kind) for _ in range(self.random.choice((1, 1, 1, 2)))]

    def add(self) -> list[str]:
        kind = self.random.choice(NOUNS)
        twin = ["--duplicate"] * (self.random.random() < 0.3)
        match kind:
            case "account" | "contact" | "product":
                return [kind, "add", self.name(), *self.options(kind, "name"), *twin]
            case "log":
                words = [
                    "log",
                    "add",
                    "--kind",
                    self.some(*model.LOG_KINDS),
                    self.record("account"),
                ]
                words += [self.name(), *self.options("log", "account", "kind", "summary")]
                return words + ["--next", "Call back", "--due", "fri"] * (
                    self.random.random() < 0.3
                )
            case "task":
                rest = self.options(
                    "task", "account", "text", "done_at", "first_due", "log", "review"
                )
                return ["task", "add", self.record("account"), self.name(), *rest]
            case "deal":
                rest = self.options("deal", "account", "title", most=4)
                return ["deal", "add", self.record("account"), self.name(), *rest]
            case "purchase":
                amount = self.some(*BY_TYPE[model.MONEY])
                rest = self.options("purchase", "account", "amount")
                return ["purchase", "add", *rest, "--", self.record("account"), amount]
            case _:
                words = ["review", "run", self.record("account"), "--summary", "Fine"]
                rest = self.options("review", "account", "summary", "health")
                return [*words, *rest, "--action", "Look::fri"]

    def edit(self) -> list[str]:
        kind = self.random.choice(NOUNS)
        hidden = {"task": ("done_at", "first_due", "log", "review"), "review": ("account",)}
        words = [kind, "edit", *self.several(kind), *self.options(kind, *hidden.get(kind, ()))]
        many = [f for f in KINDS[kind].fields.values() if f.many and not f.fixed]
        if many and self.random.random() < 0.3:
            field = self.random.choice(many)
            flag = field.item_options(self.some("add", "remove"))[0]
            words += [flag, self.value(kind, field)]
        return words

    def move(self) -> list[str]:
        """Return commands that change more than a field."""
        account, person, deal = (self.record(k) for k in ("account", "contact", "deal"))
        reason = ["--reason", "Price"] * (self.random.random() < 0.7)
        stage = self.some(*BY_TYPE[model.STAGE])
        day = self.some(*BY_TYPE[model.DAY])
        choices: list[list[str]] = [
            ["task", "done", *self.several("task")],
            ["task", "done", self.record("task"), "--at", self.some(*BY_TYPE[model.MOMENT])],
            ["task", "reopen", *self.several("task")],
            ["task", "snooze", self.record("task"), day],
            ["deal", "move", *self.several("deal"), stage, *reason],
            ["deal", "win", *self.several("deal")],
            ["deal", "lose", deal, "--reason", "Price", "--on", day],
            ["deal", "reopen", *self.several("deal")],
            [
                "deal",
                "item",
                deal,
                "--add",
                self.record("product"),
                *self.options("item", "product", "deal"),
            ],
            ["deal", "item", deal, "--sum"],
            ["deal", "item", deal, "--remove", self.record("product")],
            ["deal", "contact", deal, person, "--role", self.some(*model.ROLES)],
            ["deal", "contact", deal, person, person, "--remove"],
            ["contact", "move", person, "--to", account, "--on", day],
            ["contact", "link", person, "--account", account, "--from", day],
            ["contact", "unlink", person, "--account", account],
            ["contact", "unlink", person, "--account", account, "--forget"],
            ["account", "tag", *self.several("account"), "--add", "x,y", "--remove", "z"],
            ["account", "archive", account],
            ["account", "archive", account, "--undo"],
            ["account", "qualify", account, "--as", "customer", "--anyway"],
            ["account", "plan", account, "--goal", self.name(), "--objective", "Reach::2w"],
            ["account", "plan", account, "--met", "Reach"],
            ["account", "plan", account, "--drop", "Reach"],
            ["account", "list", "--tier", "key", "--save", self.some("one", "two")],
            ["account", "segments", "--delete", self.some("one", "two")],
            ["playbook", "add", "--example", self.some("renewal", "stalled-deal")],
            ["playbook", "run", "onboarding", self.some(account, deal)],
            ["playbook", "run", "onboarding", self.some(account, deal), "--again"],
            ["playbook", "run", "--due"],
            ["playbook", "stop", "onboarding", self.some(account, deal), "--yes"],
            ["campaign", "add", self.some("Push", "Visit"), account, person],
            ["campaign", "member", "Push", self.some(account, person)],
            ["campaign", "member", "Push", person, "--state", self.some("replied", "auto")],
            ["campaign", "member", "Push", account, "--remove"],
            ["campaign", "log", "Push", self.some(account, person), "email", "Sent"],
            ["deal", "edit", deal, "--campaign", "Push"],
            ["campaign", "delete", "Push", "--yes"],
            ["account", "merge", account, self.record("account"), "--yes"],
            ["contact", "merge", person, self.record("contact"), "--yes"],
        ]
        return self.random.choice(choices)

    def delete(self) -> list[str]:
        kind = self.random.choice(NOUNS)
        return [kind, "delete", self.record(kind), "--yes"]

    def look(self) -> list[str]:
        """Return commands that only read."""
        account = self.record("account")
        choices: list[list[str]] = [
            ["today"],
            ["account", "show", account],
            ["account", "timeline", account],
            ["account", "timeline", "--group", account],
            ["account", "tree"],
            ["today", "--group", account],
            ["contact", "show", self.record("contact")],
            ["contact", "map", account],
            ["deal", "show", self.record("deal")],
            ["deal", "board"],
            ["deal", "forecast"],
            ["campaign", "show", "Push"],
            ["campaign", "report"],
            ["playbook", "list"],
            ["playbook", "show", "onboarding"],
            ["review", "health"],
            ["review", "brief", account],
            ["report", self.some("pipeline", "activity", "retention", "quality", "performance")],
            ["history", account],
            ["search", self.name() or "x"],
            [self.random.choice(NOUNS), "list", "-f", self.some("json", "csv", "table", "md")],
        ]
        return self.random.choice(choices)

    def quote(self) -> list[str]:
        """Return commands on quotes, which have numbers of their own."""
        quote, deal = self.record("quote"), self.record("deal")
        choices: list[list[str]] = [
            ["deal", "quote", deal, "--valid", self.some("30d", "2026-12-31"), "--tax", "9"],
            ["deal", "quote", deal, "--copy"],
            ["quote", "edit", quote, "--terms", self.name()],
            ["quote", "line", quote, "--add", self.name(), "--unit-price", "50"],
            ["quote", "line", quote, "1", "--discount", self.some("5", "10")],
            ["quote", "line", quote, "1", "--quantity", self.some("2", "3")],
            ["quote", "send", quote],
            ["quote", "accept", quote],
            ["quote", "decline", quote, "--reason", "Price"],
            ["quote", "delete", quote, "--yes"],
        ]
        return self.random.choice(choices)

    def change(self) -> list[str]:
        """Return commands that change settings, lists of a record, and what is the same."""
        account, other = self.record("account"), self.record("account")
        person = self.record("contact")
        choices: list[list[str]] = [
            ["config", "set", self.some("cadence.key", "cadence.growth"), self.some("14", "28")],
            ["config", "set", "rates.EUR", self.some("1.1", "1.2")],
            ["config", "set", "today.closing_days", self.some("7", "21")],
            ["config", "unset", self.some("cadence.key", "rates.EUR", "today.closing_days")],
            ["account", "edit", account, "--add-alias", self.some("AB", "CD", "EF")],
            ["account", "edit", account, "--remove-alias", self.some("AB", "CD", "EF")],
            ["account", "edit", account, "--add-link", "Plan https://plan.example/1"],
            ["account", "dupes", "--not-same", account, other],
            ["contact", "dupes", "--not-same", person, self.record("contact")],
            ["account", "edit", account, "--parent", other],
            ["contact", "edit", person, "--reports-to", self.record("contact")],
            ["contact", "edit", person, "--primary"],
            ["contact", "edit", person, "--account", account],
            ["deal", "edit", self.record("deal"), "--account", account],
            ["account", "plan", account, "--need", self.name(), "--strategy", self.name()],
            ["account", "handover", account, "--to", self.some("Ann", "Ben")],
            ["account", "snooze", account, self.some("1w", "2w")],
            ["purchase", "renew", self.record("purchase")],
            ["task", "edit", self.record("task"), "--every", "2w", "--due", "2026-12-01"],
        ]
        return self.random.choice(choices)

    def bring(self, file: Path) -> list[str]:
        """Write a file of another system, with ids of its own, and return its import."""
        rows = [
            f"X{n},{WORDS[n]} Works,{self.some('Rome', 'Oslo', 'Bonn')}\n"
            for n in self.random.sample(range(len(WORDS)), k=3)
        ]
        text = "".join(("ref,name,city\n", *rows))
        file.write_text(text, encoding="utf-8")
        return ["import", str(file), "--as", "account", "--key", "ref", "--duplicate"]
