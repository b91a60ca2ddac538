"""The table: every route, who may enter, how far he reaches (contract.md; threats A1, A2, S1). Not read from the code."""

from tests.security.matrix.row import ALL_STAFF, Row, everybody
from tests.security.scene import LOCKED

KEEPERS = "bureau admin"
WATCHING = "community township"
HANDLING = "manager company community township department utility court"
ENTERING = "manager community"
OWNERS = "reporter resident"
CHARGES = {"kind": "charges", "charges": [{"name": "物业服务费", "price": "1.30"}]}
BOARD = {"items": [{"department": "物业", "duty": "报修", "phone": "0539-1234567"}]}

ACCOUNT = (
    Row("GET account.show", "/account", own=ALL_STAFF, staff=True),
    Row(
        "POST account.password",
        "/account/password",
        own=ALL_STAFF,
        staff=True,
        says="422",
        form={"new": "one", "again": "another"},
    ),
    Row("POST account.end", "/account/logins/{session}/end", own=ALL_STAFF, staff=True, says="303"),
    Row("POST account.release", "/account/addresses/{address}/end", own=ALL_STAFF, staff=True, says="303"),
    Row("POST account.wecom", "/account/wecom", own=ALL_STAFF, staff=True, says="422"),
    Row("POST account.test", "/account/test", own=ALL_STAFF, staff=True, says="303"),
    Row("GET wechat_oauth.begin_binding", "/account/wechat/bind", own=ALL_STAFF, staff=True, says="404"),
    Row("POST account.end_others", "/account/logins/end-others", own=ALL_STAFF, staff=True, says="303"),
    Row("GET second_factor.show", "/account/second-factor", own=ALL_STAFF, staff=True),
    Row("POST second_factor.begin", "/account/second-factor/begin", own=ALL_STAFF, staff=True, says="422"),
    Row(
        "POST second_factor.confirm", "/account/second-factor/confirm", own=ALL_STAFF, staff=True, says="409"
    ),
    Row("POST second_factor.codes", "/account/second-factor/codes", own=ALL_STAFF, staff=True, says="422"),
    Row("POST second_factor.off", "/account/second-factor/off", own=ALL_STAFF, staff=True, says="422"),
    Row("POST wechat_binding.make", "/account/wechat/link", own=ALL_STAFF, staff=True, says="404"),
    everybody("GET wechat_binding.ask", "/bind/{binding}"),
    everybody("POST wechat_binding.go", "/bind/{binding}", says="404"),
    everybody("GET wechat_binding.done", "/bound"),
    everybody("GET login.ask_code", "/login/code", says="303"),
    everybody("POST login.check_second", "/login/code", says="303"),
    everybody("GET login.ask", "/login", says="200 303"),
    everybody("POST login.log_in", "/login", says="429", form={"username": LOCKED}),
    everybody("POST login.log_out", "/logout", says="303"),
    everybody("GET invitation.ask", "/invite/{invitation}"),
    everybody("POST invitation.accept", "/invite/{invitation}", says="422"),
    everybody("POST sessions.staff", "/api/v1/sessions/staff", says="422", json={}),
    everybody("POST wechat.login", "/api/v1/sessions/wechat", says="422", json={}),
    Row("DELETE sessions.end", "/api/v1/sessions/current", own=f"resident neighbour {ALL_STAFF}", says="204"),
)
"""One's own account, and the ways in."""

PEOPLE = (
    Row("GET bureau_people.show_list", "/b/people", county=KEEPERS),
    Row("GET bureau_people.show", "/b/people/{person}", county=KEEPERS),
    Row("POST bureau_people.invite_once_more", "/b/people/{person}/invite", county=KEEPERS),
    Row("GET bureau_people.show_body", "/b/people/bodies/{body}", county=KEEPERS),
    Row("POST bureau_people.set_phone", "/b/people/bodies/{body}/phone", county=KEEPERS, says="303"),
    Row("POST bureau_people.invite", "/b/people/bodies/{body}/invite", county=KEEPERS, says="422"),
    Row("POST bureau_people.take", "/b/people/bodies/{body}/take", county=KEEPERS, says="422"),
    Row("GET bureau_terms.ask_term", "/b/people/{person}/posts/{post}/term", county=KEEPERS),
    Row("POST bureau_terms.keep_term", "/b/people/{person}/posts/{post}/term", county=KEEPERS, says="303"),
    Row("GET bureau_terms.ask_stand_in", "/b/people/{person}/posts/{post}/stand-in", county=KEEPERS),
    Row(
        "POST bureau_terms.begin_stand_in",
        "/b/people/{person}/posts/{post}/stand-in",
        county=KEEPERS,
        says="422",
    ),
    Row("GET bureau_terms.ask_reset", "/b/people/{person}/totp-reset", county="admin"),
    Row("POST bureau_terms.reset", "/b/people/{person}/totp-reset", county="admin", says="422"),
    Row("GET bureau_handover.ask_leave", "/b/people/{person}/leave", county=KEEPERS),
    Row("POST bureau_handover.leave", "/b/people/{person}/leave", county=KEEPERS, says="303"),
    Row("GET bureau_handover.ask_end", "/b/people/{person}/posts/{post}/end", county=KEEPERS),
    Row("POST bureau_handover.end", "/b/people/{person}/posts/{post}/end", county=KEEPERS, says="303"),
    Row("GET audit.show", "/b/audit", county="admin auditor"),
)

