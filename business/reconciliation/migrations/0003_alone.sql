-- What one person settles alone is little in a day, not in a break: else a great sum goes in many small ones. And of nothing
-- there is no payment to book.

create index proposal_alone on reconciliation.proposal (proposed_by, proposed_at) where state = 'alone';

-- What a person has settled alone on the day of a moment, as the platforms count days.
create function reconciliation.alone_on(p_person text, p_at timestamptz) returns bigint
language sql stable set search_path = pg_catalog as $$
  select coalesce(sum(b.at_stake), 0)::bigint
  from reconciliation.proposal p join reconciliation.break b on b.id = p.break
  where p.proposed_by = p_person and p.state = 'alone'
    and p.proposed_at >= date_trunc('day', p_at, 'Asia/Shanghai')
    and p.proposed_at < date_trunc('day', p_at, 'Asia/Shanghai') + interval '24 hours'
$$;

create or replace function reconciliation.check_proposal() returns trigger
language plpgsql set search_path = pg_catalog as $$
declare
  about reconciliation.break;
begin
  select * into about from reconciliation.break where id = new.break;
  if tg_op = 'INSERT' then new.round := about.round; end if;
  if tg_op = 'INSERT' and new.state = 'alone' then
    perform pg_advisory_xact_lock(hashtextextended('alone ' || new.proposed_by, 0));
    if about.currency <> 'CNY' or about.at_stake + reconciliation.alone_on(new.proposed_by, new.proposed_at) > 10000 then
      raise exception '% is worth % %, which is more than % settles alone on a day',
        about.id, about.at_stake, about.currency, new.proposed_by
        using errcode = 'check_violation', constraint = 'above_the_limit_it_takes_two';
    end if;
  end if;
  if new.kind = 'book' and (about.of <> 'payment' or about.kind not in ('missing_here', 'wrong_state', 'wrong_number')
    or tg_op = 'INSERT' and about.there_minor = 0) then
    raise exception '% has no payment to book', about.id
      using errcode = 'check_violation', constraint = 'only_a_payment_is_booked';
  end if;
  return new;
end $$;
