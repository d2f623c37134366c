-- As before; and where the entry that used the code is archived, the spend says of itself which code it was.
create or replace view integrators.order_now with (security_invoker = true) as
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
  left join ledger.archived a on a.book = c.book and a.id = c.use and e.id is null
  left join custody.spend s on s.book = c.book
    and s.id = case when a.id is null then e.subject
                    else (select used.id from custody.spend used
                          where used.book = c.book and used.merchant_code = o.merchant_code) end;
