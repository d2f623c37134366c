-- The one payment that follows an approved request, and what the bank told us of it.

create table settlement.payout (
  id       text        primary key check (id like 'pay\_%'),  -- the bank's end-to-end reference
  request  text        not null,
  minor    bigint      not null,
  currency char(3)     not null,
  gateway  text        not null,
  state    text        not null default 'sending',
  attempt  integer     not null default 1 check (attempt > 0),
  ask_at   timestamptz,            -- when the bank is asked next; null: never again
  sent_at  timestamptz not null,
  ended_at timestamptz,
  reason   text,

  constraint a_request_is_paid_once unique (request),
  constraint a_payout_pays_what_was_approved
    foreign key (request, minor, currency) references settlement.request (id, minor, currency),
  constraint state_is_known check (state in ('sending', 'accepted', 'paid', 'bounced')),
  constraint nothing_bounces_without_a_reason check (state <> 'bounced' or reason is not null),
  constraint an_ended_payout_has_its_time check ((state in ('paid', 'bounced')) = (ended_at is not null))
);
create index payout_to_ask on settlement.payout (ask_at) where ask_at is not null;
create trigger payout_is_kept before delete or truncate on settlement.payout
  execute function ledger.refuse_to_rewrite_history();

-- Every signed notice of the bank, once, as it came, with what it led to.
create table settlement.inbox (
  gateway     text        not null,
  event       text        not null,
  received_at timestamptz not null,
  outcome     text        not null,
  payout      text        not null,
  body        bytea       not null,
  primary key (gateway, event),

  constraint outcome_is_known
    check (outcome in ('taken', 'known', 'out_of_order', 'unknown_payout', 'wrong_amount', 'wrong_account'))
);
-- What a person must look at.
create index inbox_unexpected on settlement.inbox (received_at)
  where outcome not in ('taken', 'known');
create trigger inbox_is_history
  before update or delete or truncate on settlement.inbox
  execute function ledger.refuse_to_rewrite_history();
