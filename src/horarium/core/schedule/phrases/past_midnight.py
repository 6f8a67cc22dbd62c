"""A window past midnight beside days, "every hour from 22:00 to 2:00 on Fridays": is 01:00 on Friday, or on Saturday?"""

from typing import Final

from horarium.core.schedule.cron_write import bits
from horarium.core.schedule.phrases.named import Named
from horarium.core.schedule.phrases.said import MODIFIERS, Clause, Said, last_word
from horarium.core.schedule.phrases.times import shown_time
from horarium.core.schedule.phrases.words import WEEKDAYS
from horarium.core.schedule.tzif import DAY

_WEEK: Final = 7


def check_past_midnight(said: Said, pace: Clause, window: Clause, days: Named, times: range) -> None:
    """Raises BadPhrase with both readings where days are named and some times of the window lie behind midnight."""
    early = [time - DAY for time in times if time >= DAY]
    if not early or not days.any:
        return
    context = said.context
    every = context.text[pace.word.start : last_word(pace.nodes[-1]).end]
    late = f"{every} between {shown_time(times.start)} and 00:00"
    early_text = f"{every} from {shown_time(early[0])} to {shown_time(early[-1])}"
    if len(early) == 1:
        early_text = f"at {shown_time(early[0])}"
    others = [clause for clause in said.clauses if clause.name in MODIFIERS]
    rest = "".join(f", {context.text[each.word.start : last_word(each.nodes[-1]).end]}" for each in others)
    offers = []
    if days.weekdays and not (days.by_date or days.by_nth or days.by_rule or said.has("in_months")):
        named, following = _names(days.weekdays, 0), _names(days.weekdays, 1)
        offers = [f"({late} on {named}) or ({early_text} on {each}){rest}" for each in (following, named)]
    raise context.refuse(
        window.word,
        f"is {shown_time(early[-1])} on the day named, or on the one after?",
        "write (one) or (other), each with its days",
        *offers,
    )


def _names(weekdays: int, later: int) -> str:
    """From Monday on, so many days later."""
    numbers = sorted((day + later - 1) % _WEEK for day in bits(weekdays))
    names = [WEEKDAYS[(number + 1) % _WEEK].capitalize() for number in numbers]
    if len(names) > 2 and numbers[-1] - numbers[0] == len(names) - 1:
        return f"{names[0]} to {names[-1]}"
    return ", ".join(names)
