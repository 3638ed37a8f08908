"""Files brought in: a job that says what it would do, then does it, in one transaction each."""

from http import HTTPStatus
from io import BytesIO

from flask import Response, make_response, url_for

from app import clock
from app.core.errors import Conflict
from app.services import curating, exporting, importing, imports, jobs
from app.services.api_tokens import Scope
from app.services.curating import Thing
from app.services.importing import ImportReview
from app.services.jobs import Incoming, JobPage
from app.services.revisions import By
from app.services.rewriting import DeckChanged
from app.web.api.base import FieldErrors, from_base64, missing, operation, told
from app.web.api.shapes.base import FieldProblem
from app.web.api.shapes.files import (
    ExportIn,
    ExportJob,
    ImportDone,
    ImportIn,
    ImportJob,
    ImportUndone,
    PartChanged,
    SectionOut,
)
from app.web.api.shapes.studio import ChangeOut
from app.web.current import caller, db_session


class NotWritten(Conflict):
    """An export that failed has no file; the message says why it failed."""


@operation("POST", "/imports", Scope.CURATE, ImportJob, HTTPStatus.ACCEPTED)
def begin_import(json: ImportIn) -> Response:
    """Read a file and tell what it would do; nothing is stored in a deck yet."""
    if json.deck:
        _check(json.deck)
    file = BytesIO(_bytes(json.content))
    told = Incoming(json.file_name, json.deck, json.drafts, json.learning)
    user_id = caller().person.id
    if jobs.is_light(file):
        token = jobs.read_now(db_session(), user_id, file, told, clock.now()).token
    else:
        token = jobs.begin_import(db_session(), user_id, file, told, clock.now())
    try:
        answer = _job(token, HTTPStatus.ACCEPTED)
    except Exception:
        jobs.drop(db_session(), user_id, token)
        raise
    answer.headers["Location"] = url_for(".read_import", job=token)
    return answer


@operation("GET", "/imports/<job>", Scope.CURATE, ImportJob)
def read_import(job: str) -> Response:
    """Read what an import would do to the deck as it is now."""
    return _job(job)


@operation("POST", "/imports/<job>/commit", Scope.CURATE, ImportDone, aside=ImportJob)
def commit_import(job: str) -> Response:
    """Store a file exactly as it was told; 409 where the deck has changed since it was told.

    One that takes long is stored aside: 202, and the job tells how far that is, also asked again.
    """
    user_id = caller().person.id
    begun = jobs.job_page(db_session(), user_id, job)
    if begun is not None and begun.does == jobs.STORE and begun.state != "failed":
        return _aside(begun)
    _check(importing.deck_meant(db_session(), user_id, job))
    if jobs.is_long_to_store(db_session(), user_id, job):
        jobs.begin_store(db_session(), user_id, job, clock.now())
        return _aside(jobs.job_page(db_session(), user_id, job))
    try:
        done = importing.apply(db_session(), user_id, job, clock.now())
    except DeckChanged:
        importing.look_again(db_session(), user_id, job)
        raise
    return told(
        ImportDone(
            id=done.record_id,
            deck=done.deck_key,
            new=done.report.new,
            changed=done.report.changed,
            reviews=int(done.learned.get("reviews", 0)),
        )
    )


@operation("POST", "/imports/<job>/drop", Scope.CURATE, None, HTTPStatus.NO_CONTENT)
def drop_import(job: str) -> Response:
    """Forget a file that was not stored."""
    jobs.drop(db_session(), caller().person.id, job)
    return make_response("", HTTPStatus.NO_CONTENT)


@operation(
    "POST",
    "/import-records/<int:record_id>/undo",
    Scope.CURATE,
    ImportUndone,
    aside=ImportJob,
)
def undo_import(record_id: int) -> Response:
    """Undo an import; what was edited since stays. What takes long is done aside: 202, a job."""
    _check(imports.deck_of(db_session(), record_id))
    if jobs.is_long_to_undo(db_session(), record_id):
        user_id = caller().person.id
        token = jobs.begin_undo(db_session(), user_id, record_id, clock.now())
        return _aside(jobs.job_page(db_session(), user_id, token))
    done = imports.undo(db_session(), record_id, By(caller().person.id, clock.now()))
    return told(
        ImportUndone(
            deck=done.deck_key,
            deleted=done.deleted,
            retired=done.retired,
            restored=done.restored,
            kept=list(done.kept),
        )
    )


