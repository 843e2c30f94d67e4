-- 同意: who acknowledged which version of the policy, with the text as they signed it.
create table acknowledgement (
    event text primary key,
    person text not null,
    version bigint not null,
    acknowledged bigint not null,
    language text not null,
    pledge text not null,
    made bigint not null
);
create index acknowledgement_person on acknowledgement (person, made);
