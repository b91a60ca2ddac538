"""A damaged book is refused with sentences that name the file, the key and what was expected."""

import contextlib
import re
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.policy.layers import COUNTIES
from server.policy.loader import BookError, load_book, load_versions

YISHUI, DEFAULT, TILES, HANDLING = "yishui.toml", "_default.toml", "_tiles.toml", "_handling.toml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(COUNTIES, tmp_path / "counties"))


def damage(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def faults_of(folder: Path, file: str = YISHUI) -> list[str]:
    with pytest.raises(BookError) as refused:
        load_book(folder / (YISHUI if file.startswith("_") else file))
    return refused.value.faults


DAMAGES = {
    "unknown body in a row": (YISHUI, '["police", "housing", "fire"]', '["polce"]', "rows.4.bodies", "“polce” 在 bodies 里没有"),
    "row without bodies": (YISHUI, 'bodies = ["court"]', "bodies = []", "rows.3.bodies", "至少 1 项"),
    "row without source": (YISHUI, 'source = "办字〔2024〕9号 二（一）"\n', "", "rows.1.source", "没有写"),
    "row that is no number": (YISHUI, "[rows.17]", "[rows.seventeen]", "rows.seventeen", "行号应为数字"),
    "body without role": (YISHUI, 'name = "县委组织部", role = "department"', 'name = "县委组织部"', "bodies.organization.role", "没有写"),
    "body of an unknown role": (YISHUI, 'role = "court"', 'role = "judge"', "bodies.court.role", "bureau、department"),
    "bureau that is no body": (YISHUI, 'bureau = "housing"', 'bureau = "house"', "county.bureau", "“house” 在 bodies 里没有"),
    "bureau that is another department": (YISHUI, 'bureau = "housing"', 'bureau = "fire"', "county.bureau", 'role = "bureau"'),
    "county id of five digits": (YISHUI, '"371323"', '"37132"', "county.id", "六位区划代码"),
    "letters in lower case": (YISHUI, '"YS"', '"ys"', "county.letters", "大写字母"),
    "date as text": (YISHUI, "issued_on = 2024-06-29", 'issued_on = "2024-06-29"', "plan.issued_on", "应为日期"),
    "blank plan": (YISHUI, 'number = "办字〔2024〕9号"', 'number = " "', "plan.number", "不能为空"),
    "unknown key": (YISHUI, 'letters = "YS"', 'letters = "YS"\nleters = "YS"', "county.leters", "不认识这个键"),
    "unknown table": (YISHUI, "[task_force]", "[task_farce]", "task_farce", "不认识这个键"),
    "board line for nobody": (YISHUI, 'power = "供电验收、临时用电"', 'pwer = "供电验收"', "board", "“pwer”"),
    "table that is text": (YISHUI, 'power = { name = "国网沂水供电公司", role = "utility" }', 'power = "国网"', "bodies.power", "应为一个表"),
    "number as text": (DEFAULT, "times = 2", 'times = "2"', "reopening.times", "应为 0 到 9999 的整数，现在是 '2'"),
    "number out of bounds": (DEFAULT, "clock_percent = 50", "clock_percent = 150", "reopening.clock_percent", "1 到 100"),
    "fraction for a number": (DEFAULT, "to_bureau_at = 3", "to_bureau_at = 2.5", "hand_back.to_bureau_at", "整数"),
    "true for a number": (DEFAULT, "to_bureau_at = 3", "to_bureau_at = true", "hand_back.to_bureau_at", "整数"),
    "missing clock": (DEFAULT, "accept = { minutes = 30 }\n", "", "classes.urgent.accept", "没有写，应为时长"),
    "clock of an unknown unit": (DEFAULT, "{ minutes = 30 }", "{ minute = 30 }", "classes.urgent.accept", "单位是 minutes、hours"),
    "clock of two units": (DEFAULT, "{ minutes = 30 }", "{ minutes = 30, hours = 1 }", "classes.urgent.accept", "应为时长"),
    "clock of nothing": (DEFAULT, "{ minutes = 30 }", "{ minutes = 0 }", "classes.urgent.accept", "应为时长"),
    "figure without source": (DEFAULT, '[hand_back]\nsource = "default"', "[hand_back]", "hand_back.source", "没有写"),
    "clock without source": (DEFAULT, '[classes.hard]\nsource = "default"', "[classes.hard]", "classes.hard.source", "没有写"),
    "extension granted by nobody": (DEFAULT, 'extension_by = "community"', 'extension_by = "estate"', "classes.ordinary.extension_by", "community、township、bureau"),
    "escalation for an unknown class": (DEFAULT, "[escalation.accept.urgent]", "[escalation.accept.urgnt]", "escalation.accept", "“urgnt” 在 classes 里没有"),
    "escalation without the rest": (DEFAULT, "[escalation.resolve.other]", "[escalation.resolve.hard]", "escalation.resolve.other", "没有写"),
    "escalation to an unknown level": (DEFAULT, '"township", after = { working_hours = 4 }', '"town", after = { working_hours = 4 }', "escalation.accept.other.steps.2.level", "“town”"),
    "hours that overlap": (DEFAULT, "[14:00:00, 17:30:00]", "[11:00:00, 17:30:00]", "working_hours.spans", "不能重叠"),
    "hours that are no pairs": (DEFAULT, "[14:00:00, 17:30:00]", "[14:00:00]", "working_hours.spans", "起止时间"),
    "quiet hours as text": (DEFAULT, "start = 21:30:00", 'start = "21:30"', "quiet_hours.start", "应为时间"),
    "quiet hours for an unknown class": (DEFAULT, 'spares = ["urgent"]', 'spares = ["urgnt"]', "quiet_hours.spares", "“urgnt”"),
    "phrase twice": (DEFAULT, '"没有人来过", ', '"问题还在", ', "phrases.reopen", "有重复项"),
    "phrase blank": (DEFAULT, '"没有人来过", ', '"", ', "phrases.reopen", "每项不空"),
    "phone missing": (DEFAULT, 'label = "火警、救援", phone = "119"', 'label = "火警、救援"', "emergency.fire.phone", "没有写"),
    "disclosure of an unknown cadence": (DEFAULT, '"quarterly"', '"weekly"', "disclosures.public_income.cadence", "standing、quarterly"),
    "disclosure without its days": (DEFAULT, "due_days = 15\n", "", "disclosures.public_income.due_days", "没有写"),
    "kind of an unknown row": (TILES, "row = 15", "row = 51", "tiles.lift.kinds.fund.row", "“51” 在 rows 里没有"),
    "kind of an unknown class": (TILES, 'row = 15, class = "ordinary"', 'row = 15, class = "slow"', "tiles.lift.kinds.fund.class", "“slow” 在 classes 里没有"),
    "kind without class": (TILES, 'row = 15, class = "ordinary"', "row = 15", "tiles.lift.kinds.fund.class", "没有写"),
    "kind that calls nobody known": (TILES, 'call_first = ["lift_firm", "fire"]', 'call_first = ["lft"]', "tiles.lift.kinds.trapped.call_first", "“lft” 在 emergency 里没有"),
    "danger that is not urgent": (TILES, 'row = 14, class = "urgent"', 'row = 14, class = "ordinary"', "tiles.lift.kinds.trapped.safety", 'class = "urgent"'),
    "danger without a phone": (TILES, ', call_first = ["lift_firm", "fire"]', "", "tiles.lift.kinds.trapped.safety", "call_first"),
    "icon nobody drew": (TILES, 'icon = "lift"', 'icon = "elevator"', "tiles.lift.icon", "“elevator”"),
    "utility that is none": (TILES, 'utility = "heat"', 'utility = "fire"', "tiles.pipe.kinds.heat.utility", "应为专营单位"),
    "utility beside a row": (TILES, 'utility = "heat"', 'utility = "heat", row = 7', "tiles.pipe.kinds.heat.utility", "只能写一个"),
    "lead without a body": (TILES, 'label = "咨询", class', 'label = "咨询", first = "lead", class', "tiles.other.kinds.enquiry.first", "row 或 utility"),
    "first hand that is reserved": (TILES, 'row = 2, class = "ordinary", first = "lead"', 'row = 2, class = "ordinary", first = "confidential"', "tiles.other.kinds.supervision.first", "manager 或 lead"),
    "confidential to several": (TILES, "row = 20", "row = 4", "tiles.accuse.kinds.crime.row", "只有一个部门"),
    "confidential but counted": (TILES, "confidential = true, counts = false", "confidential = true", "tiles.accuse.kinds.official.counts", "counts = false"),
    "confidential without a phone": (TILES, ' call_first = ["police"],', "", "tiles.accuse.kinds.crime.call_first", "没有写"),
    "confidential but told to safety": (TILES, 'call_first = ["police"]', 'call_first = ["police"], safety = ["fire"]', "tiles.accuse.kinds.crime.confidential", "safety"),
    "whistle for nobody": (YISHUI, 'bodies = ["police", "fire", "planning"', 'bodies = ["polis", "fire", "planning"', "whistle.bodies", "“polis”"),
    "whistle for the court": (YISHUI, 'bodies = ["police", "fire", "planning"', 'bodies = ["court", "fire", "planning"', "whistle.bodies", "法院走调解"),
    "whistle by a stranger": (HANDLING, '"township", "bureau"]', '"town", "bureau"]', "whistle.by", "manager、community、township、bureau"),
    "report-in without the rest": (HANDLING, "other = { working_hours = 4 }\nurgent", "urgent", "whistle.report_in.other", "没有写"),
    "report-in for an unknown class": (HANDLING, "utilities = { hours = 2 }", "utility = { hours = 2 }", "whistle.report_in", "“utility” 在 classes 里没有"),
    "mediation by nobody": (YISHUI, 'body = "court"', 'body = "cort"', "mediation.body", "“cort”"),
    "mediation by a utility": (YISHUI, 'body = "court"', 'body = "gas"', "mediation.body", "应为法院或部门"),
    "evidence of nothing": (HANDLING, 'all_of = ["words"]\n', "", "evidence.tiles.service.all_of", "办结应有凭据"),
    "evidence for an unknown kind": (HANDLING, '[evidence.kinds."pipe.gas"]', '[evidence.kinds."pipe.gaz"]', "evidence.kinds", "“pipe.gaz” 在 kinds 里没有"),
    "evidence for an unknown tile": (HANDLING, "[evidence.tiles.fire]", "[evidence.tiles.fires]", "evidence.tiles", "“fires” 在 tiles 里没有"),
    "phone first without a phone": (HANDLING, 'phone_first = ["lift.trapped"', 'phone_first = ["lift.upkeep"', "hazard.phone_first", "call_first"),
    "column of an unknown field": (HANDLING, 'number = ["工单编号"', 'numero = ["工单编号"', "hotline.columns", "“numero”"),
    "category of an unknown kind": (HANDLING, '"路灯" = "repair.light"', '"路灯" = "repair.lamp"', "hotline.categories", "“repair.lamp” 在 kinds 里没有"),
    "goal that cannot be measured": (YISHUI, 'measure = "hotline_fall"', 'measure = "joy"', "goals.hotline.measure", "hotline_fall"),
    "cadence of an unknown rhythm": (YISHUI, 'every = "half_year"', 'every = "fortnight"', "cadences.assessment.every", "half_month"),
    "days out of order": ("shanting.toml", "days = [1, 15]", "days = [15, 1]", "cadences.progress.days", "从小到大"),
    "flag as text": (TILES, "quiet = true", 'quiet = "yes"', "tiles.accuse.quiet", "true 或 false"),
}  # fmt: skip


@pytest.mark.parametrize("name", DAMAGES)
def test_a_damage_is_named_with_file_key_and_what_was_expected(name: str, folder: Path) -> None:
    file, old, new, key, expected = DAMAGES[name]
    damage(folder, file, old, new)
    faults = faults_of(folder, file)
    assert any(fault.startswith(f"{file}：{key} ") and expected in fault for fault in faults), faults


@pytest.mark.parametrize("file", [YISHUI, DEFAULT])
def test_a_file_that_is_no_toml_is_named(file: str, folder: Path) -> None:
    damage(folder, file, "\n[", "\n[[")
    assert any(fault.startswith(f"{file}：不是有效的 TOML") for fault in faults_of(folder))


def test_a_file_in_another_encoding_is_named(folder: Path) -> None:
    (folder / YISHUI).write_bytes('version = "沂水"'.encode("gb18030"))
    assert faults_of(folder)[0].startswith(f"{YISHUI}：不是有效的 TOML")


@pytest.mark.parametrize("parents", ['["_other"]', '"_default"'])
def test_what_a_book_inherits_must_exist(parents: str, folder: Path) -> None:
    damage(folder, YISHUI, '["_default", "_handling", "_tiles", "_words"]', parents)
    assert faults_of(folder)[0].startswith(f"{YISHUI}：extends ")


def test_all_faults_are_told_at_once(folder: Path) -> None:
    for name in ("unknown body in a row", "missing clock", "kind of an unknown row", "clock without source"):
        file, old, new, *_ = DAMAGES[name]
        damage(folder, file, old, new)
    faults = faults_of(folder)
    assert len(faults) == 4
    assert all(re.fullmatch(r"[a-z_]+\.toml：[\w.]+ .+。", fault) for fault in faults)


def test_one_fault_is_told_once(folder: Path) -> None:
    damage(folder, DEFAULT, '[classes.hard]\nsource = "default"', "[classes.hard]")
    assert len(faults_of(folder)) == 1


def test_a_figure_that_a_county_overrides_needs_its_own_source(folder: Path) -> None:
    path = folder / YISHUI
    text = path.read_text(encoding="utf-8") + "\n[classes.urgent]\naccept = { minutes = 20 }\n"
    path.write_text(text, encoding="utf-8")
    assert [fault.split()[0] for fault in faults_of(folder)] == [f"{YISHUI}：classes.urgent.source"]


def test_two_books_of_one_county_are_refused(folder: Path) -> None:
    shutil.copy(folder / YISHUI, folder / "yishui2.toml")
    with pytest.raises(BookError, match=r"yishui2\.toml：county\.id "):
        load_versions(folder)


def test_the_faults_of_all_books_are_told_together(folder: Path) -> None:
    damage(folder, YISHUI, '"YS"', '"ys"')
    damage(folder, "shanting.toml", '"ST"', '"st"')
    with pytest.raises(BookError) as refused:
        load_versions(folder)
    assert len(refused.value.faults) == 2


LINES = [
    (file, n)
    for file in (YISHUI, DEFAULT, TILES, HANDLING)
    for n, line in enumerate((COUNTIES / file).read_text(encoding="utf-8").splitlines())
    if "=" in line and not line.startswith("#")
]
VALUES = st.sampled_from(
    [
        '"x"',
        "7",
        "-1",
        "true",
        "2.5",
        "[]",
        "{}",
        "08:30:00",
        "2024-01-01",
        '["x"]',
        "[[]]",
        "{ days = 7 }",
        "nan",
    ]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(place=st.sampled_from(LINES), value=VALUES)
def test_whatever_stands_at_a_key_is_taken_or_named(folder: Path, place: tuple[str, int], value: str) -> None:
    file, number = place
    original = (COUNTIES / file).read_text(encoding="utf-8")
    lines = original.splitlines()
    lines[number] = f"{lines[number].split('=')[0]}= {value}"
    (folder / file).write_text("\n".join(lines), encoding="utf-8")
    with contextlib.suppress(BookError):  # any other exception is the failure
        load_book(folder / YISHUI)
    (folder / file).write_text(original, encoding="utf-8")
