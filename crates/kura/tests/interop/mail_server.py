"""A mail server that takes mail from one user over an encrypted connection, and keeps it in a folder (Maildir).

It says on which port it listens, and ends when its input does.
"""

import ssl
import sys

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Mailbox
from aiosmtpd.smtp import AuthResult, SMTP

folder, certificate, key, user, password, port = sys.argv[1:7]


class Kept(Mailbox):
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody@"):
            return "550 5.1.1 There is nobody of that name here"
        envelope.rcpt_tos.append(address)
        return "250 OK"


def known(server, session, envelope, mechanism, login):
    asked = (login.login.decode(), login.password.decode())
    return AuthResult(success=asked == (user, password), handled=False)


context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
context.load_cert_chain(certificate, key)


class Server(Controller):
    def factory(self):
        # Nothing is taken before the connection is encrypted and the user known.
        return SMTP(self.handler, tls_context=context, require_starttls=True, auth_required=True, authenticator=known)


class Wrapped(Controller):
    def factory(self):
        return SMTP(self.handler, authenticator=known, auth_required=True, auth_require_tls=False)


kind = {"starttls": Server, "tls": Wrapped}[sys.argv[7]]
more = {"ssl_context": context} if kind is Wrapped else {}
controller = kind(Kept(folder), hostname=sys.argv[8], port=int(port), **more)
controller.start()
print(controller.server.sockets[0].getsockname()[1], flush=True)
sys.stdin.read()
controller.stop()
