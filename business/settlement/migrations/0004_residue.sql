-- What a platform refused to take back, paid to an account of the guest's own at a bank.

create table settlement.residue (
  id          text        primary key check (id like 'rsd\_%'),  -- the bank's end-to-end reference
  book        integer     not null,
  part        text        not null references custody.part,      -- what the platform refused
  purse       text        not null references custody.purse,
  minor       bigint      not null check (minor > 0),
  currency    char(3)     not null check (currency ~ '^[A-Z]{3}$'),
  bank        text        not null check (length(bank) between 1 and 80),
  account     text        not null check (account ~ '^[0-9]{8,34}$'),
  holder      text        not null check (length(holder) between 1 and 80),
  state       text        not null default 'submitted',
  asked_by    text        not null references parties.person,
  asked_at    timestamptz not null,
  reviewed_by text        references parties.person,
  reason      text        check (length(reason) between 1 and 500),
  gateway     text,                -- the bank that pays it, from its first instruction on
  attempt     integer     not null default 0 check (attempt >= 0),
  ask_at      timestamptz,         -- when the bank is asked next; null: never again
  serial      text,                -- the bank's own number of the payment
  differs     text,                -- what the bank says that the books do not
  ended_at    timestamptz,

  constraint state_is_known check (state in ('submitted', 'rejected', 'sending', 'accepted', 'closing',
    'unbooked', 'paid', 'returning', 'bounced')),
  constraint nobody_reviews_their_own_residue check (reviewed_by <> asked_by),
  constraint nothing_is_paid_unreviewed check ((state = 'submitted') = (reviewed_by is null)),
  constraint nothing_goes_back_without_a_reason
    check (state not in ('rejected', 'returning', 'bounced') or reason is not null),
  constraint an_ended_residue_has_its_time
    check ((state in ('rejected', 'paid', 'returning', 'bounced')) = (ended_at is not null)),
  constraint difference_is_known check (differs in ('wrong_amount', 'wrong_state'))
);
create index residue_of_part on settlement.residue (part, asked_at desc);
create index residue_of_purse on settlement.residue (purse, asked_at desc, id desc);
-- For the reviewer: what waits, oldest first, and all of it, newest first.
create index residue_by_state on settlement.residue (state, asked_at, id);
create index residue_by_time on settlement.residue (asked_at, id);
create index residue_to_ask on settlement.residue (ask_at) where ask_at is not null;
create trigger residue_is_kept before delete or truncate on settlement.residue
  execute function ledger.refuse_to_rewrite_history();

-- Of a refused part no more than it was, to its own guest, in the guest's own name. The part is held, so that two
-- who ask at once take turns.
create function settlement.check_residue() returns trigger
language plpgsql set search_path = pg_catalog as $$
declare
  refused record;
  asked bigint;
begin
  perform from custody.part where id = new.part for update;
  select p.state, p.minor, p.book, w.purse, w.currency, u.person, n.name into refused
  from custody.part p
  join custody.withdrawal w on w.id = p.withdrawal
  join custody.purse u on u.id = w.purse
  join parties.person n on n.id = u.person
  where p.id = new.part;
  if refused.state is distinct from 'returned' or refused.book <> new.book
    or refused.purse <> new.purse or refused.currency <> new.currency
  then
    raise exception '% was not refused to %', new.part, new.purse
      using errcode = 'check_violation', constraint = 'a_residue_is_of_a_refused_part';
  end if;
  if refused.person <> new.asked_by or refused.name <> new.holder then
    raise exception '% is not of who asks, in their own name', new.id
      using errcode = 'check_violation', constraint = 'a_residue_goes_to_the_guest';
  end if;
  select coalesce(sum(r.minor), 0) into asked from settlement.residue r
  where r.part = new.part and r.state not in ('rejected', 'bounced');
  if asked + new.minor > refused.minor then
    raise exception 'More is asked than % of %', refused.minor, new.part
      using errcode = 'check_violation', constraint = 'no_more_than_was_refused';
  end if;
  return new;
end $$;
create trigger residue_is_of_its_part before insert on settlement.residue
  for each row execute function settlement.check_residue();

create function settlement.check_residue_step() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
  if old.state <> new.state and (old.state, new.state) not in (
    ('submitted', 'rejected'), ('submitted', 'sending'),
    ('sending', 'accepted'), ('sending', 'closing'), ('accepted', 'closing'), ('closing', 'accepted'),
    ('sending', 'unbooked'), ('sending', 'paid'), ('sending', 'returning'), ('sending', 'bounced'),
    ('accepted', 'unbooked'), ('accepted', 'paid'), ('accepted', 'returning'), ('accepted', 'bounced'),
    ('closing', 'unbooked'), ('closing', 'paid'), ('closing', 'returning'), ('closing', 'bounced'),
    ('unbooked', 'paid'), ('unbooked', 'returning'), ('unbooked', 'bounced'),
    ('paid', 'returning'), ('paid', 'bounced'), ('returning', 'bounced'))
  then
    raise exception 'A residue does not go from % to %', old.state, new.state
      using errcode = 'check_violation', constraint = 'a_residue_goes_only_where_it_can';
  end if;
  if new.reviewed_by is distinct from old.reviewed_by and exists (
    select from custody.purse u join parties.seat s on s.organisation = u.merchant
    where u.id = new.purse and s.person = new.reviewed_by and s.ended_at is null)
  then
    raise exception '% has a seat at the merchant', new.reviewed_by
      using errcode = 'check_violation', constraint = 'no_residue_reviewer_sits_at_the_merchant';
  end if;
  return new;
end $$;
create trigger residue_takes_a_step before update on settlement.residue
  for each row execute function settlement.check_residue_step();

-- Who took which step, when and why. The key says it: a step is taken once.
create table settlement.residue_step (
  residue  text        not null references settlement.residue,
  name     text        not null check (name in ('submit', 'approve', 'reject', 'pay', 'bounce')),
  taken_by text        not null,   -- a person, or the gateway whose word it was
  taken_at timestamptz not null,
  reason   text,
  primary key (residue, name)
);
create trigger residue_step_is_history
  before update or delete or truncate on settlement.residue_step
  execute function ledger.refuse_to_rewrite_history();
