from __future__ import annotations

from typing import Any

import pytest
from tests.commands import do
from tests.conftest import Program
from tests.filling import filled_once

from acctcli.cli import completion
from acctcli.main import root
from acctcli.model import KINDS, NOUNS


@pytest.fixture(autouse=True)
@filled_once
def some(run: Program) -> None:
    do(
        run,
        ("account", "add", "GreenTech Ltd", "--tag", "expo; vip"),
        ("account", "add", "Konex", "--tag", "vip"),
        ("contact", "add", "Mei Tan", "--account", "greentech", "--email", "mei@x.sg; m@home.sg"),
        ("contact", "add", "Raj Nair", "--account", "greentech", "--email", "raj@x.sg"),
        ("contact", "add", "Ana Lim", "--account", "konex"),
        ("log", "call", "greentech", "Pricing", "--with", "mei"),
    )


def person(run: Program) -> Any:
    return run("contact", "show", "mei", "-f", "json").json()


def of_the_log(run: Program) -> Any:
    (log,) = run("log", "list", "-f", "json").json()
    return log["contacts"]


def log_id(run: Program) -> str:
    return run("log", "list", "-f", "ids").out.strip()


@pytest.mark.parametrize("noun", NOUNS)
def test_every_list_can_be_added_to_and_taken_from_by_edit(noun: str) -> None:
    commands = root().get_command(None, noun)
    edit = {flag for param in commands.get_command(None, "edit").params for flag in param.opts}
    lists = [f for f in KINDS[noun].fields.values() if f.many and not f.fixed]
    for verb in ("add", "remove"):
        own = {flag for flag in edit if flag.startswith(f"--{verb}-")}
        assert own == {flag for field in lists for flag in field.item_options(verb)}
    if "add" in commands.list_commands(None):
        new = {flag for param in commands.get_command(None, "add").params for flag in param.opts}
        assert not {flag for flag in new if flag.startswith("--remove-")}


# What is said


def test_a_list_that_is_set_anew_says_what_it_was(run: Program) -> None:
    done = run("contact", "edit", "mei", "--email", "new@x.sg")
    assert done.err == "Changed emails of Mei Tan (was mei@x.sg and m@home.sg).\n"
    assert person(run)["emails"] == ["new@x.sg"]
    both = run("contact", "edit", "mei", "--email", "", "--title", "CFO")
    assert both.err == "Changed title, emails of Mei Tan (emails: was new@x.sg).\n"
    first = run("contact", "edit", "mei", "--set", "emails=a@x.sg")
    assert first.err == "Changed emails of Mei Tan.\n"
    of_log = run("log", "edit", log_id(run), "--with", "raj")
    assert of_log.err == "Changed contacts of Pricing (was Mei Tan).\n"
    assert "was new@x.sg" in run("history").out


def test_items_come_and_go_one_by_one(run: Program) -> None:
    done = run("contact", "edit", "mei", "--add-email", "NEW@x.sg", "--remove-email", "Mei@X.SG")
    assert done.err == "Changed emails of Mei Tan (added new@x.sg; removed mei@x.sg).\n"
    assert person(run)["emails"] == ["m@home.sg", "new@x.sg"]
    again = run("contact", "edit", "mei", "--add-email", "new@x.sg")
    assert (again.code, again.err) == (0, "Nothing to change: already up to date.\n")
    phones = ("--add-phone", "+65 6123 4567", "--add-phone", "+65 6123 4568")
    assert run("contact", "edit", "mei", *phones).code == 0
    gone = run("contact", "edit", "mei", "--remove-phone", "+65-6123-4567", "--title", "CFO")
    assert gone.err == "Changed title, phones of Mei Tan (phones: removed +6561234567).\n"
    assert person(run)["phones"] == ["+6561234568"]
    assert run("undo").code == run("undo").code == 0
    assert person(run)["phones"] == []


def test_an_item_that_is_taken_out_and_added_is_there(run: Program) -> None:
    done = run("account", "edit", "greentech", "--remove-tag", "EXPO", "--add-tag", "Expo")
    assert done.err == "Changed tags of GreenTech Ltd (added Expo; removed expo).\n"
    tags = run("account", "show", "greentech", "-f", "json").json()["tags"]
    assert tags == ["vip", "Expo"]


def test_people_come_and_go_from_an_interaction(run: Program) -> None:
    id = log_id(run)
    done = run("log", "edit", id, "--add-contact", "raj", "--add-with", "ana lim")
    assert done.err == (
        "acct: Ana Lim is at Konex, not at GreenTech Ltd\n"
        "Changed contacts of Pricing (added Raj Nair and Ana Lim).\n"
    )
    gone = run("log", "edit", id, "--remove-contact", "raj@x.sg", "--remove-with", "MEI TAN")
    assert gone.err == "Changed contacts of Pricing (removed Raj Nair and Mei Tan).\n"
    assert of_the_log(run) == ["Ana Lim"]


