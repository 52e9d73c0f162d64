"""Rules about IP addresses and ranges (k8s.io/apimachinery `pkg/util/validation/ip.go`)."""

from __future__ import annotations

import functools
import ipaddress
import re
from collections.abc import Iterable

from stswidgets.simulator.kinds.rules import causes
from stswidgets.simulator.kinds.rules.causes import Causes
from stswidgets.simulator.schema import gotext

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

NO_ADDRESS = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"
NO_RANGE = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"
LEADING = re.compile(r"(?<![0-9a-fA-F])0+(?=[0-9])")
SPECIAL = (
    ("is_loopback", "may not be in the loopback range (127.0.0.0/8, ::1/128)"),
    ("is_link_local", "may not be in the link-local range (169.254.0.0/16, fe80::/10)"),
)
MULTICAST = (ipaddress.ip_network("224.0.0.0/24"), ipaddress.ip_network("ff02::/16"))
LOCAL_MULTICAST = "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)"


def _without_zeros(text: str) -> str:
    """IPv4's numbers without zeros before them, which old clients write."""
    head, dot, rest = text.partition("/")
    if "." in head and ":" not in head:
        head = LEADING.sub("", head)
    return head + dot + (LEADING.sub("", rest) if dot else "")


@functools.lru_cache(maxsize=8192)
def parse(text: str) -> Address | None:
    """The address that a text means, leniently; None if it is none. Remembered: endpoints repeat their pods'."""
    try:
        return None if "%" in text else ipaddress.ip_address(_without_zeros(text))
    except ValueError:
        return None


def _mapped(address: Address) -> bool:
    return isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None


def one(value: str, path: str, known: Iterable[str] = ()) -> Causes:
    """An address; those that the object had already are right."""
    if value in known:
        return []
    address = parse(value)
    if address is None:
        return [causes.invalid(path, value, NO_ADDRESS)]
    found: Causes = []
    if _without_zeros(value) != value:
        found.append(causes.invalid(path, value, "must not have leading 0s"))
    if _mapped(address):
        found.append(causes.invalid(path, value, "must not be an IPv4-mapped IPv6 address"))
    return found


def cidr(value: str, path: str, known: Iterable[str] = ()) -> Causes:
    """A range of addresses."""
    if value in known:
        return []
    try:
        if "/" not in value:
            raise ValueError(value)
        network = ipaddress.ip_interface(_without_zeros(value))
    except ValueError:
        return [causes.invalid(path, value, NO_RANGE)]
    if not value.rpartition("/")[2].isdigit():
        return [causes.invalid(path, value, NO_RANGE)]
    if _without_zeros(value) != value:
        return [causes.invalid(path, value, "must not have leading 0s in IP or prefix length")]
    if _mapped(network.ip):
        return [causes.invalid(path, value, "must not have an IPv4-mapped IPv6 address")]
    if network.ip != network.network.network_address:
        return [causes.invalid(path, value, "must not have bits set beyond the prefix length")]
    return []


def endpoint(value: str, path: str) -> Causes:
    """An address that somebody can be reached at (core `ValidateEndpointIP`)."""
    address = parse(value)
    if address is None:
        return [causes.invalid(path, value, "must be a valid IP address")]
    found: Causes = []
    if address.is_unspecified:
        found.append(causes.invalid(path, value, f"may not be unspecified ({value})"))
    found += [causes.invalid(path, value, text) for text in _special(address)]
    return found


@functools.lru_cache(maxsize=8192)
def _special(address: Address) -> list[str]:
    """What keeps an address from being somebody's. Not to be changed."""
    found = [text for name, text in SPECIAL if getattr(address, name)]
    return [*found, LOCAL_MULTICAST] if any(address in network for network in MULTICAST) else found


def warn(value: str, path: str) -> list[str]:
    """What the server warns of in an address."""
    address = parse(value)
    if address is None:
        return []
    shown = gotext.quote(value)
    if _without_zeros(value) != value or _mapped(address):
        plain = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else address
        return [f'{path}: non-standard IP address {shown} is invalid: use "{plain}"']
    if address.version == 6 and str(address) != value:
        return [f'{path}: IPv6 address {shown} should be in RFC 5952 canonical format ("{address}")']
    return []


def warn_cidr(value: str, path: str) -> list[str]:
    """What the server warns of in a range."""
    try:
        network = ipaddress.ip_interface(_without_zeros(value))
    except ValueError:
        return []
    found: list[str] = []
    shown = gotext.quote(value)
    if network.ip != network.network.network_address:
        alone = f"{network.ip}/{network.max_prefixlen}"
        text = f'is ambiguous in this context (should be "{network.network}" or "{alone}"?)'
        found.append(f"{path}: CIDR value {shown} {text}")
    if _without_zeros(value) != value:
        found.append(f'{path}: non-standard CIDR value {shown} is invalid: use "{network.network}"')
    if not found and network.version == 6 and str(network) != value:
        found.append(f'{path}: IPv6 CIDR value {shown} should be in RFC 5952 canonical format ("{network}")')
    return found
