-- Custody compares who has paid with whom the purse is bound to: a binding is told there as it is made and as it ends.
create function cashier.tell_payer() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
  if new.ended_at is null then
    insert into custody.payer (purse, gateway, payer)
    select id, new.gateway, new.payer from custody.purse
    where person = new.person and merchant = new.merchant
    on conflict (purse, gateway) do update set payer = excluded.payer;
  else
    delete from custody.payer u using custody.purse p
    where p.person = new.person and p.merchant = new.merchant
      and u.purse = p.id and u.gateway = new.gateway and u.payer = new.payer;
  end if;
  return null;
end $$;
create trigger binding_is_told after insert or update of ended_at on cashier.binding
  for each row execute function cashier.tell_payer();

insert into custody.payer (purse, gateway, payer)
select p.id, b.gateway, b.payer
from cashier.binding b join custody.purse p on p.person = b.person and p.merchant = b.merchant
where b.ended_at is null;
