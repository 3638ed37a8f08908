"""A new password: it ends everything that the old one had opened."""

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.models.people import ApiToken, Passkey, PasswordReset, SignIn, User


def put(session: Session, user: User, hashed: str) -> None:
    """Set a password; sign-ins, links, tokens and passkeys end. Inside a writing transaction.

    Whoever has learned a password may have made tokens and passkeys with it.
    """
    user.password = hashed
    for opened in (SignIn, PasswordReset, ApiToken, Passkey):
        session.execute(delete(opened).where(opened.user_id == user.id))
