"""Random RRULE texts that RFC 5545 allows, less what the second opinion reads otherwise (tests/oracles/readings.py)."""

from datetime import datetime, timedelta

from hypothesis import strategies as st

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
FREQUENCIES = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY", "SECONDLY")
SHORT = FREQUENCIES[4:]
LONG_STEPS = (1, 1, 1, 2, 2, 3, 4, 5, 7, 8, 12, 13)
SHORT_STEPS = (1, 1, 2, 3, 5, 7, 11, 12, 15, 24, 25, 36, 60, 90, 168, 1440, 1441, 86_399, 86_400)


def _list(draw: st.DrawFn, low: int, high: int, most: int, *, signed: bool = False) -> str:
    number = st.integers(low, high)
    if signed:
        number = number | st.integers(-high, -low)
    return ",".join(map(str, draw(st.lists(number, min_size=1, max_size=most, unique=True))))


def _weekdays(draw: st.DrawFn, highest: int) -> str:
    """Plain ones, or where `highest` is not 0 all with ordinals."""
    plain = st.sampled_from(WEEKDAYS)
    ordinal = st.integers(1, highest or 1) | st.integers(-(highest or 1), -1)
    with_ordinal = st.tuples(ordinal, plain).map(lambda pair: f"{pair[0]}{pair[1]}")
    item = with_ordinal if highest and draw(st.booleans()) else plain
    return ",".join(draw(st.lists(item, min_size=1, max_size=4, unique=True)))


@st.composite
def rules(draw: st.DrawFn, start: datetime) -> tuple[str, datetime]:
    """(rule, start); the start is moved to the first day of its week where the second opinion would cut that week short."""

    def now_and_then(tenths: int) -> bool:
        return draw(st.integers(1, 10)) <= tenths

    frequency = draw(st.sampled_from(FREQUENCIES))
    parts = {"FREQ": frequency}
    if now_and_then(6):
        parts["INTERVAL"] = str(draw(st.sampled_from(SHORT_STEPS if frequency in SHORT else LONG_STEPS)))
    if now_and_then(3):
        parts["BYMONTH"] = _list(draw, 1, 12, 4)
    if frequency == "YEARLY" and now_and_then(3):
        weeks = (st.integers(1, 51) | st.integers(-51, -1)).map(str)
        parts["BYWEEKNO"] = ",".join(draw(st.lists(weeks, min_size=1, max_size=4, unique=True)))
    if frequency in ("YEARLY", *SHORT) and now_and_then(2):
        parts["BYYEARDAY"] = _list(draw, 1, 366, 12, signed=True)
    if frequency != "WEEKLY" and now_and_then(3):
        parts["BYMONTHDAY"] = _list(draw, 1, 31, 4, signed=True)
    names_days = "BYYEARDAY" in parts or "BYMONTHDAY" in parts
    if now_and_then(4) or ("BYWEEKNO" in parts and not names_days):
        with_ordinals = frequency == "MONTHLY" or (frequency == "YEARLY" and "BYWEEKNO" not in parts)
        highest = 5 if frequency == "MONTHLY" or "BYMONTH" in parts else 53
        parts["BYDAY"] = _weekdays(draw, highest if with_ordinals else 0)
    for name, high, tenths in (("BYHOUR", 23, 3), ("BYMINUTE", 59, 3), ("BYSECOND", 59, 2)):
        if now_and_then(tenths):
            parts[name] = _list(draw, 0, high, 3)
    if now_and_then(3) and any(name.startswith("BY") for name in parts):
        parts["BYSETPOS"] = _list(draw, 1, draw(st.sampled_from((2, 5, 20))), 3, signed=True)
    if now_and_then(4):
        parts["WKST"] = draw(st.sampled_from(WEEKDAYS))
    if frequency == "WEEKLY" and "BYSETPOS" in parts:
        start -= timedelta(days=(start.weekday() - WEEKDAYS.index(parts.get("WKST", "MO"))) % 7)
    end = draw(st.sampled_from(("COUNT", "UNTIL", "", "")))
    if end == "COUNT":
        parts["COUNT"] = str(draw(st.integers(1, 30)))
    elif end == "UNTIL":
        seconds = draw(st.integers(0, 10 ** draw(st.integers(3, 8))))
        parts["UNTIL"] = f"{start + timedelta(seconds=seconds):%Y%m%dT%H%M%S}"
    names = draw(st.permutations(list(parts)))
    return ";".join(f"{name}={parts[name]}" for name in names), start
