"""What a phrase leaves out: days of lists, holidays, calendars, the instants of another schedule."""

from collections.abc import Callable
from typing import Any, Final

from horarium.core.errors import BadValue
from horarium.core.schedule.cron import MINUTE_MS, Cron
from horarium.core.schedule.cron_days import ALL_WEEKDAYS
from horarium.core.schedule.cron_text import CronText
from horarium.core.schedule.cron_write import write_cron
from horarium.core.schedule.day_lists import CalendarDays, Dates, Holidays, Weekday, Weekdays
from horarium.core.schedule.phrases.bound_days import next_day
from horarium.core.schedule.phrases.days import month_mask, weekday_mask
from horarium.core.schedule.phrases.listed_days import listed_days
from horarium.core.schedule.phrases.named import Named
from horarium.core.schedule.phrases.ordinals import ordinals
from horarium.core.schedule.phrases.places import countries, country_of_zone
from horarium.core.schedule.phrases.said import Context, Said, children, first_word, last_word, named
from horarium.core.schedule.phrases.times import ALL_HOURS, ALL_SIXTY
from horarium.core.schedule.phrases.word import Word
from horarium.core.schedule.phrases.words import WEEKDAYS
from horarium.core.schedule.schedule import Exclusion, Schedule

_FROM_MONDAY: Final = (1, 2, 3, 4, 5, 6, 0)


def exclusions(
    said: Said, rule: Schedule, zone_name: str, list_zone: str | None, group: Callable[[Any], Schedule]
) -> list[Exclusion]:
    """What is left out of `rule`. `list_zone` goes into the lists of days of schedules that have no zone of their own."""
    found: list[Exclusion] = []
    for clause in said.all("except_"):
        for node in clause.nodes:
            if not isinstance(node, Word) and named(node) == "exclusion":
                found += _exclusion(said.context, rule, node, zone_name, list_zone, group)
    return found


def _exclusion(
    context: Context,
    rule: Schedule,
    node: Any,
    zone_name: str,
    list_zone: str | None,
    group: Callable[[Any], Schedule],
) -> list[Exclusion]:
    parts = children(node)
    own = next((zone_of(context, part) for part in parts[1:] if isinstance(part, Word) and part.type == "ZONE"), None)
    what, zone_of_list, zone_of_days = parts[0], own or list_zone, own or zone_name
    match named(what):
        case "weekday_list":
            mask = weekday_mask(context, what.children[-1])
            if mask == ALL_WEEKDAYS:
                raise context.refuse(first_word(what), "this leaves no day of the week", "leave one out")
            return [Weekdays(kind="weekdays", days=weekday_names(mask), timezone=zone_of_list)]
        case "listed":
            items = [item for item in children(what) if not isinstance(item, Word)]
            days = tuple(text for item in items for text in listed_days(context, item))
            return [Dates(kind="dates", dates=days, timezone=zone_of_list)]
        case "day_ahead":
            words = children(what)
            day = next_day(context, tuple(words), zone_of_days)
            if words[0].type == "TODAY":
                context.note(f"{context.text[words[0].start : words[0].end]} is {day.isoformat()} in {zone_of_days}")
            return [Dates(kind="dates", dates=(day.isoformat(),), timezone=zone_of_list)]
        case "ordinals":
            days_named = Named()
            ordinals(context, days_named, what, every=None, alone=False)
            return [_whole_days(context, first_word(what), days_named, zone_of_days, rule)]
        case "days_in_months":
            days_named = Named()
            listed, months = [part for part in children(what) if not isinstance(part, Word)]
            if named(listed) == "weekdays":
                days_named.weekdays = weekday_mask(context, listed)
            else:
                ordinals(context, days_named, listed, every=None, alone=False)
            days_named.months = month_mask(months)
            written = context.text[first_word(what).start : last_word(what).end]
            context.note(f"the months belong to the exception: left out are {written}")
            return [_whole_days(context, first_word(what), days_named, zone_of_days, rule)]
        case "holidays":
            return [_holidays(context, children(what), first_word(what), zone_name, zone_of_list)]
        case "calendar":
            words = children(what)
            version = words[-1].value if words[-1].type == "NUM" else None
            if version is not None and not isinstance(version, int):
                raise context.refuse(words[-1], "no version", "write a whole number")
            return [CalendarDays(kind="calendar", name=words[1].value, version=version, timezone=zone_of_list)]
        case _:
            return [group(what)]


def weekday_names(mask: int) -> tuple[Weekday, ...]:
    """From Monday on."""
    names: Any = tuple(WEEKDAYS[day] for day in _FROM_MONDAY if mask >> day & 1)
    return names  # type: ignore[no-any-return]


def _whole_days(context: Context, word: Word, days: Named, zone_name: str, rule: Schedule) -> Cron:
    """Days that come back with the weeks or months, as a schedule that names all instants of these days which `rule` can name:
    every minute, or every second."""
    if days.by_rule:
        remedy = "write it in brackets with the time, e.g. except (2nd last day of the month at 9:00)"
        raise context.refuse(word, "such days can be left out by their times only", remedy)
    grain = rule.grain_ms()
    by_second = grain % MINUTE_MS != 0
    if grain % 1_000:
        raise context.refuse(word, "such days cannot be left out of instants between seconds", "write whole seconds")
    text = CronText(
        seconds=ALL_SIXTY if by_second else 1,
        minutes=ALL_SIXTY,
        hours=ALL_HOURS,
        days=days.fields(),
        wild=True,
        column=1,
    )
    context.note(f"these days are left out by their whole {'seconds' if by_second else 'minutes'}, in {zone_name}")
    return Cron(kind="cron", expression=write_cron(text), timezone=zone_name)


def _holidays(context: Context, parts: list[Word], first: Word, zone_name: str, list_zone: str | None) -> Holidays:
    version = None
    if len(parts) == 1:
        country = country_of_zone().get(zone_name)
        if country is None:
            raise context.refuse(
                first,
                "the holidays of which country?",
                "name it, e.g. holidays of DE",
                *(context.instead(first, first, f"holidays of {code}") for code in ("DE", "US")),
            )
        context.note(f"holidays are those of {countries()[country]} ({country}), where {zone_name} lies")
        return Holidays(kind="holidays", country=country, timezone=list_zone)
    place = children(parts[1])[0]
    subdivision = None
    if place.type == "COUNTRY":
        country, subdivision = place.value
    else:
        place_zone = zone_of(context, place)
        country = country_of_zone().get(place_zone)
        if country is None:
            raise context.refuse(place, "this place lies in no one country", "name a country, e.g. holidays of DE")
        context.note(f"holidays are those of {countries()[country]} ({country}), where {place_zone} lies")
    if named(parts[-1]) == "STRING":
        version = parts[-1].value
    try:
        return Holidays(kind="holidays", country=country, subdivision=subdivision, version=version, timezone=list_zone)
    except BadValue as refused:
        raise context.refuse(place, refused.message, refused.remedy) from refused


def zone_of(context: Context, word: Word) -> str:
    """The one zone of a place. Raises BadPhrase with the choices where there are several."""
    choices: tuple[str, ...] = word.value
    if len(choices) > 1:
        raise context.refuse(
            word,
            f"{len(choices)} time zones are called so",
            "write the one that is meant in full",
            *(context.instead(word, word, choice) for choice in choices),
        )
    return choices[0]
