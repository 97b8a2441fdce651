"""The files that the import wizards of other systems take, and how a record becomes a row of one.

`wizards.toml` has the files of each preset: the header of each column, and what it holds. The words
of the system stand for ours, days are in ISO form, and our ids are there so that links hold.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from acctcli import model, packaged
from acctcli.frozen import Frozen
from acctcli.model import KINDS, Field, Row
from acctcli.values.fields import cell

_MOMENTS = {
    "salesforce": "%Y-%m-%dT%H:%M:%S.000Z",
    "hubspot": "%Y-%m-%d %H:%M",
    "pipedrive": "%Y-%m-%d %H:%M:%S",
    "zoho": "%Y-%m-%d %H:%M:%S",
    "dynamics": "%Y-%m-%d %H:%M",
}
"""How each system takes moments: in the user's zone, except Salesforce."""

PRESETS = tuple(_MOMENTS)

EndsAs = Callable[[str], str]
"""Returns `open`, `won` or `lost` for a stage."""


class WizardFile(Frozen):
    """A file of a preset: its kind, the columns with what they hold, and the words of the system.

    `where` has the words that a field of the records must have. Two files of one name are the rows
    of one file.
    """

    preset: str
    name: str
    kind: str
    columns: Mapping[str, str]
    where: Mapping[str, frozenset[str]] = {}
    words: Mapping[str, Mapping[str, str]] = {}

    def takes(self, row: Row) -> bool:
        """Whether a record belongs into this file."""
        return all(row.get(name) in words for name, words in self.where.items())

    @property
    def held(self) -> Mapping[str, int]:
        """How many values of each field the columns hold; 0 for a list that is held whole."""
        return _held(self)


@functools.cache
def files_of(preset: str) -> tuple[WizardFile, ...]:
    """Return the files of a preset, in the order in which they are to be imported."""
    return tuple(
        WizardFile(
            said["preset"],
            said["name"],
            said["kind"],
            said["columns"],
            {
                name: frozenset(map(str.strip, words.split(",")))
                for name, words in said.get("where", {}).items()
            },
            said.get("words", {}),
        )
        for said in packaged.table("acctcli.interop", "wizards")["file"]
        if said["preset"] == preset
    )


def cells(file: WizardFile, fields: Mapping[str, Field], row: Row, stage: EndsAs) -> list[str]:
    """Return the cells of a record."""
    return [_cell(file, fields, row, source, stage) for source in file.columns.values()]


def _cell(
    file: WizardFile, fields: Mapping[str, Field], row: Row, source: str, stage: EndsAs
) -> str:
    if source.startswith("="):
        return source.removeprefix("=").strip()
    for one in source.split(" or "):
        found = _text(file, fields, row, one, stage)
        if found:
            return found
    return ""


def _text(
    file: WizardFile, fields: Mapping[str, Field], row: Row, source: str, stage: EndsAs
) -> str:
    if source == "done":
        return file.words["done"]["yes" if row.get("done_at") else "no"]
    if source == "summary and body":
        summary, body = str(row.get("summary") or ""), str(row.get("body") or "")
        return body if body.startswith(summary) else f"{summary}\n{body}".strip()
    if source in ("first_name", "last_name"):
        first, _, last = str(row.get("name") or "").rpartition(" ")
        return first if source == "first_name" else last
    part, _, name = source.rpartition(" of ")
    if part:
        return _part(file, row, part, name, stage)
    name, _, place = source.partition(".")
    value = row.get(name)
    if place:
        listed: Sequence[str] = value or ()
        return "; ".join(listed[1:]) if place == "+" else "".join(listed[int(place) - 1 :][:1])
    if value is None or value == ():
        return ""
    field = fields.get(name)
    if field is None:  # the ids of a reference
        return "; ".join(value) if isinstance(value, tuple) else str(value)
    return _plain(file, field, value, row, stage)


def _plain(file: WizardFile, field: Field, value: Any, row: Row, stage: EndsAs) -> str:
    words = file.words.get(field.name, {})
    if field.type == model.STAGE:
        known = stage(str(value))
        return words.get(str(value) if known == "open" else known, str(value))
    if field.type == model.FLAG:
        return words.get("yes" if value else "no", "true" if value else "false")
    if field.type == model.MOMENT:
        return _moment(file, str(value))
    if field.type == model.LINKEDIN:
        return f"https://www.linkedin.com/in/{value}"
    text = cell(field, value, row)
    return words.get(text, text)


def _part(file: WizardFile, row: Row, part: str, name: str, stage: EndsAs) -> str:
    """Return a part of a value: the day of a moment, the seconds of a duration."""
    value = row.get(name)
    if value is None:
        return ""
    match part:
        case "status":
            return file.words["status"][stage(str(value))]
        case "seconds":
            return str(int(value) * 60)
        case "clock":
            form = "{:d}:{:02d}:00" if file.preset == "hubspot" else "{:02d}:{:02d}"
            return form.format(*divmod(int(value), 60))
        case "day":
            return _local(str(value)).strftime("%Y-%m-%d")
        case "time":
            return _local(str(value)).strftime("%H:%M")
        case _:
            ends = _local(str(value)) + timedelta(minutes=int(row.get("duration") or 0))
            return ends.strftime(_MOMENTS[file.preset])


def _local(moment: str) -> datetime:
    return datetime.fromisoformat(moment).astimezone()


def _moment(file: WizardFile, moment: str) -> str:
    zone = UTC if file.preset == "salesforce" else None
    return datetime.fromisoformat(moment).astimezone(zone).strftime(_MOMENTS[file.preset])


def _held(file: WizardFile) -> dict[str, int]:
    fields = KINDS[file.kind].fields
    ids = {field.id_name: name for name, field in fields.items() if field.target}
    held: dict[str, int] = {}
    for source in file.columns.values():
        if source.startswith("="):
            continue
        for one in source.replace(" and ", " or ").split(" or "):
            name, _, place = one.rpartition(" of ")[2].partition(".")
            name = {"done": "done_at", "first_name": "name", "last_name": "name"}.get(name, name)
            name = ids.get(name, name)
            if place and place != "+" and held.get(name, 1):
                held[name] = max(held.get(name, 0), int(place))
            else:
                held[name] = 0
    return held
