-- Search by text (`db/search.rs`): what is sought of an item, and the number by which the index for search knows it,
-- 0 until it is taken in.
alter table item add column sought text not null default '';
alter table item add column number bigint not null default 0;
create index item_number on item (number);
