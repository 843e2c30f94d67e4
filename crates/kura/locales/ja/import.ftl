import-explained = お使いの情報資産管理台帳を取り込みます。すべての行を確認してから、まとめて登録します。誤りが一つでもあれば、何も登録されません。

import-read = 読み取る

import-what = 取り込める列

# $count (String)
# $encoding (String)
import-about = { $count }行、形式 { $encoding }

# $count (String)
import-good = { $count }行すべてを確認しました。誤りはありません。まだ何も登録されていません。

# $count (String)
# $wrong (String)
import-wrong = { $count }行のうち{ $wrong }行に誤りがあります。何も登録されていません。

import-wrong-teach = 元の表の次のセルを直して保存し、もう一度送ってください。列や読み替えの指定が違うときは、下で直して確認し直してください。

import-wrong-cells = 誤りのあるセル

import-cell = セル

import-column = 見出し

import-said = 内容

import-why = 理由

# $count (String)
import-now = { $count }件を台帳に登録する

import-columns = 列の対応

import-columns-teach = 見出しから推測しました。違っていれば選び直してください。

import-none = 使わない

import-words = 機密区分の読み替え

import-words-teach = 表では次の呼び方が使われています。当てはまる機密区分を選んでください。

import-otherwise = 書かれていないとき

import-otherwise-teach = 列がない、またはセルが空の行に使います。

import-check = すべての行を確認する

import-other = 別の表を送る

import-first-rows = 最初の行

import-row = 行

# $number (Number)
row = { $number }行目

# $count (String)
imported = { $count }件を台帳に登録しました。

imported-teach = 電子データは、まだ Kura に格納されていません。資料のページから格納すると、暗号化されて版が付きます。
