# $name (String)
field = { $name ->
    [item] 資料
    [matter] 案件
    [class] 機密区分
    [source] 受領の経緯
    [upload] ファイル
    [place] 保管場所
    [name] 名称
    [custodian] 管理責任者
    [shared] 委託者のゲストと共有する
    [kind] 種類
    [version] 版
    [personal_device] 個人所有の機器に置く
    [copy] 複製
    [manner] 方法
    [person] 人
    [until] 期限
    [to] 新しい管理責任者
    [operation] 行いたいこと
    [confirmed_by] 受領を確認した人
    [reason] 理由
    [request] 依頼
    [refuse] 却下する
    [hold] 保全措置
    [party] 取引先
    [recipient] 受取人
    [basis] 根拠
    [generative_ai] 生成AIサービスに入れる
    [relation] 元の資料との関係
    [code] 案件番号
    [purpose] 利用目的
    [return_by] 返却・消去の期限
    [copies] 複製を作ってよい
    [summaries] 要約を作ってよい
    [subcontractor] 再委託先に渡してよい
    [abroad] 国外
    [remove] 担当者から外す
    [login] サインイン名
    [employment] 雇用区分
    [clearance] 取扱区分
    [password] 新しいパスワード
    [current] 今のパスワード
    [suspended] 利用停止
    [office] 役職
    [dismiss] 解任する
    [course] 研修
    [attempt] 確認問題
    [answers] 答え
    [label] 用途
    [scope] 範囲
    [days] 有効日数
    [token] トークン
    [passkey] パスキー
    [digest] 規則のSHA-256
    [occurrence] 義務
    [told] 行ったことと分かったこと
    [done_on] 行った日
    [population] 確かめた件数
    [found] 対応を要する件数
    [effective_on] 施行日
    [begins_from] もとにするもの
    [firm_ja] 会社の呼び方（日本語）
    [firm_en] 会社の呼び方（英語）
    [read] 最後まで読みました
    [language] 読んだ言語
    [body] 機関
    [title] 件名
    [words] 決議の内容
    [closes_on] 表決の期限
    [choice] 表決
    [resolution] 決議
    [ruling] 裁定
    [exception] 例外
    [supersedes] 置き換える裁定
    [question] 問い
    [about] 対象
    [measure] 代わりの措置
    [major] 全員に改めて同意を求める
    [backup] バックアップの名前
    [form] 形態
    [generic] 項目
    [table] 表
    [taken] 受領日
    [due] 期限
    [device] 機器
    [end] 登録を終える
    [query] 条件
    [without_invitation] 招待を作らない
    [clause] 条項
    [mail] メールアドレス
    [first_day] 始めの日
    [last_day] 終わりの日
    [aspect] 面
    [audited] 対象の役職
    [lead] 実施者
    [due_on] 期日
    [from] 抽出元
    [number] 件数・番号
    [draw] 標本
    [result] 結果
    [grade] 重さ
    [owner] 対応する人
    [conclusion] 結論
    [cause] 根本原因
    [correction] 修正
    [corrective] 是正処置
    [effect] 有効性
    [evaluation] 点検・監査・評価
    [finding] 指摘事項
   *[other] ?
}

