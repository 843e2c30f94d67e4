-- How often each rule refused something, and when the last time: counted beside the records, which hold which refusal it was.
create table rule_denial (
    rule text primary key,
    times bigint not null,
    last bigint not null
);
