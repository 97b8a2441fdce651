"""`acct completion`: the scripts for shells, and the answers they request on TAB.

A script calls `acct` with `_ACCT_COMPLETE` set to the name of the shell. It passes the typed text
unchanged: each shell splits a line into words in its own way, and none of them knows that `"Mei T`
is the start of a name. The answer has one candidate per line, in the form for that shell's command
line.

Nothing here may report an error: on any trouble there are no candidates.
"""

from __future__ import annotations

import os.path
import re
from collections.abc import Iterator, Sequence
from typing import Annotated, Any

import typer

from acctcli import text
from acctcli.cli.kit.commands import LazyGroup, Noun
from acctcli.cli.kit.offers import Offers, words
from acctcli.cli.kit.session import Session
from acctcli.cli.kit.typer_inside import (
    ClickException,
    ParameterSource,
    TyperArgument,
    TyperOption,
    context_of,
)
from acctcli.errors import AcctError, UsageError
from acctcli.frozen import Frozen
from acctcli.results import Lines

noun = Noun("", "")

FILES = "\tfiles"
"""The answer that leaves a word to the shell: a file name. No candidate begins with a TAB."""

# `$1` is the program as it was typed. Bash 3.2 of macOS has no compopt.
_BASH = r"""
_acct_complete() {
    local line
    COMPREPLY=()
    while IFS= read -r line; do
        if [[ $line == $'\tfiles' ]]; then
            compopt -o default 2>/dev/null
            return
        fi
        COMPREPLY+=("$line")
    done < <(_ACCT_COMPLETE=bash "$1" "${COMP_LINE:0:COMP_POINT}" "$COMP_WORDBREAKS" 2>/dev/null)
    if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *= ]]; then
        compopt -o nospace 2>/dev/null
    fi
}
complete -F _acct_complete acct acctcli
"""

# The words before are passed without their quotes; the current one as it is.
_ZSH = r"""
#compdef acct acctcli
_acct() {
    local line typed=${words[CURRENT]%"$SUFFIX"}
    local -a found shown open open_shown
    for line in "${(@f)$(_ACCT_COMPLETE=zsh "${(Q)words[1]}" "${(@Q)words[2,CURRENT-1]}" \
            "$typed" 2>/dev/null)}"; do
        case $line in
            $'\tfiles') _files; return ;;
            '') ;;
            *=$'\t'*) open+=("${line%%$'\t'*}") open_shown+=("${line/$'\t'/  }") ;;
            *) found+=("${line%%$'\t'*}") shown+=("${line/$'\t'/  }") ;;
        esac
    done
    compadd -U -l -d shown -a found
    compadd -U -l -S '' -d open_shown -a open
}
if [[ $funcstack[1] == _acct ]]; then
    _acct "$@"  # this is a file of $fpath, loaded by the first TAB
else
    (( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
    compdef _acct acct acctcli
fi
"""

_FISH = r"""
function __acct_complete
    set -l words (commandline -opc)
    set -l typed (commandline -ct)
    set -l found (_ACCT_COMPLETE=fish $words[1] $words[2..-1] "$typed" 2>/dev/null)
    if test "$found" = \tfiles
        __fish_complete_path "$typed"
    else
        printf '%s\n' $found
    end
end
complete -c acct -f -k -a '(__acct_complete)'
complete -c acctcli -f -k -a '(__acct_complete)'
"""

SCRIPTS = {"bash": _BASH, "zsh": _ZSH, "fish": _FISH}


