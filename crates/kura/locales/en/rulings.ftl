rulings = Rulings

ruling = Ruling

rulings-explained = How the representative director finally interprets clauses. When a clause is revised, its rulings lapse until they are confirmed.

no-rulings = There is no ruling yet.

ruling-given = { $name }, { $day }, on the clause as of version { $version }

ruling-confirmed = (confirmed on { $day })

ruling-state = { $state ->
    [in_force] in force
    [lapsed] lapsed by a revision, not confirmed
   *[superseded] replaced by another
}

replace-ruling = Replace it by another

rulings-lapsed = { $count } rulings to confirm

exceptions = Exceptions

exceptions-explained = What, by resolution of the CSR committee, does not comply with a clause until a day, and what is done instead. No rule of the system gives way by it.

no-exceptions = There are no exceptions. One is put before the CSR committee first, and recorded from the page of the resolution that was carried.

exception-until = until { $day }

exception-over = ended on { $day }

exception-ended = ended on { $day } by { $name }

exception-why-ended = Why it was ended

exceptions-open = { $count ->
    [one] { $count } exception
   *[other] { $count } exceptions
}
