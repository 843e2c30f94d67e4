no-matter = 案件がありません。

no-matter-teach = 担当している案件がここに表示されます。案件の管理責任者に、担当者に加えるよう依頼してください。

closed-matters = 終了した案件

matter-is-closed = この案件は終了しています。

what-the-terms-allow = この案件の条件

allowed = 可

not-allowed = 不可

term-copies = 複製を作る

term-summaries = 要約を作る

term-subcontractor = 再委託先に渡す

term-generative-ai = 生成AIサービスに入れる

term-personal-device = 個人所有の機器で扱う

term-abroad = 国外に持ち出す・送る

matter-facts = 案件について

its-material = この案件の資料

members = 担当者

no-members = 担当者はまだいません。

take-off = 外す

put-on = 担当者を加える

still-out = 未返却・未消去

nothing-is-out = すべて返却または消去されています

still-out-explained = すべてが返却または消去され、複製がなくなるまで、案件は終了できません。

# $state (String)
out-item = 資料：{ $state }

# $holder (String)
out-copy = 複製：{ $holder }

parties = 取引先

parties-empty = 取引先はまだ登録されていません。

parties-explained = 委託者、再委託先など、社外の組織と人です。

recipient-there = 登録済み

recipient-missing = 未登録（伝達できません）

material-by-state = 資料の状態

copy-holder = 持出者

who-may-use-what = 担当者が利用できる機密区分

who-may-use-what-explained = 社内で、本人確認をした直後に、この案件の資料を開けるかどうかです。個別の許可は含みません。
