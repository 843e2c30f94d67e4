field = { $name ->
    [item] Item
    [matter] Matter
    [class] Class
    [source] Source
    [upload] File
    [place] Place
    [name] Name
    [custodian] Custodian
    [shared] Share it with the consignor’s guests
    [kind] Kind
    [version] Version
    [personal_device] It is a device of one’s own
    [copy] Copy
    [manner] Manner
    [person] Person
    [until] Until
    [to] New custodian
    [operation] What you want to do
    [confirmed_by] Who confirmed it
    [reason] Reason
    [request] Request
    [refuse] Refuse it
    [hold] Hold
    [party] Party
    [recipient] Recipient
    [basis] Basis
    [generative_ai] It is for a generative-AI service
    [relation] How it relates
    [code] Code
    [purpose] Purpose
    [return_by] Return or erase by
    [copies] Copies may be made
    [summaries] Summaries may be made
    [subcontractor] It may go to a subcontractor
    [abroad] Abroad
    [remove] Take the person off
    [login] Sign-in name
    [employment] Employment
    [clearance] Clearance
    [password] New password
    [current] Present password
    [suspended] Suspended
    [office] Office
    [dismiss] Take the office away
    [course] Course
    [attempt] Attempt
    [answers] Answers
    [label] What it is for
    [scope] Scope
    [days] Days
    [token] Token
    [passkey] Passkey
    [digest] SHA-256 of the pack
    [occurrence] Duty
    [told] What was done and found
    [done_on] Day on which it was done
    [population] How many were looked at
    [found] How many call for something
    [effective_on] In force from
    [begins_from] Begin from
    [firm_ja] What the firm is called in Japanese
    [firm_en] What the firm is called in English
    [read] I have read it to the end
    [language] Language in which it was read
    [body] Body
    [title] Subject
    [words] What is resolved
    [closes_on] Vote until
    [choice] Your vote
    [resolution] Resolution
    [ruling] Ruling
    [exception] Exception
    [delegation] Delegation
    [delegate] Delegate
    [supersedes] Ruling that it replaces
    [question] Question
    [about] What it is about
    [measure] What is done instead
    [major] Everyone acknowledges again
    [backup] The backup’s name
    [form] Form
    [generic] Field
    [table] Table
    [taken] Taken on
    [due] Due
    [without_invitation] Make no invitations
    [device] Device
    [end] End it
    [query] Narrowing
    [clause] Clause
    [mail] Mail address
    [first_day] First day
    [last_day] Last day
    [aspect] Side of security
    [audited] Office looked at
    [lead] Conducted by
    [due_on] To be done by
    [from] Drawn from
    [number] Number
    [draw] Sample
    [result] Result
    [grade] Grade
    [owner] Answered for by
    [conclusion] Conclusion
    [cause] Root cause
    [correction] Correction
    [corrective] Corrective action
    [effect] Effectiveness
    [evaluation] Evaluation
    [finding] Finding
    [happened_on] When it happened
    [known_on] When the firm knew
    [sealed] Keep even from the ledger who reports it
    [personal] Personal data that it touches
    [handler] Handled by
    [charge] What is held against them
    [answer_by] To be answered by
    [sanction] What follows
    [lesson] What everybody learns
    [clock] Clock
    [violation] Case
    [requirement] Law, treaty or contract
    [asks] What it asks for beyond the policy
    [found_at] Where its text stands
    [review_on] Review by
    [next_review] Next review by
    [way_back] How it is undone
    [planned_on] To be done on
    [urgent] It cannot wait for a resolution
    [outcome] Outcome
    [change] Change
   *[other] ?
}

label-of = { $name ->
    [report_violation-told] What happened
    [report_violation-about] Whom it is about
    [triage_violation-about] Person concerned
    [answer_charge-told] Your answer
    [appeal_decision-reason] Why you appeal
    [record_notice-told] Who was told, what and how
    [record_notice-done_on] Day on which they were told
    [note_investigation-told] What was found out
    [decide_violation-told] What the person concerned is told
    [check_sample-told] What was looked at and found
    [judge_criterion-told] What was looked at and found
    [raise_finding-told] What does not conform
    [complete_action-told] What was done, and how that is seen
    [check_effectiveness-told] What was looked at and found
    [plan_evaluation-title] What it is called
    [raise_finding-due] To be answered by
    [answer_finding-due] Corrective action done by
    [draw_sample-number] How many
    [record_notice-clock] Who must be told
    [triage_violation-dismiss] It is no violation, and is not investigated
    [check_sample-number] Number
   *[other] {""}
}

