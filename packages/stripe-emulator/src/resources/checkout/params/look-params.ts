import { pageUrl } from '../../../http/params/limits.ts'
import {
  boolean,
  emptyable,
  oneOf,
  text,
  textUpTo,
  unsupported,
} from '../../../http/params/param.ts'
import { shape } from '../../../http/params/shape.ts'

// Every one of these is stored and returned. They change how a page looks, not what it sells.

const LOCALES = [
  ...['auto', 'bg', 'cs', 'da', 'de', 'el', 'en', 'en-GB', 'es', 'es-419', 'et', 'fi', 'fil'],
  ...['fr', 'fr-CA', 'hi-IN', 'hr', 'hu', 'id', 'it', 'ja', 'ko', 'lt', 'lv', 'ms', 'mt', 'nb'],
  ...['nl', 'pl', 'pt', 'pt-BR', 'ro', 'ru', 'sk', 'sl', 'sv', 'th', 'tr', 'vi', 'zh', 'zh-HK'],
  'zh-TW',
]

const FONTS = [
  ...['be_vietnam_pro', 'bitter', 'chakra_petch', 'default', 'hahmlet', 'inconsolata', 'inter'],
  ...['lato', 'lora', 'm_plus_1_code', 'montserrat', 'noto_sans', 'noto_sans_jp', 'noto_serif'],
  ...['nunito', 'open_sans', 'pridi', 'pt_sans', 'pt_serif', 'raleway', 'roboto', 'roboto_slab'],
  ...['source_sans_pro', 'titillium_web', 'ubuntu_mono', 'zen_maru_gothic'],
]

const image = shape({ file: unsupported, type: oneOf('file', 'url'), url: pageUrl })

/** How the page looks. */
export const lookParams = {
  adaptive_pricing: shape({ enabled: boolean }),
  branding_settings: shape({
    background_color: emptyable(text),
    border_style: emptyable(oneOf('pill', 'rectangular', 'rounded')),
    button_color: emptyable(text),
    display_name: text,
    font_family: emptyable(oneOf(...FONTS)),
    icon: image,
    logo: image,
  }),
  integration_identifier: textUpTo(200),
  locale: oneOf(...LOCALES),
  origin_context: oneOf('mobile_app', 'web'),
  submit_type: oneOf('auto', 'book', 'donate', 'pay', 'subscribe'),
  wallet_options: shape({ link: shape({ display: oneOf('auto', 'never') }) }),
}
