-- 変更管理: what is to be changed in the systems, who resolved upon it, and what came of it. `number`: told among people
-- (C2026-3). `urgent`: it may be done before it is approved, and is approved afterwards. `resolution`: empty until then.
-- `outcome`: done or undone; empty until it was recorded.
create table system_change (
    id text primary key,
    number text not null unique,
    title text not null,
    words text not null,
    reason text not null,
    way_back text not null,
    planned_on text not null,
    urgent bigint not null,
    planned bigint not null,
    planned_name text not null,
    resolution text not null,
    approved bigint not null,
    approved_name text not null,
    outcome text not null,
    told text not null,
    done_on text not null,
    recorded bigint not null,
    recorded_name text not null
);
create index system_change_planned on system_change (planned);
create unique index system_change_resolution on system_change (resolution) where resolution <> '';
