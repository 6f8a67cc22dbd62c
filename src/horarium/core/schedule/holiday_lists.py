"""Public holidays by country, from the library `holidays`. Nothing else here knows that library.

It is loaded when the first list is asked for, which takes a fifth of a second; a year of a country takes below a millisecond.
"""

import re
from datetime import date
from difflib import get_close_matches
from functools import cache, lru_cache
from importlib import import_module
from typing import Any, Final

from horarium.core.errors import BadValue
from horarium.core.schedule.day_sets import day_number

YEARS_KEPT: Final = 4_096
"""Of all countries together, some kilobytes each."""
NAMES_KEPT: Final = 256
"""Years of countries whose days were asked for by name."""
_ENGLISH: Final = "en_US"
_CODE: Final = re.compile(r"[A-Z]{2}", re.ASCII)


def version() -> str:
    """The release of the library, e.g. "0.109"."""
    return str(_library().__version__)


@lru_cache(maxsize=YEARS_KEPT)
def check(country: str, subdivision: str | None) -> None:
    """Raises BadValue("country" | "subdivision", …) naming the nearest where there are no lists of such a place."""
    found = _country(country)
    if subdivision is not None and subdivision not in found.subdivisions:
        raise _no_subdivision(country, subdivision, found)


@cache
def years(country: str) -> range:
    """The years the lists of this country speak about."""
    found = _country(country)
    return range(found.start_year, found.end_year + 1)


@lru_cache(maxsize=YEARS_KEPT)
def days(country: str, subdivision: str | None, year: int) -> tuple[int, ...]:
    """Its public holidays in that year, as days counted from 1970-01-01, sorted; with those that are kept on another day since
    they fall on a weekend."""
    found = _library().country_holidays(country, subdiv=subdivision, years=year, expand=False)
    return tuple(sorted(day_number(day) for day in found if day.year == year))


def named(country: str, subdivision: str | None, day: date) -> str | None:
    """What that day is called in English, where the lists know it; which days are holidays is `days`' to say."""
    return _names(country, subdivision, day.year).get(day)


@lru_cache(maxsize=NAMES_KEPT)
def _names(country: str, subdivision: str | None, year: int) -> dict[date, str]:
    found = _library().country_holidays(country, subdiv=subdivision, years=year, expand=False, language=_ENGLISH)
    return {day: str(name) for day, name in found.items()}


def _country(code: str) -> Any:
    if _CODE.fullmatch(code) is None:
        raise _no_country(code)
    try:
        return _library().country_holidays(code)
    except NotImplementedError:
        raise _no_country(code) from None


def _no_country(code: str) -> BadValue:
    known = list(_library().list_supported_countries(include_aliases=False))
    upper = code[:60].upper()
    near = [upper] if upper in known else get_close_matches(upper, known, n=3, cutoff=0.5)
    remedy = f"did you mean {' or '.join(near)}?" if near else "use the two letters of ISO 3166, such as DE or US"
    return BadValue("country", f"there are no holidays of {code[:60]!r}; two capital letters are expected", remedy)


def _no_subdivision(country: str, subdivision: str, found: Any) -> BadValue:
    message = f"{country} has no part {subdivision[:60]!r} with holidays of its own"
    if not found.subdivisions:
        return BadValue("subdivision", message, "leave it out: the holidays are the same in all of it")
    aliases = dict(found.subdivisions_aliases)
    if subdivision in aliases:
        return BadValue("subdivision", message, f"write {aliases[subdivision]}")
    by_upper = {name.upper(): code for name, code in aliases.items()} | {
        code.upper(): code for code in found.subdivisions
    }
    near = [by_upper[name] for name in get_close_matches(subdivision[:60].upper(), by_upper, n=3, cutoff=0.5)]
    listed = ", ".join(found.subdivisions)
    return BadValue("subdivision", message, f"did you mean {near[0]}?" if near else f"use one of {listed}")


@cache
def _library() -> Any:
    return import_module("holidays")
