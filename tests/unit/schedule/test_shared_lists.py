"""Lists of days that a schedule shares: found at every depth, filled, and taken out again."""

from horarium.core.schedule.any_of import AnyOf
from horarium.core.schedule.cron import Cron
from horarium.core.schedule.day_lists import CalendarDays, Dates, Holidays
from horarium.core.schedule.shared_lists import (
    Shared,
    bare,
    list_name,
    marks,
    shared_lists,
    uses_lists,
    with_lists,
    without_days,
)

OPS = CalendarDays(kind="calendar", name="ops", version=3, days=("2027-03-02",))
BANK = CalendarDays(kind="calendar", name="bank", version=1, days=())
GERMANY = Holidays(kind="holidays", country="DE", version="0.1")
DATES = Dates(kind="dates", dates=("2027-03-04",))


def cron(*except_: object, expression: str = "0 9 * * *") -> Cron:
    return Cron(kind="cron", expression=expression, timezone="UTC", except_=except_)  # type: ignore[arg-type]


PLAIN = cron(DATES, cron(DATES, expression="0 9 1 * *"))
NESTED = AnyOf(
    kind="any_of",
    schedules=(cron(DATES, OPS), cron(cron(GERMANY, expression="0 9 1 * *"))),
    except_=(BANK, DATES, cron(OPS, expression="0 9 2 * *")),
)


def test_each_is_found_with_its_place_in_the_document() -> None:
    assert list(shared_lists(NESTED)) == [
        ("except.0", BANK),
        ("except.2.except.0", OPS),
        ("schedules.0.except.1", OPS),
        ("schedules.1.except.0.except.0", GERMANY),
    ]
    assert uses_lists(NESTED)
    assert not uses_lists(PLAIN)


def test_marks_name_each_list_once_with_its_version() -> None:
    assert marks(NESTED) == {("calendar:ops", "3"), ("calendar:bank", "1"), ("holidays", "0.1")}
    assert marks(PLAIN) == frozenset()


def test_filling_reaches_all_of_them_and_nothing_else() -> None:
    seen = {}

    def fill(at: str, shared: Shared) -> Shared:
        seen[at] = list_name(shared)
        return shared

    assert with_lists(NESTED, fill) is NESTED
    assert seen == {at: list_name(shared) for at, shared in shared_lists(NESTED)}
    assert with_lists(PLAIN, lambda at, shared: OPS) is PLAIN


def test_what_a_person_wrote_is_left_without_days_and_versions() -> None:
    written = AnyOf(
        kind="any_of",
        schedules=(
            cron(DATES, CalendarDays(kind="calendar", name="ops")),
            cron(cron(Holidays(kind="holidays", country="DE"), expression="0 9 1 * *")),
        ),
        except_=(
            CalendarDays(kind="calendar", name="bank"),
            DATES,
            cron(CalendarDays(kind="calendar", name="ops"), expression="0 9 2 * *"),
        ),
    )
    assert bare(NESTED) == written
    assert bare(written) == written


def test_shown_are_versions_without_days() -> None:
    shown = without_days(cron(OPS, GERMANY, DATES))
    assert shown.except_ == (CalendarDays(kind="calendar", name="ops", version=3), GERMANY, DATES)
