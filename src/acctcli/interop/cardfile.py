"""vCards 2.1, 3.0 and 4.0: the cards of a file as rows of people and of companies.

A cell is what the card says, in the form that cells of CSV files have; columns are called after the
properties. Pictures, sounds and keys are left out, and nothing that a card points to is fetched.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from acctcli.errors import AcctError, Invalid
from acctcli.interop import contentlines
from acctcli.interop.contentlines import Block, Property
from acctcli.interop.rows import BadRow, FileRow, FileTable, Original
from acctcli.interop.textfile import TextFile
from acctcli.interop.vocabularies import HOSTS_OF_PEOPLE, X_NETWORKS, without_form
from acctcli.spool import Spool
from acctcli.text import joined, plural, quoted, sentence_list
from acctcli.values.dates import FIRST_DAY, MONTHS

PEOPLE = {
    "UID": "",
    "FN": "name",
    "NICKNAME": "aliases",
    "ORG": "account",
    "ORG id": "account_id",
    "Department": "department",
    "TITLE": "title",
    "EMAIL": "emails",
    "TEL": "phones",
    "LinkedIn": "linkedin",
    "X-SOCIALPROFILE": "profiles",
    "BDAY": "birthday",
    "CATEGORIES": "tags",
    "NOTE": "notes",
    "Opt-out": "do_not_contact",
    "FAX": "",
    "URL": "",
    "X-MANAGER": "",
    "Street": "",
    "City": "",
    "Region": "",
    "Postal code": "",
    "Country": "",
}
"""The columns of people, with the field that each one fills; "": none.

