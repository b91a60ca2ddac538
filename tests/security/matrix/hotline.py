"""12345 orders: the bureau's alone; a table is its uploader's alone."""

from tests.security.matrix.row import Row

HOTLINE = (
    Row("GET bureau_hotline.overview", "/b/hotline", county="bureau"),
    Row("POST bureau_hotline.upload", "/b/hotline", county="bureau", says="422"),
    Row("POST bureau_hotline.export", "/b/hotline/export", county="bureau", says="422"),
    Row("POST bureau_hotline.same", "/b/hotline/orders/{order}/same", county="bureau", says="409 422"),
    Row("POST bureau_hotline.two", "/b/hotline/orders/{order}/two", county="bureau", says="303"),
    Row("GET bureau_hotline_table.preview", "/b/hotline/{orders}", own="bureau"),
    Row("GET bureau_hotline_table.faults", "/b/hotline/{orders}/faults.xlsx", own="bureau"),
    Row("POST bureau_hotline_table.columns", "/b/hotline/{orders}/columns", own="bureau", says="303"),
    Row("POST bureau_hotline_table.names", "/b/hotline/{orders}/names", own="bureau", says="303"),
    Row("POST bureau_hotline_table.run", "/b/hotline/{orders}", own="bureau", says="303"),
    Row("GET goal.show", "/b/goal", own="township", county="bureau"),
    Row("POST goal.enter", "/b/goal", county="bureau", says="422"),
)
