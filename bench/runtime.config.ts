import { defineRuntime } from '@biplane/runtime'

export default defineRuntime({ realms: ['./src/realm.ts'] })
