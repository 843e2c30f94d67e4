people = People

people-explained = Officers, staff and guests: registration, suspension, offices, training.

ledger = Ledger

ledger-explained = The record of every operation. Give the public key to clients and auditors: anyone can verify it.

ledger-records = Records

log-key = Public key

backup = Backups

backup-explained = Backups are encrypted; what was erased does not open after a restore either.
