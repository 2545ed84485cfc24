/**
 * How numbers and times are written: as in English, as all that the service writes, until a window or page says what it
 * speaks. Files for machines never come through here. Making a format takes a hundred times longer than using it: each is
 * made once, and there are few.
 */

const ENGLISH = 'en';

let current: string | null = ENGLISH;
let choose = (): string => ENGLISH;
const DATES = new Map<string, Intl.DateTimeFormat>();
const NUMBERS = new Map<string, Intl.NumberFormat>();

/**
 * From here on numbers and times are written as in `language`, the one of the texts; where the person has a kind of it, as
 * in that: `de-AT` for `de`. `kinds` gives the languages of their system, what they like best first; it is asked with the
 * first number or time, because the first question to `Intl` takes longer than a start may.
 */
export function writeAs(language: string, kinds: () => readonly string[] = () => []): void {
  choose = () => {
    const kind = kinds().find((one) => isTag(one) && base(one) === base(language));
    return kind ?? (isTag(language) ? language : ENGLISH);
  };
  current = null;
  NUMBERS.clear();
}

/** What `Intl` takes as the language of this window, page or service. */
export function locale(): string {
  current ??= choose();
  return current;
}

export interface Digits {
  /** Behind the decimal sign; at most 3 of them unless it says more. */
  least?: number;
  most?: number;
  /** All that matter, wherever the decimal sign stands, instead of these two. */
  significant?: number;
  /** False: without separators between thousands. */
  grouped?: boolean;
}

/** `1,234.5` in English, `1.234,5` in German. */
export function numeral(value: number, digits: Digits = {}): string {
  const { least = 0, most = 3, significant, grouped: useGrouping = true } = digits;
  const key = `${useGrouping} ${significant === undefined ? `${least}-${most}` : significant}`;
  const make = (): Intl.NumberFormat =>
    new Intl.NumberFormat(
      locale(),
      significant === undefined
        ? { minimumFractionDigits: least, maximumFractionDigits: most, useGrouping }
        : { maximumSignificantDigits: significant, useGrouping },
    );
  return once(NUMBERS, key, make).format(value);
}

/** `3.0`, `12.4`: one digit behind the decimal sign, so that what changes does not jump. */
export function tenths(value: number): string {
  return numeral(value, { least: 1, most: 1 });
}

export function dateFormat(
  options: Intl.DateTimeFormatOptions,
  language = locale(),
): Intl.DateTimeFormat {
  const key = JSON.stringify([language, options]);
  return once(DATES, key, () => new Intl.DateTimeFormat(language, options));
}

/** A time in these parts; `-` for one that no calendar has. */
export function formatDate(
  time: number | Date,
  options: Intl.DateTimeFormatOptions,
  language = locale(),
): string {
  const at = new Date(time);
  return Number.isNaN(at.getTime()) ? '-' : dateFormat(options, language).format(at);
}

function once<T>(known: Map<string, T>, key: string, make: () => T): T {
  const format = known.get(key) ?? make();
  known.set(key, format);
  return format;
}

function base(language: string): string {
  return language.toLowerCase().split('-', 1)[0] ?? '';
}

/** Some systems call their language `en-US@posix` or `C`, which `Intl` refuses. */
function isTag(language: string): boolean {
  try {
    return Intl.getCanonicalLocales(language).length > 0;
  } catch {
    return false;
  }
}
