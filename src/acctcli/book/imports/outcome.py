"""The outcome of an import, or of a dry run: refusals, one sentence, and everything as data."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from acctcli import text
from acctcli.book.imports.recipe import Loaded
from acctcli.errors import Invalid
from acctcli.model import KINDS, LONG, Field
from acctcli.store.judgement import Conflicting, Entry, JudgedFile, Judgement, Refusal
from acctcli.values import money
from acctcli.values.fields import cell

if TYPE_CHECKING:
    from acctcli.shapes.importing import (
        ConflictJson,
        DifferenceJson,
        ImportChangeJson,
        ImportFileJson,
        ImportOutcomeJson,
        MailJson,
    )

REFUSALS_SHOWN = 20
VALUES_SHOWN = 5
CREATED_SHOWN = 5
STRANGERS_SHOWN = 10
CONFLICTS_SHOWN = 10


def with_refusals(
    loaded: Sequence[Loaded], judgement: Judgement
) -> list[tuple[Loaded, JudgedFile]]:
    """Return the files with refused rows."""
    pairs = zip(loaded, judgement.files, strict=True)
    return [(one, judged) for one, judged in pairs if judged.refused]


def refuse(loaded: Sequence[Loaded], judgement: Judgement) -> None:
    """Raise `Invalid` if any row is refused, with one line per reason."""
    troubled = with_refusals(loaded, judgement)
    refused = [(one, refusal) for one, file in troubled for refusal in sorted(file.refused)]
    if not refused:
        return
    if len(refused) == 1:
        [(one, (line, reason))] = refused
        raise Invalid(
            f"{one.name} {_place(one)} {line}: {reason.rstrip('.')}. Nothing was imported. "
            f"{'Skip it' if one.plan.mail else 'Fix the row, or skip it'} with --skip-invalid"
        )
    rows = sum(one.table.count for one in loaded)
    names = text.sentence_list(list(dict.fromkeys(one.name for one, _ in troubled)))
    grouped = _grouped(refused)
    said, advice = text.told_once([reason for _, _, reason in grouped])
    several = len({one.name for one in loaded}) > 1
    reasons = [
        f"  {name + ' ' if several else ''}{lines}  {reason}"
        for (name, lines, _), reason in zip(grouped, said, strict=True)
    ]
    more = len(reasons) - REFUSALS_SHOWN
    if more > 0:
        reasons[REFUSALS_SHOWN:] = [f"  and {text.plural(more, 'more reason')}"]
    reasons += [f"  {one}" for one in advice]
    raise Invalid(
        f"{names}: {len(refused):,} of {rows:,} rows are refused, and nothing was imported. "
        "Fix them, or skip them with --skip-invalid\n" + "\n".join(reasons)
    )


def _grouped(refused: Sequence[tuple[Loaded, Refusal]]) -> list[tuple[str, str, str]]:
    """Group refusals by what is wrong, as (file, lines, reason): `lines 2, 7 and 411 more`.

    Of refusals that differ in the first value that they quote, the reason quotes all of them.
    """
    groups: dict[tuple[str, str, str], list[tuple[str, str]]] = {}
    for one, (line, reason) in refused:
        shape = re.sub(r'"[^"]*"|[\d.,]*\d', "…", reason)
        groups.setdefault((one.name, _place(one), shape), []).append((str(line), reason))
    return [
        (
            name,
            f"{place}{'s' * (len(found) > 1)} {text.sentence_list([line for line, _ in found])}",
            _together([reason for _, reason in found]),
        )
        for (name, place, _), found in groups.items()
    ]


def _together(reasons: Sequence[str]) -> str:
    """Return one reason for several that differ in their values only, with all values."""
    values = dict.fromkeys(
        match[0] for reason in reasons if (match := re.search(r'"[^"]*"', reason))
    )
    if len(values) < 2:
        return reasons[0]
    listed = text.sentence_list(list(values), VALUES_SHOWN)
    return reasons[0].replace(next(iter(values)), listed, 1)


def _place(loaded: Loaded) -> str:
    """Return what the rows of a file are counted in: the objects of a JSON array have no lines."""
    if loaded.table.counted_in:
        return loaded.table.counted_in
    by_line = loaded.name.endswith((".jsonl", ".ndjson"))
    return "line" if loaded.table.delimiter is not None or by_line else "item"


def sentence(loaded: Sequence[Loaded], judgement: Judgement, rejects: Sequence[Path]) -> str:
    """Return one sentence about the outcome: `Imported 8,800 deals: 8,800 new`."""
    # Several files of one kind, such as messages, count together.
    kinds: dict[str, list[JudgedFile]] = {}
    for file in judgement.files:
        kinds.setdefault(file.source.recipe.kind, []).append(file)
    parts = []
    for files in kinds.values():
        new, changed, same = (
            sum(len(getattr(file, name)) for file in files) for name in ("new", "changed", "same")
        )
        counts = [
            f"{count:,} {word}"
            for count, word in ((new, "new"), (changed, "changed"), (same, "the same"))
            if count
        ]
        taken = new + changed + same
        if taken or len(kinds) == 1:
            what = _counted(files[0], taken)
            parts.append(f"{what}: {', '.join(counts) or 'nothing to do'}")
    says = f"Imported {'; '.join(parts) or 'nothing'}."
    if not any(file.new or file.changed for file in judgement.files):
        there = [
            _counted(files[0], known)
            for files in kinds.values()
            if (known := sum(len(file.same) for file in files))
        ]
        found = f"{text.sentence_list(there, len(there))}, already up to date"
        says = f"Nothing to import: {found if there else _none(loaded)}."
    if judgement.created:
        names = [text.safe(name) for name in judgement.created.values()]
        count = text.plural(len(names), "account")
        says += f" Added {count} that rows name: {text.sentence_list(names, CREATED_SHOWN)}."
    refused = sum(len(file.refused) for file in judgement.files)
    if refused:
        kept = text.sentence_list([text.safe(str(path)) for path in rejects])
        says += f" Skipped {text.plural(refused, 'row')}, saved in {kept}."
    return says


def _none(loaded: Sequence[Loaded]) -> str:
    """Return why there is nothing to import."""
    if any(one.plan.mail and one.plan.mail.strangers for one in loaded):
        return "no message is of an account in the book. To add companies: --create-accounts"
    return "no rows"


def _counted(file: JudgedFile, count: int) -> str:
    kind = KINDS[file.source.recipe.kind]
    return text.plural(count, kind.one, kind.several)


def notes(loaded: Sequence[Loaded], judgement: Judgement, *, verbose: bool = False) -> list[str]:
    """Return what was detected or decided without being asked."""
    found = []
    for one in loaded:
        found += [f"{one.name}: {note}" for note in (*one.table.notes, *one.plan.notes)]
        if one.plan.left_out:
            found.append(f"{one.name}: left out: {_left_out(one, verbose=verbose)}")
        found += _strangers(one, verbose=verbose)
    for file in judgement.files:
        found += [f"{file.source.name}: {said}" for said in _remarked(file)]
        found += _kept(file)
    read_as = [
        f"{text.quoted(typed)} was read as {text.safe(name)}"
        for typed, name in judgement.read_as.items()
    ]
    near = [
        f"{text.safe(name)} was added. Similar: {text.sentence_list(found)}"
        for name, found in judgement.near.items()
    ]
    return [*found, *_replaced(judgement), *read_as, *near]


def _strangers(loaded: Loaded, *, verbose: bool) -> list[str]:
    """Return whose mail belongs to no account, each with the command that adds them."""
    strangers = loaded.plan.mail.strangers if loaded.plan.mail else ()
    if not strangers:
        return []
    shown = strangers if verbose else strangers[:STRANGERS_SHOWN]
    width = max(text.width(text.safe(one.address)) for one in shown)
    lines = [
        f"  {one.messages:>5,}  {text.safe(one.address):{width}}  {one.command}" for one in shown
    ]
    if len(shown) < len(strangers):
        lines.append(f"         and {len(strangers) - len(shown):,} more (all: --verbose)")
    of = text.plural(len(strangers), "sender or recipient", "senders and recipients")
    says = f"{loaded.name}: mail of {of} belongs to no account. "
    says += "Add one, or all companies: --create-accounts"
    return ["\n".join((says, *lines))]


def _left_out(loaded: Loaded, *, verbose: bool) -> str:
    """Return the columns without a field, fullest first, with the share of their rows filled.

    As many as fit a line, unless all are asked for; empty columns are only counted.
    """
    filled, rows = loaded.plan.filled, loaded.table.count
    columns = [column for column in loaded.plan.left_out if filled.get(column)]
    columns.sort(key=lambda column: -filled[column])
    said = [
        text.safe(column)
        + (f" ({max(1, 100 * filled[column] // rows)} %)" if filled[column] < rows else "")
        for column in columns
    ]
    empty = len(loaded.plan.left_out) - len(columns)
    shown = len(said)
    while shown > 1 and not verbose and len(", ".join(said[:shown])) > _LINE:
        shown -= 1
    parts = said[:shown]
    if shown < len(said):
        parts.append(f"and {len(said) - shown} more (all: --verbose)")
    if empty:
        parts.append(f"{text.plural(empty, 'empty column')}")
    return ", ".join(parts)


_LINE = 90
"""Characters of the list of columns that fit beside the name of a file."""


def _kept(file: JudgedFile) -> list[str]:
    """Return which values of the book stay although the file has others, the first of them."""
    conflicts = file.source.conflicts
    if not conflicts:
        return []
    shown = [
        f"  line {one.line} {text.safe(one.name)}: {one.field} is "
        f"{text.quoted(text.clip(one.ours, 40) or 'nothing')} here, and "
        f"{text.quoted(text.clip(one.theirs, 40))} in the file"
        for one in conflicts[:CONFLICTS_SHOWN]
    ]
    more = len(conflicts) - CONFLICTS_SHOWN
    if more > 0:
        shown.append(f"  and {more:,} more")
    what = text.plural(len(conflicts), "value")
    head = f"{file.source.name}: {what} changed here after the export, and kept. To take the file's"
    return [f"{head}: --theirs", *shown]


def _remarked(file: JudgedFile) -> list[str]:
    """Return what was done to cells without being asked, with the number and the first one.

    Of purchases also what the monthly ones come to.
    """
    found = []
    for what, (times, line, first) in file.source.remarks.found.items():
        example = f" ({times:,}, such as {text.quoted(first)} in line {line})" if first else ""
        found.append(f"{what}{example}")
    if file.source.recipe.kind == "purchase" and (said := _monthly(file)):
        found.append(said)
    return found


def _monthly(file: JudgedFile) -> str:
    """Return what new monthly purchases come to a year: amounts may have been meant for a year."""
    count, sums = 0, dict[str, int]()
    for entry in file.new:
        values = entry.values
        amount, currency = values.get("amount"), values.get("currency")
        if values.get("recurring") == "monthly" and amount and currency:
            count += 1
            sums[currency] = sums.get(currency, 0) + amount
    if not count:
        return ""
    month, year = (
        text.sentence_list([money.say(sum * times, currency) for currency, sum in sums.items()], 3)
        for times in (1, 12)
    )
    recur = f"{text.plural(count, 'purchase')} {'recur' if count > 1 else 'recurs'} monthly"
    return f"{recur}, for {month} a month, {year} a year"


def _replaced(judgement: Judgement) -> list[str]:
    """Return which texts and list items of the book the files replaced."""
    found = []
    for file in judgement.files:
        fields, title = file.source.recipe.fields, KINDS[file.source.recipe.kind].title
        names: dict[tuple[str, str], list[str]] = {}
        for entry in file.changed:
            before = entry.before or {}
            for name, value in {**entry.values, **entry.custom}.items():
                field = fields[name]
                stood = before.get(field.id_name if field.target else name)
                verb = _lost(field, stood, value)
                if verb:
                    called = text.safe(str(before.get(title) or entry.id))
                    names.setdefault((verb, field.label), []).append(called)
        found += [
            f"{file.source.name}: {verb} {label} of {text.sentence_list(of, CREATED_SHOWN)}"
            for (verb, label), of in names.items()
        ]
    return [*found, "what stood there before: acct history -f json"] if found else []


def _lost(field: Field, before: Any, value: Any) -> str:
    """Return what happened to the previous value; "" if the new value contains it."""
    if field.many and before:
        return "" if set(before) <= set(value or ()) else "took away"
    if field.type == LONG and before:
        return "" if text.joined(before, value) == value else "replaced"
    return ""


def data(loaded: Sequence[Loaded], judgement: Judgement) -> ImportOutcomeJson:
    """Return the whole outcome, for machines and for the page of a dry run."""
    counted = [_file_data(one, judged) for one, judged in zip(loaded, judgement.files, strict=True)]
    return {
        "new": sum(file["new"] for file in counted),
        "changed": sum(file["changed"] for file in counted),
        "same": sum(file["same"] for file in counted),
        "refused": sum(file["refused"] for file in counted),
        "accounts_added": list(judgement.created.values()),
        "near": judgement.near,
        "read_as": judgement.read_as,
        "files": counted,
    }


def _file_data(loaded: Loaded, judged: JudgedFile) -> ImportFileJson:
    table, plan = loaded.table, loaded.plan
    columns = {column for names in plan.recipe.columns.values() for column in names}
    return {
        "file": loaded.name,
        "kind": plan.recipe.kind,
        "place": _place(loaded),
        "rows": table.count,
        "encoding": table.form or table.encoding,
        "delimiter": None if table.form else table.delimiter,
        "columns_read": [c for c in table.columns if c in columns or c == plan.recipe.key],
        "columns_left_out": list(plan.left_out),
        "notes": [*table.notes, *plan.notes, *_remarked(judged)],
        "new": len(judged.new),
        "changed": len(judged.changed),
        "same": len(judged.same),
        "refused": len(judged.refused),
        "refusals": [{"line": line, "reason": why} for line, why in sorted(judged.refused)],
        "changes": [_change(judged, entry) for entry in judged.changed],
        "conflicts": [_conflict(one) for one in judged.source.conflicts],
        "mail": _mail_data(loaded),
    }


def _mail_data(loaded: Loaded) -> MailJson | None:
    mail = loaded.plan.mail
    if mail is None:
        return None
    return {
        "messages": mail.messages,
        "left_out": mail.left_out,
        "strangers": [
            {"address": one.address, "messages": one.messages, "command": one.command}
            for one in mail.strangers
        ],
    }


def _conflict(one: Conflicting) -> ConflictJson:
    line, id, name, field, exported, ours, theirs = one
    return {
        "line": line,
        "id": id,
        "name": name,
        "field": field,
        "exported": exported,
        "ours": ours,
        "theirs": theirs,
    }


def _change(judged: JudgedFile, entry: Entry) -> ImportChangeJson:
    """Return a record that would change: each field as stored, and as in the row."""
    recipe = judged.source.recipe
    before = entry.before or {}
    changed = {**entry.values, **entry.custom}
    after = {**before, **changed}
    differences: dict[str, DifferenceJson] = {}
    for name, value in changed.items():
        field = recipe.fields[name]
        theirs = cell(field, value, after)
        if field.target:
            theirs = entry.draft.typed.get(name, theirs)
        ours = cell(field, before.get(name), before)
        if ours != theirs:
            differences[name] = {"ours": ours, "theirs": theirs}
    return {
        "line": entry.draft.line,
        "id": entry.id,
        "name": before.get(KINDS[recipe.kind].title),
        "fields": differences,
    }
