-- 違反と事故. `number`: the case's, told among people (2026-3). `reporter`: who reported it, sealed under a key of its own.
-- `known`: when the firm came to know, from which clocks run. `about`: the person concerned, empty for nobody known.
-- `personal`: the kind of personal data that it touches. `answer_by`: the day until which the person concerned is heard.
create table violation (
    id text primary key,
    number text not null unique,
    kind text not null,
    state text not null,
    told text not null,
    happened_on text not null,
    known bigint not null,
    item text not null,
    matter text not null,
    reporter blob not null,
    sealed bigint not null,
    reported bigint not null,
    clause text not null,
    about text not null,
    about_name text not null,
    employment text not null,
    handler text not null,
    handler_name text not null,
    personal text not null,
    charge text not null,
    answer_by text not null,
    sanction text not null,
    decided bigint not null,
    lesson text not null,
    closed bigint not null
);
create index violation_state on violation (state);
create index violation_clause on violation (clause, state);
create index violation_about on violation (about);
-- What became of it, step by step; none is changed. `salt` is that of the record's commitment to what was told.
create table violation_step (
    event text primary key,
    violation text not null,
    number bigint not null,
    made bigint not null,
    made_name text not null,
    step text not null,
    told text not null,
    salt text not null,
    clock text not null,
    day text not null
);
create unique index violation_step_violation on violation_step (violation, number);
-- A resolution decides on one case.
create table violation_decision (
    resolution text primary key,
    violation text not null
);
-- Holds that a case placed, to be released with it.
create table violation_hold (
    hold text primary key,
    violation text not null,
    item text not null
);
create index violation_hold_violation on violation_hold (violation);
