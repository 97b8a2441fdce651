"""Turn messages into rows of an import: which accounts each belongs to, and what is left out.

A message becomes an interaction at each account whose people sent or received it. An incoming one
belongs to its sender's account only, because nobody at the others wrote to us.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from datetime import datetime
from functools import cache
from hashlib import blake2b
from typing import NamedTuple

from acctcli import ids, text
from acctcli.book.imports.attendees import AddressBook
from acctcli.cellforms import name_in_address
from acctcli.errors import AcctError
from acctcli.interop import mailtext
from acctcli.interop.mailmessage import Correspondent, MailMessage
from acctcli.interop.rows import BadRow, FileRow
from acctcli.model import EMAIL
from acctcli.store.messages import KEY, KeptMessage, foreign_id
from acctcli.values import addresses, identity
from acctcli.values.dates import FIRST_MOMENT, Clock, day_of, iso
from acctcli.values.person_names import BEHIND_A_COMMA

COLUMNS = (
    *(KEY, "kind", "direction", "at", "summary", "body"),
    *("account_id", "contact_ids", "deal_id"),
)
"""The columns of the rows that messages become, named as in an export of ours."""

NO_SUBJECT = "(no subject)"

AMONG_US = "message among your own addresses"
NOBODY = "message without a sender or recipient"

_MOST_NAMES = 100_000  # addresses whose names are remembered


class Made(NamedTuple):
    """A record that is added because a message names it."""

    id: str
    address: str
    account_id: str


Holder = tuple[str | None, str | None]
"""The account and the contact that an address belongs to."""

Whose = Callable[[Correspondent], Holder]


class Gathered:
    """What was found in one file of mail, beside its rows."""

    def __init__(self) -> None:
        self.left_out: Counter[str] = Counter()
        self.repeated = 0
        self.other_content = 0
        self.strangers: Counter[str] = Counter()
        self.newcomers: Counter[str] = Counter()
        self.by_received = 0
        self.cut = 0
        self.markup_lost = 0
        self.with_deal = 0
        self.deleted = 0
        self.matched = 0


class Correspondence:
    """Turns the messages of one import into rows; a message counts once in all of its files."""

    def __init__(
        self,
        book: AddressBook,
        kept: Mapping[str, Sequence[KeptMessage]],
        deleted: Set[str],
        clock: Clock,
        *,
        create_accounts: bool,
        create_contacts: bool,
        has_date: bool,
    ) -> None:
        self._book = book
        self._kept = kept
        self._deleted = deleted
        self._now = clock.now
        self._today = clock.today.isoformat()
        self._create_accounts = create_accounts
        self._create_contacts = create_contacts
        self._has_date = has_date
        self._seen: dict[bytes, bytes] = {}
        self.names: dict[str, str] = {}
        self.people: dict[str, Made] = {}
        self.accounts: dict[str, Made] = {}

    def rows(
        self, number: int, message: MailMessage, gathered: Gathered
    ) -> Iterator[FileRow | BadRow]:
        """Yield the rows of a message: one for each account that it belongs to."""
        if message.automatic:
            gathered.left_out[message.automatic] += 1
            return
        if self._repeats(message, gathered):
            return
        sender = _stored(message.sender)
        recipients = [_stored(one) for one in message.recipients]
        if not sender.address or not recipients:
            gathered.left_out[NOBODY] += 1
            return
        outgoing = self._book.is_ours(sender.address)
        others = [one for one in recipients if not self._book.is_ours(one.address)]
        if outgoing and not others:
            gathered.left_out[AMONG_US] += 1
            return
        at = self._moment(message, gathered)
        day = day_of(at).isoformat() if at else self._today

        @cache
        def whose(person: Correspondent) -> Holder:
            return self._whose(person, day)

        found = self._outgoing(others, whose) if outgoing else self._incoming(sender, others, whose)
        self._count_strangers(others if outgoing else [sender], whose, gathered)
        if not found:
            return
        self._count_newcomers(others if outgoing else [sender, *others], whose, gathered)
        gathered.matched += 1
        undated = at is None and not self._has_date
        written: dict[str, object] | None = None
        for account, contacts in found.items():
            row: dict[str, object] = {"contact_ids": "; ".join(contacts)}
            there = self._there(message, account, found)
            if there is None and foreign_id(message.id, account) in self._deleted:
                gathered.deleted += 1
                continue
            if there is None:
                written = written or self._written(message, at, gathered)
                deal = self._deal_of_thread(message, account)
                gathered.with_deal += bool(deal)
                row |= written
                row |= {
                    "direction": "out" if outgoing else "in",
                    "account_id": account,
                    "deal_id": deal or "",
                }
            row[KEY] = foreign_id(message.id, there.made_for if there else account)
            if undated and there is None:
                cells = [str(row.get(column, "")) for column in COLUMNS]
                yield BadRow(number, _no_date(message), cells, None)
            else:
                yield FileRow(number, row)

    # Whose it is

    def _outgoing(self, others: Sequence[Correspondent], whose: Whose) -> dict[str, list[str]]:
        """Return the accounts of the recipients, each with its contacts."""
        found: dict[str, list[str]] = {}
        for person in others:
            account, contact = whose(person)
            if account:
                contacts = found.setdefault(account, [])
                contacts += [contact] if contact and contact not in contacts else []
        return found

    def _incoming(
        self, sender: Correspondent, others: Sequence[Correspondent], whose: Whose
    ) -> dict[str, list[str]]:
        """Return the sender's account with its contacts, the sender first.

        If the sender is not a contact, only the account is known: nobody else takes their place.
        """
        account, contact = whose(sender)
        if not account:
            return {}
        if not contact:
            return {account: []}
        beside = self._outgoing(others, whose).get(account, [])
        return {account: [contact, *(one for one in beside if one != contact)]}

    def _whose(self, person: Correspondent, day: str) -> Holder:
        """Return the account and the contact of an address; adds them if that was asked for."""
        address = person.address
        self._remember_name(person)
        holders = self._book.holders(address)
        contact = holders[0] if len(holders) == 1 else None
        # Of two contacts with one address, nobody can say which one it is; their account may be.
        places = {self._book.account_of(one, day) for one in holders}
        account = places.pop() if len(places) == 1 else None
        account = account or self._book.account_by_domain(address) or self._added(address)
        if account and self._is_new(address):
            if address in self.people:
                return account, self.people[address].id
            if self._create_contacts:
                made = self.people[address] = Made(ids.new_id(), address, account)
                return account, made.id
        return account, contact

    def _is_new(self, address: str) -> bool:
        """Whether an address is a person's own and no contact has it."""
        return identity.identifies(EMAIL, address) and not self._book.holders(address)

    def _added(self, address: str) -> str | None:
        """Return the account that this import adds for the domain of an address."""
        host = domain = address.rpartition("@")[2]
        while "." in domain:
            if domain in self.accounts:
                return self.accounts[domain].id
            domain = domain.partition(".")[2]
        if not self._create_accounts or not identity.is_company_domain(host):
            return None
        try:
            host = addresses.website(host)
        except AcctError:
            return None
        if host in self.accounts:
            return self.accounts[host].id
        if self._book.holds_domain(host):
            return None  # of several accounts: nobody can say which
        made = self.accounts[host] = Made(ids.new_id(), host, "")
        return made.id

    def is_of_several(self, domain: str) -> bool:
        """Whether several accounts have a domain, so that nobody can say whose mail it is."""
        return self._book.holds_domain(domain)

    def _remember_name(self, person: Correspondent) -> None:
        name = turned(person.name)
        if name and person.address not in self.names and len(self.names) < _MOST_NAMES:
            self.names[person.address] = name

    def name_of(self, address: str) -> str:
        """Return the name that came with an address, else the name in the address."""
        return self.names.get(address) or name_in_address(address)

    def _count_strangers(
        self, people: Sequence[Correspondent], whose: Whose, gathered: Gathered
    ) -> None:
        """Count a message under each domain, or address of free mail, that is of no account."""
        unknown: set[str] = set()
        for person in people:
            if whose(person)[0] is None:
                host = person.address.rpartition("@")[2]
                unknown.add(host if identity.is_company_domain(host) else person.address)
        gathered.strangers.update(unknown)

    def _count_newcomers(
        self, people: Sequence[Correspondent], whose: Whose, gathered: Gathered
    ) -> None:
        """Count a message for each person at an account who is not a contact yet."""
        unknown: set[str] = set()
        for person in people:
            account, contact = whose(person)
            if account and contact is None and self._is_new(person.address):
                unknown.add(person.address)
        gathered.newcomers.update(unknown)

    # What is there already

    def _repeats(self, message: MailMessage, gathered: Gathered) -> bool:
        """Whether the message was already there in this import."""
        key = blake2b(message.id.encode("utf-8", "replace"), digest_size=16).digest()
        said = f"{message.sender.address} {message.at}"
        says = blake2b(said.encode("utf-8", "replace"), digest_size=8).digest()
        if key not in self._seen:
            self._seen[key] = says
            return False
        gathered.repeated += 1
        gathered.other_content += self._seen[key] != says
        return True

    def _there(
        self, message: MailMessage, account: str, found: Mapping[str, object]
    ) -> KeptMessage | None:
        """Return the interaction of an account that the message is already.

        One that was made for another account of the message stays that account's, wherever it is.
        """
        kept = self._kept.get(message.id, ())
        own = (one for one in kept if one.made_for == account)
        moved = (one for one in kept if one.account_id == account and one.made_for not in found)
        return next(own, None) or next(moved, None)

    def _deal_of_thread(self, message: MailMessage, account: str) -> str | None:
        """Return the deal of the nearest message of the book that this one answers."""
        for id in message.thread:
            for one in self._kept.get(id, ()):
                if one.account_id == account and one.deal_id:
                    return one.deal_id
        return None

    # What it says

    def _moment(self, message: MailMessage, gathered: Gathered) -> datetime | None:
        """Return when a message was sent; else, when it was received; else None."""
        for moment in (message.at, message.received):
            if moment and iso(moment) >= FIRST_MOMENT and moment <= self._now:
                gathered.by_received += moment is not message.at
                return moment
        return None

    def _written(
        self, message: MailMessage, at: datetime | None, gathered: Gathered
    ) -> dict[str, object]:
        """Return the cells of a message that is new."""
        said = message.text
        if message.html:
            said = mailtext.without_markup(said)
            gathered.markup_lost += not said and not mailtext.has_library()
        elif message.flowed:
            said = mailtext.unfolded(said)
        body, cut = mailtext.bounded(_storable(mailtext.latest(said)))
        gathered.cut += cut
        summary = _one_line(message.subject) or _one_line(body) or NO_SUBJECT
        if message.attachments:
            listed = f"Attachments: {', '.join(message.attachments)}"
            body = f"{body}\n\n{listed}" if body else listed
        return {
            "kind": "email",
            "at": iso(at) if at else "",
            "summary": summary,
            "body": body,
        }


