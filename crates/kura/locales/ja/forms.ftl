what-is-gone = 消去されるもの、残るもの

# $number (Number)
# $name (String)
# $size (String)
gone-version = 消去：版 { $number } { $name }（{ $size }）

gone-key = 消去：この資料の鍵と名前（バックアップにも残りません）

# $holder (String)
# $place (String)
stays-copy = 残る：{ $holder } が持つ複製（{ $place }）

# $name (String)
stays-derivative = 残る：派生した資料 { $name }

type-the-name = 確認のため、名称を入力してください

# $name (String)
type-the-name-help = 「{ $name }」と入力してください。元に戻すことはできません。

request-asked = 申請の内容

asked-by-whom = 申請者
