"""Content lines, which vCards and calendars consist of: components and their properties.

A line that begins with a space continues the one before it, and so does a line after the soft break
(`=`) of a quoted-printable value. A component is a block from `BEGIN:NAME` to `END:NAME`. Files are
read block by block, so only one is in memory, however long the file is.

vobject and icalendar read such lines too. But vobject takes twice as long for each further comma
in a crafted list of parameters, and puts "eof" behind a text that ends in a backslash; icalendar
refuses vCard 2.1. Both hold the whole file.
"""

from __future__ import annotations

import binascii
import codecs
import quopri
import re
from base64 import b64decode
from collections.abc import Collection, Iterator, Mapping, Sequence

from acctcli.errors import Invalid
from acctcli.frozen import Frozen, FrozenRow
from acctcli.interop.textfile import TextFile
from acctcli.text import quoted

LARGEST = 1024 * 1024
"""Characters of a component that are read; what is left out below does not count."""

DEEPEST = 50
"""Components inside one another that are read over."""

MOST = 5000
"""Properties of a component that are read."""

BINARY = frozenset(("PHOTO", "LOGO", "SOUND", "KEY", "ATTACH", "X-ALT-DESC", "X-MS-CARDPICTURE"))
"""Properties that are left out as they are read: pictures, attachments, HTML of the same text."""

_HEAD = re.compile(r'(?:[^":]|"[^"]*")*(?=:)')
_PARTS = re.compile(r'(?:[^";]|"[^"]*"?)+')
_VALUES = re.compile(r'(?:[^",]|"[^"]*"?)+')
_NAME = re.compile(r"(?:(?P<group>[A-Za-z0-9_-]+)\.)?(?P<name>[A-Za-z0-9_-]+)")
_SHORT_NAME = 40  # characters of a line that can hold its name


class Block(FrozenRow):
    """A component: the line of its `BEGIN`, its name, and its unfolded lines between both ends.

    `fault` says why it cannot be read ("": it can).
    """

    line: int
    name: str
    lines: Sequence[str]
    fault: str


class Property(Frozen):
    """A property: `TEL;TYPE=cell:+65 …`, its group (`item1`), types, parameters, raw value."""

    group: str
    name: str
    types: Collection[str]
    params: Mapping[str, str]
    value: str


def blocks(
    text: TextFile, wanted: Collection[str], *, nested: Collection[str] = ()
) -> Iterator[Block]:
    """Yield the components with these names, wherever they are.

    Components inside a wanted one are left out, unless it is one of those in `nested`, of which
    every line is kept.
    """
    found: _Open | None = None
    for at, line in _logical(text):
        begins, ends = _named(line, "BEGIN"), _named(line, "END")
        if found is None:
            if begins in wanted:
                found = _Open(at, begins, keeps=begins in nested)
            continue
        if begins == found.name and not found.inner and not found.agent:
            yield found.cut_off(f"it has no END:{found.name} before the next one begins")
            found = _Open(at, begins, keeps=begins in nested)
        elif ends == found.name and not found.inner:
            yield found.closed()
            found = None
        else:
            found.take(line, begins, ends)
    if found is not None:
        yield found.cut_off(f"it has no END:{found.name}: the file is cut off")


class _Open:
    """A component that is being read."""

    def __init__(self, line: int, name: str, *, keeps: bool) -> None:
        self.line = line
        self.name = name
        self.inner = 0
        self.agent = False
        self._keeps = keeps
        self._lines: list[str] = []
        self._size = 0
        self._fault = ""

    def take(self, line: str, begins: str, ends: str) -> None:
        self.inner += bool(begins)
        if self.inner > DEEPEST:
            self._fault = f"it has components more than {DEEPEST} deep in one another"
        if (self._keeps or not self.inner) and not self._fault:
            self._size += len(line)
            if self._size > LARGEST or len(self._lines) >= MOST:
                self._fault = (
                    f"it has more than {LARGEST:,} characters or {MOST:,} properties. Shorten it"
                )
                self._lines = []
            else:
                self._lines.append(line)
        # A nested component, or only its end: of a broken file, both are left out.
        self.inner = max(0, self.inner - bool(ends))
        self.agent = line[:6].upper() == "AGENT:" and not line[6:].strip()

    def closed(self) -> Block:
        return Block(self.line, self.name, self._lines, self._fault)

    def cut_off(self, why: str) -> Block:
        return Block(self.line, self.name, [], self._fault or why)


def _named(line: str, what: str) -> str:
    """Return the component that a `BEGIN` or `END` line names, else ""."""
    key, colon, name = line[:_SHORT_NAME].partition(":")
    return name.strip().upper() if colon and key.strip().upper() == what else ""


