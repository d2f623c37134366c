-- Whoever paid an order and finds nothing in the purse is told what became of the payment: by the order.
create index suspense_about on custody.suspense (about, gateway);
