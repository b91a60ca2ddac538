"""One process of a flood: posts reports as told on standard input, and says how each was answered."""

import json
import sys

from server.app import create_app

ADDRESS = "8.8.8.8"


def main():
    """Read the orders, post them one after another, print the statuses with Retry-After."""
    order = json.load(sys.stdin)
    client = create_app().test_client()
    found = []
    for key, bearer in order["sends"]:
        answer = client.post(
            "/api/v1/reports",
            json=order["body"],
            headers={"Idempotency-Key": key, "Authorization": f"Bearer {bearer}"},
            environ_overrides={"REMOTE_ADDR": ADDRESS},
        )
        found.append([answer.status_code, answer.headers.get("Retry-After")])
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
