-- Whoever begins an upload is asked how much of theirs is not completed yet.
create index upload_person on upload (person, state);
