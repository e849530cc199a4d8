import { defineRuntime } from '@biplane/runtime'

export default defineRuntime({ realms: ['./echo-realm.ts'] })
