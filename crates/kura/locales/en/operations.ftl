operation = { $operation ->
    [add_person] Add a person
    [change_person] Change or suspend a person
    [reset_sign_in] Reset the sign-in
    [appoint] Appoint to an office
    [delegate_office] Delegate an office
    [end_delegation] End a delegation
    [list_delegations] List the delegations
    [leave] Record a leaver
    [show_health] State of the system
    [add_device] Registering a device
    [remove_device] Removing a device
    [confirm_device] Confirming a device
    [list_devices] Looking through devices
    [list_own_devices] Looking at own devices
    [add_people] Add many people
    [hand_over_all] Hand over all custody
    [hand_over_matter] Hand over the matter
    [set_mail] Register the mail address
    [list_courses] List the courses
    [show_course] Show a course
    [draw_questions] Draw questions
    [show_attempt] Show the questions
    [answer_questions] Answer questions
    [list_training] List the training
    [set_password] Change the password
    [remove_passkey] Remove a passkey
    [add_passkey] Register a passkey
    [prove_session] Show a passkey
    [create_token] Make a token
    [revoke_token] End a session
    [adopt_pack] Adopt the draft revision
    [gather_evidence] Gather the evidence for a clause
    [export_oscal] Export as OSCAL
    [acknowledge_policy] Acknowledge the policy
    [list_acknowledgements] List the acknowledgements
    [propose_resolution] Put something before a body
    [list_resolutions] List the resolutions
    [vote] Vote
    [close_resolution] The time for a vote has passed
    [draft_policy] Draft a revision
    [withdraw_policy] Withdraw the draft revision
    [give_ruling] Rule on a clause
    [confirm_ruling] Confirm a ruling
    [list_rulings] List the rulings
    [grant_exception] Record an exception
    [end_exception] End an exception
    [list_exceptions] List the exceptions
    [add_requirement] Register a law or contract
    [review_requirement] Review a law or contract
    [end_requirement] Take a law or contract off the register
    [list_requirements] List the laws and contracts
    [show_effect] Show how the policy works
    [list_clauses] See where the clauses stand
    [list_documents] List the documents
    [show_document] Read a document
    [lay_ready] A revision was laid ready
    [bring_into_force] The day of a version came
    [list_duties] List the duties
    [show_calendar] See the calendar of one’s duties
    [discharge_duty] Do a duty
    [witness_duty] Witness a duty
    [schedule_duties] Duties came due
    [attest_duty] The program did a duty
    [rotate_log_key] Change the ledger’s key
    [retire_log_key] Retire the former key
    [create_backup] Make a backup
    [destroy_backup] Destroy a backup’s key
    [add_party] Add a party
    [open_matter] Open a matter
    [change_members] Change who is on the matter
    [close_matter] Close the matter
    [begin] Begin an upload
    [take] Take into custody
    [collect] Collect
    [report] Report to the consignor
    [open] Open
    [download] Take out a copy
    [attest] Attest that a copy is gone
    [store] Store a new version
    [derive] Register a derivative
    [reclassify] Reclassify
    [hand_over] Hand custody over
    [grant] Grant use
    [revoke] Take the permission away
    [ask] Ask for approval
    [approve] Decide the request
    [hold] Place a hold
    [release] Release the hold
    [transmit] Transmit
    [give_back] Give back
    [package] Take out the package
    [confirm_return] Confirm the return
    [erase] Erase
    [show] Look at it
    [why] Ask why
    [timeline] Look at the timeline
    [show_record] Look at a record
    [list_passkeys] Look at passkeys
    [show_statement] Look at a statement
    [list] Look at the register
    [show_matter] Look at the matter
    [export_list] Take the register out as a table
    [list_matters] Look at the matters
    [list_people] Look at the people
    [list_parties] Look at the parties
    [today] Look at today
    [list_views] Look at saved views
    [list_records] Look at the records
    [show_entry] See a record of the ledger
    [list_requests] Look at the requests
    [list_sessions] Look at sessions
    [open_session] Sign in
    [show_pack] Look at the rules
    [read_pack] Take the policy’s files
    [export_ledger] Export the ledger
    [finish_erasure] Erasure completed
    [finish_return] Return completed
    [finish_backup] Backup completed
    [found] Founded
    [restore] Restored
    [restore_erasures] Erasures after a restore
    [import_items] Import of a ledger
    [add_totp] Setting up one-time codes
    [remove_totp] Removing one-time codes
    [add_account] Tying an account with the provider
    [remove_account] Removing the tie to an account
    [follow_groups] Offices by the provider's groups
    [accept_invitation] Setting the first password by invitation
    [save_view] Saving a view
    [remove_view] Removing a view
    [plan_evaluation] Plan an inspection, audit or evaluation
    [list_evaluations] List the evaluations
    [show_evaluation] Show an evaluation
    [add_criterion] Add a clause
    [draw_sample] Draw a sample
    [check_sample] Record what was found of something that was drawn
    [judge_criterion] Record whether it conforms
    [raise_finding] Raise a finding
    [close_evaluation] Close the evaluation
    [reassign_evaluation] Name another person to conduct it
    [list_findings] List the findings
    [show_finding] Show a finding
    [answer_finding] Answer the finding
    [complete_action] Say that the corrective action is done
    [check_effectiveness] Say whether it is effective
    [assign_finding] Name another person to answer for it
    [show_self_inspection] Show the self-inspection
    [answer_self_inspection] Answer the self-inspection
    [list_self_inspections] List what self-inspections say
    [report_violation] Report a violation, a loss or something wrongly sent
    [list_violations] List violations and losses
    [show_violation] Show a case
    [triage_violation] Say whether it is investigated
    [note_investigation] Keep what was found out
    [hold_evidence] Place a hold on its material
    [record_notice] Record that somebody was told
    [give_hearing] Hear the person concerned
    [decide_violation] Record the decision
    [close_violation] Close the case
    [show_charge] Show what is held against you
    [answer_charge] Answer
    [appeal_decision] Appeal
    [plan_change] Plan a change to the systems
    [approve_change] Record the resolution upon a change
    [record_change] Record what came of a change
    [list_changes] List the changes to the systems
   *[other] operation
}

