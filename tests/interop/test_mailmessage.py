"""What a message says, however it is broken, and who wrote it."""

from __future__ import annotations

import email.policy
import importlib.util
from datetime import UTC, datetime
from pathlib import Path

import pytest

from acctcli.errors import Invalid
from acctcli.interop.mailmessage import (
    AUTOMATIC,
    BOUNCE,
    INVITATION,
    LIST,
    NEWSLETTER,
    REPLY,
    UNSENT,
    Correspondent,
    MailMessage,
    _hidden,
    read_message,
)


def read(headers: str, body: str = "Hi\n") -> MailMessage:
    return read_message(f"{headers}\n\n{body}".encode())


def people(header: str) -> list[Correspondent]:
    return [*read(f"From: a@b.sg\nTo: {header}").recipients]


def test_a_message_is_read() -> None:
    message = read(
        "From: =?utf-8?q?M=C3=A9i?= Tan <Mei@greentech.sg>\nTo: Kim <kim@ours.sg>\n"
        "Cc: raj@greentech.sg\nDate: Mon, 02 Nov 2026 10:12:11 +0800\nMessage-ID: <1@g.sg>\n"
        "Subject: =?utf-8?b?UsOpc3Vtw6k=?=\n of the day\nIn-Reply-To: <0@g.sg>\n"
        "References: <00@g.sg> <0@g.sg>"
    )
    assert message == MailMessage(
        id="1@g.sg",
        at=datetime(2026, 11, 2, 2, 12, 11, tzinfo=UTC),
        sender=Correspondent("Méi Tan", "Mei@greentech.sg"),
        recipients=(Correspondent("Kim", "kim@ours.sg"), Correspondent("", "raj@greentech.sg")),
        subject="Résumé of the day",
        text="Hi\n",
        html=False,
        flowed=False,
        attachments=(),
        thread=tuple(form for id in ("0@g.sg", "00@g.sg") for form in (id, _hidden(id))),
        automatic="",
        received=None,
    )


@pytest.mark.parametrize(
    ("header", "names"),
    [
        ('"Tan, Mei" <m@g.sg>, raj@g.sg', [("Tan, Mei", "m@g.sg"), ("", "raj@g.sg")]),
        ("Team: a@g.sg, Bo <b@g.sg>;", [("", "a@g.sg"), ("Bo", "b@g.sg")]),
        ("undisclosed-recipients:;", []),
        ("=?x-unknown?q?Mei?= <m@g.sg>", [("Mei", "m@g.sg")]),
        ("=?utf-8?b?broken!!!?= <m@g.sg>", None),
        ("not an address", []),
        ("", []),
        ("a@g.sg\n\t, b@g.sg", [("", "a@g.sg"), ("", "b@g.sg")]),
    ],
)
def test_lists_of_addresses(header: str, names: list[tuple[str, str]] | None) -> None:
    if names is None:
        assert [one.address for one in people(header)] == ["m@g.sg"]
    else:
        assert people(header) == names


def test_two_hundred_recipients_are_read() -> None:
    listed = ",\n ".join(f'"Person {n}" <p{n}@g.sg>' for n in range(200))
    assert len(people(listed)) == 200


@pytest.mark.parametrize(
    ("date", "at"),
    [
        ("Mon, 02 Nov 2026 10:12:11 +0800", datetime(2026, 11, 2, 2, 12, 11, tzinfo=UTC)),
        ("2 Nov 2026 10:12:11 -0000", datetime(2026, 11, 2, 10, 12, 11, tzinfo=UTC)),
        ("Thu, 01 Jan 1970 00:00:00 +0000", datetime(1970, 1, 1, tzinfo=UTC)),
        ("Thu, 01 Jan 2099 00:00:00 +0000", datetime(2099, 1, 1, tzinfo=UTC)),
        ("yesterday", None),
        ("Mon, 32 Nov 2026 10:12:11 +0800", None),
        ("Mon, 02 Nov 2026 10:12:11 +9999999999", None),
        ("", None),
    ],
)
def test_dates(date: str, at: datetime | None) -> None:
    assert read(f"From: a@b.sg\nDate: {date}").at == at


def test_the_last_stamp_of_receipt_is_known() -> None:
    message = read(
        "Received: from a by b; Tue, 03 Nov 2026 08:00:00 +0000\n"
        "Received: from c by a; Mon, 02 Nov 2026 08:00:00 +0000\nFrom: a@b.sg"
    )
    assert message.received == datetime(2026, 11, 3, 8, tzinfo=UTC)


