"""Shapes told apart by direction become one where nothing but names differs."""

from typing import Any

from horarium.api.same_shapes import renamed, renaming, same_shapes

PLACE = "#/components/schemas/"


def ref(name: str) -> dict[str, str]:
    return {"$ref": PLACE + name}


def shapes(**more: Any) -> dict[str, Any]:
    return {
        "Tree-Input": {"type": "object", "properties": {"parts": {"items": ref("Tree-Input")}, "leaf": ref("Leaf")}},
        "Tree-Output": {"type": "object", "properties": {"parts": {"items": ref("Tree-Output")}, "leaf": ref("Leaf")}},
        "Leaf": {"type": "string"},
        **more,
    }


def test_what_differs_in_names_only_is_the_same() -> None:
    found = shapes()
    assert same_shapes(found) == {"Tree"}
    rename = renaming(same_shapes(found))
    assert renamed(found["Tree-Input"], rename) == renamed(found["Tree-Output"], rename)
    assert renamed({"map": {"x": PLACE + "Tree-Output"}, "text": "Tree-Output"}, rename) == {
        "map": {"x": PLACE + "Tree"},
        "text": "Tree-Output",
    }


def test_a_real_difference_is_kept_and_so_is_what_refers_to_it() -> None:
    found = shapes(
        **{
            "Wood-Input": {"items": [ref("Tree-Input"), ref("Nest-Input")]},
            "Wood-Output": {"items": [ref("Tree-Output"), ref("Nest-Output")]},
            "Nest-Input": {"type": "integer"},
            "Nest-Output": {"type": "string"},
        }
    )
    assert same_shapes(found) == {"Tree"}
    assert renaming(frozenset({"Tree"}))(PLACE + "Nest-Input") == PLACE + "Nest-Input"


def test_a_name_that_is_taken_is_not_taken_twice() -> None:
    assert same_shapes(shapes(Tree={"type": "null"})) == frozenset()