verb = { $operation ->
    [add_person] Add a person
    [change_person] Change
    [reset_sign_in] Reset the sign-in
    [appoint] Appoint
    [delegate_office] Delegate it
    [end_delegation] End the delegation
    [leave] Record leaving
    [remove_device] Remove
    [confirm_device] Confirm as the firm's
    [add_people] Add many people
    [hand_over_all] Hand over all
    [hand_over_matter] Hand over
    [set_mail] Register the mail address
    [draw_questions] Answer the questions
    [answer_questions] Check the answers
    [set_password] Change the password
    [remove_passkey] Remove it
    [add_passkey] Register it
    [prove_session] Show it
    [create_token] Make a token
    [revoke_token] End it
    [adopt_pack] Bring into force
    [gather_evidence] Gather the evidence
    [acknowledge_policy] Acknowledge it
    [propose_resolution] Put it before the body
    [vote] Vote
    [draft_policy] Draft a revision
    [withdraw_policy] Withdraw the draft
    [give_ruling] Give a ruling
    [confirm_ruling] Confirm it for the revised clause
    [grant_exception] Record an exception
    [end_exception] End the exception
    [add_requirement] Register a law or contract
    [review_requirement] Record a review
    [end_requirement] Take it off the register
    [discharge_duty] Record it as done
    [witness_duty] Say that you saw it
    [rotate_log_key] Change the key
    [retire_log_key] Retire the former key
    [create_backup] Make a backup
    [destroy_backup] Destroy a backup’s key
    [add_party] Add a party
    [open_matter] Open a matter
    [change_members] Change
    [close_matter] Close the matter
    [begin] Begin
    [take] Take into custody
    [collect] Collect
    [report] Make a report
    [open] Open
    [download] Take out a copy
    [attest] Attest that it is gone
    [store] Store a new version
    [derive] Register a derivative
    [reclassify] Reclassify
    [hand_over] Hand custody over
    [grant] Grant use
    [revoke] Take it away
    [ask] Ask
    [approve] Decide
    [hold] Place a hold
    [release] Release
    [transmit] Transmit
    [give_back] Give back
    [package] Take out the package
    [confirm_return] Confirm the return
    [erase] Erase
    [import_items] Import a ledger
    [remove_totp] Remove one-time codes
    [remove_account] Remove the tie
    [save_view] Save a view
    [remove_view] Remove the view
    [plan_evaluation] Plan one
    [add_criterion] Add a clause
    [draw_sample] Draw a sample
    [check_sample] Record what was found
    [judge_criterion] Record whether it conforms
    [raise_finding] Raise a finding
    [close_evaluation] Conclude and close
    [reassign_evaluation] Name another person
    [answer_finding] Answer it
    [complete_action] Say that it is done
    [check_effectiveness] Say whether it is effective
    [assign_finding] Name another person
    [answer_self_inspection] Answer
    [report_violation] Report it
    [triage_violation] Say whether it is investigated
    [note_investigation] Keep what was found out
    [hold_evidence] Place a hold on its material
    [record_notice] Record that they were told
    [give_hearing] Hear the person concerned
    [decide_violation] Record the decision
    [close_violation] Close it
    [answer_charge] Answer
    [appeal_decision] Appeal
    [plan_change] Plan a change
    [approve_change] Record the resolution
    [record_change] Record what came of it
   *[other] Do it
}

