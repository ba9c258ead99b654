import type { ClassValue } from 'clsx'
import { clsx } from 'clsx'
import { extendTailwindMerge } from 'tailwind-merge'

/** Our utilities carry a prefix, so that a host's classes of the same names are others. */
const merge = extendTailwindMerge({ prefix: 'tg' })

/** Joins class names; of two utilities that contradict each other the later wins. */
export function cn(...classes: ClassValue[]): string {
  return merge(clsx(classes))
}
