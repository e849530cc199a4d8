/** So often that no test of who may do what is told that it came too often. */
const OFTEN = { perSecond: 100_000, burst: 100_000 }

export default {
  surfaces: ['rest', 'websocket', 'mcp'],
  rate: { tenant: OFTEN, subject: OFTEN, failures: OFTEN },
}
