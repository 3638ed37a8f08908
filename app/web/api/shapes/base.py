"""What all shapes share: texts, pages, problems."""

from datetime import UTC, datetime
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from app.web.base import cleaned

ItemT = TypeVar("ItemT")


def clean_deeply(given: object) -> object:
    """Return JSON data with every text cleaned as forms do it."""
    if isinstance(given, dict):
        return {str(cleaned(name)): clean_deeply(content) for name, content in given.items()}
    if isinstance(given, list):
        return [clean_deeply(one) for one in given]
    return cleaned(given)


Short = Annotated[str, BeforeValidator(cleaned), Field(max_length=200)]
Named = Annotated[str, BeforeValidator(cleaned), Field(min_length=1, max_length=200)]
Text = Annotated[str, BeforeValidator(cleaned), Field(max_length=5000)]
Data = Annotated[dict[str, Any], BeforeValidator(clean_deeply)]


class Shape(BaseModel):
    """What is sent; anything else in it is refused."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)


class Told(BaseModel):
    """What is answered, made from the services' dataclasses."""

    model_config = ConfigDict(from_attributes=True)


def instant(at_epoch_s: int | None) -> str | None:
    """Return an instant in ISO 8601, UTC: 2025-11-23T12:13:20Z."""
    if at_epoch_s is None:
        return None
    return datetime.fromtimestamp(at_epoch_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


Instant = Annotated[str, Field(json_schema_extra={"format": "date-time"})]


class FieldProblem(Told):
    """What is wrong with one part of what was sent."""

    field: str
    message: str


class Problem(Told):
    """An error, as RFC 9457 has it."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str = ""
    errors: list[FieldProblem] = []


class PageQuery(Shape):
    """Which part of a list: `cursor` is what the page before told as `next`."""

    cursor: Annotated[str, Field(max_length=200)] = ""
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class Page(Told, Generic[ItemT]):
    """A part of a list, and the cursor of the next one; null at the end."""

    items: list[ItemT]
    next: str | None
