"""Finds what a person names: a task by name or id, a run by id."""

from collections.abc import Mapping
from typing import Any

from horarium.cli.client import Answer, Client, Problem, segment
from horarium.cli.stop import Exit, Stop
from horarium.cli.terminal import printable
from horarium.core.errors import BadValue
from horarium.core.ids import from_ulid

PAGE = 1_000
PAGES_MAX = 100


def looks_like_id(word: str) -> bool:
    try:
        from_ulid(word)
    except BadValue:
        return False
    return True


def find_task(client: Client, word: str) -> Answer:
    """The task of that id, else of that name. Raises Problem with the server's nearest name."""
    if looks_like_id(word):
        answer = client.any_answer("GET", f"/tasks/{word}")
        if answer.status != 404:
            return _checked(answer)
    return client.get(f"/tasks/by-name/{segment(word)}")


def task_id(client: Client, word: str) -> str:
    return str(find_task(client, word).json()["id"])


def find_run(client: Client, word: str) -> dict[str, Any] | None:
    """The run of that id; None where `word` is no id or there is no such run."""
    if not looks_like_id(word):
        return None
    answer = client.any_answer("GET", f"/runs/{word}")
    if answer.status == 404:
        return None
    found: dict[str, Any] = _checked(answer).json()
    return found


def the_run(client: Client, word: str) -> str:
    """A run's id, checked by its form only: the server says whether there is one."""
    if looks_like_id(word):
        return word
    raise Stop(f'No run "{printable(word)}". Runs are named by their ids: horarium runs lists them.', Exit.NOT_FOUND)


def pages(client: Client, path: str, query: Mapping[str, Any], limit: int) -> list[dict[str, Any]]:
    """Up to `limit` items of a list."""
    items: list[dict[str, Any]] = []
    cursor = None
    for _ in range(PAGES_MAX):
        asked = {**query, "limit": min(PAGE, limit - len(items)), "cursor": cursor}
        page = client.get(path, query=asked).json()
        items += page["items"]
        cursor = page["next_cursor"]
        if cursor is None or len(items) >= limit:
            break
    return items


def default_zone(client: Client) -> str:
    """The zone in which the server reads times without one. Not from /settings, which only an admin may read."""
    return str(client.get("/stats").json()["timezone"])


def _checked(answer: Answer) -> Answer:
    if not 200 <= answer.status < 300:
        raise Problem(answer)
    return answer
