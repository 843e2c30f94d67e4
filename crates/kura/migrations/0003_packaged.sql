-- When the package of a return was handed out; 0 when it was not.
alter table item add column packaged bigint not null default 0;
