"""Somebody leaves, gives up a post, or his term runs out: the work stays with the post, unsent pushes go on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from server.accounts import people
from server.accounts.bodies import parent_of
from server.accounts.holding import close_run_out, end_access, held_post
from server.accounts.models import Holding, Person, Post
from server.accounts.permissions import RUNS_PLACES
from server.accounts.terms import running
from server.core.db import db
from server.core.errors import Invalid, NotFound
from server.notices.addresses import unbind_all
from server.notices.desks import Delivery, Reach, deliver, find_desks
from server.notices.models import Inbox, Push
from server.notices.service import cancel_for_person, cancel_for_posts, put_on_desks, write_pushes
from server.reports.body_links import MAKERS, end_links
from server.reports.models import OPEN, Report
from server.reports.telling import reach_bodies


@dataclass(frozen=True)
class HandedOver:
    """What a handover moved: posts, open reports on their desks, pushes that now go to somebody else; what it ended."""

    posts: int
    open_reports: int
    pushes: int
    links: int
    """Links of called bodies that whoever left had made; somebody else must make new ones."""


def hand_over(
    person: Person, heirs: Mapping[int, Person | None], *, by: int | None, now: datetime
) -> HandedOver:
    """Somebody leaves for good; `heirs` names who takes each post, None or nobody leaves it vacant.

    Login, sessions, invitations, links and addresses end at once. Raises Invalid for an heir who cannot take over.
    """
    posts = posts_held(person, now=now)
    _check_heirs(person, heirs, posts)
    waiting = _waiting(person, [post.id for post in posts])
    people.leave(person, by=by, now=now)
    cancel_for_person(person.id, now=now)
    unbind_all(person.id, now=now)
    return _pass_on(person, posts, heirs, waiting, by=by, now=now)


def give_up(
    person: Person, post_id: int, heir: Person | None, *, by: int | None, now: datetime
) -> HandedOver:
    """Somebody gives up one post and stays otherwise. Raises NotFound when he does not hold it."""
    post = held_post(person, post_id, now=now)
    heirs = {post.id: heir}
    _check_heirs(person, heirs, [post])
    waiting = _waiting(person, [post.id])
    people.end_term(person, post, by=by, now=now)
    return _left(person, post, waiting, heirs, by=by, now=now)


def end_run_out(now: datetime) -> int:
    """Close the terms that have run out, and hand their work on; how many. Access ended without this."""
    closed = close_run_out(now=now)
    for person, post in closed:
        _left(person, post, _waiting(person, [post.id]), {}, by=None, now=now)
    return len(closed)


def _left(
    person: Person,
    post: Post,
    waiting: list[Push],
    heirs: Mapping[int, Person | None],
    *,
    by: int | None,
    now: datetime,
) -> HandedOver:
    """After one term has ended: nothing more is sent to him for it, and without any post he is logged out."""
    cancel_for_posts([post.id], person.id, now=now)
    if end_access(person, now=now):
        cancel_for_person(person.id, now=now)
    if not any(held.role in RUNS_PLACES for held in posts_held(person, now=now)):
        people.end_invitations(person, now=now)
    return _pass_on(person, [post], heirs, waiting, by=by, now=now)


def posts_held(person: Person, *, now: datetime) -> list[Post]:
    """The posts that somebody holds now."""
    held = select(Holding.post_id).where(Holding.person_id == person.id, running(now))
    return list(db.session.scalars(select(Post).where(Post.id.in_(held)).order_by(Post.id)))


def open_work(post_ids: Iterable[int]) -> dict[int, int]:
    """How many open reports lie on the desks of posts; posts without any are left out."""
    rows = db.session.execute(
        select(Inbox.post_id, func.count())
        .join(Report, Report.id == Inbox.report_id)
        .where(Inbox.post_id.in_(list(post_ids)), OPEN)
        .group_by(Inbox.post_id)
    )
    return {row[0]: row[1] for row in rows}


def _check_heirs(person: Person, heirs: Mapping[int, Person | None], posts: list[Post]) -> None:
    if heirs.keys() - {post.id for post in posts}:
        raise NotFound("没有找到这个岗位。")
    for post_id, heir in heirs.items():
        if heir is None:
            continue
        field = f"heir-{post_id}"
        if heir.id == person.id:
            raise Invalid("接手人不能是本人。", fields={field: "请另选一位接手人，或暂时空缺"})
        if heir.disabled_at is not None or heir.county_id != person.county_id:
            raise Invalid("接手人不可用。", fields={field: "这个人已停用，请另选一位"})


def _waiting(person: Person, post_ids: list[int]) -> list[Push]:
    """What was on its way to somebody in these posts."""
    query = select(Push).where(
        Push.person_id == person.id, Push.post_id.in_(post_ids), Push.state == "pending"
    )
    return list(db.session.scalars(query.order_by(Push.id)))


def _pass_on(
    person: Person,
    posts: list[Post],
    heirs: Mapping[int, Person | None],
    waiting: list[Push],
    *,
    by: int | None,
    now: datetime,
) -> HandedOver:
    for post in posts:
        heir = heirs.get(post.id)
        if heir is not None:
            people.take_post(heir, post, by=by, now=now)
    for post in posts:
        raise_open_work(post, now=now)
    by_id = {post.id: post for post in posts}
    moved = sum(_again(push, by_id[push.post_id or 0], heirs, now=now) for push in waiting)
    links = end_links(person, _offices_left(person, posts, now=now), by=by, now=now)
    return HandedOver(len(posts), sum(open_work(by_id).values()), moved, links)


def _offices_left(person: Person, posts: list[Post], *, now: datetime) -> set[int]:
    """The bodies of posts that have ended, without those where somebody still holds one that makes links."""
    kept = {post.body_id for post in posts_held(person, now=now) if post.role in MAKERS}
    return {post.body_id for post in posts} - kept


def raise_open_work(post: Post, *, now: datetime) -> None:
    """Where nobody is left in a post's body, its open reports lie on the desks of the next level up as well."""
    chain, body_id = [post.body_id], post.body_id
    while (above := parent_of(body_id)) != body_id:
        chain.append(body_id := above)
    delivery = deliver(find_desks(post.county_id, ids=chain, now=now), {post.body_id: "handle"})
    desks = {at: box for at, box in delivery.inbox.items() if box[0] != post.body_id}
    if not desks:
        return
    reports = select(Inbox.report_id).join(Report, Report.id == Inbox.report_id)
    found = db.session.scalars(reports.where(Inbox.post_id == post.id, OPEN)).all()
    rows = [
        {
            "county_id": post.county_id,
            "post_id": desk,
            "body_id": body,
            "report_id": report_id,
            "part": part,
            "created_at": now,
        }
        for report_id in found
        for desk, (body, part) in desks.items()
    ]
    if rows:
        db.session.execute(insert(Inbox).on_conflict_do_nothing(), rows)


