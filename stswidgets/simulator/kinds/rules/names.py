"""What names may look like: each function gives the messages of what is wrong.

The rules are those of k8s.io/apimachinery `pkg/util/validation`.
"""

from __future__ import annotations

import functools
import re

LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
SUBDOMAIN = rf"{LABEL}(\.{LABEL})*"
LABEL_1035 = "[a-z]([-a-z0-9]*[a-z0-9])?"
KEY = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"
VALUE = f"({KEY})?"
UNDERSCORE_LABEL = "_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?"
UNDERSCORE_SUBDOMAIN = rf"{UNDERSCORE_LABEL}(\.{UNDERSCORE_LABEL})*"
CONFIG_KEY = "[-._a-zA-Z0-9]+"
HEADER = "[-A-Za-z0-9]+"
PERCENT = "[0-9]+%"

LABEL_TEXT = (
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', "
    "and must start and end with an alphanumeric character"
)
SUBDOMAIN_TEXT = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', "
    "and must start and end with an alphanumeric character"
)
UNDERSCORE_TEXT = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', "
    "and must start and end with an alphanumeric character"
)
LABEL_1035_TEXT = (
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', "
    "start with an alphabetic character, and end with an alphanumeric character"
)
KEY_TEXT = (
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character"
)
VALUE_TEXT = (
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', "
    "and must start and end with an alphanumeric character"
)


@functools.lru_cache(maxsize=8192)
def matches(pattern: str, value: str) -> bool:
    """Whether the whole value is of this pattern, as Go's `^...$` reads it: a line break at the end is no end.

    Remembered, because the same few names and labels are looked at with each write.
    """
    return re.fullmatch(pattern, value) is not None


def regex_error(text: str, pattern: str, *examples: str) -> str:
    """A rule with its pattern and examples."""
    if not examples:
        return f"{text} (regex used for validation is '{pattern}')"
    shown = " or ".join(f"'{example}', " for example in examples)
    return f"{text} (e.g. {shown}regex used for validation is '{pattern}')"


def max_length(limit: int) -> str:
    """The message for too many characters."""
    return f"must be no more than {limit} characters"


def max_bytes(limit: int) -> str:
    """The same for label keys and values, which are counted in bytes."""
    return f"must be no more than {limit} bytes"


def between(low: int, high: int) -> str:
    """The message for a number out of its range."""
    return f"must be between {low} and {high}, inclusive"


def dns_label(value: str) -> list[str]:
    """RFC 1123 label."""
    found = [max_length(63)] if len(value) > 63 else []
    if not matches(LABEL, value):
        dots = matches(SUBDOMAIN, value)
        found.append("must not contain dots" if dots else regex_error(LABEL_TEXT, LABEL, "my-name", "123-abc"))
    return found


def dns_subdomain(value: str) -> list[str]:
    """RFC 1123 subdomain."""
    found = [max_length(253)] if len(value) > 253 else []
    if not matches(SUBDOMAIN, value):
        found.append(regex_error(SUBDOMAIN_TEXT, SUBDOMAIN, "example.com"))
    return found


def dns_subdomain_with_underscore(value: str) -> list[str]:
    """RFC 1123 subdomain that may hold underscores."""
    found = [max_length(253)] if len(value) > 253 else []
    if not matches(UNDERSCORE_SUBDOMAIN, value):
        found.append(regex_error(UNDERSCORE_TEXT, UNDERSCORE_SUBDOMAIN, "example.com"))
    return found


def dns_1035_label(value: str) -> list[str]:
    """RFC 1035 label."""
    found = [max_length(63)] if len(value) > 63 else []
    if not matches(LABEL_1035, value):
        found.append(regex_error(LABEL_1035_TEXT, LABEL_1035, "my-name", "abc-123"))
    return found


def label_key(value: str) -> list[str]:
    """A label's key: an optional subdomain, a slash, a name."""
    examples = ("MyName", "my.name", "123-abc")
    parts = value.split("/")
    if len(parts) > 2:
        text = "a valid label key " + regex_error(KEY_TEXT, KEY, *examples)
        return [f"{text} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"]
    found = []
    if len(parts) == 2:
        if not parts[0]:
            found.append("prefix part must be non-empty")
        else:
            messages = [text.replace(max_length(253), max_bytes(253)) for text in dns_subdomain(parts[0])]
            found.extend(f"prefix part {message}" for message in messages)
    name = parts[-1]
    if not name:
        found.append("name part must be non-empty")
    elif len(name) > 63:
        found.append(f"name part {max_bytes(63)}")
    if not matches(KEY, name):
        found.append("name part " + regex_error(KEY_TEXT, KEY, *examples))
    return found


def label_value(value: str) -> list[str]:
    """A label's value."""
    found = [max_bytes(63)] if len(value) > 63 else []
    if not matches(VALUE, value):
        found.append(regex_error(VALUE_TEXT, VALUE, "MyValue", "my_value", "12345"))
    return found


def port_number(value: int) -> list[str]:
    """1 to 65535."""
    return [] if 1 <= value <= 65535 else [between(1, 65535)]


def port_name(value: str) -> list[str]:
    """An IANA service name."""
    found = [max_length(15)] if len(value) > 15 else []
    if not matches("[-a-z0-9]+", value):
        found.append("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)")
    if not re.search("[a-z]", value):
        found.append("must contain at least one letter (a-z)")
    if "--" in value:
        found.append("must not contain consecutive hyphens")
    if value.startswith("-") or value.endswith("-"):
        found.append("must not begin or end with a hyphen")
    return found


def variable_name(value: str) -> list[str]:
    """The name of an environment variable, or a prefix of some."""
    if not value:
        return ["environment variable name must be non-empty"]
    if any(not " " <= char <= "~" or char == "=" for char in value):
        return ["a valid environment variable name must consist only of printable ASCII characters other than '='"]
    return []


def config_key(value: str) -> list[str]:
    """A key of a ConfigMap or Secret."""
    found = [max_length(253)] if len(value) > 253 else []
    if not matches(CONFIG_KEY, value):
        text = "a valid config key must consist of alphanumeric characters, '-', '_' or '.'"
        found.append(regex_error(text, CONFIG_KEY, "key.name", "KEY_NAME", "key-name"))
    if value in (".", ".."):
        found.append(f"must not be '{value}'")
    elif value.startswith(".."):
        found.append("must not start with '..'")
    return found


def header_name(value: str) -> list[str]:
    """The name of an HTTP header."""
    if matches(HEADER, value):
        return []
    text = "a valid HTTP header must consist of alphanumeric characters or '-'"
    return [regex_error(text, HEADER, "X-Header-Name")]


def percent(value: str) -> list[str]:
    """A percentage like `25%`."""
    if matches(PERCENT, value):
        return []
    text = "a valid percent string must be a numeric string followed by an ending '%'"
    return [regex_error(text, PERCENT, "1%", "93%")]


def path_segment(value: str) -> list[str]:
    """What may stand between slashes of a URL."""
    if value in (".", ".."):
        return [f"may not be '{value}'"]
    return [f"may not contain '{char}'" for char in "/%" if char in value]


def masked(name: str) -> str:
    """A prefix for generated names, whose last dash may stand."""
    return name[:-2] + "a" if len(name) > 1 and name.endswith("-") else name
