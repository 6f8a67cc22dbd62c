"""Signing in, tokens, sessions, and what each route asks of a caller."""

import asyncio
import re
from collections import Counter

import pytest
from sqlalchemy import Connection

from horarium.api.app import bare_app, routes
from horarium.api.auth import PUBLIC
from horarium.core.access import Role
from tests.conformance.store.stores import transactor_of
from tests.integration.api.client import Answer, Client
from tests.integration.api.drafts import draft
from tests.integration.api.house import ROLES, House

SESSION = "/api/v1/session"
TOKENS = "/api/v1/tokens"
PAGE = {"/assets/{name}", "/docs", "/{address}"}
"""What is there only where the page was built."""
ULID = "01JD8Z5B1ZC7TR0Q3H6W0XQ2SG"


def cookie(answer: Answer) -> str:
    found: str = answer.cookies[0].partition(";")[0]
    return found


def browser(house: House, answer: Answer) -> Client:
    return Client(house.app, {"Cookie": cookie(answer)})


async def owner(house: House) -> Answer:
    """Signs in with a fresh key."""
    return await house.nobody.post(SESSION, {"key": (await house.access.fresh_key()).key})


async def test_the_one_time_key_signs_the_owner_in_once(house: House) -> None:
    key = (await house.access.fresh_key()).key
    answer = await house.nobody.post(SESSION, {"key": key})
    assert (answer.status, answer.json) == (
        200,
        {"name": "owner", "role": "admin", "expires_at": "2027-03-31T12:00:00.000Z"},
    )
    (said,) = answer.cookies
    assert said.startswith("horarium_8787=")
    assert {part.strip().lower() for part in said.split(";")[1:]} == {
        "httponly",
        "max-age=2592000",
        "path=/",
        "samesite=lax",
    }
    again = await house.nobody.post(SESSION, {"key": key})
    assert (again.status, again.headers["www-authenticate"]) == (401, 'Bearer realm="horarium"')
    assert "horarium open" in again.json["detail"]
    me = await browser(house, answer).get(SESSION)
    assert me.json == answer.json


async def test_a_key_is_good_for_half_an_hour_and_a_fresh_one_voids_it(house: House) -> None:
    old = (await house.access.fresh_key()).key
    link = await house.admin.post(SESSION + "/key")
    assert (link.status, link.json["expires_at"]) == (201, "2027-03-01T12:30:00.000Z")
    assert link.json["link"] == f"http://127.0.0.1:8787/setup#k={link.json['key']}"
    assert (await house.nobody.post(SESSION, {"key": old})).status == 401
    house.clock.pass_by(30 * 60)
    assert (await house.nobody.post(SESSION, {"key": link.json["key"]})).status == 401


async def test_two_at_once_with_one_key_are_one(house: House) -> None:
    key = (await house.access.fresh_key()).key
    answers = await asyncio.gather(*(house.nobody.post(SESSION, {"key": key}) for _ in range(8)))
    assert Counter(answer.status for answer in answers) == {200: 1, 401: 7}


async def test_signing_out_ends_the_session_for_good(house: House) -> None:
    answer = await owner(house)
    mine = browser(house, answer)
    gone = await mine.delete(SESSION)
    assert gone.status == 204
    assert "max-age=0" in gone.cookies[0].lower()
    assert (await mine.get(SESSION)).status == 401


async def test_a_session_ends_after_thirty_days(house: House) -> None:
    mine = browser(house, await owner(house))
    house.clock.pass_by(30 * 86_400 - 1)
    assert (await mine.get(SESSION)).status == 200
    house.clock.pass_by(1)
    assert (await mine.get(SESSION)).status == 401


async def test_each_sign_in_is_a_session_of_its_own(house: House) -> None:
    first, second = await owner(house), await owner(house)
    assert cookie(first) != cookie(second)
    planted = Client(house.app, {"Cookie": "horarium_8787=planted"})
    assert cookie(await planted.post(SESSION, {"key": (await house.access.fresh_key()).key})) != "horarium_8787=planted"


