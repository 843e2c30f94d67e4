duties = 義務

duty = 義務

duties-explained = 方針が定期的に求める行いと、その履行の記録です。システムが自動で行うものと、役職にある人が行うものがあります。

duties-waiting = 履行を待つ義務

no-duty-waits = 履行を待つ義務はありません。

duties-all = すべての義務

duty-office = 担当

duty-deputy = 代理

duty-due-on = 期日

duty-cadence = 頻度

duty-next = 次回

duty-escalates = 遅れたときの報告先

duty-last-year = この一年の履行

duty-times = 履行の記録

duty-never = まだ期日が来ていません。

duty-scheduled-on = 定められた日

duty-by = 履行した人

duty-told = 内容


evidence = 証跡

# $source (String)
evidence-source = { $source ->
    [system] システムが確認
    [witnessed] 立会人が確認
    [declared] 本人の申告
   *[other] ?
}

# $name (String)
duty-witnessed-by = 立会人：{ $name }

# $operation (String)
cadence-on = 「{ $operation }」のつど

# $span (String)
cadence-after-last = 前回から{ $span }後

# $unit (String)
# $count (Number)
span = { $unit ->
    [days] { $count }日
    [weeks] { $count }週間
    [months] { $count }か月
   *[years] { $count }年
}

# $unit (String)
# $every (Number)
cadence-every = { $unit ->
    [days] { $every ->
        [1] 毎日
       *[other] { $every }日ごと
    }
    [weeks] { $every ->
        [1] 毎週
       *[other] { $every }週間ごと
    }
    [months] { $every ->
        [1] 毎月
       *[other] { $every }か月ごと
    }
   *[years] { $every ->
        [1] 毎年
       *[other] { $every }年ごと
    }
}

# $times (Number)
cadence-times-a-year = 年{ $times }回

# $day (String)
duty-late-since = 遅れています（期限 { $day }）

duty-of-others = 担当者が履行

duty-of-the-program = 自動で実施

# $state (String)
# $late (String)
occurrence-state = { $state ->
    [open] { $late ->
        [late] 遅れ
       *[in_time] 履行待ち
    }
    [reported] { $late ->
        [late] 立会い待ち（遅れ）
       *[in_time] 立会い待ち
    }
    [done] { $late ->
        [late] 遅れて履行
       *[in_time] 履行済み
    }
   *[withdrawn] 対象外
}

the-program = システム

# $check (String)
# $of (String)
# $found (String)
check-found = { $check ->
    [ledger] 台帳の{ $of }件の記録はすべて正しい
    [ledger_bad] 台帳の{ $of }件の記録が、署名された先頭と一致しない
    [backups] バックアップ{ $of }件、最も新しいものは二日以内
    [backups_bad] バックアップ{ $of }件、二日以内のものがない
    [proofs] 証明{ $of }件はすべて成り立つ
    [proofs_bad] 証明{ $of }件のうち、成り立たないもの{ $found }件
    [custodians] 預かり中の資料{ $of }件すべてに管理責任者がいる
    [custodians_bad] 預かり中の資料{ $of }件のうち、管理責任者のいないもの{ $found }件
    [copies] 手元にある複製{ $of }件に、期限を過ぎたものはない
    [copies_bad] 手元にある複製{ $of }件のうち、期限を過ぎたもの{ $found }件
    [training] 役職員{ $of }人の全員が、求められる研修を修了済み
    [training_bad] 役職員{ $of }人のうち、求められる研修のどれかが有効でない人{ $found }人
    [acknowledgements] 役職員{ $of }人の全員が施行中の版に同意済み
    [acknowledgements_bad] 役職員{ $of }人のうち、施行中の版に同意していない人{ $found }人
    [findings] 指摘事項{ $of }件に、期限を過ぎたものはない
    [findings_bad] 終わっていない指摘事項{ $of }件のうち、期限を過ぎたもの{ $found }件
    [self_inspections] 役職員{ $of }人の全員が、今四半期の自己点検を終えている
    [self_inspections_bad] 役職員{ $of }人のうち、今四半期の自己点検がまだの人{ $found }人
    [leaks] 終わっていない事案{ $of }件に、知らせる期限を過ぎたものはない
    [leaks_bad] 終わっていない事案{ $of }件のうち、知らせる期限を過ぎたもの{ $found }件
   *[other] ?
}

# $of (String)
# $found (String)
found-of = { $of }件のうち要対応{ $found }件

# $count (Number)
duty-late = 遅れ { $count }件

# $day (String)
duty-due = 期日 { $day }

duty-reported = 立会い待ち

# $in_time (Number)
# $late (Number)
duty-done = 期日内 { $in_time }回、遅れ { $late }回

duty-not-due = 期日前

card-duties = 履行を待つあなたの義務

how-it-is-done = 行い方

# $day (String)
duty-last-done = 直近の履行 { $day }

# $day (String)
duty-next-on = 次回 { $day }

# $count (Number)
duties-found = 要対応 { $count }件
calendar = カレンダー
calendar-explained = 義務の期日を、お使いのカレンダーで購読できます。アドレスに次のものを、ユーザー名に自分のサインイン名を、パスワードに下のボタンで作るトークンを指定してください。資料や案件の名前は入りません。トークンを終了すると、購読も終わります。
calendar-token = カレンダー用のトークンを作る

# $count (Number)
mail-subject = Kura：あなたの対応を待つもの { $count }件

# $count (Number)
mail-intro = 次の{ $count }件が、あなたの対応を待っています。

# $title (String)
# $day (String)
mail-due = ・{ $title }（期日 { $day }）

# $title (String)
# $day (String)
mail-late = ・{ $title }（期日 { $day }、遅れています）

# $title (String)
# $day (String)
# $office (String)
mail-told-late = ・{ $title }（期日 { $day }、{ $office }の履行が遅れています）

# $what (String)
mail-waits = ・{ $what }

# $kind (String)
mail-thing = { $kind ->
    [vote] 議案の表決
    [acknowledge] 施行中の方針への同意
    [course] 研修の受講
    [self_inspection] 今四半期の自己点検
    [finding] 指摘事項への回答・是正
    [check] 指摘事項の有効性の確認
    [evaluation] 点検・監査・評価の実施
    [tell] 違反・事故の事案で、知らせる期限
    [case] 違反・事故の届出の確認
    [term] 任期の終わるあなたの役職（再任または引継ぎ）
    [others_term] 任期の終わる役職者（再任または後任の任命）
   *[hearing] あなたへの確認事項（「違反と事故」をご覧ください）
}

mail-why = このメールは、あなたの対応を待つものについてKuraが自動で送っています。資料や案件の名前は書きません。
