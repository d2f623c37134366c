/** Who writes: the banks' own short numbers, their apps, and how they sign. */
import type { Told } from './told.ts'

/** The number that a bank's SMS comes from, and the bank's name. */
const numbers: Readonly<Record<string, string>> = {
  '95588': '工商银行',
  '95533': '建设银行',
  '95599': '农业银行',
  '95566': '中国银行',
  '95559': '交通银行',
  '95555': '招商银行',
  '95580': '邮储银行',
  '95558': '中信银行',
  '95595': '光大银行',
  '95577': '华夏银行',
  '95568': '民生银行',
  '95508': '广发银行',
  '95528': '浦发银行',
  '95561': '兴业银行',
  '95511': '平安银行',
  '95526': '北京银行',
  '95594': '上海银行',
  '95527': '浙商银行',
  '95319': '江苏银行',
  '95302': '南京银行',
  '95574': '宁波银行',
  '95398': '杭州银行',
  '95347': '泰隆银行',
  '95188': '网商银行',
}

const name = String.raw`([\u4e00-\u9fa5]{2,14}?(?:银行|农信|信用社|信用联社|信用合作社))`
const signatures = [
  new RegExp(String.raw`【${name}[^】]{0,12}】`),
  new RegExp(String.raw`\[${name}\]`),
  new RegExp(String.raw`-${name}$`),
]

/** The banks' own apps, by their packages: what they show has no signature, the app is who says it. */
const apps: Readonly<Record<string, string>> = {
  'com.icbc': '工商银行',
  'com.chinamworld.main': '建设银行',
  'com.android.bankabc': '农业银行',
  'com.chinamworld.bocmbci': '中国银行',
  'com.bankcomm.Bankcomm': '交通银行',
  'cmb.pb': '招商银行',
  'com.yitong.mbank.psbc': '邮储银行',
  'com.ecitic.bank.mobile': '中信银行',
  'com.cebbank.mobile.cemb': '光大银行',
  'com.cmbc.cc.mbank': '民生银行',
  'com.cib.cibmb': '兴业银行',
  'com.pingan.paces.ccms': '平安银行',
}

/** A mobile number or an e-mail address: a person, not a bank. */
export const isPerson = (sender: string): boolean =>
  /^\+?(86)?1[3-9]\d{9}$/.test(sender.replace(/[\s-]/g, '')) || sender.includes('@')

/** One of the numbers above, and nothing behind it. */
export const isBanksNumber = (sender: string): boolean =>
  Object.hasOwn(numbers, sender.replace(/^\+?86/, ''))

/** The bank that a sender's number, an app or a text's signature names. */
export function bankOf(text: string, { sender = '', package: app = '' }: Told): string | null {
  if (Object.hasOwn(apps, app)) return apps[app]!
  const bySender = Object.keys(numbers).find(number =>
    sender.replace(/^\+?86/, '').startsWith(number),
  )
  if (bySender) return numbers[bySender]!
  for (const shape of signatures) {
    const found = shape.exec(text)?.[1]
    if (found)
      return found.replace(/^中国(?=农业|工商|建设|邮政|民生|光大)/, '').replace('邮政储蓄', '邮储')
  }
  return null
}
