-- Browsers that somebody registered as a device: by the digest of the cookie that the browser keeps. `kind`: firm, personal, or
-- claimed (said to be the firm's, and not confirmed yet).
create table device (
    id text primary key,
    person text not null,
    label text not null,
    kind text not null,
    digest text not null,
    created bigint not null,
    ended bigint not null
);
create index device_digest on device (digest);
create index device_person on device (person);
-- The device that a browser's session is bound to; empty for none.
alter table token add column device text not null default '';
