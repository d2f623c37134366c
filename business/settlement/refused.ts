/** Every "no" that settlement can give. The API answers each with one status and one sentence. */
export type Refused =
  | 'archived'
  | 'no_such_request'
  | 'no_such_merchant'
  | 'merchant_not_open'
  | 'amount_out_of_range'
  | 'id_already_used'
  | 'step_out_of_order'
  | 'own_request'
  | 'reason_missing'
  | 'payee_changed'
