violations = 違反と事故

violations-explained = 違反、紛失、誤送信、不正なアクセスを届け出るところです。届け出た人が分かるのは、通報対応者だけです。

cases-of-yours = あなたに関わる事案

no-cases = あなたに関わる事案はありません。

lessons-learnt = これまでに学んだこと

no-lessons = まだありません。

# $number (String)
# $kind (String)
case-title = { $number } { $kind }

# $concern (String)
case-concern = { $concern ->
    [handles] 担当・決定
    [answers] あなたについての事案
   *[reported] あなたの届出
}

# $state (String)
case-state = { $state ->
    [reported] 受付
    [dismissed] 調査しない
    [investigated] 調査中
    [heard] 弁明の機会
    [decided] 決定
    [appealed] 不服申立て
   *[closed] 終了
}

# $day (String)
case-tell-by = { $day }までに知らせる

clock-exempt = 不要（委託者に通知済み）

# $day (String)
clock-overdue = 期限超過（{ $day }）

# $day (String)
clock-due = { $day }まで

# $done (String)
# $day (String)
clock-late = { $done }に通知（期限は{ $day }）

# $day (String)
clock-done = { $day }に通知

clock-whom = 通知・報告

clock-source = 根拠

case-told = 届出の内容

case-reporter = 届け出た人

case-sealed = 台帳にも残っていません

case-known-to-handlers = 通報対応者だけが分かります

case-about = 関係する人

case-about-nobody = 分かっていません

case-unknown = （閲覧できない資料・案件のため、番号だけを表示しています）

case-on-hold = 保全措置

# $count (String)
case-held = 資料{ $count }件を保全

case-decides = 決定する機関

case-decided = 決定

case-clocks = 知らせる期限

case-steps = 経過

# $step (String)
case-step = { $step ->
    [reported] 届出
    [dismissed] 調査しないことの決定
    [investigated] 調査の開始
    [noted] 調査
    [said] 弁明
    [decided] 決定
    [appealed] 不服の申立て
   *[closed] 終了
}

# $clock (String)
# $day (String)
case-notified = { $clock }：{ $day }に実施

# $day (String)
case-heard-until = 弁明の機会（{ $day }まで）

# $number (String)
charge-title = { $number } あなたについての事案

charge-explained = 指摘されている内容です。期日まで、何度でも弁明できます。決定する機関は、弁明を読んだうえで決めます。

charge-told = 指摘されている内容

charge-appeal-until = 不服を申し立てられる期限

# $count (Number)
violations-on = 違反・事故 { $count }件

actor-sealed = （届出者は伏せています）

report-it = 紛失・誤送信・違反を届け出る
