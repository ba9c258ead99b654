import { describe, expect, test } from 'vitest'
import { formatCharge, formatMoney, formatPrice } from '../src/format/money.ts'

describe('money', () => {
  test.each([
    [4_900, 'usd', '$49.00'],
    [123_456_789, 'usd', '$1,234,567.89'],
    [1, 'eur', '€0.01'],
    [-1_500, 'usd', '-$15.00'],
    [0, 'usd', '$0.00'],
  ])('%i minor units of %s are %s', (amount, currency, text) => {
    expect(formatMoney(amount, currency)).toBe(text)
  })

  test('a currency without decimals is not divided', () => {
    expect(formatMoney(500, 'jpy')).toBe('¥500')
    expect(formatMoney(1_250_000, 'krw')).toBe('₩1,250,000')
  })

  test('a currency of three decimals shows all three', () => {
    expect(formatMoney(5_120, 'kwd')).toBe('KWD\u00a05.120')
  })

  test('what Stripe counts in hundredths, though it has none, is shown whole', () => {
    expect(formatMoney(500, 'isk')).toBe('ISK\u00a05')
    expect(formatMoney(500, 'ugx')).toBe('UGX\u00a05')
  })

  test('the case of the code does not matter', () => {
    expect(formatMoney(500, 'JPY')).toBe('¥500')
  })

  test('a price leaves out decimals only when they say nothing', () => {
    expect(formatPrice(4_900, 'usd')).toBe('$49')
    expect(formatPrice(4_950, 'usd')).toBe('$49.50')
    expect(formatPrice(1_000_000, 'usd')).toBe('$10,000')
    expect(formatPrice(500, 'jpy')).toBe('¥500')
    expect(formatPrice(5_000, 'kwd')).toBe('KWD\u00a05')
  })
})

describe('what a subscription costs', () => {
  const price = {
    currency: 'usd',
    unitAmount: 4_900,
    quantity: 1,
    amount: 4_900,
    interval: 'month',
    intervalCount: 1,
  }

  test('is said for all of its seats, with how often it is paid', () => {
    expect(formatCharge(price)).toBe('$49 a month')
    expect(formatCharge({ ...price, quantity: 5, amount: 24_500 })).toBe('$245 a month (5 × $49)')
    expect(formatCharge({ ...price, intervalCount: 3 })).toBe('$49 every 3 months')
    expect(formatCharge({ ...price, currency: 'eur' })).toBe('€49 a month')
  })

  test('is no amount where its price has none for one', () => {
    expect(formatCharge({ ...price, unitAmount: 0, amount: null })).toBeNull()
  })
})
