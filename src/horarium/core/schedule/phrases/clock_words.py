"""Times of day as people say them: am and pm, parts of the day, half past, o'clock."""

from dataclasses import dataclass
from typing import Final

from horarium.core.errors import BadPhrase
from horarium.core.schedule.phrases.nights import small_hours, which_day
from horarium.core.schedule.phrases.word import Word, refuse

_NOON: Final = 12
_BY_24: Final = "(24-hour clock)"
"""Ends the note of a time that may still be one of the evening."""
_LONGEST_DIGITS: Final = 4
_WEEKDAYS: Final = frozenset({"WEEKDAY", "WORKDAYS", "WEEKEND"})
_BESIDE_DAYS: Final = _WEEKDAYS | {"SEPARATOR", "TO", "ON", "THE", "EVERY"}
_TIMES: Final = frozenset({"AT", "NUM", "CLOCK", "TIME", "PASTHOUR"})


def clock_times(text: str, found: list[Word]) -> list[Word]:
    """Clock times with am and pm. The value is (seconds of the day, how it was read or None)."""
    made: list[Word] = []
    parts: list[_Part] = []
    for i, word in enumerate(found):
        before = made[-1] if made else None
        timed_behind = _type(found, i + 1) in _TIMES
        on_days = before is not None and before.type in _WEEKDAYS
        if on_days and (word.type == "PARTOF" or (word.type == "EVERYPART" and text[word.end - 1] == "s")):
            day = len(made) - 1
            _check_day(text, made, day, word)
            parts.append(_Part(Word("DAYSPART", word.value, word.start, word.end), len(made), day))
            if not timed_behind:
                _times_of_part(text, made, parts[-1], _times_before(made, day, _BESIDE_DAYS))
            continue
        if word.type == "PARTOF":
            remedy = f"say of which days, e.g. every {word.value} at 8"
            raise refuse(text, word, "of which day?", remedy)
        if word.type in ("EVERYPART", "TODAYPART"):
            earlier = [] if timed_behind else _times_before(made, len(made), frozenset({"SEPARATOR"}))
            opened = _opened(made, word)
            parts.append(_Part(opened, len(made), len(made) - 1 if word.type == "TODAYPART" else None))
            _times_of_part(text, made, parts[-1], earlier)
            continue
        if before is not None and before.type == "PASTHOUR" and word.type in ("NUM", "CLOCK"):
            _past_hour(text, before, word)
            continue
        if word.type == "TIME":
            note = "midnight is 00:00, the start of the day" if word.value == 0 else None
            word.value = (word.value, note)
        elif word.type == "CLOCK":
            word.type, word.value = "TIME", (word.value, None)
        elif word.type == "AMPM" and before is not None and before.type in ("NUM", "TIME"):
            _half(text, before, word)
            continue
        elif word.type == "DAYPART" and before is not None and before.type in ("NUM", "TIME"):
            _day_part(text, before, word)
            if word.value == "night" and small_hours(before) is not None:
                before.value = (before.value[0], f"{before.value[1]}, early on the day itself")
            continue
        elif word.type == "OCLOCK" and before is not None and before.type == "NUM":
            before.end = word.end
            continue
        elif word.type == "NUM" and before is not None and before.type in ("AT", "FROM", "BETWEEN", "TO"):
            written = text[word.start : word.end]
            if len(written) == _LONGEST_DIGITS and written.isdigit():
                hour, minute = divmod(int(written), 100)
                if hour < 24 and minute < 60:
                    word.type = "TIME"
                    word.value = ((hour * 60 + minute) * 60, f"{written} is read as {hour:02}:{minute:02}")
        elif word.type == "PAST" and before is not None and before.type == "AT":
            before.type = "ATMINUTE"
            word.type = "NUM"
        made.append(word)
    for word in made:
        if word.type == "PAST":
            word.type = "NUM"
    at_midnight = any(word.type == "TIME" and word.value[0] == 0 for word in made)
    for i, part in enumerate(parts):
        end = parts[i + 1].at if i + 1 < len(parts) else len(made)
        for at in range(part.at, end):  # one after another: a time makes those behind it in its list times
            if _is_time_of_part(made, at) and _may_be_of_part(made[at], part):
                _times_of_part(text, made, part, [made[at]])
        if not part.said and not (part.word.type == "PART" and part.word.value == "night" and at_midnight):
            raise _no_time(text, part.word)
    return made


@dataclass(slots=True)
class _Part:
    """A part of the day, the place behind it, that of its last day where one was named, and whether a time of it was found."""

    word: Word
    at: int
    day: int | None
    said: bool = False


def _may_be_of_part(word: Word, part: _Part) -> bool:
    night = part.word.value == "night" and part.day is not None and word.type in ("NUM", "TIME")
    return _open_time(word) or (night and small_hours(word) is not None)


def _check_day(text: str, made: list[Word], day: int, part: Word) -> None:
    """Raises BadPhrase for "until Sunday night" and "except Sunday night"."""
    while day > 0 and made[day - 1].type in _BESIDE_DAYS:
        day -= 1
    if day > 0 and made[day - 1].type in ("UNTIL", "STARTING", "EXCEPT"):
        offer = text[: part.start].rstrip() + text[part.end :]
        remedy = "leave it out, or name a date with a time"
        raise refuse(text, part, "a day is named whole here", remedy, offers=(offer,))


