-- What happened to a merchant's money at a platform, who told us of it, and what was told at the counter.

create schema notices;

-- An outlet that is told; without one, whatever names no outlet.
create table notices.counter (
  id          text        primary key check (id like 'ctr\_%'),
  merchant    text        not null references parties.merchant,
  outlet      text        references parties.outlet,
  name        text        not null check (length(name) between 1 and 40),
  threshold   text        not null check (threshold in ('A', 'B')),
  patience    integer     not null check (patience between 5 and 86400),   -- seconds
  late_spoken boolean     not null,
  large       bigint      check (large >= 0),
  currency    char(3),                                                     -- of `large`
  quiet_from  integer     check (quiet_from between 0 and 1439),
  quiet_to    integer     check (quiet_to between 0 and 1439),
  open        boolean     not null,
  opened_at   timestamptz not null default now(),

  constraint an_outlet_has_one_counter unique nulls not distinct (merchant, outlet),
  constraint a_large_sum_has_a_currency check ((large is null) = (currency is null)),
  constraint quiet_hours_begin_and_end check ((quiet_from is null) = (quiet_to is null))
);
create index counter_open on notices.counter (merchant) where open;

-- How far a merchant's prompts have come. Whoever writes notices of a merchant holds its row.
create table notices.stream (
  merchant text   primary key references parties.merchant,
  seq      bigint not null default 0
);

create table notices.notice (
  id           text        primary key check (id like 'ntc\_%'),
  merchant     text        not null references notices.stream,
  counter      text        not null references notices.counter,
  outlet       text,
  kind         text        not null check (kind in ('payment', 'refund', 'reversal')),
  platform     text        not null check (platform ~ '^[a-z][a-z0-9-]{0,39}$'),
  minor        bigint      not null check (minor > 0),     -- as it was first told
  received     bigint      check (received > 0),           -- as it was spoken as received
  sum          bigint      generated always as (coalesce(received, minor)) stored,
  currency     char(3)     not null,
  payer        text,
  payee        text,
  way          text,
  at           timestamptz not null,                       -- when it happened, by who told it first
  heard_at     timestamptz not null,
  heard        integer     not null check (heard > 0),
  grade        text        not null check (grade in ('C', 'B', 'A', 'A+')),
  weak         boolean     not null,
  contradicted boolean     not null,
  rehearsal    boolean     not null,
  late         boolean     not null,
  checked_at   timestamptz,
  checked_by   text        check (checked_by ~ '^(per|trm)_'),
  state        text        generated always as (
    case when checked_at is not null then 'checked' when received is not null then 'received' else 'seen' end) stored,

  constraint only_good_evidence_is_received check (received is null or grade <> 'C'),
  constraint what_is_checked_says_who check ((checked_at is null) = (checked_by is null))
);
create index notice_of_merchant on notices.notice (merchant, heard_at desc, id desc);
create index notice_by_time on notices.notice (merchant, at);
create index notice_by_sum on notices.notice (merchant, sum, at);
create index notice_weak on notices.notice (merchant, sum, at) where weak;

create function notices.check_notice() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
  if old.received <> new.received or old.received is not null and new.received is null
    or old.checked_at is not null and new.checked_at is distinct from old.checked_at
    or old.contradicted and not new.contradicted or new.weak and not old.weak
    or old.payer <> new.payer or old.payee <> new.payee or old.way <> new.way or old.outlet <> new.outlet
  then
    raise exception 'What was told of % is not taken back', old.id
      using errcode = 'check_violation', constraint = 'nothing_told_is_taken_back';
  end if;
  return new;
end $$;
create trigger notice_goes_forward before update on notices.notice
  for each row execute function notices.check_notice();
create trigger notice_is_kept before delete or truncate on notices.notice
  execute function ledger.refuse_to_rewrite_history();

