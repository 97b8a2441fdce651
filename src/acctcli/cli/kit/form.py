"""A record as a form in the user's editor: `edit` without options.

The form is TOML with a comment on each field (`book.forms`). A refused form is offered again on a
terminal, with the error as a comment in it. It is also kept in a file whose name is printed; the
same command reads it with `--form FILE`.
"""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from acctcli import files, paths, text
from acctcli.book import forms
from acctcli.book.asked import Given
from acctcli.cli.kit.session import Session, stdin_text
from acctcli.errors import (
    AcctError,
    Cancelled,
    Conflict,
    Invalid,
    Lacking,
    NotFound,
    StorageError,
    UsageError,
)
from acctcli.model import KINDS
from acctcli.render.emit import say

Result = TypeVar("Result")

LARGEST = 10_000_000
"""In bytes: nobody types a larger form."""


class Filled(NamedTuple):
    """A typed form, and what was shown before; `then` if it was shown at another time.

    A form that was never shown is `partial`: it has only the fields to change.
    """

    typed: str
    shown: str
    then: str | None = None
    partial: bool = False

    @property
    def before(self) -> str:
        """The text that the typed form is compared with."""
        return self.shown if self.then is None else self.then

    def refuse_overtaken(self, what: str) -> None:
        """Refuse a kept form if its record was changed since."""
        if self.then is not None and self.then.split() != self.shown.split():
            raise Conflict(f"{what} was changed meanwhile by another command")


def changed(session: Session, kind: str, given: Given, filled: Filled) -> Given:
    """Return the fields that the user changed in a form, as if they had been given as options.

    Raises `Invalid` for a text that is not a form, and `Conflict` if another command changed such a
    field since the form was kept.
    """
    if filled.typed == filled.before:
        return Given({}, {})
    fields = {n: f for n, f in session.fields(kind).items() if given.offers(f)}
    typed, before = forms.read(filled.typed, fields), forms.read(filled.before, fields)
    found = forms.differing(before, typed, fields)
    if filled.partial:
        found = {name: value for name, value in found.items() if name in typed}
    if filled.then is not None:
        now = forms.read(filled.shown, fields)
        for name in found:
            if now.get(name) != before.get(name):
                said = name.replace("_", " ")
                raise Conflict(f"{said} was changed meanwhile by another command")
    return Given(found, {name: f"form: {name}" for name in found})


def shown(session: Session, kind: str, row: Mapping[str, Any], given: Given) -> str:
    """Return the form of a record, with the fields that the command offers."""
    fields = {n: f for n, f in session.fields(kind).items() if given.offers(f)}
    return forms.write(fields, row, f"{KINDS[kind].one} {row.get(KINDS[kind].title) or row['id']}")


def submitted(
    session: Session,
    shown: str,
    name: str,
    use: Callable[[Filled], Result],
    *,
    file: str | None = None,
    editor: str | None = None,
) -> Result:
    """Let the user fill in a form, and return what `use` makes of it.

    A form that `use` refuses is kept in a file. On a terminal the user may edit it again; else the
    error names the file. With `file`, a kept form is used first.
    """
    stem = name.removesuffix(".toml")
    filled = _from_file(file, shown) if file else _edited(session, shown, shown, name, editor)
    own = Path(file) if file and file != "-" else None
    while True:
        try:
            result = use(filled)
        except AcctError as error:
            own = _kept(session, stem, filled, own)
            if not _edit_again(session, error.message, own):
                raise _refusal(session, error, own) from error
            again = forms.refused(filled.typed, error.message)
            typed = _edited(session, again, shown, name, editor).typed
            filled = filled._replace(typed=forms.taken_apart(typed)[0])
            continue
        if own is not None and own.parent == paths.kept_texts(session.book):
            with suppress(OSError):
                own.unlink()
        return result


def _from_file(file: str, shown: str) -> Filled:
    """Return a kept form, or another one; `-` is stdin."""
    if file == "-":
        whole = stdin_text()
    else:
        try:
            whole = files.read_whole(Path(file), LARGEST).decode("utf-8-sig")
        except FileNotFoundError:
            raise NotFound(f"there is no file {text.safe(file)}") from None
        except UnicodeDecodeError:
            raise Invalid(f"{text.safe(file)} is not UTF-8") from None
    typed, then = forms.taken_apart(whole)
    return Filled(typed, shown, then, partial=then is None)


def _edited(session: Session, offered: str, shown: str, name: str, editor: str | None) -> Filled:
    return Filled(in_editor(session, offered, name, shown=shown, editor=editor), shown)


