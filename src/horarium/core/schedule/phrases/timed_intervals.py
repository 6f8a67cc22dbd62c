"""A time of day beside an interval, "every 12 hours at 6": refused, with what it may mean."""

from datetime import timedelta

from horarium.core.errors import BadPhrase
from horarium.core.schedule.local import shown_extended
from horarium.core.schedule.phrases.bound_days import when
from horarium.core.schedule.phrases.said import Clause, Said, children, first_word, last_word, seconds, today
from horarium.core.schedule.phrases.times import Length, shown_time, time_of_day
from horarium.core.schedule.phrases.word import Word
from horarium.core.schedule.tzif import DAY
from horarium.core.schedule.zone import zone

_DAYS = ("DATE", "TODAY", "WEEKDAY", "NEXT")
_NOON = 12
_HOUR = 3600


def time_beside(said: Said, pace: Length, clause: Clause, zone_name: str) -> BadPhrase:
    times = said.all("times")[0]
    words = [word for word in times.nodes if word.type in ("TIME", "NUM")]
    offers = _with_a_day(said, times, words, zone_name) or _of_hours(said, pace, clause, times, words)
    message, remedy = "a time of day beside an interval", "write from … to … for a window"
    return said.context.refuse(times.word, message, remedy, *offers)


def time_of_one_day(said: Said, clause: Clause, zone_name: str) -> str | None:
    """ "until 6pm today", "starting at 8 tomorrow": the text with the day and the time together."""
    context, at = said.context, said.clauses.index(clause) + 1
    following = said.clauses[at] if at < len(said.clauses) else None
    if following is None or following.name != "today":
        return None
    day = today(zone_name, context.now) + timedelta(days=following.word.value)
    time = shown_time(time_of_day(context, clause.nodes[-1]))
    word = "until" if clause.name == "until_time" else "starting"
    return context.instead(clause.word, following.word, f"{word} {day} {time}")


def _with_a_day(said: Said, times: Clause, words: list[Word], zone_name: str) -> list[str]:
    """ "every 2 hours starting tomorrow at 8": the time of that day."""
    at = said.clauses.index(times)
    bound = said.clauses[at - 1] if at else None
    if bound is None or bound.name not in ("starting", "until") or len(words) != 1 or not _is_time(words[0]):
        return []
    day = children(bound.nodes[-1])[0]
    if not isinstance(day, Word) or day.type not in _DAYS:
        return []
    instant = when(said, bound, zone_name, end=bound.name == "until")
    date = shown_extended(zone(zone_name).reading(seconds(instant)))[:10]
    time = shown_time(time_of_day(said.context, words[0]))
    return [said.context.instead(first_word(bound.nodes[-1]), last_word(times.nodes[-1]), f"{date} {time}")]


def _of_hours(said: Said, pace: Length, clause: Clause, times: Clause, words: list[Word]) -> list[str]:
    context, step, last = said.context, pace.seconds, last_word(times.nodes[-1])
    if not isinstance(step, int) or step % _HOUR:
        return []
    daily = context.instead(clause.word, last_word(clause.nodes[-1]), "every day")
    offers = [daily] if len(words) > 1 or step in (_HOUR, DAY) else []
    if len(words) == 1 and _HOUR < step < DAY and DAY % step == 0 and _is_time(words[0]):
        first = shown_time(time_of_day(context, words[0]) % step)
        offers.append(context.instead(times.word, last, f"starting at {first}"))
    if step == _HOUR and all(word.type == "NUM" and word.value in range(60) for word in words):
        numbers = context.text[words[0].start : last.end]
        offers.append(context.instead(times.word, last, f"at minute{'s' if len(words) > 1 else ''} {numbers}"))
    elif step == _HOUR and len(words) == 1 and words[0].type == "TIME":
        offers.append(context.instead(times.word, last, f"at minute {words[0].value[0] % _HOUR // 60}"))
    return offers


def _is_time(word: Word) -> bool:
    return word.type == "TIME" or (isinstance(word.value, int) and word.value < 24 and word.value != _NOON)
