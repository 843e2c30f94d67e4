-- The record by which somebody said that they saw a duty done; empty for what was witnessed before it was kept.
alter table duty_occurrence add column witness_event text not null default '';
