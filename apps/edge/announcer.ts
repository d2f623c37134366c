#!/usr/bin/env node
/** A box with a loudspeaker at the counter: prompts come in over MQTT or as events, and are told, the first of each. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { toCloud, type CloudSettings } from './cloud.ts'
import { factsOf } from './heart.ts'
import { overEvents, overMqtt } from './inlets.ts'
import { toLamp, toLine, toMotor, toSpeaker } from './outputs.ts'
import { announcer, type Output, type Prompt } from './speaker.ts'

const usage = `node announcer.ts --terminal trm_… (--mqtt URL | --house URL) --state FILE [--speaker DEVICE] [--line PATH] [--lamp PATH] [--motor PATH] [--cloud FILE]

  --mqtt URL        hear from a broker: mqtt://10.0.0.2:1883
  --house URL       hear from the house: https://pay.example
  --state FILE      what this box has had, kept over a restart
  --speaker DEVICE  ALSA's name of a loudspeaker: default
  --line PATH       a serial line: /dev/ttyUSB0, /dev/rfcomm0
  --lamp PATH       amber, green or red, a line each
  --motor PATH      what shakes: milliseconds on, off, on
  --cloud FILE      a loudspeaker behind its maker's cloud: {"vendor","device","key","account","url","fields"}

TERMINAL_SECRET is the terminal's secret.`

const { values } = parseArgs({
  options: {
    terminal: { type: 'string' },
    mqtt: { type: 'string' },
    house: { type: 'string' },
    state: { type: 'string' },
    speaker: { type: 'string' },
    line: { type: 'string' },
    lamp: { type: 'string' },
    motor: { type: 'string' },
    cloud: { type: 'string' },
  },
})
const say = (event: string, facts: object = {}) =>
  void process.stderr.write(
    `${JSON.stringify({ at: new Date().toISOString(), event, ...facts })}\n`,
  )
const failed = (error: unknown, prompt?: Prompt) =>
  say('failed', {
    why: error instanceof Error ? error.message : String(error),
    ...(prompt ? { seq: prompt.seq } : {}),
  })

function run(): void {
  const { terminal, mqtt, house, state, speaker, line, lamp, motor, cloud } = values
  const secret = process.env['TERMINAL_SECRET']
  if (!terminal || !state || !secret || Boolean(mqtt) === Boolean(house))
    return void process.stderr.write(`${usage}\n`)
  const maker = cloud && toCloud(JSON.parse(readFileSync(cloud, 'utf8')) as CloudSettings)
  const outputs: Output[] = [
    ...(speaker ? [toSpeaker(speaker)] : []),
    ...(line ? [toLine(line)] : []),
    ...(lamp ? [toLamp(lamp)] : []),
    ...(motor ? [toMotor(motor)] : []),
    ...(maker ? [maker] : []),
  ]
  const had = existsSync(state)
    ? (JSON.parse(readFileSync(state, 'utf8')) as { place: string; known: string[] })
    : { place: '0', known: [] }
  const box = announcer(outputs, failed, had.known)
  let place = had.place
  const keep = () => {
    writeFileSync(`${state}.new`, JSON.stringify({ place, known: box.known() }))
    renameSync(`${state}.new`, state)
  }
  const hears = {
    prompt: (prompt: Prompt) =>
      void box.hear(prompt).then(() => {
        if (BigInt(prompt.seq) > BigInt(place)) place = prompt.seq
        keep()
        inlet.acked(place)
      }, failed),
    ended: (reason: string) => say('ended', { reason }),
    failed,
  }
  const facts = async () => {
    const { program, ...rest } = await factsOf('announcer')()
    return { ...rest, program: maker && maker.isAway() ? `${program} · cloud away` : program }
  }
  const who = { terminal, secret, after: place, facts }
  const inlet = mqtt
    ? overMqtt(mqtt, who, hears)
    : overEvents(house!.replace(/\/$/, ''), who, hears)
  const leave = () => void inlet.stop().finally(() => process.exit(0))
  process.once('SIGTERM', leave).once('SIGINT', leave)
}

run()
