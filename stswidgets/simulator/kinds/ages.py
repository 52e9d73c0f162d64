"""Ages as kubectl writes them (k8s.io/apimachinery `pkg/util/duration`)."""

from __future__ import annotations

from datetime import datetime


def parse(text: str | None) -> datetime | None:
    """A timestamp of an object (RFC 3339); None where there is none."""
    return datetime.fromisoformat(text) if text else None


def since(text: str | None, now: datetime) -> str:
    """How long ago a timestamp is; `<unknown>` where there is none."""
    moment = parse(text)
    return "<unknown>" if moment is None else human((now - moment).total_seconds())


def human(duration: float) -> str:
    """Seconds in two or three significant figures: `45s`, `5m3s`, `7h12m`, `3d4h`, `2y5d`."""
    seconds = int(duration)
    if seconds < 0:
        return "0s" if seconds == -1 else "<invalid>"
    if seconds < 120:
        return f"{seconds}s"
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
    if minutes < 10:
        return _two(minutes, "m", seconds % 60, "s")
    if minutes < 180:
        return f"{minutes}m"
    if hours < 8:
        return _two(hours, "h", minutes % 60, "m")
    if hours < 48:
        return f"{hours}h"
    if days < 8:
        return _two(days, "d", hours % 24, "h")
    if days < 730:
        return f"{days}d"
    return _two(days // 365, "y", days % 365, "d") if days < 2920 else f"{days // 365}y"


def _two(large: int, unit: str, small: int, small_unit: str) -> str:
    return f"{large}{unit}{small}{small_unit}" if small else f"{large}{unit}"
