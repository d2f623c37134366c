-- What the bank and the books do not agree on; and an instruction that is closed before it is given up.

alter table settlement.payout
  drop constraint state_is_known,
  add constraint state_is_known
    check (state in ('sending', 'closing', 'accepted', 'unbooked', 'paid', 'bounced')),
  add column serial    text,        -- the bank's own number of the payment
  add column closed_at timestamptz, -- since when the bank refuses the reference for good
  add constraint nothing_is_paid_that_was_closed check (state <> 'paid' or closed_at is null);
create index payout_unbooked on settlement.payout (sent_at, id) where state = 'unbooked';

-- Nothing leads back to `sending`: what is being closed is never sent again.
create function settlement.check_payout() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
  if old.state <> new.state and (old.state, new.state) not in (
    ('sending', 'closing'), ('sending', 'accepted'), ('sending', 'unbooked'), ('sending', 'paid'),
    ('sending', 'bounced'),
    ('accepted', 'closing'), ('accepted', 'unbooked'), ('accepted', 'paid'), ('accepted', 'bounced'),
    ('closing', 'accepted'), ('closing', 'unbooked'), ('closing', 'paid'), ('closing', 'bounced'),
    ('unbooked', 'paid'), ('unbooked', 'bounced'), ('paid', 'bounced'))
  then
    raise exception 'A payout does not go from % to %', old.state, new.state
      using errcode = 'check_violation', constraint = 'a_payout_goes_only_where_it_can';
  end if;
  return new;
end $$;
create trigger payout_goes_on before update on settlement.payout
  for each row execute function settlement.check_payout();

-- Where the bank's word and the books differ, until they agree. Each kind once for a payout: found again,
-- it is open again.
create table settlement.break (
  payout   text        not null references settlement.payout,
  kind     text        not null,
  said     text        not null check (said in ('paid', 'bounced', 'closed', 'none')),
  minor    bigint,     -- the sum of which the bank speaks
  currency char(3),
  serial   text,
  found_at timestamptz not null,
  ended_at timestamptz,
  primary key (payout, kind),

  constraint kind_is_known check (kind in ('unbooked', 'wrong_amount', 'wrong_state')),
  constraint only_what_was_executed_has_a_sum
    check ((said in ('closed', 'none')) = (minor is null) and (minor is null) = (currency is null))
);
create index break_open on settlement.break (found_at, payout, kind) where ended_at is null;
create index break_by_time on settlement.break (found_at, payout, kind);
create trigger break_is_kept before delete or truncate on settlement.break
  execute function ledger.refuse_to_rewrite_history();

alter table settlement.inbox
  drop constraint outcome_is_known,
  add constraint outcome_is_known check (outcome in ('taken', 'known', 'out_of_order', 'unknown_payout',
    'wrong_amount', 'wrong_account', 'wrong_state', 'unbooked'));

-- Which request of its merchant it is, in the order in which the book has them: two servers' clocks differ.
alter table settlement.request add column ordinal integer check (ordinal > 0);
update settlement.request r set ordinal = n.ordinal
from (
  select id, row_number() over (partition by merchant order by requested_at, id) as ordinal
  from settlement.request) n
where n.id = r.id;
alter table settlement.request
  alter column ordinal set not null,
  add constraint a_merchants_requests_are_numbered unique (merchant, ordinal);
