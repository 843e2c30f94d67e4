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

second-step = 本人確認

second-step-explained = 続けて、本人確認をしてください。

show-passkey = パスキーで確認する

sign-in-with-passkey = パスキーでサインイン

passkey = パスキー

passkeys = パスキー

passkeys-explained = パスキーを登録すると、サインインにパスキーが必要になり、承認・許可・消去・管理責任者の交代に、ご本人の署名が付きます。この署名は、ご本人のパスキーでしか作れません。

passkeys-by-name = 数字のアドレスではパスキーを使えません。名前（または localhost）のアドレスで開いてください。

passkey-synced = 同期される

passkey-bound = この機器だけ

passkey-label = 呼び名

passkey-label-help = たとえば「会社のノートPC」。

passkey-failed = パスキーを確認できませんでした。何も変更されていません。もう一度お試しください。

register-passkey = パスキーを登録する

registered-at = 登録

prove-explained = 「極秘」の利用など、直前の本人確認が必要な操作の前に行ってください。15分間有効です。

you-sign-this = この内容に、パスキーで署名します。

one-time-code = 確認コード

code-help = アプリに表示される6桁の数字。アプリが使えないときは、回復コードを入力してください。

codes = 確認コード（認証アプリ）

codes-explained = 認証アプリに30秒ごとに表示される6桁の数字を、パスワードの後に入力します。パスキーが使えない機器でも使えます。承認などの署名には、パスキーが必要です。

codes-set-up = 確認コードを設定する

codes-scan = 認証アプリでこの図を読み取ってください。

codes-type = 読み取れないときは、この文字列をアプリに入力してください。

codes-confirm = アプリに表示された6桁の数字

show-code = コードで確認する

recovery-codes = 回復コード

recovery-once = 回復コードは、この画面に一度だけ表示されます。

recovery-explained = 認証アプリを失ったときに、確認コードの代わりに使えます。一つは一度だけ使えます。印刷するか書き写して、金庫など安全な場所に保管してください。

recovery-kept = 保管しました

recovery-left = 残りの回復コード

welcome = 最初のパスワードを設定する

welcome-explained = 招待のコードと、これから使うパスワードを入力してください。パスワードは、ご本人のほかに誰も知りません。

invitation-code = 招待のコード

new-password = 新しいパスワード

password-again = もう一度

set-this-password = このパスワードにする

# $until (String)
invitation-once = この招待のリンクは一度だけ表示されます。本人に安全な方法で渡してください。{ $until }まで、一度だけ使えます。

# $provider (String)
provider-sign-in = { $provider }でサインイン

# $provider (String)
provider-away = { $provider }のサインイン画面へ移動します。

provider-go-on = 移動する

provider-explained = 会社のアカウントを結び付けると、次からはそれでサインインできます。

provider-tie = このアカウントを結び付ける

devices = 情報機器

devices-explained = 役職員が登録した機器です。会社の機器として申し出のあったものは、現物を確かめてから確認してください。

devices-none = 登録された機器はまだありません。

own-devices-explained = 今お使いのブラウザーを、機器として登録できます。会社の機器は、システム管理者が確認すると有効になります。個人の機器では、条件で許された案件の資料だけを利用できます。

device-is = 所有

# $kind (String)
device-kind = { $kind ->
    [firm] 会社の機器
    [personal] 個人の機器
    [claimed] 会社の機器（確認待ち）
   *[other] ?
}

device-register = この機器を登録する

device-end = 登録を解除する
