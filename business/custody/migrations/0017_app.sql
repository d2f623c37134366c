-- An order can be offered to an app that has the wallet's kit: as a text that the platform has to understand.
alter table custody.top_up drop constraint an_offer_is_a_page_or_a_text;
alter table custody.top_up add constraint an_offer_is_a_page_or_a_text check (offer is null
  or offer->>'way' in ('desk', 'phone') and offer->>'url' is not null
  or offer->>'way' in ('qr', 'app') and offer->>'text' is not null
  or offer->>'way' = 'inside' and offer->'call' is not null);
