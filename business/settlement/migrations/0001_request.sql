-- A merchant asks for what it has earned, somebody else agrees, the bank pays.

create schema settlement;

create table settlement.request (
  id            text        primary key check (id like 'stl\_%'),
  book          integer     not null,
  merchant      text        not null references parties.merchant,
  minor         bigint      not null check (minor > 0),
  currency      char(3)     not null check (currency ~ '^[A-Z]{3}$'),
  -- who is to be paid, as at submission; terms is the digest of payee and sum
  payee_bank    text        not null,
  payee_account text        not null,
  payee_name    text        not null,
  terms         text        not null check (length(terms) = 64),
  rests_after   text        references settlement.request,  -- the last standing request before it
  state         text        not null default 'submitted',
  requested_by  text        not null references parties.person,
  requested_at  timestamptz not null,
  reviewed_by   text        references parties.person,
  reason        text        check (length(reason) between 1 and 500),
  unique (id, minor, currency),

  constraint state_is_known
    check (state in ('submitted', 'approved', 'rejected', 'withdrawn', 'paying', 'paid', 'bounced')),
  constraint nobody_reviews_their_own_request
    check (reviewed_by <> requested_by),
  constraint nothing_is_decided_unreviewed
    check (state in ('submitted', 'withdrawn') or reviewed_by is not null),
  constraint a_rejection_has_a_reason
    check (state <> 'rejected' or reason is not null)
);

-- For the reviewer and the payout run (what waits, oldest first), and the lists, newest first.
create index request_by_state on settlement.request (state, requested_at, id);
create index request_by_time on settlement.request (requested_at, id);
create index request_of_merchant on settlement.request (merchant, requested_at, id);

-- The rules that need to look beyond the row.
create function settlement.check_step() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
  if old.state <> new.state and (old.state, new.state) not in (
    ('submitted', 'approved'), ('submitted', 'rejected'), ('submitted', 'withdrawn'),
    ('approved', 'paying'), ('paying', 'paid'), ('paying', 'bounced'), ('paid', 'bounced'))
  then
    raise exception 'From % no step leads to %', old.state, new.state
      using errcode = 'check_violation', constraint = 'only_known_steps_are_taken';
  end if;
  if new.reviewed_by is distinct from old.reviewed_by and exists (
    select from parties.seat
    where organisation = new.merchant and person = new.reviewed_by and ended_at is null)
  then
    raise exception '% has a seat at %', new.reviewed_by, new.merchant
      using errcode = 'check_violation', constraint = 'no_reviewer_sits_at_the_merchant';
  end if;
  return new;
end $$;
create trigger request_takes_a_step before update on settlement.request
  for each row execute function settlement.check_step();
create trigger request_is_kept before delete or truncate on settlement.request
  execute function ledger.refuse_to_rewrite_history();

-- Who took which step, when and why. The key says it: a step is taken once.
create table settlement.step (
  request  text        not null references settlement.request,
  name     text        not null check (name in ('submit', 'approve', 'reject', 'withdraw', 'send', 'pay', 'bounce')),
  taken_by text        not null,   -- a person, or the gateway whose word it was
  taken_at timestamptz not null,
  reason   text,
  primary key (request, name)
);
create trigger step_is_history
  before update or delete or truncate on settlement.step
  execute function ledger.refuse_to_rewrite_history();

-- A request as it is shown.
create view settlement.listed as
select r.id, r.book, r.merchant, m.name as "merchantName", r.minor, r.currency, r.terms, r.state,
  jsonb_build_object('bank', r.payee_bank, 'account', r.payee_account, 'name', r.payee_name) as payee,
  r.requested_by as "requestedBy", asker.name as "requestedByName", r.requested_at as "requestedAt",
  r.reviewed_by as "reviewedBy", reviewer.name as "reviewedByName", r.reason
from settlement.request r
join parties.merchant m on m.id = r.merchant
join parties.person asker on asker.id = r.requested_by
left join parties.person reviewer on reviewer.id = r.reviewed_by;