async def test_a_token_is_shown_once_and_signs_in(house: House) -> None:
    made = await house.admin.post(TOKENS, {"name": "ci", "role": "editor"})
    token = made.json["token"]
    assert made.status == 201
    assert re.fullmatch(r"hor_[a-z2-7]{8}_[A-Za-z0-9_-]{43}", token)
    assert made.json["prefix"] in token
    listed = await house.admin.get(TOKENS)
    assert token.encode() not in listed.body
    assert [item["last_used_at"] for item in listed.json["items"]] == [None]
    bearer = Client(house.app, {"Authorization": f"Bearer {token}"})
    assert (await bearer.get(SESSION)).json == {"name": "ci", "role": "editor", "expires_at": None}
    session = await house.nobody.post(SESSION, {"token": token})
    assert (session.status, session.json["role"]) == (200, "editor")
    assert (await browser(house, session).post("/api/v1/tasks", draft())).json["created_by"] == "ci"
    (seen,) = (await house.admin.get(TOKENS)).json["items"]
    assert seen["last_used_at"] == "2027-03-01T12:00:00.000Z"
    assert (await house.admin.delete(f"{TOKENS}/{seen['id']}")).status == 204
    assert (await bearer.get(SESSION)).status == 401
    assert (await house.admin.delete(f"{TOKENS}/{seen['id']}")).status == 404


async def test_the_last_use_is_noted_once_a_minute(house: House) -> None:
    token = (await house.admin.post(TOKENS, {"name": "ci", "role": "viewer"})).json["token"]
    bearer = Client(house.app, {"Authorization": f"Bearer {token}"})
    seen = []
    for seconds in (0, 59, 1):
        house.clock.pass_by(seconds)
        await bearer.get(SESSION)
        seen.append((await house.admin.get(TOKENS)).json["items"][0]["last_used_at"])
    assert seen == ["2027-03-01T12:00:00.000Z", "2027-03-01T12:00:00.000Z", "2027-03-01T12:01:00.000Z"]


async def test_a_token_may_end_by_itself(house: House) -> None:
    made = await house.admin.post(TOKENS, {"name": "ci", "role": "viewer", "expires_at": "2027-03-01T13:00:00Z"})
    bearer = Client(house.app, {"Authorization": f"Bearer {made.json['token']}"})
    session = await house.nobody.post(SESSION, {"token": made.json["token"]})
    assert session.json["expires_at"] == "2027-03-01T13:00:00.000Z", "a session does not outlive its token"
    house.clock.pass_by(3600)
    assert (await bearer.get(SESSION)).status == 401
    assert (await browser(house, session).get(SESSION)).status == 401
    passed = await house.admin.post(TOKENS, {"name": "ci", "role": "viewer", "expires_at": "2027-03-01T13:00:00Z"})
    assert passed.pointers == ["/expires_at"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"name": "", "role": "viewer"}, "/name"),
        ({"name": "a\n", "role": "viewer"}, "/name"),
        ({"name": "x" * 101, "role": "viewer"}, "/name"),
        ({"name": "a", "role": "root"}, "/role"),
        ({"name": "a"}, "/role"),
        ({"name": "a", "role": "viewer", "scope": 1}, "/scope"),
    ],
)
async def test_a_token_draft_is_judged(house: House, body: dict[str, object], pointer: str) -> None:
    assert (await house.admin.post(TOKENS, body)).pointers == [pointer]


@pytest.mark.parametrize(
    "body", [{}, {"key": "a", "token": "b"}, {"key": ""}, {"key": 3}, {"password": "x"}, {"key": "x" * 1_001}]
)
async def test_signing_in_takes_a_key_or_a_token(house: House, body: dict[str, object]) -> None:
    assert (await house.nobody.post(SESSION, body)).status == 422


async def test_too_many_failures_are_told_to_wait(house: House) -> None:
    stranger = Client(house.app, address="10.0.0.9")
    statuses = [(await stranger.post(SESSION, {"token": f"hor_x_{n}"})).status for n in range(12)]
    assert statuses == [401] * 10 + [429] * 2
    right = {"key": (await house.access.fresh_key()).key}
    waiting = await stranger.post(SESSION, right)
    assert (waiting.status, waiting.headers["retry-after"]) == (429, "60")
    assert (await Client(house.app, address="10.0.0.8").post(SESSION, {"token": "x"})).status == 401
    house.clock.pass_by(60)
    assert (await stranger.post(SESSION, right)).status == 200


