"""Run the program as ``python -m acctcli``; the commands begin in ``main``."""

from __future__ import annotations

import sys

from acctcli.main import run

if __name__ == "__main__":
    sys.exit(run())
