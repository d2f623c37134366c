-- Whose account is bound can be shown anew, by the platform: then another one may be bound although there is money.
alter table cashier.binding add column proved_at timestamptz check (proved_at >= bound_at);

-- Which binding an unbinding ends, written before any money goes back: asked again, it ends that one and no later one.
create table cashier.unbinding (
  id       text        primary key check (id like 'wdr\_%'),  -- the first withdrawal's, where there was money
  binding  text        not null references cashier.binding,
  begun_at timestamptz not null default now()
);
create index unbinding_of_binding on cashier.unbinding (binding);
create trigger unbinding_is_history before update or delete or truncate on cashier.unbinding
  execute function ledger.refuse_to_rewrite_history();
