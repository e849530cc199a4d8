// What the suite's reference server holds: the smallest image and sound that are ones, resources and prompts. Our surface offers
// none of these; they are here to see that its door lets them through.

import { type GetPromptResult, type Prompt, type ReadResourceResult, UriTemplate } from '@modelcontextprotocol/server'

const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8DwHwAFAAH/iZk9HQAAAABJRU5ErkJggg=='
const WAV = 'UklGRiQAAABXQVZFZm10IBAAAAABAAEARKwAAIhYAQACABAAZGF0YQAAAAA='

export const text = (words: string) => ({ type: 'text' as const, text: words })
export const image = { type: 'image' as const, data: PNG, mimeType: 'image/png' }
export const audio = { type: 'audio' as const, data: WAV, mimeType: 'audio/wav' }
export const embedded = (uri: string, mimeType: string, words: string) => ({
  type: 'resource' as const,
  resource: { uri, mimeType, text: words },
})

const TEMPLATE = new UriTemplate('test://template/{id}/data')

/** Null if it is none of the suite's. */
export function referenceResource(uri: string): ReadResourceResult | null {
  if (uri === 'test://static-text') {
    return { contents: [{ uri, mimeType: 'text/plain', text: 'This is the content of the static text resource.' }] }
  }
  if (uri === 'test://static-binary') return { contents: [{ uri, mimeType: 'image/png', blob: PNG }] }
  const id = TEMPLATE.match(uri)?.['id']
  if (id === undefined) return null
  const data = JSON.stringify({ id, templateTest: true, data: `Data for ID: ${String(id)}` })
  return { contents: [{ uri, mimeType: 'application/json', text: data }] }
}

type Content = GetPromptResult['messages'][number]['content']
const says = (...contents: Content[]): GetPromptResult => ({
  messages: contents.map((content) => ({ role: 'user', content })),
})

const prompt = (name: string, ...required: string[]): Prompt => ({
  name,
  description: `${name} of the conformance suite`,
  arguments: required.map((argument) => ({ name: argument, required: true })),
})

export const REFERENCE_PROMPTS: Prompt[] = [
  prompt('test_simple_prompt'),
  prompt('test_prompt_with_arguments', 'arg1', 'arg2'),
  prompt('test_prompt_with_embedded_resource', 'resourceUri'),
  prompt('test_prompt_with_image'),
  prompt('test_input_required_result_prompt'),
]

export function referencePrompt(name: string, given: Record<string, string>): GetPromptResult {
  switch (name) {
    case 'test_prompt_with_arguments':
      return says(text(`Prompt with arguments: arg1='${given['arg1']}', arg2='${given['arg2']}'`))
    case 'test_prompt_with_embedded_resource':
      return says(
        embedded(given['resourceUri'] ?? '', 'text/plain', 'Embedded resource content for testing.'),
        text('Please process the embedded resource above.'),
      )
    case 'test_prompt_with_image':
      return says(image, text('Please analyze the image above.'))
    default:
      return says(text('This is a simple prompt for testing.'))
  }
}
