from __future__ import annotations

import json
import os
import re
import stat
import sys
from pathlib import Path

import pytest
from tests.conftest import Program

from acctcli.config import SETTINGS

COMMENTED = """\
# mine
[me]
name = "Kim"  # that is me
# the country decides
country = "SG"

[today] # what is shown
limit = 5
"""


@pytest.fixture
def file(home: Path) -> Path:
    return home / "config.toml"


def saving(tmp_path: Path, text: str | bytes, status: int = 0) -> dict[str, str]:
    """Return an editor that saves this text."""
    data = text.encode() if isinstance(text, str) else text
    script = tmp_path / "editor.py"
    script.write_text(
        "import sys, pathlib\npath = pathlib.Path(sys.argv[-1])\n"
        f"pathlib.Path({str(tmp_path / 'seen')!r}).write_bytes(path.read_bytes())\n"
        f"path.write_bytes({data!r})\nsys.exit({status})\n"
    )
    return {"EDITOR": f"'{sys.executable}' '{script}'"}


# Looking


def test_the_path_is_said_whether_the_file_is_there_or_not(run: Program, file: Path) -> None:
    assert run("config", "path").out == f"{file}\n"
    file.write_text("[broken")
    assert run("config", "path").out == f"{file}\n"


def test_everything_in_force_is_listed(run: Program, file: Path) -> None:
    file.write_text(
        '[me]\nname = "Kim"\n[rates]\nEUR = 1.45\n[fields.account.seats]\ntype = "integer"\n'
    )
    shown = run("config", "list").out.splitlines()
    assert any(line.startswith('me.name = "Kim"') for line in shown)
    assert any(re.fullmatch("cadence.strategic = 14 +# default", line) for line in shown)
    assert any(re.fullmatch("rates.EUR = 1.45 +# file", line) for line in shown)
    assert "stage proposal: 60 %, best-case" in shown
    assert "field account.seats: integer" in shown
    data = run("config", "list", "-f", "json").json()
    assert {s.key for s in SETTINGS} <= data.keys()
    assert data["me.name"] == "Kim"
    assert data["stages"][0]["name"] == "prospecting"
    assert data["stages"][0]["probability"] == 10
    assert data["fields"] == {"account": ["seats"]}


@pytest.mark.parametrize(
    ("setting", "value"),
    [("me.currency", "USD"), ("today.limit", "0"), ("cadence.key", "21"), ("reviews.smb", "365")],
)
def test_one_setting_is_read(setting: str, value: str, run: Program) -> None:
    assert run("config", "get", setting).out == f"{value}\n"


def test_an_unknown_setting_is_refused_with_the_nearest(run: Program) -> None:
    for words in (["get", "me.curency"], ["set", "me.curency", "x"]):
        done = run("config", *words)
        assert done.code == 3
        assert done.err.startswith('acct: unknown setting "me.curency". Did you mean me.currency?')


# Changing


def test_a_setting_is_changed_and_every_comment_stays(run: Program, file: Path) -> None:
    file.write_text(COMMENTED)
    assert run("config", "set", "me.name", "Raj").code == 0
    assert run("config", "set", "today.limit", "7").code == 0
    assert run("config", "set", "me.currency", "sgd").code == 0
    assert file.read_text() == COMMENTED.replace('"Kim"', '"Raj"').replace("= 5", "= 7").replace(
        'country = "SG"\n', 'country = "SG"\ncurrency = "sgd"\n'
    )
    assert run("config", "get", "me.currency").out == "SGD\n"


def test_a_setting_is_unset_and_every_other_line_stays(run: Program, file: Path) -> None:
    file.write_text(COMMENTED)
    assert run("config", "unset", "me.country").out == "me.country is back to its default\n"
    assert file.read_text() == COMMENTED.replace('country = "SG"\n', "")
    done = run("config", "unset", "me.country")
    assert (done.code, done.err) == (3, f"acct: me.country is not set in {file}\n")


def test_the_first_setting_makes_a_private_file(run: Program, home: Path) -> None:
    file = home / "new" / "config.toml"
    env = {"ACCTCLI_CONFIG": str(file)}
    assert run("config", "set", "me.name", 'Kim "K"', env=env).out == 'me.name = "Kim \\"K\\""\n'
    assert run("config", "get", "me.name", env=env).out == 'Kim "K"\n'
    if os.name == "posix":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_a_first_change_of_a_tier_keeps_the_others(run: Program, file: Path) -> None:
    said = run("config", "set", "cadence.vip", "7").err
    assert said.startswith("acct: vip is a new tier, next to strategic, key, ")
    assert run("config", "set", "cadence.vip", "8").err == ""
    assert run("config", "get", "cadence.vip").out == "8\n"
    assert run("config", "get", "cadence.strategic").out == "14\n"
    unset = run("config", "unset", "cadence.smb").out
    assert unset.startswith("smb is no longer a tier; for the default tiers: ")
    assert "smb" not in json.dumps(run("config", "list", "-f", "json").json()["cadence.vip"])
    assert run("config", "get", "cadence.smb").code == 3


