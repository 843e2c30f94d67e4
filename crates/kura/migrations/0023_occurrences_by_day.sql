-- How duties were done within a year is counted from this index alone, however many years there are.
create index duty_occurrence_done on duty_occurrence (state, scheduled_on, duty, late);