-- The platform's order id and ours: each names one notice, for ever. A refund has its own.
create table notices.order_id (
  merchant text not null,
  platform text not null,
  order_no text not null check (length(order_no) between 1 and 64),
  kind     text not null,
  notice   text not null references notices.notice,
  constraint an_order_id_names_one_notice primary key (merchant, platform, order_no, kind)
);
create index order_id_of_notice on notices.order_id (notice);
create trigger order_id_is_history before update or delete or truncate on notices.order_id
  execute function ledger.refuse_to_rewrite_history();

-- One source's word, as it came.
create table notices.evidence (
  merchant text        not null references notices.stream,
  terminal text        not null default '',               -- of the main that brought it; else ''
  source   text        not null check (source in ('phone', 'sms', 'callback', 'books', 'statement', 'rehearsal')),
  id       text        not null check (length(id) between 1 and 64),
  no       bigint      generated always as identity,
  notice   text        references notices.notice,
  outcome  text        not null check (outcome in ('new', 'raised', 'filtered', 'contradicts', 'unreadable')),
  grade    text        not null check (grade in ('C', 'B', 'A', 'A+')),
  kind     text        not null check (kind in ('payment', 'refund', 'reversal')),
  platform text,
  orders   text[]      not null,
  minor    bigint      check (minor > 0),
  currency char(3),
  payer    text,
  payee    text,
  way      text,
  outlet   text,
  at       timestamptz not null,
  heard_at timestamptz not null,
  app      text,
  text     text,

  constraint evidence_is_heard_once primary key (merchant, terminal, source, id),
  constraint what_is_told_has_a_notice check (outcome = 'unreadable' or notice is not null and minor is not null),
  constraint a_phone_proves_nothing check (
    case source when 'phone' then grade = 'C' when 'sms' then grade = 'B' when 'statement' then grade = 'A+' else grade = 'A' end)
);
create index evidence_of_merchant on notices.evidence (merchant, no desc);
create index evidence_of_notice on notices.evidence (notice, no);
create index evidence_of_terminal on notices.evidence (terminal, no desc) where terminal <> '';
create trigger evidence_is_history before update or delete or truncate on notices.evidence
  execute function ledger.refuse_to_rewrite_history();

-- What was told, in the order in which it was: no place is left out, and no class is told twice.
create table notices.prompt (
  merchant text        not null references notices.stream,
  seq      bigint      not null check (seq > 0),
  notice   text        not null references notices.notice,
  class    text        not null check (class in ('seen', 'received', 'contradicted', 'checked')),
  minor    bigint      not null check (minor > 0),
  before   bigint      check (before > 0),                -- of a contradiction: what was told before
  at       timestamptz not null,
  late     boolean     not null,
  loud     boolean     not null,
  large    boolean     not null,
  primary key (merchant, seq),

  constraint each_class_is_told_once unique (notice, class),
  constraint what_is_unverified_is_not_spoken check (class in ('received', 'contradicted') or not loud),
  constraint a_contradiction_says_what_was_told check ((class = 'contradicted') = (before is not null))
);
create trigger prompt_is_history before update or delete or truncate on notices.prompt
  execute function ledger.refuse_to_rewrite_history();

-- Moves the merchants' streams on, refuses a gap, and wakes every server that has somebody to tell.
create function notices.move_streams() returns trigger
language plpgsql set search_path = pg_catalog as $$
declare
  moved integer;
  whole integer;
begin
  with place as (
    select merchant, min(seq) as first, max(seq) as last, count(*) as told from placed group by merchant)
  update notices.stream s set seq = p.last from place p
  where s.merchant = p.merchant and s.seq = p.first - 1 and p.last - p.first + 1 = p.told;
  get diagnostics moved = row_count;
  select count(distinct merchant) into whole from placed;
  if moved <> whole then
    raise exception 'A place in a stream of prompts is left out, or taken'
      using errcode = 'check_violation', constraint = 'streams_have_no_gap';
  end if;
  perform pg_notify('notices', merchant || ' ' || max(seq)) from placed group by merchant;
  return null;
end $$;
create trigger prompt_moves_its_stream after insert on notices.prompt
  referencing new table as placed for each statement execute function notices.move_streams();
