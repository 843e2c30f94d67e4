people = 役職員とゲスト

people-explained = 役職員と、委託者のゲストの登録、停止、役職、研修の記録です。

ledger = 台帳

ledger-explained = すべての操作の記録です。公開鍵を委託者と監査人に渡すと、誰でも検証できます。

ledger-records = 記録の数

log-key = 公開鍵

backup = バックアップ

backup-explained = バックアップは暗号化され、消去した資料は復元しても開けません。

records = 台帳の記録

records-explained = 誰が、いつ、何をしたか、そして拒否された操作の記録です。新しい順に表示します。資料の名称は、その資料をご覧になれる人だけが、資料のページで確認できます。

item-id = 資料の番号

refused-only = 拒否された操作だけ

was-refused = 拒否

no-records = 条件に合う記録はありません。

no-records-yet = この先の記録も探せます。

column-index = 番号

column-rules = 判断した規則
