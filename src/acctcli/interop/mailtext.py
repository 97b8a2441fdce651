"""The text that somebody wrote in a message: without quoted mail, signature and markup.

`mail-parser-reply` knows in fourteen languages how a quoted message and a signature begin, and
BeautifulSoup reads HTML (the extra `mail`). Without them only the standard marks are known: lines
that begin with `>`, and `-- ` above a signature. Nothing in HTML is loaded.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import takewhile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

LONGEST = 20_000
"""Characters of a message's text that are kept."""

_LONGEST_READ = 200_000
_LONGEST_LINE = 200  # characters of a line that can begin a quotation or a signature
_LONGEST_SOUGHT = 20_000  # characters in which their beginnings are sought
_LONGEST_SIGNATURE = 15  # lines
_CLOSING = 8  # words of a line that closes a message: Kind regards, Mei Tan

_BLOCKS = (
    *("p", "div", "tr", "table", "ul", "ol", "li", "blockquote", "pre", "h1", "h2", "h3", "h4"),
    *("h5", "h6", "hr", "section", "article", "header", "footer", "dd", "dt"),
)
_NOT_DRAWN = ("script", "style", "head", "title", "template", "noscript")
_QUOTING = frozenset(
    ("gmail_quote", "gmail_signature", "moz-cite-prefix", "moz-signature", "yahoo_quoted")
)
"""Classes of elements that hold a quoted message or a signature."""

_QUOTED_FROM = ("appendonsend", "divRplyFwdMsg", "mail-editor-reference-message-container")
"""Ids of the elements from which on a message is quoted."""


def has_library() -> bool:
    """Whether the extra `mail` is installed."""
    try:
        import bs4  # noqa: F401 - only whether it is there
    except ImportError:
        return False
    return _marks() is not None


def without_markup(html: str) -> str:
    """Return the text of HTML as plain lines, without what it quotes; "" without the library."""
    try:
        from bs4 import BeautifulSoup
        from bs4.exceptions import ParserRejectedMarkup
    except ImportError:
        return ""
    try:
        soup = BeautifulSoup(_tame(html[:_LONGEST_READ]), "html.parser")
    except (RecursionError, ParserRejectedMarkup):
        return ""
    return _lines_of(soup, quoted=False) or _lines_of(soup, quoted=True)


def _tame(html: str) -> str:
    """Return HTML without comments and with every tag closed: others take the parser minutes."""
    first, *others = html.split("<!--")
    html = first + "".join(one.partition("-->")[2] for one in others)
    html = re.sub(r"<(?![^<>]{0,4000}>)", "&lt;", html)
    return re.sub(r"<[!?][^<>]*>", "", html)


