-- Merchants with their outlets, institutions, and who has a seat where.

create table parties.merchant (
  id              text        primary key check (id like 'mer\_%'),
  name            text        not null check (length(name) between 1 and 80),
  trade           text        not null check (trade in ('hair', 'fitness', 'bathhouse', 'teahouse',
                                'netcafe', 'carwash', 'tutoring', 'laundry', 'nursery', 'restaurant')),
  licence         text        not null check (length(licence) between 1 and 40),
  representative  text        not null check (length(representative) between 1 and 80),
  address         text        not null check (length(address) between 1 and 200),
  payee_bank      text        not null check (length(payee_bank) between 1 and 80),
  payee_account   text        not null check (length(payee_account) between 1 and 40),
  payee_name      text        not null check (length(payee_name) between 1 and 80),
  confirms_spends boolean     not null default false,
  state           text        not null default 'applicant',
  applied_by      text        not null references parties.person,
  applied_at      timestamptz not null default now(),

  constraint state_is_known
    check (state in ('applicant', 'active', 'suspended', 'closed', 'rejected')),
  unique (id, applied_by)
);

-- A rejected applicant may come again; a licence that trades, or waits, is here once.
create unique index one_merchant_per_licence on parties.merchant (licence)
  where state not in ('rejected', 'closed');
-- The directory, and what waits for a decision: newest first, since ids sort by time.
create index merchant_by_state on parties.merchant (state, id desc);
create index merchant_by_trade on parties.merchant (trade, id desc);

-- Every step a merchant took, who took it, and why.
create table parties.merchant_step (
  merchant   text        not null,
  n          int         not null check (n > 0),
  name       text        not null check (name in ('apply', 'approve', 'reject', 'suspend', 'resume', 'close', 'change')),
  state      text        not null,  -- after the step
  taken_by   text        not null references parties.person,
  applied_by text        not null,
  reason     text        check (length(reason) between 1 and 500),
  taken_at   timestamptz not null default now(),
  primary key (merchant, n),
  foreign key (merchant, applied_by) references parties.merchant (id, applied_by),

  constraint nobody_decides_their_own_merchant
    check (name in ('apply', 'change', 'close') or taken_by <> applied_by),
  constraint a_refusal_has_a_reason
    check (name not in ('reject', 'suspend') or reason is not null)
);

create trigger merchant_step_is_history
  before update or delete or truncate on parties.merchant_step
  execute function ledger.refuse_to_rewrite_history();

create table parties.outlet (
  id        text        primary key check (id like 'out\_%'),
  merchant  text        not null references parties.merchant,
  name      text        not null check (length(name) between 1 and 80),
  address   text        not null check (length(address) between 1 and 200),
  zone      text        not null default 'Asia/Shanghai',
  opened_at timestamptz not null default now()
);
create index outlet_of_merchant on parties.outlet (merchant, id);

create table parties.institution (
  id         text        primary key check (id like 'ins\_%'),
  kind       text        not null check (kind in ('operator', 'bank', 'supervisor')),
  name       text        not null check (length(name) between 1 and 80),
  founded_at timestamptz not null default now()
);

create table parties.seat (
  organisation text        not null,
  person       text        not null references parties.person,
  role         text        not null,
  given_by     text,                 -- null: by the installation itself
  given_at     timestamptz not null default now(),
  ended_by     text,
  ended_at     timestamptz,
  primary key (organisation, person, role, given_at),

  constraint a_role_fits_its_organisation check (
    (organisation like 'mer\_%' and role in ('owner', 'staff')) or
    (organisation like 'ins\_%' and role in ('admin', 'reviewer', 'custodian', 'supervisor'))),
  constraint a_seat_ends_after_it_began check (ended_at >= given_at)
);
create unique index a_seat_is_held_once on parties.seat (organisation, person, role) where ended_at is null;
create index seat_of_person on parties.seat (person) where ended_at is null;

-- A new installation lets its first operator in once. The key says it.
create table parties.set_up (
  once     boolean     primary key default true check (once),
  operator text        not null references parties.institution,
  done_by  text        not null references parties.person,
  done_at  timestamptz not null default now()
);
