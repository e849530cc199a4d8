import { defineRuntime } from '@biplane/runtime'

export default defineRuntime({ realms: ['./poison-realm.ts'] })
