rules-in-force = Rules in force

number-of-rules = Rules

number-of-invariants = Proved invariants

policy-version = Version of the policy

pack-ready = The pack that lies ready

pack-state = { $state ->
    [examining] It is being proved.
    [unproved] It is not proved and cannot come into force.
    [proved] It is proved.
   *[other] ?
}

pack-loosens = It loosens something: the CSR committee’s resolution is needed.

lets-in = lets in

refuses-now = refuses

clauses-and-rules = Clauses and rules

rules-count = { $count ->
    [one] { $count } rule
   *[other] { $count } rules
}

no-rule-here = No rule upholds this clause yet.

rule-permits = permits

rule-forbids = forbids
