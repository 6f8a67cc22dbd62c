"""A crontab over the API: shown first, then made, all or none."""

from typing import Any

import pytest

from tests.integration.api.client import Answer
from tests.integration.api.drafts import draft
from tests.integration.api.house import House

CRONTAB = """\
MAILTO=joe
# a comment
30 2 * * * /usr/bin/backup --all
@hourly ls
@reboot x
*/5 * * * * /usr/bin/backup --quick
"""
SYSTEM = "17 * * * * root run-parts /etc/cron.hourly\n25 6 * * * root run-parts /etc/cron.daily\n"


async def imported(house: House, text: str = CRONTAB, **more: Any) -> Answer:
    return await house.editor.post("/api/v1/import/crontab", {"text": text, **more})


async def names(house: House) -> list[str]:
    return [task["name"] for task in (await house.editor.get("/api/v1/tasks")).json["items"]]


async def test_what_a_crontab_becomes_is_shown_and_nothing_is_written(house: House) -> None:
    answer = await imported(house)
    assert answer.status == 200
    backup, ls, reboot, quick = answer.json["items"]
    assert (backup["line"], backup["text"]) == (3, "30 2 * * * /usr/bin/backup --all")
    assert backup["task"]["name"] == "backup"
    assert backup["task"]["schedule"]["expression"] == "30 2 * * *"
    assert backup["task"]["schedule"]["timezone"] == "Europe/Berlin", "the installation's"
    assert backup["task"]["action"]["shell"] == "/usr/bin/backup --all"
    assert backup["sentence"] == "At 02:30, every day, Europe/Berlin"
    assert backup["next_due_at"] == "2027-03-02T01:30:00.000Z"
    assert (ls["task"]["name"], quick["task"]["name"]) == ("ls", "backup-2")
    assert (reboot["task"], reboot["sentence"], reboot["next_due_at"]) == (None, None, None)
    assert "@reboot" in reboot["refusal"]
    assert 1 in [note["line"] for note in answer.json["notes"]], "MAILTO"
    assert (answer.json["created"], await names(house)) == ([], [])


async def test_the_readable_lines_are_made_all_or_none(house: House) -> None:
    refused = await imported(house, apply=True)
    assert (refused.status, refused.pointers) == (422, ["/text"])
    assert "line 5" in refused.json["detail"]
    assert await names(house) == []
    done = await imported(house, apply=True, skip_refused=True, timezone="UTC", prefix="old ")
    assert await names(house) == ["old backup", "old backup-2", "old ls"]
    first = (await house.editor.get(f"/api/v1/tasks/{done.json['created'][0]}")).json
    assert (first["name"], first["next_due_at"], first["created_by"]) == (
        "old backup",
        "2027-03-02T02:30:00.000Z",
        "editor",
    )
    assert len(done.json["created"]) == 3
    assert house.told.changes > 0


async def test_names_that_are_taken_are_passed_over(house: House) -> None:
    for name in ("backup", *(f"backup-{n}" for n in range(2, 130)), "ls-2"):
        assert (await house.editor.post("/api/v1/tasks", draft(name))).status == 201
    found = (await imported(house)).json["items"]
    assert [item["task"]["name"] for item in found if item["task"]] == ["backup-130", "ls", "backup-131"]


async def test_a_system_crontab_is_not_taken_for_a_users(house: House) -> None:
    unsaid = await imported(house, SYSTEM)
    assert (unsaid.status, unsaid.pointers) == (422, ["/system"])
    as_system = (await imported(house, SYSTEM, system=True)).json["items"]
    assert [item["task"]["action"]["shell"] for item in as_system] == [
        "run-parts /etc/cron.hourly",
        "run-parts /etc/cron.daily",
    ]
    as_user = (await imported(house, SYSTEM, system=False)).json["items"]
    assert as_user[0]["task"]["action"]["shell"] == "root run-parts /etc/cron.hourly"


async def test_shell_lines_are_made_only_where_they_may_be(house: House) -> None:
    await house.admin.patch("/api/v1/settings", {"allow_shell": False})
    assert (await imported(house, "0 1 * * * ls\n")).status == 200
    assert (await imported(house, "0 1 * * * ls\n", apply=True)).status == 403
    assert await names(house) == []


async def test_a_crontab_too_long_for_one_transaction_is_refused(house: House) -> None:
    text = "".join(f"{n % 60} * * * * command{n}\n" for n in range(1_001))
    shown = await imported(house, text)
    assert (shown.status, len(shown.json["items"])) == (200, 1_001)
    refused = await imported(house, text, apply=True)
    assert (refused.status, refused.pointers) == (422, ["/text"])


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/text"),
        ({"text": "", "timezone": "Mars/Base"}, "/timezone"),
        ({"text": "", "prefix": "a\nb"}, "/prefix"),
        ({"text": "", "prefix": "x" * 101}, "/prefix"),
        ({"text": "", "dry": True}, "/dry"),
        ({"text": 3}, "/text"),
    ],
)
async def test_the_request_is_judged(house: House, body: dict[str, Any], pointer: str) -> None:
    answer = await house.editor.post("/api/v1/import/crontab", body)
    assert (answer.status, answer.pointers) == (422, [pointer])


async def test_what_is_no_crontab_is_an_answer_and_no_error(house: House) -> None:
    for text in ("", "\n\n", "hello", "* * * * *", "\x00", "99 * * * * x"):
        answer = await imported(house, text)
        assert (answer.status, [item["task"] for item in answer.json["items"]]) == (
            200,
            [None] * len(answer.json["items"]),
        ), text
