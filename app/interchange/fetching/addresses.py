"""Addresses that may be fetched from: their parts, and which networks are nobody's own."""

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

from app.core.errors import Refused
from app.core.hosts import OddNumber, ascii_host
from app.core.sentences import say

LONGEST_ADDRESS = 2_000
LOCAL_NAMES = ("localhost", "local", "internal", "home.arpa", "lan", "onion")
# What `is_global` lets through although it leads, or can lead, to somebody's own network:
# 6to4 relays, protocol assignments, and the metadata address of a large cloud.
DENIED_V4 = tuple(
    map(ipaddress.IPv4Network, ("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32"))
)
# Only 2000::/3 is given out; of that, Teredo and its like and 6to4 carry other addresses inside.
GIVEN_OUT_V6 = ipaddress.IPv6Network("2000::/3")
DENIED_V6 = tuple(map(ipaddress.IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16")))


class NotFetched(Refused):
    """An article that was not fetched; the message says why."""


def is_public(text: str) -> bool:
    """Whether an address belongs to the public internet, and carries no other inside it."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    if not address.is_global or address.is_multicast or address.is_reserved:
        return False
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in network for network in DENIED_V4)
    return address in GIVEN_OUT_V6 and not any(address in network for network in DENIED_V6)


def checked(url: str, ports: frozenset[int]) -> SplitResult:
    """Return an address in its parts, the host in its plain form. Raises NotFetched."""
    if len(url) > LONGEST_ADDRESS or re.search(r"[\s\\\x00-\x20\x7f]", url):
        raise NotFetched(say("The address is too long, or has spaces or backslashes in it."))
    try:
        parts = urlsplit(url)
        port = parts.port
        host = parts.hostname or ""
    except ValueError as error:
        raise NotFetched(say("This is not an address of a page.")) from error
    if parts.scheme not in {"http", "https"}:
        raise NotFetched(say("An address begins with http:// or https://."))
    if "@" in parts.netloc:
        raise NotFetched(say("An address with a name or password in it is not fetched."))
    port = port if port is not None else (443 if parts.scheme == "https" else 80)
    if port not in ports:
        raise NotFetched(say("Port {port} is not one that articles are on.", port=port))
    plain = _plain_host(host)
    shown = f"[{plain}]" if ":" in plain else plain
    return parts._replace(netloc=f"{shown}:{port}", fragment="")


def _plain_host(host: str) -> str:
    """Return a host name in ASCII. Raises NotFetched for local names and odd forms of numbers."""
    if ":" in host:
        return host
    try:
        plain = ascii_host(host).removesuffix(".")
    except OddNumber as error:
        raise NotFetched(say("The number in the address is written in an odd form.")) from error
    except ValueError as error:
        raise NotFetched(say("The address names no site.")) from error
    last = plain.rpartition(".")[2]
    if not re.fullmatch(r"[a-z0-9_-]+(\.[a-z0-9_-]+)+", plain) or last in LOCAL_NAMES:
        raise NotFetched(say("The address is not one of a public site."))
    return plain
