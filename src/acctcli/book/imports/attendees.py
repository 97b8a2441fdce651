"""Who an address in imported mail or in a meeting belongs to: a contact or a company.

An address of a contact means the contact, at the account where they worked on that day. Any other
address at a company domain means the account with that domain, without a contact. The addresses in
`me.emails` are the user's own and match nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from acctcli import text
from acctcli.errors import AcctError
from acctcli.frozen import Frozen, FrozenRow
from acctcli.model import EMAIL, KINDS
from acctcli.store import queries
from acctcli.store.references import References
from acctcli.values import addresses, identity

if TYPE_CHECKING:
    import sqlite3


class Stay(FrozenRow):
    """A time in which a person worked at an account; an open end is None. Days are in ISO form."""

    account_id: str
    first: str | None
    last: str | None


class Attendees(Frozen):
    """Who took part: the contacts by account, in the order in which they were named.

    An account that only its domain names has no contacts. `strangers` are the addresses that match
    nothing, without the user's own and their colleagues'.
    """

    accounts: Mapping[str, tuple[str, ...]]
    strangers: Sequence[str]


class OwnAddresses:
    """The addresses of `me.emails`; `kim+news@ours.sg` is `kim@ours.sg`."""

    def __init__(self, own: Iterable[str]) -> None:
        self._own = frozenset(own)
        domains = {address.rpartition("@")[2] for address in self._own}
        self._domains = frozenset(filter(identity.is_company_domain, domains))

    def __bool__(self) -> bool:
        return bool(self._own)

    def have(self, address: str) -> bool:
        """Whether an address is the user's own."""
        address = _stored(address)
        local, _, domain = address.rpartition("@")
        return not self._own.isdisjoint((address, f"{local.partition('+')[0]}@{domain}"))

    def are_of_the_company_of(self, address: str) -> bool:
        """Whether an address is at the company domain of one of them."""
        return _stored(address).rpartition("@")[2] in self._domains


class AddressBook:
    """The addresses of a book, read once."""

    def __init__(self, con: sqlite3.Connection, own: Iterable[str] = ()) -> None:
        self._own = OwnAddresses(own)
        self._references = References(con)
        self._contacts = self._references.known("contact")
        self._accounts = self._references.known("account")
        self._places = _places(con)

    def is_ours(self, address: str) -> bool:
        """Whether an address is the user's own or a colleague's, at the same company domain.

        Somebody in the book is not a colleague.
        """
        if self._own.have(address):
            return True
        return self._own.are_of_the_company_of(address) and self.contact(address) is None

    def holds_domain(self, host: str) -> bool:
        """Whether any account has this domain or one above it, even if several have it."""
        while "." in host:
            if self._accounts.by_address.get(host):
                return True
            host = host.partition(".")[2]
        return False

    def contact(self, address: str) -> str | None:
        """Return the id of the contact with this address; None if there is none, or several.

        The mailbox of an office, such as info@, is nobody's own.
        """
        found = self.holders(address)
        return found[0] if len(found) == 1 else None

    def holders(self, address: str) -> tuple[str, ...]:
        """Return the ids of all contacts with this address; of an office's mailbox, nobody's."""
        address = _stored(address)
        if not identity.identifies(EMAIL, address):
            return ()
        return tuple(dict.fromkeys(self._contacts.by_address.get(address, ())))

    def contact_by_id(self, id: str) -> str | None:
        """Return the id of the contact that has this id here or in another system."""
        return self._references.by_id("contact", id) if id else None

    def account_by_domain(self, address: str) -> str | None:
        """Return the id of the one account whose domain, or a part of it, an address is at.

        `eu.greentech.sg` is part of `greentech.sg`. Free-mail domains belong to no account.
        """
        host = _stored(address).rpartition("@")[2]
        while "." in host:
            if not identity.is_company_domain(host):
                return None
            found = set(self._accounts.by_address.get(host, ()))
            if found:
                return found.pop() if len(found) == 1 else None
            host = host.partition(".")[2]
        return None

    def account_of(self, contact: str, day: str) -> str | None:
        """Return the account at which a contact worked on a day in ISO form.

        The current one, unless the person joined it later and an earlier place fits the day.
        """
        for place in self._places.get(contact, ()):
            if (place.first or "") <= day and day <= (place.last or day):
                return place.account_id
        return self._contacts.account_of.get(contact)

    def whose(self, people: Iterable[str], day: str) -> Attendees:
        """Return whose these addresses were on a day, in ISO form."""
        accounts: dict[str, tuple[str, ...]] = {}
        strangers: list[str] = []
        for address in dict.fromkeys(map(_stored, people)):
            if self.is_ours(address):
                continue
            contact = self.contact(address)
            account = self.account_of(contact, day) if contact else None
            account = account or self.account_by_domain(address)
            if account is None:
                strangers.append(address)
                continue
            known = accounts.get(account, ())
            accounts[account] = (*known, contact) if contact and contact not in known else known
        return Attendees(accounts, strangers)


def to_add(who: str, name: str) -> str:
    """Return the command that adds whose an address, or a company domain, is."""
    host = who.rpartition("@")[2]
    if host == who or identity.is_company_domain(host):
        word = text.shell_word(host, "''")
        return f"acct account add {word} --website {word}"
    called = text.shell_word(name or who, "''")
    return f"acct contact add {called} --email {text.shell_word(who)} --account"


def _stored(address: str) -> str:
    """Return an address as the book stores it; a text that is none in lower case."""
    try:
        return addresses.email(address)
    except AcctError:
        return address.strip().lower()


def _places(con: sqlite3.Connection) -> dict[str, list[Stay]]:
    """Return the places of everybody who has more than one, by contact; the current one first."""
    fields = KINDS["affiliation"].fields
    rows = queries.select(
        con, "affiliation", fields, queries.Listing([], "-to_on,-from_on"), as_stored=True
    )
    earlier: dict[str, list[Stay]] = {}
    for row in rows:
        if row["to_on"]:  # a link that still holds is beside the account where they work
            place = Stay(row["account_id"], row["from_on"], row["to_on"])
            earlier.setdefault(row["contact_id"], []).append(place)
    if not earlier:
        return {}
    people = KINDS["contact"].fields
    listing = queries.Listing([queries.by_ids("id", sorted(earlier))], "id")
    for row in queries.select(con, "contact", people, listing, names=["account", "since"]):
        if row["account_id"]:
            earlier[row["id"]].insert(0, Stay(row["account_id"], row["since"], None))
    return earlier