def _is_time_of_part(made: list[Word], i: int) -> bool:
    """Whether the number at `i` stands where a time of "every evening" stands, and counts nothing."""
    before = _type(made, i - 1)
    listed = before == "SEPARATOR" and _type(made, i - 2) == "TIME"
    counting = _type(made, i + 1) in ("TIMES", "UNIT", "SECOND", "MONTH", "OF")
    return (listed or before in {"AT", "UNIT", "TODAY"} | _WEEKDAYS) and not counting


def _open_time(word: Word) -> bool:
    """A time that does not say yet which half of the day it is in."""
    if word.type == "TIME":
        return word.value[1] is None or word.value[1].endswith(_BY_24)
    return word.type == "NUM" and isinstance(word.value, int)


def _times_before(made: list[Word], end: int, between: frozenset[str]) -> list[Word]:
    """The open times right before a part of the day, or before its days: "half past seven every morning", "at 8 on Monday
    evening"."""
    while end > 0 and made[end - 1].type in between:
        end -= 1
    found: list[Word] = []
    while end > 0 and _open_time(made[end - 1]):
        found.append(made[end - 1])
        end -= 2
        if end < 0 or made[end].type != "SEPARATOR":
            break
    bare = bool(found) and found[-1].type == "NUM" and end >= 0 and made[end].type != "AT"
    return [] if bare else found


def _times_of_part(text: str, made: list[Word], part: _Part, times: list[Word]) -> None:
    for time in times:
        word = part.word
        if word.value == "night" and part.day is not None and small_hours(time) is not None:
            raise which_day(text, made, part.day, word, time)
        _day_part(text, time, Word("DAYPART", word.value, time.start, time.end))
        part.said = True


def _opened(made: list[Word], word: Word) -> Word:
    """ "every evening" is every day, and the times that follow are of the evening."""
    if word.type == "EVERYPART":
        made.append(Word("EVERY", None, word.start, word.end))
        made.append(Word("UNIT", "day", word.start, word.end))
        return Word("PART", word.value, word.start, word.end)
    made.append(Word("TODAY", word.value[0], word.start, word.end))
    return Word("PART", word.value[1], word.start, word.end)


def _no_time(text: str, part: Word) -> BadPhrase:
    hour = {"morning": 8, "afternoon": 14, "evening": 20, "night": 23}[part.value]
    offer = f"{text[: part.end]} at {hour:02}:00{text[part.end :]}"
    return refuse(text, part, "at what time?", "say the time", offers=(offer,))


def _past_hour(text: str, before: Word, hour: Word) -> None:
    """ "half past 9", "quarter to 10"."""
    number = hour.value
    if hour.type != "NUM" or not isinstance(number, int) or not 1 <= number <= 23:
        raise refuse(text, hour, "an hour is expected here", "write a time such as 09:30")
    minutes = number * 60 + before.value
    time = f"{minutes // 60:02}:{minutes % 60:02}"
    before.type, before.value = (
        "TIME",
        (minutes * 60, f"{text[before.start : hour.end]} is read as {time} {_BY_24}"),
    )
    before.end = hour.end


def _half(text: str, time: Word, half: Word) -> None:
    seconds = time.value[0] if time.type == "TIME" else time.value * 3600
    if not isinstance(seconds, int) or not 3600 <= seconds < 13 * 3600:
        raise refuse(text, half, f"{half.value} follows an hour from 1 to 12", "write a time like 7am or 19:00")
    note = None
    if seconds >= _NOON * 3600:
        seconds -= _NOON * 3600
        at = "noon" if half.value == "pm" else "midnight"
        note = (
            f"{text[time.start : half.end]} is read as just after {at}"
            if seconds
            else f"12{half.value} is read as {at}"
        )
    time.type, time.value = "TIME", (seconds + (_NOON * 3600 if half.value == "pm" else 0), note)
    time.end = half.end


def _day_part(text: str, time: Word, part: Word) -> None:
    seconds = time.value[0] if time.type == "TIME" else time.value * 3600
    if not isinstance(seconds, int) or not 0 <= seconds < 24 * 3600:
        raise refuse(text, time, "no time of day", "write a time from 00:00 to 23:59")
    hour = seconds // 3600
    if hour == _NOON and part.value in ("evening", "night"):
        offer = f"{text[: time.start]}midnight{text[time.end :]}"
        offers = (offer,) if seconds == _NOON * 3600 and part.start == time.start else ()
        raise refuse(
            text, time, "12 is noon by the 24-hour clock", "write midnight or 00:00, and its day", offers=offers
        )
    fits = {
        "morning": range(1, 12),
        "afternoon": range(1, 7),
        "evening": range(4, 12),
        "night": (*range(6), *range(8, 12)),
    }[part.value]
    if hour < _NOON:
        if hour not in fits:
            message = f"{text[time.start : time.end]} of the {part.value} can be read in two ways"
            raise refuse(text, part, message, "write a time from 00:00 to 23:59")
        if part.value != "morning" and not (part.value == "night" and hour < 6):
            seconds += _NOON * 3600
    elif part.value == "morning":
        raise refuse(text, part, "this is no time of the morning", "write a time from 00:00 to 23:59")
    hour, minute = divmod(seconds // 60, 60)
    note = f"{text[time.start : part.end]} is read as {hour:02}:{minute:02}"
    time.type, time.value = "TIME", (seconds, note)
    time.end = part.end


def _type(found: list[Word], i: int) -> str:
    return found[i].type if 0 <= i < len(found) else ""
