-- A book is a log, and a balance is a fold of it. README.md tells the whole; here stand the rules
-- that the tables refuse to break, whatever the code above them believes.

create schema ledger;

create function ledger.refuse_to_rewrite_history() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
  raise exception 'History is only added to, never changed: %.%', tg_table_schema, tg_table_name
    using errcode = 'insufficient_privilege';
end $$;

-- Only a database created as a demo may live a month in seconds: append's rule of one second from
-- the clock is off in it, for ever. The owner inserts the row; the app cannot.
create table ledger.demo (
  only_one boolean primary key default true check (only_one)
);

create table ledger.book (
  book     integer     primary key check (book > 0),
  currency text        not null check (currency ~ '^[A-Z]{3}$'),
  seq      bigint      not null check (seq >= 0),  -- of the last entry; the book has no gaps
  at       timestamptz not null,
  head     bytea       not null check (length(head) = 32)
) with (fillfactor = 20);  -- one row per book, updated by every batch: leave room for its versions

-- An account is numbered by the entry that opened it, and never forgotten.
create table ledger.account (
  book    integer not null,
  account bigint  not null,
  ref     text    not null check (ref ~ '^[a-z_-]+(/[A-Za-z0-9_-]+)+$'),
  primary key (book, account),
  constraint account_ref_once unique (book, ref)
);

-- kind: 1 post, 2 pend, 3 settle, 4 void, 5 expire, 6 open, 7 limit, 8 freeze, 9 close, 10 memo.
-- state: 0 open, 1 no debits, 2 no credits, 3 sealed, 4 closed.
-- An entry with one side (open, limit, freeze, close) stands on the debit side.
create table ledger.entry (
  book           integer     not null,
  seq            bigint      not null,
  id             uuid        not null,
  kind           smallint    not null check (kind between 1 and 10),
  at             timestamptz not null,
  event          text        not null,
  subject        text,
  minor          bigint,
  pend           bigint,      -- seq of the pend that this one settles, voids or expires
  pended         bigint,      -- what that pend had reserved; more than minor when settled in part
  expires_at     timestamptz,
  debit          bigint,
  debit_prev     bigint,      -- seq of the account's entry before this one
  debit_posted   bigint,
  debit_out      bigint,
  debit_in       bigint,
  debit_floor    bigint,
  debit_ceiling  bigint,
  debit_state    smallint,
  credit         bigint,
  credit_prev    bigint,
  credit_posted  bigint,
  credit_out     bigint,
  credit_in      bigint,
  credit_floor   bigint,
  credit_ceiling bigint,
  credit_state   smallint,
  hash           bytea       not null,
  primary key (book, seq),
  constraint entry_id_once unique (book, id),

  constraint amount_within_range check (minor between 1 and 1000000000000000),
  constraint a_movement_has_two_sides_and_an_amount
    check ((kind <= 5) = (minor is not null) and (kind <= 5) = (credit is not null)),
  constraint all_but_a_memo_have_a_side check ((kind = 10) = (debit is null)),
  constraint sides_differ check (debit <> credit),
  constraint an_ending_names_its_pend
    check ((kind in (3, 4, 5)) = (pend is not null) and (pend is null) = (pended is null)),
  constraint never_more_than_was_pended check (minor <= pended),
  constraint only_a_pend_expires check (expires_at is null or kind = 2),
  constraint debit_available check (debit_posted - debit_out >= debit_floor),
  constraint debit_room check (debit_posted + debit_in <= debit_ceiling),
  constraint credit_available check (credit_posted - credit_out >= credit_floor),
  constraint credit_room check (credit_posted + credit_in <= credit_ceiling),
  constraint nothing_pending_below_zero
    check (debit_out >= 0 and debit_in >= 0 and credit_out >= 0 and credit_in >= 0),
  constraint nothing_moves_out_of_a_barred_account
    check (kind > 3 or debit_state not in (1, 3, 4)),
  constraint nothing_moves_into_a_barred_account
    check (kind > 3 or credit_state not in (2, 3, 4)),
  constraint closed_when_empty
    check (kind <> 9 or (debit_posted = 0 and debit_out = 0 and debit_in = 0 and debit_state = 4))
);
-- Present and past states and statements: the later of two look-ups, a merge of two ranges.
create index entry_debit on ledger.entry (book, debit, seq);
create index entry_credit on ledger.entry (book, credit, seq);
create unique index pend_ends_once on ledger.entry (book, pend) where pend is not null;

create trigger entry_is_history before update or delete or truncate on ledger.entry
  execute function ledger.refuse_to_rewrite_history();
create trigger account_is_history before update or delete or truncate on ledger.account
  execute function ledger.refuse_to_rewrite_history();

-- Pends that can expire and have not ended: what a sweeper reads. Kept by append.
create table ledger.due (
  book       integer     not null,
  expires_at timestamptz not null,
  pend       bigint      not null,
  primary key (book, expires_at, pend)
);
