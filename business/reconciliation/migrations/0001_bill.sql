-- The platforms' bills of each day, and where they and the books differ.

create schema reconciliation;

-- What a platform keeps of a payment, as agreed with it. While nobody has said so, no fee is compared.
create table reconciliation.platform (
  gateway text        primary key,
  fee_bps integer     not null check (fee_bps between 0 and 1000),
  set_by  text        not null references parties.person,
  set_at  timestamptz not null
);

-- A platform's bill of one of its days. Each try to take it has a number; the rows of one count, `take`.
create table reconciliation.bill (
  gateway           text        not null,
  day               date        not null,
  state             text        not null default 'waiting',
  ask_at            timestamptz,               -- when the platform is asked; null: it need not be
  tries             integer     not null default 0,
  problem           text,                      -- of the last try
  take              integer,
  taken_at          timestamptz,
  there_payments    bigint      not null default 0,
  there_paid        bigint      not null default 0,
  there_refunds     bigint      not null default 0,
  there_refunded    bigint      not null default 0,
  there_fee         bigint      not null default 0,
  here_payments     bigint      not null default 0,
  here_paid         bigint      not null default 0,
  here_refunds      bigint      not null default 0,
  here_refunded     bigint      not null default 0,
  matched           bigint      not null default 0,  -- rows of the bill that agree
  primary key (gateway, day),

  constraint state_is_known check (state in ('waiting', 'read', 'compared')),
  constraint what_was_not_read_is_asked_for check (state <> 'waiting' or ask_at is not null),
  constraint what_was_read_has_its_take check ((state = 'waiting') = (take is null)),
  constraint a_take_is_one_of_the_tries check (take between 1 and tries),
  constraint problem_is_known check (problem in ('not_ready', 'silent', 'broken'))
);
create index bill_due on reconciliation.bill (ask_at, gateway, day) where ask_at is not null;
create index bill_read on reconciliation.bill (gateway, day) where state = 'read';
create index bill_by_day on reconciliation.bill (day desc, gateway);

-- The bill's rows, as they came. Those of a try that did not come to its end are taken away again.
create table reconciliation.line (
  gateway   text        not null,
  day       date        not null,
  take      integer     not null,
  n         integer     not null check (n > 0),
  kind      text        not null check (kind in ('payment', 'refund')),
  order_no  text        not null,
  refund_no text,
  trade_no  text        not null,
  minor     bigint      not null check (minor >= 0),
  fee       bigint      not null,
  currency  char(3)     not null,
  at        timestamptz not null,
  about     text        not null generated always as (gateway || '/' || order_no) stored,
  primary key (gateway, day, take, n),

  constraint only_a_refund_has_a_number_of_ours check (kind = 'refund' or refund_no is null)
);
-- Whose rows are looked for by one word, which no other index has: on a table without statistics the planner would
-- look among all rows of the platform, for each row of a bill.
create index line_about on reconciliation.line (about);
create trigger line_is_as_it_came before update or truncate on reconciliation.line
  execute function ledger.refuse_to_rewrite_history();

-- What the books have of a platform's day.
create index booked_payment on custody.top_up (gateway, ended_at) where state = 'credited';
create index booked_suspense on custody.suspense (gateway, at);
create index booked_refund on custody.part (gateway, ended_at) where state in ('confirmed', 'done');
create index first_payment on custody.top_up (gateway, created_at);

create view reconciliation.booked as
select 'payment' as kind, t.gateway, t.id, t.id as order_no, null::text as refund_no, t.trade_no, t.minor, t.currency,
  t.ended_at as at, t.state
from custody.top_up t where t.state = 'credited' and t.proposal is null
union all
select 'payment', s.gateway, s.id, s.about, null, s.trade_no, s.minor, s.currency, s.at, s.state
from custody.suspense s where s.reason not in ('unexpected_credit', 'unknown_payer', 'could_not_return')
union all
select 'refund', p.gateway, p.id, p.order_no, p.id, null, p.minor, w.currency, p.ended_at, p.state
from custody.part p join custody.withdrawal w on w.id = p.withdrawal where p.state in ('confirmed', 'done');

-- The rows that count.
create view reconciliation.counted as
select l.* from reconciliation.line l
where l.take = (select b.take from reconciliation.bill b where b.gateway = l.gateway and b.day = l.day);

