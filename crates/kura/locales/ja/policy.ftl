rules-in-force = 施行中の規則

number-of-rules = 規則の数

number-of-invariants = 証明済みの不変条件

policy-version = 方針の版

pack-ready = 候補の規則

# $state (String)
pack-state = { $state ->
    [examining] 証明しています。
    [unproved] 証明できないため、施行できません。
    [proved] 証明済みです。
   *[other] ?
}

pack-loosens = 規則を緩める変更を含むため、CSR委員会の決議が必要です。

lets-in = 新たに許可

refuses-now = 新たに拒否

clauses-and-rules = 条項と規則

# $count (Number)
rules-count = 規則 { $count }件

no-rule-here = この条項を実施する規則は、まだありません。

rule-permits = 許可

rule-forbids = 禁止

policy-draft = 改定案

# $state (String)
version-state = { $state ->
    [draft] 起案中
    [scheduled] 施行待ち
    [in_force] 施行中
    [ended] 過去の版
    [withdrawn] 取下げ済み
   *[other] ?
}

see-what-changes = 変更点を見る

documents = 文書

document = 文書

document-level = 種別

# $level (String)
level = { $level ->
    [policy] 方針
    [standard] 対策基準
    [regulation] 規程
    [procedure] 実施手順
    [form] 様式
   *[other] ?
}

number-of-clauses = 条項の数

in-force-on = この日に施行されていた版

show = 表示

# $version (Number)
# $day (String)
version-since = 第{ $version }版（{ $day }施行）

# $version (Number)
version-number = 第{ $version }版

as-it-is-since = 現在の内容の施行日

nothing-in-force = この日に施行されていた版はありません。

where-clauses-stand = 条項の状況

# $count (Number)
duties-count = 義務 { $count }件

not-upheld = 規則も義務もありません

read-the-clause = 条文を読む

versions-of-the-policy = 方針の版

versions-of-the-document = この文書の版

version = 版

effective-from = 施行日

resolution = 決議

what-changed = 変更した文書

decided-by = 決定する機関

signed-by = 署名者

drafted-by = 起案者

one-language = 日本語だけを表示

both-languages = 英語と並べて表示

comparison-table = 新旧対照表

comparison-explained = 削除した箇所は取消線、追加した箇所は下線で示します。

# $how (String)
differs = { $how ->
    [added] 新設
    [removed] 削除
    [changed] 変更
    [moved] 移動
   *[other] ?
}

what-rules-change = 規則の変更

no-rule-changes = 規則の判断は変わりません。

what-duties-change = 義務の変更

no-duty-changes = 義務は変わりません。

no-text-changes = 文書は変わりません。

no-draft = 改定案はありません。

# $clauses (String)
# $upheld (String)
# $duties (String)
# $late (String)
# $findings (String)
board-summary = 条項{ $clauses }件のうち{ $upheld }件は、規則または義務に支えられています。義務{ $duties }件のうち、遅れているものは{ $late }件です。終了していない指摘事項は{ $findings }件です。

pack-files = 方針のファイルをダウンロード（ZIP）

draft-upload = ファイルから起案する

draft-upload-explained = 方針は、文書、研修、義務、機関、規則のファイルからできています。ダウンロードし、テキストエディターで編集して、送り返してください。送っただけでは何も変わりません。改定案は、まず検査・証明・比較をし、そのあとで施行するかどうかを決めます。

draft-reason-help = 新しい版が必要な理由です。版の記録に残ります。

draft-archive = 方針のファイル（一つのZIP）

draft-archive-help = 変更していないファイルも含めて、フォルダーごと圧縮してください。4 MiBまでです。

all-documents = すべての文書

acknowledge-title = 方針への同意

acknowledge-explained = 次の文書を最後まで読み、誓約に同意してください。

acknowledge-again = 施行中の版には、すでに同意しています。

acknowledge-waits = 施行中の方針への同意が必要です

acknowledge-waits-explained = 同意するまで、社外秘以上の資料を利用できません。

read-and-acknowledge = 読んで同意する

acknowledgements = 同意の状況

# $of (String)
# $count (String)
acknowledged-of = { $of }人のうち{ $count }人が同意済み

acknowledged-state = 同意

not-acknowledged = 未同意

acknowledged-already = 同意済み

resolutions = 決議

resolutions-explained = 機関が決めたことと、構成員一人ひとりの表決の記録です。

no-resolutions = 決議はまだありません。

resolution-about = 対象

# $state (String)
resolution-state = { $state ->
    [open] 表決中
    [carried] 可決
    [rejected] 否決
    [lapsed] 不成立（定足数に達せず）
   *[other] ?
}

# $yes (String)
# $no (String)
# $abstain (String)
votes-so-far = 賛成 { $yes }票、反対 { $no }票、棄権 { $abstain }票

# $members (String)
# $voted (String)
# $quorum (String)
quorum-of = 構成員{ $members }人、表決{ $voted }人、定足数{ $quorum }人

votes = 表決

vote-signed = 本人のパスキーで署名

vote-witnessed = サーバーのみが確認

proposed-by = 提出者

your-vote-waits = あなたの表決を待っています

put-before-the-body = 機関に諮る

card-votes = あなたの表決を待つ議案

vote-when = 日時

vote-how = 確認

replay = 過去の操作による検証

# $count (String)
replayed = この90日間の操作{ $count }件を、この版の規則で判断し直した結果です。

no-reversals = 判断が変わる操作はありません。

# $person (String)
# $what (String)
# $times (Number)
reversal = { $person }：{ $what } { $times }回

# $times (String)
# $last (String)
rule-denials = 拒否 { $times }回、直近 { $last }
gather-evidence = 証跡を取りまとめる
# $entries (String)
# $refused (String)
# $occurrences (String)
# $acts (String)
evidence-gathered = 証跡を取りまとめました。台帳の記録{ $entries }件、この条項の規則による拒否{ $refused }回、義務の予定{ $occurrences }回分、裁定・例外・指摘事項の手続き{ $acts }件です。
evidence-verify = 検証用ファイルは、このサーバーがなくても kura-verify で確かめられます。数字はすべて、ファイルに入っている台帳の記録から数え直されます。
evidence-page = 印刷できるページ
