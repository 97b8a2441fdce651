"""`acct completion`: the scripts for shells, and the answers that these ask for on TAB.

A script calls `acct` with `_ACCT_COMPLETE` set to the name of the shell. What
is typed so far goes along raw: each shell cuts a line into words in its own
way, and none of them knows that `"Mei T` is the beginning of a name. A shell
gets its candidates one a line, ready to stand on its command line.

Nothing here may complain: on any trouble there is nothing to offer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from typer.core import TyperArgument, TyperOption

from acctcli import text
from acctcli.cli.complete import words
from acctcli.cli.kernel import LazyGroup, Noun
from acctcli.cli.session import Session
from acctcli.errors import AcctError, UsageError
from acctcli.frozen import Frozen
from acctcli.render.results import Lines

noun = Noun("", "")

FILES = "\tfiles"
"""The answer that leaves the word to the shell: names of files. No candidate begins with a TAB."""

# `$1` is the program as it was typed. Bash 3.2, the one of macOS, has no compopt.
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

_ZSH = r"""
#compdef acct acctcli
_acct() {
    local line
    local -a spaced spaced_help open open_help
    for line in "${(@f)$(_ACCT_COMPLETE=zsh ${(Q)words[1]} "${(@Q)words[2,CURRENT-1]}" "$PREFIX" 2>/dev/null)}"; do
        if [[ $line == $'\tfiles' ]]; then
            _files
            return
        elif [[ $line == *=$'\t'* ]]; then
            open+=("${line%%$'\t'*}")
            open_help+=("${line/$'\t'/  }")
        elif [[ -n $line ]]; then
            spaced+=("${line%%$'\t'*}")
            spaced_help+=("${line/$'\t'/  }")
        fi
    done
    compadd -U -l -d spaced_help -a spaced
    compadd -U -l -S '' -d open_help -a open
}
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
compdef _acct acct acctcli
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
    """Print the script that lets your shell complete commands, options and names.

    Run the line for your shell once, then open a new terminal. TAB then knows
    commands, options, their values, and the names in your book.
    """
    if shell not in SCRIPTS:
        raise UsageError(
            f"there is no completion for {text.quoted(shell)}. Known: {', '.join(SCRIPTS)}"
        )
    return Lines(SCRIPTS[shell].strip().splitlines())


# What a shell asks


def answer(tree: LazyGroup, shell: str, asked: Sequence[str]) -> list[str]:
    """The lines for a shell; `asked` is what its script passes, see `SCRIPTS`."""
    try:
        match shell, list(asked):
            case "bash", [head, breaks]:
                line = split(head)
                found = candidates(tree, line[1:-1], line[-1])
                return found if found == [FILES] else _for_bash(found, line[-1], breaks)
            case "zsh" | "fish", [*before, typed]:
                word = split(typed)[-1]
                found = candidates(tree, [Word(w, w, w, "") for w in before], word)
                return ...
    except (AcctError, OSError):
        pass
    return []
