"""What is stored of a secret that somebody shows: of a link, a cookie, a token, a feed."""

import hashlib


def secret_hash(secret: str) -> str:
    """Return a secret's SHA-256 in hexadecimal.

    No slow hash is needed: these secrets are 256 random bits, not chosen by people.
    """
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
