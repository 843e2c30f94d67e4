rulings = 解釈裁定

ruling = 裁定

rulings-explained = 代表取締役が示した、条項の最終の解釈です。条項が改定されると、確認されるまで効力を失います。

no-rulings = 解釈裁定はまだありません。

# $name (String)
# $day (String)
# $version (Number)
ruling-given = { $name }、{ $day }、第{ $version }版の条項について

# $day (String)
ruling-confirmed = （{ $day }に確認）

# $state (String)
ruling-state = { $state ->
    [in_force] 効力あり
    [lapsed] 条項の改定により失効（未確認）
   *[superseded] 別の裁定に置き換え済み
}

replace-ruling = 別の裁定に置き換える

# $count (Number)
rulings-lapsed = 確認を待つ裁定 { $count }件

exceptions = 例外

exceptions-explained = CSR委員会の決議により、期限を定めて条項に従わないことを認め、代わりの措置を取っているものです。例外があっても、システムの規則は変わりません。

no-exceptions = 例外はありません。例外はまずCSR委員会に諮り、可決された決議のページから記録します。

# $day (String)
exception-until = { $day }まで

# $day (String)
exception-over = { $day }に終了

# $day (String)
# $name (String)
exception-ended = { $day }に{ $name }が終了

exception-why-ended = 終えた理由

# $count (Number)
exceptions-open = 例外 { $count }件
