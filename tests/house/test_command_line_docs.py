"""The reference of the command line and the commands themselves say the same: every command, argument, option and exit code."""

import re
from collections.abc import Iterator

import click
import pytest

from horarium.cli import main
from horarium.cli.stop import Exit
from tests.house.paths import ROOT

PAGE = ROOT / "docs" / "reference" / "command-line.md"
HEADING = re.compile(r"^## `horarium ([a-z -]+)`$", re.MULTILINE)
OPTION = re.compile(r"^\| `(-[^`]*)`", re.MULTILINE)
FLAG = re.compile(r"(?<!\S)--?[a-z][a-z-]*")
EXIT = re.compile(r"^\| (\d+) \|", re.MULTILINE)
EVERYWHERE = {"--help", "-h"}


def commands(group: click.Group, words: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    ctx = click.Context(group)
    for name in group.list_commands(ctx):
        command = group.get_command(ctx, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from commands(command, (*words, name))
        else:
            yield " ".join((*words, name)), command


def sections() -> dict[str, str]:
    """The text below each command's heading."""
    pieces = HEADING.split(PAGE.read_text("utf-8"))
    return dict(zip(pieces[1::2], pieces[2::2], strict=True))


TREE = dict(commands(main))


def flags_of(command: click.Command) -> set[str]:
    options = [param for param in command.params if isinstance(param, click.Option)]
    return {flag for option in options for flag in (*option.opts, *option.secondary_opts)} - EVERYWHERE


def test_every_command_has_a_section_in_the_order_of_the_help() -> None:
    assert list(sections()) == list(TREE)


@pytest.mark.parametrize("name", TREE)
def test_a_section_lists_exactly_the_options_there_are(name: str) -> None:
    rows = OPTION.findall(sections()[name])
    documented = [flag for row in rows for flag in FLAG.findall(row)]
    assert len(documented) == len(set(documented))
    assert set(documented) == flags_of(TREE[name])


@pytest.mark.parametrize("name", TREE)
def test_a_section_shows_every_argument(name: str) -> None:
    section = sections()[name]
    usage = section.split("```text\n", 1)[1].split("\n```", 1)[0]
    assert usage.startswith(f"horarium {name}")
    for param in TREE[name].params:
        if isinstance(param, click.Argument):
            assert param.make_metavar(click.Context(TREE[name])).strip("[]") in usage, (
                f"{param.name} is missing in: {usage}"
            )


@pytest.mark.parametrize("name", TREE)
def test_every_option_says_what_it_does_in_the_help(name: str) -> None:
    plain = {"--description", "--reason", "--limit", "--sort", "--count"}
    mute = [
        param.opts
        for param in TREE[name].params
        if isinstance(param, click.Option) and not param.help and not plain & set(param.opts)
    ]
    assert mute == []


def test_the_exit_codes_are_those_of_the_code() -> None:
    text = PAGE.read_text("utf-8")
    table = text[text.index("## Exit codes") : text.index("## Finding the server")]
    assert [int(code) for code in EXIT.findall(table)] == [code.value for code in Exit]
