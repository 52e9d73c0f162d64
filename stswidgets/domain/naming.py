"""Names: which are allowed, and those that a StatefulSet gives to its pods and claims.

Rules are apimachinery's (pkg/util/validation); each function answers with a message key below `problem.name`, or None.
"""

from __future__ import annotations

import re
from typing import Any

# A pod carries the label controller-revision-hash = NAME-HASH; a label value has 63 characters and the hash with its
# dash 11 at most, so that a longer name makes a set that never gets a pod (kubernetes/kubernetes issue 64023).
LONGEST_SET_NAME = 52

_LABEL_NAME = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?")
_SUBDOMAIN = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
_QUALIFIED = re.compile(r"([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]")
_PORT_NAME = re.compile(r"[a-z0-9-]+")
_ORDINAL = re.compile(r"(.*)-(\d+)")


def dns_label(name: str, longest: int = 63) -> str | None:
    """RFC 1123 label: names of sets, containers, volumes, namespaces, and since 1.34 of Services too."""
    if len(name) > longest:
        return "problem.name.too_long"
    return None if _LABEL_NAME.fullmatch(name) else "problem.name.dns_label"


def subdomain(name: str) -> str | None:
    """RFC 1123 subdomain: names of most objects."""
    if len(name) > 253:
        return "problem.name.too_long"
    return None if _SUBDOMAIN.fullmatch(name) else "problem.name.subdomain"


def label_key(key: str) -> str | None:
    """A key of a label or an annotation: an optional DNS subdomain and `/`, then up to 63 characters."""
    prefix, slash, name = key.rpartition("/")
    if not key:
        return "problem.name.key_empty"
    if slash and (subdomain(prefix) or "/" in prefix):
        return "problem.name.key_prefix"
    if len(name) > 63:
        return "problem.name.key_too_long"
    return None if _QUALIFIED.fullmatch(name) else "problem.name.key"


def label_value(value: Any) -> str | None:
    if not isinstance(value, str):
        return "problem.not_text"
    if len(value) > 63:
        return "problem.name.too_long"
    return None if not value or _QUALIFIED.fullmatch(value) else "problem.name.label_value"


def port_name(name: str) -> str | None:
    """IANA service name: at most 15 of a-z, 0-9 and '-', with a letter, no '--', no '-' at an end."""
    if len(name) > 15:
        return "problem.name.port_too_long"
    valid = _PORT_NAME.fullmatch(name) and re.search("[a-z]", name) and "--" not in name
    return None if valid and not name.startswith("-") and not name.endswith("-") else "problem.name.port"


def environment_name(name: str) -> str | None:
    """Since 1.34 (RelaxedEnvironmentVariableValidation): any printable ASCII but '='."""
    valid = name and "=" not in name and all(" " <= character <= "~" for character in name)
    return None if valid else "problem.name.environment"


def pod_name(set_name: str, ordinal: int) -> str:
    return f"{set_name}-{ordinal}"


def ordinal(name: str) -> int | None:
    """The ordinal of a pod by its name, or None where the name has none."""
    match = _ORDINAL.fullmatch(name)
    return int(match.group(2)) if match else None


def claim_name(template: str, set_name: str, number: int) -> str:
    return f"{template}-{set_name}-{number}"


def unique(wanted: str, taken: set[str]) -> str:
    """`wanted`, or `wanted-2`, `wanted-3` ... where it is taken."""
    number, name = 2, wanted
    while name in taken:
        name, number = f"{wanted}-{number}", number + 1
    return name
