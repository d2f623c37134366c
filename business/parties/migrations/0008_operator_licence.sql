-- The operator's own licence to keep balances that are good at more than one merchant: entered by one, approved by
-- another. What was entered is never changed; a licence that is renewed is another row.

create table parties.operator_licence (
  id         text        primary key check (id like 'lic\_%'),
  operator   text        not null references parties.institution,
  kind       text        not null check (kind in ('stored_value_account', 'multi_purpose_prepaid_card')),
  number     text        not null check (length(number) between 1 and 60),
  valid_from date        not null,
  valid_to   date        not null,  -- its last day, in Shanghai
  paper      text        check (paper ~ '^[0-9a-f]{64}$'),  -- SHA-256 of its picture, which is kept elsewhere
  state      text        not null default 'entered',
  entered_by text        not null references parties.person,
  entered_at timestamptz not null default now(),
  decided_by text        references parties.person,
  decided_at timestamptz,
  revoked_by text        references parties.person,
  revoked_at timestamptz,
  reason     text        check (length(reason) between 1 and 500),

  constraint state_is_known
    check (state in ('entered', 'approved', 'rejected', 'withdrawn', 'revoked')),
  constraint a_licence_ends_after_it_begins
    check (valid_to >= valid_from),
  constraint a_decision_has_its_hand_and_its_time
    check ((state = 'entered') = (decided_by is null) and (state = 'entered') = (decided_at is null)),
  constraint nobody_decides_the_licence_that_they_entered
    check (state not in ('approved', 'rejected', 'revoked') or decided_by <> entered_by),
  constraint who_entered_withdraws
    check (state <> 'withdrawn' or decided_by = entered_by),
  constraint a_revocation_has_its_hand_and_its_time
    check ((state = 'revoked') = (revoked_by is not null) and (state = 'revoked') = (revoked_at is not null)),
  constraint a_no_has_a_reason
    check ((state in ('rejected', 'revoked')) = (reason is not null))
);
create unique index a_licence_stands_once on parties.operator_licence (kind, number, valid_from)
  where state in ('entered', 'approved');
create index licence_by_state on parties.operator_licence (state, id);

-- An administrator of the operator's enters, somebody seated there decides, and each step is taken once.
create function parties.check_licence() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
  if tg_op = 'INSERT' and new.state <> 'entered' then
    raise exception '% was never entered', new.id
      using errcode = 'check_violation', constraint = 'a_licence_begins_entered';
  end if;
  if tg_op = 'UPDATE' and (old.state, new.state) not in (
    ('entered', 'approved'), ('entered', 'rejected'), ('entered', 'withdrawn'), ('approved', 'revoked'))
  then
    raise exception '% does not become %', old.state, new.state
      using errcode = 'check_violation', constraint = 'only_known_steps_are_taken';
  end if;
  if tg_op = 'UPDATE' and old.state = 'approved'
    and (new.decided_by, new.decided_at) is distinct from (old.decided_by, old.decided_at)
  then
    raise exception 'Who approved % stays', new.id
      using errcode = 'check_violation', constraint = 'an_approval_stays';
  end if;
  if not exists (
    select from parties.seat s join parties.institution i on i.id = s.organisation
    where s.person = case new.state when 'entered' then new.entered_by
                                    when 'revoked' then new.revoked_by else new.decided_by end
      and s.organisation = new.operator and i.kind = 'operator' and s.ended_at is null
      and (s.role = 'admin' or s.role = 'reviewer' and new.state <> 'entered'))
  then
    raise exception 'Not seated at the operator %', new.operator
      using errcode = 'check_violation', constraint = 'who_has_a_say_sits_at_the_operator';
  end if;
  return new;
end $$;
create trigger licence_takes_a_step before insert or update on parties.operator_licence
  for each row execute function parties.check_licence();
create trigger licence_is_kept before delete or truncate on parties.operator_licence
  execute function ledger.refuse_to_rewrite_history();

-- Whether a balance may be good at more than one merchant at that moment: of this clock, and to the last day in Shanghai.
create function parties.platform_scope_is_lawful(at timestamptz default clock_timestamp()) returns boolean
language sql stable set search_path = pg_catalog as $$
  select exists (
    select from parties.operator_licence l
    where l.state in ('approved', 'revoked') and l.decided_at <= at and (l.revoked_at is null or l.revoked_at > at)
      and (at at time zone 'Asia/Shanghai')::date between l.valid_from and l.valid_to)
$$;
