"""Tells every message in a folder (Maildir), the oldest first, as a mail program shows it."""

import json
import mailbox
import re
import sys
from email import policy
from email.parser import BytesParser

messages = []
folder = mailbox.Maildir(sys.argv[1], create=True)


def delivered(name):
    """When a message was delivered, by the seconds, microseconds and count in its name (which are not padded)."""
    found = re.match(r"(\d+)\.M(\d+)P\d+Q(\d+)", name)
    return tuple(int(part) for part in found.groups())


for name in sorted(folder.keys(), key=delivered):
    message = BytesParser(policy=policy.default).parsebytes(folder.get_bytes(name))
    messages.append(
        {
            "to": str(message["To"]),
            "from": str(message["From"]),
            "id": str(message["Message-ID"]),
            "subject": str(message["Subject"]),
            "text": message.get_body(("plain",)).get_content(),
            "defects": [str(defect) for part in message.walk() for defect in part.defects],
        }
    )
json.dump(messages, sys.stdout)