done = { $operation ->
    [add_person] The person was added.
    [change_person] The person was changed.
    [reset_sign_in] A fresh first password was set. Tell it to them safely.
    [appoint] The office was given.
    [delegate_office] The office is delegated.
    [end_delegation] The delegation has ended.
    [add_device] The device was registered.
    [remove_device] The device was removed.
    [confirm_device] The device's entry was changed.
    [leave] The leaving is on record. Sign-in, offices, matters and grants have ended.
    [hand_over_matter] The matter has another custodian.
    [set_mail] It is registered.
    [set_password] The password was changed.
    [remove_passkey] The passkey was removed.
    [add_passkey] The passkey was registered.
    [prove_session] You have shown your passkey. It is good for 15 minutes.
    [create_token] The token was made.
    [revoke_token] It was ended.
    [adopt_pack] It is decided, and in force from its day.
    [gather_evidence] The evidence was gathered.
    [acknowledge_policy] Your acknowledgement is on record.
    [propose_resolution] It is before the body; its members vote.
    [vote] Your vote is on record.
    [draft_policy] The revision is drafted. It is being proved and compared.
    [withdraw_policy] The draft is withdrawn.
    [give_ruling] The ruling is on record.
    [confirm_ruling] The ruling is confirmed.
    [grant_exception] The exception is on record.
    [end_exception] The exception has ended.
    [add_requirement] It is on the register.
    [review_requirement] The review is on record.
    [end_requirement] It is off the register.
    [discharge_duty] It is on record as done.
    [witness_duty] Your word is on record.
    [rotate_log_key] The key was changed. Give the new public key to clients and auditors.
    [retire_log_key] The former key was retired.
    [create_backup] The backup was made.
    [destroy_backup] The key was destroyed.
    [add_party] The party was added.
    [open_matter] The matter was opened.
    [change_members] The people on the matter were changed.
    [close_matter] The matter was closed.
    [begin] It was begun.
    [take] It was taken into custody. The receipt is under “Statements”.
    [collect] It was registered.
    [report] The report was made.
    [open] It was opened.
    [download] A copy was taken out.
    [attest] It was attested.
    [store] The version was stored.
    [derive] The derivative was registered.
    [reclassify] It was reclassified.
    [hand_over] Custody was handed over.
    [grant] Use was granted.
    [revoke] The permission was taken away.
    [ask] It was asked for. Two people decide.
    [approve] Your decision was recorded.
    [hold] The hold was placed.
    [release] The hold was released.
    [transmit] It was transmitted.
    [give_back] The return was begun. Take out the package and hand it to the consignor.
    [package] The package was taken out.
    [confirm_return] The return is complete. The counter-receipt is under “Statements”.
    [erase] It was erased. The certificate is under “Statements”.
    [import_items] Imported.
    [add_totp] One-time codes are set up.
    [remove_totp] One-time codes were removed.
    [add_account] Your account is tied. You can sign in with it from now on.
    [remove_account] The tie to your account was removed.
    [accept_invitation] Your password is set. Sign in with it.
    [save_view] The view is saved.
    [remove_view] The view is removed.
    [plan_evaluation] It is planned. Whoever conducts it sees it on “Today”.
    [add_criterion] The clause was added.
    [draw_sample] The sample was drawn.
    [check_sample] It is in the working papers.
    [judge_criterion] It is in the working papers.
    [raise_finding] The finding was raised.
    [close_evaluation] It is closed.
    [reassign_evaluation] Another person conducts it now.
    [answer_finding] Your answer is on record.
    [complete_action] It is on record. Somebody else checks whether it is effective.
    [check_effectiveness] It is on record.
    [assign_finding] Another person answers for it now.
    [answer_self_inspection] Your answers are on record.
    [report_violation] It was reported. Those who handle reports look at it.
    [triage_violation] It is on record.
    [note_investigation] It is on record.
    [hold_evidence] The hold was placed.
    [record_notice] It is on record.
    [give_hearing] The person concerned sees it on “Today”.
    [decide_violation] The decision is on record.
    [close_violation] It is closed. Everybody can read what was learnt.
    [answer_charge] Your answer is on record.
    [appeal_decision] Your appeal is on record.
    [plan_change] It is planned. Put it before the subcommittee with its number in the words.
    [approve_change] The resolution is on record.
    [record_change] It is on record.
   *[other] Done.
}

