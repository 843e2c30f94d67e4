requirements = Laws and contracts

requirements-explained = The policy is the minimum. The laws, treaties, contracts and guidelines that ask for more than a clause does are followed, and each is reviewed by its day.

no-requirements = Nothing is registered here.

requirements-elsewhere = { $count ->
    [one] One more binds a matter that you may not know of.
   *[other] { $count } more bind matters that you may not know of.
}

requirements-of-all-clauses = Those on all clauses

requirement-review-by = review by { $day }

requirement-overdue = was to be reviewed by { $day }

requirement-ended = off the register since { $day }, by { $name }

requirement-added = Registered on { $day } by { $name }

requirement-newest-review = Newest review

requirement-earlier-reviews = Earlier reviews

requirement-reviewed = { $told } ({ $day }, { $name })

requirement-why-ended = Why it was taken off

requirements-hold = { $count ->
    [one] { $count } law or contract
   *[other] { $count } laws and contracts
}

requirements-overdue = { $count ->
    [one] { $count } review overdue
   *[other] { $count } reviews overdue
}
