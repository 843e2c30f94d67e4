duties = Duties

duty = Duty

duties-explained = What the policy asks for again and again, and the record of how it was done. Some of it the program does by itself; the rest is done by people in an office.

duties-waiting = Duties that wait

no-duty-waits = No duty waits.

duties-all = All duties

duty-office = Office

duty-deputy = Deputy

duty-due-on = Due

duty-cadence = How often

duty-next = Next

duty-escalates = When late, told to

duty-last-year = Within the last year

duty-times = How it was done

duty-never = It has not been due yet.

duty-scheduled-on = Set for

duty-by = Done by

duty-told = What was done


evidence = Evidence

evidence-source = { $source ->
    [system] found by the program
    [witnessed] seen by a witness
    [declared] declared by whoever did it
   *[other] ?
}

duty-witnessed-by = Witness: { $name }

cadence-on = After each “{ $operation }”

cadence-after-last = { $span } after the last time

span = { $unit ->
    [days] { $count ->
        [1] 1 day
       *[other] { $count } days
    }
    [weeks] { $count ->
        [1] 1 week
       *[other] { $count } weeks
    }
    [months] { $count ->
        [1] 1 month
       *[other] { $count } months
    }
   *[years] { $count ->
        [1] 1 year
       *[other] { $count } years
    }
}

cadence-every = { $unit ->
    [days] { $every ->
        [1] Daily
       *[other] Every { $every } days
    }
    [weeks] { $every ->
        [1] Weekly
       *[other] Every { $every } weeks
    }
    [months] { $every ->
        [1] Monthly
       *[other] Every { $every } months
    }
   *[years] { $every ->
        [1] Yearly
       *[other] Every { $every } years
    }
}

cadence-times-a-year = { $times } times a year

duty-late-since = late since { $day }

duty-of-others = done by the office

duty-of-the-program = done by the program

occurrence-state = { $state ->
    [open] { $late ->
        [late] late
       *[in_time] to be done
    }
    [reported] { $late ->
        [late] waits for a witness, late
       *[in_time] waits for a witness
    }
    [done] { $late ->
        [late] done late
       *[in_time] done
    }
   *[withdrawn] not asked for any more
}

the-program = The program

check-found = { $check ->
    [ledger] All { $of } records of the ledger are sound
    [ledger_bad] The { $of } records of the ledger do not agree with its signed head
    [backups] { $of } backups, the newest within two days
    [backups_bad] { $of } backups, none within two days
    [proofs] All { $of } proofs hold
    [proofs_bad] { $found } of { $of } proofs do not hold
    [custodians] All { $of } held items have a custodian
    [custodians_bad] { $found } of { $of } held items without a custodian
    [copies] None of { $of } copies at hand is past its time limit
    [copies_bad] { $found } of { $of } copies at hand past their time limit
    [training] All { $of } officers and staff have completed the courses asked of them
    [training_bad] { $found } of { $of } officers and staff lack a course asked of them
    [acknowledgements] All { $of } officers and staff have acknowledged the version in force
    [acknowledgements_bad] { $found } of { $of } officers and staff have not acknowledged the version in force
    [findings] None of { $of } findings is overdue
    [findings_bad] { $found } of { $of } findings that are not closed are overdue
    [self_inspections] All { $of } officers and staff have inspected themselves this quarter
    [self_inspections_bad] { $found } of { $of } officers and staff have not inspected themselves this quarter
    [leaks] In none of { $of } cases was somebody not told in time
    [leaks_bad] In { $found } of { $of } cases somebody was not told in time
   *[other] ?
}

found-of = { $found } of { $of } call for something to be done

duty-late = { $count } late

duty-due = due { $day }

duty-reported = waits for a witness

duty-done = { $in_time } in time, { $late } late

duty-not-due = not due yet

card-duties = Your duties that wait

how-it-is-done = How it is done

duty-last-done = last done { $day }

duty-next-on = next { $day }

duties-found = { $count } to be acted on
calendar = Calendar
calendar-explained = Your calendar program can subscribe to the days of your duties. Give it this address, your sign-in name, and as the password a token that you make here. No material and no matter is named in it. End the token, and the subscription ends.
calendar-token = Make a token for the calendar

mail-subject = Kura: { $count ->
    [one] something waits for you
   *[other] { $count } things wait for you
}

mail-intro = { $count ->
    [one] This waits for you.
   *[other] These { $count } wait for you.
}

mail-due = - { $title } (due { $day })

mail-late = - { $title } (due { $day }, late)

mail-told-late = - { $title } (due { $day }; { $office } has not done it)

mail-waits = - { $what }

mail-thing = { $kind ->
    [vote] A resolution awaits your vote
    [acknowledge] The policy in force, to be acknowledged
    [course] A course, to be taken
    [self_inspection] This quarter’s self-inspection
    [finding] A finding, to be answered or mended
    [check] A finding, to be checked
    [evaluation] An inspection, audit or evaluation that you conduct
    [tell] A case in which somebody must be told
    [case] A report, to be looked at
    [term] An office of yours that ends, to be renewed or handed over
    [others_term] Somebody’s office that ends, to be renewed or filled
   *[hearing] Something to be answered (see “Violations and losses”)
}

mail-why = Kura sends this by itself, about what waits for you. It names no material and no matter.
