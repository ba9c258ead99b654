/** The parameters of a request, and which of them were read. */
export interface WatchedParams<T> {
  params: T
  /** The names of the parameters that nothing has read: `items[0][discounts]`. */
  unread(): string[]
}

interface Watched {
  value: unknown
  children: Map<string, { name: string; wasRead: boolean; watched: Watched }>
}

/**
 * Watches which parameters are read. An object of which no field was read counts as read whole, because it may
 * have been stored as it is.
 */
export function watchParams<T>(params: T): WatchedParams<T> {
  const root = watch(params, '')
  // A proxy has the type of what it stands for.
  return { params: root.value as T, unread: () => unreadOf(root) }
}

function watch(value: unknown, name: string): Watched {
  const children: Watched['children'] = new Map()
  if (typeof value !== 'object' || value === null) return { value, children }
  for (const [key, child] of Object.entries(value)) {
    const childName = name === '' ? key : `${name}[${key}]`
    children.set(key, { name: childName, wasRead: false, watched: watch(child, childName) })
  }
  const proxy = new Proxy(value, {
    get(target, key, receiver) {
      const child = typeof key === 'string' ? children.get(key) : undefined
      if (child === undefined) return Reflect.get(target, key, receiver)
      child.wasRead = true
      return child.watched.value
    },
  })
  return { value: proxy, children }
}

function unreadOf({ children }: Watched): string[] {
  return [...children.values()].flatMap(({ name, wasRead, watched }) => {
    if (!wasRead) return [name]
    const inside = [...watched.children.values()]
    const isPassedWhole = inside.every((child) => !child.wasRead)
    const isListOfValues = Array.isArray(watched.value) && inside.every(isValue)
    return isPassedWhole || isListOfValues ? [] : unreadOf(watched)
  })
}

function isValue({ watched }: { watched: Watched }): boolean {
  return typeof watched.value !== 'object'
}