def _logical(text: TextFile) -> Iterator[tuple[int, str]]:
    """Yield unfolded lines with the number of their first line; without the binary ones."""
    pending: list[str] | None = None
    begun, size, soft = 0, 0, False
    for at, physical in enumerate(text.lines(), start=1):
        line = physical.rstrip("\r\n")
        continues = line[:1] in (" ", "\t")
        if pending is not None and (soft or continues):
            size += len(line)
            if size <= LARGEST + _SHORT_NAME:  # what comes after it is too long anyway
                if soft:
                    pending[-1] = pending[-1].removesuffix("=")
                pending.append(line[1:] if continues and not soft else line)
            soft = soft and line.endswith("=")
            continue
        if pending is not None:
            yield begun, "".join(pending)
        pending = None
        if not line.strip():
            soft = False
            continue
        begun, size = at, len(line)
        soft = line.endswith("=") and "QUOTED-PRINTABLE" in line.partition(":")[0].upper()
        match = _NAME.match(line[:_SHORT_NAME])
        if match is not None and match["name"].upper() in BINARY:
            pending, size = [match["name"] + ":"], LARGEST + _SHORT_NAME
        else:
            pending = [line]
    if pending is not None:
        yield begun, "".join(pending)


def read(line: str, *, raw: bool, charset: str = "") -> Property | None:
    """Read an unfolded line; None if it is not a property.

    Each character of a `raw` line is one byte, which the line's own CHARSET decodes, else UTF-8;
    `charset` is that of other quoted-printable values. Raises `Invalid` for bytes that do not fit.
    """
    head = _HEAD.match(line)
    # A quotation mark that is never closed is part of the value.
    end = head.end() if head else line.find(":")
    parts = _PARTS.findall(line[: max(end, 0)])
    name = _NAME.fullmatch(parts[0].strip()) if parts else None
    if name is None:
        return None
    types: list[str] = []
    params: dict[str, str] = {}
    for part in parts[1:]:
        key, equals, said = part.partition("=")
        key = key.strip().upper()
        values = [value.strip().strip('"') for value in _VALUES.findall(said)]
        if not equals:  # vCard 2.1 leaves the name of a parameter out
            if key in ("QUOTED-PRINTABLE", "BASE64"):
                params["ENCODING"] = key
            else:
                types.append(key.lower())
        elif key == "TYPE":
            types += [one.strip().lower() for value in values for one in value.split(",")]
        elif values:
            params[key] = ",".join(values)
    value = _decoded(line[end + 1 :], params, raw=raw, charset=charset)
    return Property(
        name["group"] or "", name["name"].upper().replace("_", "-"), types, params, value
    )


def _decoded(value: str, params: Mapping[str, str], *, raw: bool, charset: str) -> str:
    encoding = params.get("ENCODING", "").upper()
    named = params.get("CHARSET", "") or charset
    try:
        codec = codecs.lookup(named).name if named else "utf-8"
        "".encode(codec)
    except (LookupError, ValueError):
        codec = ""  # an unknown one: what UTF-8 does not read becomes a replacement mark
    data = value.encode("latin-1" if raw else "utf-8")
    if encoding == "QUOTED-PRINTABLE":
        data = quopri.decodestring(data)
    elif encoding in ("B", "BASE64"):
        try:
            data = b64decode(data)
        except binascii.Error:
            raise Invalid("it has a value that is not base64. Write it as text") from None
    elif not raw:
        return value
    elif not params.get("CHARSET"):
        codec = "utf-8"
    if not codec:
        return data.decode("utf-8", "replace")
    try:
        return data.decode(codec)
    except UnicodeError as error:
        at = getattr(error, "start", 0)
        raise Invalid(
            f"byte 0x{data[at : at + 1].hex()} in {quoted(data.decode('latin-1'), 30)} is not "
            f"{codec.upper()}. Give --encoding; for a file from Windows it is often cp1252"
        ) from None


def unescaped(value: str, *, old: bool = False) -> str:
    r"""Return a text value without its escapes: `\n`, `\,`, `\;`, `\:` and `\\`.

    In a vCard 2.1 (`old`), `\n` is no line break.
    """

    def meant(match: re.Match[str]) -> str:
        char = match[1]
        if char in "nN":
            return match[0] if old else "\n"
        return char if char in "\\;,:" else match[0]

    return re.sub(r"\\(.)", meant, value)


def split(value: str, at: str, *, old: bool = False) -> list[str]:
    """Return the parts of a structured value, unescaped; `at` is `;` or `,`."""
    if (len(value) - len(value.rstrip("\\"))) % 2:
        value += "\\"  # a last one that escapes nothing is a character
    parts = re.findall(rf"(?s)((?:[^\\{at}]|\\.)*){at}", value + at)
    return [unescaped(part, old=old) for part in parts]
