"""`flask --app wsgi qr posters`: posters and stickers in batch."""

from pathlib import Path

import click
from flask.cli import AppGroup

from server.cli.edge import county_option, edge, settings
from server.companies import prints
from server.companies.prints import PAPER_WORDS, Format, Paper, Wanted
from server.estates.fonts import find_face
from server.estates.service import estate_in
from server.policy.loader import books

printing = AppGroup("qr", help="二维码海报和贴纸。")


@printing.command("posters", help="批量生成海报（或贴纸）。PDF 合成一个文件，PNG、SVG 一码一个文件。")
@county_option
@click.option("--estate", type=int, help="只要这一个小区（编号见小区页面的地址）。")
@click.option("--format", "kind", type=click.Choice([one.value for one in Format]), default="pdf")
@click.option(
    "--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="放到哪个文件夹。"
)
@click.option("--sticker", is_flag=True, help="贴纸，不是海报。")
@edge
def posters(*, county: str, estate: int | None, kind: str, out: Path, sticker: bool) -> None:
    """Write the files; their names say estate, spot and the beginning of the code."""
    name = estate_in(county, estate).name if estate else books()[county].county_name
    paper = Paper.STICKER if sticker else Paper.POSTER
    given = prints.specs(Wanted(county, estate_id=estate), base_url=settings().base_url)
    face = find_face(settings().poster_font)
    out.mkdir(parents=True, exist_ok=True)
    if kind == Format.PDF:
        batches = {f"{name}{PAPER_WORDS[paper]}": given}
    else:
        batches = {prints.file_stem(one, paper): [one] for one in given}
    for stem, batch in batches.items():
        path = out / f"{stem}.{kind}"
        path.write_bytes(prints.printed_file(batch, paper, Format(kind), face=face))
        click.echo(str(path))
    click.echo(f"共 {len(given)} 个二维码。")
