-- Money that comes in: asked for, told of, placed, or in suspense.

create table custody.top_up (
  id         text        primary key check (id like 'top\_%'),
  book       integer     not null,
  purse      text        not null references custody.purse,
  minor      bigint      not null check (minor > 0),
  currency   char(3)     not null,
  gateway    text        not null,
  asked_by   text        not null check (asked_by like 'per\_%'),
  state      text        not null default 'waiting',
  pay_url    text,
  trade_no   text,                     -- the platform's id of the payment
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  ended_at   timestamptz,
  returned   bigint      not null default 0,  -- sent back to the source, or on its way there

  constraint state_is_known check (state in ('waiting', 'credited', 'closed', 'expired')),
  constraint a_credit_names_its_payment check (state <> 'credited' or trade_no is not null),
  constraint one_payment_credits_one_top_up unique (gateway, trade_no),
  constraint never_sent_back_beyond_the_top_up check (returned between 0 and minor),
  constraint only_credited_money_is_sent_back check (returned = 0 or state = 'credited')
);
create index top_up_of_purse on custody.top_up (purse, created_at desc, id desc);
create index top_up_waiting on custody.top_up (created_at, id) where state = 'waiting';

-- Every signed notice, once, as it came. What it led to is written in the same transaction.
create table custody.inbox (
  gateway     text        not null,
  event       text        not null,
  received_at timestamptz not null default now(),
  outcome     text        not null,
  about       text        not null,
  body        bytea       not null,
  primary key (gateway, event)
);
create trigger inbox_is_history
  before update or delete or truncate on custody.inbox
  execute function ledger.refuse_to_rewrite_history();

-- Money received whose owner is not established.
create table custody.suspense (
  id         text        primary key check (id like 'sus\_%'),
  book       integer     not null,
  gateway    text        not null,
  about      text        not null,     -- the order, or the reference, that the notice named
  trade_no   text        not null,
  minor      bigint      not null check (minor > 0),
  currency   char(3)     not null,
  reason     text        not null,
  state      text        not null default 'unclaimed',
  at         timestamptz not null default now(),

  constraint state_is_known check (state in ('unclaimed', 'returning', 'returned')),
  constraint reason_is_known check (reason in
    ('unknown_order', 'wrong_amount', 'wrong_account', 'wrong_currency', 'order_ended', 'over_ceiling',
     'purse_barred', 'unexpected_credit', 'could_not_return')),
  constraint one_payment_stands_in_suspense_once unique (gateway, trade_no)
);
create index suspense_of_book on custody.suspense (book, at desc, id desc);
create index suspense_to_return on custody.suspense (at, id)
  where state = 'unclaimed' and reason = 'over_ceiling';
