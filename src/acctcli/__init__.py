"""acctcli: a seller's accounts, contacts, deals and promises in one private file."""

__version__ = "0.1.0"
