from __future__ import annotations

import os
import shlex
import stat
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.books import configure
from tests.conftest import Program

from acctcli.model import KINDS

Editor = Callable[..., dict[str, str]]


@pytest.fixture
def editor(tmp_path: Path) -> Editor:
    """Return an editor that runs these lines of Python on `text`, or writes `raw` bytes."""

    def make(lines: str = "", *, raw: bytes | None = None, status: int = 0) -> dict[str, str]:
        script = tmp_path / "editor with a space.py"
        script.write_text(
            "import os, sys\nfrom pathlib import Path\n"
            "path = Path(sys.argv[-1])\ntext = path.read_text('utf-8')\n"
            f"Path({str(tmp_path / 'seen')!r}).write_text(text, 'utf-8')\n"
            f"mode = oct(path.stat().st_mode)[-3:] + oct(path.parent.stat().st_mode)[-3:]\n"
            f"Path({str(tmp_path / 'mode')!r}).write_text(mode)\n"
            f"raw = {raw!r}\n"
            f"{lines}\n"
            "if raw is None: raw = text.encode('utf-8')\n"
            "if path.exists(): path.write_bytes(raw)\n"
            f"sys.exit({status})\n",
            encoding="utf-8",
        )
        return {"EDITOR": f'"{sys.executable}" "{script}"'}

    return make


@pytest.fixture
def account(run: Program) -> Callable[[], dict[str, Any]]:
    """Add an account; return a function that reads it."""
    run(
        "account", "add", "GreenTech Ltd", "--tier", "key", "--tag", "expo; vip",
        "--revenue", "SGD 1.5m", "--description", 'Two\nlines and a """quote"""',
    )  # fmt: skip

    def stands() -> dict[str, Any]:
        found: dict[str, Any] = run("account", "list", "-f", "json").json()[0]
        return found

    return stands


def kept(book: Path) -> list[Path]:
    folder = book.parent / "book-refused"
    return sorted(folder.iterdir()) if folder.exists() else []


# What the form shows


def test_the_form_has_every_field_that_can_be_set_under_what_it_takes(
    run: Program, editor: Editor, account: Any, tmp_path: Path
) -> None:
    run("account", "edit", "greentech", env=editor())
    seen = (tmp_path / "seen").read_text("utf-8")
    assert seen.startswith("# account GreenTech Ltd: change what you like, save and close.\n")
    assert "# where the relationship stands: lead, prospect, customer, former\nstatus =" in seen
    assert list(tomllib.loads(seen)) == [
        name for name, field in KINDS["account"].fields.items() if not field.fixed
    ]
    assert tomllib.loads(seen)["annual_revenue"] == "1500000.00"
    assert tomllib.loads(seen)["tags"] == ["expo", "vip"]
    assert tomllib.loads(seen)["description"] == 'Two\nlines and a """quote"""'


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX's")
def test_only_the_user_can_read_the_form(
    run: Program, editor: Editor, account: Any, tmp_path: Path
) -> None:
    before = os.umask(0)
    try:
        run("account", "edit", "greentech", env=editor())
    finally:
        os.umask(before)
    assert (tmp_path / "mode").read_text() == "600700"


def test_the_users_own_fields_are_in_the_form(
    run: Program, editor: Editor, home: Path, tmp_path: Path
) -> None:
    configure(
        home,
        '[fields.account.segment]\ntype = "choice"\nchoices = ["north", "south"]\n'
        'help = "which\\nhalf"\n[fields.account.seats]\ntype = "integer"\n',
    )
    run("account", "add", "A", "--set", "seats=5")
    changes = "text = text.replace('segment = \"\"', 'segment = \"south\"')"
    done = run("account", "edit", "A", env=editor(changes))
    assert done.err == "Changed segment of A.\n"
    assert run("account", "list", "-f", "csv", "--columns", "segment,seats").out == (
        "segment,seats\r\nsouth,5\r\n"
    )


# Its effects


def test_a_form_that_is_left_as_it_was_changes_nothing(
    run: Program, editor: Editor, account: Any, book: Path
) -> None:
    before = account()
    for left in (
        "",
        "text = text.replace('\\n', '\\r\\n')",
        "raw = b'\\xef\\xbb\\xbf' + text.encode()",
    ):
        done = run("account", "edit", "greentech", env=editor(left))
        assert (done.code, done.out) == (0, "")
        assert done.err == "GreenTech Ltd: nothing changed.\n"
    assert account() == before
    assert kept(book) == []


