"""Files that no request waits for: stored as they come, read or written aside, step by step told.

A job belongs to whoever began it. It is taken by one worker, which says every second how far it
is; where that is not heard of for two minutes another takes it, and gives up the second time.
"""

from app.services.jobs.beginning import (
    MOST_WAITING,
    Incoming,
    TooManyJobs,
    begin_export,
    begin_import,
    begin_store,
    begin_undo,
    is_light,
    is_long_to_store,
    is_long_to_undo,
    read_now,
)
from app.services.jobs.kept import (
    READ,
    STORE,
    UNDO,
    JobPage,
    drop,
    export_of,
    file_of,
    forget_old,
    job_page,
)
from app.services.jobs.working import work

__all__ = [
    "MOST_WAITING",
    "READ",
    "STORE",
    "UNDO",
    "Incoming",
    "JobPage",
    "TooManyJobs",
    "begin_export",
    "begin_import",
    "begin_store",
    "begin_undo",
    "drop",
    "export_of",
    "file_of",
    "forget_old",
    "is_light",
    "is_long_to_store",
    "is_long_to_undo",
    "job_page",
    "read_now",
    "work",
]
