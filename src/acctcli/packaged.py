"""The tables in TOML that come with the package."""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Any


def table(package: str, name: str) -> dict[str, Any]:
    """Return the table `name.toml` of a package. It is read anew: the caller keeps it."""
    text = resources.files(package).joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