def turned(name: str) -> str:
    """Return a person's name in its usual order: "Tan, Mei (SG)" is Mei Tan; "" for no name."""
    name = name.strip().strip("'\"").strip()
    name = re.sub(r"\s*(?:\([^()]*\)|\[[^\[\]]*\])$", "", name) or name
    if "@" in name or "\ufffd" in name or not text.shows(name) or len(name) > text.MAX_LINE:
        return ""
    last, comma, first = (part.strip() for part in name.partition(","))
    if not comma:
        return name
    behind = first.replace(".", "").casefold() in _BEHIND_A_COMMA
    return name if behind or "," in first or not first or not last else f"{first} {last}"


_BEHIND_A_COMMA = BEHIND_A_COMMA | {"inc", "ltd", "llc"}


def _stored(person: Correspondent) -> Correspondent:
    try:
        return Correspondent(person.name, addresses.email(person.address))
    except AcctError:
        return Correspondent(person.name, "")


def _one_line(value: str) -> str:
    """Return the first line that shows anything, as a summary is stored; "" if there is none."""
    for line in value.splitlines():
        line = " ".join(line.split())
        if text.shows(line):
            most = text.MAX_LINE
            return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"
    return ""


def _storable(value: str) -> str:
    """Return a text that can be stored; "" if it shows nothing."""
    value = value.replace("\0", "").encode("utf-8", "replace").decode()
    return value if text.shows(value) else ""


def _no_date(message: MailMessage) -> str:
    subject = text.quoted(message.subject or NO_SUBJECT)
    says = f"{subject} has no date"
    if message.at is not None:
        says = f"the date {text.quoted(iso(message.at))} of {subject} cannot be right"
    return f"{says}. To give it one: --default at="
