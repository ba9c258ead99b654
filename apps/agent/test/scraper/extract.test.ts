import { describe, expect, it } from 'vitest'
import { extract } from '../../src/scraper/extract.ts'

function ofHtml(body: string) {
  return extract({ url: 'https://example.com/docs/a', contentType: 'text/html', body })
}

describe('what is taken from a page', () => {
  it('is its title, its text and its links', () => {
    const page = ofHtml(`<!doctype html><html><head><title>One &amp; two</title>
      <style>p { color: red }</style><script>if (a < b) document.write("<p>no</p>")</script></head>
      <body><!-- <p>no</p> --><h1>Head</h1><p>A <b>bo</b>ld word &lt;here&gt;.</p>
      <a href="/x">x</a><A HREF='b?c=1&amp;d=2#e'>y</A><a href=//other.test/z>z</a></body></html>`)
    expect(page).toEqual({
      title: 'One & two',
      text: 'Head A bold word <here>. xyz',
      links: [
        'https://example.com/x',
        'https://example.com/docs/b?c=1&d=2',
        'https://other.test/z',
      ],
    })
  })

  it('is no link twice, and none but http and https', () => {
    const page = ofHtml(`<a href="/x#1">1</a><a href="/x#2">2</a><a href="javascript:alert(1)">3</a>
      <a href="mailto:a@b.c">4</a><a>5</a><a href="">6</a><link href="/style.css">`)
    expect(page.links).toEqual(['https://example.com/x'])
  })

  it('is no title where there is none', () => {
    expect(ofHtml('<p>a</p>').title).toBeNull()
    expect(ofHtml('<title> </title>').title).toBeNull()
  })

  it('is all of a plain text, signs included', () => {
    const body = 'if a < b:\n  <p>print</p>'
    expect(extract({ url: 'https://example.com/', contentType: 'text/plain', body })).toEqual({
      title: null,
      text: 'if a < b: <p>print</p>',
      links: [],
    })
  })

  it('is bounded', () => {
    const page = ofHtml(
      Array.from({ length: 300 }, (_, n) => `<a href="/${n}">${'a'.repeat(100)}</a>`).join(' '),
    )
    expect(page.links).toHaveLength(200)
    expect(page.text).toHaveLength(20_000)
  })
})

describe('a page that is not written well', () => {
  it.each([
    ['a < b and c > d', 'a < b and c > d'],
    ["<p class='a>b'>text</p>", 'text'],
    ["<p don't>text</p>", 'text'],
    ['text<', 'text<'],
    ['text<p', 'text'],
    ['text<!-- never closed', 'text'],
    ['text<script>never closed', 'text'],
    ['text<a href="never closed', 'text'],
    ['text</ >more', 'textmore'],
    ['&#72;&#x69; &unknown; &#99999999;', 'Hi &unknown; &#99999999;'],
  ])('is read all the same: %s', (body, text) => expect(ofHtml(body).text).toBe(text))

  // Each of these takes a careless reader minutes: it starts over at every piece. A reader that does not is done at once.
  it.each([
    ['<script>', '<script>'],
    ['<!--', '<!--'],
    ['<a href="', '<a href="'],
    ['<a x=\'<b y="', '<a x=\'<b y="'],
    ['<a <', '<a <'],
    ['</', '</'],
    ['&#', '&#'],
    ['spaces', ' '],
    ['one endless attribute', 'a'],
  ])(
    'can not keep us busy: %s',
    (_name, piece) => {
      const pieces = piece.repeat(2_000_000 / piece.length)
      for (const body of [pieces, `<a ${pieces}`, `<a href='${pieces}`]) {
        expect(ofHtml(body).text.length).toBeLessThanOrEqual(20_000)
      }
    },
    10_000,
  )
})