-- Each row of a bill beside what the books have under its numbers, and the word for how they differ.
create view reconciliation.judged as
select l.gateway, l.day, l.take, l.n, l.kind as of, l.about, l.order_no, l.refund_no, l.trade_no, l.minor, l.fee, l.currency, l.at,
  here.id as here_id, here.minor as here_minor, here.state as here_state, here.at as here_at, agreed.fee as agreed_fee,
  case
    when exists (
      select from reconciliation.counted e
      where e.about = l.about and e.kind = l.kind
        and case when l.kind = 'payment' then e.trade_no = l.trade_no else e.refund_no = l.refund_no end
        and (e.day, e.n) < (l.day, l.n)) then 'duplicate'
    when here.id is null then 'missing_here'
    when here.other and exists (
      select from reconciliation.counted e
      where e.about = l.about and e.kind = 'payment'
        and e.trade_no = here.trade_no) then 'missing_here'  -- paid twice, and taken in once
    when here.other then 'wrong_number'
    when not here.done then 'wrong_state'
    when (here.minor, here.currency) <> (l.minor, l.currency) then 'wrong_amount'
    when l.fee <> agreed.fee then 'wrong_fee'
  end as kind
from reconciliation.counted l
left join reconciliation.platform f on f.gateway = l.gateway
left join custody.top_up t
  on l.kind = 'payment' and t.id = l.order_no and t.gateway || '' = l.gateway and t.proposal is null
left join custody.suspense s on l.kind = 'payment' and s.gateway = l.gateway and s.trade_no = l.trade_no
left join custody.part p on l.kind = 'refund' and p.id = l.refund_no and p.gateway = l.gateway
left join custody.withdrawal w on w.id = p.withdrawal
cross join lateral (
  select case l.kind when 'payment' then 1 else -1 end * ((l.minor * f.fee_bps + 5000) / 10000) as fee) as agreed
cross join lateral (
  select t.id, t.minor, t.currency, t.state, t.ended_at as at, t.trade_no, t.state = 'credited' as done,
    t.state = 'credited' and t.trade_no <> l.trade_no as other
  where t.id is not null and (s.id is null or t.trade_no = l.trade_no)
  union all
  select s.id, s.minor, s.currency, s.state, s.at, s.trade_no, true, s.about <> l.order_no
  where s.id is not null and t.trade_no is distinct from l.trade_no
  union all
  select p.id, p.minor, w.currency, p.state, p.ended_at, null, p.state in ('confirmed', 'done'),
    p.order_no <> l.order_no
  where p.id is not null
  union all
  select null, null, null, null, null, null, null, null
  where t.id is null and s.id is null and p.id is null) as here;

-- What the books have and no bill has.
create view reconciliation.unseen as
select h.* from reconciliation.booked h
where not exists (
  select from reconciliation.counted l
  where l.about = h.gateway || '/' || h.order_no and l.kind = h.kind
    and case when h.kind = 'refund' then l.refund_no = h.refund_no
             else l.trade_no = h.trade_no or h.id = h.order_no end);

-- Where a bill and the books differ, until they agree or somebody has settled it. Found again, it is the same one.
create table reconciliation.break (
  id          text        primary key check (id like 'brk\_%'),
  gateway     text        not null,
  day         date        not null,
  of          text        not null check (of in ('payment', 'refund')),
  kind        text        not null,
  state       text        not null default 'open',
  order_no    text        not null,
  refund_no   text,
  trade_no    text,
  currency    char(3)     not null,
  there_minor bigint,
  there_fee   bigint,
  there_at    timestamptz,
  here_id     text,
  here_minor  bigint,
  here_state  text,
  here_at     timestamptz,
  agreed_fee  bigint,
  at_stake    bigint      not null check (at_stake >= 0),  -- by how much they differ
  found_at    timestamptz not null,
  ended_at    timestamptz,

  constraint a_break_is_found_once unique nulls not distinct (gateway, of, kind, order_no, refund_no, trade_no),
  constraint kind_is_known check (kind in ('missing_here', 'missing_there', 'wrong_amount', 'wrong_state', 'wrong_fee',
    'wrong_number', 'duplicate')),
  constraint state_is_known check (state in ('open', 'proposed', 'booking', 'settled', 'ended')),
  constraint what_has_ended_says_when check ((state in ('settled', 'ended')) = (ended_at is not null)),
  constraint what_is_missing_there_has_one_side check (case kind
    when 'missing_there' then there_minor is null and here_id is not null
    else there_minor is not null end)
);
create index break_by_time on reconciliation.break (found_at desc, id desc);
create index break_open on reconciliation.break (gateway, id) where state = 'open';
create index break_booking on reconciliation.break (id) where state = 'booking';
create index break_of_bill on reconciliation.break (gateway, day, state);
create trigger break_takes_a_step before update of state on reconciliation.break
  for each row when (old.state <> new.state)
  execute function custody.check_step('open to proposed', 'open to settled', 'open to ended', 'proposed to open',
    'proposed to settled', 'proposed to booking', 'booking to settled', 'ended to open');
