// The OpenAPI 3.1 document of REST, made from the catalogue and the list of relayed calls whenever it is asked for: it cannot
// say what is not so.

import type { Capability } from '@biplane/protocol'

import { addressOf } from '../../kit/capability.ts'
import { WIRE } from '../wire-calls.ts'
import { capabilityPath } from './capability.ts'
import { type Components, type Json, createComponents } from './components.ts'
import { identityPaths } from './identity.ts'
import { signInPaths } from './sign-in.ts'
import { uploadPaths } from './uploads.ts'
import { tagOf, wirePaths } from './wire.ts'

const INFO = { title: 'Biplane experience', version: '1' }

const SECURITY_SCHEMES = {
  bearer: { type: 'http', scheme: 'bearer', description: 'A token, or an API key.' },
  api_key: { type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'An API key.' },
}
const COOKIE_SCHEME = {
  cookie: {
    type: 'apiKey',
    in: 'cookie',
    name: 'biplane-session',
    description:
      'Of a browser that signed in at `/auth/sign-in`; behind TLS it is called `__Host-biplane-session`. What changes ' +
      'something also needs the header `Biplane-Csrf: 1`, from a page of this origin.',
  },
}

/** Every capability, and the runtime's wire beside them. `signsIn`: whether people sign in at this gateway. */
export function openApiOf(capabilities: readonly Capability[], signsIn: boolean): Json {
  const components = createComponents()
  const paths = [
    ...capabilityPaths(components, capabilities),
    ...wirePaths(components),
    ...uploadPaths(components),
    ...identityPaths(components),
    ...(signsIn ? signInPaths(components) : []),
  ]
  const wireTags = [...new Set(Object.keys(WIRE).map(tagOf)), 'uploads', 'identity']
  const description =
    'What the realms can do, each capability at its own address, and beside them the wire of the runtime. Whatever goes ' +
    'wrong is told as a problem document (RFC 9457) with a stable `code`.'
  return {
    ...documentOf(components, paths, { ...INFO, description }, signsIn),
    tags: [...realmTags(capabilities), ...wireTags.map((name) => ({ name, description: WIRE_TAGS[name] ?? '' }))],
    'x-tagGroups': [
      { name: 'Realms', tags: realmTags(capabilities).map(({ name }) => name) },
      { name: 'Wire', tags: wireTags },
    ],
  }
}

/** What one realm can do. */
export function openApiOfRealm(capabilities: readonly Capability[], realm: string, signsIn: boolean): Json {
  const ofRealm = capabilities.filter((capability) => capability.realm === realm)
  const components = createComponents()
  const info = { ...INFO, title: realm, description: `What the realm \`${realm}\` can do.` }
  const paths = capabilityPaths(components, ofRealm)
  return { ...documentOf(components, paths, info, signsIn), tags: realmTags(ofRealm) }
}

const WIRE_TAGS: Record<string, string> = {
  capabilities: 'What the realms can do.',
  session: 'A line of work with one log.',
  tenant: 'What belongs to a tenant as a whole.',
  intent: 'The only way to change something.',
  query: 'A question that leaves no trace.',
  execution: 'The run of an intent, and what a person can do to it.',
  artifact: 'Bytes, by what they are.',
  uploads: 'Bytes that come in pieces and survive a lost connection (tus 1.0).',
  identity: 'Who somebody is here, how people come and go, and tokens for pages.',
}

const capabilityPaths = (components: Components, capabilities: readonly Capability[]): [path: string, item: Json][] =>
  capabilities.map((capability) => [addressOf(capability.type), capabilityPath(components, capability)])

function realmTags(capabilities: readonly Capability[]): { name: string; description: string }[] {
  const versions = new Map(capabilities.map(({ realm, realm_version }) => [realm, realm_version]))
  return [...versions].map(([name, version]) => ({ name, description: `The realm \`${name}\`, version ${version}.` }))
}

function documentOf(
  { schemas, responses, headers, parameters }: Components,
  paths: [path: string, item: Json][],
  info: Json,
  signsIn: boolean,
): Json {
  const securitySchemes = { ...SECURITY_SCHEMES, ...(signsIn ? COOKIE_SCHEME : {}) }
  return {
    openapi: '3.1.0',
    info,
    servers: [{ url: '/' }],
    // The empty one: on the loopback nothing is asked for.
    security: [{}, ...Object.keys(securitySchemes).map((scheme) => ({ [scheme]: [] }))],
    paths: Object.fromEntries(paths),
    components: { schemas, responses, headers, parameters, securitySchemes },
  }
}
