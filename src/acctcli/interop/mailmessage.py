"""What a message says: who wrote to whom, when, about what; and whether a person wrote it.

`email` of the standard library reads messages, with its older policy: the newer one parses each
header anew whenever a part is asked for its type, which takes four times as long. Headers come raw
and are decoded here, because they may be broken in any way. Nothing is fetched, and no attachment
is kept: only their names.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import collapse_rfc2231_value, getaddresses, parsedate_to_datetime
from hashlib import blake2b
from typing import NamedTuple

from acctcli.errors import Invalid
from acctcli.text import clip, safe

MOST_PARTS = 1000
"""Parts of a message that is read; more are an attack."""

MOST_ADDRESSES = 5000
"""Addresses of a message that are read."""

LONGEST_ID = 200
"""Characters of a Message-ID that is kept as it is."""

MOST_ATTACHMENTS = 20

NEWSLETTER, LIST, REPLY, AUTOMATIC, BOUNCE, INVITATION, UNSENT = (
    "newsletter",
    "list message",
    "automatic reply",
    "automatic message",
    "bounce",
    "calendar invitation",
    "draft or deleted message",
)
"""Why a message is left out: no person wrote it to us, or we to a person."""

NO_REPLY = ("noreply", "no-reply", "donotreply", "do-not-reply")
"""Mailboxes that nobody reads, so that nobody waits for an answer to what they send."""


class Correspondent(NamedTuple):
    """A name and an address as they are in a header; either may be empty."""

    name: str
    address: str


class MailMessage(NamedTuple):
    """A message. `at` is None if no date can be read; `html` says that only HTML has its text.

    `id` tells it from all others: its Message-ID, or a digest of what it says. `thread` are the ids
    of the messages that it answers, the nearest first. `automatic` says why no person wrote it, or
    is empty.
    """

    id: str
    at: datetime | None
    sender: Correspondent
    recipients: tuple[Correspondent, ...]
    subject: str
    text: str
    html: bool
    flowed: bool
    attachments: tuple[str, ...]
    thread: tuple[str, ...]
    automatic: str
    received: datetime | None


def read_message(data: bytes) -> MailMessage:
    """Read one message. Raises `Invalid` for one that is nested too deeply."""
    try:
        message = message_from_bytes(data)
        parts = _parts(message)
    except RecursionError:
        raise Invalid("the message is nested too deeply. Leave it out") from None
    headers = _Headers(message)
    text, html, flowed = _text_of(parts)
    sender = next(iter(headers.people("from", "sender")), Correspondent("", ""))
    subject = headers.text("subject")
    at = _moment(headers.raw("date"))
    received = [moment for raw in headers.all("received") if (moment := _moment(_stamp(raw)))]
    return MailMessage(
        id=_own_id(headers.raw("message-id"), sender.address)
        or _made_id(headers.raw("date"), sender.address, subject, text),
        at=at,
        sender=sender,
        recipients=tuple(dict.fromkeys(headers.people("to", "cc", "bcc"))),
        subject=subject,
        text=text,
        html=html,
        flowed=flowed,
        attachments=tuple(_attachments(parts)),
        thread=_thread(headers),
        automatic=_why_automatic(message, headers, parts),
        received=received[0] if received else None,
    )


# Headers


class _Headers:
    """The headers of a message as text, however they are encoded."""

    def __init__(self, message: Message) -> None:
        self._raw: dict[str, list[str]] = {}
        for name, value in message.raw_items():
            self._raw.setdefault(name.lower(), []).append(str(value))

    def all(self, name: str) -> list[str]:
        """Return the headers of this name, unfolded, in plain characters."""
        return [_plain(value) for value in self._raw.get(name, ())]

    def raw(self, name: str) -> str:
        """Return the first header of this name; "" if there is none."""
        return next(iter(self.all(name)), "").strip()

    def text(self, name: str) -> str:
        """Return the first header of this name, decoded."""
        return _decoded(self.raw(name))

    def people(self, *names: str) -> Iterator[Correspondent]:
        """Yield the people in headers of addresses, members of groups included."""
        lists = [value for name in names for value in self.all(name)]
        found = [one for value in lists for one in _addresses(value)]
        for name, address in found[:MOST_ADDRESSES]:
            yield Correspondent(_decoded(name), clean(address))


def _addresses(value: str) -> list[tuple[str, str]]:
    """Return the names and addresses of a list."""
    try:
        found = [one for one in getaddresses([value]) if "@" in one[1]]
    except (ValueError, IndexError, TypeError, RecursionError):
        found = []
    # Strict parsing gives up on the whole list where one address is broken.
    return found or [("", one) for one in _LIKE_AN_ADDRESS.findall(value)]


_LIKE_AN_ADDRESS = re.compile(r"[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")


def _plain(raw: str) -> str:
    """Return a raw header on one line; bytes that are not ASCII are read as UTF-8."""
    if "\n" in raw or "\r" in raw:
        raw = re.sub(r"[\r\n]+", "", raw)
    try:
        raw.encode()
    except UnicodeEncodeError:
        raw = raw.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return raw


def _decoded(value: str) -> str:
    """Return a header in which words may be encoded (RFC 2047); what is broken stays readable."""
    if "=?" not in value:
        return clean(value)
    try:
        pieces = decode_header(value)
    except (HeaderParseError, ValueError, TypeError):
        return clean(value)
    return clean("".join(_piece(piece, charset) for piece, charset in pieces))


def _piece(piece: bytes | str, charset: str | None) -> str:
    return piece if isinstance(piece, str) else in_charset(piece, charset or "utf-8")


_NO_CHARSETS = (
    *("us_ascii", "ascii", "unknown_8bit", "", "punycode", "idna", "unicode_escape"),
    *("raw_unicode_escape", "undefined"),
)
"""Names that say nothing about a text; as ASCII is often wrong, UTF-8 is tried, which has it too.

