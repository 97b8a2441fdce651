"""Shells: their completion scripts, the words of their command lines, and how they take answers.

A script calls `acct` with `_ACCT_COMPLETE` set to the name of the shell and passes what is typed.
It gets the candidates, one per line, in the form that the shell can insert.
"""

from __future__ import annotations

import os.path
import re
from collections.abc import Sequence

from acctcli import text
from acctcli.frozen import Frozen

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


def asked_for(shell: str, passed: Sequence[str]) -> tuple[list[str], Word, str] | None:
    """Return the words before, the word that is typed and the word breaks, from what is passed.

    None for an unknown shell, or for anything that its script in `SCRIPTS` does not pass.
    """
    if shell == "bash" and len(passed) == 2:
        line = split(passed[0])
        return [word.value for word in line[1:-1]], line[-1], passed[1]
    if shell in ("zsh", "fish") and passed:
        return list(passed[:-1]), split(passed[-1])[-1], ""
    return None


def lines_for(shell: str, typed: Word, breaks: str, found: Candidates | None) -> list[str]:
    """Return the lines that a shell gets; without candidates (None) it completes a file name."""
    if found is None:
        return [FILES]
    if shell == "fish":
        return ["\t".join(_for_fish(typed.value, each)) for each in found]
    found = _without_loss(typed.value, found)
    if shell == "zsh":
        return ["\t".join(each) for each in found]
    return [_for_bash(value, typed, breaks) for value, _ in found]


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
