"""A record as a form in the user's editor: `edit` without options.

The form is TOML with a comment on each field. The saved text is compared with the original, and
only the differences are used, as if they had been typed as options. A refused form is kept in a
file whose name is printed.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from acctcli import files, model, paths, text
from acctcli.book.asked import Given
from acctcli.cli.kit.session import Session
from acctcli.errors import AcctError, Invalid, NotFound, StorageError, UsageError
from acctcli.frozen import Frozen
from acctcli.model import KINDS, Field
from acctcli.values.fields import cell


class Form(Frozen):
    """A saved form: its whole text, and the fields that the user changed."""

    text: str
    given: Given


def ask(session: Session, kind: str, row: Mapping[str, Any], given: Given) -> Form | None:
    """Let the user edit what a command offers of a record; None if nothing was changed.

    Raises `UsageError` if there is no editor, and `Invalid` for a text that is not a form any more
    (it is kept).
    """
    fields = {n: f for n, f in session.fields(kind).items() if given.offers(f)}
    shown = write(fields, row, f"{kind} {row.get(KINDS[kind].title) or row['id']}")
    typed = in_editor(session, shown, f"{kind}.toml")
    if typed == shown:
        return None
    with kept_if_refused(session, kind, typed):
        changed = differing(read(shown, fields), read(typed, fields), fields)
    return Form(typed, Given(changed, {n: f"form: {n}" for n in changed})) if changed else None


def write(fields: Mapping[str, Field], row: Mapping[str, Any], title: str) -> str:
    """Return the form of a record as TOML, each field under a comment about its values."""
    import tomlkit

    form = tomlkit.document()
    form.add(tomlkit.comment(f"{text.safe(title)}: change what you like, save and close."))
    form.add(tomlkit.comment('An empty value "" clears a field. Left as it is, nothing changes.'))
    for name, field in fields.items():
        form.add(tomlkit.nl())
        form.add(tomlkit.comment(text.safe(_hint(field))))
        form.add(name, _item(field, row))
    return tomlkit.dumps(form)


def write_blocks(
    name: str,
    fields: Mapping[str, Field],
    rows: Sequence[Mapping[str, Any]],
    ids: Mapping[str, str],
) -> str:
    """Return the rest of a form with several records of a kind: a block `[[name]]` for each.

    Its `id`, from `ids`, identifies the record of a block.
    """
    import tomlkit

    form = tomlkit.document()
    form.add(tomlkit.comment(f"One block for each {name}. Take a block out, and it is deleted."))
    for field in fields.values():
        form.add(tomlkit.comment(text.safe(f"{field.name}: {_hint(field)}")))
    blocks = tomlkit.aot()
    for row in rows:
        block = tomlkit.table()
        for field_name, field in fields.items():
            block.add(field_name, _item(field, row))
        block.add("id", ids[row["id"]])
        blocks.append(block)
    if rows:
        form.add(tomlkit.nl())
        form.add(name, blocks)
    blank = "".join(f'# {n} = "{field.default or ""}"\n' for n, field in fields.items())
    return f"{tomlkit.dumps(form)}\n# One more: take the # away.\n# [[{name}]]\n{blank}"


def _item(field: Field, row: Mapping[str, Any]) -> str | list[str]:
    import tomlkit

    value = row.get(field.name)
    if field.many:
        return list(value or ())
    shown = cell(field, value, row)
    return tomlkit.string(shown, multiline="\n" in shown)


def _hint(field: Field) -> str:
    if field.choices:
        return f"{field.help}: {', '.join(field.choices)}"
    if field.type == model.DAY:
        return f"{field.help} (a day: 2026-12-15, fri, 2w)"
    if field.many:
        return f"{field.help} (a list)"
    return field.help


def read(typed: str, fields: Mapping[str, Field]) -> dict[str, str | list[str]]:
    """Return the fields of a form as typed texts. Raises `Invalid` naming the line or the field."""
    return read_fields(parse(typed), fields)


def read_blocks(
    form: dict[str, Any], name: str, fields: Mapping[str, Field]
) -> list[tuple[str, dict[str, str | list[str]]]]:
    """Remove the blocks `[[name]]` from a form; return the id of each (or "") and its fields."""
    blocks = form.pop(name, [])
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        raise Invalid(f"form: {name} must be written in blocks [[{name}]]")
    return [(_typed(block.pop("id", ""), "id"), read_fields(block, fields)) for block in blocks]


def differing(
    before: Mapping[str, str | list[str]],
    after: Mapping[str, str | list[str]],
    fields: Mapping[str, Field],
) -> dict[str, str | list[str]]:
    """Return what was changed in a form. Deleting a line empties its field."""
    changed = {n: v for n, v in after.items() if v != before.get(n)}
    return changed | {n: [] if fields[n].many else "" for n in before if n not in after}


def parse(typed: str) -> dict[str, Any]:
    """Parse a form as TOML, with numbers as typed. Raises `Invalid` naming the line."""
    from acctcli import configfile  # most commands open no form

    return configfile.parsed(typed, "the form cannot be read", parse_float=str)


def read_fields(form: Mapping[str, Any], fields: Mapping[str, Field]) -> dict[str, str | list[str]]:
    """Return the fields of a form or block as typed texts. Raises `Invalid` naming the field."""
    found: dict[str, str | list[str]] = {}
    for name, value in form.items():
        if name not in fields:
            near = text.near(name, fields, limit=1)
            hint = text.did_you_mean(near)
            raise Invalid(f'the form has an unknown field "{text.safe(name)}".{hint}')
        found[name] = (
            [_typed(v, name) for v in value] if isinstance(value, list) else _typed(value, name)
        )
    return found


def _typed(value: Any, name: str) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict | list):
        raise Invalid(f"form: {name} must be one value")
    return str(value)


def in_editor(session: Session, shown: str, name: str, *, editor: str | None = None) -> str:
    """Open a text in the user's editor and return it as it was saved.

    The editor is that of the settings (or `editor`), else $VISUAL or $EDITOR.
    """
    command = _editor(session, session.own["me.editor"] if editor is None else editor)
    # A folder of its own (0700), because the form holds other people's personal data.
    with tempfile.TemporaryDirectory(prefix="acct-") as folder:
        path = Path(folder) / name
        path.write_text(shown, encoding="utf-8", newline="")
        path.chmod(0o600)
        try:
            status = subprocess.run([*command, str(path)], check=False).returncode
        except OSError as error:
            raise NotFound(
                f"the editor {command[0]} cannot be started: {error.strerror}. Set EDITOR"
            ) from error
        typed = path.read_bytes() if path.is_file() else shown.encode()
    try:
        saved = typed.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Other encodings that an editor may save in, recognised without loss.
        saved = typed.decode("cp1252", errors="replace")
        with kept_if_refused(session, name.removesuffix(".toml"), saved):
            raise Invalid("the form is not UTF-8 any more; nothing was changed") from None
    if status == 0:
        return saved
    refusal = Invalid(f"the editor ended with status {status}; nothing was changed")
    if saved == shown:
        raise refusal
    with kept_if_refused(session, name.removesuffix(".toml"), saved):
        raise refusal


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


@contextmanager
def kept_if_refused(session: Session, kind: str, typed: str) -> Iterator[None]:
    """Keep a typed text in a file if it is refused, and say where."""
    try:
        yield
    except AcctError as error:
        kept = _keep(session, kind, typed)
        error.message = f"{error.message.rstrip('.')}. Your text is kept in {kept}"
        raise


def _keep(session: Session, stem: str, typed: str) -> Path:
    try:
        return files.keep_text(paths.kept_texts(session.book), stem, ".toml", typed)
    except StorageError:
        # The folder of the book may be read-only, but a typed text must not be lost.
        return files.keep_text(Path(tempfile.mkdtemp(prefix="acct-")), stem, ".toml", typed)
