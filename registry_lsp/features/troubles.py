"""The words for why a registry could not be asked, and who it is."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from registry_lsp.core.packages import RegistryRef, Trouble, Unauthorized, Unavailable
from registry_lsp.core.text import printable
from registry_lsp.features import times

_TROUBLES: Mapping[Trouble, str] = MappingProxyType(
    {
        Trouble.NOWHERE: (
            "the project's configuration does not say for certain which registry has it (none or "
            "several, one that is not defined, or an address, a file or a ${{VARIABLE}} that "
            "cannot be read)"
        ),
        Trouble.OFFLINE: "the network is switched off (network.offline, or --offline)",
        Trouble.UNREACHABLE: "the connection to {host} failed",
        Trouble.INSECURE: "a certificate was refused, that of {host} or the one it was shown",
        Trouble.UNUSABLE: "what {host} is to be reached with cannot be used: {detail}",
        Trouble.PROXY: "the proxy on the way to {host} refuses ({status})",
        Trouble.TIMEOUT: "{host} did not answer in time",
        Trouble.RATE_LIMITED: "{host} asks for fewer requests ({status})",
        Trouble.SERVER_ERROR: "{host} has an error of its own ({status})",
        Trouble.REFUSED: "{host} refused the request ({status})",
        Trouble.MALFORMED: (
            "{host} cannot be asked: its address or its credential, as configured, holds what "
            "cannot be sent (a line break, for example)"
        ),
        Trouble.REDIRECTS: "{host} redirects without end, or to where it must not",
        Trouble.TOO_LARGE: "the answer of {host} is too large",
        Trouble.GARBAGE: "the answer of {host} is not what a registry says",
        Trouble.UNSUPPORTED: "{host} speaks a version of its protocol that is not known here",
    }
)


_PASSING = frozenset(
    {Trouble.UNREACHABLE, Trouble.TIMEOUT, Trouble.RATE_LIMITED, Trouble.SERVER_ERROR}
)


def why(trouble: Unauthorized | Unavailable, asked: RegistryRef | None = None) -> str:
    """Why a registry could not be asked, as the end of a sentence; *asked* is who was."""
    if isinstance(trouble, Unauthorized):
        return f"{printable(trouble.host, 100)} {_unauthorized(trouble, asked)}"
    return _unavailable(trouble)


def _unavailable(trouble: Unavailable) -> str:
    host = printable(trouble.host, 100)
    if trouble.trouble is Trouble.NOWHERE and trouble.detail:
        return printable(trouble.detail, 300)
    text = _TROUBLES[trouble.trouble].format(
        host=host, status=trouble.status or "no status", detail=printable(trouble.detail or "", 300)
    )
    if trouble.retry_after:
        text += f"; it asks to wait {times.duration(trouble.retry_after)}"
    return text


def in_short(trouble: Unauthorized | Unavailable) -> str:
    """The same in a few words, for where the rest is said once for all."""
    if isinstance(trouble, Unauthorized):
        does = "wants credentials" if trouble.status == 401 else "refuses the credentials"
        return f"{printable(trouble.host, 100)} {does} ({trouble.status})"
    if trouble.trouble is Trouble.NOWHERE and not trouble.detail:
        return "the project does not say for certain which registry has it"
    return _unavailable(trouble)


def is_passing(trouble: object) -> bool:
    """Whether the same question may have an answer a little later, with nothing done for it."""
    return isinstance(trouble, Unavailable) and trouble.trouble in _PASSING


def hosts(asked: RegistryRef) -> str:
    """Who is asked, one after the other: 'one or another'."""
    found = dict.fromkeys(ref.host for ref in asked.in_turn())
    return " or ".join(printable(host, 100) for host in found)


def _unauthorized(trouble: Unauthorized, asked: RegistryRef | None) -> str:
    in_turn = () if asked is None else asked.in_turn()
    refs = [each for each in in_turn if each.host == trouble.host]
    if any(each.is_withheld for each in refs):
        withheld = "those that are set for it are held back until workspace.trusted is set"
        return f"wants credentials ({trouble.status}); {withheld}"
    if refs and all(each.authorization is not None for each in refs):
        unset = next((each.unset_variable for each in refs if each.unset_variable), None)
        why = f": their variable {printable(unset, 80)} is not set" if unset else ""
        return f"refuses the credentials that are set for it ({trouble.status}){why}"
    place = next((each.credential_place for each in refs if each.credential_place), None)
    text, what = f"refuses the credentials it was given, or any ({trouble.status})", "others"
    if trouble.status == 401:
        text, what = "wants credentials (401)", "them"
    return f"{text}: set {what} in {printable(place, 160)}" if place else text
