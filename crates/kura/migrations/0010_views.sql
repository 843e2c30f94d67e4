-- Narrowings of the register that somebody saved under a name of their own.
create table saved_view (
    person text not null,
    name text not null,
    query text not null,
    primary key (person, name)
);
-- Whoever takes a file in is told what is there already.
create index version_sha256 on version (sha256);
