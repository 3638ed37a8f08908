"""People: a guest is a user without an e-mail address, who may sign up later and keeps all."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, BigId, Days, EpochS, Key, Name


class Role(Base):
    """A set of rights: curator or admin. Everybody is a learner."""

    __tablename__ = "role"

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(80), unique=True)
    description: Mapped[Name] = mapped_column(default="")


class UserRole(Base):
    """Which roles a user has."""

    __tablename__ = "user_role"

    user_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("user.id", ondelete="CASCADE"), primary_key=True
    )
    role_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("role.id", ondelete="CASCADE"), primary_key=True
    )


class SignIn(Base):
    """A browser in which somebody is signed in, or known as a guest.

    The browser holds a secret of 256 bits; only its SHA-256 is stored.
    """

    __tablename__ = "sign_in"
    __table_args__ = (Index("ix_sign_in_user", "user_id"),)

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(BigId, ForeignKey("user.id", ondelete="CASCADE"))
    secret_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    created_epoch_s: Mapped[EpochS]
    last_used_epoch_s: Mapped[EpochS]
    device: Mapped[Name] = mapped_column(default="")


class ApiToken(Base):
    """A program's right to act for somebody, within scopes ("read study").

    The program holds a secret of 256 bits; only its SHA-256 is stored.
    """

    __tablename__ = "api_token"
    __table_args__ = (Index("ix_api_token_user", "user_id"),)

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(BigId, ForeignKey("user.id", ondelete="CASCADE"))
    secret_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[Name]
    scopes: Mapped[Name]
    created_epoch_s: Mapped[EpochS]
    last_used_epoch_s: Mapped[int | None] = mapped_column(BigInteger)
    expires_epoch_s: Mapped[int | None] = mapped_column(BigInteger)


class RateCount(Base):
    """How often something was done by one address within a window: limits hold for all workers."""

    __tablename__ = "rate_count"

    key: Mapped[Name] = mapped_column(primary_key=True)
    count: Mapped[int] = mapped_column(Integer)
    expires_epoch_s: Mapped[EpochS]


class User(Base):
    """A learner, guest or registered; `score` is the sum of points of all their reviews."""

    __tablename__ = "user"
    __table_args__ = (
        CheckConstraint("score >= 0", name="score_not_negative"),
        CheckConstraint("desired_retention BETWEEN 0.7 AND 0.97", name="desired_retention_range"),
        CheckConstraint("new_per_day BETWEEN 0 AND 1000", name="new_per_day_range"),
        CheckConstraint("(email IS NULL) = (password IS NULL)", name="account_whole"),
        Index(
            "ix_user_uncounted",
            "id",
            sqlite_where=text("reviews > reviews_counted"),
            postgresql_where=text("reviews > reviews_counted"),
        ),
    )

    id: Mapped[Key]
    email: Mapped[str | None] = mapped_column(  # None for a guest
        String(255), unique=True
    )
    password: Mapped[str | None] = mapped_column(String(255))
    display_name: Mapped[Name] = mapped_column(default="")
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    created_epoch_s: Mapped[EpochS]
    time_zone: Mapped[str] = mapped_column(String(64), default="UTC")
    desired_retention: Mapped[Days] = mapped_column(default=0.9)
    new_per_day: Mapped[int] = mapped_column(Integer, default=10)
    on_leaderboard: Mapped[bool] = mapped_column(Boolean, default=False)
    score: Mapped[int] = mapped_column(BigId, default=0)
    """Points times ten, so that partial credit adds up exactly."""
    reviews: Mapped[int] = mapped_column(Integer, default=0)
    """How many reviews there are in their log: the number of the last."""
    reviews_counted: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    """How far item statistics have counted them; those who have more are in an index."""
    changes: Mapped[int] = mapped_column(Integer, default=0, server_default=text("0"))
    """How many amendments and memory events: the number of the last."""
    language: Mapped[str] = mapped_column(String(16), default="", server_default="")
    """The code of the interface's language that they chose; "" for what their browser asks for."""
    roles: Mapped[list[Role]] = relationship(secondary="user_role", lazy="selectin")

    @property
    def is_guest(self) -> bool:
        """Whether they have not signed up yet."""
        return self.email is None


class SetupLink(Base):
    """A one-time link that makes the first admin; only its SHA-256 is stored."""

    __tablename__ = "setup_link"

    id: Mapped[Key]
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    expires_epoch_s: Mapped[EpochS]
    used_epoch_s: Mapped[EpochS | None]
    recovery: Mapped[bool] = mapped_column(Boolean, default=False)


class PasswordReset(Base):
    """A one-time link to a new password, the newest of a person; only its SHA-256 is stored."""

    __tablename__ = "password_reset"

    user_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("user.id", ondelete="CASCADE"), primary_key=True
    )
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    expires_epoch_s: Mapped[EpochS]


class SecondFactor(Base):
    """An authenticator app that shows codes for somebody's signing in (RFC 6238)."""

    __tablename__ = "second_factor"

    user_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("user.id", ondelete="CASCADE"), primary_key=True
    )
    secret: Mapped[str] = mapped_column(Text)
    """Encrypted with a key that is not in the database."""
    last_step: Mapped[int] = mapped_column(BigId)
    """The 30 seconds of the code taken last: none of them or before is taken again."""
    confirmed_epoch_s: Mapped[EpochS | None]
    """Since when it is asked for; None until a first code has shown that the app has it."""


class RecoveryCode(Base):
    """A code that signs in once without the authenticator app; only a keyed hash is stored."""

    __tablename__ = "recovery_code"
    __table_args__ = (PrimaryKeyConstraint("user_id", "code_hmac"),)

    user_id: Mapped[int] = mapped_column(BigId, ForeignKey("user.id", ondelete="CASCADE"))
    code_hmac: Mapped[str] = mapped_column(String(64))


class Passkey(Base):
    """A key pair on somebody's device that signs them in (WebAuthn); the public half is here."""

    __tablename__ = "passkey"
    __table_args__ = (Index("ix_passkey_user", "user_id"),)

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(BigId, ForeignKey("user.id", ondelete="CASCADE"))
    credential_id: Mapped[str] = mapped_column(Text, unique=True)
    """As the device names it, in base64url."""
    public_key: Mapped[str] = mapped_column(Text)
    """COSE, in base64url."""
    sign_count: Mapped[int] = mapped_column(BigInteger)
    """Uses that the device counted; 0 for one that does not count."""
    name: Mapped[Name]
    created_epoch_s: Mapped[EpochS]
    last_used_epoch_s: Mapped[int | None] = mapped_column(BigInteger)


class PasskeyChallenge(Base):
    """What a device is to sign next: taken out when it comes back, so that it counts once.

    The browser holds a secret that leads here; only its SHA-256 is stored.
    """

    __tablename__ = "passkey_challenge"

    secret_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    challenge: Mapped[str] = mapped_column(String(100))
    user_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("user.id", ondelete="CASCADE"))
    """Whose new passkey it is for; None where somebody signs in with one."""
    expires_epoch_s: Mapped[EpochS]


class SignUpLink(Base):
    """A one-time link that makes an account for an address, the newest of the address."""

    __tablename__ = "sign_up_link"

    email: Mapped[str] = mapped_column(String(255), primary_key=True)
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    expires_epoch_s: Mapped[EpochS]


class InstanceState(Base):
    """Things that are true of the whole instance, such as that an admin has ever existed."""

    __tablename__ = "instance_state"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    value: Mapped[str] = mapped_column(Text)
