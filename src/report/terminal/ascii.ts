const REPLACED: Readonly<Record<string, string>> = {
  µ: 'u',
  '…': '~',
  '↑↓': 'up/down',
  '±': '+-',
  '→': '->',
  '∞': 'inf',
  '²': '2',
};
const PATTERN = new RegExp(Object.keys(REPLACED).join('|'), 'gu');
const BEYOND_ASCII = /\P{ASCII}/gu;

/** For terminals that are not set to UTF-8: Wattloop's own signs in ASCII, any other as a question mark. */
export function inAscii(text: string): string {
  return text.replace(PATTERN, (sign) => REPLACED[sign] ?? '?').replace(BEYOND_ASCII, '?');
}

/** Whether the environment says that the terminal shows UTF-8. */
export function showsUnicode(env: Readonly<Record<string, string | undefined>>): boolean {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || '';
  return /utf-?8/i.test(locale);
}