PLACES = (
    Row("GET bureau_estates.show_list", "/b/estates", county=KEEPERS),
    Row("GET bureau_estates.new", "/b/estates/new", county=KEEPERS),
    Row("POST bureau_estates.add", "/b/estates/new", county=KEEPERS, says="422"),
    Row("GET bureau_estates.show", "/b/estates/{estate}", county=KEEPERS),
    Row("GET bureau_estates.edit", "/b/estates/{estate}/edit", county=KEEPERS),
    Row("POST bureau_estates.change", "/b/estates/{estate}/edit", county=KEEPERS, says="422"),
    Row("GET bureau_estate_parts.company", "/b/estates/{estate}/company", county=KEEPERS),
    Row("POST bureau_estate_parts.change_company", "/b/estates/{estate}/company", county=KEEPERS, says="422"),
    Row(
        "POST bureau_estate_parts.end_company", "/b/estates/{estate}/company/end", county=KEEPERS, says="303"
    ),
    Row("GET bureau_estate_parts.buildings", "/b/estates/{estate}/buildings", county=KEEPERS),
    Row(
        "POST bureau_estate_parts.change_buildings",
        "/b/estates/{estate}/buildings",
        county=KEEPERS,
        says="303",
    ),
    Row("GET bureau_estate_parts.numbers", "/b/estates/{estate}/numbers", county=KEEPERS),
    Row("POST bureau_estate_parts.change_numbers", "/b/estates/{estate}/numbers", county=KEEPERS, says="303"),
    Row("GET bureau_estate_parts.new_spot", "/b/estates/{estate}/spots/new", county=KEEPERS),
    Row("POST bureau_estate_parts.add_spot", "/b/estates/{estate}/spots/new", county=KEEPERS, says="422"),
    Row(
        "POST bureau_estate_parts.close_spot",
        "/b/estates/{estate}/spots/{spot}/close",
        county=KEEPERS,
        says="303",
    ),
    Row("POST bureau_estate_parts.renew_code", "/b/estates/{estate}/codes/renew", county=KEEPERS, says="303"),
    Row(
        "POST bureau_estate_parts.renew_code",
        "/b/estates/{estate}/codes/renew",
        county=KEEPERS,
        says="303",
        form={"spot": "{spot}"},
    ),
    Row(
        "POST bureau_estate_parts.stop_code",
        "/b/estates/{estate}/codes/stop",
        county=KEEPERS,
        says="303",
        form={"code": "{code}"},
    ),
    Row("GET bureau_imports.form", "/b/estates/import", county=KEEPERS),
    Row("GET bureau_imports.template", "/b/estates/import/template.xlsx", county=KEEPERS),
    Row("POST bureau_imports.upload", "/b/estates/import", county=KEEPERS, says="422"),
    Row("GET bureau_imports.preview", "/b/estates/import/{draft}", own=KEEPERS),
    Row("GET bureau_imports.faults", "/b/estates/import/{draft}/faults.xlsx", own=KEEPERS),
    Row("POST bureau_imports.run", "/b/estates/import/{draft}", own=KEEPERS),
    Row("GET bureau_prints.one", "/b/estates/{estate}/print/poster.svg", county=KEEPERS),
    Row("GET bureau_prints.one", "/b/estates/{estate}/print/poster.svg?code={code}", county=KEEPERS),
    Row("GET bureau_prints.many", "/b/estates/print/sticker.pdf?township={town}", county=KEEPERS),
    Row(
        "GET bureau_board.board",
        "/b/estates/{estate}/board.pdf",
        own="manager community township",
        county=KEEPERS,
    ),
)

