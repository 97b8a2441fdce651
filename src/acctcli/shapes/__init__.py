"""The shapes of pages: which keys the JSON of each has, and what stands under them.

`book` writes a page, `render` and scripts read it, and mypy holds both to the shape between
them. Shapes are for type checkers alone: `book` and `render` import them under
`TYPE_CHECKING`, so they cost no start anything. Amounts are exact digits (`values.fields.Exact`,
a number in JSON), days and moments are in ISO form.
"""
