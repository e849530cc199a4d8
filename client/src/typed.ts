// What a client can be told of realms in types alone: `createClient<typeof orders>(…)`, where `orders` was brought by an
// `import type`. Such an import is erased, so nothing of a realm runs, or is even there, where its client runs.

import type {
  AcceptedIntent,
  EndedIntent,
  Event,
  Execution,
  ExecutionId,
  Failure,
  FinalStatus,
} from '@biplane/protocol'

/** A schema, as far as its types go; every one of zod's is. */
interface SchemaTypes {
  readonly _zod: { readonly input: unknown; readonly output: unknown }
}

interface Described<K extends 'intent' | 'query'> {
  readonly kind: K
  readonly type: string
  readonly payload: SchemaTypes
  readonly result: SchemaTypes
}

/** A realm, as far as its types go: the type of what `defineRealm` returned. Several are a union: `typeof orders | typeof stock`. */
export interface RealmTypes {
  readonly capabilities: readonly (Described<'intent'> | Described<'query'>)[]
}

type DefinitionsOf<R extends RealmTypes, K> = Extract<R['capabilities'][number], { kind: K }>

/** The definition of one type; of all, if the realms are not known. */
type DefinitionOf<R extends RealmTypes, K, T extends string> =
  DefinitionsOf<R, K> extends infer D
    ? D extends { readonly type: infer N }
      ? T extends N
        ? D
        : never
      : never
    : never

export type IntentType<R extends RealmTypes> = DefinitionsOf<R, 'intent'>['type']
export type QueryType<R extends RealmTypes> = DefinitionsOf<R, 'query'>['type']

/** What is sent: the payload before its schema's defaults. */
export type PayloadOf<R extends RealmTypes, K extends 'intent' | 'query', T extends string> =
  DefinitionOf<R, K, T> extends { readonly payload: { readonly _zod: { readonly input: infer I } } } ? I : never

/** What is answered: the result as its schema gives it. */
export type ResultOf<R extends RealmTypes, K extends 'intent' | 'query', T extends string> =
  DefinitionOf<R, K, T> extends { readonly result: { readonly _zod: { readonly output: infer O } } } ? O : never

/** What a result is where no realm is known. */
export type AnyResult = EndedIntent['result']

declare const RESULT: unique symbol

/** An execution's id that knows, to the compiler alone, what the execution results in. */
export type ExecutionIdOf<T> = ExecutionId & { readonly [RESULT]?: T }

/** How an execution ended. Only what is completed has a result. */
export type Outcome<T> =
  | { status: 'completed'; result: T; error: null }
  | { status: Exclude<FinalStatus, 'completed'>; result: null; error: Failure | null }

/** Tell them apart by `status`: it is `accepted`, or, if it was waited for and came, the outcome. */
export type Submitted<T = AnyResult> =
  | (Omit<AcceptedIntent, 'execution_id'> & { execution_id: ExecutionIdOf<T> })
  | (Omit<EndedIntent, 'execution_id' | keyof Outcome<T>> & { execution_id: ExecutionIdOf<T> } & Outcome<T>)

export type EndedExecution<T = AnyResult> = Omit<Execution, keyof Outcome<T>> & Outcome<T>

type Typed<E, D> = E extends { data: infer Was } ? Omit<E, 'data'> & { data: Omit<Was, keyof D> & D } : never

/** An event as a client knows it that was told of realms: which intents there are, and what they result in. */
export type EventIn<R extends RealmTypes> = RealmTypes extends R
  ? Event
  : | Exclude<Event, { type: 'intent.accepted' | 'execution.completed' }>
    | Typed<Extract<Event, { type: 'intent.accepted' }>, { intent_type: IntentType<R> }>
    | Typed<Extract<Event, { type: 'execution.completed' }>, { result: ResultOf<R, 'intent', IntentType<R>> }>

type OfKind<E, F> = F extends { kind: readonly (infer K)[] } ? Extract<E, { kind: K }> : E

type NamedType = Exclude<Event, { kind: 'emitted' }>['type']

/** A realm's own events may have any type but those that have a name here. */
type OfType<E, F> = F extends { type: readonly (infer T)[] }
  ? E extends { type: infer Own }
    ? string extends Own
      ? [Exclude<T, NamedType>] extends [never]
        ? never
        : Omit<E, 'type'> & { type: Exclude<T, NamedType> }
      : Own extends T
        ? E
        : never
    : never
  : E

/** Of these, those that a filter lets through, as far as its lists are known to the compiler. */
export type EventFitting<R extends RealmTypes, F> = OfType<OfKind<EventIn<R>, F>, F>
