import { Agent, request } from 'undici'
import { afterEach, describe, expect, it } from 'vitest'
import { checkedLookup, isPublicAddress } from '../../src/scraper/address.ts'
import { parseTarget } from '../../src/scraper/target.ts'
import { type Pages, startPages } from '../pages.ts'

describe('an address that is fetched from', () => {
  it.each(['1.1.1.1', '93.184.216.34', '172.15.0.1', '172.32.0.1', '2606:4700:4700::1111'])(
    'is public: %s',
    (address) => expect(isPublicAddress(address)).toBe(true),
  )

  it.each([
    ['unspecified', '0.0.0.0'],
    ['this network', '0.1.2.3'],
    ['private, ten', '10.1.2.3'],
    ['shared (CGNAT)', '100.64.0.1'],
    ['cloud metadata, Alibaba', '100.100.100.200'],
    ['loopback', '127.0.0.1'],
    ['loopback, another', '127.8.9.10'],
    ['cloud metadata, link-local', '169.254.169.254'],
    ['private, 172', '172.16.0.1'],
    ['private, 172, last', '172.31.255.255'],
    ['protocol assignments', '192.0.0.8'],
    ['documentation', '192.0.2.1'],
    ['6to4 relay', '192.88.99.1'],
    ['private, 192', '192.168.1.1'],
    ['benchmarking', '198.18.0.1'],
    ['documentation, 2', '198.51.100.7'],
    ['documentation, 3', '203.0.113.7'],
    ['multicast', '224.0.0.1'],
    ['reserved', '240.0.0.1'],
    ['broadcast', '255.255.255.255'],
    ['cloud host, Azure', '168.63.129.16'],
    ['unspecified, IPv6', '::'],
    ['loopback, IPv6', '::1'],
    ['IPv4-compatible', '::8.8.8.8'],
    ['IPv4-mapped, private', '::ffff:10.0.0.1'],
    ['IPv4-mapped, public', '::ffff:8.8.8.8'],
    ['IPv4-mapped in hexadecimal', '::ffff:7f00:1'],
    ['IPv4-translated', '::ffff:0:127.0.0.1'],
    ['NAT64', '64:ff9b::a9fe:a9fe'],
    ['NAT64, local', '64:ff9b:1::7f00:1'],
    ['discard', '100::1'],
    ['dummy prefix', '100:0:0:1::1'],
    ['Teredo', '2001::7f00:1'],
    ['ORCHID', '2001:20::1'],
    ['documentation, IPv6', '2001:db8::1'],
    ['6to4', '2002:7f00:1::1'],
    ['unique-local', 'fd00:ec2::254'],
    ['link-local, IPv6', 'fe80::1'],
    ['link-local with a zone', 'fe80::1%eth0'],
    ['site-local', 'fec0::1'],
    ['multicast, IPv6', 'ff02::1'],
    ['not assigned', '4000::1'],
    ['not an address', 'localhost'],
    ['empty', ''],
  ])('is not %s: %s', (_name, address) => expect(isPublicAddress(address)).toBe(false))
})

describe('a url that is fetched', () => {
  const rules = { allowOrigin: undefined, isAllowed: isPublicAddress }

  it.each([
    'https://example.com',
    'http://example.com:80/a?b=c',
    'https://example.com:443',
    'http://example.com:443/',
    'https://1.1.1.1/',
    'https://[2606:4700:4700::1111]/',
  ])('may be %s', (url) => expect(parseTarget(url, rules).href).toBe(new URL(url).href))

  it.each([
    ['not a URL', 'example.com'],
    ['a file', 'file:///etc/passwd'],
    ['ftp', 'ftp://example.com/'],
    ['data', 'data:text/html,hello'],
    ['script', 'javascript:alert(1)'],
    ['credentials', 'https://user:secret@example.com/'],
    ['a user alone', 'https://user@example.com/'],
    ['another port', 'http://example.com:8080/'],
    ['PostgreSQL', 'http://example.com:5432/'],
    ['loopback', 'http://127.0.0.1/'],
    ['loopback, short', 'http://127.1/'],
    ['loopback, decimal', 'http://2130706433/'],
    ['loopback, hexadecimal', 'http://0x7f.0.0.1/'],
    ['loopback, octal', 'http://0177.0.0.1/'],
    ['loopback in full-width digits', 'http://１２７.０.０.１/'],
    ['loopback, IPv6', 'http://[::1]/'],
    ['loopback, mapped', 'http://[::ffff:127.0.0.1]/'],
    ['metadata', 'http://169.254.169.254/latest/meta-data/'],
    ['NAT64', 'http://[64:ff9b::7f00:1]/'],
  ])('is not %s: %s', (_name, url) => {
    expect(() => parseTarget(url, rules)).toThrow(expect.objectContaining({ statusCode: 400 }))
  })
})

describe('the name lookup of a connection', () => {
  const opened: Pages[] = []
  afterEach(async () => {
    for (const pages of opened.splice(0)) await pages.close()
  })

  function lookUp(answers: string[][], all: boolean) {
    const resolve = async () => answers.shift() ?? []
    const lookup = checkedLookup({ resolve, isAllowed: isPublicAddress })
    return new Promise((settle, reject) => {
      lookup('site.test', { all }, (error, address) => (error ? reject(error) : settle(address)))
    })
  }

  it('answers the addresses that it has checked', async () => {
    await expect(lookUp([['1.1.1.1', '2606:4700::1']], true)).resolves.toEqual([
      { address: '1.1.1.1', family: 4 },
      { address: '2606:4700::1', family: 6 },
    ])
    await expect(lookUp([['1.1.1.1', '2606:4700::1']], false)).resolves.toBe('1.1.1.1')
  })

  it.each([
    ['of one address', ['10.0.0.1']],
    ['with one private address among public ones', ['1.1.1.1', '::1', '8.8.8.8']],
    ['without an address', []],
  ])('refuses a name %s', async (_name, addresses) => {
    await expect(lookUp([addresses], true)).rejects.toMatchObject({ statusCode: 400 })
  })

  it('decides where the connection goes, whatever the name is elsewhere', async () => {
    const pages = await startPages((_request, response) => response.end('here'))
    opened.push(pages)
    const lookup = checkedLookup({ resolve: async () => ['127.0.0.1'], isAllowed: () => true })
    const dispatcher = new Agent({ connect: { lookup } })
    const { body } = await request(`http://nowhere.invalid:${pages.port}/`, { dispatcher })
    await expect(body.text()).resolves.toBe('here')
    await dispatcher.close()
  })

  it('asks anew for each connection, so that a name that turns private is refused', async () => {
    const pages = await startPages((_request, response) => {
      response.writeHead(200, { connection: 'close' }).end('here')
    })
    opened.push(pages)
    const answers = [['127.0.0.1'], ['127.0.0.2']]
    const lookup = checkedLookup({
      resolve: async () => answers.shift() ?? [],
      isAllowed: (address) => address === '127.0.0.1',
    })
    const dispatcher = new Agent({ connect: { lookup } })
    const url = `http://site.test:${pages.port}/`
    const { body } = await request(url, { dispatcher })
    await body.dump()
    await expect(request(url, { dispatcher })).rejects.toMatchObject({ statusCode: 400 })
    expect(pages.asked).toHaveLength(1)
    await dispatcher.close()
  })
})
