changes = システムの変更

changes-explained = システムの変更は、計画し、部会が決議してから行い、結果を記録します。急ぐものは先に行い、あとで決議を得ます。

no-changes = 変更はまだありません。

# $state (String)
change-state = { $state ->
    [planned] 計画
    [approved] 決議済み
    [done] 実施済み
   *[undone] 元に戻した・取りやめた
}

change-unapproved = 決議がまだありません

change-urgent = 急ぎ

change-words = 変更の内容

change-resolved = 部会の決議

change-outcome = 結果
