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

suspended = suspended

handed-over = { $items } items and { $matters } matters were handed over.

handed-over-more = There are more: do the same again.

handed-over-stay = { $count } items stay: you may not hand them over, or the successor may not handle them. Choose somebody else, or ask a director or the risk-management subcommittee.

hand-over-again = Go on handing over

people-import-explained = Send a table of officers and staff: every row is checked first, then all are added. If anything is wrong, nobody is. Each of them gets an invitation.

people-import-columns = Columns that are needed

people-import-teach = Mend these cells in your table, save it and send it again. If a column is taken for another, give it one of the names below as its head.

people-import-now = Add { $count } people

people-added = { $count } people were added.

invitations-once = The invitations are shown once. Print this page, or hand each to its person in a safe way. They are good until { $until }, once each.

invitation = Invitation

person-name = Name
