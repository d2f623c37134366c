import { Button } from 'antd'
import type { ReactNode } from 'react'

type Shape = {
  wish: { phase: 'ready' | 'sending' | 'unknown' }
  ready: boolean
  danger?: boolean
  children: ReactNode
}

/** The button that moves money. While the result is unknown there is none: only asking again remains. */
export function Send({ wish, ready, danger, children }: Shape) {
  if (wish.phase === 'unknown') return null
  return (
    <Button
      type="primary"
      size="large"
      block
      htmlType="submit"
      danger={danger ?? false}
      disabled={!ready}
      loading={wish.phase === 'sending'}
    >
      {children}
    </Button>
  )
}
