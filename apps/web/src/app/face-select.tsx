import { useNavigate } from '@tanstack/react-router'
import { Select } from 'antd'
import { homeOf, wear, type Face } from './faces.ts'
import { useWords } from './words.ts'

export default function FaceSelect({ faces, face }: { faces: readonly Face[]; face: Face }) {
  const say = useWords()
  const navigate = useNavigate()
  const choose = (id: string) => {
    const chosen = faces.find(one => one.id === id)
    if (!chosen) return
    wear(chosen)
    void navigate({ to: homeOf(chosen) })
  }
  return (
    <Select
      aria-label={say('face')}
      style={{ width: '100%' }}
      value={face.id}
      onChange={choose}
      options={faces.map(one => ({
        value: one.id,
        label: one.name ? `${one.name} · ${say(`face.${one.role}`)}` : say(`face.${one.role}`),
      }))}
    />
  )
}
