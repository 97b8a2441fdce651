"""One book on many machines: what travels, how the changes of all are merged, who takes part."""
