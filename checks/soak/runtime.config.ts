import { defineRuntime } from '@biplane/runtime'

export default defineRuntime({ realms: ['./realm.ts'] })
