"""The look of help: purpose, usage, options in groups, examples to copy.

Plain text that fits the terminal, drawn by hand: the same text is the command reference in docs/,
and help takes no longer than running a command. Nothing here knows a command; the text comes from
the command's own declaration.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from textwrap import wrap
from typing import Any

from acctcli.cli.kit.typer_inside import TyperArgument

_WIDEST = 96  # longer lines are tiring to read
_LEFT = 26  # columns of the names; a longer one has its explanation on the next line
_INDENT = "  "

Rows = Sequence[tuple[str, str]]


def page(
    calls: str, about: str, sections: Mapping[str, Rows], examples: Sequence[str], hint: str = ""
) -> str:
    """Return the help text; `sections` has rows of name and explanation under each heading."""
    width = _width()
    parts = [_paragraphs(about, width), f"{_heading('Usage')}\n{_wrapped(calls, width)}"]
    left = min(_LEFT, max((len(name) for rows in sections.values() for name, _ in rows), default=0))
    for heading, rows in sections.items():
        lines = [line for name, text in rows for line in _row(name, text, left, width)]
        parts.append("\n".join((_heading(heading), *lines)))
    if examples:
        lines = [line for example in examples for line in _example(example, width)]
        parts.append("\n".join((_heading("Examples"), *lines)))
    if hint:
        parts.append(hint)
    return "\n\n".join(parts)


def _width() -> int:
    return max(min(shutil.get_terminal_size().columns, _WIDEST), 40)


def article(markdown: str) -> str:
    """Return a topic for a terminal: headings, paragraphs, tables and commands, from Markdown."""
    width = _width()
    parts = []
    for block in re.split(r"\n{2,}(?![^`]*```\n)", markdown.strip()):
        if block.startswith("#"):
            parts.append(_heading(block.lstrip("# ")))
        elif block.startswith("|"):
            parts.append("\n".join(_cells(block, width)))
        elif block.startswith("```"):
            parts.append("\n".join(f"{_INDENT}$ {line}" for line in block.splitlines()[1:-1]))
        else:
            parts.append(_unbroken_words(block, width))
    return "\n\n".join(parts)


def _unbroken_words(paragraph: str, width: int) -> str:
    """Return a paragraph of Markdown in lines, with text in backticks unbroken."""
    kept = re.sub("`([^`]+)`", lambda found: found[1].replace(" ", "\0"), paragraph)
    return "\n".join(wrap(kept, width, break_on_hyphens=False)).replace("\0", " ")


def _cells(table: str, width: int) -> list[str]:
    """Return a table of Markdown in columns; the last one is wrapped at the end of the terminal."""
    rows = [
        [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        for line in table.splitlines()
    ]
    del rows[1]
    widths = [max(len(row[at].strip("`")) for row in rows) for at in range(len(rows[0]) - 1)]
    lines = []
    for row in rows:
        cells = zip(row[:-1], widths, strict=True)
        first = "".join(f"{cell.strip('`'):{size}}  " for cell, size in cells)
        room = max(width - len(_INDENT) - len(first), 20)
        one, *more = wrap(row[-1].replace("`", ""), room, break_on_hyphens=False) or [""]
        lines.append(f"{_INDENT}{first}{one}".rstrip())
        lines += [_INDENT + " " * len(first) + line for line in more]
    return lines


@cache
def docstrings(source: str) -> dict[int, str]:
    """Return the docstring of each function in a source file, by the line its code begins on.

    For `python -OO`, which drops them. Without a source file there are none.
    """
    import ast  # slow to import, and only needed here

    try:
        tree = ast.parse(Path(source).read_bytes())
    except OSError:
        return {}
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
            found[first] = ast.get_docstring(node) or ""
    return found


def call(path: str, params: Iterable[Any]) -> str:
    """Return how a command is called: `acct account add NAME [OPTIONS]`."""
    arguments = (_argument(p) for p in params if _is_argument(p) and not p.hidden)
    return " ".join((path, *arguments, "[OPTIONS]"))


def options(params: Iterable[Any]) -> dict[str, list[tuple[str, str]]]:
    """Return the parameters as rows by heading: arguments, then each group of options in order.

    Options of this command come first, options of every command last.
    """
    found: dict[str, list[tuple[str, str]]] = {"Arguments": [], "Options": []}
    last: list[tuple[str, str]] = []
    for param in params:
        if param.hidden:
            continue
        if _is_argument(param):
            found["Arguments"].append((_argument(param), param.help or ""))
        elif param.name == "help":
            last.append((_flags(param), "Show this help."))
        else:
            rows = found.setdefault(param.rich_help_panel or "Options", [])
            rows.append((_flags(param), _explained(param)))
    found["Output" if "Output" in found else "Options"] += last
    return {heading: rows for heading, rows in found.items() if rows}


def see_also(params: Iterable[Any]) -> dict[str, list[tuple[str, str]]]:
    """Return the topics that explain words in capitals among the parameters, two words per row."""
    from acctcli import topics
    from acctcli.model import KINDS

    found: dict[str, list[str]] = {}
    for param in params:
        metavar = "" if param.hidden or getattr(param, "is_flag", False) else param.metavar or ""
        for word, topic in topics.of_metavar(metavar, KINDS):
            if word not in found.setdefault(topic, []):
                found[topic].append(word)
    rows = [
        (", ".join(words[place : place + 2]), f"acct help {topic}")
        for topic, words in sorted(found.items())
        for place in range(0, len(words), 2)
    ]
    return {"See also": rows} if rows else {}


def _is_argument(param: Any) -> bool:
    return isinstance(param, TyperArgument)


def _argument(param: Any) -> str:
    name: str = param.metavar
    if param.nargs != 1 and not name.endswith("..."):
        name += "..."
    return name if param.required else f"[{name}]"


def _flags(param: Any) -> str:
    """Return the main names of an option; its other spellings work too, but are not shown."""
    short = [flag for flag in param.opts if not flag.startswith("--")][:1]
    long = [flag for flag in param.opts if flag.startswith("--")][:1]
    both = ", ".join((*short, *long))
    off = "".join(param.secondary_opts[:1])
    if off == long[0].replace("--", "--no-", 1):
        return both.replace("--", "--[no-]", 1)
    if off:
        return f"{both}, {off}"
    return both if param.is_flag else f"{both} {param.metavar or 'TEXT'}"


def _explained(param: Any) -> str:
    text = param.help or ""
    if param.required:
        return f"{text} Required."
    default = param.default
    if param.show_default and not param.is_flag and default not in (None, "", [], ()):
        return f"{text} Default: {default}."
    return text


def _paragraphs(text: str, width: int) -> str:
    return "\n\n".join(
        "\n".join(wrap(paragraph, width, break_on_hyphens=False))
        for paragraph in text.strip().split("\n\n")
    )


def _wrapped(text: str, width: int) -> str:
    lines = wrap(text, width, initial_indent=_INDENT, subsequent_indent=_INDENT * 3)
    return "\n".join(lines)


def _row(name: str, text: str, left: int, width: int) -> list[str]:
    beside = len(_INDENT) + left + 2
    lines = wrap(text, max(width - beside, 20), break_on_hyphens=False) or [""]
    if len(name) > left:
        return [_INDENT + name, *(" " * beside + line for line in lines)]
    first, *rest = lines
    return [f"{_INDENT}{name:{left}}  {first}".rstrip(), *(" " * beside + line for line in rest)]


def _example(example: str, width: int) -> list[str]:
    """Return an example in lines that can be pasted: long ones continue after a backslash."""
    lines = [""]
    for part in _unbroken(example):
        start = f"{_INDENT}$ " if len(lines) == 1 and not lines[-1] else ""
        if lines[-1] and len(f"{lines[-1]} {part} \\") > width:
            lines[-1] += " \\"
            lines.append(_INDENT * 3 + part)
        else:
            lines[-1] += start + part if start else f" {part}"
    return lines


def _unbroken(example: str) -> list[str]:
    """Return the words of a command line, keeping an option or pipe together with what follows."""
    words = re.findall(r"""(?:[^\s"']|"[^"]*"|'[^']*')+""", example)
    parts: list[str] = []
    for word in words:
        joins = bool(parts) and parts[-1][0] in "-|<>" and " " not in parts[-1]
        if joins and word[0] not in "-|<>":
            parts[-1] += f" {word}"
        else:
            parts.append(word)
    return parts


def _heading(text: str) -> str:
    if not _is_bold():
        return text
    from acctcli.render.theme import painted

    return painted(text, "heading")


def _is_bold() -> bool:
    """Whether headings may be bold. Help goes to stdout, or to stderr if a command is missing."""
    streams = (sys.stdout, sys.stderr)
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" or os.name == "nt"
    return not plain and all(stream is not None and stream.isatty() for stream in streams)
