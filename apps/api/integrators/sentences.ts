/** What orders and webhooks refuse, in words; the others' sentences are in ../sentences.*.ts. */
import type { Sentences } from '../facts.ts'

export const integratorsZh = {
  no_such_order: ['没有这个订单', '没有找到这个订单。请核对编号。'],
  order_not_open: ['订单已有付款', '这个订单已付款或正在等商户确认，不能关闭。需要时请退款。'],
  no_such_endpoint: ['没有这个接收地址', '没有找到这个接收地址。'],
  endpoint_ended: ['接收地址已删除', '删除的接收地址不能再用。请新建一个。'],
  endpoint_not_live: ['接收地址未启用', '请先启用这个接收地址，再发送。'],
  too_many_endpoints: ['接收地址太多', '一家商户最多同时有 10 个接收地址。请先删除不用的。'],
  url_not_allowed: [
    '地址不能用',
    '请填写公网上以 https:// 开头的地址，不带用户名和密码，不指向内网。',
  ],
  no_such_event: ['没有这个事件', '没有找到这个事件，或已超过 90 天。'],
  span_too_long: ['时间段太长', '一次最多重发 10,000 个事件。请缩短时间段。'],
} satisfies Partial<Sentences>

export const integratorsEn = {
  no_such_order: ['No such order', 'This order was not found. Check its id.'],
  order_not_open: [
    'The order has a payment',
    'It is paid, or waits for the merchant to accept the payment, and cannot be closed. Refund it if need be.',
  ],
  no_such_endpoint: ['No such endpoint', 'This endpoint was not found.'],
  endpoint_ended: ['The endpoint has ended', 'An endpoint that ended stays so. Make a new one.'],
  endpoint_not_live: ['The endpoint is not live', 'Let it live again first, then send.'],
  too_many_endpoints: [
    'Too many endpoints',
    'A merchant has 10 at most at a time. End those that are not in use first.',
  ],
  url_not_allowed: [
    'This address cannot be used',
    'Give an https:// address on the public internet, without a user name, that leads into no private network.',
  ],
  no_such_event: ['No such event', 'This event was not found, or is older than 90 days.'],
  span_too_long: ['The span is too long', 'At most 10,000 events at a time. Give a shorter span.'],
} satisfies Partial<Sentences>
