"""Where the messages of a file are, and how much of them is read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from acctcli.errors import Invalid, NotFound, StorageError
from acctcli.interop import mailfile
from acctcli.interop.mailfile import MailFile, is_mail, read_mail

ENVELOPE = b"From mei@greentech.sg Mon Nov  2 10:12:11 2026\n"


def texts(file: MailFile) -> list[bytes]:
    return [read() for read, _ in file.open_messages()]


def mbox(path: Path, content: bytes) -> MailFile:
    path.write_bytes(content)
    return read_mail(path)


def test_an_mbox_is_its_messages(tmp_path: Path) -> None:
    found = mbox(tmp_path / "a.mbox", ENVELOPE + b"Subject: a\n\none\n\n" + ENVELOPE + b"\ntwo\n")
    assert (found.form, found.count) == ("mbox", 2)
    assert texts(found) == [b"Subject: a\n\none\n\n", b"\ntwo\n"]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (b">From here on\n", b"From here on\n"),
        (b">>From here on\n", b">From here on\n"),
        (b"From what I see, at 10:30 in 2026\n", b"From what I see, at 10:30 in 2026\n"),
        (b"\nFrom what I see, all is well\n", b"\nFrom what I see, all is well\n"),
    ],
)
def test_a_line_that_begins_with_from_is_text(tmp_path: Path, written: bytes, read: bytes) -> None:
    found = mbox(tmp_path / "a.mbox", ENVELOPE + b"Subject: a\n\nHi\n" + written)
    assert texts(found) == [b"Subject: a\n\nHi\n" + read]


def test_line_ends_of_windows_and_other_envelopes(tmp_path: Path) -> None:
    lines = [b"From - Mon Nov 02 10:12:11 2026", b"Subject: a", b"", b"one", b""]
    lines += [b"From 17@xxx Mon Nov 02 02:12:11 +0000 2026", b"Subject: b", b"", b"two", b""]
    found = mbox(tmp_path / "a.mbox", b"\r\n".join(lines))
    assert [text.split()[1] for text in texts(found)] == [b"a", b"b"]


def test_a_separator_across_blocks_is_found_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailfile, "_BLOCK", 97)
    content = b"".join(ENVELOPE + b"Subject: %d\n\n%s\n\n" % (n, b"x" * n) for n in range(200))
    found = mbox(tmp_path / "a.mbox", content)
    assert found.count == 200
    assert [text.split()[1] for text in texts(found)] == [b"%d" % n for n in range(200)]


def test_what_an_attachment_holds_is_not_read(tmp_path: Path) -> None:
    attachment = b"Q" * 76 + b"\n"
    content = (
        b"Subject: a\nContent-Type: multipart/mixed; boundary=cut\n\n--cut\n\nHi\n--cut\n"
        b"Content-Type: application/pdf; name=big.pdf\n\n"
        + attachment * (20_000_000 // len(attachment))
        + b"--cut\nContent-Type: text/plain\n\nlast\n--cut--\n"
    )
    path = tmp_path / "big.eml"
    path.write_bytes(content)
    [text] = texts(read_mail(path))
    assert len(text) < 600_000
    assert text.endswith(b"--cut\nContent-Type: text/plain\n\nlast\n--cut--\n")


def test_a_header_of_a_megabyte_is_cut(tmp_path: Path) -> None:
    path = tmp_path / "big.eml"
    path.write_bytes(b"To: " + b"a@b.sg, " * 200_000 + b"\nSubject: kept\n\nHi\n")
    [text] = texts(read_mail(path))
    assert len(text) < 300_000
    assert text.endswith(b"\nSubject: kept\n\nHi\n")


def test_a_message_without_lines_is_bounded(tmp_path: Path) -> None:
    path = tmp_path / "big.eml"
    path.write_bytes(b"Subject: a\n\n" + b"x" * 10_000_000)
    [text] = texts(read_mail(path))
    assert len(text) < 300_000


def test_a_maildir_is_its_messages_without_drafts_and_trash(tmp_path: Path) -> None:
    box = tmp_path / "Maildir"
    for part in ("cur", "new", "tmp", ".Sent/cur", ".Sent/new"):
        (box / part).mkdir(parents=True)
    for name in ("cur/1.host:2,S", "cur/2.host:2,ST", "cur/3.host:2,D", "new/4.host", "tmp/5.host"):
        (box / name).write_text(f"Subject: {name}\n\nHi\n")
    found = read_mail(box)
    assert [(read().split()[1], unsent) for read, unsent in found.open_messages()] == [
        (b"cur/1.host:2,S", False),
        (b"cur/2.host:2,ST", True),
        (b"cur/3.host:2,D", True),
        (b"new/4.host", False),
    ]
    assert found.notes == ("1 folder in it is not read: .Sent. Import each by its path",)


def test_a_folder_of_messages_and_one_of_apple_mail(tmp_path: Path) -> None:
    folder = tmp_path / "saved"
    folder.mkdir()
    (folder / "b.eml").write_text("Subject: b\n\n")
    (folder / "a.eml").write_bytes(b"\xef\xbb\xbfSubject: a\n\n")
    found = read_mail(folder)
    assert (texts(found), found.notes) == ([b"Subject: a\n\n", b"Subject: b\n\n"], ())
    (folder / "more").mkdir()
    assert read_mail(folder).notes == ("1 other file or folder in it is not read",)
    (folder / "accounts.csv").write_text("name\nAcme\n")
    assert not is_mail(folder)
    apple = tmp_path / "Sent.mbox"
    apple.mkdir()
    (apple / "mbox").write_bytes(ENVELOPE + b"Subject: c\n\n")
    assert (is_mail(apple), read_mail(apple).count) == (True, 1)


def test_mail_is_known_by_its_name_or_its_first_line(tmp_path: Path) -> None:
    (tmp_path / "Inbox").write_bytes(ENVELOPE + b"Subject: a\n\n")
    (tmp_path / "notes.txt").write_bytes(b"From here on: 10 of 2026\n")
    (tmp_path / "a.csv").write_bytes(ENVELOPE)
    (tmp_path / "folder").mkdir()
    named = {name: is_mail(tmp_path / name) for name in ("Inbox", "notes.txt", "a.csv", "folder")}
    assert named == {"Inbox": True, "notes.txt": False, "a.csv": False, "folder": False}
    assert is_mail(tmp_path / "gone.eml")
    assert not is_mail(tmp_path / "gone")


def test_a_folder_or_file_that_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, *given: object) -> None:
        raise PermissionError(13, "Permission denied")

    box = tmp_path / "Maildir"
    for part in ("cur", "new"):
        (box / part).mkdir(parents=True)
    path = tmp_path / "Inbox"
    path.write_bytes(ENVELOPE + b"Subject: a\n\n")
    monkeypatch.setattr(Path, "open", refuse)
    assert not is_mail(path)
    with pytest.raises(StorageError, match="Inbox cannot be read: Permission denied"):
        read_mail(path)
    monkeypatch.setattr(Path, "iterdir", refuse)
    assert not is_mail(tmp_path)
    with pytest.raises(StorageError, match="Maildir cannot be read: Permission denied"):
        read_mail(box)


def test_a_file_that_goes_bad_while_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*given: object) -> None:
        raise OSError(5, "Input/output error")

    found = mbox(tmp_path / "a.mbox", ENVELOPE + b"Subject: a\n\n")
    single = tmp_path / "a.eml"
    single.write_bytes(b"Subject: a\n\n")
    other = read_mail(single)
    monkeypatch.setattr(mailfile, "_bounded", fail)
    for file, name in ((found, "a.mbox"), (other, "a.eml")):
        with pytest.raises(StorageError, match=f"{name} cannot be read: Input/output error"):
            texts(file)
    monkeypatch.setattr(mailfile, "_places", fail)
    with pytest.raises(StorageError, match=r"a\.mbox cannot be read"):
        read_mail(tmp_path / "a.mbox")


def test_what_is_no_mail_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"a.mbox is not an mbox: its first line"):
        mbox(tmp_path / "a.mbox", b"Subject: a\n\nHi\n")
    assert mbox(tmp_path / "empty.mbox", b"").count == 0
    with pytest.raises(NotFound, match=r"no file gone.eml"):
        read_mail(tmp_path / "gone.eml")
    os.mkfifo(tmp_path / "pipe.eml")
    with pytest.raises(Invalid, match=r"pipe.eml is not a file"):
        read_mail(tmp_path / "pipe.eml")