def test_only_what_was_changed_is_written(run: Program, editor: Editor, account: Any) -> None:
    before = account()
    done = run(
        "account", "edit", "greentech",
        env=editor(
            "text = text.replace('tier = \"key\"', 'tier = \"strategic\"')\n"
            "text = text.replace('employees = \"\"', 'employees = 1_200')\n"
            "text = text.replace('snoozed_until = \"\"', 'snoozed_until = 2026-12-01')\n"
            "text = text.replace('[\"expo\", \"vip\"]', '[\"vip\"]')"
        ),
    )  # fmt: skip
    assert done.err == (
        "Changed tier, employees, snoozed until, tags of GreenTech Ltd "
        "(snoozed until: Tue 1 Dec; tags: was expo and vip).\n"
    )
    after = account()
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"tier", "employees", "snoozed_until", "tags"}
    assert (after["employees"], after["snoozed_until"]) == (1200, "2026-12-01")
    assert run("undo").code == 0
    assert account() == before


def test_a_line_that_is_taken_out_empties_its_field(
    run: Program, editor: Editor, account: Any
) -> None:
    run("account", "edit", "greentech", env=editor("text = text.replace('tier = \"key\"', '')"))
    assert account()["tier"] is None


def test_flags_and_names_of_others_are_edited_too(run: Program, editor: Editor) -> None:
    for name in ("GreenTech", "Konex"):
        run("account", "add", name)
    run("contact", "add", "Mei", "--account", "greentech")
    run(
        "contact", "edit", "mei",
        env=editor(
            "text = text.replace('\"GreenTech\"', '\"kon\"')\n"
            "text = text.replace('primary = \"no\"', 'primary = true')"
        ),
    )  # fmt: skip
    mei = run("contact", "list", "-f", "json").json()[0]
    assert (mei["account"], mei["primary"]) == ("Konex", True)


# A refused text is kept


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (
            "text = text.replace('\"key\"', '\"kye\"')",
            'form: unknown tier "kye" (use strategic, key',
        ),
        ("text = text.replace('\"GreenTech Ltd\"', '\"\"')", "the name of an account cannot be"),
        (
            "text = text.replace('tier =', 'teir =')",
            'has an unknown field "teir". Did you mean t',
        ),
        ("text = text.replace('\"key\"', '\"key')", "the form cannot be read: Illegal character"),
        ("text += '[more]\\nx = 1'", 'the form has an unknown field "more"'),
        ("text = text.replace('\"key\"', '{a = 1}')", "form: tier must be one value"),
        ("text = text.replace('\"key\"', '[\"key\"]')", "form: tier: a list is given where one"),
        ("text = text.replace('parent = \"\"', 'parent = \"x\"')", 'no account "x"'),
        ("raw = text.replace('key', 'k\\xe9y').encode('latin-1')", "is not UTF-8 any more"),
    ],
)
def test_a_form_that_is_refused_is_kept_and_changes_nothing(
    lines: str, says: str, run: Program, editor: Editor, account: Any, book: Path
) -> None:
    before = account()
    done = run("account", "edit", "greentech", env=editor(lines))
    (file,) = kept(book)
    assert done.code in (3, 4)
    assert says in done.err
    back = f"acct account edit greentech --form {file}"
    assert done.err.endswith(f" Your text is kept. To hand it back: {back}\n")
    assert "?." not in done.err
    assert ".." not in done.err
    assert "change what you like" in file.read_text("utf-8")
    if "xe9" in lines:
        assert "kéy" in file.read_text("utf-8")
    if os.name == "posix":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert account() == before


def test_each_refused_text_is_kept(run: Program, editor: Editor, account: Any, book: Path) -> None:
    wrong = editor("text = text.replace('\"key\"', '\"kye\"')")
    for _ in range(2):
        run("account", "edit", "greentech", env=wrong)
    assert [path.name for path in kept(book)] == ["account-2.toml", "account.toml"]