explain-operation = { $operation ->
    [take] Registers material that the consignor lends. Give a file, or the place where something tangible is kept. A receipt is made out.
    [collect] Registers material of the firm’s own. Give a file, or the place where something tangible is kept.
    [erase] Destroys the key and erases the content. It cannot be undone. A certificate is made out.
    [download] Makes a copy outside the store. Destroy it by its day, and attest that it is gone.
    [transmit] Makes a file sealed to the recipient’s key. Only they can open it.
    [give_back] Begins the return to the consignor.
    [confirm_return] Confirms that the consignor has it. The content is then erased here.
    [ask] Two other people read the reason and decide. Exactly what is asked here can then be done.
    [approve] Read the reason and look at the item first. Your decision is recorded.
    [hold] Until it is released, it is neither returned nor erased.
    [close_matter] A matter closes only when nothing is out any more.
    [hand_over] The new custodian decides who uses it.
    [derive] Registers a copy, a summary or anything else made from it, tied to its origin.
    [reclassify] Lowering the class needs two other people’s approval.
    [destroy_backup] Once its key is destroyed, a backup never opens again.
    [reset_sign_in] For someone who has lost their password or passkey: sets a fresh first password. Their former passkeys and sessions all end.
    [draft_policy] Another version is drafted. Nothing changes by that: look at the proofs and the comparison, then decide.
    [adopt_pack] This version comes into force; at once, unless you set a day.
    [propose_resolution] The members vote on exactly what is written here. It cannot be changed afterwards.
    [vote] A vote cannot be changed. With a conflict of interest, say which and take no part.
    [withdraw_policy] This version will not come into force. Its record stays.
    [discharge_duty] Record what was done and what was found. The record cannot be rewritten later.
    [witness_duty] Say so only if you saw it with your own eyes.
    [set_password] Use at least 12 characters.
    [report_violation] Report wrongly sent and lost material at once: clocks run from the day on which the firm knew.
    [close_violation] Everybody reads what was learnt: write no name, and nothing that tells who it was.
    [decide_violation] A resolution of the body that read the answers is needed. It holds the case’s number and no name.
   *[other] {""}
}
