"""Crontabs, good and broken: what each line becomes, and what is said about it. Debian's own cron (3.0pl1) was asked first."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from horarium.core.action import Command
from horarium.core.crontab.names import Names, command_word
from horarium.core.crontab.read import BYTES_MAX, LINES_MAX, Crontab, read_crontab
from horarium.core.crontab.settings import read_setting
from horarium.core.schedule.cron import Cron
from tests.sizes import size


def read(text: str | bytes, **options: object) -> Crontab:
    return read_crontab(text, **{"timezone": "Europe/Berlin", **options})  # type: ignore[arg-type]


def only(text: str | bytes, **options: object) -> tuple[str, Command]:
    """The cron text and the action of the one task that `text` makes."""
    crontab = read(text, **options)
    assert [item.refusal for item in crontab.items if item.refusal] == []
    [draft] = crontab.drafts
    assert isinstance(draft.schedule, Cron)
    assert isinstance(draft.action, Command)
    return draft.schedule.expression, draft.action


GOOD = [
    ("* * * * * true", "* * * * *", "true"),
    ("*/5 * * * * /usr/bin/true", "*/5 * * * *", "/usr/bin/true"),
    ("0 5 * * 1 tar -zcf /var/backups/home.tgz /home/", "0 5 * * 1", "tar -zcf /var/backups/home.tgz /home/"),
    (
        "5 0 * * *       $HOME/bin/daily.job >> $HOME/tmp/out 2>&1",
        "5 0 * * *",
        "$HOME/bin/daily.job >> $HOME/tmp/out 2>&1",
    ),
    ("15 14 1 * *     $HOME/bin/monthly", "15 14 1 * *", "$HOME/bin/monthly"),
    ("23 0-23/2 * * * echo every second hour", "23 0-23/2 * * *", "echo every second hour"),
    ("5 4 * * sun     echo sunday", "5 4 * * sun", "echo sunday"),
    ("30 4 1,15 * 5 x", "30 4 1,15 * 5", "x"),
    ("* * * jan-mar mon,fri x", "* * * jan-mar mon,fri", "x"),
    ("* * * * mon-fri,sat x", "* * * * mon-fri,sat", "x"),
    ("* * * * 5-7 x", "* * * * 5-7", "x"),
    ("* * * * 0-7/2 x", "* * * * 0-7/2", "x"),
    ("* * * * fri-sun x", "* * * * fri-sun", "x"),
    ("05 08 * * * x", "05 08 * * *", "x"),
    ("*,5 * * * * x", "*,5 * * * *", "x"),
    ("*/90 * * * * x", "*/90 * * * *", "x"),
    ("5-5 * * * * x", "5-5 * * * *", "x"),
    ("   * * * * * x", "* * * * *", "x"),
    ("\t* * * * *\tx", "* * * * *", "x"),
    ("*\t*  *\t\t* *   x  y ", "* * * * *", "x  y"),
    ("@hourly x", "@hourly", "x"),
    ("@daily x", "@daily", "x"),
    ("@midnight x", "@midnight", "x"),
    ("@weekly x", "@weekly", "x"),
    ("@monthly x", "@monthly", "x"),
    ("@yearly x", "@yearly", "x"),
    ("@annually\tx", "@annually", "x"),
    ("@daily A=b x", "@daily", "A=b x"),
    ("* * * * * A=b x", "* * * * *", "A=b x"),
    (r"* * * * * date +\%Y-\%m", "* * * * *", "date +%Y-%m"),
    (r"33 22 * * * expr $(date +\%s) / 60 \% 9 || echo Wax", "33 22 * * *", "expr $(date +%s) / 60 % 9 || echo Wax"),
    (r"* * * * * printf 'a\\b' 'c\x'", "* * * * *", r"printf 'a\b' 'c\x'"),
    (r"* * * * * printf 'e\\\%f'", "* * * * *", r"printf 'e\%f'"),
    ("* * * * * echo a # not a comment", "* * * * *", "echo a # not a comment"),
    ("* * * * * echo 'grüße' ✓", "* * * * *", "echo 'grüße' ✓"),
    ("-*/10 * * * * quiet", "*/10 * * * *", "quiet"),
    ("* * * * * * looks like six fields", "* * * * *", "* looks like six fields"),
    ("* * * * * x\r", "* * * * *", "x"),
]

REFUSED = [
    ("A", "five fields"),
    ("=b", "five fields"),
    ("hello", "five fields"),
    ("* * * *", "five fields"),
    ("* * * * *", "No command"),
    ("* * * * *   ", "No command"),
    ("@daily", "No command"),
    ("@daily ", "No command"),
    ("@reboot x", "@reboot names no instant"),
    ("@Daily x", "write @daily"),
    ("@every_minute x", "no short form"),
    ("@5m x", "no short form"),
    ("@ x", "no short form"),
    ("60 * * * * x", "outside 0 to 59"),
    ("* 24 * * * x", "outside 0 to 23"),
    ("* * 0 * * x", "outside 1 to 31"),
    ("* * 32 * * x", "outside 1 to 31"),
    ("* * * 13 * x", "outside 1 to 12"),
    ("* * * * 8 x", "outside 0 to 7"),
    ("1-70 * * * * x", "outside 0 to 59"),
    ("22-2 * * * * x", "write 22-59,0-2"),
    ("* 22-2 * * * x", "write 22-23,0-2"),
    ("* * * * 7-1 x", "ends before it begins"),
    ("*/0 * * * * x", "step of 0"),
    ("*/2x * * * * x", "step"),
    ("1x * * * * x", "not understood"),
    ("*x * * * * x", "not understood"),
    ("+5 * * * * x", "not understood"),
    ("1,,2 * * * * x", "missing"),
    ("1,2, * * * * x", "missing"),
    (",1 * * * * x", "missing"),
    ("1-5/2/3 * * * * x", "step"),
    ("0~5 * * * * x", "random time"),
    ("* * * january * x", "not understood"),
    ("* * * * sunday x", "not understood"),
    ("١ * * * * x", "ASCII"),
    ("１ * * * * x", "ASCII"),
    ("0 0 30 2 * x", "no year has such a day"),
    ("0 0 31 4,6 * x", "no year has such a day"),
    ("* * * * L x", "L alone"),
    ("* * * * * mail -s hi joe%Joe,%%Where?%", "standard input"),
    ("* * * * * cat%", "standard input"),
    (r"* * * * * a \\% b", "standard input"),
    ("A B=c", "five fields"),
    ("A='x y' z", "five fields"),
    ('A="b', "five fields"),
    (b"* * * * * caf\xe9", "not UTF-8"),
    (b"* * * * * a\0b", "NUL"),
    ("CRON_TZ=CET", "Europe/Berlin"),
    ("CRON_TZ=Europe/Berln", "Europe/Berlin"),
    ("CRON_TZ=", "time zone"),
    ("1" * 300 + " * * * * x", "256 characters"),
    ("* * * * * " + "x" * 70_000, "65536 characters"),
    ("0 0 * * * x", None),
]


@pytest.mark.parametrize(("line", "expression", "shell"), GOOD)
def test_a_good_line_becomes_a_task(line: str, expression: str, shell: str) -> None:
    found, action = only(line + "\n")
    assert found == expression
    assert action.shell == shell
    assert action.argv is None


@pytest.mark.parametrize(("line", "why"), REFUSED, ids=lambda value: repr(value)[:40])
def test_a_bad_line_is_refused_with_a_reason_and_the_others_go_on(line: str | bytes, why: str | None) -> None:
    data = line.encode() if isinstance(line, str) else line
    crontab = read(b"@hourly before\n" + data + b"\nCRON_TZ=UTC\n@hourly after\n")
    refusals = [(item.line, item.refusal) for item in crontab.items if item.refusal]
    if why is None:
        assert refusals == []
        return
    [(number, refusal)] = refusals
    assert number == 2
    assert refusal is not None
    assert why in refusal
    assert [draft.name for draft in crontab.drafts] == ["before", "after"]


SETTINGS = [
    ("A=b", ("A", "b")),
    (" A = b c ", ("A", "b c")),
    ("A==b", ("A", "=b")),
    ("a.b-c=d", ("a.b-c", "d")),
    ("A=", ("A", "")),
    ('A=""', ("A", "")),
    ('A="  pad  "', ("A", "  pad  ")),
    ("'A'='b c'", ("A", "b c")),
    ('"A B"=c', ("A B", "c")),
    ("A='q\"x'", ("A", 'q"x')),
    ("PATH=$HOME/bin:/bin", ("PATH", "$HOME/bin:/bin")),
    ("A=b # c", ("A", "b # c")),
    ("A=it's", ("A", "it's")),
    ("A\t=\tb", ("A", "b")),
    ("A='x y' z", None),
    ('A="x" #c', None),
    ('"A"="b', None),
    ("A B=c", None),
    ("=b", None),
    ("''=b", None),
    ("A", None),
    ("", None),
    ("* * * * * A=b", None),
    ("0 0 * * * x=y", None),
]


@pytest.mark.parametrize(("line", "setting"), SETTINGS)
def test_settings_are_read_by_crons_rules(line: str, setting: tuple[str, str] | None) -> None:
    assert read_setting(line) == setting


def test_a_setting_holds_for_the_lines_after_it() -> None:
    crontab = read("@daily a\nLEVEL=full\n@daily b\nLEVEL='very full'\n@daily c\n")
    found = [draft.action.env for draft in crontab.drafts if isinstance(draft.action, Command)]
    assert found == [{}, {"LEVEL": "full"}, {"LEVEL": "very full"}]


def test_a_shell_of_its_own_runs_the_line() -> None:
    _, action = only("SHELL=/bin/bash\n@daily echo {1..3}\n")
    assert action.shell is None
    assert action.argv == ("/bin/bash", "-c", "echo {1..3}")
    assert action.env == {"SHELL": "/bin/bash"}


def test_home_is_the_folder_of_the_commands() -> None:
    _, action = only("HOME=/srv/app\n@daily ./x\n")
    assert action.cwd == "/srv/app"
    assert action.env == {"HOME": "/srv/app"}


def test_a_home_that_is_no_absolute_path_is_refused_at_the_commands() -> None:
    crontab = read("HOME=~app\n@daily ./x\n")
    assert "absolute" in str(crontab.items[0].refusal)


def test_cron_tz_holds_for_the_lines_after_it_and_a_wrong_one_refuses_them() -> None:
    crontab = read("@daily a\nCRON_TZ=Asia/Tokyo\n@daily b\nCRON_TZ=Nowhere\n@daily c\nCRON_TZ='UTC'\n@daily d\n")
    zones = [draft.schedule.timezone for draft in crontab.drafts if isinstance(draft.schedule, Cron)]
    assert zones == ["Europe/Berlin", "Asia/Tokyo", "UTC"]
    assert [item.line for item in crontab.refused] == [4, 5]
    assert "line 4" in str(crontab.refused[1].refusal)


def test_tz_is_for_the_commands_alone() -> None:
    crontab = read("TZ=Asia/Tokyo\n@daily date\n")
    [draft] = crontab.drafts
    assert isinstance(draft.schedule, Cron)
    assert draft.schedule.timezone == "Europe/Berlin"
    assert isinstance(draft.action, Command)
    assert draft.action.env == {"TZ": "Asia/Tokyo"}
    assert any("TZ reaches the commands" in note.message for note in crontab.notes)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("MAILTO=joe\n@daily x\n", "nothing is mailed"),
        ("LOGNAME=joe\n@daily x\n", "LOGNAME is left out"),
        ("RANDOM_DELAY=10\n@daily x\n", "jitter"),
        ("A=$HOME/x\n@daily x\n", "literally"),
        ("CRON_TZ=UTC\n@daily x\n", "Debian's cron itself ignores CRON_TZ"),
        ("@daily x", "The last line does not end"),
        ("@daily x\r\n", "CR LF"),
        ("\ufeff@daily x\n", "byte order mark"),
        ("@daily x\n", "Without a PATH line"),
        ("@daily x\n", "Unlike in cron"),
    ],
)
def test_what_is_different_here_is_said(text: str, said: str) -> None:
    crontab = read(text)
    assert crontab.refused == ()
    assert any(said in note.message for note in crontab.notes), crontab.notes


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("5/15 * * * * x", "Debian's cron does not read these times"),
        ("0 0 L * * x", "Debian's cron does not read these times"),
        ("0 0 15W * * x", "Debian's cron does not read these times"),
        ("0 0 * * 5#2 x", "Debian's cron does not read these times"),
        ("? * * * * x", "Debian's cron does not read these times"),
        ("-* * * * * x", "do not log"),
        ("* * * * * x \\", "does not continue"),
        ("* * * * * " + "y" * 1200, "more than 998"),
    ],
)
def test_what_cron_would_not_read_is_said_at_its_line(line: str, said: str) -> None:
    [item] = read(line + "\n").items
    assert item.draft is not None
    assert any(said in note for note in item.notes), item.notes


@pytest.mark.parametrize(
    "line", ["0 0 * jul wed x", "@daily x", "1-5/2 * * * * x", "*/5 * * * * x", "* * * * mon-fri/2 x"]
)
def test_ordinary_lines_need_no_note(line: str) -> None:
    [item] = read(line + "\n").items
    assert item.notes == ()


def test_the_system_form_has_a_user_before_the_command() -> None:
    crontab = read(
        "17 *\t* * *\troot\tcd / && run\n@daily joe x y\n* * * * * root\n@daily root\n@daily\n",
        system=True,
        user="root",
    )
    assert [draft.action.shell for draft in crontab.drafts if isinstance(draft.action, Command)] == [
        "cd / && run",
        "x y",
    ]
    assert [item.notes for item in crontab.items[:2]] == [(), ("runs as joe there, here as the user of the service",)]
    assert ["A user and a command" in str(item.refusal) for item in crontab.refused] == [True, True, True]


def test_comments_and_blank_lines_make_nothing() -> None:
    crontab = read("# a\n\n   # b\n\t\n \n#* * * * * x\n")
    assert crontab.items == ()
    assert crontab.notes == ()


def test_an_empty_crontab_makes_nothing() -> None:
    assert read("").items == ()
    assert read(b"\n\n").items == ()


WORDS = [
    ("/usr/local/bin/backup --all", "backup"),
    ("cd / && run-parts /etc/cron.hourly", "cd"),
    ("test -x /usr/sbin/anacron || { cd /; }", "test"),
    ("A=b C='d e' /x/y z", "y"),
    ("(cd /x && ./y)", "cd"),
    ("[ -x /x ] && /x", "["),
    ("{ a; }", "a"),
    ("! -a", "a"),
    ("'/opt/my app/run it' now", "run it"),
    ("backup;true", "backup;true"),
    ("backup; true", "backup"),
    ("./", "."),
    ("/", ""),
    ("A=b", "A=b"),
    ("x\x1b[31my", "x[31my"),
]


@pytest.mark.parametrize(("command", "word"), WORDS)
def test_a_task_is_named_after_the_first_command_word(command: str, word: str) -> None:
    assert command_word(command) == word


def test_names_are_given_once() -> None:
    crontab = read("@daily a\n@daily /x/a\n@daily b\n@daily a 3\n", taken={"a-2", "b"})
    assert [draft.name for draft in crontab.drafts] == ["a", "a-3", "b-2", "a-4"]
    assert [draft.name for draft in read("@daily a\n", prefix="old/").drafts] == ["old/a"]
    names = Names("", ())
    assert names.give("/") == "command"
    assert len(names.give("y" * 500)) <= 200


def test_a_file_of_many_lines_is_read_to_the_bound_and_quickly() -> None:
    began = time.monotonic()
    crontab = read("@daily a\n" * (LINES_MAX + 5))
    assert len(crontab.drafts) == LINES_MAX
    assert [item.line for item in crontab.refused] == [LINES_MAX + 1]
    assert time.monotonic() - began < 20


def test_a_file_that_is_too_large_is_refused_whole() -> None:
    crontab = read(b"@daily a\n" * (BYTES_MAX // 9 + 1))
    assert crontab.drafts == ()
    assert len(crontab.refused) == 1


@settings(max_examples=size(200, 20_000))
@given(st.one_of(st.binary(max_size=400), st.text(max_size=400)), st.booleans())
def test_no_bytes_make_it_fail(data: bytes | str, system: bool) -> None:
    crontab = read(data, system=system)
    for item in crontab.items:
        assert (item.draft is None) != (item.refusal is None)


PIECES = st.sampled_from(
    [
        "*",
        "5",
        "1-5",
        "*/2",
        " ",
        "\t",
        "@daily",
        "%",
        "\\",
        "\\%",
        "A=b",
        "'",
        '"',
        "root",
        "x",
        "#",
        "\n",
        "\r\n",
        "CRON_TZ=",
        "UTC",
        "L",
        "~",
    ]
)


@settings(max_examples=size(200, 20_000))
@given(st.lists(PIECES, max_size=40).map("".join), st.booleans())
def test_no_mixture_of_its_own_pieces_makes_it_fail(text: str, system: bool) -> None:
    crontab = read(text, system=system)
    names = [draft.name for draft in crontab.drafts]
    assert len(set(names)) == len(names)