Address and website are those of their company. A private address goes into the notes.
"""

COMPANIES = {
    "UID": "",
    "ORG": "name",
    "NICKNAME": "aliases",
    "URL": "website",
    "Other URL": "other_websites",
    "TEL": "phone",
    "Other TEL": "other_phones",
    "Street": "street",
    "City": "city",
    "Region": "region",
    "Postal code": "postal_code",
    "Country": "country",
    "CATEGORIES": "tags",
    "NOTE": "description",
    "Link": "links",
    "EMAIL": "",
    "FAX": "",
}
"""The columns of companies; nothing fills EMAIL, because an account has no mailbox of its own."""

OWN = "X-ACCTCLI-"
"""Begins the properties of our own cards that vCard has no property for."""

OPTED_OUT = "do-not-contact"
"""The category of somebody who asked not to be contacted, which other programs show."""

_OPT_OUTS = ("donotcontact", "optout", "optedout", "unsubscribed", "doesnotwantcontact")
_GROUPS = ("mycontacts", "starred", "friends", "family", "coworkers")
"""Groups that Google makes itself. They become no tags."""

_NETWORKS = {
    "twitter": "x.com",
    "x": "x.com",
    "facebook": "facebook.com",
    "instagram": "instagram.com",
    "github": "github.com",
    "telegram": "t.me",
    "bluesky": "bsky.app/profile",
    "xing": "xing.com/profile",
}
_ADDRESS = ("", "", "Street", "City", "Region", "Postal code", "Country")


def is_opt_out(category: str) -> bool:
    """Whether a category says that somebody asked not to be contacted, in any spelling."""
    return re.sub(r"[\W_]", "", category.lower()) in _OPT_OUTS


class Cards(NamedTuple):
    """The cards of a file: people, companies, and what was found about the file."""

    people: FileTable
    companies: FileTable
    notes: Sequence[str]


class Address(NamedTuple):
    """A postal address of a card."""

    parts: Mapping[str, str]
    is_private: bool


class Card(NamedTuple):
    """One card as a row: `cells` by column; `own` are our own properties, by field.

    `title` is what stands before the name, such as `Ms.`, and is no part of it.
    """

    line: int
    is_company: bool
    cells: dict[str, object]
    own: dict[str, str]
    title: str = ""


def read_cards(text: TextFile, *, encoded: bool) -> Cards:
    """Read a file of vCards once; `encoded` means that its encoding is known for all lines.

    A card that cannot be read is a `BadRow` among the people.
    """
    source = text if encoded else text.by_bytes()
    raw = source is not text
    people, companies = spool(), spool()
    groups = found = 0
    titles = Counter[str]()
    own: dict[str, None] = {}
    for block in contentlines.blocks(source, ("VCARD",)):
        found += 1
        try:
            card = _card(block, raw=raw)
        except AcctError as error:
            people.append(BadRow(block.line, f"the card cannot be read: {error.message}", [], None))
            continue
        if card is None:
            groups += 1
        elif card.is_company:
            companies.append(FileRow(card.line, card.cells))
        else:
            own.update(dict.fromkeys(card.own))
            titles.update(filter(None, [card.title]))
            people.append(FileRow(card.line, {**card.cells, **card.own}))
    if not found:
        raise Invalid(f"{text.name} has no card: BEGIN:VCARD is not in it")
    notes = []
    if groups:
        notes.append(f"left out {plural(groups, 'card')} of a group or a place")
    if titles:
        said = [f"{quoted(title)} ({count:,})" for title, count in titles.items()]
        notes.append(f"left out of names: {sentence_list(said, 5)}")
    columns = [*PEOPLE, *own], [*COMPANIES]
    return Cards(table_of(text, people, columns[0]), table_of(text, companies, columns[1]), notes)


def spool() -> Spool[FileRow | BadRow]:
    """Return an empty sequence of rows that need not fit in memory."""
    return Spool(lambda row: (isinstance(row, FileRow), tuple(row)), _unpacked)


def _unpacked(packed: Any) -> FileRow | BadRow:
    readable, row = packed
    return FileRow(*row) if readable else BadRow(*row)


def table_of(text: Original, rows: Spool[FileRow | BadRow], columns: Sequence[str]) -> FileTable:
    """Return the rows as a table with the columns that some card fills, besides id and name."""
    filled = {*columns[:2]}.union(*(row.cells for row in rows if isinstance(row, FileRow)))
    columns = [column for column in dict.fromkeys(columns) if column in filled]
    return FileTable(
        columns, text.encoding, None, [], len(rows), lambda: iter(rows), text, counted_in="line"
    )


def _card(block: Block, *, raw: bool) -> Card | None:
    """Return the card of a block; None for one of a group or a place.

    Raises `Invalid` for a card that cannot be read, and for one that names nobody.
    """
    if block.fault:
        raise Invalid(block.fault)
    old = any(line.upper().replace(" ", "").startswith("VERSION:2") for line in block.lines)
    properties: list[Property] = []
    for line in block.lines:
        found = contentlines.read(line, raw=raw)
        if found is not None:
            properties.append(found)
    card = _Reader(properties, old=old)
    if card.text("KIND").lower() in ("group", "location", "application", "device"):
        return None
    if "X-ADDRESSBOOKSERVER-KIND" in card.by_name:
        return None  # a group of Apple's Contacts
    return card.company(block.line) if card.is_company else card.person(block.line)


class _Reader:
    """The properties of one card."""

    def __init__(self, properties: Sequence[Property], *, old: bool) -> None:
        self.old = old
        self.by_name: dict[str, list[Property]] = {}
        self.labels: dict[str, str] = {}
        for one in properties:
            if one.name == "X-ABLABEL" and one.group:
                label = re.fullmatch(r"_\$!<(.*)>!\$_", one.value)
                self.labels[one.group.lower()] = (label[1] if label else one.value).strip().lower()
            self.by_name.setdefault(one.name, []).append(one)

    def every(self, name: str) -> Iterator[tuple[Property, str]]:
        """Yield the properties of a name with a text, preferred ones first, and the text."""
        found = self.by_name.get(name, [])
        for one in sorted(found, key=_rank):
            value = contentlines.unescaped(one.value, old=self.old).strip()
            if value:
                yield one, value

    def text(self, name: str) -> str:
        """Return the first text of a property on one line, or ""."""
        return next((_flat(value) for _, value in self.every(name)), "")

    def parts(self, name: str) -> list[str]:
        """Return the parts of a structured property, such as `N` and `ORG`."""
        for one in sorted(self.by_name.get(name, []), key=_rank):
            parts = contentlines.split(one.value, ";", old=self.old)
            if any(map(str.strip, parts)):
                return [_flat(part) for part in parts]
        return []

    def listed(self, name: str) -> list[str]:
        """Return the items of a property with commas between them."""
        return [
            _flat(item)
            for one in self.by_name.get(name, [])
            for item in contentlines.split(one.value, ",", old=self.old)
            if item.strip()
        ]

    def label(self, one: Property) -> str:
        """Return what the owner of the card calls a property, in lower case."""
        return self.labels.get(one.group.lower(), "") if one.group else ""

    @property
    def is_company(self) -> bool:
        """Whether the card is that of a company and not of a person who works there."""
        if self.text("KIND").lower() == "org" or self.text("X-ABSHOWAS").lower() == "company":
            return True
        org, full = self.parts("ORG"), self.text("FN")
        name = " ".join(filter(None, self.parts("N")))
        if not org or name not in ("", org[0]):
            return False
        return not full or full == org[0]

    # Both kinds

    def uid(self) -> str:
        """Return the id of the card: ours if it is one of our own cards."""
        value = "".join(filter(str.isprintable, self.text("UID")))
        return re.sub("^urn:uuid:", "", value, flags=re.IGNORECASE)[:_LONGEST_UID]

    def phones(self) -> tuple[list[str], list[str]]:
        """Return phones and faxes."""
        phones: list[str] = []
        faxes: list[str] = []
        for one, value in self.every("TEL"):
            number = re.sub("^tel:", "", value, flags=re.IGNORECASE)
            is_fax = any("fax" in word for word in (*one.types, self.label(one)))
            is_phone = not is_fax or bool({"voice", "cell"} & {*one.types})
            # Programs write a number twice, with and without its own type.
            listed = phones if is_phone else faxes
            number = number.replace(";", " ") if ";ext=" not in number.lower() else number
            if number not in listed:
                listed.append(number)
        return phones, faxes

    def emails(self) -> list[str]:
        found = (re.sub("^mailto:", "", v, flags=re.IGNORECASE) for _, v in self.every("EMAIL"))
        return list(dict.fromkeys(found))

    def address(self) -> Address | None:
        """Return the first postal address, that of the company before a private one."""
        found: list[Address] = []
        for one in sorted(self.by_name.get("ADR", []), key=_rank):
            parts = contentlines.split(one.value, ";", old=self.old)
            cells: dict[str, str] = {}
            for column, part in zip(_ADDRESS, parts, strict=False):
                lines = ", ".join(filter(None, map(str.strip, part.splitlines())))
                if lines:
                    cells[column or "Street"] = ", ".join(
                        filter(None, (cells.get(column or "Street"), lines))
                    )
            if cells:
                found.append(Address(cells, "home" in (*one.types, self.label(one))))
        return min(found, key=lambda one: one.is_private, default=None)

    def tags(self) -> tuple[list[str], bool]:
        """Return the categories, and whether one of them says that the person opted out."""
        tags: list[str] = []
        opted_out = False
        for item in self.listed("CATEGORIES"):
            if is_opt_out(item):
                opted_out = True
            elif re.sub(r"\W", "", item.lower()) not in _GROUPS:
                tags.append(item)
        return tags, opted_out

    def notes(self) -> str:
        """Return the notes as one text; the first line of each keeps its indent."""
        said: str | None = None
        for one in self.by_name.get("NOTE", []):
            note = contentlines.unescaped(one.value, old=self.old).replace("\r\n", "\n")
            if note.strip():
                said = joined(said, note.strip("\n").rstrip())
        return said or ""

    def pages(self) -> tuple[list[str], list[str], list[str]]:
        """Return LinkedIn pages, profiles in other networks, and other web pages."""
        linkedin: dict[str, None] = {}
        profiles: dict[str, None] = {}
        others: dict[str, None] = {}
        for name in ("URL", "X-SOCIALPROFILE", "SOCIALPROFILE", "IMPP", *X_NETWORKS):
            for one, value in self.every(name):
                network = X_NETWORKS.get(name) or self._network(one)
                page = _page(network, value)
                if page is None:
                    continue  # an address of a messenger, such as sip:
                host = page.partition("://")[2].partition("/")[0].lower().removeprefix("www.")
                if host == "linkedin.com" or host.endswith(".linkedin.com"):
                    linkedin[page] = None
                elif name == "URL" and host not in HOSTS_OF_PEOPLE:
                    others[page] = None
                else:
                    profiles[page] = None
        return [*linkedin], [*profiles], [*others]

    def _network(self, one: Property) -> str:
        said = (*one.types, self.label(one), one.params.get("SERVICE-TYPE", "").lower())
        return next((word for word in said if word in _NETWORKS or word == "linkedin"), "")

    # Rows

    def person(self, line: int) -> Card:
        """Return the row of a person. Raises `Invalid` if the card names nobody."""
        family, given, middle, before, after = (*self.parts("N"), *[""] * 5)[:5]
        full = self.text("FN")
        names = self.listed("NICKNAME")
        emails = self.emails()
        if not full or (full in emails and (family or given)):
            full = " ".join(filter(None, (before, given, middle, family, after)))
        full, title = without_form(full, before if family or given else "")
        if not full and names:
            full = names.pop(0)
        if not full and not emails:
            raise Invalid("it names nobody: FN, N, NICKNAME and EMAIL are empty")
        org = self.parts("ORG")
        phones, faxes = self.phones()
        linkedin, profiles, pages = self.pages()
        tags, opted_out = self.tags()
        address = self.address()
        notes: str | None = self.notes()
        birthday, said = self._birthday()
        private = []
        if said:
            private.append(f"Birthday: {said}")
        if address is not None and address.is_private:
            private.append(f"Address: {', '.join(address.parts.values())}")
        domains = {email.rpartition("@")[2].lower() for email in emails}
        for page in pages:
            host = page.partition("://")[2].partition("/")[0].lower().removeprefix("www.")
            is_work = any("work" in one.types for one, value in self.every("URL") if value in page)
            if host not in domains and not is_work:
                private.append(f"Web: {page}")
        # The rest of a person's own is kept in the notes, where it is found again.
        for one in [*private, *(f"LinkedIn: {page}" for page in linkedin[1:])]:
            notes = joined(notes, one)
        work = None if address is None or address.is_private else address
        own = self._own()
        cells: dict[str, object] = {
            "UID": self.uid(),
            "FN": full,
            "NICKNAME": [name for name in names if name != full],
            "ORG": org[0] if org else "",
            "Department": ", ".join(filter(None, org[1:])),
            "TITLE": self.text("TITLE") or self.text("ROLE"),
            "EMAIL": emails,
            "TEL": phones,
            "LinkedIn": linkedin[0] if linkedin else "",
            "X-SOCIALPROFILE": profiles,
            "BDAY": birthday,
            "CATEGORIES": tags,
            "NOTE": notes or "",
            "Opt-out": own.pop("do_not_contact", "yes" if opted_out else ""),
            "FAX": faxes,
            "X-MANAGER": self.text("X-MANAGER"),
            "URL": [page for page in pages if f"Web: {page}" not in private],
            # A private one still tells where phones are.
            "Country": address.parts.get("Country", "") if address else "",
            **(work.parts if work else {}),
        }
        cells["ORG id"] = own.pop("account_id", "")
        return Card(line, False, _filled(cells), own, title)

    def company(self, line: int) -> Card:
        """Return the row of a company. Raises `Invalid` if the card has no name."""
        org = self.parts("ORG")
        name = (org[0] if org else "") or self.text("FN")
        if not name:
            raise Invalid("it names no company: ORG and FN are empty")
        phones, faxes = self.phones()
        linkedin, profiles, pages = self.pages()
        address = self.address()
        cells: dict[str, object] = {
            "UID": self.uid(),
            "ORG": name,
            "NICKNAME": [one for one in (self.text("FN"), *self.listed("NICKNAME")) if one != name],
            "URL": pages[0] if pages else "",
            "Other URL": pages[1:],
            "TEL": phones[0] if phones else "",
            "Other TEL": phones[1:],
            **(address.parts if address else {}),
            "CATEGORIES": self.tags()[0],
            "NOTE": self.notes(),
            "Link": [*linkedin, *profiles],
            "EMAIL": self.emails(),
            "FAX": faxes,
        }
        return Card(line, True, _filled(cells), {})

    def _birthday(self) -> tuple[str, str]:
        """Return the day of birth in ISO form, or else what the card says of it."""
        for one, value in self.every("BDAY"):
            match = re.match(r"(?:(\d{4})-?|--)(\d\d)-?(\d\d)(?!\d)", value)
            if match is None:
                return "", " ".join(value.split())
            year, month, day = match.groups()
            if year in (None, _NO_YEAR, one.params.get("X-APPLE-OMIT-YEAR")):
                return "", _without_year(int(month), int(day)) or value
            return (f"{year}-{month}-{day}", "") if year >= _FIRST_YEAR else ("", value[:10])
        return "", ""

    def _own(self) -> dict[str, str]:
        """Return our own properties, by the name of their field."""
        return {
            name.removeprefix(OWN).lower().replace("-", "_"): self.text(name)
            for name in self.by_name
            if name.startswith(OWN) and self.text(name)
        }


_LONGEST_UID = 200
_FIRST_YEAR = FIRST_DAY[:4]
_NO_YEAR = "1604"  # what Apple writes for a day of birth without a year


def _flat(value: str) -> str:
    """Return a text on one line."""
    return re.sub(r"\s*[\r\n]+\s*", " ", value).strip()


def _rank(one: Property) -> int:
    """Return the order of several properties of a name: preferred ones come first."""
    pref = one.params.get("PREF", "")
    if "pref" in one.types:
        return 0
    return int(pref) if pref.isascii() and pref.isdigit() and len(pref) < 4 else 100


def _page(network: str, value: str) -> str | None:
    """Return the web page of a value, which may be a handle in a network; None for a messenger."""
    value = "".join(value.split())
    if "://" in value or re.match(r"(www\.)?[\w-]+(\.[\w-]+)+(/|$)", value):
        return value if "://" in value else f"https://{value}"
    handle = value.partition(":")[2] or value
    handle = handle.lstrip("@")
    if network == "linkedin":
        return f"https://linkedin.com/in/{handle}"
    if network in _NETWORKS and re.fullmatch(r"[\w.-]+", handle):
        return f"https://{_NETWORKS[network]}/{handle}"
    return None


def _without_year(month: int, day: int) -> str:
    """Return `12 Apr`; "" for a month that is none."""
    return f"{day} {MONTHS[month - 1][:3]}" if 1 <= month <= len(MONTHS) else ""


def _filled(cells: Mapping[str, object]) -> dict[str, object]:
    return {column: cell for column, cell in cells.items() if cell}
