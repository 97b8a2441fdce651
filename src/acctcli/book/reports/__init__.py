"""The reports, one module each: the data of a page, and its table."""
