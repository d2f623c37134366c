-- Tabs: what guests have ordered and not paid yet, and the holds that stand behind it.

create table cashier.tab (
  id          text        primary key check (id like 'tab\_%'),
  book        integer     not null,
  merchant    text        not null references parties.merchant,
  outlet      text        not null references parties.outlet,
  place       text        not null references cashier.place,
  purse       text        not null references custody.purse,
  person      text        not null,
  currency    char(3)     not null,
  service_bps integer     not null,
  tax_bps     integer     not null,
  state       text        not null default 'open',
  opened_at   timestamptz not null,
  closes_at   timestamptz not null,  -- forgotten, it is checked out here
  served_by   text        check (served_by like 'per\_%'),
  discount    bigint      not null default 0,
  discount_reason text,
  tip         bigint      not null default 0,
  total       bigint,
  spend       text        unique check (spend like 'spd\_%'),
  ended       text,
  closed_by   text        check (closed_by like 'per\_%'),
  closed_at   timestamptz,

  constraint state_is_known check (state in ('open', 'closed', 'merged')),
  constraint an_ended_tab_says_how check ((state = 'closed') = (ended is not null)
    and ended in ('guest', 'merchant', 'forgotten') and (state = 'open') = (closed_at is null)),
  constraint only_a_forgotten_tab_is_closed_by_nobody
    check (state <> 'closed' or (ended = 'forgotten') = (closed_by is null)),
  constraint a_discount_has_a_reason
    check (discount >= 0 and (discount = 0) = (discount_reason is null)),
  constraint a_checkout_is_a_spend check (case when state = 'closed'
    then total >= 0 and (total > 0) = (spend is not null)
    else total is null and spend is null and tip = 0 end),
  constraint only_the_guest_tips check (tip = 0 or tip > 0 and ended = 'guest')
);
create unique index one_open_tab_per_guest_and_place on cashier.tab (purse, place) where state = 'open';
create index tab_of_merchant on cashier.tab (merchant, opened_at desc, id desc);
create index tab_of_purse on cashier.tab (purse, opened_at desc, id desc);
create index tab_forgotten on cashier.tab (closes_at, id) where state = 'open';

create table cashier.goods_order (
  id          text        primary key check (id like 'gds\_%'),
  tab         text        not null references cashier.tab,
  merchant    text        not null,
  outlet      text        not null,
  state       text        not null,
  goods       bigint      not null,
  service     bigint      not null check (service >= 0),
  tax         bigint      not null check (tax >= 0),
  total       bigint      not null,
  asked       text        not null check (length(asked) = 64),  -- the digest of what was asked for under this id
  note        text        check (length(note) between 1 and 100),
  reason      text        check (length(reason) between 1 and 200),
  placed_by   text        not null check (placed_by like 'per\_%'),
  placed_at   timestamptz not null,
  answered_by text,
  answered_at timestamptz,
  ended_by    text,
  ended_at    timestamptz,

  constraint state_is_known
    check (state in ('placed', 'accepted', 'delivered', 'refused', 'cancelled')),
  constraint an_order_adds_up check (goods > 0 and total = goods + service + tax),
  constraint no_is_said_with_a_reason check (state <> 'refused' or reason is not null)
);
create index goods_order_of_tab on cashier.goods_order (tab, placed_at, id);
create index goods_order_of_merchant on cashier.goods_order (merchant, placed_at desc, id desc);
create index goods_order_open on cashier.goods_order (merchant, placed_at, id)
  where state in ('placed', 'accepted');

create trigger goods_order_takes_a_step before update of state on cashier.goods_order
  for each row when (old.state <> new.state)
  execute function custody.check_step('placed to accepted', 'placed to refused', 'placed to cancelled',
    'accepted to delivered', 'accepted to cancelled');
create trigger tab_takes_a_step before update of state on cashier.tab
  for each row when (old.state <> new.state)
  execute function custody.check_step('open to closed', 'open to merged');

create table cashier.line (
  goods_order text    not null references cashier.goods_order,
  n           integer not null check (n > 0),
  item        text    references cashier.item,  -- null: time
  name        text    not null,
  modifiers   text[]  not null default '{}',
  station     text    not null,
  unit        bigint  not null check (unit > 0),
  count       integer not null check (count between 1 and 999),
  minor       bigint  not null,
  primary key (goods_order, n),

  constraint a_line_adds_up check (minor = unit * count)
);
create trigger line_is_history before update or delete or truncate on cashier.line
  execute function ledger.refuse_to_rewrite_history();

-- A pend of the book, from the purse to what the merchant has earned.
create table cashier.hold (
  id          text    primary key check (id like 'hld\_%'),
  goods_order text    not null references cashier.goods_order,
  n           integer not null,
  minor       bigint  not null check (minor > 0),
  state       text    not null default 'held' check (state in ('held', 'settled', 'released')),
  constraint holds_of_an_order_have_their_place unique (goods_order, n)
);
create trigger hold_takes_a_step before update of state on cashier.hold
  for each row when (old.state <> new.state)
  execute function custody.check_step('held to settled', 'held to released');

