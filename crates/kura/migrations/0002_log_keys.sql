-- Changes of the log's key, 2 the first of them. The first key has no row.
create table log_key (
    number bigint primary key,
    -- Signed by the key before it and by itself (kura-ledger, `succession`).
    note text not null,
    -- Salt of the leaf's commitment to the note.
    salt text not null,
    event text not null,
    -- Whether the key before it signs no more and is destroyed.
    predecessor_retired bigint not null
);