# $name (String)
field-help = { $name ->
    [source] 誰から、いつ、どのように受け取ったか、または入手元と根拠。
    [upload] 64 MBまで。紙や媒体のときは空のままにします。
    [place] 紙や媒体のときの保管場所。ファイルのときは空のままにします。
    [name] 空のままなら、ファイルの名前になります。
    [version] 空のままなら、最新の版。
    [confirmed_by] 委託者側で受け取りを確認した人の名前。
    [ask-class] 変更後の区分。
    [transmit-recipient] 受け取る人の氏名。
    [add_party-recipient] 伝達に使う age の公開鍵（age1…）。
    [download-place] 複製を置く機器や場所。
    [add_person-party] ゲストの所属先。役職員のときは空のままにします。
    [add_person-until] ゲストの最終日。
    [reset_sign_in-password] 空のままにすると、招待のリンクを作ります（推奨）。本人だけがパスワードを知ることになります。
    [add_person-password] 空のままにすると、招待のリンクを作ります（推奨）。本人だけがパスワードを知ることになります。
    [open_matter-custodian] 空のままなら、ご本人になります。
    [attest-manner] 廃棄した方法、または返した相手。
    [add_person-name] 氏名。
    [add_people-login] 英小文字、数字、. - _ @。社員番号やアカウント名など。
    [add_people-name] 氏名。
    [add_people-employment] 役員、正社員、契約社員、派遣社員、インターン。
    [add_people-clearance] 取り扱える最も高い機密区分。
    [without_invitation] 全員が会社のアカウントでサインインするときに選びます。
    [hand_over_all-person] 今の管理責任者。
    [hand_over_all-to] これからの管理責任者。
    [hand_over_all-matter] 空のままなら、すべての案件の分を引き継ぎます。
    [hand_over_matter-to] これからの管理責任者。
    [open_matter-name] 案件の名前。
    [add_party-name] 組織または人の名前。
    [change_person-name] 変更するときだけ入力します。
    [change_person-employment] 変更するときだけ選びます。
    [change_person-clearance] 変更するときだけ選びます。
    [collect-custodian] 空のままなら、案件の管理責任者になります。
    [take-custodian] 空のままなら、案件の管理責任者になります。
    [mail] 義務の期日を知らせるメールが届きます。空にすると届きません。
    [add_people-mail] 空のままでもかまいません。
    [first_day] 空のままなら、終わりの日の90日前。
    [last_day] 空のままなら今日。
    [reason] 記録に残り、判断する人が読みます。
    [basis] 契約など、法的な根拠。
    [login] 英小文字、数字、. - _ @。
    [employment] ゲストのときは空のままにします。
    [clearance] 取り扱える最も高い機密区分。ゲストのときは空のまま。
    [until] この日の終わりまで有効です。
    [manner] たとえば「裁断して廃棄」「担当者が持参」。
    [password] 12文字以上、512文字以下。
    [days] 1日から90日（カレンダー用は400日まで）。空のままなら1日（カレンダー用は365日）。
    [refuse] チェックしないと承認になります。
    [table] CSV（UTF-8、UTF-16、CP932／Shift_JIS）かXLSX（最初のシート）。16MiB、2万行まで。
    [import_items-name] 資料の名称。かならず必要です。
    [import_items-class] 機密区分の名前。ほかの呼び方は、あとで読み替えを指定できます。
    [import_items-matter] 案件番号。登録済みの案件であること。
    [import_items-custodian] 氏名かサインイン名。空のままなら案件の管理責任者。
    [import_items-kind] 貸与、通信、作業資料、成果物のいずれか。
    [import_items-form] 電子、紙、媒体など。
    [import_items-place] 紙や媒体の保管場所、または電子データの現在の保存先。
    [import_items-source] どこから、どのように受け取ったか。
    [import_items-taken] 受け取った日。空のままなら今日。
    [import_items-due] 返却・消去の期限。空のままなら案件の期限。
    [raise_finding-told] 何が、どの条項のとおりになっていないか。どこで分かったか。
    [raise_finding-due] 空のままなら、14日以内。
    [raise_finding-owner] 原因を調べ、是正する人。
    [plan_evaluation-first_day] 調べる期間の始め。
    [plan_evaluation-last_day] 調べる期間の終わり。
    [plan_evaluation-clause] あとから加えられます。
    [plan_evaluation-lead] 監査のときは、対象の役職にない監査人。
    [draw_sample-number] 1件から100件。母集団より多ければ、すべてを取ります。
    [cause] なぜ起きたか。表に出た事実ではなく、その元。
    [correction] 見つかったものを、どう直したか。
    [corrective] 繰り返さないために行うこと。
    [answer_finding-due] 是正処置を終える日。
   *[other] {""}
}

# $value (String)
choice = { $value ->
    [ja] 日本語
    [en] 英語
    [yes] 賛成
    [no] 反対
    [abstain] 棄権
    [recuse] 利害関係により不参加
    [csr_committee] CSR委員会
    [risk_management_subcommittee] リスクマネジメント部会
    [model] ひな形の方針
    [in_force] 施行中の版
    [lent] 貸与資料
    [derivative] 二次的資料
    [communication] 通信
    [work] 作業資料
    [deliverable] 成果物
    [electronic] 電子
    [tangible] 有形
    [copy] 複製
    [summary] 要約
    [other] その他
    [erase] 消去
    [reclassify] 機密区分の変更
    [confirm_return] 返却の受領確認
    [director] 役員
    [regular] 正社員
    [contract] 契約社員
    [dispatched] 派遣社員
    [intern] インターン
    [guest] ゲスト
    [representative_director] 代表取締役
    [csr_committee] CSR委員会
    [risk_management_subcommittee] リスクマネジメント部会
    [chief_system_administrator] システム管理責任者
    [system_administrator] システム管理者
    [network_administrator] ネットワーク管理者
    [self_managed_domain_administrator] 自主管理ドメインの管理者
    [auditor] 監査人
    [all] すべての操作
    [read] 閲覧のみ
    [calendar] 自分の義務のカレンダーのみ
    [true] はい
    [false] いいえ
    [inspection] 点検
    [audit] 監査
    [evaluation] 評価
    [technical] 技術
    [physical] 物理
    [human] 人
    [conforms] 適合
    [nonconforming] 不適合
    [not_applicable] 該当しない
    [major] 重大な不適合
    [minor] 軽微な不適合
    [observation] 観察事項
    [items] 保管中の資料
    [records] 台帳の記録
    [people] 役職員
    [duties] 義務の履行
    [effective] 有効
    [ineffective] 有効でない
   *[other] ?
}

# $state (String)
state = { $state ->
    [held] 保管中
    [returning] 返却手続き中
    [confirmed] 返却確認済み
    [returned] 返却済み
    [erasing] 消去中
    [erased] 消去済み
   *[other] ?
}

# $state (String)
request-state = { $state ->
    [open] 判断待ち
    [done] 実行済み
    [refused] 却下
   *[other] ?
}

# $office (String)
whom = { $office ->
    [custodian] 管理責任者
    [self] ご本人
    [representative_director] 代表取締役
    [csr_committee] CSR委員会
    [risk_management_subcommittee] リスクマネジメント部会
    [chief_system_administrator] システム管理責任者
    [system_administrator] システム管理者
    [network_administrator] ネットワーク管理者
    [self_managed_domain_administrator] 自主管理ドメインの管理者
    [auditor] 監査人
   *[other] 管理責任者
}

# $kind (String)
statement = { $kind ->
    [receipt] 預り証
    [counter_receipt] 受領確認
    [certificate] 消去証明書
    [report] 報告書
    [evidence] 条項の証跡
   *[other] ?
}