async def test_nobody_locks_the_owner_out_of_the_own_machine(house: House) -> None:
    assert [(await house.nobody.post(SESSION, {"key": "wrong"})).status for _ in range(12)] == [401] * 10 + [429] * 2
    assert (await owner(house)).status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer "},
        {"Authorization": "Bearer wrong"},
        {"Authorization": "Basic aG9yOmhvcg=="},
        {"Authorization": "hor_test_admin"},
        {"Cookie": "horarium_8787="},
        {"Cookie": "horarium_8787=wrong"},
        {"Cookie": "horarium_9=x"},
        {"X-Api-Key": "hor_test_admin"},
    ],
)
async def test_what_is_no_credential_is_none(house: House, headers: dict[str, str]) -> None:
    answer = await house.nobody.get("/api/v1/tasks", headers)
    assert answer.status == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_a_token_in_the_address_is_no_credential(house: House) -> None:
    assert (await house.nobody.get("/api/v1/tasks?token=hor_test_admin")).status == 401


async def test_two_authorizations_are_none(house: House) -> None:
    twice = [(b"authorization", b"Bearer hor_test_admin"), (b"authorization", b"Bearer hor_test_viewer")]
    assert (await house.nobody.ask("GET", "/api/v1/tasks", twice, [b""])).status == 401


def dumped(db: Connection) -> str:
    """All that SQLite holds, as SQL."""
    driver = db.connection.driver_connection
    assert driver is not None
    return "\n".join(driver.iterdump())


async def test_the_store_keeps_no_secret(house: House) -> None:
    token = (await house.admin.post(TOKENS, {"name": "ci", "role": "viewer"})).json["token"]
    key = (await house.access.fresh_key()).key
    session = cookie(await owner(house)).partition("=")[2]
    dump = await transactor_of(house.store).read(dumped)
    for text in (token, token.rpartition("_")[2], key, session):
        assert text not in dump
        assert text.encode().hex() not in dump.lower()


async def test_a_new_house_knows_that_nobody_has_been_there(house: House) -> None:
    assert await house.access.nobody_yet()
    assert not await house.access.has_tokens()
    await house.admin.post(TOKENS, {"name": "ci", "role": "viewer"})
    assert await house.access.has_tokens()
    assert not await house.access.nobody_yet()


async def test_after_the_first_sign_in_the_house_is_no_longer_new(house: House) -> None:
    await owner(house)
    assert not await house.access.nobody_yet()
    assert not await house.access.has_tokens()


# The matrix: every route of the application, every role


