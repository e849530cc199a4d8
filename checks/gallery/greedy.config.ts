import { defineRuntime } from '@biplane/runtime'

export default defineRuntime({ realms: ['./greedy-realm.ts'] })
