"""Many machines, one book: cells with versions, what changed here, and the merge.

A row is a set of cells, and each cell has a version: the moment of the command that set it, and the
machine. The greater version wins, in whatever order the files of the others come. The journal says
what changed here; what comes from others is written through the journal too, so undo, history and
search hold on every machine.
"""
