-- Invitations to set one's own first password, by the digests of their codes. A person has one at most.
create table invitation (
    digest text primary key,
    person text not null unique,
    expires bigint not null
);
