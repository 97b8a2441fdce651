"""One file a format: bytes ⇄ rows of text.

Nothing in here knows a record, a field or the database, and nothing prints. What is wrong
with a whole file is raised; what is wrong with one row is handed back with its line, so
that the command decides between refusing the file and leaving the row out.
"""
