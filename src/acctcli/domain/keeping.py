"""Choose the value of each field that stays when several records are merged into one.

Pure: takes fields and rows, returns which row each value comes from. docs/how-scores-work.md lists
the rules.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from acctcli import model
from acctcli.model import Field

_STATUS_SAYS = {"customer": 3, "former": 2, "prospect": 1, "lead": 0}
"""The rank of a status: the more business there was, the higher."""

_OF_THE_PLACE = ("title", "role", "department", "influence", "reports_to", "primary", "since")
"""Fields of a person that may differ between accounts."""


def richest(
    fields: Mapping[str, Field], rows: Sequence[Mapping[str, Any]], *, prefer_other: bool = False
) -> dict[str, int]:
    """Return, for each field with one value, the index in `rows` of the record whose value stays.

    The first row is the record that stays: its values win where it has any, unless `prefer_other`;
    then those of the others come first. A customer wins over a lead, and "do not contact" over its
    absence. An amount keeps its currency, and a person's part at an account goes with that account.
    Long texts can all stay; their index is that of the first.
    """
    order = [*range(1, len(rows)), 0] if prefer_other else list(range(len(rows)))
    chosen = {}
    for name, field in fields.items():
        if field.many or field.derived or name in ("id", "number", "updated_at"):
            continue
        chosen[name] = _place(field, rows, order)
    for name, along in (("annual_revenue", ("currency",)), ("account", _OF_THE_PLACE)):
        if name not in chosen or _empty(rows[chosen[name]], fields[name]):
            continue
        with_it = _same_place(rows, order, chosen[name], fields[name])
        for other in along:
            chosen[other] = _place(fields[other], rows, with_it)
    return chosen


def _same_place(
    rows: Sequence[Mapping[str, Any]], order: Sequence[int], chosen: int, field: Field
) -> list[int]:
    """The rows that a value depending on `field` may come from, the chosen one first."""
    if field.type != model.REF:
        return [chosen]
    here = rows[chosen][field.id_name]
    return [place for place in order if rows[place][field.id_name] in (here, None)]


def _place(field: Field, rows: Sequence[Mapping[str, Any]], order: Sequence[int]) -> int:
    match field.name:
        case "status":
            return max(order, key=lambda place: _STATUS_SAYS.get(rows[place]["status"], 0))
        case "created_at":
            return min(order, key=lambda place: str(rows[place]["created_at"]))
        case "archived_at" | "snoozed_until":
            # Put aside only if every one of them is: the others were to be seen.
            return next((place for place in order if rows[place][field.name] is None), order[0])
    return next((place for place in order if not _empty(rows[place], field)), order[0])


def _empty(row: Mapping[str, Any], field: Field) -> bool:
    value = row[field.name]
    return not value if field.type == model.FLAG else value is None
