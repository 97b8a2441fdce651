"""acctcli: a seller's accounts, contacts, deals and promises in one private file."""

import gc

__version__ = "0.1.0.dev0"

# A command runs for a fraction of a second and makes hardly any reference cycles: with the usual
# threshold the garbage collector takes 4 % of every start for nothing.
gc.set_threshold(100_000, 50, 50)
