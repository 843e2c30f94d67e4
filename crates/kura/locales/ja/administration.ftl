people = 役職員とゲスト

people-explained = 役職員と、委託者のゲストの登録、停止、役職、研修の記録です。

ledger = 台帳

ledger-explained = すべての操作の記録です。公開鍵を委託者と監査人に渡すと、誰でも検証できます。

ledger-records = 記録の数

log-key = 公開鍵

backup = バックアップ

backup-explained = バックアップは暗号化され、消去した資料は復元しても開けません。
