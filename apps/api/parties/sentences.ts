/** What parties refuse, in words; the others' sentences are in ../sentences.*.ts. */
import type { Facts, Sentences } from '../facts.ts'

const minutesInChinese = (facts: Facts) =>
  facts['minutes'] ? `${String(facts['minutes'])} 分钟后` : '半小时后'

export const partiesZh = {
  wrong_login: ['账号或密码不对', '请核对手机号或邮箱和密码。连续输错 10 次会锁定半小时。'],
  login_locked: ['暂时锁定', facts => `输错次数太多，${minutesInChinese(facts)}再试。`],
  login_taken: ['已被注册', '这个手机号或邮箱已经注册过。请直接登录。'],
  login_missing: ['缺少联系方式', '手机号和邮箱至少填一个。'],
  password_too_short: ['密码太短', '密码至少 8 个字符。'],
  password_too_long: ['密码太长', '密码最多 128 个字符。'],
  password_too_common: ['密码太常见', '这个密码很容易被猜到，请换一个。'],
  phone_malformed: ['手机号不对', '请填写 11 位手机号；境外号码以 + 和国家代码开头。'],
  email_malformed: ['邮箱不对', '请填写完整的邮箱地址，例如 name@example.com。'],
  no_such_person: ['没有这个人', '没有找到这个人。对方需要先注册。'],
  no_such_session: ['没有这个登录', '这个登录已经结束。'],
  no_such_merchant: ['没有这家商户', '没有找到这家商户。'],
  no_such_institution: ['没有这家机构', '没有找到这家机构。'],
  licence_taken: ['执照已登记', '这个执照号已有商户使用，或正在审核。'],
  own_merchant: ['不能审核自己的商户', '请由与这家商户无关的同事处理。'],
  step_out_of_order: ['当前状态不允许', '状态已经变化，刷新后再看可以做什么。'],
  reason_missing: ['请写明原因', '这一步必须写明原因，对方会看到。'],
  not_seated: ['不在任', '这个人在这里没有席位。'],
  last_owner: ['不能移除最后一位负责人', '先指定另一位负责人，再移除这一位。'],
  wrong_seat: ['席位不符', '这类机构没有这个席位。'],
  already_seated: ['已有席位', '这个人在这里已经有这个席位。'],
  own_seat: ['不能提名自己', '请由另一位管理员提名你。'],
  no_such_nomination: ['没有这个提名', '没有找到这个提名，或者与你无关。'],
  already_nominated: ['已有人提名', '另一位管理员已经提名了这个人。请在未决的提名中确认。'],
  own_nomination: ['必须由另一个人确认', '提名的人和被提名的人都不能确认。请交给另一位管理员。'],
  another_must_confirm: ['需要别人确认', '现在有人可以确认这个提名，请由他来确认。'],
  too_early_to_accept: ['还没到时间', '没有别人可以确认时，提名要公示满 24 小时才能接受。'],
  nominator_left: [
    '提名人已离任',
    '提名的管理员已经没有席位。请谢绝这个提名，再由现任管理员提名。',
  ],
  no_say_in_it: ['这一步不由你来做', '你可以看到这个提名，但这一步要由别人来做。'],
  no_such_licence: ['没有这个许可证', '没有找到这个许可证。'],
  licence_entered: ['已经登记', '这个许可证已经登记，正在等人批准，或已经批准。'],
  licence_ends_early: ['有效期不对', '有效期的最后一天不能早于第一天。'],
  licence_of_another: [
    '这一步不由你来做',
    '许可证由运营方的管理员登记，由运营方的另一个人批准，撤回只由登记的人来做。',
  ],
  own_licence: ['必须由另一个人决定', '登记许可证的人不能自己批准或拒绝。请交给运营方的另一个人。'],
  already_set_up: ['已经初始化', '首位运营管理员已经设置。请直接登录。'],
  wrong_set_up_token: ['口令不对', '请使用启动时控制台显示的一次性口令。'],
  no_such_api_key: ['没有这个密钥', '没有找到这个接口密钥。'],
  api_key_ended: ['密钥已停用', '停用的密钥不能再轮换。请新建一个。'],
  too_many_api_keys: ['密钥太多', '一家商户最多同时有 20 个密钥。请先停用不用的。'],
  expiry_passed: ['失效时间已过', '请填写将来的时间，或不填。'],
} satisfies Partial<Sentences>

