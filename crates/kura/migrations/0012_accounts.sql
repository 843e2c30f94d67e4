-- Accounts with the firm's OpenID Provider, and whose they are.
create table account (
    issuer text not null,
    subject text not null,
    person text not null,
    created bigint not null,
    primary key (issuer, subject)
);
create unique index account_person on account (person, issuer);
-- Whom an account with a provider was ever tied to: a name ties somebody the first time alone.
create table account_tied (
    person text not null,
    issuer text not null,
    primary key (person, issuer)
);
