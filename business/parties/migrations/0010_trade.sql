-- Who issues a balance that is good at many merchants is of a trade of its own.
alter table parties.merchant drop constraint merchant_trade_check;
alter table parties.merchant add constraint merchant_trade_check check (trade in ('hair', 'fitness', 'bathhouse',
  'teahouse', 'netcafe', 'carwash', 'tutoring', 'laundry', 'nursery', 'restaurant', 'onecard'));
