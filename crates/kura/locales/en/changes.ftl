changes = Changes to the systems

changes-explained = A change to the systems is planned, resolved upon by the subcommittee, done and recorded. What cannot wait is done first and resolved upon afterwards.

no-changes = There is no change yet.

change-state = { $state ->
    [planned] planned
    [approved] resolved upon
    [done] done
   *[undone] not done
}

change-unapproved = not resolved upon yet

change-urgent = urgent

change-words = What is changed

change-resolved = The subcommittee’s resolution

change-outcome = What came of it
