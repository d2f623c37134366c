-- The cashier. What a merchant sells, where its guests sit, and whose platform account a purse belongs to.

create schema cashier;

-- Basis points on top of what is ordered; the business day ends so many minutes after midnight.
create table cashier.outlet (
  outlet      text    primary key references parties.outlet,
  merchant    text    not null references parties.merchant,
  cut_off     integer not null default 360,
  service_bps integer not null default 0,
  tax_bps     integer not null default 0,

  constraint a_day_ends_within_the_day check (cut_off between 0 and 1439),
  constraint service_is_three_tenths_at_most check (service_bps between 0 and 3000),
  constraint tax_is_three_tenths_at_most check (tax_bps between 0 and 3000)
);
create index outlet_of_merchant on cashier.outlet (merchant, outlet);

create table cashier.category (
  id       text    primary key check (id like 'cat\_%'),
  merchant text    not null references parties.merchant,
  name     text    not null check (length(name) between 1 and 40),
  rank     integer not null,
  offered  boolean not null default true
);
create index category_of_merchant on cashier.category (merchant, rank, id);

create table cashier.item (
  id          text    primary key check (id like 'itm\_%'),
  merchant    text    not null references parties.merchant,
  category    text    not null references cashier.category,
  name        text    not null check (length(name) between 1 and 60),
  station     text    not null default 'bar' check (station in ('bar', 'kitchen')),
  minor       bigint  not null check (minor > 0),
  currency    char(3) not null,
  happy_minor bigint  check (happy_minor > 0),
  happy_from  integer check (happy_from between 0 and 1439),  -- minutes after the outlet's midnight
  happy_to    integer check (happy_to between 0 and 1439),
  stock       integer,                                        -- null: not counted
  sold_out    boolean not null default false,
  offered     boolean not null default true,
  rank        integer not null,

  constraint nothing_is_sold_twice check (stock >= 0),
  constraint a_happy_hour_has_price_and_time check (num_nulls(happy_minor, happy_from, happy_to) in (0, 3)),
  constraint a_happy_hour_costs_less check (happy_minor < minor)
);
create index item_of_merchant on cashier.item (merchant, rank, id);

create table cashier.modifier (
  item    text    not null references cashier.item,
  name    text    not null check (length(name) between 1 and 40),
  minor   bigint  not null check (minor >= 0),
  rank    integer not null,
  offered boolean not null default true,
  primary key (item, name)
);

-- What time costs: the base, which covers its minutes, then every step that begins.
create table cashier.plan (
  id           text    primary key check (id like 'pln\_%'),
  merchant     text    not null references parties.merchant,
  name         text    not null check (length(name) between 1 and 40),
  base_minor   bigint  not null check (base_minor >= 0),
  base_minutes integer not null check (base_minutes between 0 and 10080),
  step_minor   bigint  not null check (step_minor > 0),
  step_minutes integer not null check (step_minutes between 1 and 1440),
  night_from   integer check (night_from between 0 and 1439),  -- may begin from here
  night_to     integer check (night_to between 0 and 1439),    -- and its base covers until here
  pausable     boolean not null default false,
  currency     char(3) not null,
  offered      boolean not null default true,

  constraint a_base_costs_and_lasts
    check ((base_minor > 0) = (base_minutes > 0 or night_from is not null)),
  constraint a_night_begins_and_ends check (num_nulls(night_from, night_to) in (0, 2)),
  constraint a_night_is_no_package check (night_from is null or base_minutes = 0)
);
create index plan_of_merchant on cashier.plan (merchant, id);

create table cashier.place (
  id       text    primary key check (id like 'plc\_%'),
  merchant text    not null references parties.merchant,
  outlet   text    not null references parties.outlet,
  kind     text    not null check (kind in ('table', 'seat', 'pc')),
  name     text    not null check (length(name) between 1 and 20),
  token    text    not null unique check (token ~ '^[0-9a-hjkmnp-tv-z]{26}$'),  -- what its QR says
  open     boolean not null default true
);
create unique index a_place_is_named_once on cashier.place (outlet, name) where open;
create index place_of_merchant on cashier.place (merchant, outlet, id);

-- Somebody is away at a platform, to let us know an account there. What comes back says whose visit it was.
create table cashier.visit (
  digest  text        primary key check (length(digest) = 64),
  purse   text        not null references custody.purse,
  gateway text        not null,
  began_at timestamptz not null default now(),
  used_at timestamptz
);

create table cashier.binding (
  id       text        primary key check (id like 'bnd\_%'),
  person   text        not null,
  merchant text        not null,
  gateway  text        not null,
  payer    text        not null check (payer <> ''),  -- the platform's own id of the account
  name     text,                                      -- masked, as the platform tells it
  bound_at timestamptz not null default now(),
  ended_at timestamptz check (ended_at >= bound_at),
  foreign key (person, merchant) references custody.purse (person, merchant)
);
create unique index one_binding_per_person_merchant_and_platform
  on cashier.binding (person, merchant, gateway) where ended_at is null;
create unique index one_platform_account_is_bound_once
  on cashier.binding (merchant, gateway, payer) where ended_at is null;
