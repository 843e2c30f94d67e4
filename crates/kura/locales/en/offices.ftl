offices = Offices and delegations

offices-explained = Who holds which office, until when, and who stands in for whom. While an office is delegated, the delegate holds it and whoever delegated it does not.

office-vacant = Nobody holds it.

office-until = until { $day }

office-by-delegation = by delegation of { $name } until { $day }

office-delegated = delegated to { $name } until { $day }

delegations = Delegations

delegation-told = { $name } to { $delegate }, from { $first } until { $last }

delegation-to-come = to come

vote-from-the-place-of = from the place of { $name }
