evaluations = 点検・監査・評価

evaluation = 点検・監査・評価

evaluations-explained = 技術・物理・人の面から、役職ごとの仕事を条項に照らして確かめます。監査は、対象の役職にない監査人だけが行います。

no-evaluations = 点検・監査・評価はまだありません。

# $kind (String)
# $aspect (String)
evaluation-kind = { $kind }（{ $aspect }）

# $day (String)
evaluation-overdue = 期限超過（{ $day }）

# $day (String)
evaluation-due = { $day }まで

# $day (String)
evaluation-closed = { $day }に終了

# $all (String)
# $open (String)
findings-of = { $all }件（未了 { $open }件）

# $name (String)
# $when (String)
said-by = { $name }、{ $when }

# $first (String)
# $last (String)
from-to = { $first } 〜 { $last }

looked-at-days = 対象の期間

planned-by = 計画

criteria = 基準とする条項

samples = 標本

samples-explained = 標本は、記録された乱数の種から抽出します。種と母集団の件数が分かれば、だれでも同じ標本を抽出できます。

# $draw (Number)
# $from (String)
# $population (String)
# $size (String)
sample-of = 標本{ $draw }：{ $from }{ $population }件から{ $size }件

seed = 種

drawn-what = 抽出したもの

place-in-population = 母集団での位置（0から）

# $class (String)
# $form (String)
# $custodian (String)
drawn-item = { $class }・{ $form }・管理責任者 { $custodian }

papers-before = 以前の調書

findings = 指摘事項

finding = 指摘事項

no-findings-yet = 指摘事項はありません。

no-findings = 閲覧できる指摘事項はありません。

findings-explained = 適合していないことと、その原因・修正・是正処置です。有効性は、是正した人とは別の人が確かめます。

findings-open-only = 未了だけを見る

findings-closed-too = 終わったものも見る

# $state (String)
finding-state = { $state ->
    [open] 回答待ち
    [answered] 是正中
    [done] 有効性の確認待ち
   *[closed] 終了
}

# $state (String)
# $day (String)
finding-due = { $state }（{ $day }まで）

# $state (String)
# $day (String)
finding-overdue = { $state }（{ $day }を超過）

finding-came-back = 再発

finding-before = 以前の指摘事項を見る

finding-what = 適合していないこと

finding-told = 内容

finding-steps = 経過

no-steps = まだ回答がありません。

# $step (String)
finding-step = { $step ->
    [answered] 回答
    [assigned] 対応する人の交代
    [done] 是正処置の完了
    [effective] 有効と確認
   *[ineffective] 有効でないと確認
}

# $overdue (Number)
# $count (Number)
findings-on = { $overdue ->
    [0] 指摘事項 { $count }件
   *[other] 指摘事項 { $count }件（期限超過 { $overdue }件）
}

report-word = 報告書

# $title (String)
report-title = 報告書：{ $title }

# $of (Number)
# $good (Number)
# $bad (Number)
report-criteria = 条項{ $of }件のうち、適合{ $good }件、不適合{ $bad }件

# $of (Number)
# $good (Number)
# $bad (Number)
report-samples = 標本{ $of }件のうち、適合{ $good }件、不適合{ $bad }件

# $major (Number)
# $minor (Number)
# $observation (Number)
report-findings = 指摘事項：重大な不適合{ $major }件、軽微な不適合{ $minor }件、観察事項{ $observation }件

# $when (String)
report-printed = { $when }に表示

ledger-entry = 台帳の記録

not-concluded = まだ結論がありません。

self-inspection = 自己点検

self-inspections = 自己点検の結果

# $quarter (String)
self-inspection-title = 自己点検 { $quarter }

self-inspection-explained = 自分の取扱いを振り返ってください。5分ほどで終わります。回答は記録され、あとから変えられません。

self-inspection-waits = 今四半期の自己点検がまだです。5分ほどで終わります。

# $answer (String)
self-inspection-answer = { $answer ->
    [yes] はい
    [no] いいえ
   *[not_applicable] 該当しない
}

self-inspection-told = 「いいえ」の内容と、これから行うこと

self-inspection-told-help = 「いいえ」があるときに書いてください。部会が読み、手助けします。

# $day (String)
self-inspected = { $day }に回答しました。

# $of (String)
# $done (String)
self-inspected-of = { $of }人のうち{ $done }人が回答

no-self-inspection = 施行中の方針には、自己点検の質問がありません。

self-inspection-question = 質問

self-inspection-not-so = 「いいえ」の内容

self-inspection-all-so = 「いいえ」の回答はありません。

quarter = 四半期