def _again(push: Push, post: Post, heirs: Mapping[int, Person | None], *, now: datetime) -> int:
    """Write a push anew to whoever answers for the post now; gives how many that are."""
    heir = heirs.get(post.id)
    if heir is not None:
        reaches = [
            Reach(post.id, heir.id, desk.address_id, desk.channel or "none")
            for desk in find_desks(post.county_id, ids=[post.body_id], now=now)
            if desk.post_id == post.id and desk.person_id == heir.id
        ]
    else:
        reaches = list(_upward(push, post, now=now).pushes.values())
    told = set(
        db.session.scalars(
            select(Push.person_id).where(Push.occasion == push.occasion, Push.state != "cancelled")
        )
    )
    fresh = [reach for reach in reaches if reach.person_id is not None and reach.person_id not in told]
    write_pushes(
        post.county_id,
        fresh,
        report_id=push.report_id,
        purpose=push.purpose,
        occasion=push.occasion,
        urgent=push.urgent,
        now=now,
        not_before=push.next_at,
    )
    return len(fresh)


def _upward(push: Push, post: Post, *, now: datetime) -> Delivery:
    """Where nobody is left in the body, the next level up has it on its desk and is told."""
    report = db.session.get(Report, push.report_id) if push.report_id else None
    if report is None:
        return deliver([], {})
    part = db.session.scalar(select(Inbox.part).where(Inbox.report_id == report.id, Inbox.post_id == post.id))
    delivery = reach_bodies(report, {post.body_id: part or "watch"}, now=now)
    if delivery.vacant:
        put_on_desks(post.county_id, report.id, delivery, now=now)
    return delivery
