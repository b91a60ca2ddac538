"""python -m server.wechat.sandbox --port N --state FILE: the sandbox as its own process."""

import argparse
import sys
from pathlib import Path

from server.core.clock import now
from server.wechat.sandbox.app import create_sandbox
from server.wechat.sandbox.demo import demo_state, demo_target
from server.wechat.sandbox.serve import HOST, sandbox_server


def main(arguments: list[str]) -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m server.wechat.sandbox", description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="where to listen on the loopback address")
    parser.add_argument("--state", type=Path, help="a file that keeps phones and consents between runs")
    parser.add_argument("--oauth-host", default="", help="the only host a login may lead back to")
    parser.add_argument(
        "--callback", default="", help="the product's /wechat/callback, where events are pushed"
    )
    given = parser.parse_args(arguments)
    state = demo_state(now, path=given.state, oauth_host=given.oauth_host)
    state.target = demo_target(given.callback) if given.callback else None
    server = sandbox_server(create_sandbox(state, clock=now), port=given.port)
    sys.stdout.write(f"sandbox on http://{HOST}:{server.port}/_sandbox/\n")
    sys.stdout.flush()
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


if __name__ == "__main__":
    main(sys.argv[1:])
