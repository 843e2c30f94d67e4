what-you-may-do = あなたができること

may-do-nothing = 今、この資料に対してできる操作はありません。

what-you-may-not = できないことと、その理由

no-rule-permits = これを許可する規則がありません。

ask-for-approval = 承認を申請する

what-would-change-it = 何が変われば許可されるか

what-it-is = 資料について

handling = 取扱い

tier-public = 公開情報です。改ざんと破壊から守ってください。

tier-limited = 限定公開です。許可された人だけが、許可された操作を行えます。

tier-non-public = 非公開です。案件の担当者と許可を受けた人だけが利用でき、開く・持ち出す・送るたびに記録されます。

# $days (Number)
copy-days = 持ち出した複製は{ $days }日以内に廃棄し、報告します。

taken-at = 受領

shared-with-guests = 委託者のゲストと共有

versions = 版

stored-at = 格納

lineage = 系統

# $origins (Number)
# $made (Number)
lineage-told = 元の資料 { $origins }件、派生した資料 { $made }件

to-requests = 依頼のページへ

copies-out = 持出し・複製

# $day (String)
gone-on = { $day } 廃棄

grants = 利用の許可

# $day (String)
until-day = { $day } まで

holds = 保全措置

is-on-hold = 保全措置がかかっています。返却も消去もできません。

statements = 証書

statement-file = 検証用ファイル

timeline = 経緯

earlier = これより前

package-explained = 委託者に渡すものです。すべての版を渡し終えてから、受領を確認してください。

save-file = ファイルを保存

take-in-explained = どの案件の資料ですか。案件を選ぶと、条件に沿った入力画面が開きます。

# $operation (String)
why-not = 「{ $operation }」ができない理由

it-is-permitted = この操作は許可されています。

nothing-would = 利用者の側で変えられることはありません。

intake-drop = ファイルやフォルダーをここに、またはどのページにでもドラッグしてください。画像は貼り付けられます。

intake-files = ファイルを選ぶ

intake-folders = フォルダーを選ぶ

intake-going = 送信しています

intake-waits = つながるのを待っています。送った分は残っています。

intake-paused = 一時停止中

intake-done = 預かりました

intake-failed = 預かれませんでした。もう一度お試しください。

intake-folder = フォルダー：

intake-look = 資料を見る

intake-progress = 進み具合

intake-pause = 一時停止

intake-remove = 取り除く

intake-send = 預かる

take-in-singly = 紙や媒体、ひとつずつの登録

label = ラベル

label-explained = 印刷して、紙や媒体に貼ってください。名称は印刷しません。図を読み取ると、この資料のページが開きます（ご覧になれる人だけ）。

print-label = ラベルを作る

same-content = 内容が同じ資料が、ほかにもあります。
