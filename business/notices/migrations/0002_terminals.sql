-- Who is told, and what of it; who allowed it; and how the days compare with the money.

create table notices.terminal (
  id            text        primary key check (id like 'trm\_%'),
  merchant      text        not null references notices.stream,
  kind          text        not null check (kind in ('main', 'sub', 'device')),
  name          text        not null check (length(name) between 1 and 40),
  state         text        not null default 'authorised' check (state in ('authorised', 'suspended', 'revoked')),
  person        text        references parties.person,
  secret_hash   text        check (length(secret_hash) = 64),
  permission    jsonb       not null check (jsonb_typeof(permission -> 'fields') = 'array' and jsonb_typeof(permission -> 'actions') = 'array'),
  ways          text[]      not null check (ways <@ array['text', 'picture', 'voice', 'vibration'] and ways <> '{}'),
  language      text        not null check (language in ('zh-CN', 'en')),
  clock         text        not null,              -- the zone of time that its hours are in
  zone          text        check (length(zone) between 1 and 40),
  speaks        boolean     not null,
  muted_until   timestamptz,
  since         bigint      not null check (since >= 0),   -- what was told up to there is not for it
  acked         bigint      not null check (acked >= 0),
  battery       integer     check (battery between 0 and 100),
  seen_at       timestamptz,
  authorised_at timestamptz not null,

  constraint a_device_is_held_by_nobody check ((kind = 'device') = (person is null)),
  constraint only_a_sub_has_no_secret check ((kind = 'sub') = (secret_hash is null)),
  constraint a_secret_is_one_terminals unique (secret_hash)
);
create index terminal_of_merchant on notices.terminal (merchant, id);
create index terminal_of_person on notices.terminal (person) where person is not null and state <> 'revoked';
create unique index one_speaks_in_a_zone on notices.terminal (merchant, zone) where speaks and zone is not null and state <> 'revoked';
create trigger terminal_takes_a_step before update of state on notices.terminal
  for each row when (old.state <> new.state)
  execute function custody.check_step('authorised to suspended', 'suspended to authorised', 'authorised to revoked', 'suspended to revoked');
create trigger terminal_is_kept before delete or truncate on notices.terminal
  execute function ledger.refuse_to_rewrite_history();

-- Whoever tells it looks at once what it may see now.
create function notices.tell_terminals() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
  perform pg_notify('notices', new.id);
  return null;
end $$;
create trigger changed_terminal_is_told after update of state, person, secret_hash, permission, ways, language, zone, speaks, muted_until, since
  on notices.terminal for each row execute function notices.tell_terminals();

create table notices.terminal_step (
  terminal text        not null references notices.terminal,
  n        integer     not null check (n > 0),
  name     text        not null check (name in ('make', 'accept', 'allow', 'suspend', 'authorise', 'revoke', 'hand_over', 'leave')),
  by       text        not null references parties.person,
  reason   text        check (length(reason) between 1 and 200),
  at       timestamptz not null,
  primary key (terminal, n)
);
create trigger terminal_step_is_history before update or delete or truncate on notices.terminal_step
  execute function ledger.refuse_to_rewrite_history();

-- Its code is with who was invited; its hash is here.
create table notices.invitation (
  id         text        primary key check (id like 'inv\_%'),
  merchant   text        not null references notices.stream,
  terminal   text        references notices.terminal,      -- one that is handed over
  name       text        not null check (length(name) between 1 and 40),
  permission jsonb,
  code_hash  text        not null check (length(code_hash) = 64),
  made_by    text        not null references parties.person,
  made_at    timestamptz not null,
  expires_at timestamptz not null,
  taken_by   text        references parties.person,
  taken_at   timestamptz,
  made       text        references notices.terminal,      -- what came of it

  constraint a_code_is_one_invitations unique (code_hash),
  constraint ten_minutes_at_most check (expires_at <= made_at + interval '10 minutes'),
  constraint it_is_a_new_one_or_one_handed_over check ((terminal is null) = (permission is not null)),
  constraint what_is_taken_up_says_by_whom check ((taken_by is null) = (taken_at is null) and (taken_by is null) = (made is null)),
  constraint nothing_is_taken_up_too_late check (taken_at <= expires_at)
);
create function notices.check_invitation() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
  if old.taken_by is not null then
    raise exception '% was taken up before', old.id
      using errcode = 'check_violation', constraint = 'an_invitation_is_taken_up_once';
  end if;
  return new;
