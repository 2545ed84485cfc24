/** Texts of others in HTML. Pure. */

const ENTITIES: Readonly<Record<string, string>> = {
  ...{ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' },
};
/** Control characters but for white space, halves of pairs, and what no text may hold: shown as a sign of their own. */
const UNTEXT =
  /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
/** More is no text that anybody reads. */
const LONGEST = 10_000;

/** For between tags and for attributes in quotes. */
export function escaped(text: string): string {
  const cut = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  return cut.replace(UNTEXT, '\ufffd').replace(/[&<>"']/g, (one) => ENTITIES[one] ?? '');
}

/** With a direction of its own: text to the right does not turn what stands around it. */
export function isolated(text: string): string {
  return `<bdi>${escaped(text)}</bdi>`;
}
