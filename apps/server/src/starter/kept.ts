import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

/** What `file` holds; values that it lacks are generated and stored there, readable by the owner alone. */
export async function keep<Values extends object>(
  file: string,
  generate: () => Values,
): Promise<Values> {
  const stored = await read<Values>(file)
  const values = { ...generate(), ...stored }
  if (Object.keys(values).some((name) => !(name in stored))) await store(file, values)
  return values
}

/** Replaces the file whole, so that a kill leaves either the old or the new one. */
export async function store(file: string, values: object): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o755 })
  const draft = `${file}.${process.pid}`
  await writeFile(draft, `${JSON.stringify(values, null, 2)}\n`, { mode: 0o600 })
  await rename(draft, file)
}

async function read<Values>(file: string): Promise<Partial<Values>> {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {}
    throw new Error(`${file} can't be read: restore it, or move the folder away`, { cause: error })
  }
}
