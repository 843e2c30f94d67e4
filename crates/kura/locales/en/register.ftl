found = { $count } found

found-more = more than { $count }

as-workbook = Save as a table (XLSX)

as-table = CSV

column-id = Id

find-name = Words

due-by = Due by

narrow = Narrow down

show-all = Show all

next-page = Next page

nothing-found = Nothing matches.

nothing-found-teach = Use fewer conditions or another word. The register shows only what you may know of.

register-empty = There is nothing here for you yet.

register-empty-teach = Material that you take into custody is registered here.

saved-views = Saved views

save-this-view = Save this narrowing as

save = Save
