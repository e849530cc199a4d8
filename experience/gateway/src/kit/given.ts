// Options with what is there.

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

/** Without what is undefined: an option that may be absent is not one that may be undefined. */
export const given = <T extends object>(fields: T): Given<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Given<T>
