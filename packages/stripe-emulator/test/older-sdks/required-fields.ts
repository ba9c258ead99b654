import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import ts from 'typescript'

const { resolve } = createRequire(import.meta.url)

/** The fields that the types of a release of the `stripe` package require, by the name of the object. */
export type RequiredFields = ReadonlyMap<string, readonly string[]>

/** Reads the types of an older release of the package: the interfaces that have a literal `object`. */
export function requiredFields(name: string): RequiredFields {
  const folder = join(dirname(resolve(name)), '..', 'types')
  const found = new Map<string, string[]>()
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.d.ts')) continue
    const text = readFileSync(join(folder, file), 'utf8')
    visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest), found)
  }
  return found
}

function visit(node: ts.Node, found: Map<string, string[]>): void {
  if (ts.isInterfaceDeclaration(node)) {
    const object = objectOf(node)
    if (object !== null && !node.name.text.startsWith('Deleted'))
      found.set(object, requiredOf(node))
    return
  }
  ts.forEachChild(node, (child) => visit(child, found))
}

function objectOf(node: ts.InterfaceDeclaration): string | null {
  for (const member of node.members) {
    const isObject = ts.isPropertySignature(member) && nameOf(member) === 'object'
    const type = isObject ? member.type : undefined
    if (type && ts.isLiteralTypeNode(type) && ts.isStringLiteral(type.literal)) {
      return type.literal.text
    }
  }
  return null
}

function requiredOf(node: ts.InterfaceDeclaration): string[] {
  return node.members.flatMap((member) =>
    ts.isPropertySignature(member) && member.questionToken === undefined ? [nameOf(member)] : [],
  )
}

function nameOf(member: ts.PropertySignature): string {
  return ts.isIdentifier(member.name) || ts.isStringLiteral(member.name) ? member.name.text : ''
}

/** The fields that an object, or an object inside, lacks: `invoice.paid`. */
export function missingFields(value: unknown, required: RequiredFields): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => missingFields(item, required))
  if (typeof value !== 'object' || value === null) return []
  const node = new Map<string, unknown>(Object.entries(value))
  const object = String(node.get('object'))
  const isDeleted = node.get('deleted') === true
  const lacking = isDeleted ? [] : (required.get(object) ?? []).filter((field) => !node.has(field))
  return [
    ...lacking.map((field) => `${object}.${field}`),
    ...[...node.values()].flatMap((field) => missingFields(field, required)),
  ]
}
