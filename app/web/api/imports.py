"""Files brought in: a job that says what it would do, then does it, in one transaction each."""

import base64
import binascii
from http import HTTPStatus

from flask import Response, make_response, url_for

from app import clock
from app.services import curating, importing, imports, packages
from app.services.api_tokens import Scope
from app.services.curating import Thing
from app.services.importing import ImportReview, Upload
from app.services.revisions import By
from app.services.rewriting import DeckChanged
from app.web.api.base import FieldErrors, operation, told
from app.web.api.shapes import (
    ChangeOut,
    FieldProblem,
    ImportDone,
    ImportIn,
    ImportJob,
    ImportUndone,
    PartChanged,
    SectionOut,
)
from app.web.current import caller, db_session


@operation("POST", "/imports", Scope.CURATE, ImportJob, HTTPStatus.ACCEPTED)
def begin_import(json: ImportIn) -> Response:
    """Read a file and tell what it would do; nothing is stored in a deck yet."""
    if json.deck:
        _check(json.deck)
    upload = Upload(_bytes(json.content), json.file_name, json.deck, json.drafts)
    user_id = caller().person.id
    looked = importing.look_at(db_session(), user_id, upload, clock.now())
    try:
        if looked.is_package and json.learning:
            page = packages.opened(db_session(), user_id, looked.token)
            mapping = {one.id: one.mapping for one in page.types}
            packages.map_fields(db_session(), user_id, looked.token, mapping, with_learning=True)
        answer = _job(looked.token, HTTPStatus.ACCEPTED)
    except Exception:
        importing.drop(db_session(), user_id, looked.token)
        raise
    answer.headers["Location"] = url_for(".read_import", job=looked.token)
    return answer


@operation("GET", "/imports/<job>", Scope.CURATE, ImportJob)
def read_import(job: str) -> Response:
    """Read what an import would do to the deck as it is now."""
    return _job(job)


@operation("POST", "/imports/<job>/commit", Scope.CURATE, ImportDone)
def commit_import(job: str) -> Response:
    """Store a file exactly as it was told; 409 where the deck has changed since it was told."""
    user_id = caller().person.id
    _check(importing.deck_meant(db_session(), user_id, job))
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
    importing.drop(db_session(), caller().person.id, job)
    return make_response("", HTTPStatus.NO_CONTENT)


@operation("POST", "/import-records/<int:record_id>/undo", Scope.CURATE, ImportUndone)
def undo_import(record_id: int) -> Response:
    """Undo an import; what was edited since stays."""
    _check(imports.deck_of(db_session(), record_id))
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
        return base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError):
        raise FieldErrors([("content", "Send the file in base64.")]) from None


def _job(token: str, status: int = HTTPStatus.OK) -> Response:
    user_id = caller().person.id
    _check(importing.deck_meant(db_session(), user_id, token))
    return told(_shape(importing.review(db_session(), user_id, token)), status)


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
