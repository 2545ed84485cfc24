/** Texts of strangers where only text may stand: a terminal, a log, a header, a line of a mail. Pure. */
import { toWellFormed } from '../../protocol/wellFormed.ts';

/** Control characters with ESC and the C1 set, line separators, and what turns the direction of text around it. */
const UNPRINTABLE =
  /[\0-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;
/** The same, but line breaks and tabs stay. */
const UNPRINTABLE_LINES =
  /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;

/** One line: white space where something else would act on whoever shows it. */
export function oneLine(text: string, most = 2000): string {
  return cut(
    toWellFormed(text)
      .slice(0, most * 4)
      .replace(UNPRINTABLE, ' ')
      .replace(/ {2,}/g, ' ')
      .trim(),
    most,
  );
}

/** Lines stay lines. */
export function plainLines(text: string, most = 10_000): string {
  const lines = toWellFormed(text)
    .slice(0, most * 4)
    .replace(/\r\n?/g, '\n');
  return cut(lines.replace(UNPRINTABLE_LINES, '').trimEnd(), most);
}

/** At most so many UTF-16 units, with a sign that there was more; never half of a character. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${toWellFormed(text.slice(0, most - 1)).replace(/\ufffd$/, '')}…`;
}
