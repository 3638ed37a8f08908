"""Facts and what they are made of: the scope `curate`, for the decks that one curates."""

from collections.abc import Sequence
from http import HTTPStatus

from flask import Response, make_response

from app import clock
from app.core.facts import Picture, Relation, Source, Status
from app.core.values import Entity
from app.interchange.deck_file import dump_fact
from app.models.mapping import write_date
from app.services import (
    entities,
    exporting,
    fact_history,
    facts,
    parts,
    relations,
    source_edits,
    sources,
)
from app.services.api_tokens import Scope
from app.services.drafts import FactDraft
from app.services.facts import Edit, EditedFact, Slice
from app.services.revisions import By, PastRevision
from app.services.source_edits import Decisions, PassagesAtStake, SourceDraft
from app.web.api.base import (
    AtStake,
    behind,
    matched_revision,
    numbered,
    operation,
    told,
    write_cursor,
)
from app.web.api.pictures import picture_drafts
from app.web.api.shapes.base import PageQuery, instant
from app.web.api.shapes.studio import (
    ChangeOut,
    EntityIn,
    EntityOut,
    FactIn,
    FactListed,
    FactOut,
    FactPage,
    FactsQuery,
    NewRelationIn,
    NewSourceIn,
    PartListed,
    PartPage,
    RelationIn,
    RelationOut,
    RevisionList,
    RevisionOut,
    SourceIn,
    SourceList,
    SourceOut,
)
from app.web.current import caller, db_session


@operation("GET", "/decks/<deck_key>/facts", Scope.CURATE, FactPage)
def list_facts(deck_key: str, query: FactsQuery) -> Response:
    """List a deck's facts."""
    wanted = Slice(behind(query), query.limit, query.q, query.status)
    part, more = facts.slice_facts(db_session(), deck_key, wanted)
    following = write_cursor(numbered(part[-1].id)) if more else None
    items = [
        FactListed(
            id=one.id,
            key=one.key,
            text=one.text,
            answer=one.answer,
            status=one.status,
            stance=one.stance,
            tags=list(one.tags),
        )
        for one in part
    ]
    return told(FactPage(items=items, next=following))


@operation("POST", "/decks/<deck_key>/facts", Scope.CURATE, FactOut, HTTPStatus.CREATED)
def create_fact(deck_key: str, json: FactIn) -> Response:
    """Add a fact to a deck; a draft unless its status says otherwise."""
    edit = _edit(json, ())
    return _fact(facts.create(db_session(), deck_key, edit), HTTPStatus.CREATED)


@operation("GET", "/facts/<int:fact_id>", Scope.CURATE, FactOut)
def read_fact(fact_id: int) -> Response:
    """Read a fact, with its ETag."""
    return _fact(fact_id)


@operation("PUT", "/facts/<int:fact_id>", Scope.CURATE, FactOut)
def revise_fact(fact_id: int, json: FactIn) -> Response:
    """Replace a fact, as a new revision; If-Match holds the ETag that was read."""
    opened = facts.open_fact(db_session(), fact_id)
    revision = matched_revision(opened.revision)
    facts.revise(db_session(), fact_id, revision, _edit(json, opened.fact.pictures))
    return _fact(fact_id)


@operation("DELETE", "/facts/<int:fact_id>", Scope.CURATE, None, HTTPStatus.NO_CONTENT)
def delete_fact(fact_id: int) -> Response:
    """Delete a draft that nobody was ever asked; If-Match holds its ETag."""
    revision = matched_revision(facts.open_fact(db_session(), fact_id).revision)
    fact_history.delete_draft(db_session(), fact_id, revision)
    return make_response("", HTTPStatus.NO_CONTENT)


@operation("GET", "/facts/<int:fact_id>/revisions", Scope.CURATE, RevisionList)
def list_fact_revisions(fact_id: int) -> Response:
    """List a fact's changes, newest first."""
    return _revisions(fact_history.history(db_session(), fact_id))


@operation("GET", "/decks/<deck_key>/entities", Scope.CURATE, PartPage)
def list_entities(deck_key: str, query: PageQuery) -> Response:
    """List a deck's entities."""
    part, more = entities.slice_entities(db_session(), deck_key, behind(query), query.limit)
    following = write_cursor(numbered(part[-1].id)) if more else None
    items = [PartListed(id=one.id, key=one.key, name=one.name, uses=one.uses) for one in part]
    return told(PartPage(items=items, next=following))


@operation("GET", "/entities/<int:entity_id>", Scope.CURATE, EntityOut)
def read_entity(entity_id: int) -> Response:
    """Read an entity, with its ETag."""
    return _entity(entity_id)


