// What a story measures of its process.

const BYTES_PER_MB = 1024 * 1024

export const heapMb = (): number => process.memoryUsage().heapUsed / BYTES_PER_MB
