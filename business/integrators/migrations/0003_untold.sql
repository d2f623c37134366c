-- What was not told yet or was given up is counted at each scrape; what was delivered is nearly all there is.
create index delivery_untold on integrators.delivery (state) where state <> 'delivered';
