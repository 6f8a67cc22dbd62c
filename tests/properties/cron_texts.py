"""Random cron texts that the grammar accepts, and zones whose clocks change in every known way."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from tests.oracles.clock import MONTHS, WEEKDAYS, changes

HARD_ZONES = (
    "UTC",
    "Africa/Cairo",
    "Africa/Casablanca",
    "Africa/El_Aaiun",
    "Africa/Monrovia",
    "America/Caracas",
    "America/Havana",
    "America/New_York",
    "America/Nuuk",
    "America/Santiago",
    "America/Scoresbysund",
    "America/St_Johns",
    "Antarctica/Casey",
    "Antarctica/Troll",
    "Asia/Beirut",
    "Asia/Gaza",
    "Asia/Kathmandu",
    "Asia/Pyongyang",
    "Asia/Tehran",
    "Australia/Lord_Howe",
    "Europe/Berlin",
    "Europe/Dublin",
    "Pacific/Apia",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
    "Pacific/Kwajalein",
)


def _values(low: int, high: int, names: list[str]) -> st.SearchStrategy[str]:
    numbers = st.integers(low, high).map(str)
    return numbers | st.sampled_from([n for n in names if n]) if any(names) else numbers


def _ranges(low: int, high: int) -> st.SearchStrategy[str]:
    return st.tuples(st.integers(low, high), st.integers(low, high)).map(lambda p: f"{min(p)}-{max(p)}")


def _items(low: int, high: int, names: list[str]) -> st.SearchStrategy[str]:
    plain = _values(low, high, names)
    ranges = _ranges(low, high)
    steps = st.integers(1, high + 3).map(str)
    return st.one_of(
        plain,
        plain,
        ranges,
        st.tuples(ranges, steps).map("/".join),
        st.tuples(st.integers(low, high).map(str), steps).map("/".join),
    )


def _fields(low: int, high: int, names: list[str], *, items_max: int = 3) -> st.SearchStrategy[str]:
    listed = st.lists(_items(low, high, names), min_size=1, max_size=items_max).map(",".join)
    stepped = st.integers(1, high + 3).map("*/{}".format)
    return st.one_of(listed, listed, st.just("*"), stepped, st.just("?"))


def _few(low: int, high: int) -> st.SearchStrategy[str]:
    return st.lists(st.integers(low, high).map(str), min_size=1, max_size=3).map(",".join)


_SECONDS = st.one_of(_few(0, 59), st.just("0"), st.just("*/20"), st.just("59"), st.just("*"))
_DAYS = st.one_of(
    st.just("*"),
    st.just("*"),
    _fields(1, 31, []),
    st.lists(
        st.one_of(st.sampled_from(["L", "LW"]), st.integers(1, 31).map("{}W".format), _values(1, 31, [])),
        min_size=1,
        max_size=3,
    ).map(",".join),
)
_MONTHS = st.one_of(st.just("*"), st.just("*"), st.just("*"), _fields(1, 12, ["", *MONTHS]))
_WEEKDAYS = st.one_of(
    st.just("*"),
    st.just("*"),
    _fields(0, 7, WEEKDAYS),
    st.lists(
        st.one_of(
            st.tuples(_values(0, 7, WEEKDAYS), st.integers(1, 5).map(str)).map("#".join),
            _values(0, 7, WEEKDAYS).map("{}L".format),
            _values(0, 7, WEEKDAYS),
            st.sampled_from(["FRI-SUN", "SUN-TUE"]),
        ),
        min_size=1,
        max_size=3,
    ).map(",".join),
)
_NIGHT_HOURS = st.one_of(_few(0, 4), _few(22, 23), st.just("0-23"), st.just("1-3"))


def day_fields() -> st.SearchStrategy[str]:
    """Day of month, month and day of week."""
    return st.tuples(_DAYS, _MONTHS, _WEEKDAYS).map(" ".join)


def cron_texts() -> st.SearchStrategy[str]:
    """Mostly a few times a day at night, where clocks change; every part of the grammar now and then."""
    minutes = st.one_of(_few(0, 59), _few(0, 59), _fields(0, 59, []))
    hours = st.one_of(_NIGHT_HOURS, _fields(0, 23, []))
    five = st.tuples(minutes, hours, day_fields()).map(" ".join)
    six = st.tuples(_SECONDS, _few(0, 59) | st.just("*/7"), _NIGHT_HOURS | st.just("*"), day_fields()).map(" ".join)
    return st.one_of(five, five, six)


def near_changes(zone: str, first_year: int = 1971, last_year: int = 2045) -> st.SearchStrategy[datetime]:
    """Instants within two days of a clock change, or anywhere."""
    anywhere = st.integers(int(datetime(1970, 1, 3, tzinfo=UTC).timestamp()), 4_000_000_000)
    anchors = [int(at.timestamp()) for at in changes(zone, first_year, last_year)]
    near = st.sampled_from(anchors) if anchors else anywhere
    shifted = st.tuples(near, st.integers(-180_000, 90_000)).map(sum)
    milliseconds = st.sampled_from([0, 0, 1, 500, 999])
    return st.tuples(shifted | anywhere, milliseconds).map(
        lambda p: datetime.fromtimestamp(p[0], UTC) + timedelta(milliseconds=p[1])
    )
