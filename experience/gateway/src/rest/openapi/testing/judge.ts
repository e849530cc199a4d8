// A document as a test reads it, and whether values and answers are as it says.

import { createConfig, lintFromString } from '@redocly/openapi-core'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'

import type { Answer } from '../../../testing/house.ts'

interface Media {
  schema: object
  example?: unknown
}
export interface Parameter {
  name: string
  in: 'path' | 'query' | 'header'
  required?: boolean
  example?: unknown
  $ref?: string
}
export interface Operation {
  operationId: string
  parameters?: Parameter[]
  requestBody?: { content: Record<string, Media> }
  responses: Record<string, { $ref?: string; content?: Record<string, Media> }>
}
export interface Document {
  openapi: string
  tags: { name: string }[]
  paths: Record<string, Record<string, Operation>>
  components: { responses: Record<string, { content: Record<string, Media> }>; parameters: Record<string, Parameter> }
}

/** What a linter has to say of it. */
export async function lint(document: Document, rules: Record<string, 'off'> = {}): Promise<string[]> {
  const config = await createConfig({
    extends: ['recommended'],
    // The licence of an API is its owner's to choose.
    rules: { 'info-license': 'off', ...rules },
  })
  const problems = await lintFromString({ source: JSON.stringify(document), config })
  return problems.map(({ ruleId, message, location }) => `${ruleId} ${location[0]?.pointer}: ${message}`)
}

/** A part of a JSON pointer. */
export const escaped = (part: string): string => part.replaceAll('~', '~0').replaceAll('/', '~1')

const ID = 'http://localhost/openapi.json'

/** Judges values by a place in the document. */
export function judgeOf(document: Document) {
  const ajv = addFormats.default(new Ajv2020({ strict: false, validateFormats: true }))
  ajv.addSchema(document, ID)
  const validators = new Map<string, ValidateFunction>()
  function misfit(pointer: string, value: unknown): string | null {
    const validate = validators.get(pointer) ?? ajv.compile({ $ref: `${ID}#${pointer}` })
    validators.set(pointer, validate)
    return validate(value) ? null : ajv.errorsText(validate.errors)
  }
  return {
    misfit,
    /** What is wrong with an answer by the document; null if nothing is. */
    undocumented(path: string, method: string, { status, headers, body }: Answer): string | null {
      const responses = document.paths[path]?.[method]?.responses ?? {}
      const response = responses[status]
      if (response === undefined) return `${status} is not in the document: ${JSON.stringify(body)}`
      const at = response.$ref?.slice(1) ?? `/paths/${escaped(path)}/${method}/responses/${status}`
      const { content } =
        response.$ref === undefined
          ? response
          : (document.components.responses[response.$ref.split('/').at(-1) ?? ''] ?? {})
      const type = headers.get('content-type')?.split(';')[0] ?? ''
      if (content === undefined || method === 'head') return null
      if ('*/*' in content) return null
      if (!(type in content)) return `${type} is not among ${Object.keys(content).join()}`
      return misfit(`${at}/content/${escaped(type)}/schema`, body)
    },
  }
}
