-- A happy hour may be so much off instead of a price: in basis points, and the price is kept beside it. It is what is left of
-- the usual price, rounded to the coin, from the middle to the even one, as service charge and tax are.

alter table cashier.item
  add column happy_off integer check (happy_off between 1 and 9999),
  add constraint percent_off_is_rounded_half_to_even check (
    happy_off is null
    or (happy_minor is not null and happy_minor = minor * (10000 - happy_off) / 10000
      + case when minor * (10000 - happy_off) % 10000 > 5000
               or (minor * (10000 - happy_off) % 10000 = 5000 and minor * (10000 - happy_off) / 10000 % 2 = 1)
             then 1 else 0 end));