@noun.command(
    "completion",
    plain=True,
    examples=[
        """echo 'eval "$(acct completion bash)"' >> ~/.bashrc""",
        """echo 'eval "$(acct completion zsh)"' >> ~/.zshrc""",
        "echo 'acct completion fish | source' >> ~/.config/fish/config.fish",
    ],
)
def completion(
    session: Session,
    shell: Annotated[
        str,
        typer.Argument(
            help=f"One of: {', '.join(SCRIPTS)}.",
            show_default=False,
            autocompletion=words(list(SCRIPTS)),
        ),
    ],
) -> Lines:
    """Print the completion script for your shell.

    Run the line for your shell once, then open a new terminal. TAB then completes
    commands, options, their values, and the names in your book.
    """
    if shell not in SCRIPTS:
        raise UsageError(text.unknown("shell", shell, list(SCRIPTS)))
    return Lines(SCRIPTS[shell].strip().splitlines())


# What a shell requests


class Word(Frozen):
    """A word of a command line: as typed, what it means, and the quote that is still open.

    `before` is the text before that quote, as in `--owner="Mei T`.
    """

    raw: str = ""
    value: str = ""
    quote: str = ""
    before: str = ""


Candidates = list[tuple[str, str]]
"""Whole words, each with a text that distinguishes it."""


def answer(tree: LazyGroup, shell: str, asked: Sequence[str]) -> list[str]:
    """Return the lines for a shell; `asked` is what its script passes, see `SCRIPTS`."""
    breaks = ""
    if shell == "bash" and len(asked) == 2:
        line, breaks = split(asked[0]), asked[1]
        before, typed = [word.value for word in line[1:-1]], line[-1]
    elif shell in ("zsh", "fish") and asked:
        before, typed = list(asked[:-1]), split(asked[-1])[-1]
    else:
        return []
    try:
        found = candidates(tree, before, typed.value)
    except (AcctError, ClickException, OSError):
        return []
    if found is None:
        return [FILES]
    if shell == "fish":
        return ["\t".join(_for_fish(typed.value, each)) for each in found]
    found = _without_loss(typed.value, found)
    if shell == "zsh":
        return ["\t".join(each) for each in found]
    return [_for_bash(value, typed, breaks) for value, _ in found]


def candidates(tree: LazyGroup, before: Sequence[str], typed: str) -> Candidates | None:
    """Return candidates for the word `typed` after the words before it; None for a file name."""
    ctx = context_of(tree, before)
    params = ctx.command.get_params(ctx)
    options = {flag: p for p in params if isinstance(p, TyperOption) for flag in p.opts}
    if "--" not in before:
        last = options.get(before[-1]) if before else None
        if last is not None and not last.is_flag:
            # Without its value the parser gave up and ignored the words before it.
            ctx = context_of(tree, before[:-1])
            return _values(ctx, last, typed)
        flag, equals, part = typed.partition("=")
        if equals and flag in options:
            found = _values(ctx, options[flag], part)
            return found and [(f"{flag}={value}", help) for value, help in found]
        if typed.startswith("-"):
            return list(_options(ctx, params, typed))
    for param in params:
        if isinstance(param, TyperArgument) and _is_open(ctx, param):
            return _values(ctx, param, typed)
    unknown = [*ctx._protected_args, *ctx.args]
    if isinstance(ctx.command, LazyGroup) and not unknown:
        commands = ctx.command.summaries()
        return [(name, _short(help)) for name, help in commands if name.startswith(typed)]
    return []


def _is_open(ctx: Any, param: Any) -> bool:
    """Whether an argument can take another word: it takes several, or has none yet."""
    given = ctx.get_parameter_source(param.name) is ParameterSource.COMMANDLINE
    return param.nargs == -1 or not given


def _options(ctx: Any, params: Sequence[Any], typed: str) -> Iterator[tuple[str, str]]:
    """Yield the options that are not used yet, by their main names unless another is begun."""
    for param in params:
        if not isinstance(param, TyperOption) or param.hidden:
            continue
        given = ctx.get_parameter_source(param.name) is ParameterSource.COMMANDLINE
        if given and not param.multiple:
            continue
        flags = [flag for flag in (*param.opts, *param.secondary_opts) if flag.startswith("--")]
        begun = [flag for flag in flags if flag.startswith(typed)]
        everyday = {*flags[:1], *param.secondary_opts}
        help = _short(param.help or "")
        yield from ((flag, help) for flag in begun if flag in everyday or begun[0] not in everyday)


