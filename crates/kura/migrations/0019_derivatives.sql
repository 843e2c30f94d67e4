-- A derivative's source named its origin by its id, to people who may not know of it too. Its lineage tells it.
update item set source = '' where kind = 'derivative' and id in (select item from lineage);
