"""Columns of numbers in files from elsewhere: detecting their decimal sign, and reading them.

`12.000` by itself is twelve thousand to half of Europe and twelve to the rest. In a column the
other values decide: one `1.355,90` is enough. If none does, the column is ambiguous, and the user
is asked. `12,000` alone is twelve thousand, as on the command line.
"""

from __future__ import annotations

import re
from decimal import Decimal as Decimals
from typing import Literal

Decimal = Literal["point", "comma"]

_SPACES = "\xa0\u202f\u2009\u2007 '\u2019"
"""What groups thousands besides comma and point: blanks of all widths, apostrophes."""


class NumberColumn:
    """What the values of a column say about its decimal sign, one after the other."""

    def __init__(self) -> None:
        self.seen: dict[Decimal, str] = {}
        """The first value that can only be read with this decimal sign."""
        self.ambiguous = ""
        """The first value that has two readings, one of them with a decimal comma."""
        self.fractions = 0
        self.whole = 0
        self.largest = 0.0

    def see(self, value: str) -> None:
        """Take one more value into account; other texts than numbers say nothing."""
        number = figures(value)
        if not number:
            return
        commas, points = number.count(","), number.count(".")
        if commas and points:
            last = "comma" if number.rindex(",") > number.rindex(".") else "point"
            self._settle("comma" if last == "comma" else "point", value)
        elif commas > 1:
            self._settle("point", value)  # 1,234,567
        elif points > 1:
            self._settle("comma", value)  # 1.234.567
        elif commas or points:
            sign: Decimal = "comma" if commas else "point"
            whole, _, rest = number.replace(",", ".").partition(".")
            if len(rest) != 3 or len(whole) > 3 or whole.startswith("0") or not whole:
                self._settle(sign, value)
            elif sign == "point":
                self.ambiguous = self.ambiguous or value
        if not commas and points <= 1:
            self.largest = max(self.largest, float(number))
            self.fractions += not float(number).is_integer()
            self.whole += float(number).is_integer() and float(number) != 0

    def _settle(self, decimal: Decimal, value: str) -> None:
        self.seen.setdefault(decimal, value)

    @property
    def is_fraction(self) -> bool:
        """Whether the values are shares of one, as 0.75 for 75 percent."""
        return self.fractions > 0 and self.largest <= 1


def figures(value: str) -> str:
    """Return the digits, commas and points of a number, without currency, sign and blanks."""
    bare = value.strip()
    for char in _SPACES:
        bare = bare.replace(char, "")
    found = re.search(r"[0-9.,]*[0-9][0-9.,]*", bare)
    return found[0].strip(",.") if found and bare.isprintable() else ""


def tidy(value: str, decimal: Decimal) -> str:
    """Return a number of a column in the form that is read: `1355.90` for `1'355.90`.

    A number in brackets is below zero: `(500.00)` is `-500.00`.
    """
    text = value.strip()
    negative = re.fullmatch(r"([^0-9(]*)\((.*)\)([^0-9)]*)", text)
    if negative:
        text = f"{negative[1]}-{negative[2]}{negative[3]}"
    found = re.search(rf"[0-9.,](?:[0-9.,{_SPACES}]*[0-9])?", text)
    if found is None:
        return text
    number = found[0]
    for char in _SPACES:
        number = number.replace(char, "")
    other = "." if decimal == "comma" else ","
    number = number.replace(other, "").replace(",", ".")
    return f"{text[: found.start()]}{number}{text[found.end() :]}"


def whole(value: str, *, share: bool = False) -> str:
    """Return a whole number that was written with decimals; a `share` of one in percent."""
    match = re.fullmatch(r"(.*?[0-9]*)\.([0-9]*)(\s*%?)", value)
    if share and re.fullmatch(r"[0-9]*\.?[0-9]+", value):
        percent = f"{Decimals(value) * 100:f}"
        return percent.rstrip("0").rstrip(".") if "." in percent else percent
    if match and not match[2].strip("0") and match[1][-1:].isdigit():
        return f"{match[1]}{match[3]}"
    return value
