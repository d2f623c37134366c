-- When the first payment at a platform was asked for is only looked for until the platform has its first bill, among what
-- `one_payment_credits_one_top_up` has of it: an index of its own was written for every order, for ever.

drop index custody.first_payment;
