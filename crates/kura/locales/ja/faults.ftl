fault-invalid = 入力の確認

fault-invalid-what = 入力内容を受け付けられませんでした。何も変更されていません。

fault-invalid-next = 内容を直して、もう一度お試しください。

fault-signed-out = サインインが必要です

fault-signed-out-what = セッションが終了しています。何も変更されていません。

fault-signed-out-next = サインインしてから、もう一度お試しください。

fault-refused = 許可されていません

# $operation (String)
fault-refused-what = 「{ $operation }」は許可されませんでした。

fault-refused-next = 相談先に連絡するか、資料のページの「できないこと」から、何が変われば許可されるかを確認してください。

refused-by-fault = 規則を評価できなかったため、安全のため拒否しました。システム管理者に連絡してください。

refused-without-rule = これを許可する規則がありません。管理責任者に相談してください。

refused-by-none-applying = これを許可する次の規則のどれにも当てはまりません。

fault-nothing = 見つかりません

fault-nothing-what = お探しのものは存在しないか、ご覧になれません。

fault-nothing-next = アドレスを確認するか、台帳から探してください。

fault-conflict = 今の状態ではできません

fault-conflict-what = 操作は行われませんでした。何も変更されていません。

fault-conflict-next = 前のページに戻り、最新の状態を確認してから、もう一度お試しください。

fault-unknown = 結果を確認できません

fault-unknown-what = 操作が行われたかどうかを確認できませんでした。

fault-unknown-next = 前のページに戻り、同じフォームをもう一度送信してください。二重に行われることはありません。

fault-internal = システムの不具合です

fault-internal-what = 処理できませんでした。何も変更されていません。

fault-internal-next = しばらくしてからお試しください。続くときは、システム管理者に連絡してください。

fault-elsewhere = 送信を受け付けられません

fault-elsewhere-what = このページから送られたものであることを確認できませんでした。何も変更されていません。

fault-elsewhere-next = 前のページを読み込み直してから、もう一度送信してください。

# $field (String)
# $what (String)
of-field = { $field }：{ $what }

unsaid = 入力内容か、今の状態に合わないところがあります。

must-be-given = 入力してください

record = 台帳の記録

record-explained = この記録が台帳にあり、書き換えられていないことを、お使いの機器で検証できます。

record-file = 検証用ファイル

record-signed = 本人のパスキーで署名されています。

record-unsigned = 本人の署名はありません。サーバーだけが証人です。

record-erased = この記録の内容は、資料の鍵とともに消去されました。

proof-checking = 検証しています…

proof-holds = 検証できました。この記録は台帳にあり、書き換えられていません。

proof-fails = 検証できませんでした。システム管理者に連絡してください。

proof-unable = このブラウザーでは検証できません。検証用ファイルを kura-verify で確認してください。

proof-tree = 台帳の大きさ

without-name = （名称は消去済み）

filters = 絞り込み

name-differs = 名称が一致しません
