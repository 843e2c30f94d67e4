violations = Violations and losses

violations-explained = Report violations, losses, what was wrongly sent and unauthorised access here. Only those who handle reports learn that it was you.

cases-of-yours = Cases that concern you

no-cases = No case concerns you.

lessons-learnt = What was learnt

no-lessons = Nothing yet.

case-title = { $number } { $kind }

case-concern = { $concern ->
    [handles] you handle it, or decide
    [answers] it is about you
   *[reported] you reported it
}

case-state = { $state ->
    [reported] reported
    [dismissed] not investigated
    [investigated] being investigated
    [heard] the person concerned is heard
    [decided] decided
    [appealed] appealed
   *[closed] closed
}

case-tell-by = tell by { $day }

clock-exempt = not needed: the consignor was told

clock-overdue = overdue since { $day }

clock-due = by { $day }

clock-late = told on { $done }, due { $day }

clock-done = told on { $day }

clock-whom = Whom to tell

clock-source = Source

case-told = What was reported

case-reporter = Who reported it

case-sealed = not even in the ledger

case-known-to-handlers = known only to those who handle reports

case-about = Person concerned

case-about-nobody = Not known

case-unknown = (you may not know of it: its number alone)

case-on-hold = On hold

case-held = { $count } items on hold

case-decides = Body that decides

case-decided = Decided

case-clocks = Whom to tell, by when

case-steps = What became of it

case-step = { $step ->
    [reported] Reported
    [dismissed] Not to be investigated
    [investigated] To be investigated
    [noted] Found out
    [said] Answered
    [decided] Decided
    [appealed] Appealed
   *[closed] Closed
}

case-notified = { $clock }: done on { $day }

case-heard-until = Hearing, until { $day }

charge-title = { $number } A case about you

charge-explained = This is what is held against you. You can answer as often as you like until the day. The body decides after it has read your answers.

charge-told = What is held against you

charge-appeal-until = You can appeal until

violations-on = { $count ->
    [one] { $count } case
   *[other] { $count } cases
}

actor-sealed = (who reported is sealed)

report-it = Report a loss, a wrong recipient or a violation
