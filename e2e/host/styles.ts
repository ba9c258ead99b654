import type { Page } from '@playwright/test'

export interface Look {
  element: string
  styles: Record<string, string>
  place?: number[]
}

/**
 * What differs between two looks at the same elements, for people to read. Variables are left out: a host's may be
 * inherited by ours, and change nothing as long as no property follows.
 */
export function differences(before: Look[], after: Look[]): string[] {
  if (before.length !== after.length) {
    return [`${before.length} elements before, ${after.length} after`]
  }
  return before.flatMap(({ element, styles, place }, at) => {
    const other = after[at]
    const names = Object.keys(styles).filter((name) => !name.startsWith('--'))
    return [
      ...(element === other?.element ? [] : [`${element} is ${other?.element}`]),
      ...(String(place) === String(other?.place)
        ? []
        : [`${element}: ${place} is ${other?.place}`]),
      ...names
        .filter((name) => styles[name] !== other?.styles[name])
        .map((name) => `${element}: ${name} was ${styles[name]}, is ${other?.styles[name]}`),
    ]
  })
}

/**
 * How every element of ours looks: all computed styles, those of its pseudo-elements too. But not where an absolute one
 * is, as that is told from the edges of the host's page.
 */
export function ourStyles(page: Page): Promise<Look[]> {
  return page.evaluate(async () => {
    await Promise.all(document.getAnimations().map(({ finished }) => finished))
    const looks: Look[] = []
    for (const element of document.querySelectorAll('.tollgate, .tollgate *')) {
      const styles: Record<string, string> = {}
      for (const pseudo of ['', '::before', '::after']) {
        const computed = getComputedStyle(element, pseudo || null)
        const absolute = computed.position === 'absolute'
        for (const name of computed) {
          if (absolute && /^(top|right|bottom|left|inset.*)$/.test(name)) continue
          styles[`${name}${pseudo}`] = computed.getPropertyValue(name)
        }
      }
      looks.push({ element: `${element.tagName} ${element.getAttribute('class')}`, styles })
    }
    return looks
  })
}

/** How every element of the host looks, and where it is in its part of the page; `main` holds us and grows with us. */
export function hostStyles(page: Page): Promise<Look[]> {
  return page.evaluate(() => {
    const looks: Look[] = []
    for (const part of document.querySelectorAll('#root > :not(main)')) {
      const from = part.getBoundingClientRect()
      for (const element of [part, ...part.querySelectorAll('*')]) {
        const styles: Record<string, string> = {}
        const computed = getComputedStyle(element)
        for (const name of computed) styles[name] = computed.getPropertyValue(name)
        const { left, top, width, height } = element.getBoundingClientRect()
        const place = width === 0 ? [] : [left - from.left, top - from.top, width, height]
        looks.push({ element: element.tagName, styles, place })
      }
    }
    return looks
  })
}
