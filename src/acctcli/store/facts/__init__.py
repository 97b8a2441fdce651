"""The facts behind the judgements of `domain`: in each file, a SELECT and the class of its rows."""
