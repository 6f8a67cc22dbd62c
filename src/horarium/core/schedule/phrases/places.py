"""Places as people write them: cities for time zones, countries for holidays. All from the shipped IANA database.

A zone is named in full or by its last part, with spaces for underscores and hyphens ("New York"). Where several zones share
a last part, all are given and nothing is chosen.
"""

from functools import cache
from importlib.resources import files
from typing import Final

from horarium.core.schedule.zone import names


@cache
def zones_by_words() -> dict[tuple[str, ...], tuple[str, ...]]:
    """Lower-case words of a place → the zones it may mean, the one that the database lists as current first."""
    listed = set(country_of_zone())
    found: dict[tuple[str, ...], list[str]] = {}
    for name in names():
        last = name.rsplit("/", 1)[-1]
        if not any(character.isalpha() for character in last) or (last.startswith("GMT") and last != "GMT"):
            continue
        words = tuple(last.lower().replace("_", " ").replace("-", " ").split())
        found.setdefault(words, []).append(name)
    return {words: _choices(zones, listed) for words, zones in found.items()}


def _choices(zones: list[str], listed: set[str]) -> tuple[str, ...]:
    """Old names of one place (America/Indianapolis beside America/Indiana/Indianapolis) give way to the current one."""
    plain = [zone for zone in zones if "/" not in zone]
    if plain:
        return (plain[0],)  # "Japan", "UTC", "GMT": written exactly so
    current = [zone for zone in zones if zone in listed]
    return tuple(current or zones)


@cache
def country_of_zone() -> dict[str, str]:
    """Zone name → two-letter code of its country, for the zones that lie in one."""
    rows = _rows("zone.tab")
    return {row[2]: row[0] for row in rows}


@cache
def countries() -> dict[str, str]:
    """Two-letter code → the country's English name."""
    return {row[0]: row[1] for row in _rows("iso3166.tab")}


@cache
def countries_by_words() -> dict[tuple[str, ...], str]:
    """Lower-case words of a country → its code. "Britain (UK)" is known by both."""
    found: dict[tuple[str, ...], str] = {}
    for code, name in countries().items():
        for part in name.replace("(", "|").replace(")", "|").split("|"):
            words = tuple(part.lower().replace("&", "and").replace(",", " ").split())
            if words and all(word.isascii() for word in words):
                found.setdefault(words, code)
    return found | {
        ("united", "kingdom"): "GB",
        ("us",): "US",
        ("usa",): "US",
        ("america",): "US",
        ("england",): "GB",
        ("uk",): "GB",
        ("the", "netherlands"): "NL",
        ("holland",): "NL",
    }


CITIES: Final = {
    **dict.fromkeys(("san francisco", "seattle", "san diego", "las vegas"), "America/Los_Angeles"),
    **dict.fromkeys(("nyc", "boston", "washington", "miami", "philadelphia", "atlanta"), "America/New_York"),
    **dict.fromkeys(("dallas", "houston", "austin"), "America/Chicago"),
    **dict.fromkeys(("munich", "hamburg", "frankfurt", "cologne"), "Europe/Berlin"),
    **dict.fromkeys(("mumbai", "delhi", "new delhi", "bangalore"), "Asia/Kolkata"),
    **dict.fromkeys(("beijing", "shenzhen"), "Asia/Shanghai"),
    "milan": "Europe/Rome",
    "geneva": "Europe/Zurich",
    "barcelona": "Europe/Madrid",
    "osaka": "Asia/Tokyo",
    "edinburgh": "Europe/London",
    "manchester": "Europe/London",
    "rio de janeiro": "America/Sao_Paulo",
}
"""Cities that no zone is named after → the zone to offer."""
ADJECTIVES: Final = {
    "american": "US",
    "australian": "AU",
    "austrian": "AT",
    "belgian": "BE",
    "british": "GB",
    "canadian": "CA",
    "danish": "DK",
    "dutch": "NL",
    "finnish": "FI",
    "french": "FR",
    "german": "DE",
    "irish": "IE",
    "italian": "IT",
    "japanese": "JP",
    "norwegian": "NO",
    "polish": "PL",
    "portuguese": "PT",
    "spanish": "ES",
    "swedish": "SE",
    "swiss": "CH",
}
"""As in "German holidays"."""
SUBDIVISIONS: Final[dict[str, tuple[str, ...]]] = {
    "DE": (
        *("BB brandenburg", "BW baden-wuerttemberg", "BY bavaria", "BY bayern", "HB bremen", "HE hesse", "HE hessen"),
        *("HH hamburg", "MV mecklenburg-western pomerania", "MV mecklenburg-vorpommern", "NI lower saxony"),
        *("NI niedersachsen", "NW north rhine-westphalia", "NW nordrhein-westfalen", "RP rhineland-palatinate"),
        *("RP rheinland-pfalz", "SH schleswig-holstein", "SL saarland", "SN saxony", "SN sachsen"),
        *("ST saxony-anhalt", "ST sachsen-anhalt", "TH thuringia", "TH thueringen"),
    ),
    "GB": ("ENG england", "NIR northern ireland", "SCT scotland", "WLS wales"),
}
"""Parts of countries that people name when they speak of holidays; all others by their code, such as US-CA."""


@cache
def subdivisions_by_words() -> dict[tuple[str, ...], tuple[str, str]]:
    """Lower-case words of a part of a country → (country, part)."""
    found = {}
    for country, names_of_parts in SUBDIVISIONS.items():
        for entry in names_of_parts:
            code, _, name = entry.partition(" ")
            found[tuple(name.replace("-", " - ").split())] = (country, code)
    return found


def _rows(table: str) -> list[list[str]]:
    lines = files("tzdata").joinpath("zoneinfo", table).read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]
