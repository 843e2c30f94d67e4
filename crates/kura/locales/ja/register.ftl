# $count (String)
found = { $count }件

# $count (String)
found-more = { $count }件以上

as-workbook = 表として保存（XLSX）

as-table = CSV

column-id = 番号

find-name = 含む言葉

due-by = 期限がこの日まで

narrow = 絞り込む

show-all = すべて表示

next-page = 次のページ

nothing-found = 条件に合う資料はありません。

nothing-found-teach = 条件を減らすか、別の言葉でお試しください。台帳には、ご覧になれる資料だけが表示されます。

register-empty = ご覧になれる資料はまだありません。

register-empty-teach = 委託者から受け取った資料を預かると、ここに登録されます。

saved-views = 保存した表示条件

save-this-view = この条件を保存する（名前）

save = 保存
