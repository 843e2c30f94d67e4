-- How often each rule refused something in each month, where the firm is (2026-11). What was refused before this table was
-- there is in `rule_denial` alone.
create table rule_denial_month (
    rule text not null,
    month text not null,
    times bigint not null,
    primary key (rule, month)
);