field-help = { $name ->
    [source] Who handed it over, when and how; or where it comes from and on what basis.
    [upload] Up to 64 MB. Leave it empty for paper or a medium.
    [place] Where something tangible is kept. Leave it empty for a file.
    [name] The file’s own name when left empty.
    [version] The newest when left empty.
    [confirmed_by] The name of who confirmed at the consignor.
    [ask-class] The class that it is to get.
    [transmit-recipient] The person there.
    [add_party-recipient] Their age recipient (age1…), for what is transmitted to them.
    [download-place] The device or place where the copy will be.
    [add_person-party] Whom a guest belongs to. Leave it empty for staff.
    [add_person-until] A guest’s last day.
    [reset_sign_in-password] Leave it empty to make an invitation, so that nobody but them knows their password.
    [add_person-password] Leave it empty to make an invitation, so that nobody but them knows their password.
    [open_matter-custodian] You, when left empty.
    [attest-manner] How it was destroyed, or to whom it was brought back.
    [hand_over_all-person] Who is accountable now.
    [hand_over_all-to] The new custodian.
    [hand_over_all-matter] Left empty, of all matters.
    [hand_over_matter-to] The new custodian.
    [add_people-login] Lower-case letters, digits, . - _ @: a staff number, an account name.
    [add_people-name] Their name.
    [add_people-employment] Director, regular, contract, dispatched or intern.
    [add_people-clearance] The highest class that they may handle.
    [without_invitation] Choose it when everyone signs in with the firm's provider.
    [add_person-name] Their name.
    [open_matter-name] The matter’s name.
    [add_party-name] The organisation’s or person’s name.
    [change_person-name] Only when it changes.
    [change_person-employment] Only when it changes.
    [change_person-clearance] Only when it changes.
    [collect-custodian] The matter’s custodian when left empty.
    [take-custodian] The matter’s custodian when left empty.
    [mail] Reminders of duties go there. Nowhere when left empty.
    [add_people-mail] It may be left empty.
    [appoint-until] The last day of the term. Leave it empty for one without end. To appoint again changes the term.
    [delegate_office-delegate] Who holds the office meanwhile. You do not hold it then.
    [delegate_office-first_day] Today when left empty.
    [delegate_office-last_day] Within 92 days. The office is yours again on the day after.
    [first_day] 90 days before the last day when left empty.
    [last_day] Today when left empty.
    [reason] It is recorded, and read by whoever decides.
    [basis] The lawful basis, for example the contract.
    [login] Lower-case letters, digits, . - _ @.
    [employment] Leave it empty for a guest.
    [clearance] The highest class they may handle. Leave it empty for a guest.
    [until] Valid until the end of that day.
    [manner] For example: shredded; brought by hand.
    [password] 12 to 512 characters.
    [days] 1 to 90 days (400 for the calendar); 1 (365) when left empty.
    [refuse] Without a tick it is approved.
    [table] CSV (UTF-8, UTF-16 or CP932/Shift_JIS) or XLSX (its first sheet), up to 16 MiB and 20,000 rows.
    [import_items-name] What the material is called. Needed.
    [import_items-class] Name of the class. What your firm calls otherwise can be mapped later.
    [import_items-matter] The matter's code. The matter must be in the register.
    [import_items-custodian] Name or sign-in name. The matter's custodian when empty.
    [import_items-kind] Lent, communication, work or deliverable.
    [import_items-form] Electronic or tangible.
    [import_items-place] Where paper or a medium is kept, or where a file lies now.
    [import_items-source] Where it comes from, and how.
    [import_items-taken] When it was taken. Today when empty.
    [import_items-due] When it is to be returned or erased. The matter's day when empty.
    [raise_finding-told] What is not so, and how that is seen.
    [raise_finding-due] Within 14 days when left empty.
    [raise_finding-owner] Who finds the cause and mends it.
    [plan_evaluation-first_day] The first day of what is looked at.
    [plan_evaluation-last_day] The last day of what is looked at.
    [plan_evaluation-clause] Others can be added later.
    [plan_evaluation-lead] Of an audit: an auditor who does not hold the office.
    [draw_sample-number] 1 to 100; all of them when there are fewer.
    [cause] Why it came about: not the fact, but what is behind it.
    [correction] How what was found was put right.
    [corrective] What is done so that it does not come back.
    [answer_finding-due] The day by which the corrective action is done.
    [report_violation-told] When, where, what; as far as you know.
    [report_violation-about] Leave it empty when you do not know.
    [report_violation-item] Filled in when you report from the item’s page.
    [report_violation-matter] Leave it empty when no matter is concerned.
    [happened_on] Leave it empty when you do not know.
    [known_on] Today when left empty.
    [sealed] Not even an auditor learns who reported. Sent twice, it is two reports.
    [triage_violation-handler] You, when left empty.
    [triage_violation-about] Left empty, as it was reported. Needed for a hearing.
    [answer_by] The least that the policy allows, when left empty.
    [decide_violation-told] The person concerned reads it.
    [decide_violation-resolution] Carried by the body that decides, with the case’s number in its words and no name.
    [charge] The person concerned reads this and nothing else: write nothing that tells who reported.
    [add_requirement-name] The law and its article, or what the contract is called.
    [add_requirement-matter] The matter that it binds: only those learn of it who may know of the matter. Left empty, it binds all work.
    [review_requirement-told] What was looked at, and what has changed.
    [review_on] Within three years.
    [found_at] For example an address on the web, or the cabinet that holds the contract.
    [next_review] Within three years.
    [plan_change-words] What is changed, and on which system.
    [urgent] The subcommittee resolves upon it afterwards.
    [record_change-told] What was done, and how it was seen that it works.
   *[other] {""}
}

