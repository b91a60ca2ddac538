"""The lights of what is kept: photos, backups, checks, drills, keys (pure)."""

from server.core.workdays import ZONE
from server.seeing.known import CHECK_AFTER, Facts
from server.seeing.light import ALARM, INFO, OK, WARN, Light, moment
from server.seeing.rules import BACKUP_AFTER, DRILL_AFTER

GIGABYTE = 1024**3


def room(facts: Facts) -> Light:
    """Whether photos can be kept, and how much room there is."""
    title = "照片空间"
    if facts.photos_away:
        return Light(
            title,
            ALARM,
            "照片存不进去，试了几次都不成。",
            "报告照收，但带不上照片。请信息化管理员看磁盘、目录权限或对象存储；好了以后几分钟内自动恢复。",
        )
    if facts.free_bytes is None:
        return Light(title, OK, "照片存在对象存储，没有上限。")
    words = f"还剩 {facts.free_bytes // GIGABYTE} GB。"
    if facts.tight:
        return Light(
            title, ALARM, words, "满了以后报告照收，但带不上照片。请信息化管理员扩容或清理这台机器的磁盘。"
        )
    return Light(title, OK, words)


def role(facts: Facts) -> Light:
    """Whether the database's locks hold the program."""
    title = "数据库账号"
    if facts.unheld:
        return Light(
            title,
            ALARM,
            "程序用的是表的属主或超级用户，区县之间没有隔离，审计记录也能被改。",
            "请信息化管理员按运行文档 README.md「两个数据库账号」换成应用账号，再重启。",
        )
    return Light(title, OK, "用的是应用账号，只能读写，区县隔离和审计都起作用。")


def backup(facts: Facts) -> Light:
    """When the last whole backup was made."""
    title = "备份"
    if facts.backup_at is None:
        tone = ALARM if facts.backup_wanted else INFO
        return Light(title, tone, "还没有备份过。", "请信息化管理员按运行文档 backup.md 设好每天备份。")
    at = moment(facts.backup_at, facts.now)
    if facts.now - facts.backup_at > BACKUP_AFTER:
        return Light(title, ALARM, f"最近一次是{at}。", "请信息化管理员看每天的备份为什么没有做。")
    if facts.backup_faults:
        return Light(
            title,
            WARN,
            f"最近一次是{at}，有 {facts.backup_faults} 张照片缺失或损坏。",
            "请信息化管理员核对。",
        )
    return Light(title, OK, f"最近一次是{at}，完整。")


def check(facts: Facts) -> Light:
    """What the last look for anything lost found."""
    title = "有没有遗漏"
    if facts.checked is None and facts.unchecked:
        return Light(title, ALARM, "一直没有核对成。", "请信息化管理员看后台进程日志里 check 一项的错误。")
    if facts.checked is None:
        return Light(title, INFO, "还没有核对过。", "后台进程每五分钟核对一次。")
    found = facts.checked
    at = moment(found.at, facts.now)
    if found.lost:
        return Light(
            title,
            ALARM,
            f"{at}核对，有 {found.lost} 处补不上。",
            "请信息化管理员运行 flask --app wsgi check，按它说的做。",
        )
    if facts.now - found.at > CHECK_AFTER:
        tone = ALARM if facts.unchecked else WARN
        remedy = "平时每五分钟一次，请信息化管理员看后台进程日志里 check 一项的错误。"
        return Light(title, tone, f"上次核对是{at}。", remedy)
    if found.repaired:
        return Light(
            title, WARN, f"{at}核对，发现并补上了 {found.repaired} 处。", "请信息化管理员看日志里的原因。"
        )
    return Light(title, OK, f"{at}核对过，收下的报告和推送都在。")


def drill(facts: Facts) -> Light:
    """How the daily drill went."""
    title = "每日演练"
    if facts.drill_on is None:
        return Light(title, INFO, "没有开启。", "开启后每天用一件演练报告走完全程，见运行文档。")
    day = f"{facts.drill_on.month}月{facts.drill_on.day}日"
    late = facts.now.astimezone(ZONE).date() - facts.drill_on > DRILL_AFTER
    if late:
        return Light(title, WARN, f"最近一次是{day}。", "请信息化管理员看演练为什么停了。")
    if not facts.drill_whole:
        return Light(title, WARN, f"{day}的还没有走完。", "过一小时还没有走完，请信息化管理员查看。")
    return Light(title, OK, f"{day}的走完了全程。")


def key(facts: Facts) -> Light:
    """When the key of encryption was last changed."""
    title = "加密密钥"
    if facts.key_at is None:
        return Light(
            title,
            INFO,
            "启用以来没有更换过。",
            "怎么更换见运行文档 keys.md；证书到期请看证书所在的反向代理。",
        )
    return Light(title, OK, f"上次更换是{moment(facts.key_at, facts.now)}。")
