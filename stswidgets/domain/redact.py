"""Values that a person would not want on a screen: environment variables whose name or content looks secret."""

from __future__ import annotations

import re

MASK = "••••••••"

_SECRET_NAME = re.compile(
    r"PASSW(OR)?D|PASSPHRASE|SECRET|TOKEN|CREDENTIAL|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|ENCRYPTION_?KEY"
    r"|SIGNING_?KEY|(^|_)PWD$|(^|_)PASS$|COOKIE"
)
# The name of a file or of a Secret is not the secret.
_HARMLESS_NAME = re.compile(r"_(FILE|PATH|DIR|NAME|TTL|EXPIRY|LENGTH|MIN|MAX|ENABLED)$")
_PASSWORD_IN_URL = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]*://[^\s:/@]*:)[^\s@/]+(?=@)", re.IGNORECASE)


def is_secret_name(name: str) -> bool:
    """Whether a variable of this name likely holds a secret."""
    upper = name.upper().replace("-", "_").replace(".", "_")
    return bool(_SECRET_NAME.search(upper)) and not _HARMLESS_NAME.search(upper)


def value(name: str, text: str) -> str:
    """`text` as it may be shown: masked, or with the password in an address masked. An empty text hides nothing."""
    if text and is_secret_name(name):
        return MASK
    return _PASSWORD_IN_URL.sub(lambda match: match["scheme"] + MASK, text)
