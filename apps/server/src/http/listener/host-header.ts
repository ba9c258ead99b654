/** Whether a URL can be made with this host, and has it as its host alone. */
export function isHostHeader(host: string): boolean {
  return /^[\w.~!$&'()*+,;=%:[\]-]+$/.test(host) && URL.canParse(`http://${host}/`)
}