def _lines_of(soup: BeautifulSoup, *, quoted: bool) -> str:
    """Return the text of a document as lines, with or without what it quotes."""
    from bs4.element import NavigableString, Tag

    pieces: list[str] = []
    waiting: list[object] = [soup]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Tag):
            if node.name in _NOT_DRAWN or (not quoted and _quotes(node)):
                continue
            if node.name == "br":
                pieces.append("\n")
                continue
            inside = node.contents
            if not quoted:
                inside = [*takewhile(lambda one: not _begins_quoted(one), inside)]
            end = "\n" if node.name in _BLOCKS else " " if node.name in ("td", "th") else ""
            pieces.append(end)
            waiting += [end, *reversed(inside)]
        elif type(node) is NavigableString:
            pre = node.parent is not None and node.parent.name == "pre"
            pieces.append(str(node) if pre else re.sub(r"\s+", " ", node))
        elif type(node) is str:
            pieces.append(node)
    lines = (" ".join(line.split()) for line in "".join(pieces).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _quotes(tag: Tag) -> bool:
    """Whether an element holds a quoted message or a signature."""
    if tag.name == "blockquote" and tag.get("type") == "cite":
        return True
    return not _QUOTING.isdisjoint(tag.get("class") or ())


def _begins_quoted(node: object) -> bool:
    """Whether everything from this element on is quoted."""
    attributes = getattr(node, "attrs", None) or {}  # a piece of text has none
    return attributes.get("id") in _QUOTED_FROM


def unfolded(text: str) -> str:
    """Return text whose lines flow (RFC 3676) with each paragraph on one line."""
    lines: list[str] = []
    flows = False
    for line in text.splitlines():
        if flows and not line.startswith(">"):
            lines[-1] += line.removeprefix(" ")
        else:
            lines.append(line.removeprefix(" "))
        flows = line.endswith(" ") and line != "-- " and not line.startswith(">")
    return "\n".join(lines)


def latest(text: str) -> str:
    """Return what the writer of a message added: without quoted messages and signature.

    A message that is only forwarded stays whole.
    """
    text = text[:_LONGEST_READ].replace("\r\n", "\n").replace("\r", "\n")
    lines = [line.rstrip() for line in text.split("\n")]
    lines = _without_marked_signature(lines)
    lines = _before_quoted_message(lines)
    lines = _without_quotes(lines)
    lines = _before_signature(lines)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def bounded(text: str) -> tuple[str, bool]:
    """Return at most `LONGEST` characters of a text, and whether any were left out."""
    if len(text) <= LONGEST:
        return text, False
    return text[:LONGEST].rstrip() + "…", True


def _without_marked_signature(lines: list[str]) -> list[str]:
    """Return the lines above `-- `, the mark of a signature."""
    place = next((at for at, line in enumerate(lines) if line == "--"), len(lines))
    return lines[:place] if any(line.strip() for line in lines[:place]) else lines


def _without_quotes(lines: list[str]) -> list[str]:
    """Leave out lines that begin with `>`, and the line that announces them."""
    kept: list[str] = []
    for line in lines:
        if not line.lstrip().startswith(">"):
            kept.append(line)
            continue
        while kept and not kept[-1]:
            kept.pop()
        if kept and kept[-1].endswith(":") and re.search(r"@|\d", kept[-1]):
            kept.pop()
        kept.append("")
    return kept


class _Marks:
    """The beginnings of quoted messages and of signatures, as the library knows them."""

    def __init__(self) -> None:
        from mailparser_reply import EmailReplyParser
        from mailparser_reply.constants import MAIL_LANGUAGES
        from mailparser_reply.parser import EmailMessage

        languages = EmailReplyParser(languages=[*MAIL_LANGUAGES]).languages
        message = EmailMessage("", languages=languages, keep_hyphen_lists=True)
        self.header: re.Pattern[str] = message.HEADER_REGEX
        self.signature: re.Pattern[str] = message.SIGNATURE_REGEX


@cache
def _marks() -> _Marks | None:
    try:
        return _Marks()
    except ImportError:
        return None


class _Sought:
    """Lines in a form in which the library's patterns take no time, and their places."""

    def __init__(self, lines: list[str]) -> None:
        self.places: list[int] = []
        short: list[str] = []
        for place, line in enumerate(lines):
            line = line.strip()[:_LONGEST_LINE]
            if line or (short and short[-1]):
                self.places.append(place)
                short.append(line)
        self.text = "\n".join(short)[:_LONGEST_SOUGHT]

    def line(self, at: int) -> int:
        """Return the line of a position in the text, past the white space that begins there."""
        while at < len(self.text) and self.text[at].isspace():
            at += 1
        return self.places[min(self.text.count("\n", 0, at), len(self.places) - 1)]


def _before_quoted_message(lines: list[str]) -> list[str]:
    """Return the lines above the header of the message that is quoted below them."""
    marks = _marks()
    if marks is None:
        return lines
    sought = _Sought(lines)
    match = marks.header.search(sought.text)
    if match is None or not sought.places:
        return lines
    first = sought.line(match.start())
    while first and re.fullmatch(r"(?:[-_*]{3,}.*)?", lines[first - 1]):
        first -= 1  # `---- Forwarded message ----`
    if any(line.strip() for line in lines[:first]):
        return lines[:first]
    last = sought.line(max(match.end() - 1, match.start()))
    below = next((line for line in lines[last + 1 :] if line.strip()), "")
    # Who answers below a quotation begins with its header; who forwards has nothing else.
    return lines[last + 1 :] if below.lstrip().startswith(">") else lines


def _before_signature(lines: list[str]) -> list[str]:
    """Return the lines above the closing words and the signature."""
    marks = _marks()
    filled = [place for place, line in enumerate(lines) if line.strip()]
    if marks is None or len(filled) < 2:
        return lines
    # One line more, because nothing closes a message on its first line.
    start = filled[-_LONGEST_SIGNATURE - 2 :][0]
    sought = _Sought(lines[start:])
    at = 0
    while match := marks.signature.search(sought.text, at):
        place = start + sought.line(match.start())
        if _closes(lines, place) and any(line.strip() for line in lines[:place]):
            return lines[:place]
        # No closing: go on below this line.
        begin = len(sought.text) - len(sought.text[match.start() :].lstrip())
        at = sought.text.find("\n", begin)
        if at < 0:
            break
    return lines


def _closes(lines: list[str], place: int) -> bool:
    """Whether a line closes a message: "Thanks, we will order 50 units" does not."""
    line = lines[place].strip()
    below = [one.strip() for one in lines[place + 1 :] if one.strip()]
    after_comma = line.partition(",")[2].split()
    if len(line.split()) > _CLOSING or len(after_comma) > 3 or len(below) > _LONGEST_SIGNATURE:
        return False
    return not any(len(one.split()) > 4 and one[-1] in ".!?" for one in below[:2])
