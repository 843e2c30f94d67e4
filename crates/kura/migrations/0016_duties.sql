-- 義務の履行: occurrences of duties. `scheduled_on` is fixed by the duty's rule and `cause` names the record that raised
-- it, so that none is made twice; `due_on` may be moved to a working day; after `last_day` it is late. Days are
-- days where the firm is (2027-04-01). `state`: open, reported (waits for a witness), done, withdrawn. What is said of
-- who did it is frozen at the act.
create table duty_occurrence (
    id text primary key,
    duty text not null,
    scheduled_on text not null,
    cause text not null,
    due_on text not null,
    last_day text not null,
    office text not null,
    deputy text not null,
    version bigint not null,
    state text not null,
    source text not null,
    done bigint not null,
    done_on text not null,
    done_by text not null,
    done_name text not null,
    done_office text not null,
    late bigint not null,
    told text not null,
    population bigint not null,
    found bigint not null,
    witness_name text not null,
    witnessed bigint not null,
    event text not null,
    unique (duty, scheduled_on, cause)
);
create index duty_occurrence_state on duty_occurrence (state, last_day);
create index duty_occurrence_newest on duty_occurrence (duty, state, scheduled_on);
-- How far each duty's days were made: the rule as it was then, the day since which it is a duty, the last day made, the day on
-- which it was done the last time.
create table duty_mark (
    duty text primary key,
    rule text not null,
    begins text not null,
    made_until text not null,
    last_done text not null
);
