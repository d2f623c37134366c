-- What a merchant's own shop asks a guest to pay.

create schema integrators;

create table integrators.shop_order (
  id            text        primary key check (id like 'ord\_%'),
  merchant      text        not null references custody.merchant,
  merchant_code text        not null references custody.merchant_code,
  subject       text        not null check (length(subject) between 1 and 100),
  reference     text        not null check (length(reference) between 1 and 100),
  return_url    text        check (return_url ~ '^https?://' and length(return_url) <= 500),
  created_by    text        not null check (created_by ~ '^(per|key)_'),
  created_at    timestamptz not null,
  expires_at    timestamptz not null,
  closed_at     timestamptz,
  closed_why    text        check (closed_why in ('shop', 'time')),

  constraint an_order_is_one_merchant_code unique (merchant_code),
  constraint an_order_waits_for_a_while    check (expires_at > created_at),
  constraint an_end_has_its_reason         check ((closed_at is null) = (closed_why is null))
);
create index shop_order_of_merchant on integrators.shop_order (merchant, created_at desc, id desc);
create index shop_order_by_reference on integrators.shop_order (merchant, reference);
create index shop_order_open on integrators.shop_order (expires_at) where closed_at is null;

create function integrators.check_order() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
  if old.closed_at is not null then
    raise exception '% is closed', old.id
      using errcode = 'check_violation', constraint = 'an_order_is_closed_once';
  end if;
  return new;
end $$;
create trigger order_is_closed_once before update on integrators.shop_order
  for each row execute function integrators.check_order();
create trigger order_is_kept before delete or truncate on integrators.shop_order
  execute function ledger.refuse_to_rewrite_history();

-- As it stands now: whether it is paid is the spend's to say, and the spend is the one that used the code.
create view integrators.order_now with (security_invoker = true) as
  select o.id, o.merchant, o.merchant_code, o.subject, o.reference, o.return_url, o.created_by,
    o.created_at, o.expires_at, o.closed_at, o.closed_why, c.minor, c.currency, s.id as spend,
    s.at as paid_at, coalesce(s.refunded, 0) as refunded,
    case
      when s.state = 'done' then 'paid'
      when s.state = 'waiting' and s.expires_at > clock_timestamp() then 'waiting'
      when s.id is not null or o.closed_at is not null then 'closed'
      else 'open'
    end as state
  from integrators.shop_order o
  join custody.merchant_code c on c.id = o.merchant_code
  left join ledger.entry e on e.book = c.book and e.id = c.use
  left join custody.spend s on s.book = c.book and s.id = e.subject;
