/** Ways to say times and numbers. Making one takes a hundred times longer than using it: each is made once, and there are few. */

const DATES = new Map<string, Intl.DateTimeFormat>();
const NUMBERS = new Map<string, Intl.NumberFormat>();

/** Without a locale, that of the process or page. */
export function dateFormat(
  options: Intl.DateTimeFormatOptions,
  locale?: string,
): Intl.DateTimeFormat {
  return once(DATES, [locale, options], () => new Intl.DateTimeFormat(locale, options));
}

/** A time in these parts; `-` for one that no calendar has. */
export function formatDate(
  time: number | Date,
  options: Intl.DateTimeFormatOptions,
  locale?: string,
): string {
  const at = new Date(time);
  return Number.isNaN(at.getTime()) ? '-' : dateFormat(options, locale).format(at);
}

export function numberFormat(
  options: Intl.NumberFormatOptions,
  locale?: string,
): Intl.NumberFormat {
  return once(NUMBERS, [locale, options], () => new Intl.NumberFormat(locale, options));
}

function once<T>(known: Map<string, T>, what: unknown, make: () => T): T {
  const key = JSON.stringify(what);
  const format = known.get(key) ?? make();
  known.set(key, format);
  return format;
}
