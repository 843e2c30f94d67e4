what-you-may-do = What you may do

may-do-nothing = There is nothing for you to do here now.

what-you-may-not = What you may not do, and why

no-rule-permits = No rule permits it.

ask-for-approval = Ask for approval

what-would-change-it = What would change it

what-it-is = What it is

handling = Handling

tier-public = Public. Keep it from tampering and destruction.

tier-limited = Limited release. Permitted people do permitted operations only.

tier-non-public = Non-public. Only those on the matter, or with permission, use it; each opening, copy and transmission is recorded.

copy-days = A copy taken out is destroyed, and attested so, within { $days } days.

taken-at = Came in

shared-with-guests = Shared with the consignor’s guests

versions = Versions

stored-at = Stored

lineage = Lineage

lineage-told = { $origins } it was made from, { $made } made from it

to-requests = To requests

copies-out = Copies

gone-on = gone on { $day }

grants = Permissions

until-day = until { $day }

holds = Holds

is-on-hold = A hold is on it: it is neither returned nor erased.

statements = Statements

statement-file = File to verify

timeline = Timeline

earlier = Earlier

package-explained = This goes to the consignor. Hand over every version, then confirm that it arrived.

save-file = Save the file

take-in-explained = Which matter does it belong to? Choose one, and its form opens.

why-not = Why not: { $operation }

it-is-permitted = It is permitted.

nothing-would = Nothing that people can change would permit it.

intake-drop = Drag files or folders here, or onto any page. Pictures can be pasted.

intake-files = Choose files

intake-folders = Choose a folder

intake-going = sending

intake-waits = waiting for the network; what was sent is kept

intake-paused = paused

intake-done = taken in

intake-failed = It could not be taken in. Try again.

intake-folder = Folder:

intake-look = Look at it

intake-progress = Progress

intake-pause = Pause

intake-remove = Remove

intake-send = Take in

take-in-singly = Paper, media, or one at a time

label = Label

label-explained = Print it and put it on the paper or the medium. The name is not on it. The picture leads to this item's page, for those who may see it.

print-label = Make a label

same-content = There is other material with the same content.
