no-matter = There is no matter.

no-matter-teach = Matters that you work on appear here. Ask a matter’s custodian to put you on it.

closed-matters = Closed matters

matter-is-closed = This matter is closed.

what-the-terms-allow = What the terms allow

allowed = Yes

not-allowed = No

term-copies = make copies

term-summaries = make summaries

term-subcontractor = give it to a subcontractor

term-generative-ai = give it to a generative-AI service

term-personal-device = have it on a device of one’s own

term-abroad = take or send it abroad

matter-facts = About the matter

its-material = Its material

members = People on it

no-members = Nobody is on it yet.

take-off = Take off

put-on = Put someone on it

still-out = Still out

nothing-is-out = everything is returned or erased

still-out-explained = The matter closes only when all of it is returned or erased and no copy is left.

out-item = item: { $state }

out-copy = copy with { $holder }

parties = Parties

parties-empty = No party is registered yet.

parties-explained = Consignors, subcontractors: organisations and people outside the firm.

recipient-there = there

recipient-missing = missing: nothing can be sent

material-by-state = Material by state

copy-holder = Held by

who-may-use-what = Who may use which class

who-may-use-what-explained = Whether they may open the matter's material, inside the office and having just shown who they are. Permissions on single items are not counted.
