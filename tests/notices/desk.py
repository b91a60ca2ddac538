"""What the tests about pushes share: a filed report, its pushes, channels that refuse."""

from sqlalchemy import select, text

from server.accounts.roles import STRANGER
from server.core.crypto import vault
from server.core.db import db
from server.notices.channels import MemoryChannel, RefusalKind, Refused
from server.notices.models import Address, Push
from server.reports.filing import Filing, file_report
from server.reports.queries import report_by_no

RETRY, REFRESH = Refused("-1", RefusalKind.RETRY), Refused("42001", RefusalKind.REFRESH)
QUOTA, MINUTE = Refused("45009", RefusalKind.PAUSE), Refused("45011", RefusalKind.PAUSE)
REFUSED, BAD = Refused("43101", RefusalKind.FINAL), Refused("47003", RefusalKind.FINAL)


def filed(world, estate="ys.hill", kind="utility_water_leak", key="k" * 32, now=None):
    """A report and the commit that a request would make."""
    from server.policy.loader import books

    kinds = books()["371323"].kinds
    chosen = kind if kind in kinds else next(one.key for one in kinds.values() if one.label == "漏水")
    done = file_report(
        world.place(estate), Filing(kind=chosen, text="漏水"), key=key, by=STRANGER, now=now or world.now
    )
    db.session.commit()
    return report_by_no(done.no)


def push_to(world, who, report=None):
    """The newest push to a person."""
    query = select(Push).where(Push.person_id == world.people[who].id).order_by(Push.id.desc())
    if report is not None:
        query = query.where(Push.report_id == report.id)
    return db.session.scalars(query.execution_options(populate_existing=True)).first()


def bind(world, who, channel, *, rank=1, resident_id=None):
    """One more way to reach a person."""
    safe = vault()
    whose = {"resident_id": resident_id} if resident_id else {"person_id": world.people[who].id}
    address = Address(
        county_id="371323",
        channel=channel,
        rank=rank,
        target_sealed=safe.seal(f"{who}-{channel}"),
        target_index=safe.blind(f"{who}-{channel}", purpose=channel),
        created_at=world.now,
        **whose,
    )
    db.session.add(address)
    db.session.commit()
    return address


def channels(*refusals, names=("wecom_app", "mp_template", "mp_subscribe")):
    """Channels by name; the first one refuses with these, one after the other."""
    made = {name: MemoryChannel(name) for name in names}
    made[names[0]].refusals = list(refusals)
    return made


def jobs_of(push_id):
    """When the queue will wake a push: one entry a job."""
    rows = db.session.execute(
        text(
            "SELECT scheduled_at FROM procrastinate_jobs WHERE task_name = 'push' AND status = 'todo' "
            "AND (args ->> 'push_id' = CAST(:id AS text) OR args -> 'push_ids' @> to_jsonb(CAST(:id AS bigint))) "
            "ORDER BY id"
        ),
        {"id": push_id},
    )
    return list(rows.scalars())