def _short(help: str) -> str:
    return text.clip(help.rstrip("."), 60)


def _values(ctx: Any, param: Any, typed: str) -> Candidates | None:
    """Return candidates for the value of an option or argument; None for a file name."""
    if (param.metavar or "").rstrip(".") in ("FILE", "DIR"):
        return None
    offer = getattr(ctx.command, "offers", {}).get(param.name)
    found: Offers = offer(ctx, typed) if offer is not None else ()
    return [(each, "") if isinstance(each, str) else each for each in found]


# The forms for shells


def split(line: str) -> list[Word]:
    """Split a command line as shells do; the last word is the one being typed."""
    done: list[Word] = []
    raw = value = before = quote = ""
    escaped = False
    for char in line:
        if escaped:
            # Between double quotes, a backslash only escapes these.
            value += char if quote != '"' or char in '\\"$`' else f"\\{char}"
            escaped = False
        elif char == "\\" and quote != "'":
            escaped = True
        elif char == quote:
            quote = before = ""
        elif not quote and char in "\"'":
            quote, before = char, value
        elif not quote and char.isspace():
            if raw:
                done.append(Word(raw, value))
            raw = value = ""
            continue
        else:
            value += char
        raw += char
    return [*done, Word(raw, value, quote, before)]


def _without_loss(typed: str, found: Candidates) -> Candidates:
    """Return the candidates that remove no typed letters.

    A shell replaces the word by what several candidates share. If they share less than is typed, as
    `GreenTech` and `GREEN Co` do, they are changed to begin as typed: names are found in any case.
    A candidate that only contains the word is then left out.
    """
    shared = os.path.commonprefix([value for value, _ in found])  # noqa: RUF071 - of letters
    if len(found) < 2 or len(shared) >= len(typed):
        return found
    begun = [_begun_as(typed, each) for each in found]
    return [each for each in begun if each[0].startswith(typed)]


def _begun_as(typed: str, candidate: tuple[str, str]) -> tuple[str, str]:
    """Return the candidate, beginning as it was typed if that is the same name."""
    value, help = candidate
    same = text.key(value[: len(typed)]) == text.key(typed)
    return (typed + value[len(typed) :] if same else value), help


def _for_fish(typed: str, candidate: tuple[str, str]) -> tuple[str, str]:
    """Return a candidate for fish, which must begin exactly like the word, accents included."""
    begun = candidate[0].casefold().startswith(typed.casefold())
    return candidate if begun else _begun_as(typed, candidate)


def _for_bash(value: str, typed: Word, breaks: str) -> str:
    """Return a candidate for readline: quoted, and only the part after the last word break.

    Readline splits words at `COMP_WORDBREAKS` too (`:` and `=` among them), and replaces the last
    piece by a candidate, or the text after an open quote.
    """
    if typed.quote:
        rest = value[len(typed.before) :]
        if typed.quote == "'":
            return rest.replace("'", r"'\''")
        return re.sub(r'([\\"$`])', r"\\\1", rest)
    quoted = re.sub(r"([^\w@%+=:,./-]|^~)", r"\\\1", value)
    cuts = _breaks_in(quoted, breaks)[: len(_breaks_in(typed.raw, breaks))]
    if not cuts:
        return quoted
    # It splits before these two, and after any other.
    return quoted[cuts[-1] :] if quoted[cuts[-1]] in "$@" else quoted[cuts[-1] + 1 :]


def _breaks_in(raw: str, breaks: str) -> list[int]:
    """Return where readline would split a word: at unquoted word breaks."""
    signs = set(breaks) - set(" \t\n\"'")
    bare = re.sub(r"""\\.|"[^"]*"?|'[^']*'?""", lambda quoted: "x" * len(quoted[0]), raw)
    return [at for at, char in enumerate(bare) if char in signs]
