-- Ids are UUIDs in text. Times are milliseconds since 1970. Yes and no are 1 and 0.
-- An empty text stands for "none": NULL compares differently on every side of the program.

-- What is said once of the installation: its log's origin, its clock's latest time, the rules in force.
create table installation (
    name text primary key,
    value text not null
);

-- ledger ---------------------------------------------------------------------------------------------

create table ledger_leaf (
    idx bigint primary key,
    leaf text not null,
    event text not null unique
);

-- Full tiles only; the open right side is computed from what lies below it.
create table ledger_tile (
    level bigint not null,
    idx bigint not null,
    hashes blob not null,
    root blob not null,
    primary key (level, idx)
);

-- One row: the signed head.
create table ledger_head (
    one bigint primary key,
    size bigint not null,
    root text not null,
    checkpoint text not null
);

-- Salts and clear values of a leaf's fields, sealed under the item's key, or the firm's where there is
-- no item.
create table ledger_opening (
    event text primary key,
    item text not null,
    sealed blob not null
);
create index ledger_opening_item on ledger_opening (item, event);

-- How far an item's own chain of records has come.
create table ledger_chain (
    item text primary key,
    records bigint not null,
    last text not null
);

-- people ---------------------------------------------------------------------------------------------

create table person (
    id text primary key,
    login text not null unique,
    name text not null,
    employment text not null,
    -- A guest belongs to a party, and only until a day.
    party text not null,
    until bigint not null,
    clearance bigint not null,
    suspended bigint not null,
    trained_until bigint not null,
    acknowledged bigint not null,
    password text not null,
    rev bigint not null
);

create table office (
    person text not null,
    office text not null,
    primary key (person, office)
);

create table token (
    id text primary key,
    person text not null,
    digest text not null unique,
    scope text not null,
    label text not null,
    expires bigint not null,
    created bigint not null
);

-- matters --------------------------------------------------------------------------------------------

create table party (
    id text primary key,
    name text not null unique,
    -- Where to: an age recipient, and whether the party is abroad.
    recipient text not null,
    abroad bigint not null,
    rev bigint not null
);

create table matter (
    id text primary key,
    code text not null unique,
    name text not null,
    party text not null,
    custodian text not null,
    state text not null,
    basis text not null,
    purpose text not null,
    return_by bigint not null,
    copies bigint not null,
    summaries bigint not null,
    subcontractor bigint not null,
    generative_ai bigint not null,
    abroad bigint not null,
    personal_device bigint not null,
    rev bigint not null
);

create table member (
    matter text not null,
    person text not null,
    primary key (matter, person)
);
create index member_person on member (person);

-- custody --------------------------------------------------------------------------------------------

create table item (
    id text primary key,
    name text not null,
    kind text not null,
    form text not null,
    place text not null,
    class bigint not null,
    custodian text not null,
    matter text not null,
    party text not null,
    source text not null,
    state text not null,
    shared bigint not null,
    contained bigint not null,
    holds bigint not null,
    shard text not null,
    taken bigint not null,
    due bigint not null,
    rev bigint not null
);
create index item_matter on item (matter, id);
create index item_custodian on item (custodian, id);
create index item_class on item (class, id);
create index item_state on item (state, id);

create table version (
    id text primary key,
    item text not null,
    number bigint not null,
    name text not null,
    media text not null,
    size bigint not null,
    sha256 text not null,
    format text not null,
    store text not null,
    stored bigint not null,
    person text not null,
    unique (item, number)
);

-- Each sealed part of a version; its row stands before its first byte is written.
create table part (
    version text not null,
    number bigint not null,
    size bigint not null,
    sha256 text not null,
    state text not null,
    primary key (version, number)
);

create table upload (
    id text primary key,
    person text not null,
    item text not null,
    version text not null,
    matter text not null,
    class bigint not null,
    name text not null,
    media text not null,
    size bigint not null,
    part_size bigint not null,
    store text not null,
    shard text not null,
    -- open, complete (every part is stored), used.
    state text not null,
    -- Of the whole content, once complete.
    sha256 text not null,
    expires bigint not null
);

create table lineage (
    item text not null,
    origin text not null,
    relation text not null,
    primary key (item, origin)
);
create index lineage_origin on lineage (origin);

create table grants (
    item text not null,
    person text not null,
    until bigint not null,
    given_by text not null,
    primary key (item, person)
);
create index grants_person on grants (person, item);

create table copy (
    id text primary key,
    item text not null,
    version text not null,
    holder text not null,
    manner text not null,
    place text not null,
    taken bigint not null,
    due bigint not null,
    ended bigint not null,
    ending text not null
);
create index copy_item on copy (item, ended);
create index copy_holder on copy (holder, ended);

create table hold (
    id text primary key,
    item text not null,
    reason text not null,
    placed_by text not null,
    placed bigint not null,
    released bigint not null,
    released_by text not null
);
create index hold_item on hold (item);

create table request (
    id text primary key,
    person text not null,
    operation text not null,
    input text not null,
    digest text not null,
    item text not null,
    rev bigint not null,
    reason text not null,
    state text not null,
    asked bigint not null
);
create index request_item on request (item);

create table approval (
    request text not null,
    person text not null,
    decided bigint not null,
    approved bigint not null,
    reason text not null,
    primary key (request, person)
);

create table transmission (
    id text primary key,
    item text not null,
    version text not null,
    party text not null,
    recipient text not null,
    person text not null,
    basis text not null,
    sent bigint not null,
    sha256 text not null
);
create index transmission_item on transmission (item);

create table statement (
    id text primary key,
    kind text not null,
    matter text not null,
    item text not null,
    text text not null,
    signature text not null,
    -- Salt of the leaf's commitment to the text.
    salt text not null,
    event text not null,
    made bigint not null
);
create index statement_item on statement (item);

-- door -----------------------------------------------------------------------------------------------

create table idempotency (
    person text not null,
    operation text not null,
    name text not null,
    body text not null,
    event text not null,
    output text not null,
    made bigint not null,
    primary key (person, operation, name)
);