def test_two_of_one_name_are_taken_out_by_id(run: Program) -> None:
    do(run, ("contact", "add", "Mei Tan", "--account", "konex", "--email", "mei@konex.sg"))
    id = log_id(run)
    do(run, ("log", "edit", id, "--add-contact", "mei@konex.sg"))
    several = run("log", "edit", id, "--remove-contact", "mei tan")
    assert several.code == 4
    assert several.err.startswith(
        'acct: --remove-contact "mei tan" matches Mei Tan, GreenTech Ltd ('
    )
    assert several.err.endswith(". Use the id\n")
    do(run, ("log", "edit", id, "--remove-contact", "mei@konex.sg"))
    assert of_the_log(run) == ["Mei Tan"]


def test_many_records_at_once(run: Program) -> None:
    ids = run("account", "list", "-f", "ids").out
    done = run("account", "edit", "-", "--add-tag", "hot", "--remove-tag", "expo", input=ids)
    assert done.err == "Changed tags of GreenTech Ltd, Konex (added hot; removed expo).\n"
    tags = {a["name"]: a["tags"] for a in run("account", "list", "-f", "json").json()}
    assert tags == {"GreenTech Ltd": ["vip", "hot"], "Konex": ["vip", "hot"]}
    anew = run("account", "edit", "-", "--tag", "one", input=ids)
    assert anew.err == "Changed tags of GreenTech Ltd, Konex (was vip and hot).\n"


# What is refused


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (
            ("contact", "edit", "mei", "--remove-email", "mei@y.sg"),
            3,
            '--remove-email "mei@y.sg": Mei Tan does not have this email. '
            "There: mei@x.sg and m@home.sg",
        ),
        (
            ("contact", "edit", "mei", "--remove-email", "mei@x.sg; mei@y.sg"),
            3,
            '--remove-email "mei@y.sg": Mei Tan does not have this email. '
            "There: mei@x.sg and m@home.sg",
        ),
        (
            ("contact", "edit", "mei", "raj", "--title", "CFO", "--remove-email", "z@y.sg"),
            3,
            '--remove-email "z@y.sg": none of the 2 contacts has this email. '
            "There: mei@x.sg, m@home.sg and raj@x.sg",
        ),
        (
            ("contact", "edit", "mei", "--remove-phone", "+6561234567"),
            3,
            '--remove-phone "+6561234567": Mei Tan does not have this phone. There is none',
        ),
        (
            ("contact", "edit", "mei", "--add-email", "mei"),
            4,
            '--add-email "mei" is not an address. Write it like mei@greentech.sg',
        ),
        (
            ("contact", "edit", "mei", "--add-email", "raj@x.sg"),
            4,
            "already has the email raj@x.sg. To keep both: --duplicate",
        ),
        (
            ("contact", "edit", "mei", "--email", "a@x.sg", "--add-email", "b@x.sg"),
            2,
            "the emails are set anew by --email or --set: leave out --add-email",
        ),
        (
            ("account", "edit", "konex", "--set", "tags=a", "--remove-tag", "vip"),
            2,
            "the tags are set anew by --tag or --set: leave out --remove-tag",
        ),
        (
            ("contact", "edit", "mei", "--add-email", "  "),
            2,
            "--add-email is empty",
        ),
    ],
)
def test_what_is_refused_changes_nothing(
    run: Program, words: tuple[str, ...], code: int, says: str
) -> None:
    before = run("contact", "list", "-f", "json").out + run("account", "list", "-f", "json").out
    refused = run(*words)
    assert refused.code == code
    assert says in refused.err
    after = run("contact", "list", "-f", "json").out + run("account", "list", "-f", "json").out
    assert after == before


def test_who_is_not_in_a_list_is_not_taken_out_of_it(run: Program) -> None:
    for typed in ("raj nair", "nobody", "mei"):
        refused = run("log", "edit", log_id(run), "--remove-contact", typed)
        assert (refused.code, refused.err) == (
            3,
            f'acct: --remove-contact "{typed}": Pricing does not have this contact. '
            "There: Mei Tan\n",
        )


def test_an_address_that_two_share_does_not_stop_another(run: Program) -> None:
    do(run, ("contact", "edit", "raj", "--add-email", "mei@x.sg", "--duplicate"))
    do(run, ("contact", "edit", "raj", "--add-email", "raj@home.sg"))


# On TAB


def test_what_a_record_has_is_offered(run: Program) -> None:
    def offered(*words: str, typed: str = "") -> list[str]:
        found = completion.candidates(root(), words, typed)
        assert found is not None
        return [value for value, _ in found]

    assert offered("contact", "edit", "mei", "--remove-email") == ["mei@x.sg", "m@home.sg"]
    assert offered("contact", "edit", "mei", "raj", "--remove-email", typed="r") == ["raj@x.sg"]
    assert offered("account", "edit", "konex", "--remove-tag") == ["vip"]
    assert offered("log", "edit", log_id(run), "--remove-contact", typed="me") == ["Mei Tan"]
    assert offered("contact", "edit", "nobody", "--remove-email") == []
    assert offered("account", "edit", "konex", "--add-tag", typed="e") == ["expo"]
