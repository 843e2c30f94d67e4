-- 決議: what a body is asked to resolve upon, and each member's vote. `pack` is the digest of the version of the policy that
-- it is about, empty for none; `digest` is over exactly what is voted on. `state`: open, carried, rejected, lapsed.
create table resolution (
    id text primary key,
    body text not null,
    title text not null,
    words text not null,
    pack text not null,
    digest text not null,
    state text not null,
    opened bigint not null,
    opened_by text not null,
    opened_name text not null,
    closes_on text not null,
    closed bigint not null,
    members bigint not null,
    event text not null
);
create index resolution_state on resolution (state, closes_on);
create index resolution_pack on resolution (pack);
create table vote (
    resolution text not null,
    person text not null,
    name text not null,
    choice text not null,
    reason text not null,
    made bigint not null,
    signed bigint not null,
    event text not null,
    primary key (resolution, person)
);
