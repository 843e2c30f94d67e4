fault-invalid = Check what you entered

fault-invalid-what = What was entered could not be accepted. Nothing was changed.

fault-invalid-next = Correct it and try again.

fault-signed-out = Sign in first

fault-signed-out-what = Your session has ended. Nothing was changed.

fault-signed-out-next = Sign in and try again.

fault-refused = Not permitted

fault-refused-what = “{ $operation }” was refused.

fault-refused-next = Speak to whoever is named above, or see on the item’s page, under “What you may not do”, what would change it.

refused-by-fault = A rule could not be evaluated, so this was refused to be safe. Tell a system administrator.

refused-without-rule = No rule permits this. Speak to the custodian.

refused-by-none-applying = None of the rules that permit it applies to you:

fault-nothing = Not found

fault-nothing-what = What you are looking for does not exist, or is not for you to see.

fault-nothing-next = Check the address, or look in the register.

fault-conflict = Not in its present state

fault-conflict-what = This was not done. Nothing was changed.

fault-conflict-next = Go back, look at the present state, and decide again.

fault-unknown = The outcome is unknown

fault-unknown-what = It is not certain whether this was done.

fault-unknown-next = Go back and send the same form again: it will not be done twice.

fault-internal = A fault of the system

fault-internal-what = This could not be done. Nothing was changed.

fault-internal-next = Try again in a moment. If it goes on, tell a system administrator.

fault-elsewhere = This was not accepted

fault-elsewhere-what = It could not be confirmed that this was sent from a page of Kura. Nothing was changed.

fault-elsewhere-next = Load the page again and send it once more.

of-field = { $field }: { $what }

unsaid = Something does not fit.

must-be-given = This must be given

record = Record in the ledger

record-explained = That this record is in the ledger, and was not changed, is checked on your own machine.

record-file = File to verify

record-signed = Signed with the person’s own passkey.

record-unsigned = Not signed by the person: the server alone witnessed it.

record-erased = What this record said was erased with the item’s key.

proof-checking = Checking…

proof-holds = It holds: this record is in the ledger and was not changed.

proof-fails = It does not hold. Tell a system administrator.

proof-unable = This browser cannot check it. Use the file with kura-verify.

proof-tree = Size of the ledger

without-name = (its name is erased)

filters = Narrow down

name-differs = The name differs
