"""The manual pages: `acct.1` with the topics of help, and one page per command at the top.

They are made from what the program itself says about its commands, as roff with the `man` macros.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from acctcli import __version__, topics
from acctcli.cli.kit import helptext
from acctcli.cli.kit.commands import Command, LazyGroup, description
from acctcli.main import COMMANDS, HEADINGS, root
from acctcli.values.typed_moments import read_clock


def pages(today: str) -> dict[str, str]:
    """Return the text of every page by its name; days in examples are read on the day `today`."""
    tree = root()
    found = {"acct.1": "\n".join(_overview(tree, today)) + "\n"}
    for name, (_, about) in COMMANDS.items():
        lines = _page(f"acct-{name}", about, _body(tree.get_command(None, name), f"acct {name}"))
        found[f"acct-{name}.1"] = "\n".join(lines) + "\n"
    return found


def _page(name: str, about: str, body: Iterator[str]) -> Iterator[str]:
    yield f'.TH {name.upper()} 1 "" "acctcli {__version__}" "User Commands"'
    yield ".SH NAME"
    yield f"{escaped(name)} \\- {escaped(about.rstrip('.'))}"
    yield from body
    if name != "acct":
        yield from (".SH SEE ALSO", ".BR acct (1)")


def _overview(tree: Any, today: str) -> Iterator[str]:
    about, _, more = tree.help.partition("\n\n")
    yield from _page("acct", about, _start(tree, more))
    for topic in topics.TOPICS:
        yield from from_markdown(topics.markdown(topic, read_clock(today), "USD"))
    yield ".SH SEE ALSO"
    yield ",\n".join(f".BR acct-{name} (1)" for name in COMMANDS).replace(",\n", "\n")


def _start(tree: Any, about: str) -> Iterator[str]:
    yield from (".SH SYNOPSIS", ".B acct", ".I COMMAND", "[OPTIONS]", ".SH DESCRIPTION")
    yield escaped(" ".join(about.split()))
    yield ".SH COMMANDS"
    for heading, names in HEADINGS.items():
        yield f".SS {escaped(heading)}"
        yield from _rows([(f"acct {name}", COMMANDS[name][1]) for name in names])
    yield from _sections(helptext.options(tree.get_params(_context(tree, "acct"))), ".SH")
    yield from _examples(tree.examples, ".SH")


def _context(command: Any, path: str) -> Any:
    # A command that ran before in this process has its option for help already, with both names.
    return command.context_class(command, info_name=path, **command.context_settings)


def _body(command: Any, path: str) -> Iterator[str]:
    if isinstance(command, Command):
        yield from _command(command, path, ".SH")
        return
    assert isinstance(command, LazyGroup)
    yield from (".SH SYNOPSIS", f".B {escaped(path)}", ".I COMMAND", "[OPTIONS]")
    yield ".SH DESCRIPTION"
    yield escaped(command.help or "")
    # Sorted by name: the order of help depends on which modules are imported.
    for verb in sorted(command.list_commands(None)):
        one = command.get_command(None, verb)
        if not one.hidden:
            yield f'.SH "{escaped(f"{path} {verb}".upper())}"'
            yield from _command(one, f"{path} {verb}", ".SS")


def _command(command: Command, path: str, level: str) -> Iterator[str]:
    params = command.get_params(_context(command, path))
    about = description(command.spec.function).split("\n\n")
    yield f"{level} Usage" if level == ".SS" else ".SH SYNOPSIS"
    yield f".B {escaped(helptext.call(path, params))}"
    if level == ".SH":
        yield ".SH DESCRIPTION"
    for paragraph in about:
        yield ".PP"
        yield escaped(" ".join(paragraph.split()))
    yield from _sections(helptext.options(params) | helptext.see_also(params), level)
    yield from _examples(command.spec.examples, level)


def _sections(sections: Mapping[str, Sequence[tuple[str, str]]], level: str) -> Iterator[str]:
    for heading, rows in sections.items():
        yield f"{level} {escaped(heading)}"
        yield from _rows(rows)


def _rows(rows: Sequence[tuple[str, str]]) -> Iterator[str]:
    for name, about in rows:
        yield from (".TP", f".B {escaped(name)}", escaped(about) or "\\&")


def _examples(examples: Sequence[str], level: str) -> Iterator[str]:
    if examples:
        yield from (f"{level} Examples", *_shown(examples))


def _shown(lines: Sequence[str]) -> Iterator[str]:
    yield from (".PP", ".nf", ".RS 2")
    yield from (escaped(f"$ {line}") for line in lines)
    yield from (".RE", ".fi")


def from_markdown(text: str) -> Iterator[str]:
    """Yield a topic as roff: headings, paragraphs, tables as lists, commands as they are typed."""
    for block in re.split(r"\n{2,}(?![^`]*```\n)", text.strip()):
        if block.startswith("# "):
            yield f'.SH "{escaped(block[2:].upper())}"'
        elif block.startswith("#"):
            yield f".SS {escaped(block.lstrip('# '))}"
        elif block.startswith("```"):
            yield from _shown(block.splitlines()[1:-1])
        elif block.startswith("|"):
            cells = [re.split(r"(?<!\\)\|", line)[1:-1] for line in block.splitlines()]
            rows = [[cell.strip().strip("`").replace("\\|", "|") for cell in row] for row in cells]
            heads = rows[0]
            for row in rows[2:]:
                said = "; ".join(
                    f"{head}: {cell}" if len(heads) > 2 else cell
                    for head, cell in zip(heads[1:], row[1:], strict=True)
                )
                yield from _rows([(row[0], said)])
        else:
            yield from (".PP", escaped(" ".join(block.replace("`", "").split())))


def escaped(text: str) -> str:
    """Return text that roff prints unchanged: no line is a request, and hyphens can be copied."""
    safe = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq").replace("^", "\\(ha")
    safe = safe.replace("`", "\\(ga").replace("~", "\\(ti").replace('"', "\\(dq")
    # Other signs by their number: not every formatter knows that a page is UTF-8.
    safe = "".join(sign if sign.isascii() else f"\\[u{ord(sign):04X}]" for sign in safe)
    return re.sub(r"(?m)^([.])", r"\\&\1", safe)