end $$;
create trigger invitation_is_taken_up_once before update on notices.invitation
  for each row execute function notices.check_invitation();
create trigger invitation_is_kept before delete or truncate on notices.invitation
  execute function ledger.refuse_to_rewrite_history();

-- Somebody at the counter asks that a payment be paid back. It moves no money.
create table notices.refund_request (
  id          text        primary key check (id like 'rrq\_%'),
  merchant    text        not null references notices.stream,
  notice      text        not null references notices.notice,
  terminal    text        not null references notices.terminal,
  minor       bigint      not null check (minor > 0),
  currency    char(3)     not null,
  reason      text        not null check (length(reason) between 1 and 200),
  state       text        not null default 'asked' check (state in ('asked', 'done', 'refused')),
  asked_by    text,
  asked_at    timestamptz not null,
  answered_by text,
  answered_at timestamptz,
  answer      text        check (length(answer) between 1 and 200),

  constraint an_answer_is_somebodys check ((state = 'asked') = (answered_by is null) and (answered_by is null) = (answered_at is null))
);
create index refund_request_of_merchant on notices.refund_request (merchant, asked_at desc, id desc);
create unique index one_open_request_per_notice on notices.refund_request (notice) where state = 'asked';
create trigger refund_request_takes_a_step before update of state on notices.refund_request
  for each row when (old.state <> new.state) execute function custody.check_step('asked to done', 'asked to refused');

-- How far a book has been read.
create table notices.reader (
  book integer primary key,
  seq  bigint  not null
);

-- A day at a counter, when it was over: what was announced, and the money.
create table notices.night (
  merchant       text        not null references notices.stream,
  counter        text        not null references notices.counter,
  day            date        not null,
  currency       char(3)     not null,
  announced      integer     not null,
  announced_sum  bigint      not null,   -- payments less refunds and reversals
  came           integer     not null,
  came_sum       bigint      not null,
  differences    integer     not null check (differences >= 0),
  made_at        timestamptz not null,
  constraint a_night_is_made_once primary key (merchant, day, counter)
);
create trigger night_is_history before update or delete or truncate on notices.night
  execute function ledger.refuse_to_rewrite_history();

create table notices.difference (
  merchant  text    not null,
  day       date    not null,
  counter   text    not null,
  no        integer not null check (no > 0),
  why       text    not null check (why in ('not_announced', 'never_verified', 'not_in_books', 'other_sum', 'contradicted', 'other_day')),
  kind      text    not null check (kind in ('payment', 'refund', 'reversal')),
  platform  text    not null,
  order_no  text,
  notice    text    references notices.notice,
  announced bigint,
  came      bigint,
  currency  char(3) not null,
  primary key (merchant, day, counter, no),
  foreign key (merchant, day, counter) references notices.night
);
create trigger difference_is_history before update or delete or truncate on notices.difference
  execute function ledger.refuse_to_rewrite_history();

-- A book that has moved for a merchant with a counter is named, and read at once. Who does not hear it looks every second.
create function notices.tell_books() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
  perform pg_notify('notices_books', p.book::text) from placed p
  where exists (select from notices.counter c where c.merchant = p.merchant and c.open) group by p.book;
  return null;
end $$;
create function notices.tell_purses_books() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
  perform pg_notify('notices_books', p.book::text) from placed p
  where exists (
    select from custody.purse u join notices.counter c on c.merchant = u.merchant and c.open where u.id = p.purse) group by p.book;
  return null;
end $$;
create trigger spend_is_told after insert on custody.spend
  referencing new table as placed for each statement execute function notices.tell_books();
create trigger answered_spend_is_told after update on custody.spend
  referencing new table as placed for each statement execute function notices.tell_books();
create trigger refund_is_told after insert on custody.refund
  referencing new table as placed for each statement execute function notices.tell_books();
create trigger top_up_is_told after update on custody.top_up
  referencing new table as placed for each statement execute function notices.tell_purses_books();
create trigger withdrawal_is_told after insert on custody.withdrawal
  referencing new table as placed for each statement execute function notices.tell_purses_books();
