// Errors after which it is known that a command changed nothing. Any other error leaves its outcome unknown.

/** Another owner holds the shard now. */
export class Fenced extends Error {
  override readonly name = 'Fenced'
  constructor(shard: number) {
    super(`The lease of shard ${shard} was taken by another owner.`)
  }
}

/** The disk is full. Reading goes on. */
export class StorageFull extends Error {
  override readonly name = 'StorageFull'
}

/** More commands wait than the bound allows. */
export class StoreBusy extends Error {
  override readonly name = 'StoreBusy'
}

/** A command came after `close`. */
export class StoreClosed extends Error {
  override readonly name = 'StoreClosed'
}

/** Another process holds the data folder. */
export class StoreLocked extends Error {
  override readonly name = 'StoreLocked'
}

/** The data was written by a newer version of this program. */
export class StoreTooNew extends Error {
  override readonly name = 'StoreTooNew'
}
