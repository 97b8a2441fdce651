"""How the rows of a file become records: recipe, reading, judging, writing, outcome."""
