export interface Answer {
  response: string
  usage: { promptTokens: number; responseTokens: number; totalTokens: number }
}

/** As the `max_tokens` that one gives to a language model. */
export const MAX_RESPONSE_TOKENS = 200

/**
 * Stands where a product calls its language model: a small function that always answers the same to the same message,
 * and counts what it reads and writes as it says.
 */
export function answer(message: string): Answer {
  const words = message.match(/[\p{L}\p{N}]+/gu) ?? []
  const longest = words.reduce((best, word) => (word.length > best.length ? word : best), '')
  const count = words.length === 1 ? 'one word' : `${words.length} words`
  const remark = longest === '' ? '' : ` The longest is "${longest.slice(0, 50)}".`
  const response = `Your message has ${count}.${remark}`
  const promptTokens = countTokens(message)
  const responseTokens = countTokens(response)
  return {
    response,
    usage: { promptTokens, responseTokens, totalTokens: promptTokens + responseTokens },
  }
}

/** A token here is a word, or a sign that stands alone. */
export function countTokens(text: string): number {
  return text.match(/[\p{L}\p{N}]+|[^\s\p{L}\p{N}]/gu)?.length ?? 0
}
