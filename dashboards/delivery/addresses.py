"""Which network addresses are not to be reached by a message to the outside. Pure."""

import ipaddress

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_OF_CLOUDS = {"168.63.129.16": "a cloud's own address"}
"""Public by their number, but answered by the machine's host."""

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def why_local(host: str) -> str:
    """Say why a numeric address belongs to this machine or its network; "" where it does not.

    Whatever is not plainly an address of the internet is refused, also inside an IPv6 one.

    >>> why_local("127.0.0.1"), why_local("::ffff:10.0.0.5"), why_local("169.254.169.254")
    ('this machine', 'a private network', 'a link-local address')
    >>> why_local("93.184.215.14"), why_local("hooks.example")
    ('', 'no numeric address')
    """
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return "no numeric address"
    for one in (address, *_inside(address)):
        if reason := _reason(one):
            return reason
    return ""


def names_this_machine(host: str) -> bool:
    """Tell whether a host, as it is written, is plainly this machine or its network.

    >>> names_this_machine("localhost"), names_this_machine("10.0.0.5")
    (True, True)
    >>> names_this_machine("hooks.example"), names_this_machine("93.184.215.14")
    (False, False)
    """
    name = host.strip("[]").rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    return why_local(name) not in ("", "no numeric address")


def _inside(address: Address) -> list[Address]:
    """Return the IPv4 addresses that an IPv6 one stands for."""
    if isinstance(address, ipaddress.IPv4Address):
        return []
    found: list[Address | None] = [address.ipv4_mapped, address.sixtofour]
    if address.teredo:
        found += address.teredo
    if address in _NAT64:
        found.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return [one for one in found if one is not None]


def _reason(address: Address) -> str:
    if address.is_loopback or address.is_unspecified:
        return "this machine"
    if address.is_link_local:
        return "a link-local address"
    if address.is_multicast:
        return "many machines at once"
    if str(address) in _OF_CLOUDS:
        return _OF_CLOUDS[str(address)]
    is_wrapped = isinstance(address, ipaddress.IPv6Address) and bool(_inside(address))
    return "" if address.is_global or is_wrapped else "a private network"
