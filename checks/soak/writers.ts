// What is written while all of them read. A submission whose answer was lost is sent again with the same key.

import { setTimeout as sleep } from 'node:timers/promises'

const AGAIN_MS = 200
const SHOUTS_PER_SECOND = 2

/** `url` is the runtime's: the way of a request through the gateway is not what is tried here. */
export class Writers {
  submitted = 0
  private readonly url: string

  constructor(url: string) {
    this.url = url
  }

  async openSessions(count: number): Promise<string[]> {
    const answers = Array.from({ length: count }, () => this.post('/api/session/create', { tenant_id: 'soak' }))
    return (await Promise.all(answers)).map(
      (answer) => (answer as { session: { session_id: string } }).session.session_id,
    )
  }

  /** Submits `perSecond` intents over the quiet sessions in turn, and a few loud ones, until `stop`. */
  async write(quiet: readonly string[], loud: readonly string[], perSecond: number, stop: AbortSignal): Promise<void> {
    await Promise.all([
      this.say('soak.talk', quiet, perSecond, stop),
      ...loud.map((session) => this.say('soak.shout', [session], SHOUTS_PER_SECOND, stop)),
    ])
  }

  private async say(type: string, sessions: readonly string[], perSecond: number, stop: AbortSignal): Promise<void> {
    const began = performance.now()
    for (let n = 0; !stop.aborted; n++) {
      const due = began + (n / perSecond) * 1000 - performance.now()
      if (due > 0) await sleep(due, undefined, { signal: stop }).catch(() => {})
      if (stop.aborted) return
      await this.submit(type, sessions[n % sessions.length]!, n)
    }
  }

  private async submit(type: string, sessionId: string, n: number): Promise<void> {
    const envelope = { intent_type: type, realm: 'soak', session_id: sessionId, tenant_id: 'soak', payload: { n } }
    await this.post('/api/intent/submit', envelope, `${type}-${sessionId}-${n}`)
    this.submitted++
  }

  private async post(path: string, body: unknown, key: string = crypto.randomUUID()): Promise<unknown> {
    for (;;) {
      try {
        const headers = { 'content-type': 'application/json', 'idempotency-key': key }
        const answer = await fetch(`${this.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
        if (answer.ok) return await answer.json()
        if (answer.status < 500) throw new Refused(`${path} answered ${answer.status}: ${await answer.text()}`)
      } catch (error) {
        if (error instanceof Refused) throw error
      }
      await sleep(AGAIN_MS)
    }
  }
}

class Refused extends Error {}
