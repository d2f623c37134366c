/** Every "no" of this promise; custody's own come on top of them. */
export type Refused =
  | 'no_such_order'
  | 'order_not_open'
  | 'no_such_endpoint'
  | 'endpoint_ended'
  | 'endpoint_not_live'
  | 'too_many_endpoints'
  | 'url_not_allowed'
  | 'no_such_event'
  | 'span_too_long'