REPORTS = (
    Row("GET inbox.inbox", "/m/", own=HANDLING, county="bureau"),
    Row("GET handled.show", "/m/{no}", own=HANDLING, county="bureau"),
    Row("GET handled.form", "/m/{no}/reply", own=HANDLING, county="bureau", says="200 303"),
    Row("POST handled.do", "/m/{no}/reply", own=HANDLING, county="bureau", says="409 422"),
    Row("POST handled.do", "/m/{no}/accept", own=HANDLING, county="bureau", says="409 422"),
    Row("GET watched.show", "/b/{no}", own=WATCHING, county="bureau"),
    Row("GET watched.form", "/b/{no}/supervise", own=WATCHING, county="bureau", says="200 303"),
    Row("POST watched.do", "/b/{no}/supervise", own=WATCHING, county="bureau", says="409 422"),
    Row("GET contact.ask", "/b/{no}/contact", own="community", county="bureau"),
    Row("POST contact.show", "/b/{no}/contact", own="community", county="bureau", says="422"),
    Row("GET bureau_review.overview", "/b/review", own="community", county="bureau"),
    Row("GET bureau_review.one", "/b/review/{no}", own="community", county="bureau"),
    Row("POST bureau_review.all_clean", "/b/review/{no}", own="community", county="bureau", says="303"),
    Row(
        "POST bureau_review.decide",
        "/b/review/{no}/{piece}",
        own="community",
        county="bureau",
        says="409 422",
        form={"act": "refuse"},
    ),
    Row("GET patrol.codes", "/patrol", own=WATCHING, county="bureau"),
    Row("GET patrol.ask", "/patrol/look?code={code}", everywhere=f"bureau {WATCHING}"),
    Row(
        "POST patrol.look",
        "/patrol/look",
        everywhere=f"bureau {WATCHING}",
        says="422",
        form={"code": "{code}"},
    ),
    Row("GET patrol.faults", "/patrol/faults", own=WATCHING, county="bureau"),
    Row("POST patrol.removed", "/patrol/faults/{check}/removed", own=WATCHING, county="bureau", says="303"),
    Row("GET bureau_flags.show_list", "/b/flags", county="bureau"),
    Row(
        "POST bureau_flags.drop",
        "/b/flags/{flag}/dismiss",
        county="bureau",
        says="303",
        form={"why": "核实过"},
    ),
    Row("GET callers.callers", "/m/callers", own=WATCHING, county="bureau"),
    Row("GET feed_page.feed", "/b/", own=WATCHING, county="bureau"),
    Row("GET feed_page.fragment", "/b/feed", own=WATCHING, county="bureau"),
    Row("POST feed_page.close", "/b/entries/{entry}/close", county="bureau", says="303"),
    Row("GET feed.feed", "/api/v1/feed", own=WATCHING, county="bureau"),
    Row("GET ledger.ledger", "/b/reports", own=WATCHING, county="bureau"),
    Row("GET ledger.ask", "/b/reports/export", county="bureau"),
    Row("POST ledger.export", "/b/reports/export", county="bureau", says="422"),
    Row(
        "PUT reports.contact",
        "/api/v1/reports/{no}/contact",
        own=OWNERS,
        public=True,
        json={"contact_ok": False},
    ),
    Row("POST resident_contact.contact", "/r/{no}/contact", own=OWNERS, public=True, says="303"),
    Row("GET counts.counts", "/b/counts", own=WATCHING, county="bureau"),
    Row("GET reports.listed", "/api/v1/reports", own=f"resident neighbour {ALL_STAFF}"),
    Row("GET reports.one", "/api/v1/reports/{no}", own=f"{OWNERS} {HANDLING}", county="bureau", public=True),
    Row(
        "POST reports.act",
        "/api/v1/reports/{no}/acts/remind",
        own=f"{OWNERS} {HANDLING}",
        county="bureau",
        public=True,
        says="409",
        json={"version": 999},
    ),
    everybody("POST reports.file", "/api/v1/reports", says="422", json={}),
    everybody("POST photos.take", "/api/v1/photos", says="422", json={}),
)
"""The desks, the feed, the ledger, and the calls about reports."""

SEALED = (
    Row("GET sealed_inbox.show", "/c/", own="confidential"),
    Row("GET sealed_key.show", "/c/key", own="confidential"),
    Row("POST sealed_key.put", "/c/key", own="confidential", says="422"),
    Row("GET sealed_report.show", "/c/{sealed}", own="confidential"),
    Row("POST sealed_report.do", "/c/{sealed}/accept", own="confidential", says="409 422"),
    Row("GET sealed_report.photo", "/c/{sealed}/photos/{sealed_photo}", own="confidential"),
)
"""What a confidential body alone reads; the near one is another body's, where the county has two."""

DISCLOSURES = (
    Row("GET disclose.overview", "/m/disclosures", own=ENTERING, county="bureau"),
    Row("GET disclose.form", "/m/disclosures/{estate}/charges", own=ENTERING, county="bureau"),
    Row("POST disclose.send", "/m/disclosures/{estate}/charges", own=ENTERING, county="bureau", says="422"),
    Row("GET bureau_disclosures.overview", "/b/disclosures", own=ENTERING, county="bureau", says="200 302"),
    Row("GET bureau_disclosures.one", "/b/disclosures/{revision}", county="bureau"),
    Row(
        "POST bureau_disclosures.decide",
        "/b/disclosures/{revision}",
        county="bureau",
        says="422",
        form={"act": "return"},
    ),
    Row(
        "POST disclosures.enter",
        "/api/v1/estates/{estate}/disclosures",
        own=ENTERING,
        county="bureau",
        says="201",
        json=CHARGES,
    ),
    Row(
        "PUT disclosures.put_contacts",
        "/api/v1/estates/{estate}/contacts",
        own=ENTERING,
        county="bureau",
        json=BOARD,
    ),
    everybody("GET disclosures.disclosures", "/api/v1/estates/{estate}/disclosures"),
    everybody("GET disclosures.contacts", "/api/v1/estates/{estate}/contacts"),
)

