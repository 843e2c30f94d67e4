-- Passkeys (WebAuthn): what a person shows beside or instead of a password, and signs with.
create table passkey (
    -- The credential's id, base64url.
    credential text primary key,
    id text not null unique,
    person text not null,
    label text not null,
    -- The public key: COSE in hexadecimal.
    public_key text not null,
    -- The authenticator's counter, 0 for good where it counts nothing.
    counter bigint not null,
    -- Whether its maker may copy it to the person's other devices.
    synced bigint not null,
    created bigint not null,
    used bigint not null,
    -- The record that registered it.
    event text not null,
    -- When it was taken away, 0 not yet. Its row stays: what was signed with it is still to be checked.
    removed bigint not null
);
-- What the people of an erasure signed, until its certificate carries it: the records that hold it go with the item's key.
create table erasure_consent (
    item text primary key,
    consents text not null
);
create index passkey_person on passkey (person);
