// What the readers of a bench read: sessions, and intents that make events in them.

export const TENANT = 'bench'

export interface Wire {
  offset: string
  event: { type: string; session_id: string; seq: number; time: string }
}

export async function openSession(runtime: string): Promise<string> {
  const answer = (await post(`${runtime}/api/session/create`, { tenant_id: TENANT })) as {
    session: { session_id: string }
  }
  return answer.session.session_id
}

/** Submits, and waits for the end of the execution if `waits`. Answers its id. */
export async function submit(
  runtime: string,
  type: string,
  session: string,
  n: number,
  waits = false,
): Promise<string> {
  const envelope = { intent_type: type, realm: 'bench', session_id: session, tenant_id: TENANT, payload: { n } }
  const answer = await post(`${runtime}/api/intent/submit`, envelope, waits ? { prefer: 'wait=60' } : {})
  return (answer as { execution_id: string }).execution_id
}

/** One event, in a commit of its own. */
export async function signal(runtime: string, execution: string): Promise<void> {
  await post(`${runtime}/api/execution/${execution}/signal`, { tenant_id: TENANT, name: 'heard' })
}

async function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<unknown> {
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  }
  const answer = await fetch(url, init)
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`)
  return answer.json()
}

export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN
}

export const ascending = (numbers: readonly number[]): number[] => numbers.toSorted((a, b) => a - b)
