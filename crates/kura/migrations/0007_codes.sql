-- The matters that somebody is accountable for, whose material they may know of.
create index matter_custodian on matter (custodian);
-- One-time codes (TOTP, RFC 6238): the secret, sealed for its person under the firm's key, and the step of the last code
-- that was used, which is not taken again.
create table totp (
    person text primary key,
    sealed blob not null,
    created bigint not null,
    last_step bigint not null
);
-- Recovery codes by their digests; `used` is when, 0 not yet.
create table recovery_code (
    digest text primary key,
    person text not null,
    used bigint not null
);
create index recovery_code_person on recovery_code (person);
