"""Rows of files as `judging` takes them, without reading a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.store.making import READING

from acctcli.drafts import Draft
from acctcli.model import KINDS
from acctcli.recipes import Recipe
from acctcli.store import judging
from acctcli.store.journal import Writing
from acctcli.store.judgement import Judgement, Remarks, Source

Rows = list[dict[str, str]]


def source(kind: str, rows: Rows, key: str | None = None) -> Source:
    """Return a file with these cells as values. The first row is on line 2."""
    fields = KINDS[kind].fields
    drafts = []
    for line, row in enumerate(rows, start=2):
        cells = {name: cell for name, cell in row.items() if name != key}
        drafts.append(Draft(line, cells, {**cells}, {}, row.get(key or "")))
    columns = {name: (name,) for row in rows for name in row if name in fields}
    return Source("file.csv", Recipe(kind, fields, columns, key=key), drafts, [], Remarks())


def complete(
    kind: str, values: dict[str, Any], current: Mapping[str, Any], /, *, written: str = ""
) -> dict[str, Any]:
    """Complete a new account, which has only its name."""
    needed = {"kind": "company", "status": "lead"} if kind == "account" and not current else {}
    return {**needed, **values}


def judged(tx: Writing, *sources: Source, **options: bool) -> Judgement:
    rules = judging.ImportRules(READING, complete, **options)
    return judging.judge(tx.con, sources, rules, lambda count: None)


def counts(judgement: Judgement) -> list[tuple[int, int, int]]:
    return [(len(one.new), len(one.changed), len(one.same)) for one in judgement.files]
