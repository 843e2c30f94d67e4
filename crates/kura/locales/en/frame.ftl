skip = Skip to the page

find = Find material by name

find-button = Find

take-in = Take in

main-navigation = Main pages

other-language = 日本語

sign-out = Sign out

nav-today = Today

nav-register = Register

nav-matters = Matters

nav-requests = Requests

nav-policy = Policy

nav-administration = Administration

back = Back

back-to-today = To today

cancel = Cancel

yes = Yes

no = No

all = All

choose = Choose

needed = Required

list-comma = {", "}

due-today = today

overdue = { $days ->
    [one] { $days } day overdue
   *[other] { $days } days overdue
}

in-days = { $days ->
    [one] in { $days } day
   *[other] in { $days } days
}

just-now = just now

minutes-ago = { $count ->
    [one] { $count } minute ago
   *[other] { $count } minutes ago
}

hours-ago = { $count ->
    [one] { $count } hour ago
   *[other] { $count } hours ago
}

days-ago = { $count ->
    [one] { $count } day ago
   *[other] { $count } days ago
}

clause = Clause

reason = Reason

whom-to-ask = Whom to ask

consignor = Consignor

column-name = Name

column-state = State

column-due = Due

column-file = File

column-size = Size

column-holder = Holder

column-action = Action

column-what = What

column-who = Who

column-when = When

column-where = Where

column-record = Ledger no.

column-recipient = Key for transmission

sought-more = The first 50 are shown. Type a part of the name to find the others.
