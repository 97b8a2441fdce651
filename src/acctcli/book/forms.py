"""Records as forms in TOML: the text of a form, and what was changed in it.

A form has a comment on each field. The saved text is compared with the original, and only the
differences are used, as if they had been typed as options.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from acctcli import model, text
from acctcli.errors import Invalid
from acctcli.model import Field
from acctcli.values.fields import cell

SAYS = "#! "
"""Begins a line above a form that says why it was refused."""

SHOWN = "#= "
"""Begins a line of the original form, below a kept one."""

NOTE = f"{SHOWN}What follows is the form as it was shown. Leave it as it is."


def refused(typed: str, why: str) -> str:
    """Return a form to edit again, with the error as a comment at its top."""
    return f"{SAYS}{text.safe(text.flat(why))}\n{_unsaid(typed)}"


def kept(typed: str, shown: str) -> str:
    """Return a form to keep: what was typed, and below it the original, as comments."""
    lines = "".join(f"{SHOWN}{line}\n" for line in shown.split("\n"))
    return f"{_unsaid(typed).rstrip()}\n\n{NOTE}\n{lines}"


def taken_apart(whole: str) -> tuple[str, str | None]:
    """Return what was typed in a kept form, and the original; None if it has none."""
    typed, note, below = whole.rpartition(NOTE)
    if not note:
        return _unsaid(whole), None
    lines = [line.rstrip("\r").removeprefix(SHOWN) for line in below.lstrip("\r\n").split("\n")]
    return _unsaid(typed), "\n".join(lines[:-1])


def _unsaid(typed: str) -> str:
    """Return the form without what an earlier refusal wrote at its top."""
    while typed.startswith(SAYS):
        typed = typed.partition("\n")[2]
    return typed


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