choice = { $value ->
    [ja] Japanese
    [en] English
    [yes] yes
    [no] no
    [abstain] abstain
    [recuse] no part: conflict of interest
    [csr_committee] the CSR committee
    [risk_management_subcommittee] the risk-management subcommittee
    [model] the model policy
    [in_force] what is in force
    [lent] lent
    [derivative] derivative
    [communication] communication
    [work] work
    [deliverable] deliverable
    [electronic] electronic
    [tangible] tangible
    [copy] copy
    [summary] summary
    [other] other derivative
    [erase] erase
    [reclassify] reclassify
    [confirm_return] confirm the return
    [director] director
    [regular] regular employee
    [contract] contract employee
    [dispatched] dispatched employee
    [intern] intern
    [guest] guest
    [representative_director] representative director
    [csr_committee] CSR committee
    [risk_management_subcommittee] risk-management subcommittee
    [chief_system_administrator] chief system administrator
    [system_administrator] system administrator
    [network_administrator] network administrator
    [self_managed_domain_administrator] administrator of a self-managed domain
    [auditor] auditor
    [law] law
    [treaty] treaty
    [agreement] contract
    [guideline] guideline
    [all] everything
    [read] reading only
    [calendar] the calendar of one’s own duties only
    [true] yes
    [false] no
    [inspection] inspection
    [audit] audit
    [evaluation] evaluation
    [technical] technical
    [physical] physical
    [human] human
    [conforms] conforms
    [nonconforming] does not conform
    [not_applicable] does not apply
    [major] major nonconformity
    [minor] minor nonconformity
    [observation] observation
    [items] held material
    [records] records of the ledger
    [people] officers and staff
    [duties] times of duties
    [effective] effective
    [ineffective] not effective
    [breach] violation
    [wrongly_sent] wrongly sent
    [lost] lost or stolen
    [accessed] unauthorised access
    [none] none
    [reportable] to be reported (sensitive, financial harm, more than 1,000 persons)
    [improper] improper purpose feared
    [report_handler] report handler
    [done] done
    [undone] undone, or not done
   *[other] ?
}

state = { $state ->
    [held] held
    [returning] being returned
    [confirmed] return confirmed
    [returned] returned
    [erasing] being erased
    [erased] erased
   *[other] ?
}

request-state = { $state ->
    [open] open
    [done] done
    [refused] refused
   *[other] ?
}

whom = { $office ->
    [custodian] the custodian
    [self] yourself
    [representative_director] the representative director
    [csr_committee] the CSR committee
    [risk_management_subcommittee] the risk-management subcommittee
    [chief_system_administrator] the chief system administrator
    [system_administrator] a system administrator
    [network_administrator] the network administrator
    [self_managed_domain_administrator] the administrator of a self-managed domain
    [auditor] the auditor
    [report_handler] those who handle reports
   *[other] the custodian
}

statement = { $kind ->
    [receipt] Receipt
    [counter_receipt] Counter-receipt
    [certificate] Certificate of erasure
    [report] Report
    [evidence] Evidence
   *[other] ?
}
