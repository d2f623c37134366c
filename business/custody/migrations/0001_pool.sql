-- Pools, the merchants in them, and the purses of their members.

create schema custody;

create table custody.pool (
  id         text        primary key check (id like 'pol\_%'),
  book       integer     not null unique check (book > 0),
  name       text        not null check (name <> ''),
  currency   char(3)     not null check (currency ~ '^[A-Z]{3}$'),
  bank       text        not null check (bank like 'ins\_%'),
  supervisor text        not null check (supervisor like 'ins\_%'),
  account    text,                     -- our account at the bank, as its notices name it
  ceiling    bigint      not null default 500000 check (ceiling > 0),  -- of one purse
  opened_at  timestamptz not null default now(),

  constraint nobody_supervises_its_own_custody check (bank <> supervisor)
);

-- A merchant's prepaid money lies in one pool.
create table custody.merchant (
  merchant      text        primary key check (merchant like 'mer\_%'),
  pool          text        not null references custody.pool,
  book          integer     not null,
  takes_top_ups boolean     not null default true,
  admitted_at   timestamptz not null default now()
);
create index merchant_of_pool on custody.merchant (pool, merchant);

create table custody.purse (
  id        text        primary key check (id like 'pur\_%'),
  book      integer     not null,
  pool      text        not null references custody.pool,
  person    text        not null check (person like 'per\_%'),
  merchant  text        not null references custody.merchant,
  currency  char(3)     not null,
  opened_at timestamptz not null default now(),
  turn      integer     not null default 0,  -- its top-ups and withdrawals take turns by locking the row

  constraint one_purse_per_person_and_merchant unique (person, merchant)
);
-- A merchant's members, newest first.
create index purse_of_merchant on custody.purse (merchant, opened_at desc, id desc);
create index purse_of_pool on custody.purse (book, id);
