"""The facts that judgements of `domain` rest on: per file, a SELECT and the class of its rows."""
