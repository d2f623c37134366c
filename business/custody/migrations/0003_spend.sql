-- Money that a member spends with the merchant, and what comes back.
-- spend and code are written on the hot path: they begin with book, and reference nothing.

create table custody.spend (
  book          integer     not null,
  id            text        not null check (id like 'spd\_%'),
  purse         text        not null,
  person        text        not null,
  merchant      text        not null,
  outlet        text,
  minor         bigint      not null check (minor > 0),
  currency      char(3)     not null,
  refunded      bigint      not null default 0,
  note          text,
  merchant_code text,
  initiator     text        not null,
  started_by    text        not null check (started_by like 'per\_%'),
  state         text        not null,
  at            timestamptz not null,
  expires_at    timestamptz,
  answered_by   text        check (answered_by like 'per\_%'),
  answered_at   timestamptz,
  primary key (book, id),

  constraint state_is_known check (state in ('done', 'waiting', 'declined')),
  constraint initiator_is_known check (initiator in ('consumer', 'merchant')),
  constraint a_charge_waits_for_nobody check (initiator = 'consumer' or expires_at is null),
  constraint only_a_wait_expires check ((state = 'waiting') <= (expires_at is not null)),
  constraint no_is_said_by_somebody check (state <> 'declined' or answered_by is not null),
  constraint refunds_never_exceed_the_spend check (refunded between 0 and minor),
  constraint only_a_finished_spend_is_refunded check (refunded = 0 or state = 'done')
);
create index spend_of_merchant on custody.spend (book, merchant, at desc, id desc);
create index spend_of_purse on custody.spend (book, purse, at desc, id desc);
create trigger spend_is_kept
  before delete or truncate on custody.spend
  execute function ledger.refuse_to_rewrite_history();

-- A consumer's one-time code. It is made of the salt and of the id that it was asked under; neither the
-- code nor that id stands here, so that who reads the table cannot pay, and asking again gives the same.
create table custody.code (
  book       integer     not null,
  digest     text        not null check (length(digest) = 64),
  asked      text        not null check (length(asked) = 64),
  salt       text        not null check (length(salt) = 64),
  use        uuid        not null,  -- the book's entry that says it is used: there can be one
  purse      text        not null,
  person     text        not null,
  merchant   text        not null,
  issued_at  timestamptz not null,
  expires_at timestamptz not null,
  used_by    text        check (used_by like 'spd\_%'),
  primary key (book, digest),

  constraint one_asking_gives_one_code unique (book, asked),
  constraint sixty_seconds_at_most check (expires_at <= issued_at + interval '60 seconds')
);
create index code_expired on custody.code (expires_at);

-- What a merchant's QR says: pay me, here, and perhaps how much.
create table custody.merchant_code (
  id         text        primary key check (id like 'mcd\_%'),
  book       integer     not null,
  merchant   text        not null references custody.merchant,
  outlet     text        check (outlet like 'out\_%'),
  kind       text        not null,
  minor      bigint      check (minor > 0),
  currency   char(3)     not null,
  label      text,
  use        uuid        not null,  -- the book's entry that says a dynamic code is paid
  created_by text        not null check (created_by like 'per\_%'),
  created_at timestamptz not null default now(),
  closed_at  timestamptz,

  constraint kind_is_known check (kind in ('static', 'dynamic')),
  constraint a_dynamic_code_says_how_much check ((kind = 'dynamic') = (minor is not null))
);
create index merchant_code_of_merchant on custody.merchant_code (merchant, created_at desc, id desc);

create table custody.refund (
  id         text        primary key check (id like 'rfd\_%'),
  book       integer     not null,
  spend      text        not null,
  ordinal    integer     not null check (ordinal > 0),
  purse      text        not null,
  merchant   text        not null,
  minor      bigint      not null check (minor > 0),
  currency   char(3)     not null,
  reason     text        not null check (reason <> ''),
  made_by    text        not null check (made_by like 'per\_%'),
  at         timestamptz not null default now(),

  foreign key (book, spend) references custody.spend (book, id),
  constraint each_refund_of_a_spend_has_its_place unique (book, spend, ordinal)
);
create index refund_of_merchant on custody.refund (book, merchant, at desc, id desc);
create trigger refund_is_history
  before update or delete or truncate on custody.refund
  execute function ledger.refuse_to_rewrite_history();
