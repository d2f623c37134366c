/** What merchants trade in, on a sheet. */
export const tradeWords: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  bathhouse: ['洗浴', 'Bathhouse'],
  carwash: ['洗车', 'Car wash'],
  fitness: ['健身', 'Fitness'],
  hair: ['美容美发', 'Hair and beauty'],
  laundry: ['洗衣', 'Laundry'],
  netcafe: ['网吧', 'Net café'],
  nursery: ['托育', 'Nursery'],
  onecard: ['一卡通', 'One card'],
  restaurant: ['餐饮', 'Restaurant'],
  teahouse: ['茶馆', 'Teahouse'],
  tutoring: ['培训', 'Tutoring'],
}
