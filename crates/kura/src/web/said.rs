//! What errors say, in the reader's language. The capabilities speak English; here each of their sentences has its
//! Japanese.

use super::words::{Language, Words};

/// Sentences in English with their Japanese. `{}` stands for whatever is in its place, and is carried over in order.
const SAID: &[(&str, &str)] = &[
    (
        "this person still answers for a finding or conducts an evaluation: others are named for it first",
        "この人は、まだ指摘事項に対応しているか、点検・監査・評価を実施しています。先に、ほかの人に替えてください",
    ),
    ("it was resolved upon already", "すでに決議されています"),
    (
        "the resolution is not about this change: write {} in its words",
        "この決議は別の件についてのものです。決議の内容に番号 {} を書いてください",
    ),
    ("what came of it is on record already", "結果はすでに記録されています"),
    (
        "the subcommittee has not resolved upon it: put it before the subcommittee first",
        "まだ部会が決議していません。先に部会に諮ってください",
    ),
    ("this resolution is upon another change already", "この決議は、すでに別の変更のものです"),
    ("it became known after it happened", "起きた日は、知った日より前にしてください"),
    ("name one of the officers and staff", "役職員を選んでください"),
    ("name somebody who handles reports", "通報対応者を選んでください"),
    ("nobody handles a case that is about themselves", "自分についての事案を担当することはできません"),
    (
        "nobody has looked at it yet: say first whether it is investigated",
        "まだ振り分けられていません。先に、調査するかどうかを決めてください",
    ),
    ("it is over: report what is new by itself", "終了しています。新しいことは、別に届け出てください"),
    (
        "it is still being investigated: hear the person concerned first",
        "調査中です。先に、弁明の機会を設けてください",
    ),
    ("the person concerned is being heard", "弁明の機会の途中です"),
    ("it is decided", "すでに決定されています"),
    ("the decision was appealed: decide again", "不服が申し立てられています。もう一度決定してください"),
    (
        "the case names no material: there is nothing to hold",
        "資料も案件も示されていないため、保全するものがありません",
    ),
    ("all of its material that is held here is on hold already", "保管中の対象資料は、すべて保全済みです"),
    (
        "that is more than 1,000 items: place holds on single items",
        "対象が1,000件を超えます。資料ごとに保全措置をかけてください",
    ),
    ("it is not said whom it is about: say so first", "関係する人が記録されていません。先に記録してください"),
    ("the policy in force says of nobody who decides", "施行中の方針に、決定する機関の定めがありません"),
    ("at least {} days from today, and within 90", "今日から{}日以後、90日以内の日にしてください"),
    ("the policy knows of these for people of this kind: {}", "この雇用区分で選べるのは、次のとおりです：{}"),
    (
        "the person concerned has not answered, and still can: wait until they did or their day has passed",
        "本人はまだ弁明できます。弁明があるか、期日が過ぎるまで待ってください",
    ),
    (
        "the resolution is not about this case: write {} in its words",
        "この決議は別の件についてのものです。決議の内容に番号 {} を書いてください",
    ),
    (
        "this resolution decided already: put it before the body again",
        "この決議では、すでに決定しています。もう一度機関に諮ってください",
    ),
    (
        "it was appealed and decided again: that is final",
        "不服申立てのうえ、あらためて決定されています。これが最終です",
    ),
    ("the time to appeal has passed", "不服を申し立てられる期限を過ぎています"),
    ("no such clock runs in this case", "この事案に、その期限はありません"),
    ("that was recorded already", "すでに記録されています"),
    (
        "the material is a consignor's: tell the consignor first",
        "委託者の資料です。まず委託者に知らせてください",
    ),
    (
        "the decision can still be appealed: wait until that has passed",
        "まだ不服を申し立てられます。期限が過ぎるまで待ってください",
    ),
    (
        "{}: somebody must still be told; record that first",
        "{}：まだ知らせていない相手があります。先に記録してください",
    ),
    ("name one of the officers and staff who may act", "利用停止でない役職員を選んでください"),
    ("an audit is conducted by an auditor", "監査を行えるのは、監査人だけです"),
    ("the auditor must not hold the office that is audited", "対象の役職にある人は、その監査を行えません"),
    ("it ends after it begins", "終わりの日は、始めの日以後にしてください"),
    ("a day from today on, within two years", "今日から二年以内の日にしてください"),
    ("a day from today on, within a year", "今日から一年以内の日にしてください"),
    ("it is closed: plan another one", "すでに終了しています。別に計画してください"),
    ("it is held against this clause already", "この条項は、すでに基準に入っています"),
    ("draw 1 to 100", "1件から100件の間で指定してください"),
    (
        "twenty samples are drawn already: conclude on those",
        "標本は20まで抽出できます。これまでの標本で結論を出してください",
    ),
    ("there is nothing to draw from on these days", "対象の期間に、抽出できるものがありません"),
    (
        "it is not held against this clause: add the clause first",
        "この条項は基準に入っていません。先に条項を加えてください",
    ),
    (
        "{}: say first whether it conforms to this clause",
        "{}：先に、この条項への適合・不適合を記録してください",
    ),
    (
        "{}: raise a finding on what does not conform to this clause",
        "{}：不適合について、指摘事項を挙げてください",
    ),
    (
        "{} of what was drawn: look at it first",
        "抽出した標本のうち{}件が未確認です。先に結果を記録してください",
    ),
    ("it was answered already", "すでに回答されています"),
    (
        "no corrective action is under way: answer the finding first",
        "進行中の是正処置がありません。先に指摘事項に回答してください",
    ),
    (
        "nothing waits to be checked: the corrective action is not done",
        "是正処置がまだ完了していないため、確かめられません",
    ),
    ("what is done stays with whoever did it", "是正が済んだものの担当は、替えられません"),
    ("you have inspected yourself this quarter already", "今四半期の自己点検には、すでに回答しています"),
    (
        "the policy in force has no questions for a self-inspection",
        "施行中の方針には、自己点検の質問がありません",
    ),
    ("say what is not so, and what you do about it", "「いいえ」の内容と、これから行うことを書いてください"),
    ("write a quarter like 2026-Q4", "四半期は「2026-Q4」のように書いてください"),
    (
        "this office is personal and is not delegated: a system administrator appoints somebody else",
        "この役職は本人だけのもので、委任できません。システム管理者が別の人を任命します",
    ),
    ("the day has passed: choose today or a later day", "その日は過ぎています。今日以降の日を選んでください"),
    ("the last day comes before the first", "終わりの日が、始めの日より前になっています"),
    (
        "a delegation lasts 92 days at most: choose an earlier last day, or a system administrator appoints somebody else",
        "委任できるのは92日までです。終わりの日を早めるか、システム管理者に別の人の任命を頼んでください",
    ),
    (
        "you hold this office by delegation only: whom it belongs to delegates it, nobody else",
        "この役職は委任を受けたものです。委任できるのは、任命された本人だけです",
    ),
    (
        "you do not hold this office: only whoever holds it delegates it",
        "この役職に任命されていません。委任できるのは、任命された本人だけです",
    ),
    (
        "your term ends before that: choose a day within it",
        "その前に任期が終わります。任期内の日を選んでください",
    ),
    (
        "nobody delegates to themselves: choose somebody else",
        "自分に委任することはできません。別の人を選んでください",
    ),
    ("this person is suspended: choose somebody else", "この人は利用停止中です。別の人を選んでください"),
    (
        "you have delegated this office on some of these days already: end that delegation first, or choose other days",
        "この期間には、すでにこの役職を委任した日があります。先にその委任を終えるか、別の日を選んでください",
    ),
    (
        "this person holds the office already on some of these days: choose somebody else, or other days",
        "この人は、この期間にすでにこの役職にある日があります。別の人か、別の日を選んでください",
    ),
    (
        "whoever delegated it ends it, or a system administrator: ask one of them",
        "委任を終えられるのは、委任した本人かシステム管理者です。どちらかに頼んでください",
    ),
    (
        "an office that is taken ends today: leave the day empty",
        "解任した役職は今日で終わります。日は空のままにしてください",
    ),
    (
        "somebody has voted on this from your place in the body already: a vote is not changed",
        "この議案には、あなたの席からすでに表決されています。表決は変えられません",
    ),
    (
        "whoever asks has delegated an office to you: somebody else approves it",
        "申請した人から役職の委任を受けています。別の人が承認してください",
    ),
    ("it is a ruling on another clause", "それは別の条項についての裁定です"),
    ("another ruling took its place already", "すでに別の裁定に置き換えられています"),
    (
        "its clause is no more: there is nothing to confirm it for",
        "この条項はなくなりました。確認する対象がありません",
    ),
    (
        "it holds for the clause as it is: there is nothing to confirm",
        "今の条項について効力があります。確認は要りません",
    ),
    ("this resolution granted another exception already", "この決議では、すでに別の例外が認められています"),
    ("an exception ends, within a year from today", "例外には、今日から一年以内の終わりの日を定めてください"),
    ("1 to 36 months are shown", "表示できるのは1か月から36か月までです"),
    ("a review is due within three years, from today on", "見直しの日は、今日から三年以内にしてください"),
    (
        "the next review is due within three years, after today",
        "次の見直しの日は、明日から三年以内にしてください",
    ),
    ("it has ended already", "すでに終わっています"),
    ("the course has changed since: begin again", "研修の内容が改められました。もう一度始めてください"),
    (
        "these questions are answered already: draw others",
        "この確認問題には、すでに答えています。もう一度始めてください",
    ),
    (
        "these questions were drawn more than a day ago: draw others",
        "この確認問題は一日以上前のものです。もう一度始めてください",
    ),
    ("answer every question", "すべての問題に答えてください"),
    ("there is no such choice", "その選択肢はありません"),
    (
        "this invitation is not good, or not any more: ask a system administrator for another",
        "この招待は使えません（誤り、期限切れ、または使用済み）。システム管理者に新しい招待を依頼してください",
    ),
    (
        "the sign-in with the provider took too long, or began in another browser: begin again",
        "社内アカウントでのサインインに時間がかかりすぎたか、別のブラウザで始められました。もう一度始めてください",
    ),
    (
        "the provider does not answer: try again in a moment, or sign in with your password",
        "社内アカウントのサーバーが応答しません。少し待って試すか、パスワードでサインインしてください",
    ),
    (
        "the provider's answer was not accepted: begin again",
        "社内アカウントのサーバーからの応答を受け入れられませんでした。もう一度始めてください",
    ),
    (
        "the provider did not sign you in: begin again",
        "社内アカウントでサインインできませんでした。もう一度始めてください",
    ),
    (
        "this account is tied to nobody here: sign in otherwise and tie it under \"My account\", or ask a system administrator",
        "この社内アカウントは、まだ誰にも結び付いていません。ほかの方法でサインインして「マイアカウント」で結び付けるか、システム管理者に依頼してください",
    ),
    (
        "this account is tied to a person already, or this person to another account: remove the tie first",
        "このアカウントはすでに誰かに結び付いているか、この人は別のアカウントに結び付いています。先に結び付きを解除してください",
    ),
    (
        "nothing would be left to sign in with: set up a passkey first",
        "サインインの手段がなくなります。先にパスキーを登録してください",
    ),
    (
        "this person is accountable already: name another",
        "すでにこの人が管理責任者です。別の人を選んでください",
    ),
    (
        "nobody records their own leaving: another administrator does",
        "自分の退職は記録できません。ほかの管理者が記録します",
    ),
    (
        "this person is still accountable for material or a matter: it is handed over first, by themselves, a director or the risk-management subcommittee",
        "この人はまだ資料または案件の管理責任者です。先に、本人、役員、またはリスクマネジメント部会が引き継いでください",
    ),
    (
        "this person still holds copies of material: they, or its custodians, attest first that the copies are gone",
        "この人はまだ資料の複製を持っています。先に、本人または資料の管理責任者が、廃棄を報告してください",
    ),
    (
        "{} rows are wrong, the first {}, in {}: nobody was added; check the table first",
        "{}行に誤りがあります（最初は{}行目の{}）。誰も登録されていません。先に表を確認してください",
    ),
    (
        "this person was tied to an account before: they tie one again themselves, under \"My account\"",
        "この人は以前に社内アカウントと結び付いていました。本人が「アカウント」のページで結び付け直してください",
    ),
    ("this device is registered already", "この機器はすでに登録されています"),
    (
        "nobody confirms their own device: another administrator does",
        "自分の機器は確認できません。ほかの管理者が確認します",
    ),
    ("this device does not wait to be confirmed", "この機器は確認待ちではありません"),
    (
        "a personal device is ended by a system administrator: ask one",
        "個人の機器の登録は、システム管理者が終えます。管理者に依頼してください",
    ),
    (
        "this browser keeps no cookies: a device is known by one",
        "このブラウザーは Cookie を保存しません。機器の登録には Cookie が必要です",
    ),
    ("say whether it is the firm's or your own", "会社の機器か個人の機器かを選んでください"),
    ("{} rules, proved", "規則{}件、証明済み"),
    (
        "not proved: run `kura policy prove --pack FOLDER --write`",
        "証明されていません。kura policy prove --pack フォルダー --write を実行してください",
    ),
    (
        "whoever is on this machine counts as in the office, and whoever comes through a proxy as outside: name the proxy in trusted_proxies",
        "このサーバーからの接続は社内、プロキシー経由は社外とみなしています。trusted_proxies にプロキシーを書いてください",
    ),
    ("only its owner reads it: {}", "所有者だけが読めます：{}"),
    ("others may read it: chmod go= {}", "ほかの利用者が読める状態です。chmod go= {} を実行してください"),
    ("opens; {} slots, {} of them for recovery", "開けます。スロット{}個、うち復旧用{}個"),
    ("the newest is {} days old", "最新は{}日前のものです"),
    ("there is none: `kura backup create`", "まだありません。kura backup create で作ってください"),
    ("the same sign-in name stands in row {}", "同じサインイン名が{}行目にあります"),
    (
        "say director, regular, contract, dispatched or intern",
        "役員、正社員、契約社員、派遣社員、インターンのいずれかを書いてください",
    ),
    (
        "there is no such class: call it as the rules do",
        "この機密区分はありません。規則にある名前で書いてください",
    ),
    (
        "policy pack, the archive: it is encrypted: pack the files without a password",
        "ZIPにパスワードが付いています。パスワードを付けずに圧縮してください",
    ),
    (
        "policy pack, the archive: it is no ZIP archive, or a damaged one: pack the policy's folder again",
        "ZIPとして読み取れません。方針のフォルダーをもう一度圧縮してください",
    ),
    (
        "policy pack, the archive: it holds more than {} files: is it a policy's?",
        "ファイルが{}個を超えています。方針のフォルダーかどうか確かめてください",
    ),
    (
        "policy pack, the archive: it unpacks to more than {} MiB: is it a policy's?",
        "展開すると{} MiBを超えます。方針のフォルダーかどうか確かめてください",
    ),
    (
        "policy pack, the archive: it holds a file twice: pack the policy's folder again",
        "同じ名前のファイルが二つあります。方針のフォルダーをもう一度圧縮してください",
    ),
    (
        "policy pack, the archive: it holds no policy: there is no {} in it",
        "方針のファイルがありません（{}が見つかりません）",
    ),
    (
        "policy pack, {}: it is damaged: pack the policy's folder again",
        "{}が壊れています。方針のフォルダーをもう一度圧縮してください",
    ),
    (
        "policy pack, {}: a pack holds no such file: remove it, or mend its name",
        "方針に{}というファイルは含められません。取り除くか、名前を直してください",
    ),
    ("policy pack, {}: it is not in UTF-8", "{}の文字コードがUTF-8ではありません"),
    ("policy pack, {}: it is in the archive twice", "{}がZIPに二つあります"),
    // What is wrong within a file is told in the words of whoever writes rules, as the command line does.
    ("policy pack, {}: {}", "方針のファイル{}に誤りがあります：{}"),
    (
        "a pack holds no file {}: remove it",
        "規則・文書の一式に{}というファイルは含められません。取り除いてください",
    ),
    (
        "the pack that it begins from holds no documents: begin from the model",
        "もとにする版に文書がありません。ひな形をもとにしてください",
    ),
    (
        "version {} waits already: adopt it, or withdraw it first",
        "第{}版が施行を待っています。先に施行を決めるか、取り下げてください",
    ),
    ("this is what is in force, to the letter", "施行中の版とまったく同じです"),
    (
        "it is decided already, and comes into force on {}: withdraw it to decide otherwise",
        "{}の施行が決まっています。変えるには、取り下げてから起案し直してください",
    ),
    ("nothing comes into force on a day that has passed", "過ぎた日を施行日にはできません"),
    ("no version of the policy is due to come into force", "施行日が来た版はありません"),
    (
        "this was recorded already, or is not asked for any more",
        "すでに履行が記録されたか、求められなくなった義務です",
    ),
    ("the policy in force does not ask for this any more", "施行中の版は、この義務を求めていません"),
    (
        "the program does this by itself, and keeps what it finds",
        "この義務はシステムが自動で行い、結果を記録します",
    ),
    (
        "an address begins with https:// and has no spaces",
        "アドレスは https:// で始め、空白を入れないでください",
    ),
    ("nobody is to be reminded today", "今日知らせる相手はいません"),
    (
        "a mail address looks like hana@example.jp",
        "メールアドレスを hana@example.jp のように入力してください",
    ),
    (
        "nothing is late and nothing calls for something to be done: a plan of action has no items",
        "遅れも要対応もありません。書き出す是正計画はありません",
    ),
    ("the day has not come yet", "まだ来ていない日です"),
    ("the first day is not after the last one", "始めの日が終わりの日より後になっています"),
    (
        "there are more than {} records of it: ask for a shorter time",
        "記録が{}件を超えています。期間を短くしてください",
    ),
    (
        "the policy in force has no clause {}: list-clauses lists them",
        "施行中の方針に条項 {} はありません。条項の一覧から選んでください",
    ),
    ("a count is 0 or more", "件数は0以上にしてください"),
    (
        "at most as many as were looked at: say how many those were",
        "確かめた件数を超えています。確かめた件数も書いてください",
    ),
    ("nothing waits for a witness here", "立会いを待っていません"),
    ("nothing of this duty is due", "期日の来たものはありません"),
    ("the ledger is empty", "台帳に記録がありません"),
    (
        "version {} is in force: read it, then acknowledge it",
        "施行中なのは第{}版です。読んでから同意してください",
    ),
    ("read it to the end first, and say so", "最後まで読んでから、読んだことを示してください"),
    ("there is no such body", "その機関はありません"),
    (
        "the body has {} members and its quorum is {}: appoint more first",
        "この機関の構成員は{}人で、定足数は{}人です。先に構成員を任命してください",
    ),
    ("from today, within {} days", "今日から{}日以内の日にしてください"),
    (
        "the resolution is about something else: put this version before the body",
        "この決議は別の対象についてのものです。この版を機関に諮ってください",
    ),
    ("the resolution was not carried", "この決議は可決されていません"),
    (
        "the CSR committee decides this: put it before the committee",
        "CSR委員会が決める事項です。委員会に諮ってください",
    ),
    ("the policy knows this body no more", "施行中の版に、この機関はありません"),
    (
        "this is not what is voted on: read the resolution again",
        "表決の対象が違います。決議を読み直してください",
    ),
    ("the vote on this is over", "この表決は終わっています"),
    ("say what the conflict of interest is", "利害関係の内容を書いてください"),
    ("you have voted on this already: a vote is not changed", "すでに表決しています。表決は変えられません"),
    (
        "the CSR committee decides on what changes in documents and duties: put it before the committee (--resolution)",
        "変更する文書または義務は、CSR委員会が決めるものです。委員会に諮り、可決された決議を示してください",
    ),
    (
        "the subcommittee decides on what changes in documents and courses: put it before the subcommittee (--resolution)",
        "変更する文書と研修は、リスクマネジメント部会が決めるものです。部会に諮り、可決された決議を示してください",
    ),
    ("this narrowing is too long to be saved", "この条件は長すぎて保存できません"),
    ("you keep {} views already: remove one first", "保存できる条件は{}個までです。先に一つ削除してください"),
    ("look for at most {} words and {} letters", "一度に探せるのは、{}語、{}文字までです"),
    ("ask for one line at least", "行数は1以上にしてください"),
    ("count to one at least", "件数の上限は1以上にしてください"),
    ("it must not hold the character U+0000", "使えない文字（U+0000）が含まれています"),
    (
        "it is too long to stand in so many rows: give it a column",
        "行数が多いため長すぎます。表の列に書いてください",
    ),
    (
        "what you sign in with was changed meanwhile: sign in again",
        "サインインに使うものが、この間に変更されました。もう一度サインインしてください",
    ),
    ("the two passwords are not the same", "二つのパスワードが一致しません"),
    ("the request is {} already", "この依頼はすでに判断または実行されています"),
    (
        "nobody approves their own request: ask two others",
        "自分の依頼を自分で承認することはできません。ほかの二名に依頼してください",
    ),
    (
        "the item was changed since: the request must be made again",
        "申請の後に資料が変更されました。申請し直してください",
    ),
    ("say which class it is to get", "変更後の機密区分を選んでください"),
    ("say who at the consignor confirmed", "委託者側で確認した人の名前を入力してください"),
    ("only reclassify gives a class", "機密区分は、区分の変更のときだけ指定します"),
    ("only confirm_return names who confirmed", "確認した人は、返却の受領確認のときだけ指定します"),
    (
        "its holder or the item's custodian attests that a copy is gone",
        "複製の廃棄は、その持出者か資料の管理責任者が報告します",
    ),
    ("the copy was attested gone already", "この複製はすでに廃棄が報告されています"),
    ("at most {} bytes", "大きさは{}バイトまでです"),
    (
        "{} of {} bytes are in uploads of yours that are not completed: complete them, or wait until they expire",
        "完了していないアップロードが{}バイトあります（上限{}バイト）。完了させるか、期限切れをお待ちください",
    ),
    (
        "a new version has the matter and the class of its item, which must be held",
        "新しい版は、保管中の資料の、同じ案件・同じ機密区分で格納します",
    ),
    (
        "lent material is taken, against a receipt: use take",
        "貸与資料は「預かる」から登録してください（預り証が発行されます）",
    ),
    ("a derivative is tied to its origin: use derive", "二次的資料は、元の資料のページから登録してください"),
    (
        "nothing was handed out yet: hand the package to the consignor first",
        "返却物がまだ取り出されていません。先に委託者に渡してください",
    ),
    ("the item is not being erased", "この資料は消去中ではありません"),
    ("a day looks like 2027-03-31", "日付を 2027-03-31 のように入力してください"),
    ("the day has passed already", "すでに過ぎた日付です"),
    (
        "a guest sees what is shared of their matter; nothing is granted to guests",
        "ゲストには個別の許可はできません。案件で共有してください",
    ),
    (
        "only the custodian names another: leave it out, and ask for a hand-over",
        "別の人を指定できるのは管理責任者だけです。空のままにし、交代を依頼してください",
    ),
    (
        "only the matter's custodian shares with its guests",
        "委託者のゲストと共有できるのは、案件の管理責任者だけです",
    ),
    (
        "the upload is a new version of an item: use store",
        "このファイルは新しい版として送られています。「新しい版を格納する」から登録してください",
    ),
    (
        "give either an upload, for a file, or a place, for paper, a medium or a device",
        "ファイルか、紙・媒体の保管場所の、どちらか一方を指定してください",
    ),
    ("a tangible item needs a name", "紙や媒体には名称が必要です"),
    ("a guest cannot be accountable for material", "ゲストは管理責任者になれません"),
    ("this person is suspended", "この人は利用停止中です"),
    ("the material is above this person's clearance", "この人の取扱区分を超える資料です"),
    ("the rules do not let this person handle the material", "規則により、この人はこの資料を扱えません"),
    (
        "the upload was begun for another matter or class: begin again",
        "別の案件または区分で始めたアップロードです。もう一度始めてください",
    ),
    ("a page has 1 to {} lines", "1ページは1行から{}行までです"),
    ("the page is out of date: open the item again", "ページが古くなっています。資料を開き直してください"),
    ("the item has this class already", "すでにこの機密区分です"),
    (
        "the store {} may not hold this class: take the content into a store that may, as a new item",
        "今の格納先（{}）には、この区分の資料を置けません。置ける格納先に、新しい資料として預かってください",
    ),
    (
        "it keeps changing while it is being read; try again",
        "読み取り中に変更が続いています。もう一度お試しください",
    ),
    ("you have decided this request already", "この依頼はすでに判断済みです"),
    (
        "the upload was begun for something else: begin one for this item",
        "別のもののために始めたアップロードです。この資料のために始めてください",
    ),
    (
        "the item's class has changed since the upload was begun: begin again",
        "アップロードの後に機密区分が変わりました。もう一度始めてください",
    ),
    (
        "the party has no age recipient (public key): register the party with one first",
        "この取引先には公開鍵が登録されていません。先に公開鍵を登録してください",
    ),
    ("the upload has expired: begin again", "アップロードの期限が切れました。もう一度始めてください"),
    ("this upload has parts 0 to {}", "このアップロードの部分は0から{}までです"),
    ("part {} has {} bytes; {} came", "部分{}は{}バイトのはずですが、{}バイトでした"),
    (
        "part {} is stored already with other bytes: the file was changed; begin a new upload",
        "部分{}はすでに別の内容で保存されています。ファイルが変更されたため、もう一度始めてください",
    ),
    ("send part {} next", "次は部分{}を送ってください"),
    (
        "the upload is not complete: send the parts that are missing",
        "アップロードが完了していません。残りを送ってください",
    ),
    ("the upload was used already", "このアップロードはすでに使われています"),
    (
        "what was stored is not what you sent (SHA-256 differs): upload again",
        "保存された内容が送ったものと一致しません（SHA-256）。もう一度送ってください",
    ),
    (
        "this token is for the calendar only; sign in for anything else",
        "カレンダー専用のトークンです。ほかの操作にはサインインしてください",
    ),
    (
        "give your sign-in name, and a token for the calendar as the password",
        "ユーザー名にサインイン名を、パスワードにカレンダー用のトークンを指定してください",
    ),
    (
        "this token is for reading only; sign in with one that may write",
        "閲覧専用のトークンです。書き込みのできるものでサインインしてください",
    ),
    ("it is not inside the content", "内容の範囲外です"),
    (
        "this content leaves only sealed for its recipient",
        "この内容は、受取人のために封をした形でだけ取り出せます",
    ),
    ("sign in first", "サインインしてください"),
    ("this person is not registered", "この人は登録されていません"),
    (
        "it was changed since you looked at it: look again, then decide",
        "ご覧になった後に変更されました。もう一度確認してから判断してください",
    ),
    (
        "this idempotency key was used for another input; use a fresh one",
        "このフォームは別の内容ですでに送信されています。ページを読み込み直してください",
    ),
    (
        "what was approved is not what you ask now: ask for approval again",
        "承認された内容と異なります。もう一度申請してください",
    ),
    (
        "the item was changed since it was approved: ask for approval again",
        "承認の後に資料が変更されました。もう一度申請してください",
    ),
    ("the request is {}", "この依頼はすでに判断または実行されています"),
    ("the request has lapsed: ask for approval again", "依頼の期限が切れました。もう一度申請してください"),
    (
        "{} of 2 approvals are there: wait for the other",
        "2名のうち{}名が承認しています。残りの承認をお待ちください",
    ),
    (
        "you have asked {} times within the hour: ask the custodian, or again in {} minutes",
        "1時間に{}回お尋ねになりました。管理責任者に相談するか、{}分後にもう一度お試しください",
    ),
    (
        "the material was erased: its key does not exist any more",
        "この資料は消去されました。鍵はもう存在しません",
    ),
    (
        "this already exists; look at what is there and decide again",
        "すでに存在します。今の状態を確認してください",
    ),
    ("not an id: {}; an id looks like 0190f3a8-7c1e-7b54-9f3e-1a2b3c4d5e6f", "一覧から選んでください"),
    ("it must not hold the character U+0000", "使えない文字（U+0000）が含まれています"),
    ("the ledger is empty: there is nothing to export yet", "台帳はまだ空です"),
    ("not an age recipient: {}", "age の公開鍵（age1…）ではありません"),
    ("a guest works on matters of their own party only", "ゲストは自社の案件だけを担当できます"),
    ("the matter is closed already", "この案件はすでに終了しています"),
    (
        "{} still out; return or erase each, and have copies attested destroyed: {}",
        "未返却・未消去が{}件あります。それぞれを返却または消去し、複製の廃棄を報告してください：{}",
    ),
    ("a guest cannot be accountable for a matter", "ゲストは案件の管理責任者になれません"),
    ("a party of this name is registered already", "この名前の取引先はすでに登録されています"),
    ("a matter with this code exists already", "この案件番号はすでに使われています"),
    ("name the highest class they may handle", "取り扱える最も高い機密区分を選んでください"),
    ("name a guest's last day, for example 2026-12-31", "ゲストの最終日を入力してください"),
    (
        "name either an employment or a guest's party",
        "雇用区分か、ゲストの所属先の、どちらか一方を選んでください",
    ),
    (
        "nobody gives themselves an office: another administrator does",
        "自分に役職を与えることはできません。ほかの管理者に依頼してください",
    ),
    ("a guest holds no office", "ゲストは役職に就けません"),
    (
        "nobody changes their own employment or clearance: another administrator does",
        "自分の雇用区分や取扱区分は変更できません。ほかの管理者に依頼してください",
    ),
    ("a token is good for 1 to {} days", "有効日数は1日から{}日までです"),
    (
        "a sign-in name has 1 to 64 lower-case letters, digits, dots, hyphens, underscores or @",
        "サインイン名は、英小文字・数字・. - _ @ で64文字までです",
    ),
    ("no such class; the classes are {}", "一覧から機密区分を選んでください"),
    ("a password has 12 to 512 characters", "パスワードは12文字以上512文字以下にしてください"),
    ("somebody already signs in with this name", "このサインイン名はすでに使われています"),
    (
        "nobody would be left to keep the register: appoint another system administrator without a last day first",
        "登録を管理する人がいなくなります。先にほかのシステム管理者を、任期を定めずに任命してください",
    ),
    (
        "the pack is still being proved: try again in a minute",
        "規則を証明しています。しばらくしてからお試しください",
    ),
    (
        "the pack is not proved and does not come into force: {}",
        "証明できないため、この規則は施行できません：{}",
    ),
    (
        "the pack may permit what is refused now; the CSR committee resolves upon it (--resolution). It lets in:\n{}",
        "今は拒否されることを許可する可能性があるため、CSR委員会の決議が必要です",
    ),
    ("ask of one of {}", "この操作については確認できません"),
    (
        "nobody resets their own sign-in: another administrator does",
        "自分のサインインをやり直せるようにすることはできません。ほかの管理者に依頼してください",
    ),
    (
        "a table has at most {} lines: narrow it down, for example to a matter",
        "表は{}行までです。案件などで絞り込んでください",
    ),
    (
        "show your passkey or a code first, then add or remove one",
        "パスキーや確認コードの追加・解除の前に、本人確認をしてください",
    ),
    (
        "the rules in force do not know {}: a pack that does lies ready; sign in on the command line and `kura adopt-pack`",
        "施行中の規則がこの操作（{}）に対応していません。システム管理者に、候補の規則の施行を依頼してください",
    ),
    ("the present password is wrong", "今のパスワードが違います"),
    ("the name or the password is wrong", "サインイン名またはパスワードが違います"),
    (
        "too many people sign in at once: try again in a moment",
        "サインインが集中しています。しばらくしてからお試しください",
    ),
    ("sign in: the token is unknown or has expired", "サインインしてください"),
    ("too many wrong passwords: wait {} seconds", "パスワードの誤りが続いています。{}秒お待ちください"),
    (
        "no store may hold class {}: add one to the configuration",
        "この区分（{}）を置ける格納先がありません。システム管理者に連絡してください",
    ),
    ("a name must not be empty", "名前を入力してください"),
    (
        "a name has at most 255 bytes in UTF-8; this one has {}",
        "名前が長すぎます（UTF-8で255バイトまで。今は{}バイト）",
    ),
    ("a name must not hold the character U+{}", "名前に使えない文字（U+{}）が含まれています"),
    ("a name must not be \".\" or \"..\"", "名前に「.」や「..」は使えません"),
    ("a reason must be given", "入力してください"),
    ("choose a file first", "ファイルを選んでください"),
    ("a table has at most {} MiB: divide it", "表は{}MiBまでです。分けてください"),
    ("a table has at most {} rows: divide it", "表は{}行までです。分けてください"),
    ("row {}: a table has at most {} columns", "{}行目：列は{}列までです"),
    ("cell {}: at most {} characters", "セル{}：{}文字までです"),
    (
        "the text is in none of UTF-8, UTF-16 and CP932 (Shift_JIS), from line {} on: save it as CSV UTF-8",
        "文字コードを読み取れません（{}行目から）。「CSV UTF-8」で保存し直してください",
    ),
    ("this is no table of text: save it as CSV", "表として読み取れません。CSV形式で保存し直してください"),
    (
        "this workbook cannot be read: save it as XLSX without a password, or its sheet as CSV, and send that",
        "このブックは読み取れません。パスワードなしのXLSX形式か、CSV形式で保存し、それを送ってください",
    ),
    (
        "row {} has more cells than there are heads in row {}: a comma in a cell needs quotation marks",
        "{}行目のセルが見出し（{}行目）より多くあります。カンマを含むセルは引用符で囲んでください",
    ),
    ("the table has no row of heads with rows below it", "見出しの行と、その下の行がありません"),
    (
        "the table cannot be read from row {} on: look for a quotation mark that is never closed",
        "{}行目から読み取れません。閉じられていない引用符がないか確かめてください",
    ),
    (
        "others are importing tables: try again in a few minutes",
        "ほかの人が取込みの途中です。数分後にもう一度お試しください",
    ),
    (
        "{} rows are wrong, the first {}, in {}: nothing was imported; check the table first",
        "{}行に誤りがあります（最初は{}行目の{}）。何も取り込まれていません。先に確認してください",
    ),
    ("there is no column {}; there are {}", "列{}はありません。使える列：{}"),
    ("the column {} is there twice", "列{}が二つあります"),
    ("give the matter's code", "案件番号を入力してください"),
    ("there is no such matter", "この案件はありません"),
    ("give the class", "機密区分を入力してください"),
    (
        "there is no such class: call it as the rules do, or say what the word means",
        "この機密区分はありません。規則にある名前にするか、読み替えを指定してください",
    ),
    (
        "say lent, communication, work or deliverable",
        "「貸与」「通信」「作業資料」「成果物」のいずれかにしてください",
    ),
    ("say electronic or tangible", "「電子」か「紙」「媒体」などにしてください"),
    ("nobody in the register is called that", "この名前の人は登録されていません"),
    (
        "several people are called that: give the sign-in name",
        "同じ名前の人が複数います。サインイン名を入力してください",
    ),
    (
        "the rules do not let you bring material of this class into this matter",
        "この案件に、この機密区分の資料を登録することはできません",
    ),
    ("the same name in the same place stands in row {}", "同じ名称・同じ保管場所の行があります（{}行目）"),
    ("the register holds this name in this place already", "同じ名称・同じ保管場所の資料が台帳にあります"),
    ("say where it is kept", "保管場所を入力してください"),
    ("say where it comes from", "受領の経緯を入力してください"),
    ("this day has not come yet", "まだ来ていない日付です"),
    (
        "one-time codes are set up already: remove them first",
        "確認コードはすでに設定されています。先に解除してください",
    ),
    (
        "this is not the code that the app shows now: look again, and at the clock",
        "アプリに今表示されている確認コードと一致しません。もう一度見て、端末の時刻も確かめてください",
    ),
    (
        "this code is not good, or was used before: wait for the next one",
        "この確認コードは使えません（誤っているか、使用済みです）。次のコードが表示されるのを待ってください",
    ),
    ("too many wrong codes: wait {} seconds", "確認コードの誤りが続きました。{}秒待ってください"),
    ("give the code of your app, or a recovery code", "アプリの確認コードか、回復コードを入力してください"),
    ("the sign-in took too long: begin again", "時間が過ぎました。最初からサインインし直してください"),
    (
        "nothing is called that: type a part of the name",
        "該当するものがありません。名前の一部を入力してください",
    ),
    (
        "several are called that: choose one, or type more of the name",
        "該当するものが複数あります。候補から選ぶか、名前を続けて入力してください",
    ),
    ("at most 4,000 characters; this text has {}", "4,000文字までです（今は{}文字）"),
    ("a text must not hold the character U+{}", "使えない文字（U+{}）が含まれています"),
    ("the form was cut: send it again", "送信が途切れました。もう一度送ってください"),
    (
        "such a file has at most {} MiB",
        "この方法で送れるファイルは{} MiBまでです。「預かる」のページからは、より大きなファイルも送れます",
    ),
    ("a field of the form is too long", "入力が長すぎる項目があります"),
    ("the form came too slowly: send it again", "送信に時間がかかりすぎました。もう一度送ってください"),
    ("the form makes no sense: send it from its page", "フォームを読み取れません。ページから送ってください"),
    ("the form has too many fields", "フォームの項目が多すぎます"),
    ("the form is not in UTF-8", "文字コードがUTF-8ではありません"),
    ("the form was cut, came too slowly or is too long", "送信が途切れたか、遅すぎるか、長すぎます"),
    (
        "the database is a PostgreSQL server's: back it up with pg_dump, and copy the keyring apart",
        "データベースはPostgreSQLです。pg_dump でバックアップし、鍵束は別に複写してください",
    ),
    (
        "a backup's name has lower-case letters, digits and hyphens",
        "バックアップの名前は、英小文字・数字・ハイフンです",
    ),
    (
        "a media type looks like application/pdf, without parameters",
        "ファイルの種類は application/pdf のような形です",
    ),
    ("invalid digit found in string", "数字で入力してください"),
    ("the request did not come from a page of Kura", "Kura のページから送られた要求ではありません"),
    (
        "passkeys need a name, not an address of numbers: open Kura under its name, or localhost",
        "数字のアドレスではパスキーを使えません。名前（または localhost）のアドレスで開いてください",
    ),
    ("the passkey was not accepted: try again", "パスキーを確認できませんでした。もう一度お試しください"),
    ("the passkey was asked too long ago: try again", "時間が経ちすぎました。もう一度お試しください"),
    ("the signature makes no sense: sign again", "署名を読み取れません。もう一度署名してください"),
    ("the page is out of date: load it again", "ページが古くなっています。読み込み直してください"),
    (
        "what was signed is not what you ask now: sign again",
        "署名された内容と異なります。もう一度署名してください",
    ),
    (
        "it was changed since you signed: look again, then sign",
        "署名の後に変更されました。もう一度確認してから署名してください",
    ),
    (
        "the passkey's counter did not grow: it may have been copied. Remove it, and tell a system administrator",
        "パスキーが複製された可能性があります。削除し、システム管理者に連絡してください",
    ),
    ("this passkey is registered already", "このパスキーはすでに登録されています"),
    (
        "this account has a passkey: sign in in the browser and make a token there",
        "パスキーが登録されています。ブラウザーでサインインし、そこでトークンを作ってください",
    ),
    ("the passkey's answer is malformed", "パスキーの応答を読み取れません"),
    ("the passkey answered another kind of request", "パスキーの応答が要求と異なります"),
    ("the passkey answered another challenge", "パスキーの応答が要求と異なります"),
    ("the passkey was asked by another site", "別のサイトからの要求です"),
    ("the passkey did not verify the person", "パスキーで本人を確認できませんでした"),
    (
        "the passkey has a key of another kind than ES256 or EdDSA",
        "このパスキーの鍵の種類には対応していません",
    ),
];

