"""Which code reads a part of the rule books, and which tests hold it; the pages of docs/policy list it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Proof:
    """A part of a book: its name for people, `module::name` of its code, `path::name` of its tests."""

    title: str
    code: tuple[str, ...]
    tests: tuple[str, ...]


POLICY, REPORTS = "tests/policy", "tests/reports"
CLOCKS, HANDLING = f"{POLICY}/test_book_clocks.py", f"{POLICY}/test_handling.py"
PROOFS = {
    "rows": Proof(
        "责任分工",
        ("server.policy.routing::route", "server.reports.planning::plan_report"),
        (
            f"{POLICY}/test_routing_of_rows.py::test_every_kind_of_every_book_goes_as_worked_out_by_hand",
            f"{POLICY}/test_routing_of_rows.py::test_a_row_of_the_matrix_goes_to_its_bodies_in_the_plans_order",
        ),
    ),
    "tiles": Proof(
        "大类、小类",
        ("server.policy.matrix::read_tiles", "server.web.resident.kinds::tiles"),
        (
            f"{POLICY}/test_routing_of_rows.py::test_the_tiles_offer_what_the_table_lists",
            f"{HANDLING}::test_mengchengs_eleven_kinds_each_have_a_row_and_a_choice",
        ),
    ),
    "classes": Proof(
        "时限类别",
        ("server.policy.clocks::due",),
        (f"{CLOCKS}::test_both_deadlines_run_from_submission",),
    ),
    "escalation": Proof(
        "超时依次通知",
        ("server.policy.clocks::chain",),
        (f"{CLOCKS}::test_an_ordinary_report_left_alone_climbs_level_by_level",),
    ),
    "working_hours": Proof(
        "工作时间",
        ("server.policy.reading::read_hours",),
        (f"{CLOCKS}::test_the_books_hours_are_the_defaults",),
    ),
    "quiet_hours": Proof(
        "不打扰时段",
        ("server.policy.clocks::push_at",),
        (f"{CLOCKS}::test_only_urgent_pushes_go_out_at_night",),
    ),
    "reopening": Proof(
        "重新打开",
        ("server.policy.clocks::due",),
        (
            f"{CLOCKS}::test_a_reopening_has_half_the_first_clock",
            f"{REPORTS}/test_book_versions.py::test_a_reopening_after_the_change_has_half_of_the_old_clock",
        ),
    ),
    "extension": Proof(
        "延期",
        ("server.policy.clocks::latest_extension", "server.policy.clocks::may_extend"),
        (
            f"{CLOCKS}::test_an_extension_is_at_most_as_long_again",
            f"{CLOCKS}::test_an_extension_is_asked_once_and_before_the_deadline",
        ),
    ),
    "hand_back": Proof(
        "退回",
        ("server.reports.changes::apply_act",),
        (f"{POLICY}/test_books.py::test_the_books_figures_are_the_defaults",),
    ),
    "unconfirmed": Proof(
        "未确认办结",
        ("server.policy.clocks::unconfirmed_at",),
        (f"{CLOCKS}::test_a_resolution_nobody_answers_closes_after_a_week",),
    ),
    "retention": Proof(
        "联系信息保存",
        ("server.reports.erasing::erase_expired",),
        (f"{REPORTS}/test_erasing.py::test_contact_data_go_by_themselves_when_the_book_says_so",),
    ),
    "publishing": Proof(
        "公开审核",
        ("server.moderation.review::may_review",),
        (
            "tests/moderation/test_deciding.py::test_a_book_may_keep_reviewing_to_the_bureau",
            "tests/moderation/test_deciding.py::test_a_book_may_let_a_passed_text_out_but_never_a_photo_or_a_number",
        ),
    ),
    "guard": Proof(
        "防滥用、公平统计、巡查",
        ("server.policy.reading::read_guard",),
        (
            "tests/abuse/test_limits.py::test_one_person_gets_exactly_the_limit_and_is_told_whom_to_call",
            "tests/abuse/test_patrol.py::test_a_look_makes_a_code_due_again_only_after_the_book_s_days",
        ),
    ),
    "ratings": Proof(
        "评价",
        ("server.policy.reading::read_ratings",),
        (f"{POLICY}/test_broken_books.py::test_a_damage_is_named_with_file_key_and_what_was_expected",),
    ),
    "emergency": Proof(
        "紧急电话",
        ("server.policy.matrix::read_emergency",),
        (f"{POLICY}/test_books.py::test_emergency_numbers_are_national_or_each_estates_own",),
    ),
    "disclosures": Proof(
        "公开事项",
        ("server.policy.reading::read_disclosures", "server.disclosures.queries::summary"),
        (
            f"{POLICY}/test_books.py::test_public_income_is_due_each_quarter_and_the_board_hangs_in_two_places",
        ),
    ),
    "board": Proof(
        "联系公告牌",
        ("server.policy.matrix::read_board",),
        (f"{POLICY}/test_books.py::test_shantings_plan_whistles_and_lists_its_departments",),
    ),
    "whistle": Proof(
        "吹哨、报到（A7）",
        ("server.reports.part_clocks::report_in_at", "server.reports.targets::whistle_targets"),
        (
            f"{HANDLING}::test_each_county_whistles_in_its_plans_words",
            f"{HANDLING}::test_mengchengs_eight_and_more_may_be_called_in_the_plans_order",
            f"{REPORTS}/test_whistles.py::test_the_clocks_of_a_whistle_are_those_worked_by_hand",
            f"{REPORTS}/test_whistles.py::test_only_the_books_callers_whistle_and_only_for_the_books_bodies",
        ),
    ),
    "contact": Proof(
        "社区先联系（A8）",
        ("server.reports.sides::contact_due_at",),
        (f"{HANDLING}::test_only_mengcheng_orders_the_community_to_call_back_first",),
    ),
    "second_body": Proof(
        "第二家核对",
        ("server.reports.sides::check_due_at",),
        (f"{HANDLING}::test_a_second_body_checks_where_a_plan_speaks_of_it",),
    ),
    "evidence": Proof(
        "办结凭据（A9）",
        ("server.reports.evidence::lacking",),
        (f"{HANDLING}::test_what_a_resolution_still_lacks",),
    ),
    "outcomes": Proof(
        "办理结果",
        ("server.reports.evidence::lacking",),
        (f"{HANDLING}::test_the_outcomes_say_what_comes_next",),
    ),
    "hazard": Proof(
        "安全隐患（A13）",
        ("server.reports.sides::measure_due_at", "server.reports.calling::shows_phone"),
        (f"{HANDLING}::test_qitais_hazards_are_filed_with_the_fire_brigade",),
    ),
    "duplicates": Proof(
        "相同问题",
        ("server.policy.reading_ledger::read_duplicates",),
        (
            f"{REPORTS}/test_neighbours.py::test_joining_is_one_tap_once_a_person_limited_and_gives_no_more_than_that",
        ),
    ),
    "lookback": Proof(
        "回头看（A10）",
        ("server.policy.reading_ledger::read_lookback",),
        (f"{HANDLING}::test_the_plans_lists_cadences_and_goals_are_data",),
    ),
    "mediation": Proof(
        "调解（A12）",
        ("server.reports.mediating::centre_of",),
        (
            f"{HANDLING}::test_disputes_go_to_the_court_or_to_the_peoples_mediators",
            f"{REPORTS}/test_mediation.py::test_nothing_goes_to_the_court_before_the_reporter_agrees",
        ),
    ),
    "hotline": Proof(
        "12345 工单（A11）",
        ("server.policy.reading_ledger::read_hotline", "server.interop.hotline.kinds::kind_for"),
        (f"{HANDLING}::test_12345_categories_lead_to_kinds_and_kinds_have_words",),
    ),
    "committee": Proof(
        "没有业主委员会（A14）",
        ("server.companies.standing::committee_words",),
        (f"{HANDLING}::test_estates_without_company_or_committee_have_somebody",),
    ),
    "no_company": Proof(
        "没有物业公司（A14）",
        ("server.companies.standing::stand_of",),
        (f"{HANDLING}::test_estates_without_company_or_committee_have_somebody",),
    ),
    "goals": Proof(
        "目标（C9、C13）",
        ("server.policy.reading_ledger::read_goals",),
        (f"{HANDLING}::test_the_plans_lists_cadences_and_goals_are_data",),
    ),
    "cadences": Proof(
        "周期（C10、C11、C13）",
        ("server.policy.reading_ledger::read_rhythms",),
        (f"{HANDLING}::test_the_plans_lists_cadences_and_goals_are_data",),
    ),
    "lists": Proof(
        "计划里的清单",
        ("server.policy.reading_ledger::read_lists", "server.web.resident.rules::rules"),
        (f"{HANDLING}::test_the_plans_lists_cadences_and_goals_are_data",),
    ),
}
