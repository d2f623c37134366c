/** Pictures of what is sold: put by the owner, shown to anybody who has the menu. */
import { Type } from 'typebox'
import { ItemId, PictureId, PictureView } from './cashier.views.ts'
import { route } from './route.ts'
import { Closed, IdOf } from './words.ts'

const ofItem = Closed({ merchant: IdOf('mer'), item: ItemId })

export const putPicture = route({
  method: 'PUT',
  path: '/v1/cashier/merchants/:merchant/items/:item/picture',
  summary:
    'An item’s picture: JPEG, PNG or WebP of 512 KiB and 2048 × 2048 at most; what a camera wrote into it is taken out',
  by: ['owner'],
  on: 'merchant',
  params: ofItem,
  body: Closed({
    data: Type.String({
      pattern: '^[A-Za-z0-9+/]+={0,2}$',
      maxLength: 720_000,
      description: 'the file, in base64',
    }),
  }),
  reply: PictureView,
})
export const removePicture = route({
  method: 'DELETE',
  path: '/v1/cashier/merchants/:merchant/items/:item/picture',
  summary: 'The item is shown without a picture again',
  by: ['owner'],
  on: 'merchant',
  status: 204,
  params: ofItem,
  reply: Closed({}),
})
export const readPicture = route({
  method: 'GET',
  path: '/v1/cashier/pictures/:picture',
  summary: 'A picture, by its id. It never changes: a new picture has a new id',
  by: ['guest', 'consumer'],
  on: 'nobody',
  media: 'image/*',
  params: Closed({ picture: PictureId }),
  reply: Type.String(),
})
