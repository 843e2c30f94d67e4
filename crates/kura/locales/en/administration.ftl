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

health-explained = Keyring, backups, ledger, second factors: what is worth a look every morning.

health-findings = What was found

health-told = What was found, and what to do

health-doctor = To look at every page of the database, every record of the ledger and all sealed content, run kura doctor on the server.

health-system = System

health-version = Version of Kura

health-database = Database

engine = { $engine ->
    [sqlite] SQLite, encrypted
    [postgres] PostgreSQL
   *[other] ?
}

health-newest = Newest record

health-uploads = Uploads not completed

health-erasing = Erasures under way

health-staff = Officers and staff who may act

health-without-factor = Of these, with neither passkey nor codes

health-invited = Of these, invited and without a password yet

health-sessions = Sessions that have not ended

health-devices = Devices to be confirmed

found-state = { $state ->
    [good] good
    [warn] to be mended
    [bad] act now
   *[other] ?
}

looked-at = { $what ->
    [policy_pack] Rules
    [data_folder] Data folder
    [zones] Zones
    [key_file] Key file
    [passphrase_file] Passphrase file
    [installation] Installation
    [keyring] Keyring
    [backups] Backups
   *[other] ?
}

health-what = What
