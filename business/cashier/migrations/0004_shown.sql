-- Orders, tabs and dockets as they are shown. Each list asks a view by what its index begins with.

create view cashier.shown_order as
select o.id, cashier.number_of(d.kind, d.day, d.number) as number, o.tab, o.merchant, o.outlet, o.state, o.goods,
  o.service, o.tax, o.total, o.note, o.reason, o.placed_at as "placedAt", o.answered_at as "answeredAt",
  o.ended_at as "endedAt", t.place, p.name as "placeName", t.person, n.name as "personName", t.currency,
  t.service_bps as "serviceBps", t.tax_bps as "taxBps"
from cashier.goods_order o
join cashier.docket d on d.subject = o.id
join cashier.tab t on t.id = o.tab
join cashier.place p on p.id = t.place
left join parties.person n on n.id = t.person;

create view cashier.shown_tab as
select t.id, t.merchant, m.name as "merchantName", t.outlet, u.name as "outletName", t.place,
  p.name as "placeName", t.purse, t.person, n.name as "personName", t.state, t.opened_at as "openedAt",
  t.closes_at as "closesAt", t.served_by as "servedBy", t.currency,
  case when t.state = 'open' then ordered.total else 0 end as held, t.discount,
  t.discount_reason as "discountReason", t.tip,
  coalesce(t.total, greatest(ordered.total - t.discount, 0)) as total, t.spend,
  cashier.number_of(d.kind, d.day, d.number) as number, t.ended, t.closed_at as "closedAt"
from cashier.tab t
join parties.merchant m on m.id = t.merchant
join parties.outlet u on u.id = t.outlet
join cashier.place p on p.id = t.place
left join parties.person n on n.id = t.person
left join cashier.docket d on d.subject = t.id
cross join lateral (
  select coalesce(sum(o.total), 0)::bigint as total from cashier.goods_order o
  where o.tab = t.id and o.state in ('placed', 'accepted', 'delivered')) as ordered;

create view cashier.shown_docket as
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
  select case when bool_or(r.state = 'sending') then 'sending'
              when bool_and(r.state = 'returned') then 'returned'
              when bool_or(r.state = 'returned') then 'partly' else 'done' end as state,
    string_agg(distinct r.gateway, ', ' order by r.gateway) as gateway
  from custody.part r where r.withdrawal = w.id) returned on w.id is not null;
