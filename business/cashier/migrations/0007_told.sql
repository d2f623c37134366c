-- Merchants' screens are told of orders when they are placed and answered: every server listens, and looks them up.
create function cashier.tell_orders() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
  perform pg_notify('cashier_orders', merchant || ' ' || id) from placed;
  return null;
end $$;
create trigger placed_order_is_told after insert on cashier.goods_order
  referencing new table as placed for each statement execute function cashier.tell_orders();
create trigger changed_order_is_told after update on cashier.goods_order
  referencing new table as placed for each statement execute function cashier.tell_orders();