create trigger break_is_kept before delete or truncate on reconciliation.break
  execute function ledger.refuse_to_rewrite_history();

-- What becomes of a break: it is explained, or its payment is booked. One proposes, another decides; alone one may
-- explain what is worth 100.00 at most.
create table reconciliation.proposal (
  id          text        primary key check (id like 'rcp\_%'),
  break       text        not null references reconciliation.break,
  kind        text        not null check (kind in ('explain', 'book')),
  reason      text        not null,
  note        text        not null check (length(note) between 1 and 500),
  state       text        not null default 'proposed',
  proposed_by text        not null references parties.person,
  proposed_at timestamptz not null,
  decided_by  text        references parties.person,
  decided_at  timestamptz,
  answer      text        check (length(answer) between 1 and 500),  -- why it was rejected
  outcome     text,       -- of what was booked: where custody has put it

  constraint reason_is_known check (reason in ('timing', 'platform_fault', 'our_fault', 'by_hand', 'rounding', 'other')),
  constraint state_is_known check (state in ('proposed', 'confirmed', 'rejected', 'alone')),
  constraint nobody_decides_their_own_proposal check (decided_by <> proposed_by),
  constraint nothing_is_decided_by_nobody check ((state in ('confirmed', 'rejected')) = (decided_by is not null)
    and (decided_by is null) = (decided_at is null)),
  constraint nothing_is_booked_alone check (state <> 'alone' or kind = 'explain'),
  constraint a_rejection_says_why check ((state = 'rejected') = (answer is not null)),
  constraint only_what_is_booked_has_an_outcome check (outcome is null or kind = 'book' and state = 'confirmed')
);
create unique index one_proposal_at_a_time on reconciliation.proposal (break) where state = 'proposed';
create index proposal_of_break on reconciliation.proposal (break, proposed_at, id);
create trigger proposal_takes_a_step before update of state on reconciliation.proposal
  for each row when (old.state <> new.state)
  execute function custody.check_step('proposed to confirmed', 'proposed to rejected');
create trigger proposal_is_kept before delete or truncate on reconciliation.proposal
  execute function ledger.refuse_to_rewrite_history();

create function reconciliation.check_proposal() returns trigger
language plpgsql set search_path = pg_catalog as $$
declare
  about reconciliation.break;
begin
  select * into about from reconciliation.break where id = new.break;
  if new.state = 'alone' and about.at_stake > 10000 then
    raise exception '% is worth %, which one person does not settle', about.id, about.at_stake
      using errcode = 'check_violation', constraint = 'above_the_limit_it_takes_two';
  end if;
  if new.kind = 'book' and (about.of <> 'payment' or about.kind not in ('missing_here', 'wrong_state', 'wrong_number')) then
    raise exception '% has no payment to book', about.id
      using errcode = 'check_violation', constraint = 'only_a_payment_is_booked';
  end if;
  return new;
end $$;
create trigger proposal_is_fair before insert or update on reconciliation.proposal
  for each row execute function reconciliation.check_proposal();

-- Nothing is settled that nobody has decided.
create function reconciliation.check_settled() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
  if not exists (
    select from reconciliation.proposal p where p.break = new.id and (
      p.state = 'confirmed' and p.kind = case new.state when 'booking' then 'book' else p.kind end
      or p.state = 'alone' and new.state = 'settled'))
  then
    raise exception '% is settled by nobody', new.id
      using errcode = 'check_violation', constraint = 'nothing_is_settled_undecided';
  end if;
  return new;
end $$;
create trigger break_is_decided before update of state on reconciliation.break
  for each row when (old.state <> new.state and new.state in ('settled', 'booking'))
  execute function reconciliation.check_settled();
