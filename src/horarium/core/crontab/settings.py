"""The lines of a crontab that set a variable, read by the rules of Debian's cron.

Blanks around the first unquoted `=` do not count, nor do trailing ones. A name or a value may stand in matching single or
double quotes, which keep its blanks; nothing may follow the closing quote. Nothing is expanded: `$HOME` stays as it is.
Unlike there, an empty value needs no quotes.
"""

BLANKS = " \t\f\v\r\n"


def read_setting(line: str) -> tuple[str, str] | None:
    """(name, value), or None where the line sets nothing."""
    line = line.strip(BLANKS)
    name, rest = _name(line)
    rest = rest.lstrip(BLANKS)
    if not name or not rest.startswith("="):
        return None
    value = rest[1:].lstrip(BLANKS)
    if value[:1] not in ("'", '"', ""):
        return name, value
    if value == "":
        return name, ""
    end = value.find(value[0], 1)
    if end != len(value) - 1 or end == 0:
        return None
    return name, value[1:end]


def _name(line: str) -> tuple[str, str]:
    if line[:1] in ("'", '"'):
        end = line.find(line[0], 1)
        name = line[1:end] if end > 0 else ""
        return ("", "") if "=" in name else (name, line[end + 1 :])
    end = next((i for i, c in enumerate(line) if c in BLANKS or c == "="), len(line))
    return line[:end], line[end:]
