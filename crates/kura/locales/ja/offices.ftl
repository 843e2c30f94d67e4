offices = 役職と委任

offices-explained = 誰がどの役職に、いつまで就いているか、誰が誰の代わりを務めているかを示します。委任している間は、委任を受けた人がその役職に就き、委任した人は離れます。

office-vacant = この役職にある人はいません。

# $day (String)
office-until = { $day }まで

# $name (String)
# $day (String)
office-by-delegation = { $name }の委任により{ $day }まで

# $name (String)
# $day (String)
office-delegated = { $name }に{ $day }まで委任

delegations = 委任

# $name (String)
# $delegate (String)
# $first (String)
# $last (String)
delegation-told = { $name }から{ $delegate }へ、{ $first }から{ $last }まで

delegation-to-come = 予定

# $name (String)
vote-from-the-place-of = { $name }の委任により