def test_an_id_is_the_header_s_or_is_made_of_what_a_message_says() -> None:
    assert read("From: mei@b.sg\nMessage-ID: <1@b.sg>").id == "1@b.sg"
    for odd in ("a b@x", f"{'x' * 1000}@x", "20261122.Tan-7@x"):
        message = read(f"From: mei.tan@b.sg\nMessage-ID: <{odd}>")
        assert message.id.startswith("digest:")
        assert message.id in read(f"From: a@b.sg\nReferences: <{odd}>").thread
    made = read("From: a@b.sg\nDate: x\nSubject: y").id
    assert made.startswith("none:")
    assert made == read("Subject: y\nDate: x\nFrom: A <A@b.sg>\nMessage-ID:").id
    others = [
        read("From: c@b.sg\nDate: x\nSubject: y").id,
        read("From: a@b.sg\nDate: z\nSubject: y").id,
        read("From: a@b.sg\nDate: x\nSubject: z").id,
        read("From: a@b.sg\nDate: x\nSubject: y", "Ho\n").id,
    ]
    assert len({made, *others}) == 5


@pytest.mark.parametrize(
    ("kind", "headers"),
    [
        (NEWSLETTER, "List-Unsubscribe: <https://x.sg/u>"),
        (NEWSLETTER, "List-Id: <news.x.sg>\nList-Unsubscribe: <https://x.sg/u>"),
        (NEWSLETTER, "Precedence: bulk"),
        (LIST, "List-Id: <talk.x.sg>\nList-Post: <mailto:t@x.sg>\nList-Unsubscribe: <x>"),
        (LIST, "Precedence: list"),
        (REPLY, "Auto-Submitted: auto-replied"),
        (REPLY, "Precedence: auto_reply"),
        (REPLY, "X-Autoreply: yes"),
        (REPLY, "Content-Type: multipart/report; report-type=disposition-notification; boundary=x"),
        (AUTOMATIC, "Auto-Submitted: auto-generated"),
        (AUTOMATIC, "Sender: x@b.sg\nFrom: No-Reply@b.sg"),
        (BOUNCE, "Content-Type: multipart/report; report-type=delivery-status; boundary=x"),
        (BOUNCE, "From: MAILER-DAEMON@b.sg"),
        (INVITATION, "Content-Type: text/calendar; method=REQUEST"),
        (UNSENT, "X-Gmail-Labels: Inbox,Spam"),
        (UNSENT, "X-Mozilla-Status: 0009"),
        (UNSENT, "X-Status: AD"),
        (UNSENT, "X-Spam-Flag: YES"),
        ("", "X-Mozilla-Status: 0001"),
        ("", "Auto-Submitted: no"),
        ("", "Precedence: first-class"),
        ("", "Content-Type: text/calendar; method=REQUEST\nContent-Disposition: attachment"),
    ],
)
def test_what_no_person_wrote_is_told_apart(kind: str, headers: str) -> None:
    sender = "" if "From:" in headers else "From: a@b.sg\n"
    assert read(f"{sender}{headers}").automatic == kind


def multipart(*parts: str, kind: str = "mixed") -> MailMessage:
    inside = "".join(f"--cut\n{part}\n" for part in parts)
    headers = f"From: a@b.sg\nContent-Type: multipart/{kind}; boundary=cut"
    return read(headers, f"{inside}--cut--\n")


PLAIN = "Content-Type: text/plain; charset=utf-8\n\nHi"
ATTACHED = "Content-Disposition: attachment"
HTML = "Content-Type: text/html; charset=utf-8\n\n<p>Hi</p>"


def test_plain_text_counts_before_html() -> None:
    both = multipart(HTML, PLAIN, kind="alternative")
    assert (both.text.strip(), both.html) == ("Hi", False)
    empty = multipart("Content-Type: text/plain\n\n\n", HTML, kind="alternative")
    assert (empty.text.strip(), empty.html) == ("<p>Hi</p>", True)