RESIDENTS = (
    everybody("GET landing.landing", "/e/{code}"),
    everybody("GET places.place", "/api/v1/places/{code}"),
    everybody("GET resident_report.form", "/e/{code}/report"),
    Row(
        "GET resident_report.form",
        "/e/{code}/report?for=caller",
        own=WATCHING,
        county="bureau",
        public=True,
        hidden=403,
        strangers=401,
    ),
    everybody("POST resident_report.send", "/e/{code}/report", says="422"),
    everybody("GET resident_disclosures.disclosures", "/e/{code}/disclosures"),
    everybody("GET resident_disclosures.contacts", "/e/{code}/contacts"),
    everybody("GET resident_disclosures.earlier", "/e/{code}/disclosures/charges"),
    everybody("GET resident_rules.rules", "/e/{code}/rules"),
    everybody("GET resident_track.mine", "/e/{code}/mine"),
    Row("GET resident_track.track", "/r/{no}", own=OWNERS, public=True),
    everybody("GET resident_track.track", "/r/{no}?k={key}"),
    Row("GET resident_acts.form", "/r/{no}/withdraw", own=OWNERS, public=True),
    Row("GET resident_acts.form", "/r/{no}/withdraw?k={key}", own=OWNERS, public=True),
    Row("POST resident_acts.do", "/r/{no}/withdraw", own=OWNERS, public=True, says="422"),
    Row(
        "GET resident_track.go",
        "/go/{no}",
        own=f"{OWNERS} {HANDLING}",
        county="bureau",
        public=True,
        says="302",
        strangers=401,
    ),
    everybody("GET resident_track.my", "/my"),
    everybody("GET resident_rights.all_data", "/my/data"),
    everybody("GET resident_rights.all_data_file", "/my/data.json"),
    Row("GET resident_rights.data", "/r/{no}/data", own=OWNERS, public=True),
    Row("GET resident_rights.data", "/r/{no}/data?k={key}", own=OWNERS, public=True),
    Row("GET resident_rights.data_file", "/r/{no}/data.json", own=OWNERS, public=True),
    Row("GET resident_rights.ask_erase", "/r/{no}/erase", own=OWNERS, public=True),
    Row("POST resident_rights.erase", "/r/{no}/erase", own=OWNERS, public=True, says="303"),
    everybody("GET resident_published.reports", "/e/{code}/reports"),
    everybody(
        "GET resident_published.photo", "/pub/{estate}/00000000000000000000000000000000/320", says="404"
    ),
    everybody("GET resident_find.form", "/find"),
    everybody("POST resident_find.find", "/find", says="422"),
    everybody("GET resident_about.help_page", "/help"),
    everybody("GET resident_about.privacy", "/privacy"),
    everybody("GET staff_help.manager", "/help/manager"),
    everybody("GET staff_help.bureau", "/help/bureau"),
    Row(
        "GET photo.photo",
        "/p/{photo}",
        own=HANDLING,
        county="bureau",
        everywhere=f"anonymous {OWNERS} neighbour disabled ended expired",
        public=True,
    ),
)
"""What residents do, with no account; a photo's address is the proof of whoever has no post."""

MACHINES = (
    everybody("GET health.healthz", "/healthz"),
    everybody("GET health.readyz", "/readyz"),
    everybody("GET wechat_callback.verify", "/wechat/callback", says="404"),
    everybody("POST wechat_callback.receive", "/wechat/callback", says="404"),
    everybody("GET wechat_checks.check_file", "/MP_verify_nothing.txt", says="404"),
    everybody("GET wechat_news.ask", "/wechat/ask", says="404"),
    everybody("GET wechat_news.jssdk", "/wechat/jssdk", says="404"),
    everybody("GET wechat_news.news", "/wechat/news", says="404"),
    everybody("GET wechat_oauth.callback", "/wechat/oauth/callback", says="403"),
    everybody("GET wechat_oauth.start", "/wechat/oauth/start", says="404"),
)
"""Operators, and WeChat's doors; in this scene no service account is set up."""

TABLE = (*ACCOUNT, *PEOPLE, *PLACES, *REPORTS, *SEALED, *DISCLOSURES, *RESIDENTS, *MACHINES)
