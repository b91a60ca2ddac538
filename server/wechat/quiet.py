"""Keeps tokens, secrets and codes that travel in addresses out of the log of the HTTP library."""

import logging
import re

SECRET_PARAMETER = re.compile(
    r"((?:access_token|refresh_token|secret|corpsecret|js_code|code|key|openid)=)[^&\s\"']+"
)


class QueryMask(logging.Filter):
    """Masks secret query parameters in a record's arguments."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record through, masked."""
        record.msg = _masked(record.msg)
        if isinstance(record.args, tuple):
            record.args = tuple(_masked(one) for one in record.args)
        return True


def _masked(value: object) -> object:
    return SECRET_PARAMETER.sub(r"\1***", value) if isinstance(value, str) else value


MASK = QueryMask()


def hush() -> None:
    """Mask what urllib3 writes about addresses; calling it again changes nothing."""
    logging.getLogger("urllib3.connectionpool").addFilter(MASK)
