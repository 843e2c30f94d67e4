card-to-decide = Requests for you to decide

card-mine = Your own requests

card-due = Material due to be returned or erased

card-due-empty = nothing falls due within 30 days

card-copies = Copies that you hold

card-copies-empty = you hold none

card-grants = Permissions that end soon

card-grants-empty = none ends within 30 days

card-orphans = Material without a custodian

card-orphans-empty = everything has a custodian

card-news = What happened to your material

card-news-empty = nobody else has done anything lately

nothing-waits = Nothing waits for you.

nothing-waits-teach = Requests, days that come nearer and what happens to your material appear here. You can begin by taking material in.

nothing-else = Nothing else waits

to-give-back-to = from { $party }

grant-of = { $person }’s permission

custodian-is-gone = { $person } is suspended

manner-of-copy = { $manner ->
    [download] taken out
    [transmission] transmitted
   *[other] copy
}

asked-by = asked by { $person }

approvals-of-two = { $count } of 2 approvals

refusals = { $count } refused

request-moved = the item has changed: it must be asked again

lapses = lapses { $told }

decide = Read and decide

carry-out = Carry it out

you-decided = you have decided

reclassify-to = Reclassify to { $class }

to-decide-empty = No request waits for your decision.

mine-empty = You have asked for nothing. What needs approval is asked for on the item’s page.

requests-of-others = Requests of others

refused-operation = Refused: { $operation }

actor-erased = (erased)

actor-kura = Kura

actor-founder = the founder
