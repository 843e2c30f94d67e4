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

policy-draft = Draft revision

version-state = { $state ->
    [draft] draft
    [scheduled] scheduled
    [in_force] in force
    [ended] former version
    [withdrawn] withdrawn
   *[other] ?
}

see-what-changes = See what changes

documents = Documents

document = Document

document-level = Kind

level = { $level ->
    [policy] policy
    [standard] standards
    [regulation] regulation
    [procedure] procedure
    [form] forms
   *[other] ?
}

number-of-clauses = Clauses

in-force-on = In force on this day

show = Show

version-since = Version { $version }, in force from { $day }

version-number = Version { $version }

as-it-is-since = As it is since

nothing-in-force = No version was in force on this day.

where-clauses-stand = Where the clauses stand

duties-count = { $count ->
    [one] 1 duty
   *[other] { $count } duties
}

not-upheld = neither rule nor duty

read-the-clause = Read the clause

versions-of-the-policy = Versions of the policy

versions-of-the-document = Versions of this document

version = Version

effective-from = In force from

resolution = Resolution

what-changed = Documents changed

decided-by = Decided by

signed-by = Signed by

drafted-by = Drafted by

one-language = English alone

both-languages = Beside the Japanese

comparison-table = Comparison table

comparison-explained = What was removed is struck through, what was added is underlined.

differs = { $how ->
    [added] new
    [removed] removed
    [changed] changed
    [moved] moved
   *[other] ?
}

what-rules-change = What the rules decide otherwise

no-rule-changes = The rules decide as before.

what-duties-change = What changes among the duties

no-duty-changes = The duties stay as they are.

no-text-changes = The documents stay as they are.

no-draft = There is no draft.

board-summary = Of { $clauses } clauses { $upheld } are upheld by a rule or a duty. Of { $duties } duties { $late } are late. { $findings } findings are not closed.

pack-files = Download the policy’s files (ZIP)

draft-upload = Draft from files

draft-upload-explained = The policy is files: documents, courses, duties, bodies and rules. Download them, edit them with any text editor, and send them back. Nothing changes by that: the draft is checked, proved and compared first, then decided upon.

draft-reason-help = Why there is to be another version. It stands in the record of the versions.

draft-archive = The policy’s files, as one ZIP

draft-archive-help = Pack the whole folder, with what you did not change as well. At most 4 MiB.

all-documents = all documents

acknowledge-title = Acknowledge the policy

acknowledge-explained = Read these documents to the end, then agree to the pledge.

acknowledge-again = You have acknowledged the version in force.

acknowledge-waits = The policy in force waits for your acknowledgement

acknowledge-waits-explained = Until then you cannot use material of class Internal or above.

read-and-acknowledge = Read and acknowledge

acknowledgements = Acknowledgements

acknowledged-of = { $count } of { $of } have acknowledged it

acknowledged-state = Acknowledged

not-acknowledged = not yet

acknowledged-already = acknowledged

resolutions = Resolutions

resolutions-explained = What the bodies decided, and the vote of each member on record.

no-resolutions = There is no resolution yet.

resolution-about = About

resolution-state = { $state ->
    [open] being voted on
    [carried] carried
    [rejected] rejected
    [lapsed] lapsed: no quorum
   *[other] ?
}

votes-so-far = { $yes } yes, { $no } no, { $abstain } abstained

quorum-of = { $members } members, { $voted } voted, quorum { $quorum }

votes = Votes

vote-signed = signed with their own passkey

vote-witnessed = witnessed by the server alone

proposed-by = Put forward by

your-vote-waits = Your vote is awaited

put-before-the-body = Put it before a body

card-votes = Resolutions that await your vote

vote-when = When

vote-how = How

replay = Replay of the past

replayed = { $count } decisions of the last 90 days were made again by the rules of this version.

no-reversals = None of them would have been another.

reversal = { $person }: { $what }, { $times } times

rule-denials = refused { $times } times, last { $last }
gather-evidence = Gather the evidence
evidence-gathered = The evidence was gathered: { $entries } entries of the ledger, { $refused } refusals by this clause’s rules, { $occurrences } times of its duties, { $acts } steps of rulings, exceptions and findings.
evidence-verify = The file can be verified with kura-verify, without this server. Every figure is counted again from the entries of the ledger that it holds.
evidence-page = A page that prints
