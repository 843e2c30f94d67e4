card-to-decide = 判断を待っている依頼

card-mine = 自分の依頼

card-due = 返却・消去の期限が近い資料

card-due-empty = 30日以内に期限が来る資料はありません

card-copies = 手元にある複製

card-copies-empty = 手元にある複製はありません

card-grants = まもなく終わる許可

card-grants-empty = 30日以内に終わる許可はありません

card-orphans = 管理責任者が不在の資料

card-orphans-empty = すべての資料に管理責任者がいます

card-news = 管理している資料の動き

card-news-empty = 最近、ほかの人による操作はありません

nothing-waits = 今、対応が必要なものはありません。

nothing-waits-teach = 依頼や期限、管理している資料の動きが、ここに表示されます。資料を預かることから始められます。

nothing-else = ほかに待っているものはありません

# $party (String)
to-give-back-to = 委託者 { $party }

# $person (String)
grant-of = { $person } の利用許可

# $person (String)
custodian-is-gone = { $person } は利用停止中です

# $manner (String)
manner-of-copy = { $manner ->
    [download] 持出し
    [transmission] 伝達
   *[other] 複製
}

# $person (String)
asked-by = 申請者 { $person }

# $count (Number)
approvals-of-two = 承認 { $count }人／2人

# $count (Number)
refusals = 却下 { $count }件

request-moved = 資料が変更されたため、再申請が必要です

# $told (String)
lapses = 失効 { $told }

decide = 理由を読んで判断する

carry-out = 実行する

you-decided = 判断済みです

# $class (String)
reclassify-to = 機密区分を「{ $class }」に変更

to-decide-empty = 判断を待っている依頼はありません。

mine-empty = 自分の依頼はありません。承認が必要な操作は、資料のページから申請できます。

requests-of-others = ほかの人の依頼

# $operation (String)
refused-operation = 拒否：{ $operation }

actor-erased = （消去済み）

actor-kura = Kura

actor-founder = 設置者
