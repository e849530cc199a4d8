// What subscribers were given, checked as it comes: each event must be the one behind the last, and the same that everybody else
// was given at that place. In the end one copy a session is compared with the log itself.

/** So many wrongs are told in words; all are counted. */
const TOLD_MAX = 20

export interface Given {
  seq: number
  session_id: string
}

export class Records {
  /** By session: what stands at each place, as a hash; index 0 is unused. */
  private readonly seen = new Map<string, number[]>()
  readonly wrongs: string[] = []
  readonly counts = { events: 0, missed: 0, repeated: 0, other: 0 }

  /** `last`: the place that the subscriber stood at. Answers where it stands now. */
  take(who: string, sessionId: string, last: number, event: Given): number {
    const { counts } = this
    counts.events++
    if (event.session_id !== sessionId) this.wrong('other', `${who} was given an event of ${event.session_id}`)
    if (event.seq > last + 1) this.wrong('missed', `${who} stood at ${last} of ${sessionId} and was given ${event.seq}`)
    if (event.seq <= last) this.wrong('repeated', `${who} stood at ${last} of ${sessionId} and was given ${event.seq}`)
    this.compare(who, event)
    return Math.max(last, event.seq)
  }

  /** Compares an event with what anybody was given in its place, be it of a subscriber or of the log. */
  compare(who: string, event: Given): void {
    const { session_id, seq } = event
    let places = this.seen.get(session_id)
    if (places === undefined) this.seen.set(session_id, (places = []))
    const hash = hashOf(JSON.stringify(event))
    places[seq] ??= hash
    if (places[seq] !== hash) this.wrong('other', `${who} was given another event at ${seq} of ${session_id}`)
  }

  wrong(kind: 'missed' | 'repeated' | 'other', text: string): void {
    this.counts[kind]++
    if (this.wrongs.length < TOLD_MAX) this.wrongs.push(text)
  }
}

/** FNV-1a over UTF-16 units, 32 bits: told apart are events, not attackers. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}
