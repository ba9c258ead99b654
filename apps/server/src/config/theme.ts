import { existsSync } from 'node:fs'
import { extname, resolve } from 'node:path'
import { z } from 'zod'

/** How the pages look, as `tollgate.config.ts` says it. */
export interface ThemeOptions {
  /** Of the product, in the title and the header. */
  name?: string
  /** An image beside `tollgate.config.ts`: .svg, .png, .jpg or .webp. */
  logo?: string
  colours?: {
    /** Of buttons, links and charts, as #rrggbb. */
    accent?: string
    /** Of text on it. */
    accentText?: string
  }
}

export interface Theme {
  name?: string | undefined
  logo?: { file: string; type: string } | undefined
  colours?: { accent?: string | undefined; accentText?: string | undefined } | undefined
}

const logoTypes: Record<string, string> = {
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
}

const colour = z.string().regex(/^#[0-9a-f]{6}$/i, 'must be a colour such as #4f46e5')

/** The schema of `theme`; file names are read from `folder` on. */
export function themeSchema(folder: string) {
  return z.strictObject({
    name: z.string().trim().min(1, 'must not be empty').max(40).optional(),
    logo: z
      .string()
      .transform((path) => resolve(folder, path))
      .refine((file) => extname(file) in logoTypes, 'must be an .svg, .png, .jpg or .webp file')
      .refine(existsSync, 'must be a file that exists')
      .transform((file) => ({ file, type: logoTypes[extname(file)] ?? '' }))
      .optional(),
    colours: z
      .strictObject({ accent: colour.optional(), accentText: colour.optional() })
      .optional(),
  })
}
