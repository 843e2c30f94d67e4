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

pack-loosens = 緩める変更を含むため、CSR委員会の決議が必要です。

lets-in = 新たに許可

refuses-now = 新たに拒否

clauses-and-rules = 条項と規則

# $count (Number)
rules-count = 規則 { $count }

no-rule-here = この条項を実施する規則は、まだありません。

rule-permits = 許可

rule-forbids = 禁止
