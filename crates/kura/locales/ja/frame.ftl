skip = 本文へ移動

find = 資料を名前で探す

find-button = 探す

take-in = 預かる

main-navigation = 主なページ

other-language = English

sign-out = サインアウト

nav-today = 今日

nav-register = 台帳

nav-matters = 案件

nav-requests = 依頼

nav-policy = 方針

nav-administration = 管理

back = 戻る

back-to-today = 今日のページへ

cancel = やめる

yes = はい

no = いいえ

all = すべて

choose = 選んでください

needed = 必須

list-comma = 、

due-today = 本日

# $days (Number)
overdue = { $days }日超過

# $days (Number)
in-days = あと{ $days }日

just-now = たった今

# $count (Number)
minutes-ago = { $count }分前

# $count (Number)
hours-ago = { $count }時間前

# $count (Number)
days-ago = { $count }日前

clause = 条項

reason = 理由

whom-to-ask = 相談先

consignor = 委託者

column-name = 名称

column-state = 状態

column-due = 期限

column-file = ファイル

column-size = 大きさ

column-holder = 持出者

column-action = 操作

column-what = 内容

column-who = 人

column-when = 日時

column-where = 場所

column-record = 台帳番号

column-recipient = 伝達用の公開鍵

sought-more = 最初の50件だけを表示しています。名前の一部を入力して探してください。
