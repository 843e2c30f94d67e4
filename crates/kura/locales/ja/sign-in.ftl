sign-in = サインイン

sign-in-name = サインイン名

password = パスワード

sign-in-help = パスワードを忘れたときや入れないときは、システム管理者に連絡してください。

my-account = アカウント

sessions = セッションとトークン

sessions-explained = 見覚えのないものは終了し、パスワードを変更してシステム管理者に知らせてください。

this-session = このセッション

opened-at = 開始

used-at = 最終利用

ends-at = 終了予定

# $kind (String)
session-kind = { $kind ->
    [browser] ブラウザー
    [token] トークン
   *[other] ?
}

# $zone (String)
zone = { $zone ->
    [office] 社内
    [outside] 社外
   *[other] ?
}

token-once = このトークンは一度だけ表示されます。今すぐ安全な場所に控えてください。