def test_rates_are_set_by_code_in_any_case(run: Program, file: Path) -> None:
    run("config", "set", "rates.base", "SGD")
    run("config", "set", "rates.eur", "1.45")
    assert not file.exists()
    assert run("config", "get", "rates.EUR").out == "1.45\n"


@pytest.mark.parametrize(
    ("setting", "value", "code", "says"),
    [
        ("me.currency", "euro", 4, "me.currency euro is not an ISO 4217 currency"),
        ("me.country", "Singapore", 4, "me.country must be a country's two letters"),
        ("today.limit", "many", 2, 'today.limit takes a number, not "many"'),
        ("today.limit", "1_0", 2, 'today.limit takes a number, not "1_0"'),
        ("today.limit", "-1", 4, "today.limit must be 0 to 36500, not -1"),
        ("cadence.key", "0", 4, "cadence.key must be at least 1 day"),
        ("rates.EUR", "nan", 4, "rates.EUR must be a number above 0"),
        ("rates.XYZ", "1", 4, "rates XYZ is not an ISO 4217 currency"),
        ("rates.date", "soon", 4, "rates.date must be a day like 2026-12-15"),
        ("stages", "x", 3, "stages, fields and required rules: acct config edit"),
    ],
)
def test_a_value_that_cannot_be_is_refused_and_the_file_stays(
    setting: str, value: str, code: int, says: str, run: Program, file: Path
) -> None:
    file.write_text(COMMENTED)
    done = run("config", "set", "--", setting, value)
    assert done.code == code
    assert says in done.err
    assert file.read_text() == COMMENTED


def test_a_link_to_the_settings_stays_a_link(run: Program, file: Path, tmp_path: Path) -> None:
    real = tmp_path / "dotfiles.toml"
    real.write_text(COMMENTED)
    file.symlink_to(real)
    run("config", "set", "me.name", "Raj")
    assert file.is_symlink()
    assert 'name = "Raj"' in real.read_text()


# Broken settings


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        ("[me\n", "Expected ']' at the end of a table declaration (at line 1, column 4)"),
        ("[me]\nnaem = 'x'\n", "unknown setting me.naem (use name,"),
        ("me = 3\n", "me must be a section: [me]"),
    ],
)
@pytest.mark.parametrize(
    "words",
    [
        "account list",
        "account list -f json",
        "account add x",
        "config list",
        "config get me.name",
        "today",
    ],
)
def test_with_broken_settings_every_command_says_the_place(
    broken: str, says: str, words: str, run: Program, file: Path
) -> None:
    run("account", "add", "A")
    file.write_text(broken)
    done = run(*words.split())
    assert (done.code, done.out) == (4, "")
    message = json.loads(done.err)["error"]["message"] if "json" in words else done.err[6:]
    assert message.startswith(f"{file}: ")
    assert says in message


def test_broken_settings_can_be_mended_in_the_editor(
    run: Program, file: Path, tmp_path: Path
) -> None:
    file.write_text("[me\nname = 'Kim'\n")
    done = run("config", "edit", "--file", env=saving(tmp_path, "[me]\nname = 'Kim'\n"))
    assert (done.code, done.out) == (0, f"{file}\n")
    assert (tmp_path / "seen").read_text() == "[me\nname = 'Kim'\n"
    assert run("config", "get", "me.name").out == "Kim\n"


def test_one_wrong_setting_can_be_mended_by_setting_it(run: Program, file: Path) -> None:
    file.write_text("[me]\nname = 3\n")
    assert run("config", "set", "me.name", "Kim").code == 0
    file.write_text("me = 3\n")
    done = run("config", "set", "me.name", "Kim")
    assert done.code == 4
    assert done.err == f"acct: {file}: me is not a section. Fix it with: acct config edit --file\n"
    file.write_text("[me\n")
    assert "Fix it with: acct config edit --file" in run("config", "set", "me.name", "Kim").err


def test_settings_in_another_encoding_are_written_anew_as_utf8(
    run: Program, file: Path, tmp_path: Path
) -> None:
    file.write_bytes('[me]\nname = "Zoë"\n'.encode("cp1252"))
    assert "not UTF-8 at byte 15" in run("account", "list").err
    done = run("config", "edit", "--file", env=saving(tmp_path, '[me]\nname = "Zoë"\n'))
    assert done.code == 0
    assert file.read_text("utf-8") == '[me]\nname = "Zoë"\n'


