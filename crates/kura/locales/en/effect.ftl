effect = How the policy works

effect-explained = Figures of each clause, month by month: what its rules refused, how its duties were done, what was found, excepted and violated. They are counted, and judge nothing. Clauses, rules and duties are those of the version in force; refusals are counted by month since the program does so.

effect-until = until { $day }

effect-months = Months

effect-all-clauses = All clauses

effect-count-granted = Count, too, what was permitted after a refusal (reads the ledger of the last 90 days)

effect-month = Month

effect-figures = The figures

effect-rules = Rules that refused

effect-refusals = Refusals

effect-late = Late duties

effect-due = Duties due

effect-in-time = In time

effect-done-late = Done late

effect-still-late = Late, not done

effect-days-to-comply = Days from due to done (median)

effect-raised = Findings raised

effect-closed = Findings closed

effect-days-to-close = Days from raised to closed (median)

effect-days = { $days } days

effect-late-of = { $late } of { $due } times due

effect-raised-and-closed = { $raised } raised, { $closed } closed

effect-bar = { $month }: { $refusals } refusals; late duties: { $late }

effect-drawn = { $title }, { $months } months: { $refusals } refusals; late duties: { $late }

effect-rule-refused = refused { $times } times in these months

effect-earlier = { $times } times before refusals were counted by month

effect-granted = Of { $refused } refusals in the last 90 days, { $granted } were followed within 7 days by the same person being permitted the same on the same thing

cost = What it would ask of people

cost-explained = What this version asks that the one in force does not: times within the next year by the duties’ own calendar, people by the register of today.

cost-nothing = Nothing more than the version in force.

cost-each-time = each time after an operation

cost-duty-added = Another duty: { $title } ({ $office }, { $often })

cost-duty-removed = A duty less: { $title } ({ $office }, { $often })

cost-duty-changed = A duty changes: { $title } ({ $before }, { $often_before } → { $after }, { $often_after })

cost-office = { $office }: { $before } → { $after } times a year in all

cost-course = { $course }: { $people ->
    [one] { $people } person has to take it anew
   *[other] { $people } people have to take it anew
}

cost-acknowledge = { $people ->
    [one] { $people } person acknowledges the policy again
   *[other] { $people } people acknowledge the policy again
}

cost-acknowledge-if = { $people ->
    [one] If everyone is to acknowledge it again: { $people } person who has acknowledged what is in force
   *[other] If everyone is to acknowledge it again: { $people } people who have acknowledged what is in force
}

cost-refusals = { $times ->
    [one] { $times } decision of the last 90 days would have been a refusal
   *[other] { $times } decisions of the last 90 days would have been refusals
}
