"""Long answers go packed to who can unpack them, and stay what they are."""

import gzip

import pytest

from tests.integration.api.drafts import draft
from tests.integration.api.house import House

GZIP = {"Accept-Encoding": "gzip, br"}


async def test_a_long_list_is_sent_packed(house: House) -> None:
    for n in range(10):
        assert (await house.editor.post("/api/v1/tasks", draft(f"backup {n}"))).status == 201
    plain = await house.editor.get("/api/v1/tasks")
    packed = await house.editor.get("/api/v1/tasks", GZIP)
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["vary"] == "Accept-Encoding"
    assert int(packed.headers["content-length"]) == len(packed.body) < len(plain.body) / 4
    assert gzip.decompress(packed.body) == plain.body
    assert packed.headers["x-content-type-options"] == "nosniff", "what every answer carries"


async def test_a_short_answer_is_sent_as_it_is(house: House) -> None:
    assert "content-encoding" not in (await house.editor.get("/api/v1/settings", GZIP)).headers


@pytest.mark.parametrize("accepted", ["identity", "br", ""])
async def test_nobody_gets_what_they_cannot_unpack(house: House, accepted: str) -> None:
    await house.editor.post("/api/v1/tasks", draft(description="long " * 1_000))
    answer = await house.editor.get("/api/v1/tasks", {"Accept-Encoding": accepted})
    assert "content-encoding" not in answer.headers
    assert answer.json["items"][0]["name"] == "backup"


async def test_a_part_of_an_output_is_the_bytes_that_were_asked_for(house: House) -> None:
    task = (await house.editor.post("/api/v1/tasks", draft())).json
    run = (await house.editor.post(f"/api/v1/tasks/{task['id']}/run")).json
    (claim,) = await house.claim()
    written = b"0123456789" * 1_000
    await house.writes(claim.run.id, 1, written)
    await house.settle(claim)
    headers = {**GZIP, "Accept": "text/plain", "Range": "bytes=10-9000"}
    part = await house.editor.get(f"/api/v1/runs/{run['id']}/output", headers)
    assert (part.status, part.body) == (206, written[10:9001])
    assert "content-encoding" not in part.headers