def test_a_folder_in_the_place_of_the_settings_is_said(run: Program, file: Path) -> None:
    file.mkdir()
    for words in (["list"], ["set", "me.name", "x"], ["edit", "--file"]):
        done = run("config", *words, env={"EDITOR": "true"})
        assert done.code == 4
        assert f"cannot read {file}: " in done.err


@pytest.mark.skipif(os.name != "posix", reason="links and pipes are POSIX's")
def test_what_is_no_file_of_settings_is_said_and_not_waited_for(
    run: Program, file: Path, tmp_path: Path
) -> None:
    def told(says: str) -> None:
        for words in (["list"], ["set", "me.name", "x"], ["edit", "--file"]):
            done = run("config", *words, env={"EDITOR": "true"})
            assert (done.code, done.out) == (4, ""), words
            assert f"{file}{says}" in done.err

    os.mkfifo(file)
    told(": it is not a file")
    file.unlink()
    file.symlink_to(os.devnull)
    told(": it is not a file")
    file.unlink()
    file.symlink_to(tmp_path / "gone.toml")
    told(f" is a link to {tmp_path / 'gone.toml'}, which is not there")
    assert not (tmp_path / "gone.toml").exists()
    file.unlink()
    file.write_text("# x\n" * 300_000)
    told(": it has more than 1,048,576 bytes")


@pytest.mark.parametrize(
    "typed",
    [
        f"a = {'[' * 3000}{']' * 3000}\n",
        f"a = {'{a = ' * 2000}1{'}' * 2000}\n",
        f"[today]\nlimit = {'9' * 5000}\n",
        f"[today]\nlimit = {10**30}\n",
        "[quota]\ncurrency = 'SGD'\ntotal = 1e400\n",
        "[rates]\nEUR = nan\n",
    ],
    ids=["lists", "tables", "digits", "beyond", "infinite", "nan"],
)
def test_what_no_setting_can_be_is_refused(
    run: Program, file: Path, tmp_path: Path, typed: str
) -> None:
    file.write_text(typed)
    for words in (["today"], ["config", "list"], ["config", "set", "me.name", "x"]):
        done = run(*words)
        assert (done.code, done.out) == (4, ""), (words, done.err)
        assert done.err.count("\n") == 1
    file.unlink()
    done = run("config", "edit", "--file", env=saving(tmp_path, typed))
    assert done.code == 4
    assert "Your text is kept. To hand it back: acct config edit" in done.err


# The editor


def test_the_editor_begins_with_a_template_that_is_valid(
    run: Program, file: Path, tmp_path: Path
) -> None:
    done = run("config", "edit", "--file", env={"EDITOR": "true"})
    assert (done.code, done.out) == (0, "nothing was changed\n")
    assert not file.exists()
    run("config", "edit", "--file", env=saving(tmp_path, "[me]\n"))
    template = (tmp_path / "seen").read_text()
    file.write_text(
        "\n".join(
            line.removeprefix("# ") if "=" in line else line for line in template.splitlines()
        )
    )
    assert run("config", "get", "me.currency").out == "USD\n"
    assert "# file; your name" in run("config", "list").out


def test_a_mistake_in_the_editor_is_refused_and_kept(
    run: Program, file: Path, book: Path, tmp_path: Path
) -> None:
    file.write_text(COMMENTED)
    done = run("config", "edit", "--file", env=saving(tmp_path, "[me]\nname = 3\n"))
    kept = book.parent / "book-refused" / "config.toml"
    assert done.code == 4
    assert done.err == (
        f"acct: config.toml: me.name is 3; it must be text in quotes. Your text is kept. "
        f"To hand it back: acct config edit --file --form {kept}\n"
    )
    assert kept.read_text().startswith("[me]\nname = 3\n\n#= ")
    assert file.read_text() == COMMENTED


def test_without_a_change_the_file_is_not_written(run: Program, file: Path, tmp_path: Path) -> None:
    file.write_text(COMMENTED)
    before = file.stat().st_mtime_ns, file.stat().st_ino
    assert (
        run("config", "edit", "--file", env=saving(tmp_path, COMMENTED)).out
        == "nothing was changed\n"
    )
    assert (file.stat().st_mtime_ns, file.stat().st_ino) == before


# The settings of the book


def test_each_setting_says_where_it_comes_from(run: Program, file: Path) -> None:
    file.write_text('[me]\nname = "Kim"\n')
    run("config", "set", "today.closing_days", "21")
    sources = run("config", "list", "-f", "json").json()["sources"]
    assert (sources["me.name"], sources["today.closing_days"]) == ("file", "book")
    assert (sources["me.currency"], sources["stages"]) == ("default", "default")
    assert file.read_text() == '[me]\nname = "Kim"\n'


