-- What becomes of money in suspense: somebody proposes, somebody else decides, and only then it moves.

alter table custody.suspense
  add column notice     text,   -- in the inbox, of the same gateway: what told us of it
  add column source     text,   -- what it goes back against: the platform's order, or the bank's credit
  add column payer_name text,   -- as the bank names who paid
  add column payer_account text;

-- What came back from a withdrawal stands under the platform that had refused it.
update custody.suspense s set gateway = w.gateway, about = p.order_no
from custody.part p join custody.withdrawal w on w.id = p.withdrawal
where s.gateway = 'withdrawal' and p.id = s.trade_no;
update custody.suspense set
  source = case when reason = 'unexpected_credit' then trade_no else about end,
  notice = case when reason = 'unexpected_credit' then trade_no end;
alter table custody.suspense
  alter column source set not null,
  drop constraint state_is_known,
  add constraint state_is_known check (state in
    ('unclaimed', 'proposed', 'assigned', 'returning', 'returned')),
  drop constraint reason_is_known,
  add constraint reason_is_known check (reason in
    ('unknown_order', 'wrong_amount', 'wrong_account', 'wrong_currency', 'order_ended', 'over_ceiling',
     'purse_barred', 'unexpected_credit', 'unknown_payer', 'could_not_return'));
create index suspense_open on custody.suspense (at, id) where state in ('unclaimed', 'proposed');

create table custody.proposal (
  id          text        primary key check (id like 'pro\_%'),
  suspense    text        not null references custody.suspense,
  kind        text        not null,
  purse       text        references custody.purse,
  reason      text        not null check (length(reason) between 1 and 500),
  state       text        not null default 'proposed',
  proposed_by text        not null references parties.person,
  proposed_at timestamptz not null,
  decided_by  text        references parties.person,

  constraint kind_is_known check (kind in ('assign', 'return')),
  constraint state_is_known check (state in ('proposed', 'confirmed', 'rejected')),
  constraint only_an_assignment_names_a_purse check ((kind = 'assign') = (purse is not null)),
  constraint nothing_is_decided_by_nobody check ((state = 'proposed') = (decided_by is null)),
  constraint nobody_decides_their_own_proposal check (decided_by <> proposed_by)
);
create unique index one_proposal_at_a_time on custody.proposal (suspense) where state = 'proposed';
create index proposal_of_suspense on custody.proposal (suspense, proposed_at, id);
create trigger proposal_takes_a_step before update of state on custody.proposal
  for each row when (old.state <> new.state)
  execute function custody.check_step('proposed to confirmed', 'proposed to rejected');
create trigger proposal_is_kept before delete or truncate on custody.proposal
  execute function ledger.refuse_to_rewrite_history();

-- Who took which step, when and why. The key says it: a step is taken once.
create table custody.proposal_step (
  proposal text        not null references custody.proposal,
  name     text        not null check (name in ('propose', 'confirm', 'reject')),
  taken_by text        not null references parties.person,
  taken_at timestamptz not null,
  reason   text        check (length(reason) between 1 and 500),
  primary key (proposal, name),

  constraint only_a_confirmation_needs_no_reason check (name = 'confirm' or reason is not null)
);
create trigger proposal_step_is_history
  before update or delete or truncate on custody.proposal_step
  execute function ledger.refuse_to_rewrite_history();

-- The rules that need to look beyond the row.
create function custody.check_proposal() returns trigger
language plpgsql set search_path = pg_catalog as $$
declare
  home custody.purse;
begin
  if new.purse is null then
    return new;
  end if;
  select * into home from custody.purse where id = new.purse;
  if home.book <> (select s.book from custody.suspense s where s.id = new.suspense) then
    raise exception '% and % are not of one pool', new.suspense, new.purse
      using errcode = 'check_violation', constraint = 'money_stays_in_its_pool';
  end if;
  if home.person in (new.proposed_by, new.decided_by) or exists (
    select from parties.seat
    where organisation = home.merchant and person in (new.proposed_by, new.decided_by)
      and ended_at is null)
  then
    raise exception '% is not for % to decide', new.purse, coalesce(new.decided_by, new.proposed_by)
      using errcode = 'check_violation', constraint = 'nobody_decides_for_their_own_purse';
  end if;
  return new;
end $$;
create trigger proposal_is_fair before insert or update on custody.proposal
  for each row execute function custody.check_proposal();

-- A person's decision moves money only when it is confirmed; what may never stay goes back without one.
create function custody.check_suspense() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
  if (new.state = 'assigned' or (old.state = 'proposed' and new.state = 'returning')) and not exists (
    select from custody.proposal p
    where p.suspense = new.id and p.state = 'confirmed'
      and p.kind = case new.state when 'assigned' then 'assign' else 'return' end
      and not exists (
        select from custody.proposal later where later.suspense = new.id and later.state = 'proposed'))
  then
    raise exception '% leaves suspense undecided', new.id
      using errcode = 'check_violation', constraint = 'nothing_leaves_suspense_undecided';
  end if;
  return new;
end $$;
create trigger suspense_is_decided before update of state on custody.suspense
  for each row when (old.state <> new.state) execute function custody.check_suspense();
drop trigger suspense_takes_a_step on custody.suspense;
create trigger suspense_takes_a_step before update of state on custody.suspense
  for each row when (old.state <> new.state)
  execute function custody.check_step(
    'unclaimed to proposed', 'proposed to unclaimed', 'proposed to assigned', 'proposed to returning',
    'unclaimed to returning', 'returning to returned', 'returning to unclaimed');

-- By itself money goes back once; a person may try again what the platform had refused.
alter table custody.withdrawal
  drop constraint withdrawal_suspense_key,
  add column proposal text unique references custody.proposal,
  add constraint only_suspense_is_proposed_about check (proposal is null or suspense is not null);
create unique index nothing_goes_back_twice_by_itself on custody.withdrawal (suspense) where proposal is null;
create index withdrawal_of_suspense on custody.withdrawal (suspense) where suspense is not null;

-- A row of suspense as it is shown.
create view custody.suspended as
select s.id, s.book, p.id as pool, p.name as "poolName", s.gateway, s.about, s.source,
  s.trade_no as "tradeNo", s.notice, s.minor, s.currency, s.reason, s.state, s.at,
  s.payer_name as "payerName", s.payer_account as "payerAccount",
  p.currency as "bookCurrency"
from custody.suspense s join custody.pool p on p.book = s.book;
