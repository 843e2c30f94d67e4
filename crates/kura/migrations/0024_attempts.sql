-- 研修: each time that somebody was asked a course's questions. `questions` is what was drawn, with the order in which the
-- choices stand, and `answers` what was chosen, both as JSON. `answered`: when, 0 while it was not. `until`: until when it
-- is a completion of that edition; 0 for an attempt that is none.
create table attempt (
    id text primary key,
    person text not null,
    course text not null,
    edition bigint not null,
    version bigint not null,
    questions text not null,
    drawn bigint not null,
    answers text not null,
    answered bigint not null,
    correct bigint not null,
    until bigint not null
);
create index attempt_person on attempt (person, course, until);
create index attempt_course on attempt (course, edition, until);
