-- A device whose last will was said is gone at once; and rehearsals by the clock, with who has had each.

alter table notices.terminal
  add column gone_at  timestamptz,                                             -- its last will; heard of later, it is back
  add column program  text        check (length(program) between 1 and 40),    -- what runs there, and which version
  add column shown_at timestamptz;                                             -- of a main: the last notice that its phone showed
create index terminal_to_be_heard on notices.terminal (merchant) where kind <> 'sub' and state = 'authorised';

-- The hours of the counter's day at which it is rehearsed.
alter table notices.counter
  add column rehearse integer[] not null default '{}'
    constraint a_day_has_24_hours check (rehearse <@ array[0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23]);
create index counter_rehearses on notices.counter (id) where open and rehearse <> '{}';

create table notices.rehearsal (
  notice   text        primary key references notices.notice,
  merchant text        not null references notices.stream,
  counter  text        not null references notices.counter,
  seq      bigint      not null check (seq > 0),
  due      timestamptz,                          -- the hour; none: somebody pressed the button
  at       timestamptz not null,
  constraint an_hour_is_rehearsed_once unique (counter, due)
);
create index rehearsal_of_merchant on notices.rehearsal (merchant, at desc);
create index rehearsal_by_time on notices.rehearsal (at);

-- Whom it was for, and when each had it.
create table notices.echo (
  terminal text        not null references notices.terminal,
  notice   text        not null references notices.rehearsal,
  seq      bigint      not null,
  back_at  timestamptz,
  constraint a_rehearsal_comes_back_once primary key (notice, terminal)
);
create index echo_awaited on notices.echo (terminal, seq) where back_at is null;
create function notices.check_echo() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
  if old.back_at is not null then
    raise exception '% was back from % before', old.notice, old.terminal
      using errcode = 'check_violation', constraint = 'what_came_back_stays';
  end if;
  return new;
end $$;
create trigger echo_comes_back_once before update on notices.echo
  for each row execute function notices.check_echo();
create trigger echo_is_kept before delete or truncate on notices.echo
  execute function ledger.refuse_to_rewrite_history();
create trigger rehearsal_is_history before update or delete or truncate on notices.rehearsal
  execute function ledger.refuse_to_rewrite_history();
