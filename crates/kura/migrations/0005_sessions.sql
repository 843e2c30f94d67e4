-- A session in a browser is a token too: bound to the zone where it was opened, ended when it was not used for a while.
-- `kind` is token or browser; `used` is when it was last seen; `proved` when a second factor was last shown, 0 never.
alter table token add column kind text not null default 'token';
alter table token add column zone text not null default '';
alter table token add column used bigint not null default 0;
alter table token add column proved bigint not null default 0;
