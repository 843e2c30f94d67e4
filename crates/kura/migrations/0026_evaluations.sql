-- 点検・監査・評価: what is looked at, by whom, and what came of it. `audited`: the office whose work it is. `closed`: 0
-- while it goes on.
create table evaluation (
    id text primary key,
    title text not null,
    kind text not null,
    aspect text not null,
    audited text not null,
    lead text not null,
    lead_name text not null,
    first_day text not null,
    last_day text not null,
    due_on text not null,
    planned bigint not null,
    planned_name text not null,
    closed bigint not null,
    conclusion text not null,
    event text not null
);
-- The clauses that it is held against, as of a version of the policy.
create table criterion (
    evaluation text not null,
    clause text not null,
    version bigint not null,
    primary key (evaluation, clause)
);
-- A sample: drawn from `population` things by the seed, so that anybody draws the same one again.
create table sample (
    evaluation text not null,
    draw bigint not null,
    source text not null,
    seed text not null,
    population bigint not null,
    drawn bigint not null,
    drawn_name text not null,
    primary key (evaluation, draw)
);
-- What was drawn: `place` in the population, from 0, and what was known of it then.
create table sample_entry (
    evaluation text not null,
    draw bigint not null,
    number bigint not null,
    place bigint not null,
    about text not null,
    facts text not null,
    primary key (evaluation, draw, number)
);
-- 調書: what was found of a clause, or of something that was drawn. The newest one counts; none is changed. `number`: from
-- 1 on within the evaluation.
create table working_paper (
    event text primary key,
    evaluation text not null,
    number bigint not null,
    about text not null,
    made bigint not null,
    made_name text not null,
    result text not null,
    told text not null
);
create unique index working_paper_evaluation on working_paper (evaluation, number);
-- 指摘事項. `due`: the day on which it is to be answered, then that of its corrective action. `done_by`: who said that it is
-- done. `regressed_from`: the finding on the same clause and office that had been closed as effective before.
create table finding (
    id text primary key,
    evaluation text not null,
    clause text not null,
    grade text not null,
    told text not null,
    audited text not null,
    raised bigint not null,
    raised_by text not null,
    raised_name text not null,
    owner text not null,
    owner_name text not null,
    state text not null,
    due text not null,
    done_by text not null,
    regressed_from text not null
);
create index finding_clause on finding (clause, state);
create index finding_evaluation on finding (evaluation);
create index finding_owner on finding (owner, state);
-- What became of a finding, step by step, from 1 on.
create table finding_step (
    event text primary key,
    finding text not null,
    number bigint not null,
    made bigint not null,
    made_name text not null,
    step text not null,
    told text not null,
    cause text not null,
    correction text not null,
    action text not null,
    due text not null
);
create unique index finding_step_finding on finding_step (finding, number);
