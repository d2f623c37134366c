-- An entry that a table refuses is set aside, so that its book's reader goes on. Somebody looks at it: it is on the board.
create table notices.aside (
  book     integer     not null,
  seq      bigint      not null,
  merchant text        references notices.stream,   -- none, where not even that can be said
  subject  text,
  why      text        not null,
  at       timestamptz not null,
  constraint an_entry_is_set_aside_once primary key (book, seq)
);
create index aside_of_merchant on notices.aside (merchant, at desc);
create trigger aside_is_history before update or delete or truncate on notices.aside
  execute function ledger.refuse_to_rewrite_history();

-- A bank's SMS is worth more than what a phone shows only from the phone that receives it: its owner says which that is.
alter table notices.terminal add column hears_sms boolean not null default false;
alter table notices.terminal add constraint only_a_main_hears_sms check (kind = 'main' or not hears_sms);
