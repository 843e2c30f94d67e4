-- 法令・条約・契約: what asks for more than a clause of the policy. `matter`: the one that it binds, empty for all work.
-- `ended`: when it was taken off the register, 0 for never.
create table requirement (
    id text primary key,
    clause text not null,
    kind text not null,
    name text not null,
    asks text not null,
    found_at text not null,
    matter text not null,
    review_on text not null,
    added bigint not null,
    added_name text not null,
    ended bigint not null,
    ended_name text not null,
    ended_reason text not null
);
create index requirement_clause on requirement (clause, ended);
-- 見直し: each one stays, with the day that it set for the next.
create table requirement_review (
    requirement text not null,
    number bigint not null,
    made bigint not null,
    made_name text not null,
    told text not null,
    next_review text not null,
    primary key (requirement, number)
);
