-- Entries with the names of their accounts. Amounts inside the sides are text: jsonb's readers take
-- numbers for doubles, and a double ends at 2^53.
create view ledger.readable with (security_invoker = true) as
select e.book, e.seq, e.id, e.kind, e.at, e.event, e.subject, e.minor, e.pended, p.id as pend_id, b.currency,
  case when e.debit is not null then jsonb_build_object(
    'account', d.ref, 'posted', e.debit_posted::text, 'out', e.debit_out::text, 'in', e.debit_in::text,
    'floor', e.debit_floor::text, 'ceiling', e.debit_ceiling::text, 'state', e.debit_state::text)
  end as debit,
  case when e.credit is not null then jsonb_build_object(
    'account', c.ref, 'posted', e.credit_posted::text, 'out', e.credit_out::text, 'in', e.credit_in::text,
    'floor', e.credit_floor::text, 'ceiling', e.credit_ceiling::text, 'state', e.credit_state::text)
  end as credit,
  e.hash
from ledger.entry e
join ledger.book b on b.book = e.book
left join ledger.account d on d.book = e.book and d.account = e.debit
left join ledger.account c on c.book = e.book and c.account = e.credit
left join ledger.entry p on p.book = e.book and p.seq = e.pend;

-- The seqs of a page of an account's statement, newest first.
create function ledger.line_seqs(p_book integer, p_ref text, p_before bigint, p_limit integer)
returns table (seq bigint) language sql stable security definer set search_path = pg_catalog
set enable_seqscan = off as $$
  with a as (select account from ledger.account where book = p_book and ref = p_ref),
  line as (
    (select e.seq from ledger.entry e
     where e.book = p_book and (e.debit, e.seq) > ((select account from a), 0)
       and (e.debit, e.seq) < ((select account from a), coalesce(p_before, 9223372036854775807))
     order by e.debit desc, e.seq desc limit p_limit)
    union all
    (select e.seq from ledger.entry e
     where e.book = p_book and (e.credit, e.seq) > ((select account from a), 0)
       and (e.credit, e.seq) < ((select account from a), coalesce(p_before, 9223372036854775807))
     order by e.credit desc, e.seq desc limit p_limit)
  )
  select line.seq from line order by 1 desc limit p_limit
$$;

-- What another process appended: each side's new state, for those who remember the account.
create function ledger.tail(p_book integer, p_after bigint)
returns table (ref text, account bigint, last bigint, posted bigint, out_ bigint, in_ bigint,
               floor bigint, ceiling bigint, state smallint, ended uuid)
language sql stable security definer set search_path = pg_catalog
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
  select a.ref, s.* from (
    select debit, seq, debit_posted, debit_out, debit_in, debit_floor, debit_ceiling, debit_state,
           (select p.id from ledger.entry p where p.book = e.book and p.seq = e.pend)
    from ledger.entry e where book = p_book and seq > p_after and debit is not null
    union all
    select credit, seq, credit_posted, credit_out, credit_in, credit_floor, credit_ceiling, credit_state, null
    from ledger.entry e where book = p_book and seq > p_after and credit is not null
  ) as s join ledger.account a on a.book = p_book and a.account = s.debit
  order by s.seq
$$;