def _check(deck_key: str) -> None:
    """Raise NotAllowed where the caller does not curate a deck that is there."""
    curating.check(db_session(), caller().person, Thing(deck_key))


def _bytes(content: str) -> bytes:
    try:
        return from_base64(content)
    except ValueError as wrong:
        raise FieldErrors([("content", str(wrong))]) from None


def _job(token: str, status: int = HTTPStatus.OK) -> Response:
    user_id = caller().person.id
    job = jobs.job_page(db_session(), user_id, token)
    was_refused = job is not None and job.does == jobs.STORE and job.state == "failed"
    if job is not None and not was_refused:
        return told(_under_way(job), status)
    _check(importing.deck_meant(db_session(), user_id, token))
    shape = _shape(importing.review(db_session(), user_id, token))
    shape.problems = list(job.problems) if job else []
    return told(shape, status)


def _aside(job: JobPage | None) -> Response:
    """Answer with a job that does what was asked for; it is told at its own address."""
    if job is None:
        raise missing("There is no such import.")
    answer = told(_under_way(job), HTTPStatus.ACCEPTED)
    answer.headers["Location"] = url_for(".read_import", job=job.token)
    return answer


def _under_way(job: JobPage) -> ImportJob:
    """Return a file that is read, or an import that is stored or undone, with what came of it."""
    of = job.result
    stored = undone = None
    if of and job.does == jobs.STORE:
        stored = ImportDone(
            id=job.record,
            deck=job.deck_key,
            new=of["new"],
            changed=of["changed"],
            reviews=of.get("reviews", 0),
        )
    elif of:
        undone = ImportUndone(
            deck=job.deck_key,
            deleted=of["deleted"],
            retired=of["retired"],
            restored=of["restored"],
            kept=list(job.kept),
        )
    return ImportJob(
        stored=stored,
        undone=undone,
        job=job.token,
        state=job.state,
        done=job.done,
        total=job.total,
        problems=list(job.problems),
        deck=job.deck_key,
        file_name=job.file_name,
    )


@operation("POST", "/decks/<deck_key>/exports", Scope.CURATE, ExportJob, HTTPStatus.ACCEPTED)
def begin_export(deck_key: str, json: ExportIn) -> Response:
    """Have a deck written as a file aside: for large decks and slow formats."""
    user_id = caller().person.id
    token = jobs.begin_export(db_session(), user_id, deck_key, json.format, clock.now())
    answer = told(_export(token), HTTPStatus.ACCEPTED)
    answer.headers["Location"] = url_for(".read_export", job=token)
    return answer


@operation("GET", "/exports/<job>", Scope.CURATE, ExportJob)
def read_export(job: str) -> Response:
    """Read how far an export is."""
    return told(_export(job))


@operation("GET", "/exports/<job>/file", Scope.CURATE, None)
def read_exported(job: str) -> Response:
    """Fetch the file that an export has written."""
    user_id = caller().person.id
    found = jobs.export_of(db_session(), user_id, job)
    _check(found.deck_key)
    if found.state == "failed":
        raise NotWritten("\n".join(found.problems))
    if found.state != "done":
        raise missing("The file is not written yet.")
    data = jobs.file_of(db_session(), user_id, job)
    return Response(data, mimetype=exporting.format_of(found.format).media_type)


def _export(token: str) -> ExportJob:
    found = jobs.export_of(db_session(), caller().person.id, token)
    _check(found.deck_key)
    return ExportJob(
        job=token,
        state=found.state,
        deck=found.deck_key,
        format=found.format,
        problems=list(found.problems),
        file=url_for(".read_exported", job=token) if found.state == "done" else None,
    )


def _shape(seen: ImportReview) -> ImportJob:
    return ImportJob(
        job=seen.token,
        deck=seen.deck_key,
        file_name=seen.file_name,
        encoding=seen.encoding,
        new_deck=seen.is_new,
        empty=seen.is_empty,
        stale=seen.is_stale,
        sections=[
            SectionOut(
                name=section.name,
                new=list(section.new),
                changed=[
                    PartChanged(
                        key=one.key,
                        changes=[ChangeOut(field=f, before=b, after=a) for f, b, a in one.changes],
                    )
                    for one in section.changed
                ],
                unchanged=section.unchanged,
                absent=section.absent,
            )
            for section in seen.sections
        ],
        corrections=seen.corrections,
        learning=seen.learning,
        errors=[FieldProblem(field=str(one.fact), message=one.message) for one in seen.errors],
        refused=list(seen.refused),
    )
