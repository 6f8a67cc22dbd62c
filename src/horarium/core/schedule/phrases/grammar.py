"""The grammar of phrases, and its parser: LALR(1), built on first use and kept; nothing is imported before that."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from horarium.core.schedule.phrases.word import Word

if TYPE_CHECKING:
    from lark import Lark, Token, Tree

GRAMMAR: Final = r"""
start: clauses
clauses: clause (COMMA? clause)*

?clause: AT time (AND AT? time)*                     -> times
       | EVERY? TIME (AND AT? time)*                 -> times
       | BETWEEN time AND time                       -> between
       | FROM? time TO time                          -> stretch
       | field_times
       | EVERY DURATION                              -> every
       | EVERY UNIT                                  -> every_unit
       | EVERY OTHER UNIT                            -> every_other_unit
       | EVERY OTHER weekdays                        -> every_other_days
       | FREQ                                        -> freq
       | HALFYEAR                                    -> half_year
       | AT? DURATION OFEVERYHOUR                    -> minutes_past
       | FORTNIGHT                                   -> fortnight
       | COUNT PERUNIT                               -> per
       | ONCE PERUNIT                                -> per
       | EVERY? weekdays                             -> days
       | EVERY? ordinals                             -> days
       | EVERY? month_days                           -> days
       | EVERY? months                               -> in_months
       | OFMONTH                                     -> of_month
       | OFQUARTER                                   -> of_quarter
       | OFYEAR                                      -> of_year
       | ONLYIF                                      -> only_if
       | OR                                          -> or_
       | date (AND date)*                            -> dates
       | IN DURATION                                 -> relative
       | DURATION FROMNOW                            -> relative
       | TODAY                                       -> today
       | NOW                                         -> now
       | NEXT (WEEKDAY | UNIT | MONTH)               -> next
       | ZONE TIMEWORD?                              -> zone
       | TIMEWORD ZONE                               -> zone
       | STARTING when                               -> starting
       | STARTING time                               -> from_time
       | STARTINGNOW                                 -> starting_now
       | UNTIL when                                  -> until
       | UNTIL time                                  -> until_time
       | COUNT                                       -> count
       | ATMOST DURATION                             -> for_so_long
       | JITTER DURATION                             -> jitter
       | EXCEPT exclusion (ANDX exclusion)*          -> except_
       | ROLL                                        -> roll
       | GAPSKIP                                     -> gap_skip
       | FOLDBOTH                                    -> fold_both
       | IFPAST                                      -> if_past
       | BYCLOCK                                     -> by_clock
       | ONTHEHOUR                                   -> on_the_hour
       | REALTIME                                    -> real_time
       | ALLDAY                                      -> all_day
       | ONCE                                        -> once
       | COUNTEDFROM date (TO date)?                 -> counted_from
       | COUNTALL                                    -> count_all
       | COUNTEDSAVED                                -> counted_saved
       | RULE RULETEXT STARTING date                 -> rule
       | ANYOF? group ((AND | OR) group)*            -> groups

?time: TIME | NUM
date: DATE | STAMP
when: DATE | STAMP | TODAY | NOW | WEEKDAY | month_day | NEXT (WEEKDAY | UNIT | MONTH) | IN DURATION | DURATION FROMNOW
    | LASTDAY MONTH YEAR? | LASTDAY (OFMONTH | OFQUARTER | OFYEAR | OFTHIS)
group: LPAR clauses RPAR

weekdays: weekday (AND EVERY? weekday)*
weekday: WEEKDAY (TO WEEKDAY)? | WORKDAYS | WEEKEND
ordinals: ordinal (AND EVERY? ordinal)*
ordinal: ORD OFMONTH?
       | ORD TO ORD OFMONTH?
       | ORD TO LASTDAY OFMONTH?
       | (ORD | FROMEND) (WEEKDAY | WORKDAYS | WEEKENDDAY | UNIT) OFMONTH?
       | LAST (WEEKDAY | WEEKENDDAY) OFMONTH?
       | LASTDAY OFMONTH?
       | LASTWORKDAY OFMONTH?
       | NEAREST ORD OFMONTH?
month_days: month_day (ANDMD EVERY? month_day)*
month_day: day_numbers months YEAR? | months day_numbers YEAR?
day_numbers: day_number (AND day_number)*
day_number: DAYNUM (TO DAYNUM)?
months: month (AND month)*
month: MONTH (TO MONTH)?

