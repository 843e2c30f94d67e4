-- 版: versions of the policy, whole packs. One is in force; at most one is a draft or is scheduled.
-- `state`: draft, scheduled, in_force, ended, withdrawn. `acknowledged` is the version that everyone is to have
-- acknowledged; `effective_on` a day (2027-04-01), empty until it is decided; `signatories` names by office, in JSON.
create table policy_version (
    number bigint primary key,
    digest text not null,
    state text not null,
    files text not null,
    acknowledged bigint not null,
    reason text not null,
    resolution text not null,
    signatories text not null,
    drafted bigint not null,
    drafted_by text not null,
    decided bigint not null,
    effective_on text not null,
    began bigint not null,
    ended bigint not null
);
-- Which documents a version holds, by the digest of each.
create table policy_document (
    version bigint not null,
    document text not null,
    digest text not null,
    primary key (version, document)
);