LEAST: dict[tuple[str, str], Role] = {
    ("POST", "/api/v1/tasks/{task_id}/run"): Role.OPERATOR,
    ("POST", "/api/v1/tasks/bulk"): Role.OPERATOR,  # deleting needs more: see the tests of bulk
    ("POST", "/api/v1/tasks/{task_id}/pause"): Role.OPERATOR,
    ("POST", "/api/v1/tasks/{task_id}/resume"): Role.OPERATOR,
    ("PUT", "/api/v1/tasks/{task_id}/occurrences/{due_at}"): Role.OPERATOR,
    ("DELETE", "/api/v1/tasks/{task_id}/occurrences/{due_at}"): Role.OPERATOR,
    ("POST", "/api/v1/runs/{run_id}/cancel"): Role.OPERATOR,
    ("POST", "/api/v1/runs/{run_id}/retry"): Role.OPERATOR,
    ("POST", "/api/v1/tasks"): Role.EDITOR,
    ("POST", "/api/v1/tasks/batch"): Role.EDITOR,
    ("POST", "/api/v1/tasks/test"): Role.EDITOR,
    ("PUT", "/api/v1/tasks/by-name/{name}"): Role.EDITOR,
    ("PUT", "/api/v1/tasks/{task_id}"): Role.EDITOR,
    ("PATCH", "/api/v1/tasks/{task_id}"): Role.EDITOR,
    ("DELETE", "/api/v1/tasks/{task_id}"): Role.EDITOR,
    ("POST", "/api/v1/tasks/{task_id}/revisions/{number}/restore"): Role.EDITOR,
    ("POST", "/api/v1/import/crontab"): Role.EDITOR,
    ("PUT", "/api/v1/calendars/{name}"): Role.EDITOR,
    ("DELETE", "/api/v1/calendars/{name}"): Role.EDITOR,
    ("GET", "/api/v1/tokens"): Role.ADMIN,
    ("POST", "/api/v1/tokens"): Role.ADMIN,
    ("DELETE", "/api/v1/tokens/{token_id}"): Role.ADMIN,
    ("PATCH", "/api/v1/settings"): Role.ADMIN,
    ("POST", "/api/v1/session/key"): Role.ADMIN,
    # Anybody who is signed in at all; previews and phrases write nothing.
    ("DELETE", "/api/v1/session"): Role.VIEWER,
    ("POST", "/api/v1/schedules/preview"): Role.VIEWER,
    ("POST", "/api/v1/schedules/parse"): Role.VIEWER,
}
"""What changes something, with the least role that may; everything else is a GET for viewers."""


def all_routes(house: House) -> list[tuple[str, str]]:
    return [
        (verb, route.path_format) for route in routes(bare_app(house.parts, Counter())) for verb in sorted(route.verbs)
    ]


def address(path: str) -> str:
    named = {"number": "1", "name": "x", "due_at": "2027-03-01T12:00:00Z", "address": "tasks"}
    return re.sub(r"\{(\w+)\}", lambda found: named.get(found[1], ULID), path)


def asked(path: str) -> str:
    """With what a route cannot do without; the stream of events ends by itself."""
    return address(path) + ("?topics=tasks&once=true" if path == "/api/v1/events" else "")


async def test_each_route_lets_exactly_the_right_roles_pass(house: House) -> None:
    unexpected = []
    for method, path in all_routes(house):
        if (method, path) in PUBLIC:
            continue
        least = LEAST.get((method, path), Role.VIEWER if method == "GET" else None)
        assert least is not None, f"{method} {path} is not in the matrix"
        nobody = (await house.nobody.send(method, asked(path))).status
        if nobody != 401:
            unexpected.append((method, path, "nobody", nobody))
        for name, role in ROLES.items():
            status = (await house.of(name).send(method, asked(path))).status
            if (status == 403) is not (role < least) or status in (401, 500):
                unexpected.append((method, path, name, status))
    assert unexpected == []


async def test_what_is_public_is_listed_and_tells_nothing_of_tasks(house: House) -> None:
    await house.editor.post("/api/v1/tasks", draft("a-name-nobody-may-see"))
    there = set(all_routes(house))
    assert there >= PUBLIC
    for method, path in PUBLIC:
        answer = await house.nobody.send(method, path)
        assert answer.status in (200, 422, 400) or (answer.status == 404 and path in PAGE)
        assert b"a-name-nobody-may-see" not in answer.body


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/tasks/../tasks",
        "/api/v1/tasks/%2e%2e/tasks",
        "//api/v1/tasks",
        "/api/v1/tasks;x=/health/live",
        "/api/v1/tasks/health/live",
        "/API/V1/TASKS",
        "/health/live/../../api/v1/tasks",
        "/api/v1/tasks%00/health/live",
    ],
)
async def test_no_spelling_of_an_address_is_let_in_unasked(house: House, path: str) -> None:
    assert (await house.nobody.get(path)).status in (401, 404)


async def test_who_asks_is_settled_before_what_is_asked(house: House) -> None:
    wrong = {"Content-Type": "application/json"}
    assert (await house.nobody.send("POST", "/api/v1/tasks?x=1", b"{", headers=wrong)).status == 401
    assert (await house.of("viewer").send("POST", "/api/v1/tasks?x=1", b"{", headers=wrong)).status == 403
