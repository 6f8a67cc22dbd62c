"""The small hours of a night that is named by its evening: "Saturday night at 1" is on Saturday or on Sunday."""

from typing import Final

from horarium.core.errors import BadPhrase
from horarium.core.schedule.phrases.word import Word, refuse

_WEEKDAYS: Final = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
_DAYS: Final = {0: "today", 1: "tomorrow", 2: "the day after tomorrow"}
_GROUPS: Final = {"WORKDAYS": "Tuesday to Saturday", "WEEKEND": "Sunday and Monday"}
_LISTED: Final = frozenset({"WEEKDAY", "WORKDAYS", "WEEKEND", "SEPARATOR", "TO", "EVERY"})
_COUNTED: Final = frozenset({"ORD", "LAST", "FROMEND", "NEXT"})
_SMALL_HOURS: Final = 6
_NOON: Final = 12


def small_hours(time: Word) -> int | None:
    """The seconds of the day of a time that lies behind midnight in a night; 12 in a night is midnight."""
    if time.type == "NUM" and not isinstance(time.value, int):
        return None
    seconds = time.value[0] if time.type == "TIME" else time.value * 3600
    if seconds // 3600 == _NOON and not (time.type == "TIME" and time.value[1]):
        seconds -= _NOON * 3600
    return int(seconds) if seconds < _SMALL_HOURS * 3600 else None


def which_day(text: str, made: list[Word], day: int, part: Word, time: Word) -> BadPhrase:
    """The refusal with a text for each reading. `day`: where the last weekday, or "tomorrow", of the night stands in `made`."""
    seconds = small_hours(time)
    assert seconds is not None
    shown = f"{seconds // 3600:02}:{seconds // 60 % 60:02}" + (f":{seconds % 60:02}" if seconds % 60 else "")
    tonight = made[day].type == "TODAY" and made[day].value == 0
    message = f"{shown} in that night is {'tomorrow' if tonight else 'on the day named or on the one after'}"
    readings = _readings(text, made, day, part)
    times = [word for word in made if word.type in ("TIME", "NUM")]
    if len(times) > 1:
        readings = []  # the other times are those of the night as well
    if time.start < part.start:
        offers = tuple(f"{days[: time.start]}{shown}{days[time.end :]}{text[part.end :]}" for days in readings)
    else:
        between, rest = text[part.end : time.start], text[time.end :]
        offers = tuple(f"{days}{between}{shown}{rest}" for days in readings)
    return refuse(text, part, message, f"name the day, and {shown}", offers=offers)


def _readings(text: str, made: list[Word], day: int, part: Word) -> list[str]:
    """The text up to the end of the night's name, with the day meant in its place."""
    last = made[day]
    if last.type == "TODAY":
        days = [last.value, last.value + 1] if last.value else [1]
        return [text[: last.start] + _DAYS[each] for each in days]
    first = day
    while first > 0 and made[first - 1].type in _LISTED:
        first -= 1
    named = text[: last.end] + text[last.end : part.start].rstrip()
    if first > 0 and made[first - 1].type in _COUNTED:
        return [named]
    shifted, at = "", 0
    for word in made[first : day + 1]:
        following = _following(text, word)
        if following is not None:
            shifted, at = shifted + text[at : word.start] + following, word.end
    return [named, shifted + text[at : part.start].rstrip()]


def _following(text: str, word: Word) -> str | None:
    if word.type == "WEEKDAY":
        plural = "s" if text[word.start : word.end].lower().endswith("days") else ""
        return _WEEKDAYS[(word.value + 1) % 7] + plural
    return _GROUPS.get(word.type)
