"""What passkeys are bound to: the name by which browsers know this server."""

from app.core.sentences import say
from app.services.passkeys import PasskeyRefused, Site, site_of
from app.web.accounts.forms import PasskeyForm
from app.web.current import site_address


def site() -> Site | None:
    """Return what passkeys are bound to here; None where the address has no name."""
    return site_of(site_address())


def named_site() -> Site:
    """Return what passkeys are bound to here. Raises PasskeyRefused."""
    found = site()
    if found is None:
        raise PasskeyRefused(
            say("Passkeys need an address with a name, not a number. Open this site by its name.")
        )
    return found


def passkey_form() -> PasskeyForm | None:
    """Return the form for signing in with a passkey; None where the address has no name."""
    return PasskeyForm(formdata=None) if site() else None
