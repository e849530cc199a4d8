import { defineRuntime } from '@biplane/runtime'

export default defineRuntime({ realms: ['./vault-realm.ts'] })
