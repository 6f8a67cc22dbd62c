"""What a phrase names: its days, before they become the fields of cron or the parts of a rule."""

from dataclasses import dataclass, field

from horarium.core.schedule.cron_days import ALL_DAYS, ALL_MONTHS, ALL_WEEKDAYS, DayFields
from horarium.core.schedule.phrases.word import Word


@dataclass(slots=True)
class Named:
    """The days named so far. Weekdays count from Sunday 0; masks from bit 0; what is counted from an end is negative."""

    dates: int = 0
    last_day: bool = False
    last_workday: bool = False
    near_workdays: int = 0
    weekdays: int = 0
    nth_weekdays: set[tuple[int, int]] = field(default_factory=set)
    last_weekdays: int = 0
    nth_workdays: set[int] = field(default_factory=set)
    nth_weekend_days: set[int] = field(default_factory=set)
    from_end: set[int] = field(default_factory=set)
    """Days of the month counted from its end: -2 is the second last."""
    end_weekdays: set[tuple[int, int]] = field(default_factory=set)
    """(weekday, -n): the n-th last of the month, where n is above 1."""
    year_days: set[int] = field(default_factory=set)
    months: int = ALL_MONTHS
    both: bool = False
    steps: tuple[int, str] | None = None
    """(n, unit): "every 3rd day" counts days, it names none."""
    in_month: bool = False
    """It was said that ordinals count within the month."""

    @property
    def by_date(self) -> bool:
        return bool(self.dates or self.last_day or self.last_workday or self.near_workdays or self.from_end)

    @property
    def by_nth(self) -> bool:
        return bool(self.nth_weekdays or self.last_weekdays or self.end_weekdays)

    @property
    def by_weekday(self) -> bool:
        return bool(self.weekdays) or self.by_nth

    @property
    def any(self) -> bool:
        return self.by_date or self.by_weekday or self.by_rule

    @property
    def by_position(self) -> bool:
        """The 2nd working day, the last weekend day: counted among days of one sort."""
        return bool(self.nth_workdays or self.nth_weekend_days)

    @property
    def by_end(self) -> bool:
        """Some of its days count from the end."""
        positions = self.nth_workdays | self.nth_weekend_days
        single = bool(self.last_day or self.last_workday or self.last_weekdays or self.from_end or self.end_weekdays)
        return single or any(number < 0 for number in positions)

    @property
    def by_begin(self) -> bool:
        """Some of its days count from the beginning, or come back with the week."""
        positions = self.nth_workdays | self.nth_weekend_days
        single = bool(self.dates or self.near_workdays or self.nth_weekdays or self.weekdays)
        return single or any(number > 0 for number in positions)

    @property
    def by_rule(self) -> bool:
        """No cron text says such days."""
        return self.by_position or bool(self.from_end or self.end_weekdays or self.year_days)

    def fields(self) -> DayFields:
        """As the day fields of cron."""
        return DayFields(
            months=self.months,
            days=self.dates if self.by_date else ALL_DAYS,
            last_day=self.last_day,
            last_workday=self.last_workday,
            near_workdays=self.near_workdays,
            weekdays=self.weekdays if self.by_weekday else ALL_WEEKDAYS,
            nth_weekdays=tuple(sorted(self.nth_weekdays)),
            last_weekdays=self.last_weekdays,
            both=self.both or not (self.by_date and self.by_weekday),
        )


@dataclass(frozen=True, slots=True)
class YearDay:
    """Days of months; of one year where it was said."""

    days: int
    months: int
    year: int | None
    word: Word
