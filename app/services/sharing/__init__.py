"""Quizzes shared by a link: made, joined, compared side by side, closed, embedded elsewhere."""

from app.services.quiz_entries import QuizClosed, TakesNoPart
from app.services.sharing.embedding import (
    BadOrigin,
    Seat,
    allow_origin,
    forbid_origin,
    frames_of,
    is_seat,
    origin_of,
    origins_of,
    seat_of,
    take_seat,
)
from app.services.sharing.joining import LONGEST_NAME, Invitation, NotSeated, invitation, join
from app.services.sharing.making import (
    OwnQuiz,
    TooManyShared,
    Wanted,
    close,
    forget_old,
    make,
    new_address,
    own,
    remove,
)
from app.services.sharing.standings import Board, Standing, board, board_of_session

__all__ = [
    "LONGEST_NAME",
    "BadOrigin",
    "Board",
    "Invitation",
    "NotSeated",
    "OwnQuiz",
    "QuizClosed",
    "Seat",
    "Standing",
    "TakesNoPart",
    "TooManyShared",
    "Wanted",
    "allow_origin",
    "board",
    "board_of_session",
    "close",
    "forbid_origin",
    "forget_old",
    "frames_of",
    "invitation",
    "is_seat",
    "join",
    "make",
    "new_address",
    "origin_of",
    "origins_of",
    "own",
    "remove",
    "seat_of",
    "take_seat",
]
