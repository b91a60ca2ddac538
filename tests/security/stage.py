"""A database of its own with a committed scene in it; each call is undone, so that calls do not see each other."""

from contextlib import contextmanager

from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import generate_csrf

from server.core.db import db
from tests.savepoint import undone


class Stage:
    """The application over the scene, spoken to without a cookie jar: every call says itself who it is."""

    def __init__(self, app, scene):
        self.app, self.scene = app, scene
        self.client = app.test_client(use_cookies=False)
        self.form_cookie, self.form_token = _form(app)
        self.link = self.outer = None

    @contextmanager
    def open(self):
        """One transaction for many calls, rolled back at the end."""
        with self.app.app_context():
            engine = db.engine
            self.link = engine.connect()
            self.outer = self.link.begin()
            db.session.remove()
            db.engines[None] = self.link
            db.session.configure(join_transaction_mode="create_savepoint")
            try:
                yield self
            finally:
                db.session.remove()
                db.session.configure(join_transaction_mode="conditional_savepoint")
                db.engines[None] = engine
                self.outer.rollback()
                self.link.close()

    def call(self, method, address, caller, *, look=None, headers=None, **sent):
        """The answer to one call of a caller; `look` is called before everything is undone."""
        with undone(self.link):
            with self.app.app_context():
                answer = self.client.open(
                    address, method=method, headers=self.headers(address, caller, headers), **sent
                )
            db.session.remove()
            if look:
                look()
            return answer

    def headers(self, address, caller, more=None):
        """How a caller shows who he is: a token for the API, cookies for pages."""
        proofs = self.scene.proofs[caller]
        if address.startswith("/api/"):
            token = proofs.get("bearer")
            return ({"Authorization": f"Bearer {token}"} if token else {}) | (more or {})
        cookies = {"form": self.form_cookie} | {
            name: proofs[name] for name in ("session", "device") if name in proofs
        }
        line = "; ".join(f"{name}={value}" for name, value in cookies.items())
        return {"Cookie": line, "X-CSRFToken": self.form_token, "Accept": "text/html"} | (more or {})


def _form(app):
    """A cookie and a token under which the forms of this application are taken."""
    with app.test_request_context("/"):
        from flask import session

        token = generate_csrf()
        signer = SecureCookieSessionInterface().get_signing_serializer(app)
        return signer.dumps(dict(session)), token
