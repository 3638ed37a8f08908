"""Names of sites as browsers ask for them."""

import ipaddress
import re

import idna

_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
"""A last label by which browsers take the whole name for an IPv4 address (WHATWG URL)."""


class OddNumber(ValueError):
    """An IPv4 address in a form that programs read differently: 127.1, 0x7f.1."""


def ascii_host(host: str) -> str:
    """Return a name in ASCII, in small letters, by UTS 46 without its transitional rules.

    So do browsers. Python's own codec takes the rules of 2003, by which "straße.example" is
    strasse.example, which is somebody else's. What is ASCII already may be any name that is
    registered, also one that IDNA 2008 does not know. Raises ValueError, of which OddNumber.
    """
    coded = host.encode("idna") if host.isascii() else idna.encode(host, uts46=True)
    plain = coded.decode().lower()
    if _NUMBER.fullmatch(plain.removesuffix(".").rpartition(".")[2]):
        try:
            return str(ipaddress.IPv4Address(plain.removesuffix(".")))
        except ValueError:
            raise OddNumber(plain) from None
    return plain
