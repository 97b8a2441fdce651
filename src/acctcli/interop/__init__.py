"""File formats, one module each: bytes ⇄ rows of text.

Nothing here knows a record, a field or the database, and nothing prints. An error in the whole file
is raised; an error in one row is returned with its line, so that the command decides whether to
refuse the file or skip the row.
"""
