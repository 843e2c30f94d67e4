-- Openings by their place in the ledger: an item's newest records are found without reading all of them.
alter table ledger_opening add column idx bigint not null default 0;
update ledger_opening set idx = (select l.idx from ledger_leaf l where l.event = ledger_opening.event);
create index ledger_opening_place on ledger_opening (item, idx);