-- Time that a guest uses; what it costs is copied from the plan when it starts.
create table cashier.timer (
  goods_order  text        primary key references cashier.goods_order,
  plan         text        not null references cashier.plan,
  base_minor   bigint      not null,
  base_minutes integer     not null,
  step_minor   bigint      not null,
  step_minutes integer     not null,
  pausable     boolean     not null,
  state        text        not null default 'running',
  started_at   timestamptz not null,
  paused_at    timestamptz,
  paused       interval    not null default '0',
  minutes      integer     not null,               -- of which the holds bear the cost
  ends_at      timestamptz,                        -- when they are used up, while it runs
  short        boolean     not null default false, -- the purse bears no more
  stopped_at   timestamptz,

  constraint state_is_known check (state in ('running', 'paused', 'stopped')),
  constraint only_a_pause_has_begun check ((state = 'paused') = (paused_at is not null)),
  constraint only_what_runs_runs_out check ((state = 'running') = (ends_at is not null)),
  constraint what_stopped_has_stopped check ((state = 'stopped') = (stopped_at is not null)),
  constraint only_a_pausable_plan_is_paused check (pausable or paused_at is null),
  constraint time_goes_forward check (paused >= interval '0' and minutes > 0 and stopped_at >= started_at)
);
create index timer_running on cashier.timer (ends_at, goods_order) where state = 'running';
create trigger timer_takes_a_step before update of state on cashier.timer
  for each row when (old.state <> new.state)
  execute function custody.check_step('running to paused', 'paused to running', 'running to stopped',
    'paused to stopped');

-- Who did what to a tab: moved, merged, split, handed over, discounted.
create table cashier.step (
  tab      text        not null references cashier.tab,
  n        integer     not null check (n > 0),
  name     text        not null check (name in ('move', 'merge', 'split', 'hand_over', 'discount')),
  about    text        not null,
  taken_by text        not null check (taken_by like 'per\_%'),
  taken_at timestamptz not null,
  reason   text,
  primary key (tab, n)
);
create trigger step_is_history before update or delete or truncate on cashier.step
  execute function ledger.refuse_to_rewrite_history();

-- Looked at when the transaction ends, because an order, its holds and its tab are written one by one.
create function cashier.check_order() returns trigger
language plpgsql set search_path = pg_catalog as $$
declare
  known cashier.goods_order;
  held  bigint;
  open  boolean;
begin
  if tg_table_name = 'hold' then
    select * into known from cashier.goods_order where id = new.goods_order;
  else
    select * into known from cashier.goods_order where id = new.id;
  end if;
  select coalesce(sum(h.minor), 0) into held
  from cashier.hold h where h.goods_order = known.id and h.state = 'held';
  select t.state = 'open' and known.state in ('placed', 'accepted', 'delivered') into open
  from cashier.tab t where t.id = known.tab;
  if held <> (case when open then known.total else 0 end) then
    raise exception '% costs %, and % is held', known.id, known.total, held
      using errcode = 'check_violation', constraint = 'what_is_ordered_is_held';
  end if;
  return null;
end $$;
create constraint trigger order_is_held after insert or update on cashier.goods_order
  deferrable initially deferred for each row execute function cashier.check_order();
create constraint trigger hold_is_of_its_order after insert or update on cashier.hold
  deferrable initially deferred for each row execute function cashier.check_order();

create function cashier.check_checkout() returns trigger
language plpgsql set search_path = pg_catalog as $$
declare
  ordered bigint;
  unanswered bigint;
  held bigint;
begin
  select coalesce(sum(o.total) filter (where o.state in ('accepted', 'delivered')), 0),
         count(*) filter (where o.state = 'placed')
  into ordered, unanswered from cashier.goods_order o where o.tab = new.id;
  select count(*) into held from cashier.hold h join cashier.goods_order o on o.id = h.goods_order
  where o.tab = new.id and h.state = 'held';
  if new.state = 'closed'
    and (new.total <> ordered - new.discount + new.tip or unanswered > 0 or held > 0)
    or new.state = 'merged' and (ordered > 0 or unanswered > 0)
  then
    raise exception '% ordered %, less % and % on top is not %', new.id, ordered, new.discount, new.tip, new.total
      using errcode = 'check_violation', constraint = 'a_checkout_adds_up';
  end if;
  if new.total > 0 and not exists (
    select from custody.spend s where s.book = new.book and s.id = new.spend and s.minor = new.total
      and s.purse = new.purse and s.merchant = new.merchant)
  then
    raise exception '% is paid by no spend of its sum', new.id
      using errcode = 'check_violation', constraint = 'a_checkout_is_a_spend';
  end if;
  return null;
end $$;
create constraint trigger checkout_adds_up after update of state on cashier.tab
  deferrable initially deferred for each row when (new.state <> 'open')
  execute function cashier.check_checkout();
