import type { ClassValue } from 'clsx'
import { clsx } from 'clsx'
import { extendTailwindMerge } from 'tailwind-merge'

/** Our utilities have a prefix, so that a host's class of the same name does not match. */
const merge = extendTailwindMerge({ prefix: 'tg' })

/** Joins class names; of two utilities that contradict each other the later wins. */
export function cn(...classes: ClassValue[]): string {
  return merge(clsx(classes))
}
