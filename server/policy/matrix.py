"""Reading who does what: bodies, matrix rows, tiles, kinds, contact board, phones to call (pure)."""

from server.policy.model import BoardLine, Body, BodyRole, Emergency, FirstHand, Kind, Row, Tile
from server.policy.reader import UNREAD, Node

ICONS = (
    *("lift", "fire", "pipe", "repair", "clean", "parking"),
    *("gate", "tree", "building", "service", "developer", "other"),
)
USUAL_POST = "物业诉求岗"
SOURCE = "source"


def read_bodies(root: Node) -> dict[str, Body]:
    """Every body, by its key."""
    found = {}
    with root.table("bodies") as bodies:
        for key, node in bodies.tables():
            with node:
                role = node.choice("role", BodyRole)
                found[key] = Body(key, node.text("name"), role, node.text("post", USUAL_POST))
    return found


def read_rows(root: Node) -> dict[int, Row]:
    """The responsibility matrix, by row number."""
    found = {}
    with root.table("rows") as rows:
        for key, node in rows.tables():
            if not key.isdecimal():
                rows.fault(key, "行号应为数字，例如 [rows.4]")
                continue
            with node:
                found[int(key)] = Row(
                    number=int(key),
                    problem=node.text("problem"),
                    bodies=node.texts("bodies") or (UNREAD,),
                    township=node.flag("township", default=True),
                    township_part=node.text("township_part", ""),
                    source=node.text(SOURCE),
                )
    return found


def read_tiles(root: Node) -> tuple[tuple[Tile, ...], dict[str, Kind]]:
    """The tiles and, in their order, all kinds by key such as `lift.trapped`."""
    found, kinds = [], {}
    with root.table("tiles") as tiles:
        for key, node in tiles.tables():
            with node, node.table("kinds") as below:
                tile = _tile(key, node)
                found.append(tile)
                kinds.update({f"{key}.{name}": _kind(tile, name, kind) for name, kind in below.tables()})
                if not below.data:
                    node.fault("kinds", "至少要有一个小类")
    return tuple(found), kinds


def read_emergency(root: Node) -> dict[str, Emergency]:
    """Whom to call: a number for everybody, or one that each estate has of its own."""
    found = {}
    with root.table("emergency") as table:
        table.text(SOURCE)
        for key in [key for key in table.data if key != SOURCE]:
            with table.table(key) as node:
                own = node.flag("per_estate", default=False)
                phone = "" if own else node.text("phone")
                found[key] = Emergency(key, node.text("label"), phone, own)
    return found


def read_board(root: Node) -> tuple[BoardLine, ...]:
    """The contact board's default lines."""
    with root.table("board") as table:
        source = table.text(SOURCE)
        return tuple(BoardLine(key, table.text(key), source) for key in table.data if key != SOURCE)


def _tile(key: str, node: Node) -> Tile:
    icon = node.text("icon")
    if icon not in (*ICONS, UNREAD):
        node.fault("icon", f"应为 {'、'.join(ICONS)} 之一，现在是 “{icon}”")
    return Tile(
        key=key,
        label=node.text("label"),
        icon=icon,
        quiet=node.flag("quiet", default=False),
        phrases=node.texts("phrases", optional=True),
        source=node.text(SOURCE),
    )


def _kind(tile: Tile, name: str, node: Node) -> Kind:
    with node:
        return Kind(
            key=f"{tile.key}.{name}",
            label=node.text("label"),
            tile=tile.key,
            row=node.number("row", least=1) if node.has("row") else None,
            time_class=node.text("class"),
            first=node.choice("first", FirstHand, FirstHand.MANAGER),
            utility=node.text("utility") if node.has("utility") else None,
            safety=node.texts("safety", optional=True),
            call_first=node.texts("call_first", optional=True),
            confidential=node.flag("confidential", default=False),
            counts=node.flag("counts", default=True),
            words=node.texts("words", optional=True),
            source=node.text(SOURCE, tile.source),
        )
