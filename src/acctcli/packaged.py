"""The tables in TOML that come with the package."""

from __future__ import annotations

from typing import Any


def table(package: str, name: str) -> dict[str, Any]:
    """Return the table `name.toml` of a package. It is read anew: the caller keeps it."""
    import tomllib  # a list reads no table
    from importlib import resources

    text = resources.files(package).joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
