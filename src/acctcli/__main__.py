"""Run the program as ``python -m acctcli``; the commands begin in ``main``."""

from __future__ import annotations

from acctcli.main import main

if __name__ == "__main__":
    main()
