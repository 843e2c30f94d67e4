evaluations = Inspections, audits, evaluations

evaluation = Evaluation

evaluations-explained = The work of each office is held against clauses, on the technical, physical and human side. Only an auditor who does not hold the office audits it.

no-evaluations = There is none yet.

evaluation-kind = { $kind } ({ $aspect })

evaluation-overdue = overdue since { $day }

evaluation-due = by { $day }

evaluation-closed = closed on { $day }

findings-of = { $all } ({ $open } not closed)

said-by = { $name }, { $when }

from-to = { $first } to { $last }

looked-at-days = Days looked at

planned-by = Planned

criteria = Clauses that it is held against

samples = Samples

samples-explained = A sample is drawn by a seed that is on record. With the seed and the size of the population anybody draws the same one again.

sample-of = Sample { $draw }: { $size } of { $population }, { $from }

seed = Seed

drawn-what = What was drawn

place-in-population = Place in the population, from 0

drawn-item = { $class }, { $form }, custodian { $custodian }

papers-before = Working papers of before

findings = Findings

finding = Finding

no-findings-yet = There are no findings.

no-findings = There are no findings that you may see.

findings-explained = What does not conform, with its root cause, correction and corrective action. Somebody other than whoever mended it says whether that is effective.

findings-open-only = Only those not closed

findings-closed-too = Closed ones too

finding-state = { $state ->
    [open] to be answered
    [answered] being mended
    [done] to be checked
   *[closed] closed
}

finding-due = { $state }, by { $day }

finding-overdue = { $state }, overdue since { $day }

finding-came-back = It has come back

finding-before = See the finding of before

finding-what = What does not conform

finding-told = What was told

finding-steps = What became of it

no-steps = It has not been answered yet.

finding-step = { $step ->
    [answered] Answered
    [assigned] Given to another person
    [done] Corrective action done
    [effective] Found to be effective
   *[ineffective] Found not to be effective
}

findings-on = { $overdue ->
    [0] { $count ->
        [one] { $count } finding
       *[other] { $count } findings
    }
   *[other] { $count ->
        [one] { $count } finding ({ $overdue } overdue)
       *[other] { $count } findings ({ $overdue } overdue)
    }
}

report-word = Report

report-title = Report: { $title }

report-criteria = Clauses: { $of }, of which { $good } conforming and { $bad } not

report-samples = Drawn: { $of }, of which { $good } conforming and { $bad } not

report-findings = Findings: { $major } major, { $minor } minor, { $observation } observations

report-printed = Shown on { $when }

ledger-entry = Record in the ledger

not-concluded = There is no conclusion yet.

self-inspection = Self-inspection

self-inspections = What self-inspections say

self-inspection-title = Self-inspection { $quarter }

self-inspection-explained = Look at how you handle confidential information. It takes five minutes. What you answer is on record and cannot be changed.

self-inspection-waits = This quarter’s self-inspection waits for you. It takes five minutes.

self-inspection-answer = { $answer ->
    [yes] Yes
    [no] No
   *[not_applicable] It does not concern me
}

self-inspection-told = What is not so, and what you will do about it

self-inspection-told-help = Write it where you answer no. The subcommittee reads it, and helps.

self-inspected = You answered on { $day }.

self-inspected-of = { $done } of { $of } have answered

no-self-inspection = The policy in force has no questions for a self-inspection.

self-inspection-question = Question

self-inspection-not-so = What is not so

self-inspection-all-so = Nobody says that anything is not so.

quarter = Quarter
