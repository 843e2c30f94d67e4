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

suspended = 利用停止

# $items (String)
# $matters (String)
handed-over = 資料{ $items }件と案件{ $matters }件を引き継ぎました。

handed-over-more = まだ続きがあります。同じ内容でもう一度実行してください。

# $count (String)
handed-over-stay = { $count }件は引き継がれていません。あなたが引き継げないか、引継ぎ先の人が扱えない資料です。ほかの人を選ぶか、役員またはリスクマネジメント部会に依頼してください。

hand-over-again = 続けて引き継ぐ

people-import-explained = 役職員の一覧を表で送ると、すべての行を確認してから、まとめて登録します。誤りが一つでもあれば、誰も登録されません。一人ひとりに招待のリンクができます。

people-import-columns = 必要な列

people-import-teach = 元の表の次のセルを直して保存し、もう一度送ってください。列の対応が違うときは、見出しを下の「列の対応」の名前に変えてください。

# $count (String)
people-import-now = { $count }人を登録する

# $count (String)
people-added = { $count }人を登録しました。

# $until (String)
invitations-once = 招待のリンクは一度だけ表示されます。このページを印刷するか、本人に一人ずつ安全な方法で渡してください。{ $until }まで、一人一度だけ使えます。

invitation = 招待

person-name = 氏名

health-explained = 鍵束、バックアップ、台帳、利用者の本人確認など、毎朝見ておきたいことをまとめています。

health-findings = 点検の結果

health-told = 内容

health-doctor = データベースの全ページ、台帳の全記録、封印された内容まで調べるには、サーバーで kura doctor を実行してください。

health-system = システム

health-version = Kura の版

health-database = データベース

# $engine (String)
engine = { $engine ->
    [sqlite] SQLite（暗号化）
    [postgres] PostgreSQL
   *[other] ?
}

health-newest = 最新の記録

health-uploads = 完了していないアップロード

health-erasing = 進行中の消去

health-staff = 利用中の役職員

health-without-factor = うち、パスキーも確認コードもない人

health-invited = うち、招待されてまだパスワードを設定していない人

health-sessions = 終了していないセッション

health-devices = 確認待ちの機器

# $state (String)
found-state = { $state ->
    [good] 良好
    [warn] 要改善
    [bad] 要対処
   *[other] ?
}

# $what (String)
looked-at = { $what ->
    [policy_pack] 規則
    [data_folder] データの場所
    [zones] 区域
    [key_file] 鍵のファイル
    [passphrase_file] パスフレーズのファイル
    [installation] 導入
    [keyring] 鍵束
    [backups] バックアップ
   *[other] ?
}

health-what = 対象
