"""What a command line knows beside the book: what was typed, the output, and who can be asked."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from acctcli import text
from acctcli.book.context import Context
from acctcli.errors import Busy, Cancelled, Invalid, NotFound, UsageError
from acctcli.model.counting import word_of
from acctcli.render.emit import say
from acctcli.results import Output

if TYPE_CHECKING:
    from acctcli.cli.kit.hooks import HappeningJson
    from acctcli.store.journal import Writing


class Session(Context):
    """The state of a command line. `output` is set when the command's options are read."""

    def __init__(
        self,
        argv: Sequence[str],
        *,
        db: str | None = None,
        today: str | None = None,
        paged: bool = True,
        hooked: bool = True,
    ) -> None:
        super().__init__(db=db, today=today)
        self.argv = tuple(argv)
        self.paged = paged
        self.hooked = hooked
        self.command = ""
        self.root: Any = None
        self._happening: HappeningJson | None = None
        self.output = Output()
        self.quiet = False
        self._said: set[str] = set()
        self.was_asked = False
        self.runner: Callable[[Sequence[str]], int] | None = None

    def on(self, path: Path) -> Session:
        """Return the same session on another book, which may still be empty."""
        other = Session(self.argv, db=str(path), today=self._today)
        other.may_create = True
        return other

    @property
    def typed(self) -> str:
        """The command line for the history."""
        import shlex  # reads do not need it

        return shlex.join(("acct", *self.argv))

    def run(self, words: Sequence[str]) -> int:
        """Run another command on the same book and the same day; returns its exit status."""
        assert self.runner is not None, "only a command line has what runs it"
        where = ["--db", self._db] if self._db else []
        when = ["--today", self._today] if self._today else []
        how = [] if self.paged else ["--no-pager"]
        how += [] if self.hooked else ["--no-hooks"]
        return self.runner([*where, *when, *how, *words])

    @property
    def _hooks(self) -> Mapping[str, str]:
        """The hooks of this machine; none with `--no-hooks`, and within a hook."""
        if not self.hooked or not self.command or "hooks" not in self.file[0]:
            return {}
        if os.environ.get("ACCTCLI_NO_HOOKS"):
            return {}
        return self.own.hooks

    def before_begin(self) -> None:
        """Refuse to write from within a pre-hook, which would wait for its own end."""
        if "ACCTCLI_HOOK" in os.environ:
            from acctcli.cli.kit import hooks  # most commands run in none

            if hook := hooks.forbids(self.book):
                raise Busy(
                    f"{text.safe(hook)} cannot change the book: the command that it checks is not "
                    "done. Change it in a post-hook"
                )

    def before_commit(self, tx: Writing) -> None:
        """Run the pre-hook of this command, which may refuse it."""
        if not self._hooks or tx.command is None:
            return
        from acctcli.cli.kit import hooks  # most people have none
        from acctcli.store import happened

        for name in self._hooks:
            if self.root is not None and not hooks.is_known(self.root, name):
                self.notice(f"hooks.{text.safe(name)} is not a command: see acct help scripting")
        pre, post = (hooks.of(self._hooks, when, self.command) for when in ("pre", "post"))
        if pre is None and post is None:
            return
        tx.keep_waiting()
        changes, count = happened.changes(tx.con, tx.command, hooks.MOST_CHANGES)
        self._happening = {
            "hook": "",
            "command": self.command,
            "typed": tx.typed,
            "book": str(self.book.absolute()),
            "today": tx.today,
            "who": tx.who,
            "number": tx.command,
            "says": tx.says,
            "count": count,
            "changes": changes,
        }
        if pre is not None:
            seconds = self.own["hooks.seconds"]
            call = hooks.HookCall(*pre, seconds, self._happening, self._today)
            self._say(call.hook, hooks.check(call))

    def after_commit(self) -> None:
        """Run the post-hook of this command: whatever it does, the command is done."""
        happening, self._happening = self._happening, None
        if happening is None:
            return
        from acctcli.cli.kit import hooks

        if post := hooks.of(self._hooks, "post", self.command):
            seconds = self.own["hooks.seconds"]
            call = hooks.HookCall(*post, seconds, happening, self._today)
            self._say(call.hook, hooks.tell(call))

    def _say(self, hook: str, said: str) -> None:
        if said:
            self.notice(f"{hook}: {said}")

    def answered(self, words: list[str], more: list[str], *, last: bool = False) -> list[str]:
        """Return the words of the command with the answers to questions, for the history too.

        They come first, or `last`: options after a `--` would not be options.
        """
        given = [*words, *more] if last else [*more, *words]
        before = self.argv[: len(self.argv) - len(words)]
        self.argv = (*before, *given)
        self.was_asked = True
        return given

    @property
    def can_ask(self) -> bool:
        """Whether a person can answer a question, wherever stdout goes."""
        return bool(sys.stdin and sys.stdin.isatty() and sys.stderr and sys.stderr.isatty())

    @property
    def shown_as(self) -> Output:
        """How to show the result, with the pager from the person's settings."""
        if not self.paged:
            return self.output
        return self.output.replace(pager=lambda: self.own["me.pager"])

    @property
    def interactive(self) -> bool:
        """Whether a person can be asked: both ends are a terminal."""
        return bool(sys.stdin and sys.stdin.isatty() and sys.stdout and sys.stdout.isatty())

    def notice(self, message: str) -> None:
        """Show a message beside the data, once."""
        if message not in self._said:
            self._said.add(message)
            say(f"acct: {message}")

    def names_given(self, kind: str, typed: Sequence[str]) -> list[str]:
        """Return the names on the command line, with `-` replaced by the lines of stdin.

        Read before a transaction opens, because a slow pipe must not lock the book.
        """
        if "-" not in typed:
            return list(typed)
        if typed.count("-") > 1:
            raise UsageError("- (ids from stdin) can be given once")
        lines = [line.strip() for line in stdin_text().splitlines() if line.strip()]
        if not lines and len(typed) == 1:
            raise NotFound(f"no {word_of(kind)} on stdin: it was empty. Nothing was changed")
        place = list(typed).index("-")
        return [*typed[:place], *lines, *typed[place + 1 :]]

    def confirm(self, question: str, *, yes: bool) -> None:
        """Ask before something is destroyed. A script must pass `--yes`."""
        if yes:
            return
        if not self.interactive:
            raise UsageError(f"{question} Nothing was changed. To go ahead: --yes")
        say(f"{question} [y/N]")
        answer = sys.stdin.readline()
        if answer.strip().lower() not in ("y", "yes"):
            raise Cancelled("nothing was changed")

    def choose(self, question: str, answers: Mapping[str, str]) -> str:
        """Ask a person until one of the answers (letter → meaning) is given; return its letter.

        At the end of the input, that is the last answer.
        """
        from acctcli.render.theme import BETWEEN

        offered = BETWEEN.join(f"{letter} {meaning}" for letter, meaning in answers.items())
        while True:
            say(f"{question} {offered}")
            line = sys.stdin.readline()
            if not line:
                return list(answers)[-1]
            typed = line.strip().lower()
            for letter, meaning in answers.items():
                if typed in (letter, meaning):
                    return letter


def stdin_text() -> str:
    """Return all of stdin, as UTF-8. Raises `Invalid` naming the first invalid byte."""
    if sys.stdin is None:
        raise UsageError("stdin is closed")
    data = sys.stdin.buffer.read()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid(f"stdin is not UTF-8 at byte {error.start}") from error
