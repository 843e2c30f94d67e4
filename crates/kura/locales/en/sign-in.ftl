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

second-step = Second step

second-step-explained = One more step: show that it is you.

show-passkey = Show your passkey

sign-in-with-passkey = Sign in with a passkey

passkey = Passkey

passkeys = Passkeys

passkeys-explained = With a passkey registered, signing in needs it, and your approvals, permissions, erasures and hand-overs carry a signature that only your passkey can make.

passkeys-by-name = Passkeys do not work under an address of numbers. Open Kura under its name, or under localhost.

passkey-synced = synced

passkey-bound = on its device alone

passkey-label = What you call it

passkey-label-help = For example: office notebook.

passkey-failed = The passkey was not accepted. Nothing was changed. Try again.

register-passkey = Register a passkey

registered-at = Registered

prove-explained = Do this before what needs it, such as using top secret material. It is good for 15 minutes.

you-sign-this = You sign exactly this with your passkey.

one-time-code = One-time code

code-help = The six digits in your authenticator app. Without the app, a recovery code.

codes = One-time codes (authenticator app)

codes-explained = An authenticator app shows six digits, fresh every 30 seconds, to be typed after your password. They work on devices that take no passkey. Signing an approval needs a passkey.

codes-set-up = Set up one-time codes

codes-scan = Scan this picture with your authenticator app.

codes-type = If you cannot scan it, type this into the app.

codes-confirm = The six digits that the app shows

show-code = Show a code

recovery-codes = Recovery codes

recovery-once = Recovery codes are shown on this page, this once.

recovery-explained = When the app is lost, they stand in for its codes, each one once. Print or copy them and keep them in a safe place.

recovery-kept = I keep them safely

recovery-left = Recovery codes left

welcome = Set your first password

welcome-explained = Give the code of your invitation and the password that you will use. Nobody but you knows it.

invitation-code = Code of the invitation

new-password = New password

password-again = Once more

set-this-password = Set this password

invitation-once = This link is shown once. Hand it to them on a safe way. It works once, until { $until }.

provider-sign-in = Sign in with { $provider }

provider-away = You are on your way to { $provider }.

provider-go-on = Go on

provider-explained = Once the firm's account is tied to you, you can sign in with it.

provider-tie = Tie my account

devices = Devices

devices-explained = Devices that people registered. Confirm one as the firm's after you have looked at it.

devices-none = No device is registered yet.

own-devices-explained = Register the browser before you as a device. A device of the firm's counts once a system administrator has confirmed it. On your own device you use the material of matters whose terms allow that.

device-is = Belongs to

device-kind = { $kind ->
    [firm] the firm
    [personal] its person
    [claimed] the firm, not confirmed yet
   *[other] ?
}

device-register = Register this device

device-end = End
