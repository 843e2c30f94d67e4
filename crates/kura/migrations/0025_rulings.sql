-- 解釈裁定: how the representative director interprets a clause, finally. `digest` is that of the clause's text for which it
-- holds; another text lets it lapse until it is confirmed. `superseded_by`: the ruling that took its place, empty for none.
create table ruling (
    id text primary key,
    clause text not null,
    question text not null,
    words text not null,
    version bigint not null,
    digest text not null,
    given bigint not null,
    given_by text not null,
    given_name text not null,
    confirmed bigint not null,
    superseded_by text not null
);
create index ruling_clause on ruling (clause, given);
-- 例外: what for a time does not have to comply with a clause, and what is done instead. `ended`: when it was ended before
-- its last day, 0 for never.
create table policy_exception (
    id text primary key,
    clause text not null,
    about text not null,
    reason text not null,
    measure text not null,
    since text not null,
    last_day text not null,
    resolution text not null unique,
    title text not null,
    made_name text not null,
    ended bigint not null,
    ended_name text not null,
    ended_reason text not null
);
create index policy_exception_clause on policy_exception (clause, last_day);
