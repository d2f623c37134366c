-- What is told to a merchant's own programs, and how it got there.

create table integrators.endpoint (
  id            text        primary key check (id like 'whe\_%'),
  merchant      text        not null references parties.merchant,
  url           text        not null check (url ~ '^https?://' and length(url) <= 500),
  events        text[]      not null check (cardinality(events) between 1 and 20),
  state         text        not null default 'live',
  why           text        check (why in ('owner', 'failing', 'gone')),  -- it is not live
  since         timestamptz not null,                                     -- it is as it is
  failing_since timestamptz,                                              -- no try has succeeded
  made_by       text        not null references parties.person,
  made_at       timestamptz not null,

  constraint state_is_known           check (state in ('live', 'disabled', 'ended')),
  constraint what_is_not_live_says_why check ((state = 'live') = (why is null))
);
create index endpoint_of_merchant on integrators.endpoint (merchant, made_at) where state <> 'ended';
create index endpoint_live on integrators.endpoint (id) where state = 'live';

create function integrators.check_endpoint() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
  if old.state = 'ended' then
    raise exception '% has ended', old.id
      using errcode = 'check_violation', constraint = 'an_endpoint_that_ended_stays_ended';
  end if;
  return new;
end $$;
create trigger endpoint_ends_once before update on integrators.endpoint
  for each row execute function integrators.check_endpoint();

-- The secret itself is in no table: it follows from its id and a key outside. The fingerprint finds out a wrong key.
create table integrators.secret (
  id          text        primary key check (id like 'whs\_%'),
  endpoint    text        not null references integrators.endpoint,
  fingerprint text        not null check (length(fingerprint) = 16),
  made_at     timestamptz not null,
  ends_at     timestamptz
);
create unique index an_endpoint_has_one_newest_secret on integrators.secret (endpoint) where ends_at is null;

create table integrators.event (
  id       text        primary key check (id like 'evt\_%'),
  merchant text        not null,
  type     text        not null,
  subject  text        not null,
  at       timestamptz not null,
  body     text        not null  -- the bytes that are signed
);
create index event_of_merchant on integrators.event (merchant, at desc, id desc);
create index event_by_age on integrators.event (at);

create table integrators.delivery (
  event    text        not null references integrators.event on delete cascade,
  endpoint text        not null references integrators.endpoint,
  state    text        not null default 'waiting',
  due_at   timestamptz not null,
  tries    integer     not null default 0 check (tries between 0 and 10),  -- since it was last begun
  sent     integer     not null default 0 check (sent >= tries),           -- in all
  primary key (event, endpoint),
  constraint state_is_known check (state in ('waiting', 'delivered', 'failed'))
);
create index delivery_due on integrators.delivery (endpoint, due_at) where state = 'waiting';

create table integrators.attempt (
  event    text        not null,
  endpoint text        not null,
  n        integer     not null check (n > 0),
  sent_at  timestamptz not null,
  ended_at timestamptz,  -- null: nobody lived to write what came
  status   integer,
  error    text,
  answer   text        check (octet_length(answer) <= 4096),  -- a kilobyte as it came
  primary key (event, endpoint, n),
  foreign key (event, endpoint) references integrators.delivery on delete cascade
);

-- How far each book has been read. What happened before this is told to nobody.
create table integrators.reader (
  book integer primary key,
  seq  bigint  not null check (seq >= 0)
);
insert into integrators.reader (book, seq) select book, seq from ledger.book;

create function integrators.check_reader() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
  if new.seq < old.seq then
    raise exception 'Book % was read up to %', old.book, old.seq
      using errcode = 'check_violation', constraint = 'a_book_is_read_forward';
  end if;
  return new;
end $$;
create trigger reader_goes_forward before update on integrators.reader
  for each row execute function integrators.check_reader();