def test_attachments_are_named_and_nothing_else() -> None:
    found = multipart(
        PLAIN,
        f'Content-Type: application/pdf\n{ATTACHED}; filename="../a\x1b.pdf"\n\nx',
        f"Content-Type: text/plain\n{ATTACHED}; filename*=utf-8''%C3%A9.txt\n\nx",
        'Content-Type: image/png; name="=?utf-8?q?=C3=A4?=.png"\n\nx',
        "Content-Type: message/rfc822\n\nFrom: a@b.sg\nSubject: the old one\n\nold text",
    )
    assert found.attachments == (r"a\x1b.pdf", "é.txt", "ä.png", "the old one")
    assert found.text.strip() == "Hi"


@pytest.mark.parametrize(
    ("type", "body", "text"),
    [
        ("text/plain; charset=utf-8", b"caf\xc3\xa9", "café"),
        ("text/plain; charset=latin-1", b"caf\xe9", "café"),
        ("text/plain; charset=us-ascii", b"caf\xc3\xa9", "café"),
        ("text/plain", b"caf\xc3\xa9", "café"),
        ("text/plain; charset=utf-8", b"caf\xe9", "caf\ufffd"),
        ("text/plain; charset=x-martian", b"caf\xc3\xa9", "café"),
        ("text/plain; charset=hex", b"4a", "4a"),
        ("text/plain; charset=punycode", b"a-zz9" * 50_000, "a-zz9" * 50_000),
        ("text/plain; charset=unicode-escape", rb"\ud800", r"\ud800"),
        ('text/plain; charset="', b"Hi", "Hi"),
        ("text/", b"Hi", "Hi"),
        ("text/plain; charset=utf-8", b"N\0UL", "NUL"),
    ],
)
def test_charsets(type: str, body: bytes, text: str) -> None:
    data = f"From: a@b.sg\nContent-Type: {type}\n\n".encode() + body
    assert read_message(data).text == text


def test_raw_bytes_and_control_characters_in_headers() -> None:
    message = read_message(
        b"From: a@b.sg\nSubject: caf\xc3\xa9 \xff N\0UL\x1b[31m \xe2\x80\xae\n\n"
    )
    assert message.subject == "café \ufffd NUL\x1b[31m \u202e"


@pytest.mark.parametrize("depth", [400, 2000])
def test_what_is_nested_too_deeply_is_refused(depth: int) -> None:
    nested = "".join(
        f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(depth)
    )
    if depth == 400:
        assert read_message(nested.encode()).text == ""
        return
    with pytest.raises(Invalid, match="nested too deeply"):
        read_message(nested.encode())


def test_thousands_of_parts_are_refused() -> None:
    with pytest.raises(Invalid, match="more than 1,000 parts"):
        multipart(*[PLAIN] * 2000)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0" * 1000,
        b"\n\n\n",
        b"no header at all",
        b"From\n\nx",
        b"Content-Type: multipart/mixed\n\nno boundary",
        b"Content-Type: multipart/mixed; boundary=x\n\nnever begins",
        b"Content-Transfer-Encoding: base64\n\n!!!!",
        b"Content-Transfer-Encoding: uuencode\n\nbegin 644\nx",
        b"Content-Type: message/rfc822\n\n",
        b"Content-Type: ;;;=\nContent-Disposition: =\n\nx",
        b"To: " + b"<" * 5000 + b"\n\n",
        b"To: " + b'"' * 5001 + b"\n\n",
        b"To: " + b"(" * 5000 + b"\n\n",
        b"Subject: " + b"=?utf-8?q?" * 5000 + b"\n\n",
        b"References: " + b"<" * 5000 + b"\n\n",
        bytes(range(256)) * 50,
    ],
)
def test_anything_is_read(data: bytes) -> None:
    message = read_message(data)
    assert message.id
    assert "\0" not in message.text + message.subject


def samples() -> list[Path]:
    """Return the messages of Python's own tests; Debian's Python comes without them."""
    try:
        found = importlib.util.find_spec("test.test_email")
    except ModuleNotFoundError:
        return []
    places = found.submodule_search_locations if found else None
    return sorted(path for place in places or () for path in Path(place).glob("data/msg_*.txt"))


if SAMPLES := samples():

    @pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
    def test_the_messages_of_python_s_own_tests(path: Path) -> None:
        message = read_message(path.read_bytes())
        parsed = email.message_from_bytes(path.read_bytes(), policy=email.policy.compat32)
        assert message.id
        if parsed["from"] and "@" in parsed["from"]:
            assert message.sender.address in parsed["from"].replace("\n", "")