@operation("PUT", "/entities/<int:entity_id>", Scope.CURATE, EntityOut)
def revise_entity(entity_id: int, json: EntityIn) -> Response:
    """Rename an entity, or change its kind and aliases; If-Match holds its ETag."""
    revision = matched_revision(parts.open_entity(db_session(), entity_id).revision)
    aliases = tuple(one for one in dict.fromkeys(json.aliases) if one != json.name)
    wanted = Entity(json.name, kind=json.kind, aliases=aliases)
    entities.revise(db_session(), entity_id, revision, wanted, (_by(), json.anyway))
    return _entity(entity_id)


@operation("DELETE", "/entities/<int:entity_id>", Scope.CURATE, None, HTTPStatus.NO_CONTENT)
def delete_entity(entity_id: int) -> Response:
    """Delete an entity that is in no fact; If-Match holds its ETag."""
    revision = matched_revision(parts.open_entity(db_session(), entity_id).revision)
    entities.delete_entity(db_session(), entity_id, revision)
    return make_response("", HTTPStatus.NO_CONTENT)


@operation("GET", "/entities/<int:entity_id>/revisions", Scope.CURATE, RevisionList)
def list_entity_revisions(entity_id: int) -> Response:
    """List an entity's changes, newest first."""
    return _revisions(parts.entity_history(db_session(), entity_id))


@operation("GET", "/decks/<deck_key>/relations", Scope.CURATE, PartPage)
def list_relations(deck_key: str, query: PageQuery) -> Response:
    """List a deck's relations."""
    part, more = relations.slice_relations(db_session(), deck_key, behind(query), query.limit)
    following = write_cursor(numbered(part[-1].id)) if more else None
    items = [
        PartListed(id=one.id, key=one.relation.key, name=one.relation.label, uses=one.uses)
        for one in part
    ]
    return told(PartPage(items=items, next=following))


@operation("GET", "/relations/<int:relation_id>", Scope.CURATE, RelationOut)
def read_relation(relation_id: int) -> Response:
    """Read a relation, with its ETag."""
    return _relation(relation_id)


@operation("POST", "/decks/<deck_key>/relations", Scope.CURATE, RelationOut, HTTPStatus.CREATED)
def create_relation(deck_key: str, json: NewRelationIn) -> Response:
    """Add a relation to a deck; its key is made of its name."""
    relation_id = relations.create(db_session(), deck_key, json.name, _wording(json), _by())
    return _relation(relation_id, HTTPStatus.CREATED)


@operation("PUT", "/relations/<int:relation_id>", Scope.CURATE, RelationOut)
def revise_relation(relation_id: int, json: RelationIn) -> Response:
    """Word a relation anew; If-Match holds its ETag."""
    revision = matched_revision(parts.open_relation(db_session(), relation_id).revision)
    edit = (_by(), json.anyway)
    relations.revise(db_session(), relation_id, revision, _wording(json), edit)
    return _relation(relation_id)


@operation("DELETE", "/relations/<int:relation_id>", Scope.CURATE, None, HTTPStatus.NO_CONTENT)
def delete_relation(relation_id: int) -> Response:
    """Delete a relation that no fact has; If-Match holds its ETag."""
    revision = matched_revision(parts.open_relation(db_session(), relation_id).revision)
    relations.delete_relation(db_session(), relation_id, revision)
    return make_response("", HTTPStatus.NO_CONTENT)


@operation("GET", "/relations/<int:relation_id>/revisions", Scope.CURATE, RevisionList)
def list_relation_revisions(relation_id: int) -> Response:
    """List a relation's changes, newest first."""
    return _revisions(parts.relation_history(db_session(), relation_id))


@operation("GET", "/decks/<deck_key>/sources", Scope.CURATE, SourceList)
def list_sources(deck_key: str) -> Response:
    """List a deck's sources, whole."""
    found = sources.source_list(db_session(), deck_key)
    return told(SourceList(items=[_source(one) for one in found]))


@operation("GET", "/decks/<deck_key>/sources/<source_key>", Scope.CURATE, SourceOut)
def read_source(deck_key: str, source_key: str) -> Response:
    """Read a source, with its ETag."""
    return _opened_source(deck_key, source_key)


@operation("POST", "/decks/<deck_key>/sources", Scope.CURATE, SourceOut, HTTPStatus.CREATED)
def create_source(deck_key: str, json: NewSourceIn) -> Response:
    """Add an article to a deck; `again` for one whose text the deck has already."""
    draft = SourceDraft(**json.model_dump())
    key = source_edits.add_source(db_session(), deck_key, draft, _by())
    return _opened_source(deck_key, key, HTTPStatus.CREATED)