const minutesInEnglish = (facts: Facts) =>
  facts['minutes'] === 1
    ? 'a minute'
    : facts['minutes']
      ? `${String(facts['minutes'])} minutes`
      : 'half an hour'

export const partiesEn = {
  wrong_login: [
    'Wrong login or password',
    'Check your phone number or e-mail and password. Ten wrong tries lock the door for half an hour.',
  ],
  login_locked: [
    'Locked for now',
    facts => `Too many wrong tries. Try again in ${minutesInEnglish(facts)}.`,
  ],
  login_taken: [
    'Already registered',
    'This phone number or e-mail is registered. Sign in instead.',
  ],
  login_missing: ['No way to reach you', 'Give a phone number or an e-mail address.'],
  password_too_short: ['Password too short', 'Use at least 8 characters.'],
  password_too_long: ['Password too long', 'Use at most 128 characters.'],
  password_too_common: ['Password too common', 'This password is easily guessed. Choose another.'],
  phone_malformed: [
    'Not a phone number',
    'Give 11 digits, or + and the country code for a number outside China.',
  ],
  email_malformed: ['Not an e-mail address', 'Give a full address, such as name@example.com.'],
  no_such_person: ['No such person', 'This person was not found. They have to register first.'],
  no_such_session: ['No such session', 'This session has ended already.'],
  no_such_merchant: ['No such merchant', 'This merchant was not found.'],
  no_such_institution: ['No such institution', 'This institution was not found.'],
  licence_taken: [
    'Licence known',
    'A merchant with this licence trades here, or waits for review.',
  ],
  own_merchant: [
    'Your own merchant',
    'Somebody who has nothing to do with this merchant must decide.',
  ],
  step_out_of_order: [
    'Not in this state',
    'The state has changed. Reload to see what can be done now.',
  ],
  reason_missing: ['Give a reason', 'This step needs a reason; the other side will read it.'],
  not_seated: ['No seat here', 'This person has no seat here.'],
  last_owner: [
    'The last one in charge',
    'Name somebody else to be in charge before removing this person.',
  ],
  wrong_seat: ['Wrong seat', 'An institution of this kind has no such seat.'],
  already_seated: ['Already seated', 'This person has that seat here.'],
  own_seat: ['Your own seat', 'Another administrator must nominate you.'],
  no_such_nomination: ['No such nomination', 'It was not found, or does not concern you.'],
  already_nominated: [
    'Already nominated',
    'Another administrator has nominated this person. Confirm it among the open nominations.',
  ],
  own_nomination: [
    'Another person must confirm',
    'Neither who nominated nor who is nominated confirms. Hand it to another administrator.',
  ],
  another_must_confirm: ['Somebody can confirm', 'While somebody can confirm it, they must.'],
  too_early_to_accept: [
    'Too early',
    'With nobody to confirm it, a nomination is shown for 24 hours.',
  ],
  nominator_left: [
    'The nominator has left',
    'Who nominated is no administrator any more. Decline it, and let one nominate again.',
  ],
  no_say_in_it: [
    'Not your step',
    'You may see this nomination, but somebody else takes this step.',
  ],
  no_such_licence: ['No such licence', 'This licence was not found.'],
  licence_entered: ['Already entered', 'This licence waits for approval, or is approved.'],
  licence_ends_early: ['Not a period', 'The last day cannot be before the first.'],
  licence_of_another: [
    'Not your step',
    'An administrator of the operator’s enters a licence, another person there approves it, and only who entered it withdraws it.',
  ],
  own_licence: [
    'Another person must decide',
    'Who entered a licence neither approves nor rejects it. Hand it to somebody else at the operator.',
  ],
  already_set_up: ['Already set up', 'The first operator is there. Sign in instead.'],
  wrong_set_up_token: ['Wrong token', 'Use the one-time token that the console showed at start.'],
  no_such_api_key: ['No such API key', 'This API key was not found.'],
  api_key_ended: ['The key has ended', 'A key that ended cannot be rotated. Make a new one.'],
  too_many_api_keys: [
    'Too many API keys',
    'A merchant has 20 at most at a time. End those that are not in use first.',
  ],
  expiry_passed: ['That time has passed', 'Give a time in the future, or none.'],
} satisfies Partial<Sentences>