def test_a_change_is_told_undone_and_done_again(run: Program) -> None:
    run("config", "set", "cadence.key", "28")
    run("config", "set", "cadence.key", "35")
    told = [row["what"] for row in run("history", "-f", "json").json()]
    assert told[0] == "Setting cadence: key 28 → 35."
    assert run("undo").code == 0
    assert run("config", "get", "cadence.key").out == "28\n"
    assert run("undo", "--redo").code == 0
    assert run("config", "get", "cadence.key").out == "35\n"
    assert run("undo").code == run("undo").code == 0
    assert run("config", "get", "cadence.key").out == "21\n"


def test_an_undo_that_would_leave_what_cannot_be_is_refused(run: Program, tmp_path: Path) -> None:
    run("config", "set", "cadence.gold", "7")
    wanted = "[cadence]\ngold = 7\n[required.gold]\naccount = ['owner']\n"
    assert run("config", "edit", env=saving(tmp_path, wanted)).code == 0
    done = run("undo", "1")
    assert done.code == 4
    run("config", "edit", env=saving(tmp_path, wanted + "[today]\ntask_days = 1\n"))
    assert run("config", "unset", "cadence").code == 4
    assert run("config", "get", "cadence.gold").out == "7\n"


def test_the_form_has_what_is_set_and_what_could_be(run: Program, tmp_path: Path) -> None:
    run("config", "set", "health.red", "30")
    assert run("config", "edit", env={"EDITOR": "true"}).out == "nothing was changed\n"
    run("config", "edit", env=saving(tmp_path, "[health]\nred = 30\namber = 60\n"))
    seen = (tmp_path / "seen").read_text()
    assert "default: 40.\nred = 30\n# A health below it is amber" in seen
    assert "default: 70.\n# amber = 70\n" in seen
    assert run("config", "get", "health.amber").out == "60\n"
    assert run("history", "-f", "json").json()[0]["what"] == "Setting health.amber set to 60."
    run("config", "edit", env=saving(tmp_path, ""))
    assert run("config", "get", "health.red").out == "40\n"


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("[health]\nred = 'x'\n", "settings of the book: health.red is 'x'"),
        ("[health\n", "settings of the book: Expected ']'"),
        ("[me]\nname = 'Kim'\n", "me.name is a setting of yours and not of the book"),
        ("[today]\nlimit = 3\n", "acct config set today.limit"),
        ("[required.gold]\naccount = ['owner']\n", "no such tier"),
    ],
)
def test_a_mistake_in_the_form_is_refused_and_kept(
    typed: str, says: str, run: Program, book: Path, tmp_path: Path
) -> None:
    run("config", "set", "health.red", "30")
    done = run("config", "edit", env=saving(tmp_path, typed))
    kept = book.parent / "book-refused" / "settings.toml"
    assert (done.code, done.out) == (4, "")
    assert says in done.err
    assert f"Your text is kept. To hand it back: acct config edit --form {kept}" in done.err
    assert kept.read_text().startswith(f"{typed.rstrip()}\n\n#= ")
    assert run("config", "get", "health.red").out == "30\n"


def test_amounts_keep_their_currency_in_another_home(run: Program, file: Path) -> None:
    file.write_text('[me]\ncurrency = "SGD"\n')
    run("config", "set", "quota.total", "500k")
    file.write_text('[me]\ncurrency = "JPY"\n')
    assert run("config", "get", "book.currency").out == "SGD\n"
    assert run("config", "get", "quota.total").out == "500,000 SGD\n"


def test_a_field_of_ones_own_is_taken_out_in_the_form(run: Program, tmp_path: Path) -> None:
    wanted = "[fields.account.vip]\ntype = 'text'\n"
    assert run("config", "edit", env=saving(tmp_path, wanted)).code == 0
    refused = run("config", "unset", "fields.account.vip")
    assert (refused.code, refused.err) == (
        2,
        "acct: fields.account.vip cannot be unset on its own. Remove it with: acct config edit\n",
    )


def test_settings_that_were_refused_are_handed_back(
    run: Program, book: Path, tmp_path: Path
) -> None:
    run("account", "add", "A")
    run("config", "edit", env=saving(tmp_path, "[health]\nred = 'x'\n"))
    kept = book.parent / "book-refused" / "settings.toml"
    kept.write_text(kept.read_text("utf-8").replace("'x'", "30"), "utf-8")
    done = run("config", "edit", "--form", kept)
    assert (done.code, done.out) == (0, "health.red\n"), done.err
    assert not kept.exists()
    assert run("config", "get", "health.red").out == "30\n"
