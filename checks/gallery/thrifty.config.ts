import { defineRuntime } from '@biplane/runtime'

export default defineRuntime({ realms: ['./thrifty-realm.ts'] })
