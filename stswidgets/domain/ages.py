"""Times as the API writes them, and ages as kubectl writes them (apimachinery pkg/util/duration, HumanDuration)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


def parse(text: object) -> datetime | None:
    """An API timestamp (RFC 3339) in UTC, or None where `text` is none."""
    if not isinstance(text, str) or not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def since(text: object, now: datetime) -> str:
    """How long ago `text` was: `41d`, `3h20m`; `<unknown>` where it is no time."""
    then = parse(text)
    return "<unknown>" if then is None else duration(now - then)


def duration(span: timedelta) -> str:
    """A span in at most two units, the shorter the more exact."""
    seconds = int(span.total_seconds())
    if seconds < 0:
        return "0s" if seconds >= -1 else "<invalid>"
    if seconds < 120:
        return f"{seconds}s"
    minutes, hours = seconds // 60, seconds // 3600
    if minutes < 180:
        return f"{minutes}m" if minutes >= 10 else _two(minutes, "m", seconds % 60, "s")
    if hours < 48:
        return f"{hours}h" if hours >= 8 else _two(hours, "h", minutes % 60, "m")
    days = hours // 24
    if days < 8:
        return _two(days, "d", hours % 24, "h")
    if days < 365 * 2:
        return f"{days}d"
    years = days // 365
    return f"{years}y" if years >= 8 else _two(years, "y", days % 365, "d")


def _two(large: int, unit: str, small: int, small_unit: str) -> str:
    return f"{large}{unit}{small}{small_unit}" if small else f"{large}{unit}"
