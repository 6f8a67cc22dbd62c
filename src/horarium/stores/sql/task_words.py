"""Words in the names and descriptions of tasks, and the two ways to find them.

An index by name helps nobody who looks for a part of a word. Along such an index each row costs a jump into the table; read in
the table's own order, all rows are looked at several times as fast. So among a bounded number of tasks, all of them are read
first, and what was found is then sorted or counted; among more, a page looks at a stretch of its order, as for any filter.
"""

from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, Text, column, func, literal_column, or_, select, text

from horarium.core.errors import BadValue
from horarium.stores.sql.search import Condition
from horarium.stores.sql.tables import Id, tasks

WORDS_MAX: Final = 20
WORD_MAX: Final = 200
READ_WHOLE_MAX: Final = 200_000
"""Among so many tasks, words are looked for in all of them at once: about 50 ms."""

_ID: ColumnElement[bytes] = literal_column("id", Id)


def words_of(text_: str | None) -> list[str]:
    """Raises BadValue for more, or longer ones, than anybody types."""
    words = (text_ or "").split()
    if len(words) > WORDS_MAX or any(len(word) > WORD_MAX for word in words):
        raise BadValue(
            "words", f"more than {WORDS_MAX} words, or one of more than {WORD_MAX} characters", "search for fewer"
        )
    return words


def said(words: list[str], dialect: str) -> list[Condition]:
    """Of `tasks`: each word occurs in the name or in the description."""
    return [_either(tasks.c.name, tasks.c.description, word, dialect) for word in words]


def read_whole(conn: Connection, words: list[str]) -> Select[Any] | None:
    """The ids of all tasks that say the words, deleted ones too; None where reading all tasks would take too long."""
    some: Select[Any] = select(literal_column("1")).select_from(tasks).limit(READ_WHOLE_MAX + 1)
    if conn.execute(select(func.count()).select_from(some.subquery())).scalar_one() > READ_WHOLE_MAX:
        return None
    dialect = conn.dialect.name
    # Names without their table, since SQLAlchemy would add the table itself beside the one that carries the hint.
    name, description = column("name", Text), column("description", Text)
    source = text("tasks NOT INDEXED" if dialect == "sqlite" else "tasks")
    return select(_ID).select_from(source).where(*(_either(name, description, word, dialect) for word in words))


def _either(name: ColumnElement[str], description: ColumnElement[str], word: str, dialect: str) -> Condition:
    return or_(_says(name, word, dialect), _says(description, word, dialect))


def _says(column: ColumnElement[str], word: str, dialect: str) -> Condition:
    """`word` occurs in `column`, upper or lower case. SQLite's LIKE folds ASCII alone, so other letters go by GLOB classes."""
    if dialect != "sqlite":
        return column.icontains(word, autoescape=True)
    if word.isascii():
        return column.contains(word, autoescape=True)
    return column.op("GLOB", is_comparison=True)("*" + "".join(_either_case(letter) for letter in word) + "*")


def _either_case(letter: str) -> str:
    cases = sorted({form for form in (letter, letter.lower(), letter.upper()) if len(form) == 1})
    return f"[{''.join(cases)}]" if len(cases) > 1 or letter in "*?[" else letter
