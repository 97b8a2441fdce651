"""The shapes of pages: which keys the JSON of each has, and the type of each value.

`book` writes a page, `render` and scripts read it, and mypy checks both against the shape. Shapes
are only for type checkers: they are imported under `TYPE_CHECKING`, so they take no time of a
start. Amounts are exact digits (`values.fields.Exact`, a number in JSON), days and moments are in
ISO form.
"""
