-- Where a person is reached by mail; empty for nowhere.
alter table person add column mail text not null default '';

-- 督促: on which days somebody is reminded of duties. `sent`: when the mail server took it; 0 while it has not, -1 when it
-- was given up. `event`: the record by which it was decided.
create table reminder (
    person text not null,
    day text not null,
    event text not null,
    sent bigint not null,
    primary key (person, day)
);
create index reminder_unsent on reminder (sent);
