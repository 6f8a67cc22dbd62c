"""Whatever the store writes is announced to those who look on, or is on a short list of what nobody looks at."""

import ast

from horarium.stores.announcing import AnnouncingStore
from horarium.stores.sql.store import SqlStore
from tests.house.paths import PACKAGE

UNSEEN = {
    "mend_broken": "at the start, before anybody can listen",
    "adopt_tzdata": "at the start, before anybody can listen",
    "begin_worker": "workers are no topic",
    "beat": "workers are no topic",
    "end_worker": "workers are no topic",
    "declare_dead": "workers are no topic; their runs are settled after it",
    "take_over": "at the start; the runs are settled after it",
    "forget": "what is forgotten was over long ago",
    "drop_output": "the size of an output stays",
    "put_calendar": "the tasks that use it are changed after it",
    "delete_calendar": "no task uses it",
    "add_token": "",
    "touch_token": "",
    "delete_token": "",
    "add_session": "",
    "delete_session": "",
    "set_key": "",
    "use_key": "",
    "set_setting": "",
}


def writing_methods() -> set[str]:
    """Those of the store that hand something to the writer."""
    tree = ast.parse((PACKAGE / "stores" / "sql" / "store.py").read_text("utf-8"))
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.AsyncFunctionDef):
            calls = {inner.attr for inner in ast.walk(node) if isinstance(inner, ast.Attribute)}
            if calls & {"write", "write_output"}:
                found.add(node.name)
    return found


def test_each_writing_method_is_announced_or_unseen() -> None:
    announced = {name for name in vars(AnnouncingStore) if not name.startswith("__")} & set(dir(SqlStore))
    assert writing_methods() - set(UNSEEN) <= announced, "announce it, or say why nobody looks at it"
    assert not set(UNSEEN) & announced
    assert set(UNSEEN) <= writing_methods()
