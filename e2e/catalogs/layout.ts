import { expect, type Page } from '@playwright/test'

export const WIDTHS = [320, 768, 1280] as const

/**
 * Nothing to scroll sideways, and no text cut off or outside of the element around it. A chart draws its own. What ends in an ellipsis is meant
 * to, and what can be scrolled is not cut. Only a word of more than 20 letters may be broken.
 */
export async function expectFit(page: Page): Promise<void> {
  expect(await page.evaluate(misfits)).toEqual([])
}

function misfits(): string[] {
  const found: string[] = []
  const forScreenReaders = (element: HTMLElement | null): boolean =>
    element !== null &&
    (getComputedStyle(element).clipPath === 'inset(50%)' || forScreenReaders(element.parentElement))
  const brokenWord = (element: HTMLElement): boolean =>
    [...element.childNodes].some((node) =>
      [...(node instanceof Text ? node.data.matchAll(/\w{2,20}/g) : [])].some((word) => {
        const range = document.createRange()
        range.setStart(node, word.index)
        range.setEnd(node, word.index + word[0].length)
        return !/\w{21}/.test(word.input) && range.getClientRects().length > 1
      }),
    )
  const wide = document.documentElement.scrollWidth - window.innerWidth
  if (wide > 0) found.push(`the page is ${wide} px too wide`)
  for (const element of document.querySelectorAll<HTMLElement>('body *')) {
    const style = getComputedStyle(element)
    const text = element.textContent?.trim().slice(0, 40) ?? ''
    if (
      text === '' ||
      element.closest('svg, .recharts-responsive-container') ||
      forScreenReaders(element)
    )
      continue
    if (style.visibility === 'hidden') continue
    if (style.textOverflow !== 'ellipsis' && brokenWord(element)) {
      found.push(`a word is broken: ${text}`)
    }
    if (style.display === 'inline') continue
    const { left, right } = element.getBoundingClientRect()
    if (left < -1 || right > window.innerWidth + 1) found.push(`outside of the page: ${text}`)
    if (style.textOverflow === 'ellipsis' || /auto|scroll/.test(style.overflowX)) continue
    if (element.scrollWidth > element.clientWidth + 1) found.push(`too wide for its place: ${text}`)
    const cut = style.overflowY === 'hidden' && element.scrollHeight > element.clientHeight + 1
    if (cut) found.push(`cut off below: ${text}`)
  }
  return found
}
