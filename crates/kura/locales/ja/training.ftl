training = 研修

training-explained = 自分の役割に求められる研修を受けます。読んでから、確認問題に答えます。決められた数以上に正解すると修了です。

training-own = あなたの研修

training-others = ほかの研修

training-none = あなたに求められる研修はありません。

training-opens = 「秘」以上の資料を利用するために必要です

training-questions = 確認問題

# $asked (Number)
# $right (Number)
# $months (Number)
training-asked = { $asked }問のうち{ $right }問以上に正しく答えると修了です。修了は{ $months }か月間有効です。何度でもやり直せます。

# $standing (String)
# $day (String)
training-standing = { $standing ->
    [open] 未修了
    [lapsed] 有効期限切れ（{ $day }まで）
    [ending] まもなく期限（{ $day }まで有効）
   *[valid] 修了（{ $day }まで有効）
}

# $lesson (String)
read-the-lesson = 研修で確かめる：{ $lesson }

# $course (String)
attempt-title = 確認問題：{ $course }

# $asked (Number)
# $right (Number)
attempt-explained = { $asked }問あります。{ $right }問以上に正しく答えると修了です。1日以内に答えてください。

# $of (Number)
# $correct (Number)
# $day (String)
attempt-passed = { $of }問中{ $correct }問正解。修了しました。{ $day }まで有効です。

# $of (Number)
# $correct (Number)
# $right (Number)
attempt-failed = { $of }問中{ $correct }問正解。修了には{ $right }問以上の正解が必要です。説明を読んで、もう一度答えてください。

answer-right = 正解

answer-yours = あなたの答え

answer-others = もう一度、別の問題に答える

read-it-again = もう一度読む

back-to-the-course = 研修に戻る

training-shown = 受講の状況

# $of (String)
# $count (String)
trained-of = { $of }人のうち{ $count }人が、求められる研修をすべて修了

training-waits = 受ける研修

what-courses-change = 変わる研修
