"""A worker that is going to be killed: holds a lock as the service does, and runs one shell line given by the test."""

import asyncio
import fcntl
import os
import sys

from horarium.actions.command import CommandDoer
from horarium.actions.guardian_client import Guardian
from tests.integration.processes import MemorySink, identity, shell


async def main(guardian: Guardian, line: str) -> None:
    run = identity()
    print(run.environment()["HORARIUM_RUN_ID"], guardian.pid, flush=True)
    await CommandDoer(guardian).do(shell(line), run, MemorySink())


if __name__ == "__main__":
    lock = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT)
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    asyncio.run(main(Guardian.launch(lock), sys.argv[2]))
