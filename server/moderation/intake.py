"""A report's pieces come under review in the transaction that brings them; nobody waits for a check."""

from server.core import jobs, wire
from server.moderation.hiding import hide_report
from server.moderation.jobs import check_piece
from server.reports.happenings import Happening
from server.reports.workflow import Act

ANSWERS = frozenset({Act.REPLY, Act.RESOLVE})
"""The steps whose words are an answer to everybody; all others stay between reporter and offices."""
SHOWS = frozenset({Act.ADD, Act.ANSWER, Act.REOPEN, *ANSWERS})
"""The steps that may bring photos."""

AGREE = """
INSERT INTO public_report (county_id, report_id, estate_id, community_id, agreed_at)
VALUES (%(county)s, %(report)s, %(estate)s, %(community)s, %(now)s)
"""
PIECES = """
INSERT INTO public_piece (county_id, report_id, piece, event_id, photo_id, state, verdict, why, created_at)
SELECT %(county)s, %(report)s::bigint, 'photo', NULL::bigint, id, 'waiting', 'due', '', %(now)s::timestamptz
FROM photo WHERE report_id = %(report)s AND event_id = %(event)s
UNION ALL
SELECT %(county)s, %(report)s::bigint, %(piece)s, %(answered)s::bigint, NULL, 'waiting', %(verdict)s, %(why)s, %(now)s::timestamptz
WHERE %(worded)s::boolean
RETURNING id, county_id, verdict
"""
CHECK = f"""
SELECT {jobs.deferring("jsonb_build_object('piece_id', id, 'county_id', county_id)")}
FROM piece WHERE verdict = 'due' HAVING count(*) > 0
"""  # noqa: S608 - the fragment is ours
FIRST = f"WITH agreed AS ({AGREE}), piece AS ({PIECES}) {CHECK}"
MORE = f"WITH piece AS ({PIECES}) {CHECK}"


def on_happening(happening: Happening) -> None:
    """One statement where the reporter agreed to show his report, none where he did not."""
    if happening.act in {Act.HIDE, Act.WITHDRAW}:
        hide_report(happening.report_id, by_label="报告人", now=happening.at)
    elif happening.public and happening.act is Act.SUBMIT:
        wire.run(FIRST, _given(happening, piece="text", verdict="due", why=""))
    elif happening.public and happening.act in SHOWS:
        wire.run(MORE, _given(happening, piece="answer", verdict="manual", why="staff"))


def _given(happening: Happening, *, piece: str, verdict: str, why: str) -> dict[str, object]:
    answer = happening.act in ANSWERS
    return {
        "county": happening.county_id,
        "report": happening.report_id,
        "estate": happening.estate_id,
        "community": happening.community_id,
        "event": happening.event_id,
        "now": happening.at,
        "piece": piece,
        "answered": happening.event_id if answer else None,
        "worded": answer or happening.act is Act.SUBMIT,
        "verdict": verdict,
        "why": why,
        **jobs.terms(check_piece, at=None),
    }
