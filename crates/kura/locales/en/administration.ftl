people = People

people-explained = Officers, staff and guests: registration, suspension, offices, training.

ledger = Ledger

ledger-explained = The record of every operation. Give the public key to clients and auditors: anyone can verify it.

ledger-records = Records

log-key = Public key

backup = Backups

backup-explained = Backups are encrypted; what was erased does not open after a restore either.

records = Records of the ledger

records-explained = Who did what and when, and what was refused, newest first. What material is called is seen on its page, by those who may know of it.

item-id = Id of an item

refused-only = Only what was refused

was-refused = Refused

no-records = No record matches.

no-records-yet = Older records can be looked through.

column-index = Index

column-rules = Rules that decided
