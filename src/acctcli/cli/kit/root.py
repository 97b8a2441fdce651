"""The top of the command tree, which has a line for every noun and imports only the one called."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any

from acctcli.cli.kit.commands import LazyGroup, Noun, build


class RootGroup(LazyGroup):
    """The nouns and the top-level commands, each in a module of its own."""

    def __init__(
        self,
        *,
        help: str,
        table: Mapping[str, tuple[str, str]],
        headings: Mapping[str, Sequence[str]],
        examples: Sequence[str],
        callback: Callable[..., Any],
        params: list[Any],
    ) -> None:
        super().__init__(Noun("acct", help))
        self.table = table  # name → (module below acctcli.cli, short help)
        self.headings = headings
        self.examples = tuple(examples)
        self.callback = callback
        self.params = params

    def list_commands(self, ctx: Any) -> list[str]:
        """Return nouns and top-level commands, in the order of help."""
        return list(self.table)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Import the module of a noun or command, and build only that."""
        if cmd_name not in self.commands and cmd_name in self.table:
            noun: Noun = import_module(f"acctcli.cli.{self.table[cmd_name][0]}").noun
            single = noun.find(cmd_name) if noun.name == "" else None
            self.commands[cmd_name] = build(single) if single else noun.group()
        return self.commands.get(cmd_name)

    def named(self, word: str) -> list[str]:
        """Return up to three commands of that name: `acct export`, `acct account dupes`."""
        if word == "redo":
            return ["acct undo --redo"]
        if word in self.table:
            return [f"acct {word}"]
        nouns = (import_module(f"acctcli.cli.{module}").noun for module, _ in self.table.values())
        found = [f"acct {noun.name} {word}" for noun in nouns if noun.name and word in noun.names]
        return found[:3]

    def summaries(self) -> list[tuple[str, str]]:
        """Return name and short help of everything at the top, without importing any of it."""
        return [(name, help) for name, (_, help) in self.table.items()]

    def sections(self) -> dict[str, list[tuple[str, str]]]:
        """Return the nouns and commands under the headings of help."""
        return {
            heading: [(name, self.table[name][1]) for name in names]
            for heading, names in self.headings.items()
        }

    def topics(self) -> dict[str, list[tuple[str, str]]]:
        """Return the topics of `acct help`, each with one line."""
        from acctcli import topics

        return {"Topics: acct help TOPIC": list(topics.TOPICS.items())}
