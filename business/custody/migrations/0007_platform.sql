-- Who pays a pool out, so that money from anybody else is not taken for a platform's payout.

create table custody.platform (
  pool        text        not null references custody.pool,
  name        text        not null check (name <> ''),    -- of the payer, as the bank's notices have it
  account     text        check (account <> ''),          -- and its account; where it is known, it decides
  known_since timestamptz not null default now(),
  named_by    text        references parties.person,      -- null: whoever opened the pool
  ended_at    timestamptz,
  ended_by    text        references parties.person,

  constraint an_end_is_somebodys check ((ended_at is null) = (ended_by is null))
);
create unique index a_platform_is_named_once
  on custody.platform (pool, name, account) nulls not distinct where ended_at is null;

-- The pools until now took every credit for a payout; the one platform that there was is called so.
insert into custody.platform (pool, name) select id, 'wallet' from custody.pool;

-- Of two pools at one account only the first was ever told of money: it keeps the account.
update custody.pool second set account = null
where exists (
  select from custody.pool first
  where first.bank = second.bank and first.account = second.account and first.book < second.book);
alter table custody.pool
  add constraint no_two_pools_share_a_bank_account unique (bank, account);