field_times: (ATSECOND numbers | ATEVERYSECOND) (OFMINUTE numbers | OFEVERYMINUTE) (OFHOUR numbers | OFEVERYHOUR)
           | (ATMINUTE numbers | ATEVERYMINUTE) (OFHOUR numbers | OFEVERYHOUR)?
numbers: number (AND number)*
number: NUM (TO NUM)?

exclusion: excluded (DAYSOF ZONE RPAR)?
?excluded: EVERY? weekdays                           -> weekday_list
         | EVERY? weekdays months                    -> days_in_months
         | ordinals months                           -> days_in_months
         | listed_days ((AND | ANDMD) listed_days)*  -> listed
         | ordinals
         | TODAY                                     -> day_ahead
         | NEXT (WEEKDAY | UNIT | MONTH)             -> day_ahead
         | HOLIDAYS                                  -> holidays
         | HOLIDAYSOF country (VERSION STRING)?      -> holidays
         | CALENDAR STRING (VERSION NUM)?            -> calendar
         | group
listed_days: DATE (TO DATE)?                        -> dated
           | month_day (TOMD month_day)?             -> month_dated
           | months                                  -> whole_months
country: COUNTRY | ZONE

%declare AT AND ANDMD ANDX COMMA OR TIME NUM BETWEEN FROM TO EVERY DURATION UNIT OTHER FREQ HALFYEAR FORTNIGHT
%declare COUNTALL OFTHIS FROMEND WEEKENDDAY
%declare COUNT PERUNIT ONCE WEEKDAY WORKDAYS WEEKEND ORD OFMONTH OFQUARTER OFYEAR TOMD LAST LASTDAY LASTWORKDAY NEAREST DAYNUM
%declare MONTH YEAR ONLYIF DATE STAMP IN FROMNOW TODAY NOW NEXT ZONE TIMEWORD STARTING STARTINGNOW UNTIL ATMOST
%declare JITTER EXCEPT ROLL GAPSKIP FOLDBOTH IFPAST BYCLOCK ONTHEHOUR REALTIME ALLDAY COUNTEDFROM COUNTEDSAVED
%declare RULE RULETEXT ANYOF LPAR RPAR ATSECOND ATEVERYSECOND OFMINUTE OFEVERYMINUTE ATMINUTE ATEVERYMINUTE OFHOUR
%declare OFEVERYHOUR HOLIDAYS HOLIDAYSOF COUNTRY CALENDAR STRING VERSION DAYSOF
"""

EXPECTED: Final = {
    "TIME": "a time such as 09:30",
    "AT": "at",
    "EVERY": "every",
    "WEEKDAY": "a weekday",
    "ORD": "an ordinal such as 1st",
    "DAYNUM": "a day of the month",
    "MONTH": "a month",
    "DATE": "a date such as 2027-01-31",
    "ZONE": "a place or time zone",
    "DURATION": "a length such as 15 minutes",
    "UNIT": "a unit such as hour or day",
    "NUM": "a number",
    "HOLIDAYS": "holidays",
    "CALENDAR": 'calendar "name"',
    "COUNTRY": "a country",
    "STRING": "a name in double quotes",
    "AND": "and",
    "ANDX": "and",
    "TO": "to",
    "TOMD": "to",
    "EXCEPT": "except",
    "STARTING": "starting",
    "UNTIL": "until",
    "COUNT": "a count such as 10 times",
    "RPAR": "a closing bracket",
    "LPAR": "an opening bracket",
    "FROMNOW": "from now",
    "OFEVERYHOUR": "past every hour",
    "$END": "the end",
}
"""What to call the terminals that a reader can do something with; the others go unnamed."""


@cache
def _parser() -> Lark:
    from lark import Lark, Token
    from lark.lexer import Lexer

    class Words(Lexer):
        """Hands the words on that were read before."""

        def __init__(self, _conf: Any) -> None:
            pass

        def lex(self, data: Any) -> Iterator[Token]:  # type: ignore[override]
            for i, word in enumerate(data):
                yield Token(word.type, word, start_pos=i)

    return Lark(GRAMMAR, parser="lalr", lexer=Words)


def tree(found: list[Word]) -> Tree[Any]:
    """Raises lark's UnexpectedToken, whose token holds the Word."""
    return _parser().parse(found)
