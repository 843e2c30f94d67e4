sign-in = Sign in

sign-in-name = Sign-in name

password = Password

sign-in-help = If you have forgotten your password or cannot get in, ask a system administrator.

my-account = Account

sessions = Sessions and tokens

sessions-explained = End any that you do not recognise, change your password and tell a system administrator.

this-session = This session

opened-at = Opened

used-at = Last used

ends-at = Ends

session-kind = { $kind ->
    [browser] browser
    [token] token
   *[other] ?
}

zone = { $zone ->
    [office] office
    [outside] outside
   *[other] ?
}

token-once = This token is shown once. Put it in a safe place now.
