"""Words for a schedule: the server reads them; what it cannot read is pointed at."""

from typing import Any, TypeAlias

from horarium.cli.client import Client, Problem
from horarium.cli.stop import Exit, Stop
from horarium.cli.terminal import printable

Json: TypeAlias = dict[str, Any]

OFFERS_SHOWN_MAX = 5


class Phrases:
    """Reads words through the API: the same answer as everybody else gets."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def read(self, text: str, timezone: str | None) -> Json:
        """`{schedule, sentence, notes}`. Raises Stop with the text, a mark under the word, and what would do."""
        try:
            answer: Json = self._client.post("/schedules/parse", {"text": text, "timezone": timezone}).json()
        except Problem as problem:
            if "column" not in problem.facts:
                raise
            raise Stop(_pointed(text, problem), Exit.USAGE) from None
        return answer


def _pointed(text: str, problem: Problem) -> str:
    error = problem.errors[0] if problem.errors else {}
    column, word = int(problem.facts["column"]), str(problem.facts.get("word") or "")
    begun = printable(text[: column - 1])
    lines = [
        printable(str(error.get("message") or problem.message)),
        f"    {printable(text)}",
        f"    {' ' * len(begun)}{'^' * max(1, len(printable(word)))}",
    ]
    offers = [printable(str(offer)) for offer in problem.facts.get("offers") or []]
    if offers:
        lines.append("Write one of these:")
        lines += [f"    {offer}" for offer in offers[:OFFERS_SHOWN_MAX]]
    elif error.get("remedy"):
        lines.append(printable(str(error["remedy"])))
    return "\n".join(lines)
