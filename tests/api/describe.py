"""Writes the OpenAPI document that the program serves into docs/, so that a change of it is seen in review."""

import json

from server.app import create_app
from tests.api.test_contract import COMMITTED


def main():
    """Serve the document once and keep it."""
    served = create_app().test_client().get("/api/v1/openapi.json").json
    COMMITTED.write_text(json.dumps(served, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    main()
