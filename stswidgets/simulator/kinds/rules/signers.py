"""Rules about the names of certificate signers (core `ValidateSignerName`)."""

from __future__ import annotations

from collections.abc import Callable

from stswidgets.simulator.kinds.rules import causes, names
from stswidgets.simulator.kinds.rules.causes import Causes
from stswidgets.simulator.schema import gotext

FORM = "must be a fully qualified domain and path of the form 'example.com/signer-name'"
LONGEST_DOMAIN = 253
LONGEST = 2 * LONGEST_DOMAIN + 63 + 2


def is_kubernetes(name: str) -> bool:
    """Whether the signer is one of Kubernetes' own."""
    domain = name.partition("/")[0]
    return domain == "kubernetes.io" or domain.endswith(".kubernetes.io")


def _labels(text: str, path: str, rule: Callable[[str], list[str]]) -> Causes:
    """The first wrong label of a name with dots."""
    for label in text.split("."):
        messages = rule(label)
        if messages:
            return causes.all_of(path, text, [f"validating label {gotext.quote(label)}: {item}" for item in messages])
    return []


def name(value: str, path: str) -> Causes:
    """A domain and a path."""
    if not value:
        return [causes.required(path)]
    parts = value.split("/")
    if len(parts) != 2:
        return [causes.invalid(path, value, FORM)]
    domain, rest = parts
    found = [causes.too_long(path, LONGEST_DOMAIN)] if len(domain) > LONGEST_DOMAIN else []
    found += _labels(domain, path, names.dns_label)
    if "." not in domain:
        found.append(causes.invalid(path, domain, "should be a domain with at least two segments separated by dots"))
    found += _labels(rest, path, names.dns_subdomain)
    if len(value) > LONGEST:
        found.append(causes.too_long(path, LONGEST))
    return found