Codecs that Python has for other purposes take minutes, or make characters that cannot be stored.
"""


def in_charset(data: bytes, charset: str) -> str:
    """Decode bytes; what does not fit the charset becomes replacement marks."""
    if charset.lower().replace("-", "_") in _NO_CHARSETS:
        charset = "utf-8"
    try:
        return data.decode(charset, "replace")
    except (LookupError, UnicodeError, ValueError):
        return data.decode("utf-8", "replace")


def clean(value: str) -> str:
    """Return a text that can be stored on one line: white space is one space, NUL is left out."""
    value = value.replace("\0", "")
    if not value.isascii():
        value = value.encode("utf-8", "replace").decode()
        value = unicodedata.normalize("NFC", value)
    return " ".join(value.split())


def _own_id(raw: str, address: str) -> str:
    """Return the id in a header; "" for none.

    A digest of one that is very long or odd, or that names the sender: it must not outlive a
    person who is erased.
    """
    found = re.search(r"<([^<>]+)>", raw)
    id = (found[1] if found else raw).strip()
    if not id:
        return ""
    parts = re.split(r"[^\w]+", address.rpartition("@")[0].lower())
    names = any(part in id.lower() for part in parts if len(part) >= _SHORTEST_NAME)
    if names or len(id) > LONGEST_ID or not id.isprintable() or " " in id:
        return _hidden(id)
    return id


def _hidden(id: str) -> str:
    return f"digest:{_digest(id)}"


_SHORTEST_NAME = 3  # letters


def _made_id(date: str, address: str, subject: str, text: str) -> str:
    said = "\0".join((date, address.lower(), subject, " ".join(text.split())))
    return f"none:{_digest(said)}"


def _digest(value: str) -> str:
    return blake2b(value.encode("utf-8", "replace"), digest_size=16).hexdigest()


def _thread(headers: _Headers) -> tuple[str, ...]:
    """Return the ids of the messages that this one answers, the nearest first."""
    answered = [*re.findall(r"<[^<>]+>", headers.raw("in-reply-to"))]
    answered += reversed(re.findall(r"<[^<>]+>", headers.raw("references")))
    ids = [_own_id(one, "") for one in answered[:100]]
    # Whether an id is kept as a digest, only its own message shows.
    both = [form for id in ids if id for form in (id, _hidden(id))]
    return tuple(dict.fromkeys(both))


def _stamp(received: str) -> str:
    """Return the date in a Received header."""
    return received.rpartition(";")[2].strip()


def _moment(raw: str) -> datetime | None:
    """Return the moment of a Date header in UTC; a time without a zone is in UTC."""
    if not raw:
        return None
    try:
        moment = parsedate_to_datetime(raw[:200])
        if moment.tzinfo is None:
            return moment.replace(tzinfo=UTC)
        return moment.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


# Parts


def _parts(message: Message) -> list[Message]:
    """Return the parts of a message that are no containers; a message inside it is one part."""
    found: list[Message] = []
    waiting = [message]
    seen = 0
    while waiting:
        part = waiting.pop()
        seen += 1
        if seen > MOST_PARTS:
            raise Invalid(f"the message has more than {MOST_PARTS:,} parts. Leave it out")
        inside = part.get_payload() if part.is_multipart() else None
        if isinstance(inside, list) and _type(part).startswith("multipart/"):
            waiting += reversed([one for one in inside if isinstance(one, Message)])
        else:
            found.append(part)
    return found


def _type(part: Message) -> str:
    try:
        type = part.get_content_type()
        return "text/plain" if type == "text/" else type
    except (ValueError, IndexError, AttributeError, TypeError, KeyError):
        return "text/plain"


def _parameter(part: Message, header: str, name: str) -> str:
    try:
        return collapse_rfc2231_value(part.get_param(name, "", header))
    except (ValueError, IndexError, AttributeError, TypeError, KeyError):
        return ""


def _is_attachment(part: Message) -> bool:
    try:
        disposition = str(part.get("content-disposition", ""))
    except (ValueError, IndexError, AttributeError, TypeError, KeyError):
        return False
    return disposition.strip().lower().startswith("attachment")


def _text_of(parts: Iterable[Message]) -> tuple[str, bool, bool]:
    """Return the text of a message, whether it is HTML, and whether its lines flow.

    Plain text counts before HTML, and the first one that says anything.
    """
    html = ""
    for part in parts:
        type = _type(part)
        if type not in ("text/plain", "text/html") or _is_attachment(part):
            continue
        if type == "text/html" and html:
            continue
        text = _content(part)
        if not text.strip():
            continue
        if type == "text/plain":
            flowed = _parameter(part, "content-type", "format").lower() == "flowed"
            return text, False, flowed
        html = text
    return html, bool(html), False


def _content(part: Message) -> str:
    """Return the text of a part, in the charset it claims, with marks for what does not fit."""
    try:
        data = part.get_payload(decode=True)
    except (ValueError, IndexError, AttributeError, TypeError, AssertionError):
        data = None
    if not isinstance(data, bytes):
        return ""
    charset = _parameter(part, "content-type", "charset").strip("\"' ")
    return in_charset(data, charset or "utf-8").replace("\0", "")


def _attachments(parts: Iterable[Message]) -> Iterator[str]:
    """Yield the names of the attachments, made safe, the first ones of many."""
    names = []
    for part in parts:
        type = _type(part)
        name = _parameter(part, "content-disposition", "filename") or _parameter(
            part, "content-type", "name"
        )
        if type == "message/rfc822" and not name:
            inside = part.get_payload()
            first = inside[0] if isinstance(inside, list) and inside else None
            subject = _Headers(first).text("subject") if isinstance(first, Message) else ""
            name = subject or "message"
        if name and (_is_attachment(part) or type not in ("text/plain", "text/html")):
            names.append(
                clip(safe(_decoded(_plain(name)).replace("\\", "/").rpartition("/")[2]), 80)
            )
    yield from filter(None, names[:MOST_ATTACHMENTS])


# Who wrote it


def _why_automatic(message: Message, headers: _Headers, parts: Iterable[Message]) -> str:
    """Return why a message is left out, as it is counted; "" for one that a person wrote."""
    type = _type(message)
    if type == "multipart/report":
        report = _parameter(message, "content-type", "report-type").lower()
        return BOUNCE if report in ("delivery-status", "") else REPLY
    if _is_unsent(headers):
        return UNSENT
    if any(_is_invitation(part) for part in parts):
        return INVITATION
    sender = next(headers.people("from", "sender"), Correspondent("", "")).address.lower()
    if sender.partition("@")[0] in ("mailer-daemon", "mail-daemon"):
        return BOUNCE
    submitted = headers.raw("auto-submitted").lower()
    precedence = headers.raw("precedence").lower()
    replies = ("x-autoreply", "x-autorespond", "x-auto-reply")
    if submitted.startswith("auto-replied") or precedence.startswith("auto"):
        return REPLY
    if any(headers.raw(name) for name in replies):
        return REPLY
    if submitted and not submitted.startswith("no"):
        return AUTOMATIC
    if sender.partition("@")[0] in NO_REPLY:
        return AUTOMATIC
    if headers.raw("list-id") or headers.raw("list-post") or precedence == "list":
        return NEWSLETTER if headers.raw("list-unsubscribe") and not _posts(headers) else LIST
    if headers.raw("list-unsubscribe") or precedence in ("bulk", "junk"):
        return NEWSLETTER
    return ""


_DELETED = 8  # bit of Thunderbird's X-Mozilla-Status


def _is_unsent(headers: _Headers) -> bool:
    """Whether a mail program marked a message as a draft, as spam or as deleted."""
    if headers.raw("x-spam-flag").lower() == "yes" or headers.raw("x-mozilla-draft-info"):
        return True
    if not {"D", "T"}.isdisjoint(headers.raw("x-status").upper()):
        return True
    status = headers.raw("x-mozilla-status")
    if re.fullmatch("[0-9a-fA-F]{4}", status) and int(status, 16) & _DELETED:
        return True
    labels = headers.text("x-gmail-labels").lower()
    return bool(re.search(r"\b(spam|trash|drafts?)\b", labels))


def _posts(headers: _Headers) -> bool:
    """Whether a list is one to which people write."""
    post = headers.raw("list-post")
    return bool(post) and not post.upper().startswith("NO")


def _is_invitation(part: Message) -> bool:
    if _type(part) != "text/calendar" or _is_attachment(part):
        return False
    return bool(_parameter(part, "content-type", "method"))
