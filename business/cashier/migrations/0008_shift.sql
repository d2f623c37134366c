-- Who answers for an outlet and until when, what they counted before the sums were shown, and the days that are final.

create table cashier.shift (
  id         text        primary key check (id like 'shf\_%'),
  merchant   text        not null references parties.merchant,
  outlet     text        not null references parties.outlet,
  number     integer     not null check (number > 0),
  person     text        not null references parties.person,
  state      text        not null default 'open',
  opened_at  timestamptz not null,
  follows    text        references cashier.shift,   -- the one that it was handed over from
  counted_at timestamptz,
  counts     integer     not null default 0,         -- how often it was counted; the last one holds
  offered_to text        references parties.person,
  ended_at   timestamptz,
  ended_by   text        references parties.person,
  note       text        check (length(note) between 1 and 500),
  tabs       integer     check (tabs >= 0),          -- open when it was counted
  held       bigint      check (held >= 0),          -- and what was held for them

  constraint shifts_are_numbered unique (outlet, number),
  constraint state_is_known check (state in ('open', 'offered', 'closed')),
  constraint nobody_is_offered_their_own_shift check (offered_to <> person),
  constraint only_an_offered_shift_has_a_receiver check (state = 'closed' or (state = 'offered') = (offered_to is not null)),
  constraint nothing_ends_uncounted check (state = 'open' or (counted_at is not null and counts > 0 and tabs is not null and held is not null)),
  constraint what_has_ended_says_who check ((state = 'closed') = (ended_at is not null) and (ended_at is null) = (ended_by is null)),
  constraint time_goes_forward check (ended_at >= opened_at)
);
create unique index one_shift_at_a_time on cashier.shift (outlet) where state <> 'closed';
create unique index a_shift_is_handed_over_once on cashier.shift (follows) where follows is not null;
create index shift_of_outlet on cashier.shift (outlet, opened_at desc, id desc);
create trigger shift_takes_a_step before update of state on cashier.shift
  for each row when (old.state <> new.state)
  execute function custody.check_step('open to offered', 'open to closed', 'offered to open', 'offered to closed');
create trigger shift_is_kept before delete or truncate on cashier.shift
  execute function ledger.refuse_to_rewrite_history();

create function cashier.check_shift() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
  if new.number <> 1 + coalesce((select max(s.number) from cashier.shift s where s.outlet = new.outlet), 0) then
    raise exception 'The next shift of % has another number than %', new.outlet, new.number
      using errcode = 'check_violation', constraint = 'numbers_have_no_gap';
  end if;
  return new;
end $$;
create trigger shift_has_the_next_number before insert on cashier.shift
  for each row execute function cashier.check_shift();

-- What somebody believed was taken, and what was: by platform, and out of balances (`balance`).
create table cashier.shift_count (
  shift    text    not null references cashier.shift,
  no       integer not null check (no > 0),
  means    text    not null check (means ~ '^[a-z][a-z0-9-]{0,39}$'),
  declared bigint  not null check (declared >= 0),
  found    bigint  not null check (found >= 0),
  primary key (shift, no, means)
);
create trigger shift_count_is_history before update or delete or truncate on cashier.shift_count
  execute function ledger.refuse_to_rewrite_history();

-- A business day that is final: its report as it stood, numbered without a gap.
create table cashier.z_report (
  outlet   text        not null references parties.outlet,
  number   integer     not null check (number > 0),
  merchant text        not null references parties.merchant,
  day      date        not null,
  report   jsonb       not null,
  made_by  text        not null references parties.person,
  made_at  timestamptz not null,
  primary key (outlet, number),

  constraint a_day_is_final_once unique (outlet, day)
);
create trigger z_report_is_history before update or delete or truncate on cashier.z_report
  execute function ledger.refuse_to_rewrite_history();

create function cashier.check_z_report() returns trigger
language plpgsql set search_path = pg_catalog as $$
declare
  last cashier.z_report;
begin
  select * into last from cashier.z_report z where z.outlet = new.outlet order by z.number desc limit 1;
  if new.number <> coalesce(last.number, 0) + 1 or new.day <= last.day then
    raise exception 'The next final report of % is no % of %', new.outlet, new.number, new.day
      using errcode = 'check_violation', constraint = 'numbers_have_no_gap';
  end if;
  return new;
end $$;
create trigger z_report_has_the_next_number before insert on cashier.z_report
  for each row execute function cashier.check_z_report();

-- What was taken while a shift was open: out of balances at the outlet, and by the platforms, which know no outlet.
create function cashier.taken(p_merchant text, p_outlet text, p_from timestamptz, p_to timestamptz)
returns table (means text, minor bigint)
language sql stable set search_path = pg_catalog as $$
  select 'balance', coalesce(sum(t.total), 0)::bigint
  from cashier.docket d join cashier.tab t on t.id = d.subject
  where d.merchant = p_merchant and d.kind = 'checkout' and d.outlet = p_outlet and d.at >= p_from and d.at < p_to
  union all
  select t.gateway, sum(t.minor)::bigint
  from cashier.docket d join custody.top_up t on t.id = d.subject
  where d.merchant = p_merchant and d.kind = 'top_up' and d.at >= p_from and d.at < p_to
  group by t.gateway
$$;
