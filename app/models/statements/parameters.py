"""Parameters that are no columns, by one name in all statements."""

from sqlalchemy import (
    BindParameter,
    bindparam,
)

LEARNER: BindParameter[int] = bindparam("learner")
TOKEN: BindParameter[str] = bindparam("which")
FACT: BindParameter[int] = bindparam("fact")
DAY: BindParameter[int] = bindparam("day")
