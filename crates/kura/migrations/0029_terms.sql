-- 任期: the last day of an appointment, empty for none. Who holds an office on a day is derived from it.
alter table office add column until text not null default '';
-- 委任: an office that moves from its holder to somebody else for some days. `ended`: when it was ended before its last
-- day, 0 for never.
create table delegation (
    id text primary key,
    office text not null,
    person text not null,
    delegate text not null,
    first_day text not null,
    last_day text not null,
    reason text not null,
    made bigint not null,
    ended bigint not null
);
create index delegation_person on delegation (person, office);
create index delegation_delegate on delegation (delegate);
-- Whose place in the body a vote was cast from: a place votes once, whoever sits in it.
alter table vote add column seat text not null default '';
update vote set seat = person;
create unique index vote_seat on vote (resolution, seat);