def test_a_field_that_somebody_else_changed_meanwhile_is_not_written_over(
    run: Program, editor: Editor, account: Any, book: Path
) -> None:
    meanwhile = (
        "import subprocess\n"
        "subprocess.run([sys.executable, '-m', 'acctcli', 'account', 'edit', 'A-0001',"
        " '--tier', 'smb', '--owner', 'Kim'], check=True, capture_output=True)\n"
    )
    lines = "text = text.replace('\"key\"', '\"strategic\"')"
    done = run("account", "edit", "greentech", env=editor(meanwhile + lines))
    assert done.code == 4
    assert "tier was changed meanwhile by another command" in done.err
    assert len(kept(book)) == 1
    other = "text = text.replace('city = \"\"', 'city = \"Bonn\"')"
    assert run("account", "edit", "greentech", env=editor(meanwhile + other)).code == 0
    assert (account()["tier"], account()["city"]) == ("smb", "Bonn")


# Editors


@pytest.mark.parametrize(
    ("env", "code", "says"),
    [
        ({}, 2, "nothing to change: give an option, or set EDITOR to edit it as a form"),
        ({"EDITOR": "  "}, 2, "nothing to change: give an option, or set EDITOR"),
        ({"EDITOR": "/none/such"}, 3, "the editor /none/such cannot be started"),
        ({"EDITOR": "vi 'x"}, 2, 'the editor "vi \'x" has an open quote. Set EDITOR'),
    ],
)
def test_without_an_editor_it_is_said(
    env: dict[str, str], code: int, says: str, run: Program, account: Any
) -> None:
    done = run("account", "edit", "greentech", env=env)
    assert (done.code, done.out) == (code, "")
    assert says in done.err


def test_the_editor_of_the_settings_wins_and_visual_over_editor(
    run: Program, editor: Editor, account: Any, home: Path
) -> None:
    works = editor()["EDITOR"]
    for env in ({"VISUAL": works, "EDITOR": "/none"}, {"VISUAL": "/none"}):
        if "EDITOR" not in env:
            configure(home, f"[me]\neditor = '''{works}'''\n")
        assert run("account", "edit", "greentech", env=env).err.endswith("nothing changed.\n")


def test_an_editor_that_fails_changes_nothing_and_keeps_the_text(
    run: Program, editor: Editor, account: Any, book: Path
) -> None:
    done = run("account", "edit", "greentech", env=editor(status=3))
    assert done.code == 4
    assert done.err == "acct: the editor ended with status 3; nothing was changed\n"
    assert kept(book) == []
    lines = "text = text.replace('\"key\"', '\"smb\"')"
    done = run("account", "edit", "greentech", env=editor(lines, status=3))
    assert "status 3; nothing was changed. Your text is kept. To hand it back: acct" in done.err
    assert "smb" in kept(book)[0].read_text()
    assert account()["tier"] == "key"


def test_an_editor_that_removes_the_form_changes_nothing(
    run: Program, editor: Editor, account: Any
) -> None:
    done = run("account", "edit", "greentech", env=editor("path.unlink()"))
    assert (done.code, done.err) == (0, "GreenTech Ltd: nothing changed.\n")


def test_a_text_is_kept_elsewhere_if_it_cannot_be_kept_beside_the_book(
    run: Program, editor: Editor, account: Any, book: Path
) -> None:
    (book.parent / "book-refused").write_text("in the way")
    lines = "text = text.replace('\"key\"', '\"kye\"')"
    done = run("account", "edit", "greentech", env=editor(lines))
    file = Path(done.err.strip().partition(" --form ")[2])
    assert "kye" in file.read_text()
    file.unlink()
    file.parent.rmdir()


def test_a_form_is_for_one_record(run: Program, editor: Editor, account: Any) -> None:
    run("account", "add", "Konex")
    done = run("account", "edit", "A-0001", "A-0002", env=editor())
    assert done.code == 2
    assert "a form is for one account; to change several, give options" in done.err


# Handing a form back


def test_a_kept_form_is_handed_back_and_then_gone(
    run: Program, editor: Editor, account: Any, book: Path
) -> None:
    wrong = "text = text.replace('\"key\"', '\"kye\"').replace('city = \"\"', 'city = \"Bonn\"')"
    run("account", "edit", "greentech", env=editor(wrong))
    (file,) = kept(book)
    again = run("account", "edit", "greentech", "--form", file)
    assert (again.code, again.err.count("Your text is kept")) == (4, 1)
    assert kept(book) == [file]
    file.write_text(file.read_text("utf-8").replace('"kye"', '"smb"'), "utf-8")
    done = run("account", "edit", "greentech", "--form", file)
    assert done.err == "Changed tier, city of GreenTech Ltd.\n"
    assert kept(book) == []


