effect = 方針の効果

effect-explained = 条項ごと・月ごとに、規則による拒否、義務の履行、指摘事項、例外、違反の件数を示します。数えた結果であり、良し悪しの判定ではありません。条項・規則・義務は施行中の版のものです。月別の拒否は、システムが月別の集計を始めてからの件数です。

# $day (String)
effect-until = { $day }まで

effect-months = 月数

effect-all-clauses = すべての条項

effect-count-granted = 拒否の後で許可されたものも数える（この90日間の台帳を読みます）

effect-month = 月

effect-figures = 数値を見る

effect-rules = 拒否した規則

effect-refusals = 拒否

effect-late = 遅れた義務

effect-due = 期日の来た義務

effect-in-time = 期日内の履行

effect-done-late = 遅れた履行

effect-still-late = 遅れて、まだ履行されていない義務

effect-days-to-comply = 期日から履行までの日数（中央値）

effect-raised = 挙げられた指摘事項

effect-closed = 終了した指摘事項

effect-days-to-close = 指摘事項の提起から終了までの日数（中央値）

# $days (String)
effect-days = { $days }日

# $due (String)
# $late (String)
effect-late-of = { $due }回のうち{ $late }回

# $raised (String)
# $closed (String)
effect-raised-and-closed = 提起 { $raised }件、終了 { $closed }件

# $month (String)
# $refusals (String)
# $late (String)
effect-bar = { $month }：拒否 { $refusals }回、遅れた義務 { $late }

# $title (String)
# $months (String)
# $refusals (String)
# $late (String)
effect-drawn = { $title }、{ $months }か月：拒否 { $refusals }回、遅れた義務 { $late }

# $times (String)
effect-rule-refused = この期間の拒否 { $times }回

# $times (String)
effect-earlier = 月別の集計を始める前の拒否 { $times }回

# $refused (String)
# $granted (String)
effect-granted = この90日間の拒否 { $refused }件のうち、同じ人が同じ対象への同じ操作を7日以内に許可されたもの { $granted }件

cost = 役職員に求めること

cost-explained = 施行中の版と比べて、この版が新たに求めることです。回数は義務の暦による今後一年の回数、人数は今日の名簿による人数です。

cost-nothing = 施行中の版より多く求めることはありません。

cost-each-time = 操作のつど

# $title (String)
# $office (String)
# $often (String)
cost-duty-added = 加わる義務：{ $title }（{ $office }、{ $often }）

# $title (String)
# $office (String)
# $often (String)
cost-duty-removed = なくなる義務：{ $title }（{ $office }、{ $often }）

# $title (String)
# $before (String)
# $often_before (String)
# $after (String)
# $often_after (String)
cost-duty-changed = 変わる義務：{ $title }（{ $before }、{ $often_before }→{ $after }、{ $often_after }）

# $office (String)
# $before (String)
# $after (String)
cost-office = { $office }：全体で年{ $before }回→年{ $after }回

# $course (String)
# $people (Number)
cost-course = { $course }：新たに受ける人 { $people }人

# $people (Number)
cost-acknowledge = 方針に改めて同意する人 { $people }人

# $people (Number)
cost-acknowledge-if = 全員に改めて同意を求める場合：施行中の版に同意している { $people }人

# $times (Number)
cost-refusals = この90日間の操作のうち、拒否されることになるもの { $times }件
