"""How results look: the one door to stdout (`emit`) and everything that is drawn."""
