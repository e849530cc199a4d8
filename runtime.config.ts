// Which realms the Runtime Plane runs. The Experience Plane never reads this.

import { defineRuntime } from '@biplane/runtime'

export default defineRuntime({
  realms: ['@biplane/realm-content', '@biplane/realm-data-mash'],
})