def _kept(session: Session, stem: str, filled: Filled, before: Path | None) -> Path:
    """Keep a refused form; return its file. The same form is kept once."""
    whole = forms.kept(filled.typed, filled.before)
    if before is not None and before.parent == paths.kept_texts(session.book):
        with suppress(StorageError):
            files.write_private(before, [whole], force=True)
            return before
    return _keep(session, stem, whole)


def _refusal(session: Session, error: AcctError, kept: Path) -> AcctError:
    """Return the error with the way to submit the form again."""
    end = "" if error.message.endswith("?") else "."
    message = f"{error.message.rstrip('.')}{end} {_way_back(session, kept)}"
    if isinstance(error, Lacking):  # options that are in the form are not asked for
        return Invalid(message, candidates=error.candidates)
    error.message = message
    return error


def _way_back(session: Session, kept: Path) -> str:
    words = [word for word in session.argv if not word.startswith("--form=")]
    if "--form" in words:
        place = words.index("--form")
        del words[place : place + 2]
    command = shlex.join(("acct", *words, "--form", str(kept)))
    return f"Your text is kept. To hand it back: {command}"


def _edit_again(session: Session, why: str, kept: Path) -> bool:
    """Whether the user wants to edit again; a script is not asked."""
    if not session.can_ask:
        return False
    say(f"acct: {text.safe(why)}")
    try:
        return session.choose("Edit the form again?", {"y": "yes", "n": "no"}) == "y"
    except KeyboardInterrupt as error:
        raise Cancelled(f"nothing was changed. {_way_back(session, kept)}") from error


def in_editor(
    session: Session, offered: str, name: str, *, shown: str, editor: str | None = None
) -> str:
    """Open a text in the user's editor and return it as it was saved.

    The editor is that of the settings (or `editor`), else $VISUAL or $EDITOR. `shown` is the form
    as it was at first.
    """
    command = _editor(session, session.own["me.editor"] if editor is None else editor)
    # A folder of its own (0700), because the form holds other people's personal data.
    with tempfile.TemporaryDirectory(prefix="acct-") as folder:
        path = Path(folder) / name
        path.write_text(offered, encoding="utf-8", newline="")
        path.chmod(0o600)
        try:
            with _deaf_to_ctrl_c():
                status = subprocess.run([*command, str(path)], check=False).returncode
        except OSError as error:
            raise NotFound(
                f"the editor {command[0]} cannot be started: {error.strerror}. Set EDITOR"
            ) from error
        typed = path.read_bytes() if path.is_file() else offered.encode()
    try:
        saved = typed.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Other encodings that an editor may save in, recognised without loss.
        saved = typed.decode("cp1252", errors="replace")
        refusal = Invalid("the form is not UTF-8 any more; nothing was changed")
        kept = _keep(session, name.removesuffix(".toml"), forms.kept(saved, shown))
        raise _refusal(session, refusal, kept) from None
    if status == 0:
        return saved
    refusal = Invalid(f"the editor ended with status {status}; nothing was changed")
    if saved == shown:
        raise refusal
    kept = _keep(session, name.removesuffix(".toml"), forms.kept(saved, shown))
    raise _refusal(session, refusal, kept)


@contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """Leave Ctrl-C to the editor, or the typed text would be lost."""
    try:
        before = signal.signal(signal.SIGINT, lambda *_: None)
    except ValueError:  # not the main thread, which gets no Ctrl-C
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _editor(session: Session, chosen: str) -> list[str]:
    """Return the editor's command line: the chosen one, else that of the environment."""
    known = (chosen, os.environ.get("VISUAL", ""), os.environ.get("EDITOR", ""))
    editor = next((e for e in known if e.strip()), "")
    if not editor and not session.interactive:
        raise UsageError("nothing to change: give an option, or set EDITOR to edit it as a form")
    if not editor:
        return ["notepad" if os.name == "nt" else "vi"]
    try:
        # Backslashes in a Windows path are no escapes.
        return [part.strip('"') for part in shlex.split(editor, posix=os.name != "nt")]
    except ValueError:
        raise UsageError(
            f"the editor {text.quoted(editor)} has an open quote. Set EDITOR"
        ) from None


def _keep(session: Session, stem: str, typed: str) -> Path:
    try:
        return files.keep_text(paths.kept_texts(session.book), stem, ".toml", typed)
    except StorageError:
        # The folder of the book may be read-only, but a typed text must not be lost.
        return files.keep_text(Path(tempfile.mkdtemp(prefix="acct-")), stem, ".toml", typed)
