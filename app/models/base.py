"""The declarative base, with a naming convention so that every constraint has a name."""

from typing import Annotated, Any, ClassVar

from sqlalchemy import JSON, BigInteger, Double, Integer, MetaData, String, Text
from sqlalchemy.orm import DeclarativeBase, mapped_column

BigId = BigInteger().with_variant(Integer, "sqlite")
"""64 bits on both databases; SQLite gives row ids only to columns typed INTEGER."""

Key = Annotated[int, mapped_column(BigId, primary_key=True)]
EpochS = Annotated[int, mapped_column(BigInteger)]
"""An instant: whole seconds since 1970-01-01 UTC."""
Days = Annotated[float, mapped_column(Double)]
Name = Annotated[str, mapped_column(String(200))]
LongText = Annotated[str, mapped_column(Text)]
Json = Annotated[dict[str, Any], mapped_column(JSON)]


class Base(DeclarativeBase):
    """Every table's base."""

    metadata: ClassVar[MetaData] = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
