// A plane that is killed and comes back at the address that it had.

import { readFileSync } from 'node:fs'

import { type Plane, killNow, stop } from '../planes.ts'

export class MortalPlane {
  readonly name: string
  readonly url: string
  kills = 0
  private plane: Plane
  private readonly restart: (port: string) => Promise<Plane>

  private constructor(name: string, plane: Plane, restart: (port: string) => Promise<Plane>) {
    this.name = name
    this.plane = plane
    this.url = plane.url
    this.restart = restart
  }

  /** `start`: with a port of 0 it takes a free one, and that is kept. */
  static async start(name: string, start: (port: string) => Promise<Plane>): Promise<MortalPlane> {
    return new MortalPlane(name, await start('0'), start)
  }

  async killAndRestart(): Promise<void> {
    await killNow(this.plane)
    this.kills++
    this.plane = await this.restart(new URL(this.url).port)
  }

  /** Resident memory in bytes, as the system counts it; null where it does not say. */
  memory(): number | null {
    try {
      const kib = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${this.plane.child.pid}/status`, 'utf8'))?.[1]
      return kib === undefined ? null : Number(kib) * 1024
    } catch {
      return null
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await stop(this.plane)
  }
}
