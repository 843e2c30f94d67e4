-- 自己点検: what somebody said of how they handle confidential information, once a quarter (2026-Q4). `answers`: yes, no or
-- not_applicable by question.
create table self_inspection (
    person text not null,
    quarter text not null,
    version bigint not null,
    answers text not null,
    told text not null,
    made bigint not null,
    made_name text not null,
    event text not null,
    primary key (person, quarter)
);
create index self_inspection_quarter on self_inspection (quarter);