/// The parts of a text that stand for the `{}` of a pattern, when it fits.
fn fit<'t>(pattern: &str, text: &'t str) -> Option<Vec<&'t str>> {
    let mut pieces = pattern.split("{}");
    let mut rest = text.strip_prefix(pieces.next()?)?;
    let mut found = Vec::new();
    let pieces: Vec<&str> = pieces.collect();
    for (at, piece) in pieces.iter().enumerate() {
        let end = if at + 1 == pieces.len() && piece.is_empty() { rest.len() } else { rest.find(piece)? };
        found.push(&rest[..end]);
        rest = &rest[end + piece.len()..];
    }
    rest.is_empty().then_some(found)
}

/// A sentence of an error in the reader's language.
pub(crate) fn say(t: &Words, english: &str) -> String {
    if t.code() == Language::En.code() {
        return english.to_owned();
    }
    for (pattern, japanese) in SAID {
        if let Some(found) = fit(pattern, english) {
            let mut told = String::new();
            let mut found = found.into_iter();
            for (at, piece) in japanese.split("{}").enumerate() {
                if at > 0 {
                    told.push_str(found.next().unwrap_or_default());
                }
                told.push_str(piece);
            }
            return told;
        }
    }
    t.unsaid()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::words::Languages;

    #[test]
    fn what_stands_in_a_sentence_is_carried_over() {
        let languages = Languages::load("UTC");
        let (ja, en) = (languages.of(Language::Ja), languages.of(Language::En));
        let english = "3 still out; return or erase each, and have copies attested destroyed: 図面 (held)";
        assert_eq!(say(&en, english), english);
        assert!(say(&ja, english).contains("3件あります") && say(&ja, english).ends_with("：図面 (held)"));
        assert_eq!(say(&ja, "no sentence of ours"), ja.unsaid());
        assert_eq!(fit("a{}b{}", "axbyb"), Some(vec!["x", "yb"]));
        assert_eq!(fit("a{}b", "axb c"), None);
    }

    #[test]
    fn every_pattern_carries_no_more_than_it_finds() {
        for (english, japanese) in SAID {
            assert!(english.matches("{}").count() >= japanese.matches("{}").count(), "{english}");
        }
    }
}
