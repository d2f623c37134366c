-- A refund of which a part is stuck at its platform was told as done: its guest is told that it is stuck.

create or replace view cashier.shown_docket as
select cashier.number_of(d.kind, d.day, d.number) as number, d.kind, d.subject, d.day::text as day, d.at,
  coalesce(t.minor, o.total, b.total, w.minor) as minor, p.currency,
  coalesce(t.state, o.state, b.ended, returned.state) as state, d.merchant, m.name as "merchantName", d.outlet,
  d.purse, p.person, n.name as "personName", coalesce(t.gateway, returned.gateway) as gateway
from cashier.docket d
join custody.purse p on p.id = d.purse
join parties.merchant m on m.id = d.merchant
left join parties.person n on n.id = p.person
left join custody.top_up t on d.kind = 'top_up' and t.id = d.subject
left join cashier.goods_order o on d.kind = 'goods' and o.id = d.subject
left join cashier.tab b on d.kind = 'checkout' and b.id = d.subject
left join custody.withdrawal w on d.kind = 'refund' and w.id = d.subject
left join lateral (
  select case when bool_or(r.state = 'stuck') then 'stuck'
              when bool_or(r.state = 'sending') then 'sending'
              when bool_and(r.state = 'returned') then 'returned'
              when bool_or(r.state = 'returned') then 'partly' else 'done' end as state,
    string_agg(distinct r.gateway, ', ' order by r.gateway) as gateway
  from custody.part r where r.withdrawal = w.id) returned on w.id is not null;
