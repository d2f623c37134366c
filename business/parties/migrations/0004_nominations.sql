-- A seat at an institution is nominated by one and confirmed by another; the tables too hold to it.

create table parties.nomination (
  id          text        primary key check (id like 'nom\_%'),
  institution text        not null references parties.institution,
  person      text        not null references parties.person,
  role        text        not null check (role in ('admin', 'reviewer', 'custodian', 'supervisor')),
  nominated_by text        not null references parties.person,
  nominated_at timestamptz not null,
  state       text        not null default 'open',
  ended_by    text        references parties.person,
  ended_at    timestamptz,

  constraint state_is_known
    check (state in ('open', 'confirmed', 'accepted', 'declined', 'withdrawn')),
  constraint nobody_nominates_themselves
    check (nominated_by <> person),
  constraint an_end_has_its_hand_and_its_time
    check ((state = 'open') = (ended_by is null) and (state = 'open') = (ended_at is null)),
  constraint nobody_confirms_what_they_nominated
    check (state <> 'confirmed' or ended_by not in (nominated_by, person)),
  constraint who_is_nominated_accepts
    check (state <> 'accepted' or ended_by = person),
  constraint an_acceptance_waits_a_day
    check (state <> 'accepted' or ended_at >= nominated_at + interval '24 hours'),
  constraint who_nominated_withdraws
    check (state <> 'withdrawn' or ended_by = nominated_by)
);
create unique index a_seat_is_nominated_once on parties.nomination (institution, person, role)
  where state = 'open';
create index nomination_of_institution on parties.nomination (institution, nominated_at desc);
create index nomination_of_person on parties.nomination (person, nominated_at desc);
create index seat_of_administrator on parties.seat (person) where role = 'admin';

-- Who could confirm: an administrator; at a bank or a supervisor, who sits there too.
create function parties.check_nomination() returns trigger
language plpgsql set search_path = pg_catalog as $$
declare
  elsewhere boolean := exists (
    select from parties.institution i where i.id = new.institution and i.kind <> 'operator');
begin
  if tg_op = 'INSERT' and new.state <> 'open' then
    raise exception '% was never open', new.id
      using errcode = 'check_violation', constraint = 'a_nomination_begins_open';
  end if;
  if tg_op = 'UPDATE' and old.state <> 'open' then
    raise exception '% has ended', old.id
      using errcode = 'check_violation', constraint = 'a_nomination_ends_once';
  end if;
  if new.state in ('open', 'confirmed', 'accepted') and not exists (
    select from parties.seat s
    where s.person = new.nominated_by and s.role = 'admin' and s.ended_at is null)
  then
    raise exception '% is no administrator', new.nominated_by
      using errcode = 'check_violation', constraint = 'an_administrator_nominates';
  end if;
  if new.state = 'confirmed' and not exists (
    select from parties.seat s
    where s.person = new.ended_by and s.ended_at is null
      and (s.role = 'admin' or elsewhere and s.organisation = new.institution))
  then
    raise exception '% has no say over %', new.ended_by, new.institution
      using errcode = 'check_violation', constraint = 'who_confirms_has_a_say';
  end if;
  if new.state = 'accepted' and exists (
    select from parties.seat s
    where s.person not in (new.nominated_by, new.person)
      and coalesce(s.ended_at, 'infinity') > new.ended_at - interval '24 hours'
      and (s.role = 'admin' or elsewhere and s.organisation = new.institution))
  then
    raise exception 'Somebody could confirm %', new.id
      using errcode = 'check_violation', constraint = 'nobody_accepts_past_who_could_confirm';
  end if;
  return new;
end $$;
create trigger nomination_takes_a_step before insert or update on parties.nomination
  for each row execute function parties.check_nomination();
create trigger nomination_is_kept before delete or truncate on parties.nomination
  execute function ledger.refuse_to_rewrite_history();

-- given_by null is the installation itself: a set-up's first operator, a demo's founding. It seats
-- nobody any more where people have begun to.
create function parties.check_seat() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
  if new.given_by is null and exists (
    select from parties.seat s
    where s.organisation = new.organisation and s.given_by is not null)
  then
    raise exception 'People seat people at %', new.organisation
      using errcode = 'check_violation', constraint = 'the_installation_seats_only_the_first';
  end if;
  if new.given_by is not null and not exists (
    select from parties.nomination p
    where p.institution = new.organisation and p.person = new.person and p.role = new.role
      and p.nominated_by = new.given_by and p.ended_at = new.given_at
      and p.state in ('confirmed', 'accepted'))
  then
    raise exception 'Nobody confirmed that % sits at %', new.person, new.organisation
      using errcode = 'check_violation', constraint = 'an_institution_seat_was_confirmed';
  end if;
  return new;
end $$;
create trigger institution_seat_is_given before insert on parties.seat
  for each row when (starts_with(new.organisation, 'ins_')) execute function parties.check_seat();

create function parties.check_seat_end() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
  raise exception 'The seat of % at % has ended', old.person, old.organisation
    using errcode = 'check_violation', constraint = 'a_seat_that_ended_stays_ended';
end $$;
create trigger seat_ends_once before update on parties.seat
  for each row when (old.ended_at is not null) execute function parties.check_seat_end();
