requirements = 法令・契約の登録簿

requirements-explained = 方針は最低限の定めです。条項より厳しい取扱いを求める法令・条約・契約・指針をここに登録し、それぞれの期日までに見直します。

no-requirements = 登録はまだありません。

# $count (Number)
requirements-elsewhere = ほかに、閲覧できない案件を対象とするものが { $count } 件あります。

requirements-of-all-clauses = すべての条項のものを見る

# $day (String)
requirement-review-by = { $day }までに見直し

# $day (String)
requirement-overdue = 見直しの期日（{ $day }）を過ぎています

# $day (String)
# $name (String)
requirement-ended = { $day }に{ $name }が登録から外しました

# $day (String)
# $name (String)
requirement-added = { $day }に{ $name }が登録

requirement-newest-review = 最新の見直し

requirement-earlier-reviews = これまでの見直し

# $told (String)
# $day (String)
# $name (String)
requirement-reviewed = { $told }（{ $day }、{ $name }）

requirement-why-ended = 登録から外した理由

# $count (Number)
requirements-hold = 法令・契約 { $count }件

# $count (Number)
requirements-overdue = 見直し期日超過 { $count }件
