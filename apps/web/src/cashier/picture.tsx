/** An item's picture, in a box whose size is known before it is loaded: nothing jumps. */
import type { Item } from './sold.ts'

type Shape = Pick<Item, 'name' | 'picture'>

export function Picture({ of: { name, picture } }: { of: Shape }) {
  if (!picture) return null
  const { id, width, height } = picture
  return (
    <img
      className="item-picture"
      src={`/v1/cashier/pictures/${id}`}
      alt={name}
      width={width}
      height={height}
      loading="lazy"
      decoding="async"
    />
  )
}
