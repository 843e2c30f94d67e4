what-is-gone = What will be gone, and what stays

gone-version = Gone: version { $number }, { $name } ({ $size })

gone-key = Gone: its key and its name, in backups too

stays-copy = Stays: the copy that { $holder } holds ({ $place })

stays-derivative = Stays: what was made from it, { $name }

type-the-name = Type the name to confirm

type-the-name-help = Type “{ $name }”. This cannot be undone.

request-asked = What is asked for

asked-by-whom = Who asks
