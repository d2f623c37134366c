-- Money that goes back to where it came from: a member's balance, or a payment we may not keep.

create table custody.withdrawal (
  id       text        primary key check (id like 'wdr\_%'),
  book     integer     not null,
  purse    text        references custody.purse,
  suspense text        unique references custody.suspense,
  minor    bigint      not null check (minor > 0),
  currency char(3)     not null,
  gateway  text        not null,
  asked_by text        check (asked_by like 'per\_%'),
  at       timestamptz not null default now(),

  constraint it_comes_from_one_place check ((purse is null) <> (suspense is null))
);
create index withdrawal_of_purse on custody.withdrawal (purse, at desc, id desc);

-- What goes back against one payment. The part's id is the platform's refund number.
create table custody.part (
  id          text        primary key check (id like 'wdp\_%'),
  withdrawal  text        not null references custody.withdrawal,
  book        integer     not null,
  order_no    text        not null,   -- the platform's order that is paid back
  top_up      text        references custody.top_up,
  minor       bigint      not null check (minor > 0),
  state       text        not null default 'sending',
  reason      text,
  asked_at    timestamptz not null default now(),
  ended_at    timestamptz,

  constraint state_is_known check (state in ('sending', 'confirmed', 'done', 'returned')),
  constraint nothing_comes_back_without_a_reason check (state <> 'returned' or reason is not null)
);
create index part_of_withdrawal on custody.part (withdrawal, id);
create index part_open on custody.part (asked_at, id) where state in ('sending', 'confirmed');
