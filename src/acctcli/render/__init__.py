"""How results look: `emit` writes everything to stdout, the other modules draw."""
