"""Figures that stand on several pages are the same on each, and those that follow from others follow."""

import re

import pytest

from server.core import embedded
from tests.conftest import ROOT

OPERATIONS = ROOT / "docs/operations"
SCALE = (OPERATIONS / "scale.md").read_text()
MEASURED = (ROOT / "docs/performance.md").read_text()
REPLICA = (ROOT / "docs/adr/0016-no-pages-from-a-replica.md").read_text()


def row(begins):
    """The cells of a row of the table of growth."""
    line = next(line for line in SCALE.splitlines() if line.startswith(f"| {begins}"))
    return [cell.strip() for cell in line.strip("|").split("|")]


def measured(begins):
    """What was measured, as the table of figures seen has it."""
    line = next(
        line for line in MEASURED.split("## Figures seen")[1].splitlines() if line.startswith(f"| {begins}")
    )
    return line.split("|")[2].strip()


def test_what_growth_is_reckoned_from_is_what_was_measured():
    rates = sorted(int(one) for one in re.findall(r"\b\d{3}\b", measured("report |")))
    told = re.search(r"每秒收 (\d+) 到 (\d+) 件", SCALE)
    assert [int(told[1]), int(told[2])] == [rates[0], rates[-1]]
    assert f"一台双核已能收 {rates[0]} 件" in SCALE
    landing = measured("landing page |").removesuffix("/s")
    assert f"落地页每秒 {landing} 次" in SCALE
    assert f"{landing}/s" in REPLICA
    page = float(measured("feed, JSON").split(",")[0])
    told = re.search(r"16 个连接同时刷 ([\d.]+) 毫秒，即每秒约 (\d+) 次", SCALE)
    assert float(told[1]) == page
    assert int(told[2]) == pytest.approx(16 / page * 1000, rel=0.01)


def test_connections_are_those_of_the_processes_named():
    each = [int(one) for one in re.findall(r"每进程约? ?(\d+)", row("数据库连接")[0])]
    machines = [int(re.match(r"\d+", cell)[0]) for cell in row("网页")[1:]]
    workers = [int(re.findall(r"\d+", cell)[-1]) for cell in row("后台进程 ")[1:]]
    processes = int(re.search(r"(\d+) 个进程", row("网页")[0])[1])
    reckoned = [
        web * processes * each[0] + work * each[1] for web, work in zip(machines, workers, strict=True)
    ]
    assert [int(cell) for cell in row("数据库连接")[1:]] == reckoned


def test_a_page_of_a_big_table_is_as_fast_as_the_bench_of_partitions_says():
    whole = re.search(r"^\| 不分 \| ([\d.]+) \|", SCALE, re.MULTILINE)[1]
    assert f"30 万行时 {whole} 毫秒" in SCALE
    assert f"{whole} ms on 300,000 rows" in REPLICA


def test_the_postgresql_that_is_promised_is_the_one_that_is_tested():
    promised = re.search(r"一个 PostgreSQL (\d+) 数据库", (OPERATIONS / "README.md").read_text())[1]
    image = re.search(r"image: postgres:(\d+)", (OPERATIONS / "deploy/compose/compose.yaml").read_text())[1]
    assert promised == image == str(embedded.VERSION)
