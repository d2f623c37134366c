-- At which till money was taken: by a QR that hangs there, or by a charge that was made there.
alter table custody.merchant_code
  add column till text,
  add constraint a_codes_till_stands_in_its_outlet foreign key (outlet, till) references parties.till (outlet, id),
  add constraint a_till_is_named_with_its_outlet check (till is null or outlet is not null);
-- Written on the hot path: it references nothing.
alter table custody.spend
  add column till text check (till like 'til\_%'),
  add constraint a_till_is_named_with_its_outlet check (till is null or outlet is not null);