def test_what_others_changed_since_is_not_taken_back(
    run: Program, editor: Editor, account: Any, book: Path
) -> None:
    """Only what was changed in the form counts, not all that stood in it."""
    wrong = "text = text.replace('\"key\"', '\"kye\"')"
    run("account", "edit", "greentech", env=editor(wrong))
    (file,) = kept(book)
    right = file.read_text("utf-8").replace('"kye"', '"smb"')
    run("account", "edit", "greentech", "--owner", "Kim")
    assert run("account", "edit", "greentech", "--form", "-", input=right).code == 0
    assert (account()["owner"], account()["tier"]) == ("Kim", "smb")
    refused = run("account", "edit", "greentech", "--form", "-", input=right)
    assert "tier was changed meanwhile by another command" in refused.err


def test_a_form_of_ones_own_needs_no_more_than_what_changes(run: Program, account: Any) -> None:
    done = run("account", "edit", "greentech", "--form", "-", input='tier = "smb"\n')
    assert done.err == "Changed tier of GreenTech Ltd.\n"
    refused = run("account", "edit", "greentech", "--form", "x.toml", "--tier", "key")
    assert (refused.code, "leave the other options out" in refused.err) == (2, True)
    assert run("account", "edit", "greentech", "--form", "none.toml").code == 3
    several = run("account", "edit", "A-0001", "A-0002", "--form", "x.toml")
    assert "a form is for one account" in several.err


@pytest.mark.skipif(os.name != "posix", reason="needs a pty")
def test_on_a_terminal_a_refused_form_is_offered_again(
    run: Program, editor: Editor, account: Any, book: Path, tmp_path: Path
) -> None:
    import pexpect

    lines = (
        "first = text.replace('\"key\"', '\"kye\"')\n"
        "text = text.replace('\"kye\"', '\"smb\"') if 'kye' in text else first"
    )
    for answer, code in (("n", 4), ("y", 0)):
        child = pexpect.spawn(
            sys.executable,
            ["-m", "acctcli", "account", "edit", "greentech"],
            env={**os.environ, **editor(lines)},
            encoding="utf-8",
            timeout=20,
        )
        child.expect_exact('unknown tier "kye"')
        child.expect_exact("Edit the form again? y yes")
        child.sendline(answer)
        child.expect(pexpect.EOF)
        child.close()
        assert child.exitstatus == code
        assert len(kept(book)) == 1  # what was given up; a form that was put right is not kept
    seen = (tmp_path / "seen").read_text("utf-8")
    assert seen.startswith('#! form: unknown tier "kye" (use strategic, key')
    assert account()["tier"] == "smb"


@pytest.mark.skipif(os.name != "posix", reason="needs a pty")
@pytest.mark.parametrize("ending", ["SIG_DFL", "lambda *_: sys.exit(130)"])
def test_ctrl_c_at_an_editor_loses_nothing(
    ending: str, run: Program, account: Any, book: Path
) -> None:
    import pexpect

    # No shell: one that is about to start a program may swallow the signal.
    script = book.parent / "slow.py"
    script.write_text(
        "import pathlib, signal, sys, time\nfrom signal import SIG_DFL\n"
        f"signal.signal(signal.SIGINT, {ending})\n"
        "pathlib.Path(sys.argv[1]).write_text('city = \"Bonn\"')\n"
        "print('ready', flush=True)\n"
        "time.sleep(30)\n"
    )
    child = pexpect.spawn(
        sys.executable,
        ["-m", "acctcli", "account", "edit", "greentech"],
        env={**os.environ, "EDITOR": shlex.join([sys.executable, str(script)])},
        encoding="utf-8",
        timeout=20,
    )
    child.expect_exact("ready")
    child.sendintr()
    child.expect_exact("Your text is kept")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 4
    (file,) = kept(book)
    assert file.read_text("utf-8").startswith('city = "Bonn"')


def test_a_deal_that_is_lost_in_a_form_is_not_asked_about(
    run: Program, editor: Editor, book: Path
) -> None:
    run("account", "add", "Acme")
    run("deal", "add", "acme", "Big", "--stage", "proposal")
    lines = "text = text.replace('\"proposal\"', '\"lost\"')"
    done = run("deal", "edit", "big", env=editor(lines))
    assert (done.code, "Fill in lost_reason" in done.err) == (4, True)
    assert "acct deal edit big --form" in done.err
