"""How rows of files become records: recipe, reading, judging, writing, outcome."""