@operation("PUT", "/decks/<deck_key>/sources/<source_key>", Scope.CURATE, SourceOut)
def revise_source(deck_key: str, source_key: str, json: SourceIn) -> Response:
    """Change an article; If-Match holds its ETag.

    Where passages of facts change or are gone, the answer is 409 and names the facts; send all
    their numbers as `seen`, of those whose changed passage is right as `taken`, and of those that
    are to be drafts again as `drafted`. The others lose their passage.
    """
    opened = source_edits.open_source(db_session(), deck_key, source_key)
    where = (deck_key, source_key, matched_revision(opened.revision))
    draft = SourceDraft(**json.model_dump(exclude={"seen", "taken", "drafted"}))
    decisions = None
    if json.seen is not None:
        decisions = Decisions(json.seen, json.taken or (), json.drafted or ())
    try:
        source_edits.revise_source(db_session(), where, draft, _by(), decisions)
    except PassagesAtStake as stake:
        followed = [("taken", one) for one in stake.review.changed]
        followed += [("drafted", one) for one in stake.review.gone]
        raise AtStake([(field, f"{one.fact_id}: {one.text}") for field, one in followed]) from None
    return _opened_source(deck_key, source_key)


@operation("GET", "/decks/<deck_key>/export/<file_format>", Scope.CURATE, None)
def export_deck(deck_key: str, file_format: str) -> Response:
    """Take a deck out as a file: yaml, json, csv, xlsx, apkg, gift, moodle, qti, quiz or cards."""
    data = exporting.export_file(db_session(), deck_key, file_format, clock.now())
    return Response(data, mimetype=exporting.format_of(file_format).media_type)


def _edit(given: FactIn, known: Sequence[Picture]) -> Edit:
    kept = given.model_dump(exclude={"status", "override", "tags", "pictures"})
    pictures = picture_drafts(given.pictures, {one.name for one in known})
    draft = FactDraft(**kept, tags=tuple(given.tags), pictures=pictures)
    status = Status(given.status)
    return Edit(caller().person.id, draft, clock.now(), status, override=given.override)


def _by() -> By:
    return By(caller().person.id, clock.now())


def _fact(fact_id: int, status: int = HTTPStatus.OK) -> Response:
    opened: EditedFact = facts.open_fact(db_session(), fact_id)
    shape = FactOut(
        id=opened.id,
        deck=opened.deck.key,
        revision=opened.revision,
        fact=dump_fact(opened.fact),
    )
    return told(shape, status, opened.revision)


def _entity(entity_id: int) -> Response:
    opened = parts.open_entity(db_session(), entity_id)
    one: Entity = opened.thing
    shape = EntityOut(
        id=opened.id,
        deck=opened.deck_key,
        revision=opened.revision,
        key=one.key,
        name=one.name,
        kind=one.kind,
        aliases=list(one.aliases),
    )
    return told(shape, revision=opened.revision)


def _wording(given: RelationIn) -> Relation:
    return Relation(
        "",
        ask=given.ask,
        ask_inverse=given.ask_inverse,
        say=given.say,
        value_kind=given.value_kind,
        many=given.many,
    )


def _relation(relation_id: int, status: int = HTTPStatus.OK) -> Response:
    opened = parts.open_relation(db_session(), relation_id)
    one: Relation = opened.thing
    shape = RelationOut(
        id=opened.id,
        deck=opened.deck_key,
        revision=opened.revision,
        key=one.key,
        ask=one.ask,
        ask_inverse=one.ask_inverse,
        say=one.say,
        value_kind=one.value_kind,
        many=one.many,
    )
    return told(shape, status, opened.revision)


def _opened_source(deck_key: str, key: str, status: int = HTTPStatus.OK) -> Response:
    opened = source_edits.open_source(db_session(), deck_key, key)
    return told(_source(opened.source), status, opened.revision)


def _source(one: Source) -> SourceOut:
    return SourceOut(
        key=one.key,
        title=one.title,
        author=one.author,
        publisher=one.publisher,
        url=one.url,
        published=write_date(one.published),
        licence=one.licence,
        text=one.text,
    )


def _revisions(found: list[PastRevision]) -> Response:
    items = [
        RevisionOut(
            revision=one.revision,
            changed=instant(one.changed_epoch_s) or "",
            by=one.by,
            changes=[ChangeOut(field=f, before=b, after=a) for f, b, a in one.changes],
        )
        for one in found
    ]
    return told(RevisionList(items=items))
